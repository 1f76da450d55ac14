"""Intervals against published and exhaustively computed values."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from r2c_evaluation.intervals import Z, mcnemar, paired, tango, wilson


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(
    successes: int, trials: int, low: float, high: float
) -> None:
    assert wilson(successes, trials) == pytest.approx((low, high), abs=6e-5)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_mirrors_its_complement(case: tuple[int, int]) -> None:
    successes, trials = case
    low, high = wilson(successes, trials)
    assert 0 <= low <= successes / trials <= high <= 1
    mirrored = wilson(trials - successes, trials)
    assert mirrored == pytest.approx((1 - high, 1 - low))


def test_wilson_refuses_more_successes_than_trials() -> None:
    with pytest.raises(ValueError, match="3 successes in 2 trials"):
        wilson(3, 2)


@pytest.mark.parametrize(("plus", "minus"), [(0, 0), (1, 0), (3, 3), (9, 1), (2, 7), (12, 0)])
def test_mcnemar_is_the_share_of_all_splits_at_least_as_uneven(plus: int, minus: int) -> None:
    total = plus + minus
    splits = [sum(coins) for coins in itertools.product((0, 1), repeat=total)]
    extreme = [s for s in splits if abs(2 * s - total) >= abs(plus - minus)]
    assert mcnemar(plus, minus) == pytest.approx(len(extreme) / len(splits))


def test_a_clear_lead_excludes_zero_and_equal_methods_do_not() -> None:
    better = paired([True] * 30 + [False] * 10, [True] * 15 + [False] * 25)
    assert (better.only_first, better.only_second, better.both) == (15, 0, 15)
    assert better.difference == pytest.approx(0.375)
    assert better.excludes_zero and better.p < 0.001
    alike = paired([True, False] * 10, [False, True] * 10)
    assert alike.difference == 0 and not alike.excludes_zero and alike.p == 1


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_the_interval_turns_round_with_the_methods(pairs: list[tuple[bool, bool]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    one, other = paired(first, second), paired(second, first)
    assert one.difference == -other.difference and one.p == other.p
    assert one.low <= one.difference <= one.high
    assert one.low == pytest.approx(-other.high, abs=1e-9)
    assert one.low >= -1 and one.high <= 1


def likeliest(plus: int, minus: int, count: int, difference: float) -> float:
    """The share that only the second solves, if the first solves `difference` more; by search."""
    low, high = max(0.0, -difference), (1 - difference) / 2

    def likelihood(share: float) -> float:
        cells = ((plus, share + difference), (minus, share), (count - plus - minus, None))
        return sum(
            times * math.log(max(1e-300, 1 - 2 * share - difference if p is None else p))
            for times, p in cells
            if times
        )

    for _ in range(200):
        third = (high - low) / 3
        if likelihood(low + third) < likelihood(high - third):
            low += third
        else:
            high -= third
    return (low + high) / 2


@pytest.mark.parametrize(
    ("plus", "minus", "count"), [(9, 2, 60), (4, 1, 60), (25, 3, 60), (0, 7, 20), (3, 3, 9)]
)
def test_at_its_ends_the_observed_difference_is_just_as_far_as_z(
    plus: int, minus: int, count: int
) -> None:
    for end, level in zip(tango(plus, minus, count), (Z, -Z), strict=True):
        share = likeliest(plus, minus, count, end)
        variance = count * (2 * share + end - end * end)
        assert (plus - minus - count * end) / math.sqrt(variance) == pytest.approx(level, rel=1e-4)


@pytest.mark.parametrize(("plus", "minus", "told"), [(4, 0, False), (7, 1, False), (25, 3, True)])
def test_few_problems_that_only_one_solves_prove_nothing(plus: int, minus: int, told: bool) -> None:
    rest = 60 - plus - minus
    first = [True] * plus + [False] * (minus + rest)
    second = [False] * plus + [True] * minus + [False] * rest
    assert paired(first, second).excludes_zero is told
