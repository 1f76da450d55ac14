"""The runner: every result kept at once, killed runs continued, faults told apart."""

from __future__ import annotations

import asyncio
import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import JsonValue

from r2c.errors import InputError, LanguageModelError, StoreError
from r2c.llm.failures import CONTEXT_EXCEEDED, SERVER_FAILED, UNREACHABLE
from r2c.llm.model import Message, Reply, Usage
from r2c.llm.testing import Answer, Call, ScriptedModel
from r2c.pipeline.store import CANNOT_WRITE
from r2c.settings import Settings
from r2c_benchmarks.asking_order import BeginsApart, in_asking_order
from r2c_benchmarks.folder import RunFolder, read_records
from r2c_benchmarks.items import Item
from r2c_benchmarks.method import Attempt, Means
from r2c_benchmarks.progress import Prices, Progress
from r2c_benchmarks.record import Manifest, record_of
from r2c_benchmarks.registry import find_method
from r2c_benchmarks.results import Run, code_told
from r2c_benchmarks.run import Runner, first_error
from r2c_benchmarks.sandbox.box import Sandbox

ONE_CALL = Usage(calls=1)
ITEMS = [
    Item(file="f.jsonl", id=f"f-{n}", problem=f"Say {n}.", answer=n, trust="A-hand")
    for n in range(4)
]


