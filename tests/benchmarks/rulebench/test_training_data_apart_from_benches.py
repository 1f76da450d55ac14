"""Training data are held against what is measured on, say so, and outlast being stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from r2c.cli.main import app
from r2c.errors import InputError, StoreError
from r2c_benchmarks.rulebench.make import Made, make
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.rulebench.styles import styles
from r2c_benchmarks.rulebench.suite import places, problems
from r2c_benchmarks.suites import Suite
from r2c_benchmarks.synth import suites_at_hand as at_hand
from r2c_benchmarks.synth import worker
from r2c_benchmarks.synth import write as writing
from r2c_benchmarks.synth.card import card
from r2c_benchmarks.synth.compared import LENGTH, Compared, problem_files, read_compared
from r2c_benchmarks.synth.example import Example, example
from r2c_benchmarks.synth.prose import sentences
from r2c_benchmarks.synth.story_names import names_in
from r2c_benchmarks.synth.worker import by_words
from r2c_benchmarks.synth.write import Counts, write

pytestmark = pytest.mark.slow

SEED = 7


@pytest.fixture(scope="module")
def examples(prover: Prover) -> list[Example]:
    made = [example(SEED, number, prover, by_words()) for number in range(8)]
    return [one for one in made if one is not None]


def bench(folder: Path, *texts: str) -> Path:
    folder.mkdir(exist_ok=True)
    lines = [json.dumps({"id": f"b{k}", "problem": text}) + "\n" for k, text in enumerate(texts)]
    (folder / "b.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder


def held_against(folder: Path) -> Compared:
    return read_compared(problem_files(folder))


def test_a_shared_sentence_is_found_whatever_its_case_and_punctuation(tmp_path: Path) -> None:
    said = "Unfired clay, in week 3, dries on no more than 40 racks at once."
    compared = held_against(bench(tmp_path, f"A potter. {said} Earn a lot."))
    found = compared.shared("We know that unfired CLAY in week 3 dries on no more.", "pottery")
    assert LENGTH == 8 and found is not None
    assert (found.words, found.where) == ("unfired clay in week 3 dries on no", "b.jsonl b0")
    assert compared.shared("Unfired clay in week 3 dries on. No more than 40", "pottery") is None


def test_other_numbers_of_a_problem_are_held_against_as_well(tmp_path: Path) -> None:
    line = {
        "id": "a",
        "problem": "x",
        "others": [{"problem": "one two three four 5 6 seven eight"}],
    }
    (tmp_path / "c.jsonl").write_text(json.dumps(line))
    assert held_against(tmp_path).shared("one two three four 5 6 seven eight", "pottery")


def test_what_a_story_calls_its_things_is_no_shared_sentence(tmp_path: Path) -> None:
    name = "the kiln time of all goods together in each week"
    assert names_in("pottery").fullmatch(name)
    compared = held_against(bench(tmp_path, f"{name} must not exceed the kiln time available."))
    assert compared.shared(f"Never may {name} be more than 30 hours.", "pottery") is None
    assert compared.shared(f"Never may {name} be more than 30 hours.", "treasury")


@pytest.mark.parametrize("style", styles())
def test_scaffolding_is_taken_out_and_every_rule_stays(
    style: str, made_in: Callable[[str], Made]
) -> None:
    made = made_in(style)
    left = list(sentences(made.text.words))
    told = " ".join(left)
    for rule in made.cir.rules:
        for part in sentences(rule.quote):
            assert part in told
    for word in ("|", "Subject:", "MEMORANDUM", "Analyst:", "Planner:", "##", ".csv gives"):
        assert word not in told
    assert all(not line.endswith(":") for line in left)


@pytest.fixture(scope="module")
def made_in(prover: Prover) -> Callable[[str], Made]:
    """A problem in a style, with a table in its text if one of the first has one."""
    found: dict[str, Made] = {}
    for number in range(80):
        made = make(f"scaffold{number}", 2, prover, for_training=True)
        if "|" in made.text.words or made.style not in found:
            found[made.style] = made
        if len(found) == len(styles()) and all("|" in one.text.words for one in found.values()):
            break
    return found.__getitem__


def test_any_number_of_processes_writes_the_same_bytes_without_what_a_bench_has(
    tmp_path: Path, examples: list[Example]
) -> None:
    compared = held_against(bench(tmp_path / "bench", examples[1].text))
    paths = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    counts = [write(path, 8, SEED, compared, processes=k + 1) for k, path in enumerate(paths)]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    lines = [json.loads(line) for line in paths[0].read_text("utf-8").splitlines()]
    assert len(lines) == 8 and counts[0].left_out >= 1 and counts[0] == counts[1]
    assert examples[1].id not in [line["id"] for line in lines]
    told = card(counts[0], SEED, "0" * 64, "0", compared)
    assert "| formulation |" in told and "license: apache-2.0" in told
    assert f"| b.jsonl | no registered suite | 1 | {compared.sources[0].sha256[:16]} |" in told
    assert "* captions of tables and files," in told and "eight" not in told
    assert "Nothing: no text was compared" in card(counts[0], SEED, "0", "0", Compared())


class Stopped(Exception):
    """Whatever ends a run."""


def test_a_run_that_was_stopped_goes_on_to_the_same_bytes(
    tmp_path: Path, monkeypatch: Any, examples: list[Example]
) -> None:
    numbered = dict(enumerate(examples))

    def made(seed: int, first: int, processes: int, wanted: Any) -> Any:
        for number in range(first, first + 40):
            yield None if number % 3 == 2 else numbered[number % len(numbered)]

    monkeypatch.setattr(writing, "examples", made)
    whole, cut = tmp_path / "whole.jsonl", tmp_path / "cut.jsonl"
    counts = write(whole, 5, 1, Compared())

    def stop(now: Counts) -> None:
        if now.written == 3:
            raise Stopped

    with pytest.raises(Stopped):
        write(cut, 5, 1, Compared(), tell=stop)
    part = tmp_path / "cut.jsonl.part"
    assert not cut.exists() and part.read_bytes().endswith(b"\n")
    with part.open("ab") as file:
        file.write(b'{"torn')
    with pytest.raises(InputError, match=r"R2C-B123(.|\n)*seed"):
        write(cut, 5, 2, Compared())
    assert write(cut, 5, 1, Compared()) == counts
    assert cut.read_bytes() == whole.read_bytes() and not part.exists()


def test_a_run_that_leaves_everything_out_ends_and_names_what_it_collides_with(
    tmp_path: Path, monkeypatch: Any, examples: list[Example]
) -> None:
    compared = held_against(bench(tmp_path / "bench", *(one.text for one in examples)))

    def made(seed: int, first: int, processes: int, wanted: Any) -> Any:
        yield from ([examples[0], None, examples[1]] * 100)

    monkeypatch.setattr(writing, "examples", made)
    told: list[Counts] = []
    with pytest.raises(InputError, match="R2C-B122") as raised:
        write(tmp_path / "d.jsonl", 5, 1, compared, tell=lambda now: told.append(replace(now)))
    assert f"{writing.IN_A_ROW} examples in a row share 8 words" in str(raised.value)
    assert "which stands in b.jsonl b1 as well" in str(raised.value)
    assert (told[-1].written, told[-1].left_out) == (0, writing.IN_A_ROW)


def test_a_bench_that_is_none_and_a_folder_that_is_none_are_refused(tmp_path: Path) -> None:
    def code(*words: str) -> str:
        result = CliRunner().invoke(app, ["synth", *words, "--no-suites", "--n", "1"])
        assert result.exit_code
        return result.output

    out = str(tmp_path / "d.jsonl")
    empty = tmp_path / "empty"
    empty.mkdir()
    for folder in (str(empty), str(tmp_path / "none")):
        assert "R2C-B121" in code(out, "--bench", folder)
    assert "R2C-B124" in code(str(tmp_path / "none" / "d.jsonl"))
    assert "R2C-B124" in code(str(empty))
    assert not list(tmp_path.glob("*.part")) and not (tmp_path / "none").exists()


def test_suites_at_hand_are_read_and_rulebench_is_made_once(
    tmp_path: Path, monkeypatch: Any, examples: list[Example]
) -> None:
    tiny = Suite(name="rulebench_tiny", about="", version="2026-11", problems=5)
    other = Suite(name="fruit", about="", version="2026-10", problems=1)
    monkeypatch.setattr(at_hand, "suites", lambda: {one.name: one for one in (tiny, other)})
    monkeypatch.setattr(
        at_hand, "version_of", lambda path: "2026-11" if "tiny" in str(path) else ""
    )
    asked: list[tuple[str, int]] = []

    def suite_lines(name: str, wanted: Any, processes: int) -> Any:
        asked.append((name, len(wanted)))
        yield "{}"

    monkeypatch.setattr(at_hand, "suite_lines", suite_lines)
    told: list[str] = []
    first = at_hand.suites_at_hand(tmp_path / "suites", (), told.append)
    assert [path.name for path in first] == ["rulebench_tiny.jsonl"] and asked == [("tiny", 5)]
    (tmp_path / "suites" / "fruit.jsonl").write_text("")
    again = at_hand.suites_at_hand(tmp_path / "suites", (), told.append)
    assert [path.name for path in again] == ["rulebench_tiny.jsonl", "fruit.jsonl"]
    given = at_hand.suites_at_hand(
        tmp_path / "new", [tmp_path / "rulebench_tiny.jsonl"], told.append
    )
    assert given == [] and len(asked) == 1 and len(told) == 1


def test_a_suite_that_is_not_made_any_more_is_told_and_one_of_ours_is_needed(
    tmp_path: Path, monkeypatch: Any
) -> None:
    old, new = (Suite(name=f"rulebench_{k}", about="", version="v", problems=5) for k in "ab")
    registered = {old.name: old}
    monkeypatch.setattr(at_hand, "suites", lambda: registered)
    monkeypatch.setattr(at_hand, "version_of", lambda path: "v")

    def suite_lines(name: str, wanted: Any, processes: int) -> Any:
        if name == "a":
            raise at_hand.NONE_OF_OURS(reasons="", folder="")  # any refusal
        yield "{}"

    monkeypatch.setattr(at_hand, "suite_lines", suite_lines)
    told: list[str] = []
    with pytest.raises(InputError, match="R2C-B127"):
        at_hand.suites_at_hand(tmp_path, (), told.append)
    registered[new.name] = new
    found = at_hand.suites_at_hand(tmp_path, (), told.append)
    assert [path.name for path in found] == ["rulebench_b.jsonl"]
    assert told[-2].startswith("not compared with rulebench_a: ")


def test_sentences_of_training_are_seldom_those_of_the_bench(
    tmp_path: Path, prover: Prover, examples: list[Example]
) -> None:
    texts = [make(f"v{number}", 3, prover).text.words for number in range(12)]
    compared = held_against(bench(tmp_path, *texts))
    rules = [(rule.quote, one.story) for one in examples for rule in one.cir.rules]
    shared = [quote for quote, story in rules if compared.shared(quote, story)]
    assert len(shared) <= len(rules) / 8, shared


def test_a_suite_is_made_by_processes_as_it_is_by_one(prover: Prover) -> None:
    wanted = list(places(1))[:2]
    made = [one.line() for one in problems("tiny", wanted, prover)]
    assert list(worker.suite_lines("tiny", wanted, 2)) == made


def test_the_command_writes_the_file_and_its_card(tmp_path: Path) -> None:
    out = tmp_path / "data.jsonl"
    words = ["synth", str(out), "--n", "3", "--seed", "5", "--no-suites"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    assert len(out.read_text("utf-8").splitlines()) == 3
    assert out.with_suffix(".md").read_text("utf-8").startswith("---\nlicense")
    assert "compared with nothing" in result.output
    assert "left out 0 that share words" in result.output


@pytest.mark.parametrize("whole_group", [True, False])
def test_a_run_that_is_told_to_end_ends_at_once_with_all_its_processes(
    tmp_path: Path, whole_group: bool
) -> None:
    out = tmp_path / "data.jsonl"
    code = "from r2c.cli.main import main; main()"
    words = ["synth", str(out), "--n", "5000", "--seed", "5", "--no-suites"]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *words], start_new_session=True, stderr=subprocess.DEVNULL
    )
    part = tmp_path / "data.jsonl.part"
    deadline = time.monotonic() + 100
    while not (part.exists() and part.read_bytes().count(b"\n") > 2):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.1)
    began = time.monotonic()
    if whole_group:
        os.killpg(process.pid, signal.SIGTERM)
    else:
        process.send_signal(signal.SIGTERM)
    assert process.wait(20) != 0
    assert time.monotonic() - began < 15
    while any(_alive(process.pid)):
        assert time.monotonic() - began < 20, "a process of the run is left"
        time.sleep(0.1)
    lines = part.read_text("utf-8").splitlines()
    assert all(json.loads(line) for line in lines) and not out.exists()


def _alive(session: int) -> list[int]:
    """The processes of a session that have not ended."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            fields = (place / "stat").read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(place.name))
    return found


def test_a_worker_that_is_killed_ends_the_run_with_an_error() -> None:
    made = worker.examples(SEED, 0, 1, lambda: 40)
    next(made)
    import multiprocessing

    for child in multiprocessing.active_children():
        child.kill()
    with pytest.raises(StoreError, match="R2C-B125"):
        list(made)
