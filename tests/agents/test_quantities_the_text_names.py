"""Quantities that the text names by symbols or in a list, and when they are taken for decisions."""

from __future__ import annotations

import pytest

from r2c.agents.plain.roster_vote import best_roster, said_of
from r2c.agents.plain.stated import listed_choices, names_all, run_choices, stated_choices
from r2c.agents.roster import Choice
from r2c.problem.read import read_problem

TEAMS = read_problem("Team $X$ and team $Y$ share 40 hours. Team X costs $8 an hour, team Y $6.")
CREW = read_problem(
    "A captain can hire sailors Ann, Bo, and Cy. Ann costs $5, Bo costs $6 and Cy costs $7. Which "
    "sailors should the captain hire to minimize the cost?"
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (TEAMS.text, ["x", "y"]),
        (
            "Units of x1, x2 and $x_3$: x1 costs 3, x2 costs 4 and x_{3} costs 5.",
            ["x1", "x2", "x3"],
        ),
        ("A box of 3 x 4 x 5 feet.", []),
        ("Product X sells. Product X is dear.", []),
        ("The x-ray and the y-axis, an x-ray and a y-axis.", []),
    ],
)
def test_symbols_named_repeatedly_are_quantities(text: str, names: list[str]) -> None:
    assert [choice.name for choice in stated_choices(read_problem(text))] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Two of the candidates A, B, and C are hired.",
            ["candidate_a", "candidate_b", "candidate_c"],
        ),
        (
            "There are four foods: Rice, Black Beans, Eggs and Tofu.",
            ["rice", "black_beans", "eggs", "tofu"],
        ),
        ("There are foods: Rice, Rice, and Rice.", []),
        ("Ann, Bo and Cy travel.", []),
        ("They make desks and shelves.", []),
    ],
)
def test_a_list_behind_its_noun_names_things(text: str, names: list[str]) -> None:
    found = listed_choices(read_problem(text), chooses=True)
    assert [choice.name for choice in found] == names


def test_what_is_run_for_an_hour_is_a_quantity() -> None:
    text = "Running mill 1 for an hour costs $5. Running mill 2 for 1 hour costs $6. Mill 3 rests."
    assert [str(choice) for choice in run_choices(read_problem(text))] == [
        "mill_1: hours mill 1 runs",
        "mill_2: hours mill 2 runs",
    ]
    assert run_choices(read_problem("Running mill 1 for an hour costs $5.")) == ()
    products = (Choice("mill", "mill"), Choice("costs", "what it is"))
    assert [c.name for c in best_roster([products] * 5, read_problem(text))] == ["mill_1", "mill_2"]


def test_what_the_text_names_is_taken_when_the_samples_are_in_doubt() -> None:
    total = (Choice("total_cost", "total cost in dollars"),)
    named = (Choice("x", "hours of team x"), Choice("y", "hours of team y"))
    assert [c.name for c in best_roster([total] * 5, TEAMS)] == ["x", "y"]
    assert best_roster([named] * 3 + [total] * 2, TEAMS) == named
    sailors = (Choice("sailors", "number of sailors"),)
    costs = (Choice("cost", "cost"), Choice("hire", "who"))
    assert [c.name for c in best_roster([sailors] * 2 + [costs] * 3, CREW)] == ["ann", "bo", "cy"]


FUND = read_problem("""A fund has $9 to invest. How does it maximize the value?

| Investment | Value | Outlay |
|------------|-------|--------|
| 1          | 16    | 5      |
| 2          | 22    | 7      |
""")


def test_rows_of_a_table_are_decisions_where_samples_name_its_columns() -> None:
    columns = (Choice("value", "value of it"), Choice("outlay", "cash that is spent"))
    assert [str(choice) for choice in best_roster([columns] * 5, FUND)] == [
        "investment_1: 1 if investment 1 is chosen",
        "investment_2: 1 if investment 2 is chosen",
    ]
    named = (Choice("fund", "dollars of the fund"), Choice("invest", "dollars to invest"))
    assert set(best_roster([named] * 5, FUND)) == set(named)


def test_sure_samples_are_followed_even_where_the_text_has_symbols() -> None:
    text = "Machines X and Y make hats and caps. Hats take 2 hours on X and 3 on Y; caps 1 on X."
    hats = (Choice("hats", "number of hats"), Choice("caps", "number of caps"))
    assert best_roster([hats] * 5, read_problem(text)) == hats


def test_totals_are_no_decisions_unless_there_is_nothing_else() -> None:
    total = Choice("profit", "total profit")
    hats = Choice("hats", "number of hats")
    problem = read_problem("How many hats make the largest profit?")
    assert best_roster([(hats, total)] * 5, problem) == (hats,)
    assert best_roster([(total,)] * 5, problem) == (total,)


def test_a_symbol_may_be_part_of_a_name() -> None:
    x, y = stated_choices(TEAMS)
    assert names_all((x, y), frozenset({"team_x", "team_y"}))
    assert not names_all((x, y), frozenset({"team_x", "total"}))
    assert set(said_of((x, y), TEAMS)) == {"x", "y"}


SNACKS = """A walker packs from four snacks: Figs, Nuts, Oatcakes and Bars.

- Figs: they have 4 grams of fibre and 9 grams of sugar, at 30 cents.
- Nuts: with 3 grams of fibre and 1 gram of sugar they cost 55 cents.
- Oatcakes: these hold 5 grams of fibre and cost 20 cents.
- Bars: each has 2 grams of fibre and 14 grams of sugar and costs 80 cents.

At least 30 grams of fibre and 40 grams of sugar are needed. What is the least cost?
"""


def test_what_a_list_tells_of_each_stated_thing_is_not_decided() -> None:
    told = (Choice("fibre", "grams of fibre"), Choice("sugar", "grams of sugar"))
    problem = read_problem(SNACKS)
    assert [c.name for c in best_roster([told] * 5, problem)] == [
        "figs",
        "nuts",
        "oatcakes",
        "bars",
    ]


def test_things_that_a_list_does_not_tell_of_stay_decided() -> None:
    others = (Choice("lamps", "number of lamps"), Choice("ropes", "number of ropes"))
    text = SNACKS.replace(
        "What is", "The lamps weigh 3 kg and ropes 2 kg, at most 9 kg in all. What is"
    )
    found = best_roster([others] * 5, read_problem(text))
    assert [c.name for c in found] == ["lamps", "ropes"]


RESOURCES = """There are three resources: Wood, Labor and Paint.

- Wood: 5 feet per chair and 8 per table.
- Labor: 2 hours per chair and 3 per table.
- Paint: 1 liter per chair and 2 per table.

How many chairs and tables should be made to maximize profit?
"""
MACHINES = """There are three machines: Saw, Lathe and Press.

- Saw: a chair takes 2 hours and a table 3, 40 hours are available.
- Lathe: a chair takes 1 hour and a table 2, 30 hours are available.
- Press: a chair takes 1 hour and a table 1, 20 hours are available.

What is the most profit?
"""


@pytest.mark.parametrize("text", [RESOURCES, MACHINES])
def test_a_list_of_resources_does_not_hide_what_they_are_used_for(text: str) -> None:
    made = (Choice("chairs", "number of chairs"), Choice("tables", "number of tables"))
    found = best_roster([made] * 5, read_problem(text))
    assert [choice.name for choice in found] == ["chairs", "tables"]
