"""Families of decisions that a text names in full, and those that are left to the model."""

from __future__ import annotations

import pytest

from r2c.agents.domain import domain_of
from r2c.agents.indexed.decided import families_decided, spaces_decided
from r2c.agents.indexed.tables import data_of
from r2c.problem.read import read_problem

ADS = """{words} Which plan brings the highest return?

The return in € by channel (rows) and week (columns):

| channel | week 1 | week 2 |
|---|---|---|
| radio | 5 | 6 |
| buses | 7 | 8 |
"""
WATER = """{words} What is the cheapest way?

The pumping cost by source (rows) and tank (columns):

| source | North | Hill |
|---|---|---|
| spring | 5 | 6 |
| river | 7 | 8 |

The delivery cost by tank (rows) and town (columns):

| tank | Ashby | Elston |
|---|---|---|
| North | 5 | 6 |
| Hill | 7 | 8 |
"""


HALLS = """{words} Which plan is the cheapest?

The rent for each hall:

| hall | rent (€) |
|---|---|
| Ash | 40 |
| Birch | 50 |

The fare in € by hall (rows) and club (columns):

| hall | chess | judo |
|---|---|---|
| Ash | 5 | 6 |
| Birch | 7 | 8 |
"""
CLOTH = """{words} Which plan is the cheapest?

The price in € by mill (rows) and cloth (columns):

| mill | linen | tweed |
|---|---|---|
| Nore | 5 | 6 |
| Suir | 7 | 8 |

The freight in € by mill (rows) and shop (columns):

| mill | Cork | Sligo |
|---|---|---|
| Nore | 5 | 6 |
| Suir | 7 | 8 |
"""


def families(text: str, words: str) -> list[str] | None:
    problem = read_problem(text.format(words=words))
    found = families_decided(problem, data_of(problem))
    return None if found is None else [f"{one.name}[{', '.join(one.over)}]" for one in found]


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        (ADS, "It has to be decided how many ads to book per channel and week.", "ads"),
        (ADS, "For every week it has to be decided how many ads run on each of 2 channels.", "ads"),
        (ADS, "What has to be found is the weight of each channel in each week.", "weight"),
        (ADS, "It has to be decided which channel is used in each week.", "used"),
    ],
)
def test_an_amount_and_its_sets_are_a_family(text: str, words: str, found: str) -> None:
    assert families(text, words) == [f"{found}[channel, week]"]


def test_an_amount_for_each_of_several_pairs_is_several_families() -> None:
    words = (
        "The flows are to be fixed between every source and every tank and between every tank and"
        " every town."
    )
    assert families(WATER, words) == ["flow[source, tank]", "flow_2[tank, town]"]


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        (ADS, "The list shows for each week how many spots run on each channel.", "spots"),
        (ADS, "On Mondays we settle how many spots run by which channel in each week.", "spots"),
        (ADS, "To be picked is the number of spots by channel and week.", "spots"),
        (ADS, "Our task is: how many spots do we buy for each pair of channel and week?", "spots"),
        (ADS, "Sought is a list with the number of spots per channel and week.", "spots"),
        (ADS, "We fix how many spots run per week on each channel (radio and buses).", "spots"),
    ],
)
def test_who_decides_and_in_what_voice_makes_no_difference(
    text: str, words: str, found: str
) -> None:
    assert families(text, words) == [f"{found}[channel, week]"]


@pytest.mark.parametrize(
    "words",
    [
        "To be settled: the halls rented and the hall in which each club meets.",
        "The schedule tells which halls are rented and which hall hosts which club.",
        "We can rent any of Ash and Birch, and then we have to find each club a hall.",
    ],
)
def test_things_chosen_may_be_told_as_nouns(words: str) -> None:
    found = families(HALLS, words)
    assert found is not None
    assert [one.split("[")[1] for one in found] == ["hall]", "hall, club]"]


def test_an_amount_may_run_over_three_sets() -> None:
    words = "Sought is the number of metres for each combination of mill, cloth and shop."
    assert families(CLOTH, words) == ["metres[mill, cloth, shop]"]


@pytest.mark.parametrize(
    "words",
    [
        "We choose the hour at which each club begins and whether the hall is rented.",
        "Each club gets a key for every hall; for every club we decide how many chairs it gets.",
        "We decide which halls are rented. Flowers can be bought, if we want.",
        "The hall fixes how many clubs meet there.",
    ],
)
def test_a_plan_of_which_a_part_is_not_read_is_left_to_the_model(words: str) -> None:
    assert families(HALLS, words) is None


@pytest.mark.parametrize(
    "words",
    [
        "It has to be decided how many ads run on each channel.",  # and in which week?
        "It has to be decided how many ads run per channel and week and the number of spots.",
        "We plan ads.",
        "Whoever draws up the list also fixes how many ads run per channel and week.",
        "It has to be decided how many ads per week. The plan gives the number of ads per channel.",
    ],
)
def test_what_is_left_open_is_left_to_the_model(words: str) -> None:
    assert families(ADS, words) is None


def test_things_to_choose_may_run_over_a_part_of_the_sets() -> None:
    problem = read_problem(
        ADS.format(words="It has to be decided which channels are opened for every week.")
    )
    spaces = spaces_decided(problem, data_of(problem))
    assert {space.axes for space in spaces} == {("channel",), ("week",), ("channel", "week")}


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("Parts of a kilogram are fine.", "continuous"),
        ("Between hub and depot, fractions of a tonne are all right.", "continuous"),
        ("Only whole ads can be booked.", "integer"),
        ("The numbers of ads have to be whole.", "integer"),
    ],
)
def test_a_text_says_whether_amounts_are_whole(text: str, domain: str) -> None:
    assert domain_of("what is put in", text)[0] == domain
