"""Every card of the knowledge base, found by listing: adding a YAML file adds its tests."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from r2c.archetypes.card import Card
from r2c.archetypes.generate import instances as random_instances
from r2c.archetypes.lint import lint
from r2c.archetypes.load import standard_library
from r2c.cir.instance import bind
from r2c.cir.schema import CIR
from r2c.cir.write import write, write_binder
from r2c.model.plain import PlainModel
from r2c.model.plain_text import plain_text
from r2c.model.reformulate import attempt
from r2c.solve.process import SolverProcess
from r2c.solve.prove import prove

LIBRARY = standard_library()
SNAPSHOTS = Path(__file__).parent / "snapshots"
FEW, MANY = 3, 50
"""Random instances of each generator: at every run, and where there is time."""


@pytest.fixture(params=LIBRARY)
def card(request) -> Card:
    return LIBRARY[request.param]


@pytest.fixture(scope="module")
def solver() -> Iterator[SolverProcess]:
    with SolverProcess() as process:
        yield process


def test_the_card_obeys_the_rules_for_cards(card):
    assert lint(card, LIBRARY) == ()


@pytest.mark.parametrize("instances", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_every_paradigm_does_what_the_meaning_says_and_every_usual_error_shows(
    card, instances, solver
):
    report = prove(card, LIBRARY, instances, process=solver)
    # A rare error may show on none of a few instances.
    rare = [f"the error {item.error!r} is visible" for item in card.errors]
    counted = [f for f in report.failures if instances == MANY or f.claim not in rare]
    assert counted == []
    assert all(report.runs.values())


def test_the_rows_before_and_after_instantiation_are_the_pinned_ones(card):
    file = SNAPSHOTS / f"{card.id}.txt"
    text = snapshot(card)
    if os.environ.get("UPDATE_SNAPSHOTS"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert file.exists(), "run again with UPDATE_SNAPSHOTS=1 and read what it writes"
    assert text == file.read_text(encoding="utf-8")


def test_the_card_survives_a_round_trip_through_json(card):
    assert Card.model_validate_json(card.model_dump_json()) == card


def test_the_prose_is_the_cards_own(card):
    """No two cards share a sentence, so that each describes its own archetype."""
    others = {
        sentence
        for id, other in LIBRARY.items()
        if id != card.id
        for sentence in (other.meaning, *other.applies_when, *(e.sentence for e in other.examples))
    }
    own = {card.meaning, *card.applies_when, *(e.sentence for e in card.examples)}
    assert own & others == set()


def test_no_snapshot_is_left_of_a_card_that_is_gone():
    assert {file.stem for file in SNAPSHOTS.iterdir()} == set(LIBRARY)


def test_the_exported_schema_is_the_schema_of_cards():
    file = Path(__file__).parents[2] / "knowledge_base" / "card.schema.json"
    exported = json.loads(file.read_text(encoding="utf-8"))
    assert exported["properties"].keys() == Card.model_json_schema()["properties"].keys()


def snapshot(card: Card) -> str:
    """The tiny instance's rules, then its rows as each paradigm writes them.

    A paradigm that the tiny instance does not allow is pinned on the first random instance that
    allows it, whose rules then stand before its rows.
    """
    tiny = card.instance.cir
    parts = ["before\n" + indented(before(card, tiny))]
    for paradigm in card.paradigms:
        model = written(card, paradigm.name, tiny)
        if model is not None:
            parts.append(f"{paradigm.name}\n" + indented(plain_text(model).splitlines()))
            continue
        where, cir, model = first_that_allows(card, paradigm.name)
        rules = before(card, cir)
        lines = ["before", *(f"  {line}" for line in rules), "after"]
        lines += [f"  {line}" for line in plain_text(model).splitlines()]
        parts.append(f"{paradigm.name}, on {where}\n" + indented(lines))
    return "\n".join(parts)


def first_that_allows(card: Card, paradigm: str) -> tuple[str, CIR, PlainModel]:
    """The first random instance that the paradigm can write, its place before it, its rows."""
    for number, cir in enumerate(random_instances(card, MANY)):
        model = written(card, paradigm, cir)
        if model is not None:
            place = f"instance {number % MANY + 1} of generator {number // MANY + 1}"
            return place, cir, model
    pytest.fail(f"no instance of {card.id} allows {paradigm}, so nothing pins its rows")


def written(card: Card, paradigm: str, cir: CIR) -> PlainModel | None:
    """The instance with all rules of the card pinned that allow it; None if no rule does."""
    free: set[str] = set()
    while True:
        rules = tuple(
            rule.model_copy(update={"chosen": paradigm})
            if rule.archetype == card.id and rule.id not in free
            else rule
            for rule in cir.rules
        )
        if not any(rule.chosen for rule in rules):
            return None
        pinned = cir.model_copy(update={"rules": rules})
        model, faults = attempt(pinned, LIBRARY, bind(cir).require())
        refused = {str(fault.details["rule"]) for fault in faults} - free
        if not refused:
            return model
        free |= refused


def indented(lines: list[str]) -> str:
    return "".join(f"  {line}\n" for line in lines)


def before(card: Card, cir: CIR) -> list[str]:
    lines = []
    for rule in cir.rules:
        if rule.archetype == card.id:
            loops = "" if rule.forall is None else f" {write_binder(rule.forall)}"
            lines.append(f"{rule.id}: {rule.archetype}{loops}")
            lines += [f"  {name} = {write(value)}" for name, value in rule.operands.items()]
    return lines
