"""Whether confidence puts right answers first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from r2c_evaluation.ranking import auroc

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
