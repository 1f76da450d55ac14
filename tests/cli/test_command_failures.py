"""Whatever goes wrong: three sentences, the right status, no traceback, nothing left behind."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from running import COMMAND, EXAMPLES, environment, invoke, only_json, run, write_cir

from r2c.cli import solving

BAKERY = str(EXAMPLES / "bakery.cir.json")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["solve", "nowhere.json"], "R2C-X102", "nowhere.json"),
        (["solve", str(EXAMPLES)], "R2C-X102", "directory"),
        (["solve"], "R2C-X100", "MODEL"),
        (["solve", BAKERY, "--bogus"], "R2C-X100", "--bogus"),
        (["solve", BAKERY, "--seconds", "-3"], "R2C-X100", "--seconds"),
        (["solv", BAKERY], "R2C-X100", "Did you mean 'solve'"),
        (["export", BAKERY, "--format", "pdf"], "R2C-X100", "pdf"),
        (["formulate", "nowhere.txt"], "R2C-X102", "nowhere.txt"),
        (["formulate", "a text", "--file", "b.txt"], "R2C-X105", "twice"),
        (["formulate", "x", "--samples", "0"], "R2C-X100", "samples"),
        (["cards", "show", "capacity"], "R2C-X112", "capacity_limit"),
        (["explain", str(EXAMPLES / "bakery.txt")], "R2C-C095", "r2c formulate"),
    ],
)
def test_wrong_usage_and_unreadable_input_have_status_2(
    arguments: list[str], code: str, words: str
) -> None:
    done = invoke(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"error {code}: ")
    assert words in done.stderr
    assert "  why: " in done.stderr
    assert "  do:  " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"version": 1, "decisions": [', "R2C-X106"),
        (b'{"version": 1, "nonsense": 3}', "R2C-C091"),
        (b'{"version": 99}', "R2C-C09"),
        (b'{"version": 1, "rules": [{"id": "a", "operands": {"relation": "x <="}}]}', "R2C-C002"),
        (b'{"outcome": "optimal", "trust": "perhaps"}', "R2C-X107"),
        (b"decisions\n  \xff\xfe", "R2C-X103"),
        (b"this is not a model", "R2C-C095"),
        (b"decisions\n  x: 3 = 4\n x", "R2C-C090"),
        (b'{"title": "\\ud800"}', "R2C-C094"),
        (b'{"outcome": "optimal", "trust": "\\ud800"}', "R2C-C094"),
        (b"[1, 2]", "R2C-C091"),
        (b'["outcome"]', "R2C-C091"),
        (b"{" * 100_000, "R2C-X106"),
    ],
)
def test_a_bad_model_file_is_an_input_error(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_bytes(content)
    done = invoke("solve", str(path), "--json")
    assert done.exit_code == 2, done.output
    fault = only_json(done.stdout)["error"]
    assert fault["code"].startswith(code)
    assert fault["what"] and fault["why"] and fault["remedy"]
    assert done.stderr.startswith(f"error {fault['code']}:")


def test_a_wrong_expression_in_a_saved_answer_is_told_with_its_place_and_remedy(
    tmp_path: Path,
) -> None:
    path = tmp_path / "answer.json"
    cir = {"rules": [{"id": "a", "operands": {"relation": "x <="}}]}
    answer = {"problem": {"text": "x"}, "outcome": "optimal", "trust": "plausible", "cir": cir}
    path.write_text(json.dumps(answer), encoding="utf-8")
    done = invoke("solve", str(path), "--json")
    assert done.exit_code == 2
    fault = only_json(done.stdout)["error"]
    assert fault["code"] == "R2C-C002"
    assert fault["details"]["path"] == "cir.rules.0.operands.relation"
    assert "Write it like" in fault["remedy"]


def test_an_answer_without_a_model_cannot_be_solved_again(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    answer = {"problem": {"text": "x"}, "outcome": "unsupported", "trust": "rejected"}
    path.write_text(json.dumps({**answer, "objective": None}), encoding="utf-8")
    done = invoke("solve", str(path))
    assert done.exit_code == 2
    assert "R2C-X108" in done.stderr
    told = invoke("explain", str(path))
    assert told.exit_code == 0
    assert "Outcome  unsupported" in told.stdout


def test_a_usage_error_is_json_too_when_json_was_asked_for() -> None:
    done = invoke("solve", "--json", "--bogus")
    assert done.exit_code == 2
    assert only_json(done.stdout)["error"]["code"] == "R2C-X100"


def test_a_wrong_setting_is_named() -> None:
    done = invoke("solve", BAKERY, R2C_SOLVE_SECONDS="soon")
    assert done.exit_code == 2
    assert "R2C_SOLVE_SECONDS" in done.stderr


def test_a_fault_of_our_own_is_told_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(solving, "answer_to", broken)
    monkeypatch.delenv("R2C_DEBUG", raising=False)
    done = invoke("solve", BAKERY)
    assert done.exit_code == 1
    assert "R2C-X101" in done.stderr
    assert "ZeroDivisionError" in done.stderr
    assert "Traceback" not in done.stderr
    shown = invoke("solve", BAKERY, R2C_DEBUG="1")
    assert "Traceback" in shown.stderr


def test_a_result_that_cannot_be_kept_was_still_printed(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    done = invoke("solve", BAKERY, "--out", str(blocked / "folder"))
    assert done.exit_code == 7
    assert "Outcome  optimal" in done.stdout
    assert "R2C-X110" in done.stderr


@pytest.mark.parametrize(
    "arguments", [["solve", BAKERY], ["solve", BAKERY, "--json"], ["cards", "list"], ["--help"]]
)
def test_a_reader_that_went_away_is_no_failure_to_talk_about(arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as gone:
        done = subprocess.run(
            [*COMMAND, *arguments],
            stdout=gone,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=environment(),
            timeout=240,
        )
    assert done.stderr == ""
    assert done.returncode == 141


def endless(folder: Path) -> str:
    """A market-split model: small, and far beyond what a solver can settle in minutes."""
    draw = random.Random(7)
    names = [f"x{number}" for number in range(1, 41)]
    rules = []
    for number in range(1, 6):
        weights = [draw.randrange(100) for _ in names]
        total = " + ".join(f"{w}*{name}" for w, name in zip(weights, names, strict=True))
        relation = f"{total} == {sum(weights) // 2}"
        rules.append({"id": f"split{number}", "operands": {"relation": relation}})
    path: str = write_cir(
        folder,
        decisions=[{"name": name, "domain": "binary"} for name in names],
        rules=rules,
        objectives=[{"sense": "min", "expr": " + ".join(names)}],
    )
    return path


def children(pid: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.append(int(status.parent.name))
    return found


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_command_ends_at_once_and_leaves_no_process(
    number: signal.Signals, status: int, tmp_path: Path
) -> None:
    process = subprocess.Popen(
        [*COMMAND, "solve", endless(tmp_path), "--seconds", "200"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment(),
    )
    try:
        end = time.monotonic() + 120
        while not (workers := children(process.pid)) and time.monotonic() < end:
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
        assert workers
        time.sleep(1.0)
        began = time.monotonic()
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == status, err
    assert time.monotonic() - began < 30
    assert out == ""
    assert "Traceback" not in err
    assert [pid for pid in workers if is_alive(pid)] == []


DEAF = """
import time
from r2c.cli.interrupt import listen
listen()
def deaf():
    try:
        print("listening", flush=True)
        time.sleep(60)
    except KeyboardInterrupt:
        deaf()
