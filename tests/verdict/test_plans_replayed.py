"""Plans replayed step by step in plain Python, beside the algebra of the cards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from r2c.archetypes.load import standard_library
from r2c.cir.instance import bind
from r2c.cir.members import Key
from r2c.formulation import Evidence, Outcome, Solution, Trust, Value
from r2c.model.reformulate import reformulate
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.solve.solve import solve_plain
from r2c.verdict.judge import verdict_of
from r2c.verdict.recheck import recheck
from r2c.verdict.replay import replay
from r2c.verdict.simulators import simulated

LIBRARY = standard_library()


@pytest.fixture(scope="module")
def process() -> Iterator[SolverProcess]:
    with SolverProcess() as started:
        yield started


@pytest.fixture(scope="module")
def plans(process: SolverProcess) -> dict[str, Solution]:
    """The best plan of the tiny instance of every card that can be replayed."""
    found = {}
    for name in sorted(simulated()):
        cir = LIBRARY[name].instance.cir
        instance = bind(cir)
        model = reformulate(cir, LIBRARY, instance)
        found[name] = solve_plain(model, instance, Limits(seconds=20), process=process)
    return found


def replayed(name: str, plan: Solution) -> Evidence:
    cir = LIBRARY[name].instance.cir
    return replay(cir, plan, bind(cir), LIBRARY)


def changed(plan: Solution, values: dict[str, dict[Key, float]]) -> Solution:
    """The plan with other values at some keys."""
    told = {
        name: tuple(
            Value(key=item.key, value=values.get(name, {}).get(item.key, item.value))
            for item in items
        )
        for name, items in plan.values.items()
    }
    return plan.model_copy(update={"values": told})


@pytest.mark.parametrize("name", sorted(simulated()))
def test_the_best_plan_of_a_card_can_happen(name: str, plans: dict[str, Solution]) -> None:
    found = replayed(name, plans[name])
    assert found.passed is True, found.message
    assert found.details["replayed"]


@pytest.mark.parametrize("name", sorted(simulated()))
def test_a_plan_that_is_turned_upside_down_cannot(name: str, plans: dict[str, Solution]) -> None:
    """Every value of the symbols that the rule is about goes to its neighbour, in turn."""
    plan = plans[name]
    wrong = 0
    for symbol, items in plan.values.items():
        numbers = [item.value for item in items]
        for by in range(1, len(numbers)):
            turned = numbers[by:] + numbers[:by]
            other = {item.key: value for item, value in zip(items, turned, strict=True)}
            found = replayed(name, changed(plan, {symbol: other}))
            wrong += found.passed is False
    assert wrong


@pytest.mark.parametrize(
    ("name", "clause", "paradigm"),
    [("inventory_balance", "later", "step_by_step"), ("bin_packing", "room", "linked")],
)
def test_a_card_that_means_something_else_than_its_name_is_found(
    name: str, clause: str, paradigm: str, process: SolverProcess
) -> None:
    """Lost from the rows and from the meaning alike, it is seen by nothing that asks the card."""
    card = LIBRARY[name]
    holds = {key: expr for key, expr in card.holds.items() if key != clause}
    paradigms = tuple(
        item.model_copy(update={"rows": {k: row for k, row in item.rows.items() if k != clause}})
        for item in card.paradigms
        if item.name == paradigm
    )
    lost = card.model_copy(update={"holds": holds, "paradigms": paradigms})
    library = {**LIBRARY, name: lost}
    cir = card.instance.cir
    instance = bind(cir)
    model = reformulate(cir, library, instance)
    plan = solve_plain(model, instance, Limits(seconds=20), process=process)
    assert plan.outcome is Outcome.OPTIMAL
    assert recheck(cir, plan, instance, library).passed is True
    assert replay(cir, plan, instance, library).passed is False


def test_models_without_such_rules_and_answers_without_plans_are_left_alone(
    plans: dict[str, Solution],
) -> None:
    cir = LIBRARY["capacity_limit"].instance.cir
    plan = plans["inventory_balance"]
    assert replay(cir, plan, bind(cir), LIBRARY).passed is None
    nothing = Solution(outcome=Outcome.INFEASIBLE)
    assert replayed("inventory_balance", nothing).passed is None


def test_a_plan_that_cannot_happen_is_rejected(plans: dict[str, Solution]) -> None:
    plan = plans["no_overlap_on_a_machine"]
    together = {name: {item.key: 0.0 for item in items} for name, items in plan.values.items()}
    found = replayed("no_overlap_on_a_machine", changed(plan, together))
    assert found.passed is False
    assert verdict_of(Outcome.OPTIMAL, [found]).trust is Trust.REJECTED
