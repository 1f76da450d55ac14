"""Error bars of families of questions: equal to the plain ones where nothing belongs together."""

from __future__ import annotations

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from r2c_evaluation.clustered import FEWEST, clustered_difference, clustered_mean

VALUES = st.lists(st.booleans().map(float), min_size=2, max_size=40)


@given(VALUES)
def test_with_one_question_a_family_the_error_is_that_of_the_central_limit_theorem(
    values: list[float],
) -> None:
    found = clustered_mean(values, range(len(values)))
    assert found.error == pytest.approx(statistics.stdev(values) / math.sqrt(len(values)))
    assert found.value == pytest.approx(statistics.fmean(values))
    if found.low is None or found.high is None:
        assert found.clusters < FEWEST or found.error == 0
    else:
        assert found.low <= found.value <= found.high


@given(VALUES, st.integers(2, 5))
def test_copies_of_a_question_add_nothing_to_what_is_known(values: list[float], times: int) -> None:
    once = clustered_mean(values, range(len(values)))
    copies = [value for value in values for _ in range(times)]
    families = [number for number in range(len(values)) for _ in range(times)]
    assert clustered_mean(copies, families).error == pytest.approx(once.error, abs=1e-12)


def test_a_difference_that_is_the_same_everywhere_has_no_error() -> None:
    found = clustered_difference([1, 1, 1], [0, 0, 0], "abc")
    assert (found.value, found.error, found.clusters) == (1, 0, 3)


@pytest.mark.parametrize(("values", "families"), [([], []), ([1.0], ["a", "b"])])
def test_values_without_families_are_refused(values: list[float], families: list[str]) -> None:
    with pytest.raises(ValueError, match="clusters"):
        clustered_mean(values, families)


def test_fewer_than_five_clusters_have_no_interval() -> None:
    one = clustered_difference([1, 1, 1, 1], [0, 0, 0, 0], "aaaa")
    assert (one.value, one.low, one.high, one.clusters) == (1, None, None, 1)
    assert clustered_mean([0, 1, 0, 1], "abcd").low is None
    assert clustered_mean([0] * 9, range(9)).low is None
    five = clustered_mean([0, 1, 0, 1, 1], "abcde")
    assert five.high is not None and five.high - five.value == pytest.approx(
        2.776445 * statistics.stdev([0, 1, 0, 1, 1]) / math.sqrt(5), rel=1e-6
    )
