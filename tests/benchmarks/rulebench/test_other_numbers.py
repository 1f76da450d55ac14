"""A formulation is followed to other numbers: right ones stay right, lucky ones are found out."""

from __future__ import annotations

import ast
import asyncio
import json
import sys
import time
from collections.abc import Iterator

import pytest

from r2c.llm.model import Usage
from r2c.llm.testing import ScriptedModel
from r2c.settings import Settings
from r2c_benchmarks.items import Item
from r2c_benchmarks.method import Attempt, Formulated, Means
from r2c_benchmarks.record import record_of
from r2c_benchmarks.renumber.models import Model
from r2c_benchmarks.renumber.number_map import NumberMap, Unclear
from r2c_benchmarks.renumber.programs import Program, renumbered_program
from r2c_benchmarks.rulebench.item import item
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.run import Runner
from r2c_benchmarks.sandbox.box import Sandbox
from r2c_benchmarks.score import close, matches, matches_again

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")
PROGRAM = """
import pyomo.environ as pyo
model = pyo.ConcreteModel()
model.x = pyo.Var(domain=pyo.NonNegativeReals)
model.y = pyo.Var(domain=pyo.NonNegativeReals)
model.c = pyo.Constraint(expr=2 * model.x + 5 * model.y <= 90)
model.d = pyo.Constraint(expr=model.x <= 0.4 * (model.x + model.y))
model.o = pyo.Objective(expr=3 * model.x + 7 * model.y, sense=pyo.maximize)
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


def means(sandbox: Sandbox) -> Means:
    return Means(ScriptedModel([]), sandbox, Settings(), time.monotonic() + 120)


def read(made: object) -> Item:
    return Item.model_validate({**json.loads(made.line()), "file": "rulebench.jsonl"})  # type: ignore[attr-defined]


def test_a_number_becomes_the_one_that_is_told_in_its_place() -> None:
    numbers = NumberMap([40, 45, 7.5], [41, 30, 9])
    assert [numbers(value) for value in (40, -40, 7.5, 3)] == [41, -41, 9, 3]
    assert numbers(0.45) == 0.3  # 45% and 30%


@pytest.mark.parametrize(
    ("old", "new", "value"),
    [([5, 5], [6, 7], 5), ([300], [360], 5), ([45, 27], [30, 100], 0.45)],
)
def test_a_number_that_may_stand_for_several_is_unclear(
    old: list[float], new: list[float], value: float
) -> None:
    with pytest.raises(Unclear):
        NumberMap(old, new)(value)


def test_numbers_told_twice_are_clear_if_they_stay_equal() -> None:
    assert NumberMap([5, 5], [6, 6])(5) == 6


def test_a_program_gets_the_other_numbers_and_nothing_else() -> None:
    numbers = NumberMap([2, 5, 90, 40, 3, 7], [4, 6, 120, 25, 8, 9])
    changed = renumbered_program(PROGRAM, numbers)
    assert "4 * model.x + 6 * model.y <= 120" in changed
    assert "0.25 * (model.x + model.y)" in changed
    assert "8 * model.x + 9 * model.y" in changed
    assert changed.count("model.") == PROGRAM.count("model.")


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("weeks = range(1, 5)", "weeks = range(1, 5)"),
        ("m.T = pyo.RangeSet(1, 4)", "m.T = pyo.RangeSet(1, 4)"),
        ("cost = {1: 40, 4: 1}", "cost = {1: 45, 4: 5}"),
        ("f = lambda m, t: m.x[t - 1] + 1 <= 4", "f = lambda m, t: m.x[t - 1] + 5 <= 6"),
        ("s = sum(m.x[1, t] for t in [1, 4] if t > 1)",) * 2,
        ("s = sum(4 * t * (t - 1) for t in weeks)", "s = sum(6 * t * (t - 1) for t in weeks)"),
        ("y = m.x ** 4 + 4 if t == 4 else 1", "y = m.x ** 4 + 6 if t == 4 else 5"),
        ("for t in (1, 4):\n    b[t] = 1", "for t in (1, 4):\n    b[t] = 5"),
    ],
)
def test_members_keys_lags_and_exponents_of_a_program_are_no_data(line: str, changed: str) -> None:
    found = renumbered_program(line, NumberMap([1, 4, 40], [5, 6, 45]))
    assert found == ast.unparse(ast.parse(changed))


@pytest.mark.parametrize("source", ["weeks = [1, 2, 3]", "s = " + " + ".join(["m.x"] * 5000)])
def test_a_program_that_cannot_be_followed_is_unclear(source: str) -> None:
    with pytest.raises(Unclear):
        renumbered_program(source, NumberMap([1], [5]))


@needs_linux
def test_a_program_is_solved_again_with_other_numbers(sandbox: Sandbox) -> None:
    told = Item(
        file="f.jsonl",
        id="1",
        problem="",
        numbers=(2, 5, 90, 40, 3, 7),
        others=({"problem": "", "numbers": (4, 6, 120, 25, 8, 9), "answer": 186.66666667},),
    )
    found = asyncio.run(Program(PROGRAM, 30).again(told, told.others[0], means(sandbox)))
    assert close(found, 8 * 0.25 * 21.8181818 + 9 * 0.75 * 21.8181818)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_right_model_is_right_with_all_numbers(
    level: int, prover: Prover, sandbox: Sandbox
) -> None:
    made = item("t", f"again{level}", level, prover)
    told = read(made)
    assert made.cir is not None
    clear = 0
    for other in told.others:
        try:
            found = asyncio.run(Model(made.cir, 30).again(told, other, means(sandbox)))
        except Unclear:
            continue  # the same number told twice for different things
        clear += 1
        assert close(found, other.answer, 1e-6)
    assert level > 1 or clear


def test_a_model_without_a_rule_is_wrong_with_some_numbers(
    prover: Prover, sandbox: Sandbox
) -> None:
    items = (item("t", f"lucky{k}", 1, prover) for k in range(20))
    made = next(one for one in items if len(set(one.numbers)) == len(one.numbers))
    assert made.cir is not None
    told = read(made)
    wrong = 0
    for rule in made.cir.rules:
        rest = tuple(one for one in made.cir.rules if one is not rule)
        lucky = made.cir.model_copy(update={"rules": rest})
        results = [prover.optimum(lucky, "t").objective]
        for other in told.others:
            results.append(asyncio.run(Model(lucky, 30).again(told, other, means(sandbox))))
        answers = [told.answer, *(other.answer for other in told.others)]
        wrong += not all(close(a, b, 1e-6) for a, b in zip(results, answers, strict=True))
    assert wrong == len(made.cir.rules)


class _Knows:
    """A method whose formulation is the right model, or one that only has the right number."""

    summary = "knows"

    def __init__(self, formulation: Formulated, objective: float) -> None:
        self._found = Attempt("optimal", objective, executable=True, formulation=formulation)

    def settings(self, options: object) -> dict[str, object]:
        return {}

    async def attempt(self, item: Item, means: Means) -> Attempt:
        return self._found


class _Number:
    """A formulation that always comes to the same."""

    def __init__(self, value: float) -> None:
        self._value = value

    async def again(self, item: Item, other: object, means: Means) -> float | None:
        return self._value


@pytest.mark.parametrize("knows", [True, False])
def test_a_run_keeps_whether_an_answer_survives_other_numbers(
    knows: bool, prover: Prover, sandbox: Sandbox
) -> None:
    made = item("t", "kept", 1, prover)
    assert made.cir is not None and made.answer is not None
    told = read(made)
    formulation: Formulated = Model(made.cir, 30) if knows else _Number(made.answer)
    method = _Knows(formulation, made.answer)
    runner = Runner(method, ScriptedModel([]), sandbox, Settings(), {}, 60)  # type: ignore[arg-type]
    record = asyncio.run(runner.attempt(told))
    assert matches(record) and len(record.again) == len(told.others)
    assert matches_again(record) is (None if None in record.again else knows)
    assert (False in record.again) is not knows


def test_an_answer_that_there_is_no_plan_counts_as_right_where_there_is_none(
    prover: Prover,
) -> None:
    made = item("t", "none", 1, prover, kind="infeasible")
    told = read(made)
    right = record_of(told, Attempt("infeasible", executable=True), Usage(), 1.0)
    wrong = record_of(told, Attempt("optimal", 5.0, executable=True), Usage(), 1.0)
    assert matches(right) and not matches(wrong)
