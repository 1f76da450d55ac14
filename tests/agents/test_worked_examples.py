"""The worked examples that every conversation opens with are right in every respect."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

import pytest
from gbnf import admits

from r2c.agents.choose_dialect import dialect_of
from r2c.agents.clauses import Clause
from r2c.agents.conversation import Example, examples, opening
from r2c.agents.dialect import Dialect
from r2c.agents.indexed import reader
from r2c.agents.indexed.reader import Indexed
from r2c.agents.plain import reader as plain
from r2c.agents.plain.reader import Plain
from r2c.agents.reading import Reading
from r2c.cir.literals import literal_faults
from r2c.formulation import Outcome
from r2c.problem.read import read_problem
from r2c.problem.schema import Problem
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


def cheapest_depots() -> float:
    """The chain's rules once more, tried on every pair of depots and each split of pallets."""
    opening = {"East": 900, "West": 700, "Mid": 800}
    capacity = {"East": 80, "West": 60, "Mid": 90}
    freight = {
        ("East", "Pine"): 4,
        ("East", "Lake"): 6,
        ("West", "Pine"): 5,
        ("Mid", "Lake"): 3,
        ("Mid", "Pine"): 7,
    }
    best = float("inf")
    for one, two in itertools.combinations(opening, 2):
        for pine, lake in itertools.product(range(41), range(56)):
            sent = {(one, "Pine"): pine, (one, "Lake"): lake}
            sent |= {(two, "Pine"): 40 - pine, (two, "Lake"): 55 - lake}
            lanes = all(lane in freight for lane, amount in sent.items() if amount)
            fits = all(
                sum(sent[depot, shop] for shop in ("Pine", "Lake")) <= capacity[depot]
                for depot in (one, two)
            )
            if lanes and fits:
                cost = sum(freight[lane] * amount for lane, amount in sent.items() if amount)
                best = min(best, opening[one] + opening[two] + cost)
    return best


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
    # Dale sends all its milk South for 5, Hill the rest of South for 7 and all of North for 4.
    "dairy": 200 * 5 + 50 * 7 + 150 * 4,
    "clinic": 6 + 4,
    "depots": cheapest_depots(),
}
"""The optimum of each example, worked out by hand, by a word of its text."""


def known_optimum(example: Example) -> float:
    (found,) = [value for word, value in OPTIMA.items() if word in example["text"]]
    return found


DIALECTS: list[tuple[str, type[Dialect]]] = [(plain.PROMPTS, Plain), (reader.PROMPTS, Indexed)]
EXAMPLES = [
    pytest.param(example, dialect, id=example["text"][:20])
    for file, dialect in DIALECTS
    for example in examples(file)
]


@pytest.mark.parametrize(("example", "kind"), EXAMPLES)
def test_an_example_has_the_optimum_that_was_worked_out_by_hand(
    example: Example, kind: Callable[[Problem], Dialect]
) -> None:
    dialect = kind(read_problem(example["text"]))
    roster = dialect.roster_form().read(example["decisions"])
    readings = [
        Reading(clause, text)
        for clause, text in zip(dialect.clauses, example["readings"], strict=True)
    ]
    cir = dialect.assemble(roster, readings, example["objective"])
    answer = solve(cir, problem=dialect.problem)
    assert answer.outcome is Outcome.OPTIMAL
    assert answer.objective == pytest.approx(known_optimum(example))
    assert list(literal_faults(cir, dialect.problem)) == []


@pytest.mark.parametrize(("example", "kind"), EXAMPLES)
def test_the_forms_admit_the_readings_of_an_example_and_no_tampered_ones(
    example: Example, kind: Callable[[Problem], Dialect]
) -> None:
    dialect = kind(read_problem(example["text"]))
    roster = dialect.roster_form().read(example["decisions"])
    assert admits(dialect.roster_form().grammar, example["decisions"])
    earlier: list[tuple[Clause, str]] = []
    for clause, text in zip(dialect.clauses, example["readings"], strict=True):
        known = dialect.settled(clause, roster)
        earlier.append((clause, text))
        if known is not None:
            assert known == text, clause.text
            continue
        form = dialect.clause_form(clause, roster, earlier[:-1])
        assert admits(form.grammar, text), (clause.text, text)
        assert dialect.meaning(clause, form.read(text), roster, earlier[:-1]) is not None
        assert dialect.cost(clause, form.read(text), roster, earlier[:-1]) == 0, clause.text
        changes = tampered(text, shared=clause.shared) if kind is Plain else strange(text)
        for changed in changes:
            assert not admits(form.grammar, changed), (clause.text, changed)
        if kind is Plain and clause.slots and all(slot.side for slot in clause.slots):
            assert not admits(form.grammar, turned(text))
    goal = dialect.goal_form(roster, earlier)
    assert admits(goal.grammar, example["objective"])
    assert dialect.goal_cost(goal.read(example["objective"]), roster) == 0
    for changed in ("maximize", "maximize 3", f"{example['objective']} + other"):
        assert not admits(goal.grammar, changed)


@pytest.mark.parametrize(("example", "kind"), EXAMPLES)
def test_an_example_is_read_in_the_dialect_whose_example_it_is(
    example: Example, kind: type[Dialect]
) -> None:
    assert type(dialect_of(read_problem(example["text"]))) is kind


def strange(text: str) -> list[str]:
    """Readings over sets with unknown names, sets or numbers, or without a limit."""
    found = [f"{text}\nfoo <= 1", "foo_bar >= 12", f"{text} + 1", "for each foo: 1 <= 2"]
    return (
        found
        + [text.replace("for each ", "for each foo, "), re.sub(r"\b\d\b", "7777", text)][
            : 2 if "for each" in text and re.search(r"\b\d\b", text) else 0
        ]
    )


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
    for file, dialect in DIALECTS:
        roles = [message.role for message in opening(file, dialect)]
        assert roles[0] == "system"
        assert roles[1:] == ["user", "assistant"] * (len(roles) // 2)
