"""Numbers for pairs of places that a text tells in sentences are a table, if none is left over."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from r2c.problem.read import read_problem
from r2c.problem.schema import Table

TOUR = """A piano tuner drives to four towns, Town 1 to Town 4, once each.

{facts}

Which order is the shortest?"""
COSTS = {
    ("Town 1", "Town 2"): 9.0,
    ("Town 1", "Town 3"): 7.0,
    ("Town 2", "Town 1"): 9.5,
    ("Town 2", "Town 3"): 4.0,
    ("Town 3", "Town 1"): 1200.0,
    ("Town 3", "Town 2"): 5.0,
}
WAYS = [
    # origin, (end, number) ...
    """The trip from Town 1 to Town 2 costs 9 pounds, to Town 3 it is 7 pounds.
From Town 2 to Town 1 is 9.5 pounds, and to Town 3 is 4 pounds.
From Town 3 to Town 1 is 1,200 pounds and to Town 2 is 5 pounds.""",
    # origin, (number, end) ..., after a bullet
    """- From Town 1, it costs 9 to reach Town 2 and 7 to go on to Town 3.
- From Town 2, the costs are 9.5 to Town 1 and 4 to Town 3.
- Lastly, leaving Town 3 it costs 1,200 back to Town 1 and 5 to Town 2.""",
    # (origin, end, number) ... in one sentence
    """The costs are as follows: Town 1 to Town 2 costs 9, Town 1 to Town 3 costs 7, Town 2 to
Town 1 costs 9.5, Town 2 to Town 3 costs 4, Town 3 to Town 1 costs 1,200, Town 3 to Town 2
costs 5.""",
    # a number before both, bare marks are no help here; mixed orders; an end named first
    """1. It costs 9 to get from Town 1 to Town 2 and 7 to Town 3.
2. From Town 2, Town 1 is 9.5 away, and 4 it is to Town 3.
3. To reach Town 1 from Town 3, the cost is 1,200.
4. From Town 3 to Town 2 it is 5.""",
]


def only(text: str) -> Table:
    (table,) = read_problem(text).tables
    return table


def pairs(table: Table) -> dict[tuple[object, object], object]:
    return {(row[0], row[1]): row[2] for row in table.rows}


@pytest.mark.parametrize("facts", WAYS)
def test_all_orders_of_places_and_numbers_come_to_one_table(facts: str) -> None:
    problem = read_problem(TOUR.format(facts=facts))
    (table,) = problem.tables
    assert [column.name for column in table.columns][:2] == ["town", "to_town"]
    assert pairs(table) == COSTS
    # The sentences around it stay sentences, those of the table do not.
    assert len(problem.sentences) == 2
    assert table.spans is not None
    for row, spans in zip(table.rows, table.spans, strict=True):
        written = [problem.quote(span).replace(",", "") for span in spans]
        assert written[:2] == list(row[:2])
        assert float(written[2]) == row[2]


def test_bare_marks_and_listed_names_are_places_too() -> None:
    marked = only("""Roads join depots. From Depot A to B is 3 km, to C is 4 km. From Depot B to A
is 3 km and to C is 5 km. From Depot C to A is 4 km and to B is 5 km. Which is best?""")
    assert marked.columns[2].name == "distance"
    assert set(pairs(marked)) == set(permutations(["Depot A", "Depot B", "Depot C"], 2))
    named = only("""There are three harbours: Lerwick, Stromness and Wick.
The fare from Lerwick to Stromness is 30, and to Wick is 45.
From Stromness the fare is 30 to Lerwick and 12 to Wick.
From Wick it is 45 to Lerwick and 12 to Stromness.
Which way is cheapest?""")
    assert [column.name for column in named.columns] == ["harbour", "to_harbour", "cost"]
    assert pairs(named)["Wick", "Stromness"] == 12.0


def test_pairs_of_two_sets_keep_both() -> None:
    table = only("""Shipping a ton from Plant 1 to Market A costs 4, to Market B costs 6 and to
Market C costs 9. Shipping a ton from Plant 2 to Market A costs 5, to Market B costs 3 and to
Market C costs 7. How much goes where?""")
    assert [column.name for column in table.columns] == ["plant", "market", "cost"]
    assert len(table.rows) == 6


def test_names_of_two_words_stay_whole() -> None:
    table = only("""The time between places: From Data Center 1 to Data Center 2 is 3 hours, to Data
