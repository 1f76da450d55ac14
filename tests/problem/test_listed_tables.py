"""Lists of alike entries are tables; other lists stay sentences."""

from __future__ import annotations

import pytest

from r2c.problem.read import read_problem

FEEDS = """A stable mixes feeds:

- Oats: 11 grams of protein and 60 grams of starch for $3.
- Bran: For $2 it gives 15 grams of protein and 20 grams of starch.
- Peas: 22 grams of protein, and 1,045 grams of starch, at a price of $4.5

At least 200 grams of protein are needed."""
PIPES = """Water flows:

- From Tank 1 (Source): to Tank 2 (14 liters), and Main Tank 3 (6 liters). None to Tank 4.
- From Tank 2: to Main Tank 3 (3 liters) and Tank 4 (2.5 liters).
- From Main Tank 3: to Tank 4 (9 liters).
- Tank 4 (Sink) only receives.
"""


def test_entries_that_say_the_same_things_are_rows() -> None:
    problem = read_problem(FEEDS)
    (table,) = problem.tables
    assert [column.name for column in table.columns] == ["item", "protein", "starch", "cost"]
    assert table.rows == (
        ("Oats", 11.0, 60.0, 3.0),
        ("Bran", 15.0, 20.0, 2.0),
        ("Peas", 22.0, 1045.0, 4.5),
    )
    assert [sentence.text for sentence in problem.sentences] == [
        "A stable mixes feeds:",
        "At least 200 grams of protein are needed.",
    ]


def test_a_measure_may_be_cut_short_in_later_entries() -> None:
    (table,) = read_problem(FEEDS.replace("15 grams of protein", "15 grams of proteins")).tables
    assert [column.name for column in table.columns] == ["item", "protein", "starch", "cost"]
    assert table.rows[1] == ("Bran", 15.0, 20.0, 2.0)


def test_every_cell_has_its_place_in_the_text() -> None:
    for text in (FEEDS, PIPES):
        problem = read_problem(text)
        (table,) = problem.tables
        assert table.spans is not None
        for row, spans in zip(table.rows, table.spans, strict=True):
            for cell, span in zip(row, spans, strict=True):
                written = problem.quote(span).replace(",", "")
                assert written == cell or float(written) == cell


def test_connections_between_places_are_pairs() -> None:
    (table,) = read_problem(PIPES + "How can it flow?").tables
    assert [column.name for column in table.columns] == ["tank", "to_tank", "capacity"]
    assert table.rows == (
        ("Tank 1", "Tank 2", 14.0),
        ("Tank 1", "Main Tank 3", 6.0),
        ("Tank 2", "Main Tank 3", 3.0),
        ("Tank 2", "Tank 4", 2.5),
        ("Main Tank 3", "Tank 4", 9.0),
    )


def test_a_heading_names_the_numbers_of_a_list() -> None:
    problem = read_problem("""Opening Costs for Each Depot (in dollars):
- Depot 1: $151,000
- Depot 2: $92,000.50
- Depot 3: $7

Freight Per Pallet from Each Depot to Shops:
- From Depot 1: $3 to Shop 1, $4 to Shop 2
- From Depot 2: $5 to Shop 1, $2 to Shop 2
- From Depot 3: $1 to Shop 1, $9 to Shop 2

Given Data:
- Number of depots: 3
- Number of shops: 2
- Days: 5
""")
    opening, freight = problem.tables
    assert [column.name for column in opening.columns] == ["depot", "opening_costs"]
    assert opening.rows == (("Depot 1", 151000.0), ("Depot 2", 92000.5), ("Depot 3", 7.0))
    assert [column.name for column in freight.columns] == ["depot", "shop", "freight"]
    assert freight.rows[-1] == ("Depot 3", "Shop 2", 9.0)


@pytest.mark.parametrize(
    "changed",
    [
        ("60 grams of starch for", "for"),
        ("15 grams of protein", "15 grams of fat"),
        ("- Bran", "- Oats"),
        ("11 grams of protein", "11 grams of protein, 12 grams of protein"),
        ("- Bran: For", "- For"),
    ],
)
def test_entries_that_differ_stay_sentences(changed: tuple[str, str]) -> None:
    problem = read_problem(FEEDS.replace(*changed))
    assert problem.tables == ()
    assert len(problem.sentences) == 5
