"""The Reflector names what to read again, each thing once, and then has nothing more to say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from readings_of_a_shop import readings

from r2c.agents.plain.assemble import UNKNOWN_MEASURE
from r2c.agents.reflector import diagnose, key
from r2c.agents.verifier import Trial
from r2c.formulation import Outcome, Solution
from r2c.verdict.rank import Score

PICKS = (0, 0, 0, 0, 0)
TRIALS = [
    Trial(PICKS, Score(1, 5.0), solution=Solution(outcome=Outcome.INFEASIBLE)),
    Trial(PICKS, Score(1, 5.0), solution=Solution(outcome=Outcome.UNBOUNDED)),
    Trial(PICKS, Score(1, 5.0), solution=Solution(outcome=Outcome.LIMIT)),
    Trial(PICKS, Score(2, 5.0), solution=Solution(outcome=Outcome.OPTIMAL)),
    Trial(PICKS, Score(0, 5.0), fault=UNKNOWN_MEASURE.fault(name="effort", known="hours")),
    Trial(
        PICKS,
        Score(3, 5.0, findings={"unused_number": 2}),
        solution=Solution(outcome=Outcome.OPTIMAL),
    ),
]
UNSURE = {2: [("hours <= 60", 3), ("hours >= 60", 2)], 3: [("caps >= 4", 4), ("none", 1)]}


def test_an_answer_without_findings_is_left_alone() -> None:
    fine = Trial(PICKS, Score(3, 5.0, findings={"unused_number": 0}))
    assert diagnose(readings(UNSURE), fine, []) is None


@pytest.mark.parametrize(
    ("trial", "words"),
    list(
        zip(
            TRIALS,
            [
                *("No plan keeps all rules", "has no limit", "The outcome is limit", "do nothing"),
                *("limits or optimizes 'effort'", "unused number"),
            ],
            strict=True,
        )
    ),
)
def test_the_reason_is_told_and_what_is_least_certain_is_read_first(
    trial: Trial, words: str
) -> None:
    found = diagnose(readings(UNSURE), trial, [])
    assert found is not None
    assert words in found.reason
    misnamed = trial.fault is not None
    assert (found.stage, found.place) == (("decisions", 1) if misnamed else ("sentence", 2))


def test_after_the_unsure_sentences_come_the_goal_and_the_decisions() -> None:
    looked: list[str] = []
    while found := diagnose(readings(UNSURE), TRIALS[0], looked):
        looked.append(key(found))
    assert looked == ["sentence 2", "sentence 3", "objective 0", "decisions 0"]


def test_findings_of_a_plan_do_not_put_the_decisions_into_question() -> None:
    assert diagnose(readings(), TRIALS[5], []) is None


VOTES = st.lists(
    st.tuples(st.sampled_from(["none", "caps >= 4", "hours <= 60"]), st.integers(0, 5)),
    min_size=1,
    max_size=3,
    unique_by=lambda item: item[0],
).map(lambda found: sorted(found, key=lambda item: -item[1]))


@given(st.dictionaries(st.integers(0, 3), VOTES), st.lists(st.sampled_from(TRIALS), min_size=40))
def test_it_always_comes_to_an_end_and_never_says_the_same_twice(
    changed: dict[int, list[tuple[str, int]]], trials: list[Trial]
) -> None:
    of = readings(changed)
    looked: list[str] = []
    for trial in trials:
        found = diagnose(of, trial, looked)
        if found is None:
            continue
        assert key(found) not in looked
        looked.append(key(found))
    # Each sentence, the objective and the decisions once.
    assert len(looked) <= len(of.clauses) + 3