Center 3 is 4 hours. From Data Center 2 to Center 1 is 3 hours, to Data Center 3 is 5 hours. From
Data Center 3 to Data Center 1 is 4 hours, to Center 2 is 5 hours. What is best?""")
    assert table.columns[0].name == "data_center"
    assert ("Data Center 2", "Data Center 1") in pairs(table)


def test_a_distance_between_two_places_holds_both_ways() -> None:
    table = only("""Between Farm 1 and Farm 2 lie 3 km. Between Farm 1 and Farm 3 lie 8 km. Between
Farm 2 and Farm 3 lie 6 km. Which road is best?""")
    assert pairs(table)["Farm 3", "Farm 1"] == pairs(table)["Farm 1", "Farm 3"] == 8.0


@pytest.mark.parametrize(
    "facts",
    [
        """- **From Town 1**:
  - To Town 2: Fare = **9**, Load = 40 hours
  - To Town 3: Fare = **7**, Load = 30 hours
- **From Town 2**:
  - To Town 1: Fare = **9.5**, Load = 20 hours
  - To Town 3: Fare = **4**, Load = 50 hours
- **From Town 3**:
  - To Town 1: Fare = **1,200**, Load = 10 hours
  - To Town 2: Fare = **5**, Load = 60 hours""".replace("Load", "Time"),
        "The fare from Town 1 to Town 2 is 9, and it takes a time of 40. From Town 1 to Town 3, the"
        " fare is 7 and the time is 30. From Town 2 to Town 1, the fare is 9.5, with a time of 20."
        " From Town 2 to Town 3, the fare is 4, with a time of 50. From Town 3 to Town 1, the fare"
        " is 1,200, with a time of 10. From Town 3 to Town 2, the fare is 5, with a time of 60.",
    ],
)
def test_two_numbers_for_each_pair_are_two_columns(facts: str) -> None:
    table = only(TOUR.format(facts=facts))
    assert [column.name for column in table.columns] == ["town", "to_town", "cost", "time"]
    assert pairs(table) == COSTS
    assert [row[3] for row in table.rows] == [40.0, 30.0, 20.0, 50.0, 10.0, 60.0]


@pytest.mark.parametrize(
    "facts",
    [
        # two numbers for one pair
        "From Town 1 to Town 2 it is 9, to Town 3 it is 7, to Town 4 it is 2. From Town 1 to Town 2"
        " it is 8, to Town 3 it is 7, to Town 4 it is 2. From Town 2 to Town 1 it is 9.",
        # a number that belongs to no pair
        "From Town 1 to Town 2 it is 9, to Town 3 it is 7. From Town 2 to Town 1 it is 9 at 80%, to"
        " Town 3 it is 4. From Town 3 to Town 1 it is 12, to Town 2 it is 5.",
        # a sentence in the middle that says it in a way that is not understood
        "From Town 1 to Town 2 it is 9, to Town 3 it is 7. Town 2 and Town 1 and Town 3: 9 and 4."
        " From Town 3 to Town 1 it is 12, to Town 2 it is 5. From Town 4 to Town 1 it is 2, to Town"
        " 2 it is 3, to Town 3 it is 4.",
        # too few to be a table
        "From Town 1 to Town 2 it is 9. From Town 2 to Town 1 it is 8.",
    ],
)
def test_what_does_not_fit_stays_sentences(facts: str) -> None:
    assert read_problem(TOUR.format(facts=facts)).tables == ()


def test_ordinary_sentences_with_numbers_are_no_tables() -> None:
    text = """A firm makes chairs and desks. A chair takes 3 hours on Machine 1 and 2 hours on
