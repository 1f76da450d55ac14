"""Each rule for cards is broken once, by an edit of a good card, and noticed."""

from __future__ import annotations

import pytest

from r2c.archetypes.lint import lint
from r2c.archetypes.load import read_card, standard_library
from r2c.resources import knowledge_base

LIBRARY = standard_library()
CARD = (
    knowledge_base()
    .joinpath("cards", "quantity", "cardinality_limit.yaml")
    .read_text(encoding="utf-8")
)


def codes(*edits: tuple[str, str], text: str = CARD) -> list[str]:
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return [fault.code for fault in lint(read_card(text.encode(), "card.yaml"), LIBRARY)]


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (("holds: nonzero(items) <= most", "holds: nonzero(item) <= most"), "R2C-A010"),
        (("limit: sum(items) <= most\n", "limit: sum(items) <= top\n"), "R2C-A010"),
        (("rows: 2*len(items) + 1", "rows: 2*len(things)"), "R2C-A010"),
        (("      used: {", "      most: {domain: binary, lower: 0}\n      used: {"), "R2C-A011"),
        (("[binary(items)]", "[binary(options)]"), "R2C-A012"),
        (("[binary(items)]", '["size(items)"]'), "R2C-A012"),
        (("sign(items, nonnegative)", "sign(items, upward)"), "R2C-A012"),
        (("[finite_bounds(items)]", '["finite_bounds(items, sideways)"]'), "R2C-A012"),
        (("[binary(items)]", "[pressed_by_objective(items)]"), "R2C-A012"),
        (("name: switched_both_ways", "name: switched"), "R2C-A014"),
        (("preconditions: [finite_bounds(items)]", "preconditions: []"), "R2C-A015"),
        (("      rows: {open: null}", "      rows: {opened: null}"), "R2C-A016"),
        (("      paradigm: switched\n      rows: {open", "      paradigm: gone\n      rows: {open"),
         "R2C-A016"),
        (("      rows: {open: null}", "      operands: {most: most}"), "R2C-A016"),
        (("      rows: {open: null}", "      operands: {most: many}"), "R2C-A010"),
        (("rows: {open: null}", 'rows: {open: "[x <= bound(x)*used[x] for x in items]"}'),
         "R2C-A016"),
        (("rows: {limit: sum(items) <= most}", "rows: {limit: sum(kinds) <= most}"), "R2C-A010"),
        (("  - name: switched\n", "  - name: switched\n    relation: relaxation\n"), "R2C-A016"),
        (('most: 3}', 'most: 3, least: 1}'), "R2C-A017"),
        (('operands: {items: "[load[g,k] for g in Goods]", most: 2}', "operands: {most: 2}"),
         "R2C-A017"),
        (("sizes: {Goods: [2, 4]}", "sizes: {Wares: [2, 4]}"), "R2C-A018"),
        (("room: [3, 9]", "rooms: [3, 9]"), "R2C-A018"),
        (("instead: capacity_limit", "instead: capacity"), "R2C-A019"),
        (("doc: How many of them may be in use.", "doc: Most.\n    words: [a]"), "R2C-A020"),
        (("doc: How many of them may be in use.", "doc: Most.\n    unit: item"), "R2C-A020"),
        (("doc: How many of them may be in use.", "doc: Most.\n    default: len(things)"),
         "R2C-A010"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_noticed(edit, code):
    assert set(codes(edit)) == {code}


def test_a_card_needs_an_exact_paradigm():
    text = CARD.replace("    size: {", "    relation: relaxation\n    size: {")
    # Its usual errors then stand on paradigms that err by themselves.
    assert set(codes(text=text)) == {"R2C-A013", "R2C-A016"}


def test_an_instance_must_use_the_archetype():
    edit = ("id: few_kinds, archetype: cardinality_limit", "id: few_kinds, archetype: linear")
    assert codes(edit) == ["R2C-A017"]


def test_a_card_is_linted_without_its_neighbours_too():
    card = read_card(CARD.replace("instead: capacity_limit", "instead: gone").encode(), "card.yaml")
    assert lint(card) == ()


DEFINED = (
    knowledge_base()
    .joinpath("cards", "piecewise", "absolute_value_deviation.yaml")
    .read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    "edit",
    [
        ("gives_way: [limit]\n", ""),
        ("gives_way: [limit]\n", "gives_way: [ceiling]\n"),
        ("gives_way: [limit]\n", "gives_way: [touched]\n"),  # no paradigm has such a row
    ],
)
def test_what_gives_way_are_clauses_that_every_paradigm_writes(edit):
    assert set(codes(edit, text=DEFINED)) == {"R2C-A021"}