deaf()
"""


@pytest.mark.slow
def test_an_interrupt_that_a_library_swallows_ends_the_command_all_the_same() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", DEAF],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment(),
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "listening\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert err == "\ninterrupted\n"


def test_a_time_limit_without_a_plan_has_status_6(tmp_path: Path) -> None:
    done = run("solve", endless(tmp_path), "--seconds", "1", "--json")
    assert done.returncode == 6, done.stdout + done.stderr
    assert only_json(done.stdout)["outcome"] == "limit"


@pytest.mark.parametrize(
    ("module", "arguments", "extra"),
    [
        ("ml_dtypes", ["merge", "plan", "none.yaml"], "training"),
        ("numba", ["merge", "run", "none.yaml", "out"], "training"),
    ],
)
def test_a_package_that_is_not_installed_is_told_with_its_extra(
    module: str, arguments: list[str], extra: str, tmp_path: Path
) -> None:
    """As after `make run`, which sets up what solving needs."""
    program = (
        f"import sys; sys.modules[{module!r}] = None; sys.argv = ['r2c', *{arguments!r}]\n"
        "from r2c.cli.main import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path,
        env=environment(), timeout=120,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith(f"error R2C-X120: The package {module!r}")
    assert f"rule2constraint[{extra}]" in done.stderr.replace("\n", " ")
