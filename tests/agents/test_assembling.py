"""Readings become a CIR: measures definitions, limits rules, every number with its words."""

from __future__ import annotations

import pytest
from gbnf import admits
from readings_of_a_shop import CLAUSES, PROBLEM, ROSTER, TEXTS

from r2c.agents.plain.assemble import assemble
from r2c.agents.plain.clauses import clauses
from r2c.agents.plain.reader import Plain
from r2c.agents.reading import Reading
from r2c.agents.roster import Choice
from r2c.cir.check import check, is_structural
from r2c.cir.literals import literal_faults
from r2c.cir.schema import CIR
from r2c.cir.write import write
from r2c.errors import CIRError
from r2c.problem.read import read_problem
from r2c.verdict.answer import solve


def made(*texts: str, goal: str = "maximize earnings") -> CIR:
    pairs = zip(CLAUSES, texts, strict=True)
    return assemble(PROBLEM, ROSTER, [Reading(clause, text) for clause, text in pairs], goal)


def test_measures_become_definitions_and_limits_rules_with_their_sentences() -> None:
    cir = made(*TEXTS)
    assert {item.name: write(item.expr) for item in cir.definitions} == {
        "hours": "2*hats + 3*caps",
        "earnings": "5*hats + 6*caps",
    }
    assert [(rule.id, rule.archetype, rule.quote) for rule in cir.rules] == [
        ("r1", "capacity_limit", "There are at most 60 hours."),
        ("r2", "minimum_requirement", "At least 4 caps must be made."),
    ]
    assert cir.objectives[0].sense == "max"
    assert "maximize the earnings" in cir.objectives[0].quote
    assert [fault for fault in check(cir) if is_structural(fault)] == []


def test_every_number_is_traced_to_its_words() -> None:
    cir = made(*TEXTS)
    assert list(literal_faults(cir, PROBLEM)) == []
    literals = [item for owner in cir.definitions for item in owner.literals]
    literals += [item for rule in cir.rules for item in rule.literals]
    sources = [PROBLEM.quote(span) for item in literals for span in item.source.spans]
    assert sorted(sources) == sorted(["2", "3", "60", "4", "5", "6"])


def test_a_number_said_twice_is_traced_to_the_sentence_that_was_read() -> None:
    text = (
        "A kiln makes two goods, bowls and mugs. A bowl takes 3 kg of clay and 2 kg of coal. A mug "
        "takes 2 kg of clay and 2 kg of coal. There are 90 kg of clay. How many bowls and mugs "
        "maximize the coal?"
    )
    problem = read_problem(text)
    roster = (Choice("bowls", "number of bowls"), Choice("mugs", "number of mugs"))
    texts = (
        "clay[bowls] = 3\ncoal[bowls] = 2",
        "clay[mugs] = 2\ncoal[mugs] = 2",
        "clay <= 90",
    )
    _, *told = [
        clause for clause in sorted(clauses(problem), key=lambda c: c.sentence) if clause.slots
    ]
    readings = [Reading(clause, said) for clause, said in zip(told, texts, strict=True)]
    cir = assemble(problem, roster, readings, "maximize coal")
    places = [
        span.start
        for measure in cir.definitions
        for item in measure.literals
        for span in item.source.spans
    ]
    assert places == [text.index(words) for words in ("3 kg", "2 kg of clay")] + [
        text.index("2 kg of coal"),
        text.rindex("2 kg of coal"),
    ]


def test_a_measure_without_use_is_left_out() -> None:
    cir = made(*TEXTS, goal="maximize hats + caps")
    assert [item.name for item in cir.definitions] == ["hours"]


def test_a_measure_without_data_of_its_own_is_told_by_one_that_shares_a_word() -> None:
    cir = made(TEXTS[0], TEXTS[1], "working_hours <= 60", TEXTS[3])
    assert write(cir.rules[0].operands["use"]) == "hours"


