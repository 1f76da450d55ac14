"""Brier score, calibration error, risk over coverage and the bound of wrong answers."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from r2c_evaluation.calibration import (
    brier,
    calibration_error,
    most_wrong,
    reliability,
    risk_over_coverage,
)

ANSWERS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


def test_what_is_always_sure_and_right_has_no_error() -> None:
    assert brier([1.0, 1.0, 0.0], [True, True, False]) == 0
    assert calibration_error([1.0, 1.0, 0.0], [True, True, False]) == 0


def test_half_confidence_in_anything_has_a_brier_score_of_a_quarter() -> None:
    assert brier([0.5] * 4, [True, False, False, True]) == 0.25


def test_bins_hold_as_many_answers_each_in_order_of_confidence() -> None:
    found = reliability([0.9, 0.1, 0.8, 0.2], [True, False, False, False], bins=2)
    assert [item[0] for item in found] == [2, 2]
    assert found[0][1:] == pytest.approx((0.15, 0.0))
    assert found[1][1:] == pytest.approx((0.85, 0.5))


def test_risk_is_that_of_the_most_confident_and_ties_stay_together() -> None:
    found = risk_over_coverage([0.9, 0.5, 0.5, 0.1], [True, False, True, False])
    assert found == ((0.25, 0.0), (0.75, 1 / 3), (1.0, 0.5))


def test_none_wrong_of_59_bounds_the_share_at_five_per_cent_and_of_58_not() -> None:
    assert most_wrong(0, 59) == pytest.approx(1 - 0.05 ** (1 / 59))
    assert most_wrong(0, 59) < 0.05 < most_wrong(0, 58)
    assert most_wrong(3, 3) == most_wrong(0, 0) == 1.0


@given(st.integers(0, 30), st.integers(1, 60))
def test_the_bound_is_where_so_few_wrong_ones_are_seen_one_time_in_twenty(
    wrong: int, count: int
) -> None:
    wrong = min(wrong, count - 1)
    share = most_wrong(wrong, count)
    seen = sum(
        math.comb(count, k) * share**k * (1 - share) ** (count - k) for k in range(wrong + 1)
    )
    assert seen == pytest.approx(0.05, abs=1e-9)
    assert share > wrong / count


@given(ANSWERS)
def test_all_kept_is_the_share_of_all_wrong_ones(answers: list[tuple[float, bool]]) -> None:
    confidence, right = [c for c, _ in answers], [r for _, r in answers]
    kept, risk = risk_over_coverage(confidence, right)[-1]
    assert kept == 1.0
    assert risk == pytest.approx(right.count(False) / len(right))
    assert 0 <= calibration_error(confidence, right) <= 1


def test_confidences_and_answers_that_do_not_pair_are_refused() -> None:
    with pytest.raises(ValueError, match="2 confidences for 1 answers"):
        brier([0.1, 0.2], [True])
    with pytest.raises(ValueError, match="wrong of"):
        most_wrong(3, 2)
