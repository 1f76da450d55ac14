"""What standard output holds when something fails after the answer, or when it fails itself."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import COMMAND, EXAMPLES, environment, invoke, only_json

from r2c.cli import keep

BAKERY = str(EXAMPLES / "bakery.cir.json")
FULL = Path("/dev/full")


def test_with_json_a_folder_that_cannot_be_written_leaves_one_object(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    done = invoke("solve", BAKERY, "--json", "--out", str(blocked / "folder"))
    assert done.exit_code == 7
    assert only_json(done.stdout)["outcome"] == "optimal"
    assert done.stderr.startswith("error R2C-X110: ")


def test_a_fault_of_our_own_while_the_answer_is_kept_leaves_one_object(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*given: object) -> Iterator[str]:
        yield "written: answer.json"
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(keep, "keep", broken)
    done = invoke("solve", BAKERY, "--json", "--out", str(tmp_path))
    assert done.exit_code == 1
    assert only_json(done.stdout)["outcome"] == "optimal"
    assert "error R2C-X101: " in done.stderr
    assert "ZeroDivisionError" in done.stderr


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(
    "arguments", [["solve", BAKERY], ["solve", BAKERY, "--json"], ["cards", "list"], ["--help"]]
)
def test_a_disk_too_full_for_standard_output_is_told_with_status_7(arguments: list[str]) -> None:
    with FULL.open("wb") as full:
        done = subprocess.run(
            [*COMMAND, *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=environment(),
            timeout=240,
        )
    assert done.returncode == 7, done.stderr
    assert done.stderr.startswith("error R2C-X110: ")
    assert "standard output" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")
def test_a_failure_is_told_on_standard_error_also_where_its_json_finds_no_room() -> None:
    with FULL.open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "solve", "nowhere.json", "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=environment(),
            timeout=240,
        )
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("error R2C-X102: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [[], ["cards"], ["models"], ["bench"]])
def test_a_command_without_its_subcommand_shows_its_help(command: list[str]) -> None:
    done, asked = invoke(*command), invoke(*command, "--help")
    assert done.exit_code == 0, done.output
    assert done.stdout == asked.stdout
    assert done.stdout.startswith("Usage: ")
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("command", "usage"),
    [
        (["solv"], " [OPTIONS] COMMAND [ARGS]...`"),
        (["cards", "lst"], " cards [OPTIONS] COMMAND [ARGS]...`"),
        (["solve"], " solve [OPTIONS] {MODEL}`"),
    ],
)
def test_a_wrong_command_line_is_told_with_the_right_one_whole(
    command: list[str], usage: str
) -> None:
    done = invoke(*command)
    assert done.exit_code == 2
    assert usage in " ".join(done.stderr.split())
    assert "Usage:" not in done.stderr
