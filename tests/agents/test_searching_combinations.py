"""The Verifier tries combinations of readings best first and keeps the best one."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from readings_of_a_shop import PROBLEM, options, readings

from r2c.agents.alternatives import alternatives
from r2c.agents.parser import Option
from r2c.agents.plain.reader import Plain
from r2c.agents.verifier import (
    Readings,
    in_order_of_loss,
    search,
    try_combination,
)
from r2c.formulation import Outcome
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.verdict.agreement import agreement, agreement_of

LIMITS = Limits(seconds=20)
SCORED = st.lists(st.floats(-3, 9, width=16), min_size=1, max_size=4).map(
    lambda found: tuple(Option("none", 1, score) for score in sorted(found, reverse=True))
)


@pytest.fixture(scope="module")
def solver() -> Iterator[SolverProcess]:
    with SolverProcess() as process:
        yield process


def scored(lists: list[tuple[Option, ...]], goal: tuple[Option, ...]) -> Readings:
    return Readings(Plain(PROBLEM), (), tuple(lists), goal, 5)


@given(st.lists(SCORED, max_size=4), SCORED)
def test_all_combinations_come_once_and_the_lesser_loss_first(
    lists: list[tuple[Option, ...]], goal: tuple[Option, ...]
) -> None:
    of = scored(lists, goal)
    found = list(in_order_of_loss(of))
    every = list(itertools.product(*(range(len(item)) for item in (*lists, goal))))
    assert sorted(found) == sorted(every)
    losses = [of.loss(picks) for picks in found]
    assert losses == pytest.approx(sorted(of.loss(picks) for picks in every))


@given(st.lists(SCORED, min_size=6, max_size=6), SCORED, st.integers(1, 30))
def test_the_first_ones_miss_none_that_is_better(
    lists: list[tuple[Option, ...]], goal: tuple[Option, ...], first: int
) -> None:
    of = scored(lists, goal)
    taken = list(itertools.islice(in_order_of_loss(of), first))
    worst = max(of.loss(picks) for picks in taken)
    every = itertools.product(*(range(len(item)) for item in (*lists, goal)))
    assert all(picks in taken or of.loss(picks) >= worst - 1e-9 for picks in every)


def test_a_hundred_sentences_give_the_first_combinations_at_once() -> None:
    of = scored([options(("a", 3), ("b", 2), ("c", 1))] * 100, options(("d", 5)))
    began = time.process_time()
    assert len(list(itertools.islice(in_order_of_loss(of), 40))) == 40
    assert time.process_time() - began < 30


def test_the_most_voted_readings_are_tried_first_and_kept_if_nothing_speaks_against_them(
    solver: SolverProcess,
) -> None:
    best, tried = search(readings({3: [("caps >= 4", 3), ("hats >= 4", 2)]}), solver, LIMITS)
    assert tried == 1 and best.acceptable
    assert best.picks == (0, 0, 0, 0, 0)
    assert best.solution is not None and best.solution.objective == pytest.approx(144)


@pytest.mark.parametrize(
    ("wrong", "outcome"),
    [
        ("hours >= 60", Outcome.UNBOUNDED),
        ("hours <= 60\nhats >= 100", Outcome.INFEASIBLE),
        ("effort <= 60", None),
    ],
)
def test_a_reading_that_leads_nowhere_loses_to_one_with_fewer_votes(
    wrong: str, outcome: Outcome | None, solver: SolverProcess
) -> None:
    of = readings({2: [(wrong, 4), ("hours <= 60", 1)]})
    first = try_combination(of, (0, 0, 0, 0, 0), solver, LIMITS)
    assert (None if first.solution is None else first.solution.outcome) == outcome
    best, tried = search(of, solver, LIMITS)
    assert (best.picks, tried) == ((0, 0, 1, 0, 0), 2)
    assert best.score > first.score


def test_the_number_of_trials_and_the_time_are_bounded(solver: SolverProcess) -> None:
    bad = [("effort <= 60", 1)] + [(f"effort <= {k}", 1) for k in range(61, 75)]
    best, tried = search(readings({2: bad, 3: bad}), solver, LIMITS, most=7)
    assert (best.score.level, tried) == (0, 7)
    _, tried = search(readings({2: bad}), solver, LIMITS, deadline=time.monotonic() - 1)
    assert tried == 1


@pytest.mark.parametrize(
    "text",
    [
        *("hats[1] <= 3", "min(hats, caps) <= 3", "hats*caps <= 9", "hats/caps >= 2", "hats != 3"),
        *("sum(hats for i in S) <= 3", "x[zebras] = 3", "hats <= 1/0", "hats <= 'a'", "3 <= 5"),
        *("1 < hats < 5", "hats <= 10**400", "(hats <= 3) <= 4", "count(hats) <= 3", "_ <= 3"),
        *("hats > 1e300", "bound(hats) <= 3", "[v for v in hats] <= 3", "hours < 0.5"),
        *("hats[hats] = 3", "caps >= hours", "hats == hats", "hats**2 <= 4", "objective[hats] = 3"),
    ],
)
def test_whatever_a_reading_says_the_trial_ends_as_data(text: str, solver: SolverProcess) -> None:
    trial = try_combination(readings({2: [(text, 5)]}), (0, 0, 0, 0, 0), solver, LIMITS)
    assert (trial.fault is None) == (trial.solution is not None)
    assert trial.score.level in range(4)


@pytest.mark.parametrize(
    "goal",
    [
        *("maximize 5", "maximize hats*caps", "maximize effort", "maximize 'a'", "maximize hats/0"),
        *(
            "maximize min(hats, caps)",
            "maximize hats <= 3",
            "minimize (hats, caps)",
            "maximize sum",
        ),
    ],
)
def test_whatever_a_goal_says_the_trial_ends_as_data(goal: str, solver: SolverProcess) -> None:
    of = readings(goal=[(goal, 5)])
    trial = try_combination(of, (0, 0, 0, 0, 0), solver, LIMITS)
    assert (trial.fault is None) == (trial.solution is not None)


def test_agreement_is_that_of_the_place_the_answer_hangs_on(solver: SolverProcess) -> None:
    of = readings(
        {2: [("hours <= 60", 3), ("hours <= 50", 2)], 3: [("caps >= 4", 4)]},
    )
    best = try_combination(of, (0, 0, 0, 0, 0), solver, LIMITS)
    others = alternatives(of, best, solver, LIMITS)
    assert sum(item.weight for item in others) == of.samples - 1
    assert best.cir is not None and best.solution is not None
    # Two of five samples read another number of hours; all but one are at one about the caps.
    found = agreement_of(best.cir, best.solution, others)
    assert found.votes == 5.0
    assert found.same_optimum == pytest.approx(3 / 5)


def test_what_could_not_be_compared_in_time_agrees_with_nobody(solver: SolverProcess) -> None:
    of = readings({2: [("hours <= 60", 3), ("2*hats + 3*caps <= 60", 2)]})
    best = try_combination(of, (0, 0, 0, 0, 0), solver, LIMITS)
    assert best.cir is not None and best.solution is not None
    late = alternatives(of, best, solver, LIMITS, deadline=time.monotonic())
    assert {item.outcome for item in late} == {Outcome.OPTIMAL, Outcome.LIMIT}
    assert agreement_of(best.cir, best.solution, late).same_optimum == pytest.approx(3 / 5)


def test_other_words_for_the_same_plan_agree(solver: SolverProcess) -> None:
    of = readings({2: [("hours <= 60", 3), ("2*hats + 3*caps <= 60", 2)]})
    best = try_combination(of, (0, 0, 0, 0, 0), solver, LIMITS)
    assert best.cir is not None and best.solution is not None
    found = agreement_of(best.cir, best.solution, alternatives(of, best, solver, LIMITS))
    assert found.same_optimum == 1.0


def test_a_place_that_the_budget_left_with_one_sample_is_no_evidence_and_no_disagreement(
    solver: SolverProcess,
) -> None:
    of = readings({2: [("hours <= 60", 1)]})
    once = tuple(replace(item, asked=1) for item in of.options[2])
    of = replace(of, options=(*of.options[:2], once, *of.options[3:]))
    best = try_combination(of, of.best, solver, LIMITS)
    assert best.cir is not None and best.solution is not None
    others = alternatives(of, best, solver, LIMITS)
    assert agreement(best.cir, best.solution, others).passed is None
    # A place where most samples disagree counts before it.
    apart = options(("caps >= 4", 2), ("caps >= 5", 3))
    of = replace(of, options=(*of.options[:3], apart))
    found = agreement(best.cir, best.solution, alternatives(of, best, solver, LIMITS))
    assert found.passed is False and found.details["votes"] == 5.0


def test_samples_that_agree_in_no_place_with_the_answer_are_counted_as_such(
    solver: SolverProcess,
) -> None:
    of = readings({2: [("hours <= 60", 3), ("hours <= 50", 2)]})
    best = try_combination(of, (0, 0, 1, 0, 0), solver, LIMITS)
    assert best.cir is not None and best.solution is not None
    found = agreement_of(best.cir, best.solution, alternatives(of, best, solver, LIMITS))
    assert found.same_optimum == pytest.approx(2 / 5)


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=3).filter(lambda votes: sum(votes) <= 5),
    st.lists(st.integers(0, 5), min_size=1, max_size=3).filter(lambda votes: sum(votes) <= 5),
)
def test_every_sample_of_the_place_is_one_alternative(votes: list[int], more: list[int]) -> None:
    def listed(texts: list[str], votes: list[int]) -> list[tuple[str, int]]:
        return sorted(zip(texts, votes, strict=False), key=lambda item: -item[1])

    of = readings(
        {
            2: listed(["effort <= 60", "effort <= 50", "effort <= 40"], votes),
            3: listed(["effort >= 4", "effort >= 3", "effort >= 2"], more),
        }
    )
    # None of these can be solved, so no solver is asked.
    with SolverProcess() as idle:
        best = try_combination(of, (0, 0, 0, 0, 0), idle, LIMITS)
        others = alternatives(of, best, idle, LIMITS)
    assert sum(item.weight for item in others) == of.samples - 1
