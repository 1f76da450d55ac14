"""The Reflector names what to read again, each thing once, and then has nothing more to say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from readings_of_a_shop import readings

from r2c.agents.against import against
from r2c.agents.plain.assemble import UNKNOWN_MEASURE
from r2c.agents.reflector import diagnose, key
from r2c.agents.verifier import Picks, Readings, Trial, try_combination
from r2c.formulation import Outcome, Solution
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.verdict.findings import Finding
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


def found_in(of: Readings, picks: Picks = PICKS) -> tuple[Trial, tuple[Finding, ...]]:
    with SolverProcess() as process:
        trial = try_combination(of, picks, process, Limits(seconds=20))
        return trial, against(of, trial, process, Limits(seconds=20))


def test_a_sentence_whose_number_is_lost_is_read_again_though_all_samples_agreed() -> None:
    of = readings({3: [("none", 5)]})
    trial, found = found_in(of)
    assert trial.score.level == 3
    said = diagnose(of, trial, [], found)
    assert said is not None and (said.stage, said.place) == ("sentence", 3)
    assert said.reason == "The model does not use 4 of this sentence."


def test_a_number_that_was_read_and_is_used_by_nothing_is_no_fault_of_its_sentence() -> None:
    of = readings({2: [("none", 5)]})  # without the limit nothing needs the hours of a hat
    trial, found = found_in(of)
    places, looked = [], list[str]()
    while said := diagnose(of, trial, looked, found):
        looked.append(key(said))
        places.append((said.stage, said.place))
    assert places[0] == ("sentence", 2)
    assert ("sentence", 0) not in places


def test_clashing_rules_are_read_again_only_where_a_sample_read_otherwise() -> None:
    clash = {2: [("hours <= 6", 5)], 3: [("caps >= 4", 4), ("caps <= 4", 1)]}
    of = readings(clash)
    trial, found = found_in(of)
    assert trial.solution is not None and trial.solution.outcome is Outcome.INFEASIBLE
    worst = found[0]
    assert worst.check == "infeasible" and set(worst.sentences) == {3, 4}
    assert "'There are at most 60 hours.'" in worst.message
    said = diagnose(of, trial, [], found)
    assert said is not None and (said.stage, said.place) == ("sentence", 3)
    agreed = readings({2: [("hours <= 6", 5)]})
    trial, found = found_in(agreed)
    looked = list[str]()
    while said := diagnose(agreed, trial, looked, found):
        looked.append(key(said))
    assert "sentence 3" not in looked


def test_a_goal_without_limit_names_what_can_grow() -> None:
    of = readings({2: [("hours >= 60", 5)]})
    trial, found = found_in(of)
    assert trial.solution is not None and trial.solution.outcome is Outcome.UNBOUNDED
    told = next(item for item in found if item.check == "unbounded")
    assert "can grow for ever" in told.message and told.about == "objective"
    turned = next(item for item in found if item.check == "direction")
    assert (turned.sentences, found.index(turned) < found.index(told)) == ((3,), True)


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
