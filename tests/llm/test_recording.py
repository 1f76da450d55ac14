"""A recorded conversation replays without the model, and a cache asks nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from r2c.errors import StoreError
from r2c.llm.failures import CUT_OFF, SERVER_FAILED
from r2c.llm.model import Candidate, Message, ModelInfo, Reply, Usage
from r2c.llm.record import RecordingModel, ReplayModel
from r2c.llm.spec import Capability, OutputSpec
from r2c.llm.testing import ScriptedModel

ASK = [Message("user", "How many?")]
NUMBER = OutputSpec("number", "root ::= [0-9]+", {}, "Digits.", int, lambda value: int(str(value)))


async def test_a_replay_gives_what_was_recorded_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    recorder = RecordingModel(ScriptedModel([["7", "x"], "8"]), path)
    first = await recorder.complete(ASK, NUMBER, samples=2, max_tokens=5)
    second = await recorder.complete(ASK, NUMBER, max_tokens=5)
    replay = ReplayModel(path)
    assert await replay.complete(ASK, NUMBER, max_tokens=5) == second
    assert await replay.complete(ASK, NUMBER, samples=2, max_tokens=5) == first
    assert (replay.info.name, replay.info.capability) == ("scripted", Capability.GRAMMAR)


@pytest.mark.parametrize(
    "change",
    [
        {"messages": [Message("user", "How few?")]},
        {"messages": [Message("system", "How many?")]},
        {"spec": None},
        {"samples": 2},
        {"temperature": 0.5},
        {"seed": 1},
        {"max_tokens": 6},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_a_call_that_differs_is_not_answered(tmp_path: Path, change: dict) -> None:
    path = tmp_path / "calls.jsonl"
    call: dict = {"messages": ASK, "spec": NUMBER, "max_tokens": 5}
    await RecordingModel(ScriptedModel(["7"]), path).complete(**call)
    with pytest.raises(StoreError) as caught:
        await ReplayModel(path).complete(**{**call, **change}, purpose="count")
    assert caught.value.code == "R2C-L060"
    assert "'count'" in str(caught.value)


async def test_the_deadline_and_the_purpose_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    await RecordingModel(ScriptedModel(["7"]), path).complete(ASK, NUMBER, max_tokens=5)
    reply = await ReplayModel(path).complete(
        ASK, NUMBER, max_tokens=5, deadline=123.0, purpose="again"
    )
    assert reply.values == (7,)


async def test_a_reader_that_got_stricter_is_heard_at_replay(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    await RecordingModel(ScriptedModel(["-7"]), path).complete(ASK, NUMBER, max_tokens=5)

    def digits(text: str) -> int:
        if not text.isdigit():
            raise ValueError("negative")
        return int(text)

    stricter = OutputSpec("number", NUMBER.grammar, {}, "", digits, NUMBER.read_json)
    reply = await ReplayModel(path).complete(ASK, stricter, max_tokens=5)
    assert reply.candidates[0].fault is not None
    assert reply.candidates[0].fault.code == "R2C-L026"


async def test_a_cut_off_candidate_stays_cut_off_at_replay(tmp_path: Path) -> None:
    class Cutting:
        info = ModelInfo("cutting", "openai", Capability.TEXT)

        async def complete(self, *arguments: object, **more: object) -> Reply:
            fault = CUT_OFF.fault(index=1, max_tokens=5)
            return Reply((Candidate("71", None, fault, -0.25),), Usage(9, 3, 5, 1, 0.5))

    path = tmp_path / "calls.jsonl"
    recorded = await RecordingModel(Cutting(), path).complete(ASK, NUMBER, max_tokens=5)
    assert await ReplayModel(path).complete(ASK, NUMBER, max_tokens=5) == recorded


async def test_a_cache_asks_the_model_only_for_what_is_new(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    first = ScriptedModel(["7"])
    await RecordingModel(first, path, reuse=True).complete(ASK, NUMBER, max_tokens=5)
    second = ScriptedModel(["8"])
    cache = RecordingModel(second, path, reuse=True)
    again = await cache.complete(ASK, NUMBER, max_tokens=5)
    new = await cache.complete(ASK, NUMBER, seed=1, max_tokens=5)
    assert (again.values, again.usage.calls) == ((7,), 0)
    assert new.values == (8,)
    assert len(second.calls) == 1


async def test_a_failed_call_is_not_recorded(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    failing = ScriptedModel([SERVER_FAILED(url="u", status=500, said="no"), "7"])
    recorder = RecordingModel(failing, path)
    with pytest.raises(Exception, match="R2C-L010"):
        await recorder.complete(ASK, NUMBER, max_tokens=5)
    assert not path.exists()


async def test_a_line_cut_by_a_kill_is_as_if_never_written(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    recorder = RecordingModel(ScriptedModel(["7", "8"]), path)
    await recorder.complete(ASK, NUMBER, max_tokens=5)
    await recorder.complete(ASK, NUMBER, seed=1, max_tokens=5)
    path.write_bytes(path.read_bytes()[:-20])
    continued = RecordingModel(ScriptedModel(["9"]), path, reuse=True)
    assert (await continued.complete(ASK, NUMBER, max_tokens=5)).values == (7,)
    assert (await continued.complete(ASK, NUMBER, seed=1, max_tokens=5)).values == (9,)
    assert (await ReplayModel(path).complete(ASK, NUMBER, seed=1, max_tokens=5)).values == (9,)


def test_a_damaged_recording_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_text('{"key": 1}\n')
    with pytest.raises(StoreError) as caught:
        ReplayModel(path)
    assert caught.value.code == "R2C-L061"
    assert "Line 1" in str(caught.value)
