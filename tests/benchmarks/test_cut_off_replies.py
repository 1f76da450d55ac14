"""Replies that ended at their token limit: told apart in records, tables and reports."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from test_accuracy_tables import run, tables
from test_scoring import record
from typer.testing import CliRunner

from r2c.llm.failures import CUT_OFF
from r2c.llm.model import Message, ModelInfo, Reply, Usage
from r2c.llm.spec import Capability
from r2c.llm.testing import ScriptedModel
from r2c.llm.wrapped import Asked, WrappedModel
from r2c.settings import Settings
from r2c_benchmarks.command import app
from r2c_benchmarks.folder import RunFolder
from r2c_benchmarks.items import Item
from r2c_benchmarks.keep import without_words
from r2c_benchmarks.method import Attempt, Means
from r2c_benchmarks.record import record_of
from r2c_benchmarks.registry import find_method
from r2c_benchmarks.replies import MAX_TOKENS, most_tokens
from r2c_benchmarks.report.site import page_of, pages
from r2c_benchmarks.results import cut_off_told, measured
from r2c_benchmarks.sandbox.box import Sandbox
from r2c_benchmarks.score import groups

T = TypeVar("T")
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")
ITEM = Item(file="f.jsonl", id="f-1", problem="Build boxes.", answer=12, trust="A-hand")
WHOLE = (
    "```python\nimport pyomo.environ as pyo\nmodel = pyo.ConcreteModel()\n"
    "model.x = pyo.Var(bounds=(0, 4))\n"
    "model.o = pyo.Objective(expr=3 * model.x, sense=pyo.maximize)\n"
)
HALF = WHOLE[:-30]
PROGRAMMERS = ("chain_of_experts", "chain_of_thought", "direct", "direct5", "optimus")


class Short(WrappedModel):
    """Cuts off what has no end."""

    async def answer(self, asked: Asked[T]) -> Reply[T]:
        reply = await self.pass_on(asked)
        fault = CUT_OFF.fault(index=1, max_tokens=asked.max_tokens)
        return replace(
            reply,
            candidates=tuple(
                one if one.text.endswith("```") else replace(one, value=None, fault=fault)
                for one in reply.candidates
            ),
        )


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


async def tried(name: str, reply: str, sandbox: Sandbox) -> Attempt:
    model = Short(ScriptedModel(lambda call: reply))
    means = Means(model, sandbox, Settings(), time.monotonic() + 120)
    return await find_method(name).attempt(ITEM, means)


@needs_linux
@pytest.mark.parametrize("name", PROGRAMMERS)
@pytest.mark.parametrize(
    ("reply", "outcome", "truncated"),
    [(WHOLE + "```", "optimal", False), (WHOLE, "optimal", True), (HALF, "error", True),
     ("Let me see", "error", True)],
)  # fmt: skip
async def test_an_attempt_tells_whether_its_program_was_cut_off(
    sandbox: Sandbox, name: str, reply: str, outcome: str, truncated: bool
) -> None:
    found = await tried(name, reply, sandbox)
    assert (found.outcome, found.truncated) == (outcome, truncated)
    assert record_of(ITEM, found, Usage(), 1.0).truncated is truncated


@needs_linux
async def test_each_voice_of_a_vote_is_told_and_kept(sandbox: Sandbox) -> None:
    found = await tried("direct5", HALF, sandbox)
    kept = without_words(record_of(ITEM, found, Usage(), 1.0))
    assert (kept.truncated, kept.details["truncated"]) == (True, [True] * 5)


async def test_a_form_that_was_cut_off_is_told_too() -> None:
    found = await tried("schema", '{"decisions": [', Sandbox())
    assert (found.outcome, found.truncated) == ("error", True)


@pytest.mark.parametrize("name", [*PROGRAMMERS, "schema"])
def test_all_methods_have_one_limit(name: str) -> None:
    assert find_method(name).settings({})["max_tokens"] == MAX_TOKENS == 4096


@pytest.mark.parametrize(
    ("context", "wanted", "allowed"),
    [(None, 4096, 4096), (32768, 4096, 4096), (4096, 4096, 3095), (1100, 4096, 256), (900, 20, 20)],
)
def test_a_reply_gets_what_the_context_leaves(
    context: int | None, wanted: int, allowed: int
) -> None:
    info = ModelInfo("small", "vllm", Capability.GRAMMAR, context)
    assert most_tokens(wanted, [Message("user", "x" * 3000)], info) == allowed


OPTIONS = {"max_tokens": 2048}
CUT = run(
    "direct",
    record(1, objective=100.0, truncated=False),
    record(2, objective=90.0, truncated=True),
    record(3, objective=None, truncated=True),
    record(4, objective=None, truncated=False),
    options=OPTIONS,
)
SAID = (
    "direct: 2 of 4 results stand on a reply that was cut off at 2048 tokens, among them 1 of the "
    "2 without a model that runs."
)


def test_a_table_says_how_many_failures_were_cut_off() -> None:
    assert SAID in tables(CUT)["accuracy"]["note"]
    assert measured(CUT, groups(CUT.records)[0])["cut_off"] == 2


def test_runs_that_do_not_know_say_so_and_methods_without_such_replies_say_nothing() -> None:
    old = run("direct", record(1, objective=None), options=OPTIONS)
    assert cut_off_told(old) == "direct: the run does not tell which replies were cut off."
    assert measured(old, groups(old.records)[0])["cut_off"] is None
    assert cut_off_told(run("r2c", record(1, objective=None))) == ""


def test_the_figures_of_a_run_say_so_on_a_terminal(tmp_path: Path) -> None:
    with RunFolder(tmp_path / "run", CUT.manifest) as folder:
        for one in CUT.records:
            folder.append(one)
    shown = CliRunner().invoke(app, ["score", str(tmp_path / "run")])
    assert SAID in shown.output


def test_a_report_says_so_in_sum_and_for_each_problem() -> None:
    item = ITEM.model_copy(update={"file": "apples.jsonl", "id": "apples-3", "answer": 100})
    made = pages([CUT], [item])
    assert SAID in made["index.html"]
    assert "cut off at its token limit" in made[page_of(item.name)]
