"""Tables from runs of several methods: parts joined, groups side by side, progress told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from test_scoring import manifest, record
from typer.testing import CliRunner

from r2c.errors import InputError
from r2c_benchmarks.accuracy import documents
from r2c_benchmarks.combine import combined
from r2c_benchmarks.command import app
from r2c_benchmarks.folder import RunFolder
from r2c_benchmarks.record import Manifest, Record
from r2c_benchmarks.results import Run
from r2c_benchmarks.score import is_disputed, matches_another_release
from r2c_benchmarks.table import aligned

PEAR = {"file": "pears.jsonl", "family": "trip"}


def run(method: str, *records: Record, folder: str = "", **changes: object) -> Run:
    fields = {**manifest(method, len(records)).model_dump(), **changes}
    return Run(Manifest.model_validate(fields), records, folder or method)


def right(number: int, **changes: object) -> Record:
    return record(number, objective=100.0, **changes)


def wrong(number: int, **changes: object) -> Record:
    return record(number, objective=90.0, **changes)


OURS = run("r2c", right(1), right(2), right(3), right(4, **PEAR), wrong(5, **PEAR))
THEIRS = run("direct", right(1), wrong(2), wrong(3), wrong(4, **PEAR), wrong(5, **PEAR))


def tables(*runs: Run, **how: Any) -> Any:
    return documents(runs, **how)


def test_a_narrow_terminal_gets_the_columns_that_matter_most() -> None:
    row = {"method": "r2c", "accuracy": "80.0%", "at 1e-6": "79.0%", "calls": 7, "s median": 40.0}
    assert aligned([row]).split()[:2] == ["method", "accuracy"]
    assert "at 1e-6" in aligned([row], 80)
    narrow = aligned([row], 30)
    assert "at 1e-6" not in narrow and "calls" not in narrow
    assert "accuracy" in narrow and "s median" in narrow


def test_methods_stand_side_by_side_for_all_and_for_every_file() -> None:
    rows = tables(OURS, THEIRS)["accuracy"]["summary"]
    assert [(row["problems"], row["method"], row["right"], row["n"]) for row in rows] == [
        ("trusted labels", "r2c", 4, 5),
        ("trusted labels", "direct", 1, 5),
        ("apples", "r2c", 3, 3),
        ("apples", "direct", 1, 3),
        ("pears", "r2c", 1, 2),
        ("pears", "direct", 0, 2),
    ]
    needed = {"95% interval", "after domain flip", "at 1e-6", "calls", "tokens out", "s median"}
    assert needed <= set(rows[0])


def test_families_have_a_table_of_their_own() -> None:
    rows = tables(OURS, THEIRS)["accuracy_by_family"]["summary"]
    assert [(row["problems"], row["method"], row["n"]) for row in rows] == [
        ("mix", "r2c", 3),
        ("mix", "direct", 3),
        ("trip", "r2c", 2),
        ("trip", "direct", 2),
    ]


def test_the_first_method_is_compared_with_each_other_in_every_group() -> None:
    found = tables(OURS, THEIRS, run("schema", right(1), right(9)))["accuracy_compared"]
    rows = {(row["problems"], row["methods"]): row for row in found["summary"]}
    assert rows["apples", "r2c minus direct"]["points"] == "+66.7"
    assert rows["apples", "r2c minus direct"]["only first right"] == 2
    assert rows["trusted labels", "r2c minus schema"]["n"] == 1
    assert ("pears", "r2c minus schema") not in rows
    raw = found["measurements"][0]
    assert raw["low"] < raw["difference"] < raw["high"] and raw["methods"] == ["r2c", "direct"]


def test_a_file_can_stand_apart_from_the_rest() -> None:
    found = tables(OURS, THEIRS, apart=["apples"])["accuracy"]
    names = dict.fromkeys(row["problems"] for row in found["summary"])
    assert list(names) == ["trusted labels", "apples", "pears", "all but apples"]
    assert "On apples: r2c minus direct: +66.7 points" in found["note"]
    assert "On all but apples: r2c minus direct: +50.0 points" in found["note"]
    assert "On trusted labels" not in found["note"] and "On pears" not in found["note"]


def test_the_note_says_public_how_far_which_model_and_where_releases_differ() -> None:
    ours = run("r2c", right(1), wrong(2, others=(90.0, 100.0)), count=7, files={"apples.jsonl": 7})
    note = tables(ours, THEIRS, note="Idle machine.")["accuracy"]["note"]
    assert "All problems are public" in note and note.endswith("Idle machine.")
    assert "Model: tiny." in note
    assert "r2c: 2 of 7 problems have been run." in note
    assert "direct: 5 of" not in note
    assert "another number for 1 of the problems of r2c" in note
    assert "right by the label 0, by another release 1" in note


def test_different_models_are_told() -> None:
    note = tables(OURS, run("direct", right(1), model="huge"))["accuracy"]["note"]
    assert "The methods had different models: tiny for r2c; huge for direct." in note


def test_an_answer_of_another_release_is_no_dispute_if_it_is_the_same() -> None:
    assert not is_disputed(wrong(1, others=(100.0, 100.000001)))
    assert is_disputed(wrong(1, others=(90.0,)))
    assert matches_another_release(record(1, objective=95.0, relaxed=90.0, others=(90.0,)))
    assert not matches_another_release(right(1, others=(90.0,)))


def test_parts_of_a_run_count_as_one() -> None:
    one = run("r2c", right(1), items="a.ids", files={"apples.jsonl": 1}, folder="a")
    two = run("r2c", wrong(4, **PEAR), items="a.ids", files={"pears.jsonl": 3}, folder="b", count=3)
    (whole,) = combined([one, two])
    assert [item.id for item in whole.records] == ["apples-1", "apples-4"]
    assert (whole.manifest.count, whole.manifest.items) == (4, "a.ids")
    assert whole.manifest.files == {"apples.jsonl": 1, "pears.jsonl": 3}
    assert len(whole.manifest.starts) == 2
    note = tables(one, two)["accuracy"]["note"]
    assert "r2c: 2 of 4 problems have been run (1 of 3 pears)." in note


def test_parts_over_other_suites_are_joined_and_over_another_version_of_one_are_not() -> None:
    one = run("r2c", right(1), suites={"apples.jsonl": "2026-11"}, folder="a")
    two = run("r2c", wrong(4, **PEAR), suites={"pears.jsonl": "2026-10"}, folder="b")
    (whole,) = combined([one, two])
    assert whole.manifest.suites == {"apples.jsonl": "2026-11", "pears.jsonl": "2026-10"}
    three = run("r2c", right(9), suites={"apples.jsonl": "2026-12"}, folder="c")
    with pytest.raises(InputError, match=r"R2C-B052(.|\n)*differ in suites"):
        combined([one, two, three])


def test_parts_made_in_other_ways_are_not_joined() -> None:
    other = run("r2c", right(9), options={"samples": 1}, seed=8)
    with pytest.raises(InputError, match=r"R2C-B052(.|\n)*differ in options, seed"):
        combined([OURS, other])


def test_a_part_made_before_there_was_an_option_is_joined_with_what_it_did() -> None:
    before = run("r2c", right(1), options={"samples": 5})
    after = run("r2c", right(2), options={"samples": 5, "reading": "guided"})
    assert len(combined([before, after])[0].records) == 2
    other = run("r2c", right(2), options={"samples": 5, "reading": "written"})
    with pytest.raises(InputError, match="differ in options"):
        combined([before, other])


def test_a_problem_in_two_parts_is_not_counted_twice() -> None:
    with pytest.raises(InputError, match=r"R2C-B053(.|\n)*apples-3"):
        combined([OURS, run("r2c", wrong(3))])


def test_runs_without_a_checked_answer_are_no_table() -> None:
    with pytest.raises(InputError, match="R2C-B054"):
        documents([run("r2c", right(1, trust="C"))])


def test_a_method_alone_has_nothing_to_compare() -> None:
    assert set(documents([OURS])) == {"accuracy", "accuracy_by_family"}


def test_versions_of_a_method_stand_side_by_side_by_their_folders() -> None:
    before, after = run("r2c", wrong(1), folder="before"), run("r2c", right(1), folder="after")
    found = tables(*(one.called(one.folder) for one in (after, before)), name="dev")
    assert {row["method"] for row in found["dev"]["summary"]} == {"before", "after"}
    assert found["dev_compared"]["summary"][0]["methods"] == "after minus before"


def test_the_command_writes_the_files_for_the_pages(tmp_path: Path) -> None:
    folders = []
    for one in (OURS, THEIRS):
        path = tmp_path / one.folder
        with RunFolder(path, one.manifest) as folder:
            for item in one.records:
                folder.append(item)
        folders.append(str(path))
    words = ["table", *folders, "--apart", "apples.jsonl", "--to", str(tmp_path / "results")]
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    written = {path.name for path in (tmp_path / "results").iterdir()}
    assert written == {"accuracy.json", "accuracy_by_family.json", "accuracy_compared.json"}
    kept = json.loads((tmp_path / "results" / "accuracy.json").read_text())
    first = kept["measurements"][0]
    assert first["spread"][0] < first["value"] < first["spread"][1]
    assert (first["seed"], first["starts"][0]["commit"]) == (7, "abc")
    assert "all but apples" in done.output
    for row in kept["summary"]:
        assert all(isinstance(value, str | int | float) for value in row.values())
