"""Numbers told member by member, things counted up, and captions: declared without a model."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from r2c.agents.indexed.tables import data_of
from r2c.agents.written.series import enumerations, numbers_left, series_in
from r2c.agents.written.settled import settled
from r2c.problem.read import read_problem

PLANT = (
    "A plant runs 2 kilns (Alpha and Beta) for 3 days. The cost of firing is €40 for Alpha and "
    "€55 for Beta. Also, the demand for tiles is 30 tonnes on day 1, 45 tonnes on day 2 and 20 "
    "tonnes on day 3. A tile weighs 2 kg. At least 9 tiles are packed."
)


def declared(text: str) -> list[str]:
    problem = read_problem(text)
    return [str(item) for item in settled(problem, data_of(problem)).nouns]


def test_numbers_told_member_by_member_are_declared_over_their_set() -> None:
    assert declared(PLANT) == [
        "kiln in Kilns: Alpha, Beta",
        "cost_firing[kiln] = 40, 55",
        "day in Days: 1, 2, 3",
        "demand_tiles[day] = 30, 45, 20",
    ]


def test_what_stands_in_no_series_is_left() -> None:
    problem = read_problem(PLANT)
    spans = settled(problem, data_of(problem)).spans
    assert numbers_left(problem, spans) == (2.0, 3.0, 9.0)


def test_a_set_of_a_table_is_the_set_of_a_series_whatever_the_order() -> None:
    text = (
        "The rent is 5 for West, 7 for Mid and 6 for East.\n\n| depot | room |\n|---|---|\n"
        "| East | 40 |\n| West | 50 |\n| Mid | 60 |\n\nWhich depots should be rented?"
    )
    data = data_of(read_problem(text))
    assert [str(given) for given in data.given.values()] == ["room[depot]", "rent[depot]"]
    assert declared(text) == []  # it is a table already


@pytest.mark.parametrize(
    "text",
    [
        "The price is 5 for apples. It is 6 for pears.",  # one number a sentence
        "They need 5 days for apples, pears take 6 days.",
        "The price is 5 for apples and 6 for apples.",  # one member twice
        "Costs (purchasing, holding and waste) matter.",  # how many there are is not said
        "There are 4 costs (purchasing, holding and waste).",
        "The price is 5 for week 1, 6 for week 3 and 7 for week 4.",  # a gap
    ],
)
def test_other_sentences_declare_nothing(text: str) -> None:
    assert declared(text) == []


def test_series_and_enumerations_are_found_where_they_stand() -> None:
    problem = read_problem(PLANT)
    assert list(enumerations(problem)) == [("kilns", ("Alpha", "Beta"))]
    first, second = series_in(problem)
    assert problem.quote(first.span) == "40 for Alpha and €55 for Beta"
    assert (second.topic, second.values) == ("demand tiles", (30.0, 45.0, 20.0))


MATRIX = "| depot | valley | forest |\n|---|---|---|\n| Gat | 3 | 4 |\n| Den | 5 | 6 |\n"
ITEMS = "| product | profit | hours |\n|---|---|---|\n| bread | 4 | 2 |\n| cake | 7 | 3 |\n"


def given_in(lead: str, table: str) -> list[str]:
    text = f"A firm plans ahead. {lead}\n\n{table}\nFind the best plan."
    return [str(given) for given in data_of(read_problem(text)).given.values()]


@pytest.mark.parametrize(
    ("lead", "said"),
    [
        ("The rent by depot and region:", "rent[depot, region]"),
        (
            "So much for that.\n\nThe delivery cost per tonne in € by depot (rows) and region "
            "(columns):",
            "delivery_cost_per_tonne[depot, region]",
        ),
        ("The cost from depot (rows) to region (columns):", "cost[depot, region]"),
    ],
)
def test_a_caption_says_what_a_matrix_is_about(lead: str, said: str) -> None:
    assert given_in(lead, MATRIX) == [said]


@pytest.mark.parametrize(
    "lead",
    [
        "The following goods are shipped by truck and rail:",
        "Data were collected by Miller and Sons:",
        "All orders must be filled by Monday and Tuesday.",
        "Profit and hours by product and week:",
        "The figures by product and plant.",
    ],
)
def test_ordinary_sentences_are_no_captions(lead: str) -> None:
    assert given_in(lead, ITEMS) == ["profit[product]", "hours[product]"]


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("The file f.csv gives the rent for each depot and region.", ["rent[depot, region]"]),
        (
            "f.csv lists the rent in € by depot (rows) and region (columns).",
            ["rent[depot, region]"],
        ),
        ("f.csv gives the rent for each depot and the forest that it serves.", None),
        ("f.csv lists rent for every depot and is complete.", None),
        ("old-f.csv gives the rent for each depot and region.", None),
        ("f.csv gives a" + 3000 * " " + "rent", None),
    ],
)
def test_the_words_about_a_file_name_its_matrix(
    words: str, given: list[str] | None, tmp_path: Path
) -> None:
    (tmp_path / "f.csv").write_text("depot,valley,forest\nGat,3,4\nDen,5,6\n")
    began = time.process_time()
    data = data_of(read_problem(f"Open depots. {words} Spend little.", [tmp_path / "f.csv"]))
    wanted = ["valley[depot]", "forest[depot]"] if given is None else given
    assert [str(one) for one in data.given.values()] == wanted
    assert time.process_time() - began < 20


def test_two_numbered_columns_are_two_sets(tmp_path: Path) -> None:
    rows = [f"{machine},{week},{machine + week}" for machine in (1, 2, 3) for week in (1, 2, 3)]
    (tmp_path / "costs.csv").write_text("\n".join(["machine,week,cost", *rows]))
    data = data_of(read_problem("Plan machines by week.", [tmp_path / "costs.csv"]))
    assert [str(one) for one in data.given.values()] == ["cost[machine, week]"]
    assert [axis.members for axis in data.axes.values()] == [("1", "2", "3")] * 2


def test_a_captioned_matrix_has_its_names_whatever_its_headings() -> None:
    problem = read_problem(
        "Open depots.\n\nThe distance in km by depot (rows) and region (columns):\n\n"
        "| depot | valley | forest |\n|---|---|---|\n| Gat | 3 | 4 |\n| Den | 5 | 6 |\n"
    )
    data = data_of(problem)
    assert str(data.given["distance"]) == "distance[depot, region]"
    assert data.axes["region"].members == ("valley", "forest")


def test_headings_that_number_a_known_set_are_that_set() -> None:
    problem = read_problem(
        "| year | budget |\n|---|---|\n| 1 | 70 |\n| 2 | 80 |\n\nThe cost:\n\n"
        "| project | year 1 | year 2 |\n|---|---|---|\n| dam | 3 | 4 |\n| road | 5 | 6 |\n"
    )
    data = data_of(problem)
    assert list(data.axes) == ["year", "project"]
    assert data.given["cost"].axes == ("project", "year")


def test_a_matrix_may_stand_the_other_way_round_than_one_before_it() -> None:
    problem = read_problem(
        "The need by shift and day:\n\n| shift | Mon | Tue |\n|---|---|---|\n| early | 3 | 4 |\n"
        "| late | 5 | 6 |\n\nThe pay by day and shift:\n\n| day | early | late |\n|---|---|---|\n"
        "| Mon | 7 | 8 |\n| Tue | 9 | 10 |\n"
    )
    given = data_of(problem).given
    assert (given["need"].axes, given["pay"].axes) == (("shift", "day"), ("day", "shift"))
    assert given["pay"].parameter.over == ("Days", "Shifts")
