"""The published pipelines ask in the order of their papers, and mend as their papers say."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import pytest

from r2c.llm.testing import Call, ScriptedModel
from r2c.settings import Settings
from r2c_benchmarks.items import Item
from r2c_benchmarks.method import Means
from r2c_benchmarks.methods.chain_of_experts import EXPERTS
from r2c_benchmarks.registry import find_method
from r2c_benchmarks.sandbox.box import Sandbox

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")
ITEM = Item(file="f.jsonl", id="f-1", problem="Build at most 4 boxes.", answer=12, trust="A-hand")
GOOD = (
    "Thinking done.\n```python\nimport pyomo.environ as pyo\nmodel = pyo.ConcreteModel()\n"
    "model.x = pyo.Var(domain=pyo.NonNegativeReals)\n"
    "model.c = pyo.Constraint(expr=model.x <= 4)\n"
    "model.o = pyo.Objective(expr=3 * model.x, sense=pyo.maximize)\n```"
)
BAD = GOOD.replace("3 * model.x", "3 * model.y")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


def means(model: ScriptedModel, sandbox: Sandbox) -> Means:
    return Means(model, sandbox, Settings(), time.monotonic() + 120, seed=3)


async def test_reasons_come_before_the_program_in_one_call(sandbox: Sandbox) -> None:
    model = ScriptedModel([GOOD])
    found = await find_method("chain_of_thought").attempt(ITEM, means(model, sandbox))
    assert (found.outcome, found.objective) == ("optimal", 12)
    (call,) = model.calls
    assert "step by step" in call.messages[-1].content
    assert "nothing else" not in call.messages[0].content


async def test_the_conductor_chooses_experts_until_their_number_is_reached(
    sandbox: Sandbox,
) -> None:
    names = iter(["The modelling expert.", "programming expert", "nobody in particular"])

    def answer(call: Call) -> str:
        if call.purpose == "conductor":
            return next(names)
        return GOOD if call.purpose == "reducer" else f"comment of the {call.purpose}"

    model = ScriptedModel(answer)
    found = await find_method("chain_of_experts").attempt(ITEM, means(model, sandbox))
    assert (found.outcome, found.objective) == ("optimal", 12)
    purposes = [call.purpose for call in model.calls]
    first = next(name for name in EXPERTS if name not in ("modelling expert", "programming expert"))
    spoken = ["modelling expert", "programming expert", first]
    assert purposes == [
        *(one for expert in spoken for one in ("conductor", expert)),
        "reducer",
    ]
    assert "comment of the modelling expert" in model.calls[3].messages[-1].content


async def test_a_failure_goes_back_along_the_chain_until_somebody_was_wrong(
    sandbox: Sandbox,
) -> None:
    programs = iter([BAD, GOOD])

    def answer(call: Call) -> str:
        if call.purpose == "reducer":
            return next(programs)
        if call.purpose.startswith("reflection"):
            return "YES. x is the only decision." if "modelling expert" in call.purpose else "NO"
        return "modelling expert" if call.purpose == "conductor" else "a comment"

    model = ScriptedModel(answer)
    found = await find_method("chain_of_experts").attempt(ITEM, means(model, sandbox))
    assert found.objective == 12
    reflections = [call for call in model.calls if call.purpose.startswith("reflection")]
    assert [call.purpose for call in reflections][-1] == "reflection of the modelling expert"
    last = model.calls[-1].messages[-1].content
    assert "x is the only decision" in last
    assert last.count("a comment") == 3  # what stood behind the mistake fell away
    assert "says: NO" in reflections[-1].messages[-1].content


async def test_clauses_are_formulated_and_coded_one_by_one(sandbox: Sandbox) -> None:
    def answer(call: Call) -> str:
        return {
            "parameters": "limit, scalar, 4, most boxes",
            "objective clause": "Make as much money as possible.",
            "constraint clauses": "1. At most 4 boxes.\n2. Boxes are not negative.",
            "constraints checked": "1. At most 4 boxes.\n2. Boxes are not negative.",
            "formulation": "VARIABLE x: scalar, continuous, boxes\nFORMULA x <= limit",
            "clause code": "model.c = pyo.Constraint(expr=model.x <= 4)",
            "assembly": GOOD,
        }[call.purpose]

    model = ScriptedModel(answer)
    found = await find_method("optimus").attempt(ITEM, means(model, sandbox))
    assert (found.outcome, found.objective, found.details["clauses"]) == ("optimal", 12, 2)
    purposes = [call.purpose for call in model.calls]
    assert purposes == [
        "parameters", "objective clause", "constraint clauses", "constraints checked",
        *["formulation"] * 3, *["clause code"] * 3, "assembly",
    ]  # fmt: skip
    assert "x: scalar" in model.calls[5].messages[-1].content


async def test_a_program_that_fails_is_mended_with_its_error(sandbox: Sandbox) -> None:
    def answer(call: Call) -> str:
        if call.purpose == "assembly":
            return BAD
        if call.purpose == "debugging":
            assert "no attribute" in call.messages[-1].content or "y" in call.messages[-1].content
            return GOOD
        return "1. At most 4 boxes."

    model = ScriptedModel(answer)
    found = await find_method("optimus").attempt(ITEM, means(model, sandbox))
    assert (found.outcome, found.objective) == ("optimal", 12)
    assert [call.purpose for call in model.calls].count("debugging") == 1
