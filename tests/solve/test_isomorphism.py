"""Models are one if only names, orders, scales and sides differ, and two if a number does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from r2c.solve.isomorphism import correspondence
from r2c.solve.matrix import Goal, Matrix


def matrix(
    rows: list[tuple[float, list[float], float]],
    cost: list[float],
    upper: list[float],
    *,
    sense: str = "max",
    squares: dict[tuple[int, int], float] | None = None,
) -> Matrix:
    """A model of `low <= terms <= high`, all variables whole and not negative."""
    dense = np.array([terms for _, terms, _ in rows], np.float64).reshape(len(rows), len(cost))
    at = [np.flatnonzero(row) for row in dense]
    pairs = squares or {}
    return Matrix(
        lower=np.zeros(len(cost)),
        upper=np.array(upper, np.float64),
        integer=np.ones(len(cost), np.bool_),
        starts=np.cumsum([0, *map(len, at)]).astype(np.int32),
        columns=np.concatenate([[], *at]).astype(np.int32),
        values=np.concatenate([[], *(row[own] for row, own in zip(dense, at, strict=True))]),
        row_lower=np.array([low for low, _, _ in rows], np.float64),
        row_upper=np.array([high for _, _, high in rows], np.float64),
        goals=(
            Goal(
                sense="max" if sense == "max" else "min",
                offset=0.0,
                cost=np.array(cost, np.float64),
                first=np.array([i for i, _ in pairs], np.int32),
                second=np.array([j for _, j in pairs], np.int32),
                weights=np.array(list(pairs.values()), np.float64),
            ),
        ),
    )


def shuffled(model: Matrix, seed: int) -> tuple[Matrix, np.ndarray]:
    """The model with its columns and rows in another order, and rows scaled and turned around."""
    random = np.random.default_rng(seed)
    to = random.permutation(model.shape[1])
    back = np.argsort(to)
    rows = []
    for i in random.permutation(model.shape[0]):
        part = slice(model.starts[i], model.starts[i + 1])
        terms = np.zeros(model.shape[1])
        terms[to[model.columns[part]]] = model.values[part]
        factor = float(random.choice([-3.0, 0.5, 1.0, 7.0]))
        ends = sorted((factor * model.row_lower[i], factor * model.row_upper[i]))
        rows.append((ends[0], list(factor * terms), ends[1]))
    (goal,) = model.goals
    pairs = zip(goal.first.tolist(), goal.second.tolist(), goal.weights.tolist(), strict=True)
    squares = {(int(min(to[i], to[j])), int(max(to[i], to[j]))): -weight for i, j, weight in pairs}
    return matrix(
        rows, list(-goal.cost[back]), list(model.upper[back]),
        sense="min" if goal.sense == "max" else "max", squares=squares,
    ), to  # fmt: skip


@st.composite
def models(draw: st.DrawFn) -> Matrix:
    """Small models with few different numbers, so that many columns look alike."""
    size = draw(st.integers(1, 6))
    few = st.sampled_from([0.0, 0.0, 1.0, -1.0, 2.0])
    row = st.tuples(
        st.sampled_from([-np.inf, 0.0, 2.0]), st.lists(few, min_size=size, max_size=size),
        st.sampled_from([np.inf, 2.0, 5.0]),
    )  # fmt: skip
    pair = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)).map(
        lambda of: (min(of), max(of))
    )
    return matrix(
        draw(st.lists(row, max_size=5)),
        draw(st.lists(few, min_size=size, max_size=size)),
        draw(st.lists(st.sampled_from([1.0, 4.0]), min_size=size, max_size=size)),
        squares=draw(st.dictionaries(pair, st.sampled_from([1.0, 3.0]), max_size=3)),
    )


@given(models(), st.integers(0, 99))
def test_a_model_in_another_order_and_turned_around_is_found_again(
    model: Matrix, seed: int
) -> None:
    other, _ = shuffled(model, seed)
    found = correspondence(model, other)
    assert found is not None
    assert sorted(found) == list(range(model.shape[1]))
    moved = replace(
        model, lower=other.lower, upper=other.upper, columns=found[model.columns].astype(np.int32)
    )
    x = np.random.default_rng(seed).integers(0, 5, model.shape[1]).astype(np.float64)
    assert model.goals[0].value(x[found]) == pytest.approx(-other.goals[0].value(x))
    assert np.allclose(moved.activities(x), model.activities(x[found]))


@given(models(), st.integers(0, 99), st.data())
def test_another_cost_bound_or_side_is_another_model(
    model: Matrix, seed: int, data: st.DataObject
) -> None:
    other, _ = shuffled(model, seed)
    column = data.draw(st.integers(0, model.shape[1] - 1))
    cost = other.goals[0].cost.copy()
    cost[column] += 0.25
    assert (
        correspondence(model, replace(other, goals=(replace(other.goals[0], cost=cost),))) is None
    )
    upper = other.upper.copy()
    upper[column] += 8.0
    assert sorted(upper) != sorted(model.upper)
    wider = replace(other, row_lower=np.full(other.shape[0], -np.inf),
                    row_upper=np.full(other.shape[0], np.inf), upper=upper)  # fmt: skip
    assert correspondence(model, wider) is None


def test_columns_that_look_alike_are_told_apart_by_what_they_are_in_together() -> None:
    # A ring of six and two rings of three: every column is in two rows with one other each.
    def rings(*pairs: tuple[int, int]) -> Matrix:
        rows = [(-np.inf, [float(j in pair) for j in range(6)], 1.0) for pair in pairs]
        return matrix(rows, [1.0] * 6, [1.0] * 6)

    six = rings((0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 0))
    threes = rings((0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3))
    assert correspondence(six, threes) is None
    assert correspondence(six, shuffled(six, 3)[0]) is not None


def test_a_row_of_one_variable_is_its_bound_and_a_row_told_twice_is_one() -> None:
    bound = matrix([(-np.inf, [1.0, 1.0], 9.0)], [3.0, 2.0], [4.0, np.inf])
    row = matrix(
        [(-np.inf, [2.0, 2.0], 18.0), (-np.inf, [2.0, 0.0], 9.0), (-9.0, [-1.0, -1.0], np.inf)],
        [3.0, 2.0], [np.inf, np.inf],
    )  # fmt: skip
    found = correspondence(bound, row)
    assert found is not None
    assert found.tolist() == [0, 1]
