"""Rules that are told in the passive, by what is there, in packs or between two bounds."""

from __future__ import annotations

import pytest

from r2c.agents.indexed.named import side_said
from r2c.agents.indexed.reader import Indexed
from r2c.agents.roster import Choice
from r2c.problem.read import read_problem

JUICE = """A press fills juices. {words} Which plan brings the largest profit?

| juice | profit per crate (€) | press time per crate (minutes) | pallet size (crates) |
|---|---|---|---|
| apple | 2 | 3 | 40 |
| pear | 3 | 4 | 50 |

| day | press time available (hours) |
|---|---|
| Monday | 9 |
| Tuesday | 8 |

The smallest filling in crates by juice (rows) and day (columns):

| juice | Monday | Tuesday |
|---|---|---|
| apple | 1 | 2 |
| pear | 3 | 4 |

The biggest filling in crates by juice (rows) and day (columns):

| juice | Monday | Tuesday |
|---|---|---|
| apple | 11 | 12 |
| pear | 13 | 14 |
"""
FILL = Choice("fill", "number of crates for each juice and day", ("juice", "day"))
MILK = """A dairy sends milk. {words} What is the cheapest way?

The fare in € by farm (rows) and dairy (columns):

| farm | North | South |
|---|---|---|
| Oak | 4 | 8 |
| Elm | 6 | 3 |

The freight in € by dairy (rows) and town (columns):

| dairy | Ash | Birch |
|---|---|---|
| North | 4 | 8 |
| South | 6 | 3 |

The width of the road by farm (rows) and dairy (columns):

| farm | North | South |
|---|---|---|
| Oak | 40 | 80 |
| Elm | 60 | 30 |
"""
COLLECT = Choice("collect", "amount for each farm and dairy", ("farm", "dairy"))
DELIVER = Choice("deliver", "amount for each dairy and town", ("dairy", "town"))
PLANKS = """A mill saws planks. {words} What is the cheapest way?

| cut | price per trunk (€) |
|---|---|
| fine | 4 |
| rough | 3 |

| board | boards promised |
|---|---|
| thick | 40 |
| thin | 50 |

The boards per trunk by board (rows) and cut (columns):

| board | fine | rough |
|---|---|---|
| thick | 2 | 3 |
| thin | 3 | 2 |
"""
SAW = Choice("saw", "number of trunks for each cut", ("cut",))


def settled(text: str, words: str, *roster: Choice) -> list[str] | None:
    dialect = Indexed(read_problem(text.format(words=words)))
    clause = next(one for one in dialect.clauses if one.text[:15] == words[:15])
    said = dialect.settled(clause, roster)
    return None if said is None else said.splitlines()


TIME = "for each day: press_time_per_crate*fill <= 60*press_time_available"


@pytest.mark.parametrize(
    "words",
    [
        "The press time available on each day must not be exceeded by the press time of all"
        " crates filled on that day.",
        "The press time available on each day, that is all we have for the press time of the"
        " crates of that day.",
        "The press time of all crates on any day is never more than the press time available.",
    ],
)
def test_a_limit_ahead_of_its_amount_is_read_in_the_units_of_the_data(words: str) -> None:
    assert settled(JUICE, words, FILL) == [TIME]


def test_a_total_that_has_to_suffice_for_an_amount_limits_it() -> None:
    words = "900 minutes have to suffice for the press time of all crates on all days."
    assert settled(JUICE, words, FILL) == ["press_time_per_crate*fill <= 900"]


def test_a_total_in_another_unit_is_left_to_the_model() -> None:
    words = "15 hours have to suffice for the press time of all crates on all days."
    assert settled(JUICE, words, FILL) is None


def test_the_heading_of_what_is_used_up_limits_no_amount() -> None:
    dialect = Indexed(read_problem(JUICE.format(words="We fill crates.")))
    tables = [one for one in dialect.clauses if "press_time_available" in one.text]
    assert [dialect.settled(one, (FILL,)) for one in tables] == ["none"]


@pytest.mark.parametrize(
    "words",
    [
        "Anything from the smallest filling of each juice on each day to the biggest filling is"
        " all right for the number of crates.",
        "The number of crates of each juice on each day lies between the smallest filling and the"
        " biggest filling, both included.",
    ],
)
def test_two_bounds_are_two_limits(words: str) -> None:
    assert settled(JUICE, words, FILL) == [
        "for each juice, day: fill >= smallest_filling",
        "for each juice, day: fill <= biggest_filling",
    ]


