"""Why the plan is not otherwise: what a wish costs, or which sentences stand against it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from supposed import NO_WORDS, bakery, sites, staffing, transport

from r2c.cir.schema import CIR
from r2c.errors import R2CError
from r2c.problem.schema import Problem
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.supposition import WhyNot
from r2c.telling.what_if import conflict_lines
from r2c.verdict.why_not import why_not, wished

LIMITS = Limits(seconds=20)


@pytest.fixture(scope="module")
def process() -> Iterator[SolverProcess]:
    with SolverProcess() as running:
        yield running


def asked(model: tuple[CIR, Problem], wish: str, process: SolverProcess) -> WhyNot:
    cir, problem = model
    return why_not(cir, problem, wish, LIMITS, process)


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("open[B]", 'open["B"] == 1'),
        ("open[Plant A]", 'open["Plant A"] == 1'),
        ("not open[B]", 'open["B"] == 0'),
        ("not make[B]", 'make["B"] == 0'),
        ("make[B] >= 3", 'make["B"] >= 3'),
        ("open[s] for s in Sites", "open[s] == 1 for s in Sites"),
    ],
)
def test_a_decision_alone_is_a_wish_for_yes_and_with_not_for_no(text: str, relation: str) -> None:
    assert wished(text, sites(), NO_WORDS) == relation


def test_a_counted_decision_alone_is_a_wish_for_at_least_one() -> None:
    cir, problem = bakery()
    assert wished("loaves", cir, problem) == "loaves >= 1"


def test_a_site_that_stays_shut_could_be_opened_at_a_price(process: SolverProcess) -> None:
    told = why_not(sites(), NO_WORDS, "open[C-1]", LIMITS, process)
    assert told.kind == "costs"
    assert told.cost == pytest.approx(20)
    assert {item.symbol for item in told.what_if.moved} == {"open", "make"}


def test_what_the_plan_has_already_is_told_so(process: SolverProcess) -> None:
    told = why_not(sites(), NO_WORDS, "open[Plant A]", LIMITS, process)
    assert (told.kind, told.cost, told.what_if.moved) == ("holds", 0, ())
    assert asked(bakery(), "loaves >= 30", process).kind == "holds"
    assert asked(bakery(), "20 <= loaves <= 30", process).kind == "holds"


def test_a_plan_at_the_end_of_a_strict_wish_does_not_have_it(process: SolverProcess) -> None:
    assert asked(bakery(), "loaves > 30", process).kind == "impossible"
    less = asked(bakery(), "loaves < 30", process)
    assert (less.kind, less.cost) == ("costs", 3)
    assert asked(bakery(), "loaves > 29", process).kind == "holds"


def test_how_far_a_wish_can_go_is_told_of_all_rules(process: SolverProcess) -> None:
    told = asked(bakery(), "loaves >= 1000", process)
    assert [*conflict_lines(told.what_if)][-1] == (
        "With 30 instead of 1000 there is a plan, and the total profit is 245 euro."
    )
    assert "53" not in " ".join(conflict_lines(told.what_if))


def test_a_wish_that_costs_nothing_is_as_good(process: SolverProcess) -> None:
    cir = CIR.model_validate(
        {
            "decisions": [{"name": name, "domain": "binary"} for name in ("left", "right")],
            "rules": [{"id": "r1", "operands": {"relation": "left + right == 1"}}],
            "objectives": [{"sense": "max", "expr": "left + right"}],
        }
    )
    kinds = {name: why_not(cir, NO_WORDS, name, LIMITS, process).kind for name in ("left", "right")}
    assert sorted(kinds.values()) == ["as_good", "holds"]


def test_a_cost_is_worse_whichever_way_the_goal_goes(process: SolverProcess) -> None:
    larger = asked(transport(), "ship[Lund, Vienna]", process)
    assert (larger.kind, larger.cost, larger.what_if.difference) == ("costs", 7, 7)
    smaller = asked(bakery(), "trays >= 30", process)
    assert (smaller.kind, smaller.cost, smaller.what_if.difference) == ("costs", 15, -15)


def test_sentences_that_stand_against_a_wish_are_told_without_the_wish(
    process: SolverProcess,
) -> None:
    told = asked(bakery(), "loaves >= 31", process)
    assert told.kind == "impossible"
    assert {item.rule for item in told.against} == {"flour", "order"}
    assert all("wish" not in item.rule and item.quote for item in told.against)


def test_where_there_is_no_plan_no_wish_is_weighed(process: SolverProcess) -> None:
    told = asked(staffing(), "early", process)
    assert (told.kind, told.cost) == ("no_plan", None)
    assert told.what_if.conflict is not None
    assert set(told.what_if.conflict.rules) == {"r1", "r2", "r3"}


@pytest.mark.parametrize(
    ("wish", "code", "words"),
    [
        ("make[B]", "R2C-V034", "`make[B] >= 10`"),
        ("need", "R2C-V035", "'make', 'open'"),
        ("open[B] + open[C-1]", "R2C-V035", "no wish"),
        ("opne[B]", "R2C-V031", "Did you mean 'open'?"),
        ("open[D]", "R2C-V032", "'Plant A', 'B', 'C-1'"),
        ("need >= 3", "R2C-V033", "no decision"),
        ("make[B]*make[C-1] >= 3", "R2C-M123", "not linear"),
        ("open == 1", "R2C-C060", "open"),
    ],
)
def test_a_wish_that_says_too_little_or_too_much_is_refused(
    wish: str, code: str, words: str, process: SolverProcess
) -> None:
    with pytest.raises(R2CError) as caught:
        why_not(sites(), NO_WORDS, wish, LIMITS, process)
    assert caught.value.code == code
    assert words in str(caught.value)


def test_a_wish_for_what_the_tables_do_not_have_is_refused(process: SolverProcess) -> None:
    with pytest.raises(R2CError) as caught:
        asked(transport(), "ship[Lund, Prague]", process)
    assert "'Lund', 'Prague'" in str(caught.value)


def test_the_record_is_read_back_as_it_was_written(process: SolverProcess) -> None:
    told = asked(bakery(), "loaves >= 31", process)
    assert WhyNot.model_validate_json(told.model_dump_json()) == told