class Echo:
    """A method that takes the reply for the optimum."""

    summary = "echo"

    def settings(self, options: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        return dict(options)

    async def attempt(self, item: Item, means: Means) -> Attempt:
        messages = [Message("user", item.problem)]
        reply: Reply[str] = await means.model.complete(messages, None, max_tokens=9, purpose="echo")
        text = reply.candidates[0].text
        if text == "sleep":
            await asyncio.sleep(60)
        if text == "break":
            raise ZeroDivisionError("a bug")
        return Attempt("optimal", float(text), executable=True)


def said(call: Call) -> str:
    return call.messages[-1].content.split()[-1].rstrip(".")


def runner(model: ScriptedModel, seconds: float = 30, concurrency: int = 1) -> Runner:
    return Runner(Echo(), model, Sandbox(), Settings(), {}, seconds, concurrency=concurrency)


def manifest(**changes: object) -> Manifest:
    fields = {
        "method": "echo",
        "options": {},
        "model": "scripted",
        "endpoint": "scripted",
        "capability": "grammar",
        "items": "f.ids",
        "items_sha256": "1",
        "count": len(ITEMS),
        "seed": 0,
        "item_seconds": 30,
        "concurrency": 1,
        "starts": ({"commit": "c"},),
    }
    return Manifest.model_validate({**fields, **changes})


def run(model: ScriptedModel, path: Path, **how: float) -> str:
    told = io.StringIO()
    with RunFolder(path, manifest()) as folder:
        progress = Progress(told, len(ITEMS), folder.records, 1)
        worker = runner(model, how.get("seconds", 30), int(how.get("concurrency", 1)))
        try:
            asyncio.run(worker.run(ITEMS, folder, progress))
        except BaseExceptionGroup as failures:
            raise first_error(failures) from None
    return told.getvalue()


@pytest.mark.parametrize("concurrency", [1, 3])
def test_every_problem_gets_a_record_with_its_cost(tmp_path: Path, concurrency: int) -> None:
    told = run(ScriptedModel(said), tmp_path, concurrency=concurrency)
    records = read_records(tmp_path)
    assert sorted((r.id, r.objective) for r in records) == [(f"f-{n}", n) for n in range(4)]
    assert all((r.calls, r.prompt_tokens, r.completion_tokens) == (1, 2, 1) for r in records)
    assert "[4/4]" in told and "right 4 of 4 | tokens 8 in 4 out | done" in told


def test_no_text_of_a_problem_enters_the_run_folder(tmp_path: Path) -> None:
    run(ScriptedModel(said), tmp_path)
    kept = "".join(path.read_text() for path in tmp_path.iterdir())
    assert "Say" not in kept


def test_a_second_start_asks_nothing_again(tmp_path: Path) -> None:
    run(ScriptedModel(said), tmp_path)
    model = ScriptedModel([])
    assert "continuing: 4 of 4" in run(model, tmp_path)
    assert model.calls == []
    starts = json.loads((tmp_path / "manifest.json").read_text())["starts"]
    assert len(starts) == 2


@pytest.mark.parametrize("torn", [b'{"file": "f.jsonl", "id"', b'{"file": "f', b"\xff\xfe"])
def test_a_torn_last_line_is_dropped_and_its_problem_done_again(
    tmp_path: Path, torn: bytes
) -> None:
    run(ScriptedModel(said), tmp_path)
    path = tmp_path / "results.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2]) + torn)
    model = ScriptedModel(said)
    run(model, tmp_path)
    assert [said(call) for call in model.calls] == ["2", "3"]
    assert [record.id for record in read_records(tmp_path)] == [f"f-{n}" for n in range(4)]


def test_a_run_killed_at_any_moment_continues_without_loss(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(
        "import asyncio, sys, time\n"
        f"sys.path[:0] = {[*sys.path, str(Path(__file__).parent)]!r}\n"
        "from pathlib import Path\n"
        "from test_running import ITEMS, RunFolder, ScriptedModel, manifest, runner, said\n"
        "def slow(call):\n"
        "    time.sleep(0.05)\n"
        "    return said(call)\n"
        f"with RunFolder(Path({str(tmp_path / 'run')!r}), manifest()) as folder:\n"
        "    asyncio.run(runner(ScriptedModel(slow)).run(ITEMS, folder))\n"
    )
    results = tmp_path / "run" / "results.jsonl"
    for finished in (1, 2, 3):
        process = subprocess.Popen([sys.executable, str(script)])
        deadline = time.monotonic() + 60
        while not results.exists() or results.read_bytes().count(b"\n") < finished:
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait()
    run(ScriptedModel(said), tmp_path / "run")
    assert sorted(record.id for record in read_records(tmp_path / "run")) == [
        f"f-{n}" for n in range(4)
    ]


def test_another_run_is_not_mixed_into_a_folder(tmp_path: Path) -> None:
    with RunFolder(tmp_path, manifest()):
        pass
    with pytest.raises(InputError, match=r"R2C-B030(.|\n)*differs in method, seed"):
        RunFolder(tmp_path, manifest(method="r2c", seed=1))


def test_a_run_is_continued_by_other_code_only_if_that_is_wanted(tmp_path: Path) -> None:
    changed = manifest(starts=({"commit": "d", "versions": {"pyomo": "9"}},))
    with RunFolder(tmp_path, manifest()):
        pass
    with pytest.raises(InputError, match=r"R2C-B034(.|\n)*commit c (.|\n)*commit d \(pyomo 9\)"):
        RunFolder(tmp_path, changed)
    with RunFolder(tmp_path, changed, other_code=True) as folder:
        mixed = Run(folder.manifest, ())
    assert code_told(mixed) == "echo was run with commit c () and commit d (pyomo 9)."
    with RunFolder(tmp_path, changed):
        pass  # what it was last continued with


def test_two_writers_are_kept_apart(tmp_path: Path) -> None:
    with RunFolder(tmp_path, manifest()), pytest.raises(StoreError, match="R2C-B031"):
        RunFolder(tmp_path, manifest())


def test_a_full_disk_ends_the_run_with_a_clear_error(tmp_path: Path) -> None:
    with RunFolder(tmp_path, manifest()) as folder:
        real = folder._journal._file
        with Path("/dev/full").open("wb", buffering=0) as full:
            folder._journal._file = full
            record = record_of(ITEMS[0], Attempt("error"), ONE_CALL, 1.0)
            with pytest.raises(StoreError, match=r"R2C-B033(.|\n)*No space left"):
                folder.append(record)
            assert folder.records == []
        folder._journal._file = real


def test_a_problem_over_its_time_is_a_limit_and_its_call_counts(tmp_path: Path) -> None:
    answers: list[Answer] = ["sleep", "1", "2", "3"]
    run(ScriptedModel(answers), tmp_path, seconds=0.2)
    first, *others = read_records(tmp_path)
    assert (first.outcome, first.calls) == ("limit", 1)
    assert 0.2 <= first.seconds < 5
    assert [record.outcome for record in others] == ["optimal"] * 3


def test_a_method_that_breaks_on_a_problem_goes_on_with_the_next(tmp_path: Path) -> None:
    run(ScriptedModel(["0", "break", "2", "3"]), tmp_path)
    records = read_records(tmp_path)
    assert [record.outcome for record in records] == ["optimal", "error", "optimal", "optimal"]
    assert records[1].message == "ZeroDivisionError: a bug"


def test_a_request_the_model_cannot_take_costs_one_problem(tmp_path: Path) -> None:
    too_long = CONTEXT_EXCEEDED(model="m", said="too long")
    answers: list[Answer] = ["0", too_long, "yes", "2", "3"]
    run(ScriptedModel(answers), tmp_path)
    records = read_records(tmp_path)
    assert (records[1].outcome, records[1].message[:8]) == ("error", "R2C-L014")
    assert len(records) == 4


def test_a_server_that_is_down_ends_the_run_and_spoils_no_score(tmp_path: Path) -> None:
    down = UNREACHABLE(url="http://localhost:1", reason="refused")
    with pytest.raises(LanguageModelError, match="R2C-B040"):
        run(ScriptedModel(["0", down, down]), tmp_path)
    assert [record.id for record in read_records(tmp_path)] == ["f-0"]
    run(ScriptedModel(said), tmp_path)
    assert [record.outcome for record in read_records(tmp_path)] == ["optimal"] * 4


@pytest.mark.parametrize(("again", "outcome"), [("1", "optimal"), (None, "error")])
def test_a_server_that_was_away_for_a_moment_is_asked_once_more(
    tmp_path: Path, again: str | None, outcome: str
) -> None:
    away = SERVER_FAILED(url="http://localhost:1", status=503, said="busy")
    second: list[Answer] = [away, "yes"] if again is None else [again]
    run(ScriptedModel(["0", away, "yes", *second, "2", "3"]), tmp_path)
    records = read_records(tmp_path)
    assert [record.outcome for record in records] == ["optimal", outcome, "optimal", "optimal"]


def test_a_method_that_cannot_write_ends_the_run(tmp_path: Path) -> None:
    full = StoreError(CANNOT_WRITE.fault(job="j", reason="No space left on device"))

    class Full(Echo):
        async def attempt(self, item: Item, means: Means) -> Attempt:
            raise full

    worker = Runner(Full(), ScriptedModel(said), Sandbox(), Settings(), {}, 30)
    with RunFolder(tmp_path, manifest()) as folder, pytest.raises(BaseExceptionGroup) as failed:
        asyncio.run(worker.run(ITEMS, folder))
    assert first_error(failed.value) is full
    assert read_records(tmp_path) == []


def test_the_time_to_go_is_told() -> None:
    told = io.StringIO()
    progress = Progress(told, 4, [], 1)
    record = record_of(ITEMS[0], Attempt("error", message="x"), ONE_CALL, 40.0)
    progress.tell(record)
    assert "3 to go, about 2 min" in told.getvalue()
    assert "error" in told.getvalue()


def test_tokens_are_told_and_with_prices_the_cost(tmp_path: Path) -> None:
    told = io.StringIO()
    used = Usage(calls=2, prompt_tokens=12_340, completion_tokens=950)
    record = record_of(ITEMS[0], Attempt("error", message="x"), used, 40.0)
    Progress(told, 4, [], 1).tell(record)
    assert "| tokens 12.3k in 950 out | 3 to go" in told.getvalue()
    progress = Progress(told, 4, [record] * 3, 1, Prices(2.0, 10.0))
    assert "continuing: 3 of 4 problems are done, tokens 37.0k in 2.9k out, cost 0.103 of" in (
        told.getvalue()
    )
    progress.tell(record)
    assert "| tokens 49.4k in 3.8k out, cost 0.137 | done" in told.getvalue()


class Opens(Echo):
    """A method that opens in another way for even and odd problems."""

    def beginning(self, item: Item, options: Mapping[str, JsonValue]) -> str:
        return str(int(item.id[-1]) % 2)


def test_problems_whose_prompts_begin_alike_are_asked_one_after_the_other(tmp_path: Path) -> None:
    assert [item.id for item in in_asking_order(ITEMS, Echo(), {})] == [one.id for one in ITEMS]
    worker = replace(runner(ScriptedModel(said)), method=Opens())
    with RunFolder(tmp_path, manifest()) as folder:
        asyncio.run(worker.run(ITEMS, folder))
    assert [record.id for record in read_records(tmp_path)] == ["f-0", "f-2", "f-1", "f-3"]


def test_r2c_asks_problems_over_sets_apart_from_others() -> None:
    short = Item(id="a", problem="Make at most 40 boxes. Earn 3 a box. Maximize the earnings.")
    pairs = "from,to,cost\nA,X,1\nA,Y,2\nB,X,3\nB,Y,4\n"
    routes = Item(
        id="b",
        problem="Ship from each plant to each market. The costs are given. Minimize the cost.",
        tables={"routes.csv": pairs},
    )
    broken = Item(id="c", problem=" ")
    method = find_method("r2c")
    assert isinstance(method, BeginsApart)
    names = [method.beginning(item, {}) for item in (short, routes, broken)]
    assert names == ["Plain", "Indexed", ""]
    assert method.beginning(routes, {"reading": "written"}) == "written"
    asked = in_asking_order([short, routes, short], method, {})
    assert [item.id for item in asked] == ["a", "a", "b"]