Machine 2, a desk takes 4 hours on Machine 1 and 1 hour on Machine 2. Machine 1 has 40 hours and
Machine 2 has 30 hours. How many of each should be made?"""
    assert read_problem(text).tables == ()


@given(st.data())
def test_a_matrix_that_is_told_is_read_back(data: st.DataObject) -> None:
    places = [f"Site {mark}" for mark in data.draw(st.sampled_from(["123", "1234", "BDFH"]))]
    told: dict[tuple[str, str], float] = {}
    lines = []
    for origin in places:
        ends = data.draw(st.permutations([place for place in places if place != origin]))
        parts = []
        numbers_first = data.draw(st.booleans())
        for end in ends:
            value = data.draw(st.integers(1, 5000))
            told[origin, end] = float(value)
            parts.append(f"{value} units to {end}" if numbers_first else f"to {end} is {value}")
        lines.append(f"From {origin} it costs " + ", ".join(parts[:-1]) + f" and {parts[-1]}.")
    text = "A courier visits sites.\n\n" + "\n".join(lines) + "\n\nWhat is the best tour?"
    assert pairs(only(text)) == told


def test_what_places_have_and_need_is_a_table_beside_the_ways_between_them() -> None:
    ways = WAYS[0].replace("pounds", "dollars")
    has = """Town 1 currently has 115 wagons but needs 200. Town 2 has a surplus of 30 wagons (it
can give 30 to others), and Town 3 is balanced."""
    problem = read_problem(TOUR.format(facts=f"{has}\n\n{ways}"))
    items, _ = problem.tables
    assert [column.name for column in items.columns] == ["town", "supply", "demand"]
    assert items.rows == (("Town 1", 115.0, 200.0), ("Town 2", 30.0, 0.0), ("Town 3", 0.0, 0.0))
    alone = read_problem(TOUR.format(facts=has))
    assert alone.tables == ()
    assert any("surplus" in sentence.text for sentence in alone.sentences)


def test_a_place_that_has_and_needs_nothing_is_one_of_the_places() -> None:
    facts = "Town 1 needs 4 wagons. Town 3 has 4 wagons. Town 4 has 2 wagons."
    ways = " ".join(
        f"From Town {one} it costs "
        + ", ".join(f"{k} to Town {k}" for k in range(1, 5) if k != one)
        + "."
        for one in range(1, 5)
    )
    items, _ = read_problem(TOUR.format(facts=f"{facts}\n\n{ways}")).tables
    assert items.rows[-1] == ("Town 2", 0.0, 0.0)


def test_a_need_for_something_else_is_no_table_of_places() -> None:
    facts = WAYS[0] + "\n\nTown 1 costs 30. Town 2 costs 40. Town 3 costs 50."
    assert len(read_problem(TOUR.format(facts=facts)).tables) == 1


@pytest.mark.parametrize(
    "facts",
    [
        # a rule in the very sentence
        WAYS[0].replace("From Town 2 to", "The road to Town 1 must not be used, from Town 2 to"),
        # one quantity in two units
        "From Town 1 to Town 2 it takes 90 minutes, to Town 3 it takes 2 hours. From Town 2 "
        "to Town 1 it takes 90 minutes, to Town 3 it takes 40 minutes. From Town 3 to Town 1 "
        "it takes 2 hours, to Town 2 it takes 40 minutes.",
        # limits that look alike
        "From Town 1 to Town 2 at most 9 carts go, to Town 3 at most 7. From Town 2 to Town 1 "
        "at most 9, to Town 3 at most 4. From Town 3 to Town 1 at most 12, to Town 2 at most "
        "5.",
        # two numbers in changing order
        "From Town 1 to Town 2, the fare is 9, with a time of 40. From Town 1 to Town 3, the "
        "time is 30, with a fare of 7. From Town 2 to Town 1, the fare is 9, with a time of "
        "20. From Town 2 to Town 3, the fare is 4, with a time of 50. From Town 3 to Town 1, "
        "the fare is 12, with a time of 10. From Town 3 to Town 2, the fare is 5, with a time "
        "of 60.",
    ],
)
def test_a_table_never_swallows_rules_units_or_another_order(facts: str) -> None:
    assert read_problem(TOUR.format(facts=facts)).tables == ()


def test_one_way_roads_have_no_way_back() -> None:
    facts = """Roads are one-way and fares are not symmetric. From Farm 1 to Farm 2 it costs 3, to
Farm 3 it costs 8, to Farm 4 it costs 9. From Farm 2 to Farm 3 it costs 6, to Farm 4 it costs 2.
From Farm 3 to Farm 4 it costs 5. Which way is best?"""
    assert ("Farm 2", "Farm 1") not in pairs(only(facts))


def test_a_bare_mark_goes_to_the_one_noun_that_has_it() -> None:
    table = only("""Plant X and Plant Y ship to Market A, Market B and Market C. From Plant X to A
it costs 3, to B it costs 4, to C it costs 5. From Plant Y to A it costs 6, to B it costs 2, to C it
costs 8. What is best?""")
    assert {row[1] for row in table.rows} == {"Market A", "Market B", "Market C"}


def test_a_capacity_is_no_supply_of_a_place() -> None:
    facts = "Town 1 has a capacity of 40 tons. Town 2 needs 20 tons. Town 3 needs 30 tons."
    tables = read_problem(TOUR.format(facts=f"{facts}\n\n{WAYS[0]}")).tables
    assert [table.columns[-1].name for table in tables] == ["cost"]
