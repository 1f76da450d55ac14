"""The choice among skip, 4 bits, 8 bits and full under a budget."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from r2c_training.merge.plan.certificate import TensorErrors, certify
from r2c_training.merge.plan.choose import Level, Offers, choose, choose_by_error


@st.composite
def offers(draw: st.DrawFn, most: int = 30) -> Offers:
    """Any costs and falling errors; some blocks have no packs, some no delta."""
    count = draw(st.integers(1, most))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    full = random.integers(1, 1 << 20, count).astype(float)
    costs = np.stack([np.zeros(count), full * 0.26, full * 0.51, full], axis=1).round()
    norms = random.lognormal(0, 2, count) * (random.random(count) > 0.2)
    errors = np.stack([norms, norms * 0.12, norms * 0.008, np.zeros(count)], axis=1)
    bare = random.random(count) < 0.3
    costs[bare, Level.FOUR : Level.FULL] = np.inf
    errors[bare, Level.FOUR : Level.FULL] = errors[bare, :1]
    return Offers(costs, errors)


def spent(offered: Offers, levels: np.ndarray) -> float:
    return float(offered.costs[np.arange(len(levels)), levels].sum())


def squared_error(offered: Offers, levels: np.ndarray) -> float:
    return float((offered.errors[np.arange(len(levels)), levels] ** 2).sum())


@settings(max_examples=1000, deadline=None)
@given(offers(), st.floats(0, 1.2))
def test_a_thousand_random_plans_never_spend_more_than_their_budget(
    offered: Offers, share: float
) -> None:
    budget = int(share * offered.costs[:, Level.FULL].sum())
    levels = choose(offered, budget)
    assert spent(offered, levels) <= budget
    assert (levels[offered.errors[:, 0] == 0] == Level.SKIP).all()
    if budget >= spent(offered, choose(offered, None)):
        assert squared_error(offered, levels) == 0


@settings(deadline=None)
@given(offers(), st.floats(0, 1))
def test_equal_offers_are_chosen_from_alike(offered: Offers, share: float) -> None:
    budget = int(share * offered.costs[:, Level.FULL].sum())
    assert (choose(offered, budget) == choose(offered, budget)).all()


@settings(deadline=None, max_examples=50)
@given(offers(most=4), st.floats(0.01, 1))
def test_no_choice_of_the_same_bytes_leaves_less_error(offered: Offers, share: float) -> None:
    """Everett's theorem: after any number of steps along the hull, what was spent is spent best."""
    most = share * squared_error(offered, np.zeros(len(offered.costs), np.int64))
    levels = choose_by_error(offered, lambda chosen: squared_error(offered, chosen) <= most)
    bytes_spent, error = spent(offered, levels), squared_error(offered, levels)
    for other in product(range(4), repeat=len(levels)):
        if spent(offered, np.array(other)) <= bytes_spent:
            assert squared_error(offered, np.array(other)) >= error * (1 - 1e-9)


@settings(deadline=None)
@given(offers(), st.floats(0.01, 1))
def test_the_error_that_is_asked_for_is_kept_with_the_fewest_steps(
    offered: Offers, share: float
) -> None:
    most = share * squared_error(offered, np.zeros(len(offered.costs), np.int64))
    levels = choose_by_error(offered, lambda chosen: squared_error(offered, chosen) <= most)
    assert squared_error(offered, levels) <= most


@given(st.integers(1, 6), st.integers(1, 9), st.integers(0, 2**32))
def test_no_sum_of_what_is_left_out_is_longer_than_either_bound(
    experts: int, blocks: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    parts = random.standard_normal((experts, blocks, 5)) * random.lognormal(
        0, 2, (experts, blocks, 1)
    )
    left = np.linalg.norm(parts, axis=2)
    error = float(np.linalg.norm(parts.sum(axis=0)))
    found = certify([TensorErrors(left, left, np.zeros(blocks))])
    assert error <= found.block_bound <= found.sum_bound * (1 + 1e-12)
