"""R2C_RECORD keeps what a model said; R2C_REPLAY answers from it without one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fake_server import Act, FakeServer, completion, per_request
from readers import BAKERY
from running import invoke, only_json
from typer.testing import Result

pytestmark = pytest.mark.timeout(120)


def lines(text: str, request: dict[str, Any]) -> Act:
    said = json.dumps({"lines": text.splitlines()})
    return completion(*[said] * int(request.get("n") or 1))


def reading(request: dict[str, Any]) -> Act:
    asked = request["messages"][-1]["content"]
    if "Which quantities does the question ask for?" in asked:
        return lines(BAKERY.roster, request)
    if asked.startswith("Objective:"):
        return lines(str(BAKERY.goal), request)
    said = [str(text) for words, text in BAKERY.readings.items() if words in asked]
    return lines(said[0] if said else "none", request)


def formulate(folder: Path, **variables: str) -> Result:
    settings = {"R2C_DATA_DIR": str(folder), "R2C_SAMPLES": "3", "R2C_CAPABILITY": "json_schema"}
    done: Result = invoke("formulate", BAKERY.text, "--json", "--quiet", **settings, **variables)
    return done


def test_a_recorded_run_is_replayed_to_the_same_answer_without_a_server(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    with FakeServer(per_request(reading)) as server:
        first = formulate(tmp_path / "a", R2C_MODEL=f"{server.url}#m", R2C_RECORD=str(path))
        asked = len(server.requests)
    assert first.exit_code == 0, first.output
    written = path.read_text(encoding="utf-8").splitlines()
    assert len(written) == asked > 2
    again = formulate(tmp_path / "b", R2C_MODEL=f"{server.url}#m", R2C_REPLAY=str(path))
    assert again.exit_code == 0, again.output
    one, other = only_json(first.stdout), only_json(again.stdout)
    assert one["objective"] == other["objective"] == pytest.approx(40)
    assert (one["cir"], one["usage"]["prompt_tokens"]) == (
        other["cir"],
        other["usage"]["prompt_tokens"],
    )


def test_a_file_for_both_asks_only_for_what_it_does_not_hold(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    both = {"R2C_RECORD": str(path), "R2C_REPLAY": str(path)}
    with FakeServer(per_request(reading)) as server:
        first = formulate(tmp_path / "a", R2C_MODEL=f"{server.url}#m", **both)
        asked = len(server.requests)
        kept = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(kept[1:]), encoding="utf-8")
        second = formulate(tmp_path / "b", R2C_MODEL=f"{server.url}#m", **both)
        assert len(server.requests) == asked + 1
    assert first.exit_code == second.exit_code == 0, second.output
    assert only_json(first.stdout)["cir"] == only_json(second.stdout)["cir"]


def test_a_call_that_was_not_recorded_is_told(tmp_path: Path) -> None:
    empty = tmp_path / "calls.jsonl"
    empty.touch()
    done = formulate(tmp_path / "a", R2C_REPLAY=str(empty))
    assert done.exit_code == 7, done.output
    fault = only_json(done.stdout)["error"]
    assert (fault["code"], str(empty) in fault["what"]) == ("R2C-L060", True)


@pytest.mark.parametrize(
    ("variables", "code", "told"),
    [
        ({"R2C_REPLAY": "gone.jsonl"}, "R2C-L061", "gone.jsonl"),
        ({"R2C_RECORD": "no/such/folder.jsonl"}, "R2C-L062", "No such file"),
        ({"R2C_RECORD": "a.jsonl", "R2C_REPLAY": "b.jsonl"}, "R2C-L063", "b.jsonl"),
    ],
    ids=["nothing to replay", "nowhere to write", "two files"],
)
def test_a_recording_that_cannot_be_used_is_told_before_anybody_is_asked(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    code: str,
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    with FakeServer(per_request(reading)) as server:
        done = formulate(tmp_path / "a", R2C_MODEL=f"{server.url}#m", **variables)
        assert server.heads == []
    assert done.exit_code in (2, 7), done.output
    fault = only_json(done.stdout)["error"]
    assert fault["code"] == code
    assert told in " ".join(str(part) for part in fault.values())