def test_two_bounds_of_what_no_family_is_are_left_to_the_model() -> None:
    words = (
        "The mash pressed of each juice on each day lies between the smallest filling and the"
        " biggest filling."
    )
    assert settled(JUICE, words, FILL) is None


def test_whole_packs_of_what_is_added_up_are_multiples() -> None:
    words = "The crates of each juice, over all days, are a multiple of the pallet size."
    said = settled(JUICE, words, FILL)
    assert said is not None
    (packs,) = said
    assert packs.startswith("for each juice: lot_pack_multiples with amount: sum(fill[juice, day]")


def test_packs_of_what_may_be_each_or_all_are_left_to_the_model() -> None:
    words = "The crates of each juice are a multiple of the pallet size."
    assert settled(JUICE, words, FILL) is None


@pytest.mark.parametrize(
    "words",
    [
        "Each dairy neither stores nor loses any milk.",
        "What each dairy receives from the farms is exactly what leaves it for the towns.",
        "At every dairy, the inflow equals the outflow.",
    ],
)
def test_what_comes_to_a_place_goes_on_from_it(words: str) -> None:
    assert settled(MILK, words, COLLECT, DELIVER) == ["for each dairy: collect == deliver"]


@pytest.mark.parametrize(
    "words",
    [
        "What each dairy receives from the farms is at least what leaves it for the towns.",
        "At every dairy, the inflow equals the outflow plus 3% of loss.",
        "Each farm neither stores nor loses any milk.",
    ],
)
def test_what_is_kept_somewhere_is_left_to_the_model(words: str) -> None:
    assert settled(MILK, words, COLLECT, DELIVER) is None


def test_what_somebody_has_is_named_by_its() -> None:
    words = "Each road from a farm to a dairy is limited to its width."
    assert settled(MILK, words, COLLECT, DELIVER) == [
        "for each farm, dairy: collect <= width_of_the_road"
    ]


def test_how_many_are_in_use_may_stand_behind_the_verb() -> None:
    words = "Trunks are sawn by 2 different cuts at most, however many by each."
    found = settled(PLANKS, words, SAW)
    assert found is not None
    assert "cardinality_limit" in found[0]


def test_a_number_is_described_where_a_limit_uses_it() -> None:
    described = "Look at the boards per trunk: that is what a trunk gives of every board."
    assert settled(PLANKS, described, SAW) is None
    used = f"{described} The boards promised must be reached by the boards of all trunks."
    assert settled(PLANKS, used, SAW) == ["none"]


def test_what_stands_between_a_limit_and_the_amounts_weighs_them() -> None:
    words = "Over all trunks this has to come to the boards promised at the very least."
    assert settled(PLANKS, words, SAW) == [
        "for each board: boards_per_trunk*saw >= boards_promised"
    ]


@pytest.mark.parametrize(
    ("words", "nothing"),
    [
        ("The cuts fine and rough are done in any order on the boards thick and thin.", False),
        ("The mill saws the boards thick and thin by the cuts fine and rough.", True),
        ("We make thick and thin, all of them from trunks of one kind.", True),
        ("The sawyers took their dogs to the fair in May.", True),
        ("All this must be as cheap as possible.", False),
        ("All this should be as cheap as we can.", True),
        ("What comes out has to be enough, and too much is all right.", False),
        ("There is no such thing as half a trunk, and no trunk is wasted.", False),
    ],
)
def test_only_a_sentence_that_asks_nothing_of_a_plan_is_closed(words: str, nothing: bool) -> None:
    dialect = Indexed(read_problem(PLANKS.format(words=words)))
    found = [one for one in dialect.clauses if one.text[:15] == words[:15]]
    said = [dialect.settled(one, (SAW,)) for one in found]
    assert (None not in said) is nothing


def test_a_limit_that_words_ahead_and_behind_give_two_sides_is_left_open() -> None:
    words = "At least the smallest filling is made, and not one crate more by hand."
    place = words.index("the smallest filling")
    after = words[place + len("the smallest filling") :]
    assert side_said(words, place, 0, after) is None
    assert side_said(words[9:], place - 9, 0, after) == "<="
    assert side_said(words, place, 0, " is made.") == ">="
