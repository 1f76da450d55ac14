"""Judging: what trust evidence gives, and how candidates of one problem are put in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from small_problems import CARPENTER, Solved, carpenter, rule, solved

from r2c.archetypes.load import standard_library
from r2c.cir.canonical import digest
from r2c.formulation import Evidence, Outcome, Solution, Trust
from r2c.problem import read_problem
from r2c.problem.schema import Problem
from r2c.verdict.agreement import agreement, agreement_of
from r2c.verdict.alternative import Alternative
from r2c.verdict.confidence import standard_calibration
from r2c.verdict.judge import Verdict, judge, verdict_of
from r2c.verdict.rank import Score, Weights, score_candidate
from r2c.verdict.raw_score import raw_score
from r2c.verdict.trust import MAY_BE_SILENT, MISSING, trust

LIBRARY = standard_library()
PROBLEM = read_problem(CARPENTER)
RULES = carpenter().model_dump(mode="json")["rules"]
RIGHT = solved(carpenter())
SAME = Alternative("other text", RIGHT.solution.objective, Outcome.OPTIMAL)
OTHER = Alternative("wrong", 1.0, Outcome.OPTIMAL)


MEASURED = standard_calibration().model_copy(update={"verified_from": 0.9})


def judged(answer: Solved, *alternatives: Alternative, problem: Problem = PROBLEM) -> Verdict:
    return judge(problem, answer.cir, answer.solution, answer.instance, LIBRARY, alternatives)


def test_the_right_model_with_agreement_is_verified() -> None:
    found = judge(
        PROBLEM, RIGHT.cir, RIGHT.solution, RIGHT.instance, LIBRARY, (SAME, SAME),
        calibration=MEASURED,
    )  # fmt: skip
    assert found.trust is Trust.VERIFIED, found.message


def test_nothing_is_verified_before_enough_answers_have_been_measured() -> None:
    found = judged(RIGHT, SAME, SAME, SAME, SAME)
    assert standard_calibration().verified_from is None
    assert found.trust is Trust.PLAUSIBLE
    assert "All checks have been passed, and the confidence is 98.6%" in found.message


def test_without_other_formulations_nothing_is_verified() -> None:
    assert judged(RIGHT).trust is Trust.PLAUSIBLE
    assert judged(RIGHT, SAME).trust is Trust.PLAUSIBLE


def test_a_minority_answer_is_only_plausible() -> None:
    found = judged(RIGHT, OTHER, OTHER)
    assert found.trust is Trust.PLAUSIBLE
    assert "1 of 3 readings" in found.message


def test_a_dropped_rule_is_not_verified_even_if_all_agree() -> None:
    answer = solved(carpenter(rules=RULES[:2]))
    same = Alternative(digest(answer.cir), answer.solution.objective, Outcome.OPTIMAL, 4.0)
    found = judged(answer, same)
    assert found.trust is Trust.PLAUSIBLE
    assert "No more than 30 stools" in found.message


@pytest.mark.parametrize(
    "wrong",
    [
        rule("sales", "No more than 30 stools can be sold.", "stools >= 30"),
        rule("sales", "No more than 30 stools can be sold.", "stools <= 31"),
    ],
)
def test_a_turned_limit_or_an_invented_number_is_rejected_unless_many_agree(
    wrong: dict[str, object],
) -> None:
    answer = solved(carpenter(rules=[*RULES[:2], wrong]))
    assert judged(answer, OTHER, OTHER).trust is Trust.REJECTED
    same = Alternative(digest(answer.cir), answer.solution.objective, Outcome.OPTIMAL)
    assert judged(answer, same, same).trust is Trust.PLAUSIBLE


def test_a_plan_that_breaks_a_rule_is_rejected_without_a_second_solve() -> None:
    bad = RIGHT.solution.model_copy(update={"objective": 9999.0, "bound": None})
    found = judge(PROBLEM, RIGHT.cir, bad, RIGHT.instance, LIBRARY, [SAME, SAME])
    assert found.trust is Trust.REJECTED
    assert "not 9999" in found.message
    assert "domains" not in {item.check for item in found.evidence}


def test_a_solver_that_contradicts_itself_makes_the_answer_suspect() -> None:
    doubt = RIGHT.solution.model_copy(update={"notes": ("solver_suspect: it wavered.",)})
    found = judge(PROBLEM, RIGHT.cir, doubt, RIGHT.instance, LIBRARY, [SAME, SAME])
    assert found.trust is Trust.SOLVER_SUSPECT


def test_an_infeasible_problem_whose_checks_are_passed_is_plausible() -> None:
    text = CARPENTER.replace("At least 6 shelves", "At least 60 shelves")
    rules = [
        RULES[0],
        rule("order", "At least 60 shelves must be made.", "shelves >= 60"),
        RULES[2],
    ]
    answer = solved(carpenter(rules=rules), text)
    assert answer.solution.outcome is Outcome.INFEASIBLE
    same = Alternative("another", None, Outcome.INFEASIBLE)
    found = judged(answer, same, same, problem=read_problem(text))
    # How often an "infeasible" is right has never been measured, so it is not verified.
    assert found.trust is Trust.PLAUSIBLE
    assert found.message.startswith("All checks have been passed, but how often"), found.message


def test_a_reading_with_votes_has_a_confidence_and_a_model_by_hand_has_none() -> None:
    found = judged(RIGHT, SAME, SAME)
    assert found.confidence is not None and 0.5 < found.confidence < 1
    assert "not calibrated" not in found.message
    alone = judged(RIGHT)
    assert alone.confidence is None
    assert "not calibrated" in alone.message


def test_the_other_reading_is_solved_by_the_solver_that_is_given() -> None:
    asked: list[object] = []

    def solver(model: object, instance: object, seconds: float) -> Solution:
        asked.append(model)
        return Solution(outcome=Outcome.OPTIMAL, objective=600.0)

    found = judge(PROBLEM, RIGHT.cir, RIGHT.solution, RIGHT.instance, LIBRARY, [], solver=solver)
    assert asked
    by_check = {item.check: item for item in found.evidence}
    assert by_check["domains"].details["other"] == 600.0


def evidence(**passed: bool | None) -> dict[str, Evidence]:
    full: Mapping[str, bool | None] = {
        "solver_trust": True, "recheck": True, "number_coverage": True, "direction": True,
        "sentence_coverage": True, "agreement": True, "degenerate": True,
        **dict.fromkeys(MAY_BE_SILENT, True),
    }  # fmt: skip
    return {
        name: Evidence(check=name, passed=value, message=name)
        for name, value in {**full, **passed}.items()
    }


@pytest.mark.parametrize(
    ("outcome", "passed", "expected"),
    [
        (Outcome.OPTIMAL, {}, Trust.VERIFIED),
        (Outcome.OPTIMAL, {"direction": None}, Trust.VERIFIED),
        (Outcome.OPTIMAL, {"logic": None, "units": None, "domains": None}, Trust.VERIFIED),
        (Outcome.OPTIMAL, {"sentence_coverage": False}, Trust.PLAUSIBLE),
        (Outcome.OPTIMAL, {"sentence_coverage": None}, Trust.PLAUSIBLE),
        (Outcome.OPTIMAL, {"degenerate": False}, Trust.PLAUSIBLE),
        (Outcome.OPTIMAL, {"degenerate": None}, Trust.PLAUSIBLE),
        (Outcome.OPTIMAL, {"solver_trust": None}, Trust.PLAUSIBLE),
        (Outcome.OPTIMAL, {"logic": False}, Trust.PLAUSIBLE),
        (Outcome.OPTIMAL, {"operands": False}, Trust.PLAUSIBLE),
        (Outcome.OPTIMAL, {"scope": False}, Trust.PLAUSIBLE),
        (Outcome.OPTIMAL, {"conversions": None}, Trust.VERIFIED),
        (Outcome.OPTIMAL, {"units": False}, Trust.PLAUSIBLE),
        (Outcome.OPTIMAL, {"a_check_of_tomorrow": False}, Trust.PLAUSIBLE),
        (Outcome.OPTIMAL, {"number_coverage": False}, Trust.PLAUSIBLE),
        (Outcome.OPTIMAL, {"number_coverage": None}, Trust.PLAUSIBLE),
        (Outcome.OPTIMAL, {"agreement": None}, Trust.PLAUSIBLE),
        (Outcome.OPTIMAL, {"domains": False}, Trust.PLAUSIBLE),
        (Outcome.OPTIMAL, {"recheck": None}, Trust.PLAUSIBLE),
        (Outcome.OPTIMAL, {"direction": False}, Trust.PLAUSIBLE),
        (Outcome.OPTIMAL, {"direction": False, "agreement": False}, Trust.REJECTED),
        (Outcome.OPTIMAL, {"recheck": False}, Trust.REJECTED),
        (Outcome.OPTIMAL, {"recheck": False, "solver_trust": False}, Trust.SOLVER_SUSPECT),
        (Outcome.INFEASIBLE, {"recheck": None, "domains": None}, Trust.VERIFIED),
        (
            Outcome.INFEASIBLE,
            {"recheck": None, "domains": None, "degenerate": None, "solver_trust": None},
            Trust.VERIFIED,
        ),
        (Outcome.INFEASIBLE, {"degenerate": False}, Trust.PLAUSIBLE),
        (Outcome.INFEASIBLE, {"recheck": None, "domains": False}, Trust.PLAUSIBLE),
        (Outcome.UNBOUNDED, {"recheck": None, "agreement": None}, Trust.REJECTED),
        (Outcome.UNBOUNDED, {"recheck": None}, Trust.PLAUSIBLE),
        (Outcome.FEASIBLE, {}, Trust.PLAUSIBLE),
        (Outcome.LIMIT, {"recheck": None}, Trust.PLAUSIBLE),
        (Outcome.UNSUPPORTED, {}, Trust.REJECTED),
        (Outcome.NEEDS_INPUT, {}, Trust.PLAUSIBLE),
    ],
)
def test_the_table_of_trust(outcome: Outcome, passed: Any, expected: Trust) -> None:
    assert trust(outcome, evidence(**passed))[0] is expected


@pytest.mark.parametrize("name", sorted(evidence()))
def test_no_check_may_be_left_out_of_a_verified_plan(name: str) -> None:
    found = evidence()
    del found[name]
    level, reason = trust(Outcome.OPTIMAL, found)
    assert level is Trust.PLAUSIBLE
    assert reason == f"The check {name} was not made."


def test_a_check_that_applies_and_could_not_be_made_is_no_silence() -> None:
    found = evidence()
    for details, expected in (({}, Trust.VERIFIED), ({MISSING: True}, Trust.PLAUSIBLE)):
        message = "It took too long."
        found["domains"] = Evidence(check="domains", passed=None, message=message, details=details)
        assert trust(Outcome.OPTIMAL, found)[0] is expected


def test_a_sentence_that_no_rule_comes_from_keeps_the_answer_from_being_verified() -> None:
    more = read_problem(CARPENTER + " The varnish must not be green.")
    found = judged(RIGHT, SAME, SAME, problem=more)
    assert found.trust is Trust.PLAUSIBLE
    assert "The varnish must not be green." in found.message


def test_a_rule_with_invented_words_keeps_the_answer_from_being_verified() -> None:
    rules = [*RULES[:2], rule("sales", "Nobody wants over 30 stools.", "stools <= 30")]
    more = read_problem(CARPENTER.replace("No more than 30 stools can be sold.", "About 30 sell."))
    found = judged(solved(carpenter(rules=rules)), SAME, SAME, problem=more)
    assert found.trust is Trust.PLAUSIBLE
    assert "1 quote is not the words of the problem" in found.message


def test_a_choice_that_was_read_as_two_rows_is_not_verified() -> None:
    text = CARPENTER.replace(
        "At least 6 shelves must be made. No more than 30 stools can be sold.",
        "Either at least 6 shelves or at least 30 stools must be made.",
    )
    quote = "Either at least 6 shelves or at least 30 stools must be made."
    rules = [RULES[0], rule("a", quote, "shelves >= 6"), rule("b", quote, "stools >= 30")]
    answer = solved(carpenter(rules=rules), text)
    same = Alternative("other", answer.solution.objective, Outcome.OPTIMAL, 4.0)
    found = judged(answer, same, problem=read_problem(text))
    assert found.trust is Trust.PLAUSIBLE
    assert quote in found.message


def test_without_alternatives_no_digest_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(cir: object) -> str:
        raise AssertionError("a digest was computed")

    monkeypatch.setattr("r2c.verdict.agreement.digest", refuse)
    assert judged(RIGHT).trust is Trust.PLAUSIBLE
    with pytest.raises(AssertionError, match="a digest was computed"):
        judged(RIGHT, SAME)


def test_each_failed_check_lowers_the_raw_score_and_agreement_raises_it() -> None:
    full = raw_score(Outcome.OPTIMAL, tuple(evidence().values()))
    for name in evidence():
        if name == "agreement":
            continue
        less = evidence(**{name: False})
        assert raw_score(Outcome.OPTIMAL, tuple(less.values())) < full
    shares = [
        raw_score(Outcome.OPTIMAL, [agreement(RIGHT.cir, RIGHT.solution, others)])
        for others in ([OTHER, OTHER], [SAME, OTHER], [SAME, SAME], [SAME] * 6)
    ]
    assert shares == sorted(set(shares))
    assert verdict_of(Outcome.UNSUPPORTED, ()).score == 0.0


def test_agreement_counts_equal_models_and_equal_optima() -> None:
    twin = Alternative(digest(RIGHT.cir), None, Outcome.LIMIT, 2.0)
    found = agreement_of(RIGHT.cir, RIGHT.solution, [twin, SAME, OTHER])
    assert (found.votes, found.same_model, found.same_optimum) == (5.0, 0.6, 0.8)
    assert agreement(RIGHT.cir, RIGHT.solution, [SAME]).passed is None
    assert agreement(RIGHT.cir, RIGHT.solution, [SAME, OTHER, OTHER]).passed is False
    alone = agreement(RIGHT.cir, RIGHT.solution, [OTHER, OTHER])
    assert alone.message.startswith("Where they differ most, 1 of 3 readings comes to this")


def score(answer: Solved, votes: float = 1.0, weights: Weights | None = None) -> Score:
    return score_candidate(PROBLEM, answer.cir, answer.solution, votes=votes, weights=weights)


def test_the_right_model_outranks_each_planted_mistake() -> None:
    right = score(RIGHT)
    assert right.level == 3
    assert set(right.findings.values()) == {0}
    sales = "No more than 30 stools can be sold."
    mistakes = {
        "unused_number": RULES[:2],
        "direction_conflict": [*RULES[:2], rule("sales", sales, "stools >= 30")],
        "invented_number": [*RULES[:2], rule("sales", sales, "stools <= 47")],
        "combined_number": [*RULES[:2], rule("sales", sales, "stools <= 44")],
        "uncovered_sentence": RULES[:2],
    }
    for name, rules in mistakes.items():
        wrong = score(solved(carpenter(rules=rules)))
        assert wrong.findings[name] == 1, name
        assert wrong < right


def test_results_that_are_no_plan_rank_below_every_plan_whatever_their_votes() -> None:
    poor = score(solved(carpenter(rules=[])), votes=0.0)
    infeasible = solved(carpenter(rules=[*RULES, rule("no", "", "stools + shelves >= 999")]))
    nothing = solved(carpenter(rules=[rule("none", "", "stools + shelves <= 0")]))
    assert infeasible.solution.outcome is Outcome.INFEASIBLE
    unbounded = RIGHT.solution.model_copy(update={"outcome": Outcome.UNBOUNDED, "values": {}})
    levels = [
        score_candidate(PROBLEM, RIGHT.cir, Solution(outcome=Outcome.UNSUPPORTED), votes=9).level,
        score_candidate(PROBLEM, RIGHT.cir, unbounded, votes=9.0).level,
        score(infeasible, votes=9.0).level,
        score(nothing, votes=9.0).level,
        score(RIGHT).level,
    ]
    assert levels == [0, 1, 1, 2, 3]
    assert poor.level == 1  # without rules the profit has no limit
    assert score(nothing, votes=9.0) < score(RIGHT)


def test_votes_count() -> None:
    assert score(RIGHT, votes=3.0) > score(RIGHT, votes=2.0)


def test_a_check_of_weight_zero_costs_nothing() -> None:
    dropped = solved(carpenter(rules=RULES[:2]))
    free = Weights(unused_number=0.0, uncovered_sentence=0.0)
    assert score(dropped, weights=free).value == pytest.approx(1.0)
    assert score(dropped).value < 1.0
