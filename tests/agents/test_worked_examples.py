"""The worked examples that every conversation opens with are right in every respect."""

from __future__ import annotations

import itertools
import re

import pytest
from gbnf import admits

from r2c.agents.assemble import Reading, assemble
from r2c.agents.clauses import clauses
from r2c.agents.conversation import Example, examples, opening
from r2c.agents.forms import clause_form, goal_form, roster_form
from r2c.agents.roster import read_roster
from r2c.agents.roster_vote import said_of
from r2c.agents.statements import measures_of, read_statements
from r2c.cir.literals import literal_faults
from r2c.formulation import Outcome
from r2c.problem.read import read_problem
from r2c.verdict.answer import solve


def fewest_vehicles() -> float:
    """The festival's rules once more, tried on every fleet."""
    return min(
        vans + coaches
        for vans, coaches in itertools.product(range(80), range(30))
        if vans + coaches >= 12
        and coaches >= 2
        and 10 * coaches <= 3 * (vans + coaches)
        and vans >= 2 * coaches
        and 8 * vans + 45 * coaches >= 600
        and 60 * vans + 210 * coaches <= 4000
    )


OPTIMA = {
    # 3d + s = 90 and 2d + 4s = 120 meet in 24 desks and 18 shelves.
    "joinery": 24 * 70 + 18 * 45,
    "festival": fewest_vehicles(),
    # With b = 500 - m - s the protein asks for 330 s >= 25000 + 20 m, and m is at least 100.
    "mill": 27000 / 330,
    # 6x + 4y = 120 and 2x + 5y = 60 meet in x = 180/11, y = 60/11.
    "quarries": (300 * 180 + 260 * 60) / 11,
    # The bridge is sure, the tower with its dam would cost 120, so the dam and the quay join it.
    "tower": 60 + 30 + 35,
}
"""The optimum of each example, worked out by hand, by a word of its text."""


def known_optimum(example: Example) -> float:
    (found,) = [value for word, value in OPTIMA.items() if word in example["text"]]
    return found


@pytest.mark.parametrize("example", examples(), ids=lambda item: item["text"][:20])
def test_an_example_has_the_optimum_that_was_worked_out_by_hand(example: Example) -> None:
    problem = read_problem(example["text"])
    readings = [
        Reading(clause, text)
        for clause, text in zip(clauses(problem), example["readings"], strict=True)
    ]
    cir = assemble(problem, read_roster(example["decisions"]), readings, example["objective"])
    answer = solve(cir, problem=problem)
    assert answer.outcome is Outcome.OPTIMAL
    assert answer.objective == pytest.approx(known_optimum(example))
    assert list(literal_faults(cir, problem)) == []


@pytest.mark.parametrize("example", examples(), ids=lambda item: item["text"][:20])
def test_the_forms_admit_the_readings_of_an_example_and_no_tampered_ones(example: Example) -> None:
    problem = read_problem(example["text"])
    roster = read_roster(example["decisions"])
    names = tuple(choice.name for choice in roster)
    telling = said_of(roster, problem)
    assert admits(roster_form().grammar, example["decisions"])
    earlier: list[str] = []
    for clause, text in zip(clauses(problem), example["readings"], strict=True):
        known = measures_of([item for said in earlier for item in read_statements(said)], names)
        form = clause_form(clause, telling, known)
        assert admits(form.grammar, text), (clause.text, text)
        for changed in tampered(text, shared=clause.shared):
            assert not admits(form.grammar, changed), (clause.text, changed)
        if clause.slots and all(slot.side for slot in clause.slots):
            assert not admits(form.grammar, turned(text))
        earlier.append(text)
    measures = measures_of([item for said in earlier for item in read_statements(said)], names)
    goal = goal_form(names, measures).grammar
    assert admits(goal, example["objective"])
    for changed in ("maximize", "maximize 3", f"{example['objective']} + other"):
        assert not admits(goal, changed)


def tampered(text: str, *, shared: bool) -> list[str]:
    """Readings with another number, an unknown name, a line more, less, or out of order."""
    lines = text.splitlines()
    found = [text + " ", f"{text}\nfoo <= 1", text.replace("[", "[un", 1), "foo_bar >= 12"]
    found = [item for item in found if item != text]
    found += [text[: m.start()] + "7777" + text[m.end() :] for m in re.finditer(r"\b\d\S*\b", text)]
    if not shared and len(lines) > 1:
        found += ["\n".join(lines[1:]), "\n".join(lines[:-1])]
        numbers = [re.findall(r"[\d.]+$", line) for line in lines]
        found += ["\n".join(reversed(lines))] if numbers != numbers[::-1] else []
    return found


def turned(text: str) -> str:
    """The reading with the first limit turned round."""
    flip = {"<=": ">=", ">=": "<=", "==": "<="}
    return re.sub(r"<=|>=|==", lambda found: flip[found[0]], text, count=1)


def test_the_opening_is_a_conversation_in_turns() -> None:
    roles = [message.role for message in opening()]
    assert roles[0] == "system"
    assert roles[1:] == ["user", "assistant"] * (len(roles) // 2)
