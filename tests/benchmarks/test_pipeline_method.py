"""The method `r2c`: how the pipeline is called, and what its answer counts as."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from r2c.formulation import Formulation
from r2c.llm.model import LanguageModel
from r2c.llm.testing import ScriptedModel
from r2c.settings import Settings
from r2c.verdict.answer import asolve
from r2c_benchmarks.items import Item
from r2c_benchmarks.method import Means
from r2c_benchmarks.methods import r2c as method
from r2c_benchmarks.readings import with_domain
from r2c_benchmarks.sandbox.box import Sandbox

BAKERY = Path(__file__).resolve().parents[2] / "examples" / "bakery.cir.json"
ITEM = Item(file="f.jsonl", id="f-1", problem="Bake.", data={"t": [{"a": 1}]}, answer=245)


async def test_the_pipeline_gets_text_data_model_budget_and_options(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: dict[str, object] = {}

    async def aformulate(
        text: str,
        data: Sequence[Path],
        *,
        settings: Settings,
        model: LanguageModel,
        votes: bool = True,
    ) -> Formulation:
        seen.update(text=text, data=json.loads(data[0].read_text()), model=model)
        seen.update(rounds=settings.budget_rounds, seconds=settings.budget_seconds, votes=votes)
        return await asolve(BAKERY)

    monkeypatch.setattr(method, "_formulate", lambda: aformulate)
    model = ScriptedModel([])
    options = {"budget_rounds": 0, "votes": False}
    deadline = time.monotonic() + 50
    means = Means(model, Sandbox(), Settings(budget_rounds=2), deadline, options=options)
    found = await method.METHOD.attempt(ITEM, means)
    assert (found.outcome, found.objective, found.executable) == ("optimal", 245, True)
    assert found.relaxed is not None and found.relaxed >= 245 and found.whole is None
    assert seen.pop("model") is model
    seconds = seen.pop("seconds")
    assert isinstance(seconds, float) and 0 < seconds <= 50
    assert seen == {"text": "Bake.", "data": {"t": [{"a": 1}]}, "rounds": 0, "votes": False}
    assert found.details["trust"] and found.details["cir"]


async def test_the_other_reading_changes_amounts_and_leaves_choices() -> None:
    formulation = await asolve(BAKERY)
    assert formulation.cir is not None
    assert with_domain(formulation.cir, "integer") is None
    relaxed = with_domain(formulation.cir, "continuous")
    assert relaxed is not None
    assert {decision.domain for decision in relaxed.decisions} == {"continuous"}
    choices = formulation.cir.model_copy(
        update={
            "decisions": tuple(
                decision.model_copy(update={"domain": "binary"})
                for decision in formulation.cir.decisions
            )
        }
    )
    assert with_domain(choices, "continuous") is None
