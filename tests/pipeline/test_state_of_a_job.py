"""The state of a job is plain JSON, small, and all that a resumed job needs."""

from __future__ import annotations

import asyncio
import json
import os
from typing import Any

import pytest
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from readers import Told

from r2c.errors import LanguageModelError
from r2c.llm.failures import SERVER_FAILED
from r2c.llm.testing import Answer, Call, ScriptedModel
from r2c.pipeline.api import formulate
from r2c.pipeline.store import JobStore
from r2c.settings import Settings

SENTENCES = 50
TEXT = (
    "A bakery makes buns and cakes. "
    + " ".join(f"At least {k + 2} buns of kind {k} must be made." for k in range(SENTENCES))
    + " A bun costs $1 and a cake costs $4. How many should be made to minimize the cost?"
)


def answer(call: Call) -> Answer:
    asked = call.messages[-1].content
    if "costs $1" in asked and call.purpose != "decisions" and "Objective" not in asked:
        return "cost[buns] = 1\ncost[cakes] = 4"
    told = Told(TEXT, "buns: number of buns\ncakes: number of cakes", {}, "minimize cost")
    if not call.purpose.startswith("sentence"):
        return told.answer(call)
    number = asked.split("At least ")[1].split()[0]
    return [f"buns >= {number}", f"cakes >= {number}", "none"]


@pytest.mark.slow
def test_the_state_of_a_large_problem_is_small_and_plain(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert os.environ["LANGGRAPH_STRICT_MSGPACK"] == "true"
    monkeypatch.setattr(JobStore, "finish", lambda *_: None)  # the checkpoints stay
    rich = settings.model_copy(update={"budget_tokens": 10_000_000, "budget_rounds": 1})
    found = formulate(TEXT, settings=rich, model=ScriptedModel(answer))
    assert found.cir is not None and len(found.cir.rules) >= SENTENCES - 1
    (folder,) = (settings.data_dir / "jobs").iterdir()
    values = last_state(JobStore(settings.data_dir), folder.name)
    assert json.loads(json.dumps(values, allow_nan=False)) == values
    before = {name: value for name, value in values.items() if name != "result"}
    assert len(json.dumps(before)) < 64_000
    serde = JsonPlusSerializer(allowed_msgpack_modules=None)
    assert serde.loads_typed(serde.dumps_typed(values)) == values
    assert "problem" not in values["result"]


def test_a_table_of_the_data_is_not_copied_into_the_state(settings: Settings) -> None:
    def failing(call: Call) -> Answer:
        if call.purpose == "objective":
            return SERVER_FAILED(url="u", status=500, said="oops")
        return answer(call)

    data: Any = {"big": {"a": [float(k) for k in range(20_000)], "b": ["word"] * 20_000}}
    with pytest.raises(LanguageModelError):
        formulate(TEXT[:200], data, settings=settings, model=ScriptedModel(failing))
    (folder,) = (settings.data_dir / "jobs").iterdir()
    values = last_state(JobStore(settings.data_dir), folder.name)
    assert values["roster"]
    assert len(json.dumps(values)) < 20_000


def last_state(store: JobStore, job: str) -> dict[str, Any]:
    """What the last checkpoint of a job holds."""

    async def read() -> dict[str, Any]:
        async with AsyncSqliteSaver.from_conn_string(str(store.checkpoints(job))) as saver:
            found = await saver.aget_tuple({"configurable": {"thread_id": job}})
            assert found is not None
            return dict(found.checkpoint["channel_values"])

    kept = asyncio.run(read())
    names = {"roster", "options", "goal", "picks", "score", "kept", "looked_at", "again", "round"}
    names |= {"samples", "usage", "events", "result"}
    return {name: value for name, value in kept.items() if name in names}
