"""The probability that an answer is right, and when it is enough to call the answer verified."""

from __future__ import annotations

import math

import pytest

from r2c.formulation import Evidence, Outcome, Trust
from r2c.verdict.confidence import FEATURES, Calibration, features, standard_calibration
from r2c.verdict.judge import verdict_of
from r2c.verdict.trust import MAY_BE_SILENT, NEEDED, OF_A_PLAN
from r2c_evaluation.calibration import most_wrong

FITTED = Calibration(
    weights=(1.0,) + (0.0,) * (len(FEATURES) - 1),
    bias=0.0,
    verified_from=0.8,
    verified=60,
    verified_wrong=0,
    bound=0.049,
    answers=100,
    right=90,
    model="a model",
)


def passed(share: float = 1.0, votes: float = 5.0, **more: bool) -> list[Evidence]:
    found = [
        Evidence(check=check, passed=more.get(check, True), message=check)
        for check in dict.fromkeys((*NEEDED, *OF_A_PLAN, *MAY_BE_SILENT))
        if check != "agreement"
    ]
    details = {"votes": votes, "same_optimum": share, "same_model": share}
    return [*found, Evidence(check="agreement", passed=True, message="agreed", details=details)]


def test_the_confidence_is_the_logistic_of_the_weighted_features() -> None:
    known = features(Outcome.OPTIMAL, passed(0.8))
    assert known is not None
    assert known["score"] == pytest.approx(math.log(5 / 2), rel=1e-5)
    assert FITTED.confidence(known) == pytest.approx(5 / 7)


def test_each_failed_check_makes_it_less() -> None:
    clean, doubted = (
        features(Outcome.OPTIMAL, passed(**changes)) for changes in ({}, {"scope": False})
    )
    assert clean is not None and doubted is not None
    assert FITTED.confidence(doubted) < FITTED.confidence(clean)


@pytest.mark.parametrize(
    ("outcome", "evidence"),
    [
        (Outcome.OPTIMAL, passed()[:-1]),
        (Outcome.OPTIMAL, passed(votes=1.0)),
        (Outcome.INFEASIBLE, passed()),
    ],
    ids=["no readings", "one reading", "no plan"],
)
def test_what_was_never_measured_has_no_confidence(
    outcome: Outcome, evidence: list[Evidence]
) -> None:
    found = verdict_of(outcome, evidence, FITTED)
    assert found.confidence is None
    assert found.trust is not Trust.VERIFIED
    assert "not calibrated" in found.message


def test_passed_checks_without_enough_confidence_are_plausible_and_say_so() -> None:
    sure, unsure = (verdict_of(Outcome.OPTIMAL, passed(share), FITTED) for share in (1.0, 0.6))
    assert (sure.trust, unsure.trust) == (Trust.VERIFIED, Trust.PLAUSIBLE)
    assert sure.message.endswith(
        "Of 60 answers that were measured with such a confidence, none was wrong."
    )
    assert sure.confidence == pytest.approx(6 / 7, abs=1e-6)
    assert unsure.confidence == pytest.approx(4 / 7, abs=1e-6)
    assert "57%" in unsure.message and "80%" in unsure.message


def test_without_a_measured_threshold_no_reading_is_verified() -> None:
    open_ended = FITTED.model_copy(update={"verified_from": None})
    found = verdict_of(Outcome.OPTIMAL, passed(), open_ended)
    assert found.trust is Trust.PLAUSIBLE
    assert "too few such answers" in found.message


def test_the_calibration_that_travels_holds_what_it_claims() -> None:
    found = standard_calibration()
    assert len(found.weights) == len(FEATURES)
    assert found.answers >= found.right > 0 and found.model
    assert found.bound == pytest.approx(most_wrong(found.verified_wrong, found.verified), abs=1e-6)
    assert (found.bound <= 0.05) == (found.verified_from is not None)
