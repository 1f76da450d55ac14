"""Which decision words speak of, and to which one a number belongs."""

from __future__ import annotations

import pytest

from r2c.agents.mentions import (
    in_order_of_mention,
    is_said,
    mentioned,
    mentioned_in_order,
    owner_of_datum,
)
from r2c.problem.spoken import stem, telling_words

TELLING = telling_words(
    {"red_buses": "red buses number of red buses", "blue_buses": "blue buses number of blue buses"}
)
BREAD = telling_words({"buns": "buns", "cakes": "cakes", "pies": "pies"})


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        *(("bun", "buns"), ("barge", "barges"), ("machine", "machines"), ("box", "boxes")),
        *(("berry", "berries"), ("cookie", "cookies"), ("pie", "pies"), ("bus", "buses")),
        *(("toy", "toys"), ("pony", "ponies"), ("tray", "trays")),
        *(("dish", "dishes"), ("glass", "glasses"), ("Table", "TABLES"), ("tie", "ties")),
        *(("shelf", "shelves"), ("knife", "knives"), ("stove", "stoves")),
    ],
)
def test_singular_and_plural_have_one_stem(singular: str, plural: str) -> None:
    assert stem(singular) == stem(plural)


def test_hay_is_not_what_somebody_has() -> None:
    assert stem("hay") != stem("has")


def test_only_words_that_tell_decisions_apart_count() -> None:
    assert {"red_buses": {"red"}, "blue_buses": {stem("blue")}} == TELLING
    assert telling_words({"x": "one", "y": "one"}) == {"x": {stem("one")}, "y": {stem("one")}}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("each red bus", ("red_buses",)),
        ("a blue bus and a red one", ("red_buses", "blue_buses")),
        ("the buses", ()),
        ("", ()),
    ],
)
def test_words_speak_of_decisions(words: str, names: tuple[str, ...]) -> None:
    assert mentioned(words, TELLING) == names


@pytest.mark.parametrize(
    ("before", "after", "carried", "owner"),
    [
        ("Each bun needs ", " minutes of ", (), ("buns",)),
        (" and earns ", " dollars", ("buns",), ("buns",)),
        ("earns $", " per cake and ", (), ("cakes",)),
        ("Buns bring $", " for each cake", (), ("cakes",)),
        (", while a pie needs ", " minutes", ("buns",), ("pies",)),
        ("It takes ", " minutes to bake a pie", (), ("pies",)),
        ("It takes ", " minutes", (), ()),
    ],
)
def test_a_number_belongs_to_the_decision_around_it(
    before: str, after: str, carried: tuple[str, ...], owner: tuple[str, ...]
) -> None:
    assert owner_of_datum(before, after, BREAD, carried) == owner


def test_decisions_stand_in_the_order_of_the_text() -> None:
    text = "They bake pies, buns and cakes."
    assert in_order_of_mention(BREAD, text) == ("pies", "buns", "cakes")
    assert in_order_of_mention(BREAD, "nothing of it") == ("buns", "cakes", "pies")


@pytest.mark.parametrize(
    ("name", "said"), [("red_bus", True), ("red_cars", False), ("bus_2", True), ("bus_3", False)]
)
def test_a_name_is_said_when_all_its_words_are(name: str, said: bool) -> None:
    assert is_said(name, "Bus 2 is a red bus.") is said


@pytest.mark.parametrize("text", ["Stoves and shelves.", "A stove, a shelf."])
@pytest.mark.parametrize("name", ["stoves", "shelf", "shelves_stove"])
def test_a_plural_in_ves_is_said_as_its_singular_and_the_other_way_round(
    name: str, text: str
) -> None:
    assert is_said(name, text)


LETTERS = telling_words({"team_a": "team A", "team_b": "team B", "team_i": "team I"})


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("A team needs a rest.", ()),
        ("Team A needs a rest, and I agree", ("team_a", "team_i")),
        ("A and B are alike", ("team_a", "team_b")),
        ("A: 3 years", ("team_a",)),
        ("It rests. A second team works.", ()),
    ],
)
def test_a_single_capital_is_a_name_but_an_article_is_not(
    words: str, names: tuple[str, ...]
) -> None:
    assert mentioned(words, LETTERS) == names


def test_names_come_in_the_order_of_the_sentence() -> None:
    assert mentioned_in_order("pies and cakes, then pies and buns", BREAD) == (
        "pies",
        "cakes",
        "buns",
    )
    assert mentioned_in_order("buses", TELLING) == ()
