"""Numbers that sentences tell member by member are tables, if more than one thing tells of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from r2c.problem.read import read_problem
from r2c.problem.schema import Table
from r2c.problem.told_series import is_series

RENT = "The weekly rent is €84 for Denholm, €104 for Fairlea and €1,350.50 for Harwood."
ROOM = "The room is 12 pallets for Denholm, 9 pallets for Fairlea and 30 pallets for Harwood."


def tables(text: str) -> dict[str, list[tuple[object, ...]]]:
    return {table.name: list(table.rows) for table in read_problem(text).tables}


def told(text: str) -> list[Table]:
    return [table for table in read_problem(text).tables if is_series(table)]


def test_sentences_about_the_same_members_are_tables_named_after_their_measures() -> None:
    found = told(f"A chain looks at 3 depots: Denholm, Fairlea and Harwood. {RENT} {ROOM}")
    assert [table.name for table in found] == ["weekly_rent", "room"]
    assert found[0].rows == (("Denholm", 84.0), ("Fairlea", 104.0), ("Harwood", 1350.5))
    assert [column.name for column in found[1].columns] == ["depot", "room"]
    assert [table.columns[1].unit for table in found] == ["€", "pallets"]


def test_one_sentence_alone_stays_a_sentence() -> None:
    assert tables(f"A chain has depots. {RENT} Which are kept?") == {}


def test_a_table_of_the_same_members_makes_a_table_of_the_sentence() -> None:
    pipe = "\n\n| depot | age |\n|---|---|\n| Fairlea | 3 |\n| Denholm | 4 |\n| Harwood | 5 |\n"
    assert list(tables(f"Look: {pipe}\n{RENT}\n")) == ["look", "weekly_rent"]


def test_members_in_turn_are_read_as_well() -> None:
    text = f"{RENT} The crews of Denholm, Fairlea and Harwood are 5, 4 and 7 people, respectively."
    assert tables(text)["crews"] == [("Denholm", 5.0), ("Fairlea", 4.0), ("Harwood", 7.0)]


def test_bullets_and_speakers_do_not_matter() -> None:
    assert list(tables(f"- {RENT}\n- {ROOM}\n")) == ["weekly_rent", "room"]
    assert list(tables(f"Planner: {RENT}\nAnalyst: Noted.\nPlanner: {ROOM}\n")) == [
        "weekly_rent",
        "room",
    ]


def test_numbered_members_are_named_by_their_noun_and_a_percentage_keeps_its_sign() -> None:
    (first, second) = told(
        "The loss is 4% for line 1 and 2.5% for line 2. The speed is 9 m for line 1 and 8 m for"
        " line 2."
    )
    assert [column.name for column in first.columns] == ["line", "loss"]
    assert (first.rows[0], first.columns[1].unit) == (("line 1", 4.0), "%")
    assert second.rows[1] == ("line 2", 8.0)


@pytest.mark.parametrize(
    "other",
    [
        "The price must be 5 for Denholm, 6 for Fairlea and 7 for Harwood.",  # a rule
        "The price is 5 for Denholm, 6 for Fairlea and 7 for Harwood, so the boss says.",
        "The price is 5 for Denholm, 6 for Denholm and 7 for Harwood.",  # one member twice
        "The prices of Denholm, Fairlea and Harwood are 5 and 6, respectively.",  # too few
        "The price is 5 for Denholm, 6 trucks for Fairlea and 7 kg for Harwood.",  # units differ
    ],
)
def test_other_sentences_stay_sentences(other: str) -> None:
    assert list(tables(f"{RENT} {ROOM} {other}")) == ["weekly_rent", "room"]


NAMES = st.lists(
    st.sampled_from(["Alder", "Birk", "Crow Hill", "Dee", "Elm Row"]), min_size=2, unique=True
)


@given(NAMES, st.data())
def test_every_series_that_is_written_is_read_again(names: list[str], data: st.DataObject) -> None:
    values = data.draw(
        st.lists(
            st.integers(0, 10**6).map(lambda n: n / 4), min_size=len(names), max_size=len(names)
        )
    )

    def sentence(measure: str) -> str:
        parts = [f"{value:,.2f} kg for {name}" for name, value in zip(names, values, strict=True)]
        return f"The {measure} is {', '.join(parts[:-1])} and {parts[-1]}."

    found = tables(f"{sentence('first load')} {sentence('second load')}")
    assert found["first_load"] == found["second_load"] == list(zip(names, values, strict=True))
