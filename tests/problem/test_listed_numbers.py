"""A list becomes a table only with every number of its lines, each as the reader reads it."""

from __future__ import annotations

import pytest

from r2c.problem.read import read_problem

HUBS = """Goods are shipped:

- From Hub 1: to Hub 2 (18,000 tons), to Hub 3 (6,000 tons).
- From Hub 2: to Hub 1 (2,000 tons), to Hub 3 (3,500 tons).
- From Hub 3: to Hub 1 (4,000 tons), to Hub 2 (5,500 tons).
"""
OATS = "A stable mixes feeds:\n\n- Oats: {}.\n- Bran: {}.\n- Peas: {}.\n"


def test_thousands_in_a_list_of_connections_are_thousands() -> None:
    problem = read_problem(HUBS)
    (table,) = problem.tables
    assert table.columns[-1].unit == "tons"
    assert [row[-1] for row in table.rows] == [18000.0, 6000.0, 2000.0, 3500.0, 4000.0, 5500.0]
    assert [q.value for q in problem.quantities if q.unit == "tons"] == [
        18000.0, 6000.0, 2000.0, 3500.0, 4000.0, 5500.0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "values"),
    [
        ("11 grams of protein and 60% starch for $3", [11, 0.6, 3]),
        ("11 grams of protein and 2.5k grams of starch for $3", [11, 2500, 3]),
        ("11 grams of protein and 5 thousand grams of starch for $3", [11, 5000, 3]),
        ("11g of protein, 4 grams of starch, for $3", [11, 4, 3]),
    ],
)
def test_a_list_with_a_number_that_no_cell_can_hold_stays_sentences(
    entry: str, values: list[float]
) -> None:
    problem = read_problem(OATS.format(entry, entry, entry))
    assert problem.tables == ()
    assert [q.value for q in problem.quantities] == pytest.approx(values * 3)


def test_a_range_is_not_read_as_its_first_number() -> None:
    text = "Demands:\n\n- Shop 1: 0-600 units\n- Shop 2: 0-500 units\n- Shop 3: 0-700 units\n"
    problem = read_problem(text)
    assert problem.tables == ()
    assert {600.0, 500.0, 700.0} <= {q.value for q in problem.quantities}


def test_the_columns_of_a_list_keep_the_units_of_their_numbers() -> None:
    entries = [f"{n} grams of protein and {2 * n} calories for ${n}" for n in (11, 15, 22)]
    (table,) = read_problem(OATS.format(*entries)).tables
    assert [(c.name, c.unit) for c in table.columns] == [
        ("item", None), ("protein", "grams"), ("calories", "calories"), ("cost", "$"),
    ]  # fmt: skip
