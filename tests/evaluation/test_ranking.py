"""Whether confidence puts right answers first."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from r2c_evaluation.ranking import auroc, auroc_difference

ANSWERS = st.lists(st.tuples(st.integers(0, 5).map(float), st.booleans()), max_size=30)


@pytest.mark.parametrize(
    ("confidence", "right", "wanted"),
    [
        ([0.9, 0.8, 0.2], [True, True, False], 1.0),
        ([0.1, 0.8], [True, False], 0.0),
        ([0.5, 0.5], [True, False], 0.5),
        ([0.9, 0.4, 0.6, 0.2], [True, True, False, False], 0.75),
        ([0.5], [True], None),
    ],
)
def test_the_area_is_the_share_of_pairs_in_order(
    confidence: list[float], right: list[bool], wanted: float | None
) -> None:
    assert auroc(confidence, right) == wanted


@given(ANSWERS)
def test_turning_the_confidence_around_turns_the_area_around(
    answers: list[tuple[float, bool]],
) -> None:
    confidence, right = [a for a, _ in answers], [b for _, b in answers]
    found, other = auroc(confidence, right), auroc([-a for a in confidence], right)
    assert (found is None) == (other is None)
    if found is not None and other is not None:
        assert found + other == pytest.approx(1)


def test_answers_without_confidence_are_refused() -> None:
    with pytest.raises(ValueError, match="2 confidences for 1"):
        auroc([0.1, 0.2], [True])


def test_the_difference_of_two_areas_covers_the_true_one_about_as_often_as_it_says() -> None:
    draw, covered, draws = np.random.default_rng(3), 0, 400
    for _ in range(draws):
        right = draw.random(120) < 0.6
        skill = np.where(right, 1.0, 0.0) + draw.normal(size=120)  # what both orders have
        first, second = skill + draw.normal(size=120), skill + draw.normal(size=120)
        found = auroc_difference(first.tolist(), second.tolist(), right.tolist())
        areas = [auroc(one.tolist(), right.tolist()) for one in (first, second)]
        assert found is not None and areas[0] is not None and areas[1] is not None
        assert found[0] == pytest.approx(areas[0] - areas[1])
        covered += found[1] <= 0 <= found[2]  # the true difference is 0
    assert 0.91 < covered / draws < 0.985


def test_one_answer_of_a_sort_tells_no_spread() -> None:
    assert auroc_difference([0.9, 0.1, 0.2], [0.5, 0.6, 0.7], [True, False, False]) is None