@pytest.mark.parametrize("name", ["effort", "_", "profit__"])
def test_a_measure_that_nothing_tells_of_is_a_coded_fault(name: str) -> None:
    with pytest.raises(CIRError) as caught:
        made(TEXTS[0], TEXTS[1], f"{name} <= 60", TEXTS[3])
    assert caught.value.code == "R2C-G010"
    assert name in caught.value.fault.what
    assert "hours, earnings" in caught.value.fault.why


@pytest.mark.parametrize(
    ("relation", "written"),
    [
        ("hats > 4", {"amount": "hats", "least": "4 + 1"}),
        ("hats < 4", {"use": "hats + 1", "limit": "4"}),
        ("hats > caps", None),
    ],
)
def test_a_strict_limit_on_counted_things_is_a_step_further(
    relation: str, written: dict[str, str] | None
) -> None:
    cir = made(TEXTS[0], TEXTS[1], TEXTS[2], relation)
    operands = {role: write(expr) for role, expr in cir.rules[-1].operands.items()}
    assert operands == (written or {"relation": "hats >= caps + 1"})
    assert cir.assumptions == ()


def test_a_strict_limit_on_divisible_amounts_takes_its_boundary_and_says_so() -> None:
    problem = read_problem("More than 4 kg of oil must be used. Minimize oil.")
    roster = (Choice("oil", "kilograms of oil used"),)
    (clause,) = clauses(problem)
    cir = assemble(problem, roster, [Reading(clause, "oil > 4")], "minimize oil")
    assert {role: write(expr) for role, expr in cir.rules[0].operands.items()} == {
        "amount": "oil",
        "least": "4",
    }
    assert ["oil > 4" in item.text for item in cir.assumptions] == [True]


def test_rules_stand_in_the_order_of_the_sentences() -> None:
    text = "At most 60 hours are left. Each hat takes 2 hours and at least 3 hats are needed."
    problem = read_problem(text + " Maximize hats.")
    found = clauses(problem)
    texts = {2: "hours[hats] = 2\nhats >= 3", 1: "hours <= 60"}
    readings = [Reading(clause, texts[clause.sentence]) for clause in found]
    cir = assemble(problem, ROSTER[:1], readings, "maximize hats")
    assert [item.sentence for item in found] == [2, 1]
    assert [rule.archetype for rule in cir.rules] == ["capacity_limit", "minimum_requirement"]


def test_a_charge_for_any_use_is_paid_once() -> None:
    problem = read_problem(
        "A hat earns $5 and a cap earns $6. Making hats has a set-up cost of $40, making caps"
        " has one of $90. Each hat takes 2 hours and each cap takes 1 hour. There are 30 hours."
        " At most 12 caps can be sold. How many make the largest profit?"
    )
    plain = Plain(problem)
    earns, takes, setup, hours, most = plain.clauses
    assert [slot.once for slot in setup.slots] == [True, True]
    charge = "setup[hats] = 40 once\nsetup[caps] = 90 once"
    form = plain.clause_form(setup, ROSTER, [])
    assert admits(form.grammar, charge)
    assert not admits(form.grammar, charge.replace(" once", ""))
    readings = [
        Reading(earns, "earns[hats] = 5\nearns[caps] = 6"),
        Reading(takes, "hours[hats] = 2\nhours[caps] = 1"),
        Reading(setup, charge),
        Reading(hours, "hours <= 30"),
        Reading(most, "caps <= 12"),
    ]
    cir = plain.assemble(ROSTER, readings, "maximize earns - setup")
    best = max(
        5 * hats + 6 * caps - 40 * (hats > 0) - 90 * (caps > 0)
        for hats in range(16)
        for caps in range(13)
        if 2 * hats + caps <= 30
    )
    assert solve(cir, problem=problem).objective == pytest.approx(best)


def test_one_amount_per_unit_cannot_be_two_numbers() -> None:
    with pytest.raises(CIRError, match="R2C-G013"):
        made(*TEXTS[:1], "hours[hats] = 4", *TEXTS[2:], goal="minimize hats")
