"""Domain packs speak of archetypes and units that exist, and are recognised by their words."""

from __future__ import annotations

import pytest

from r2c.archetypes.domain import likely, lint_domain, read_domain, standard_domains
from r2c.archetypes.load import standard_library
from r2c.errors import CardError
from r2c.resources import knowledge_base

PACKS = standard_domains()
TEXT = knowledge_base().joinpath("domains", "production.yaml").read_text(encoding="utf-8")


def test_the_packs_are_the_eight_trades():
    expected = "energy finance healthcare logistics production projects retail workforce"
    assert list(PACKS) == expected.split()


@pytest.mark.parametrize("id", list(PACKS))
def test_a_pack_obeys_the_rules(id):
    assert PACKS[id].id == id
    assert list(lint_domain(PACKS[id], standard_library())) == []


def test_no_question_and_no_sentence_is_in_two_packs():
    said = [
        sentence
        for pack in PACKS.values()
        for sentence in (
            pack.about,
            *(usual.there for usual in pack.usual),
            *(item.ask for item in pack.questions),
        )
    ]
    assert len(said) == len(set(said))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("archetype: capacity_limit", "archetype: capacity", "R2C-A005"),
        ("units:\n", "units:\n  - kg per\n", "R2C-A041"),
    ],
)
def test_a_broken_pack_is_noticed(old, new, code):
    assert old in TEXT
    pack = read_domain(TEXT.replace(old, new, 1).encode(), "production.yaml")
    assert [fault.code for fault in lint_domain(pack, standard_library())] == [code]


def test_a_pack_that_breaks_the_schema_is_refused_with_its_line():
    with pytest.raises(CardError) as caught:
        read_domain(TEXT.replace("  - ask:", "  - asks:", 1).encode(), "production.yaml")
    assert caught.value.code == "R2C-A040"
    assert caught.value.fault.details["line"] not in (0, 1)


@pytest.mark.parametrize(
    ("text", "id"),
    [
        (
            "The nurses of the ward work early and night shifts, the patients need beds.",
            "healthcare",
        ),
        ("Each truck leaves the depot and delivers to customers along its route.", "logistics"),
        ("The power plant and the wind park must meet the load in every hour.", "energy"),
        ("We invest in bonds and stocks; the portfolio must return 5%.", "finance"),
    ],
)
def test_a_problem_is_recognised_by_its_words(text, id):
    assert id in [pack.id for pack in likely(text, PACKS)]


def test_a_text_without_such_words_is_of_no_trade():
    assert likely("x plus y", PACKS) == []
