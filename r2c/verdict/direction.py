"""At least against at most: the side of each limit, held against the words it is quoted from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from r2c.archetypes.card import Card
from r2c.cir.check_quotes import words_of
from r2c.cir.derivations import says
from r2c.cir.expr import Neg, Num, numbers, symbols
from r2c.cir.occurrences import Occurrence, source_of
from r2c.cir.owners import owners
from r2c.cir.schema import CIR, Objective, Rule
from r2c.formulation import Evidence
from r2c.problem import read_problem
from r2c.problem.schema import Problem
from r2c.verdict.cues import senses, states_goal
from r2c.verdict.relations import Limit, limits_of_rules
from r2c.verdict.said import Direction, Said, limits_said
from r2c.verdict.said_on import limits_said_on
from r2c.verdict.sources import Drawn, drawn

NAME = "direction"
_FACTORS = ("percent", "fraction", "multiplier")
_SPOKEN: dict[Direction, str] = {
    "least": "at least", "most": "at most", "exactly": "exactly",
}  # fmt: skip


@dataclass(frozen=True)
class Conflict:
    """A limit or goal that runs against its words; `rule` is empty for goals and bounds."""

    message: str
    rule: str = ""


def direction(
    problem: Problem, cir: CIR, library: Mapping[str, Card], source: Drawn | None = None
) -> Evidence:
    """Whether every limit and goal points the way its words say."""
    conflicts, compared = direction_conflicts(problem, cir, library, source)
    if not compared:
        return Evidence(
            check=NAME,
            passed=None,
            message="No words say from which side a number limits the plan.",
        )
    return Evidence(
        check=NAME,
        passed=not conflicts,
        message=" ".join(item.message for item in conflicts) or _told(compared),
        rules=tuple(dict.fromkeys(item.rule for item in conflicts if item.rule)),
        details={"compared": compared, "conflicts": [item.message for item in conflicts]},
    )


def _told(compared: int) -> str:
    if compared == 1:
        return "The only limit or goal with such words points the way it says."
    return f"All {compared} limits and goals with such words point the way they say."


def direction_conflicts(
    problem: Problem, cir: CIR, library: Mapping[str, Card], source: Drawn | None = None
) -> tuple[tuple[Conflict, ...], int]:
    """The conflicts, and how many limits and goals could be compared with words."""
    found: list[Conflict] = []
    compared = 0
    by_rule: dict[str, list[Limit]] = {}
    for limit in limits_of_rules(cir, library):
        by_rule.setdefault(limit.rule, []).append(limit)
    said_in = {rule.id: _said_of(rule, problem) for rule in cir.rules}
    kept = {
        said
        for rule in cir.rules
        for said in said_in[rule.id]
        if (met := _meant(said, by_rule.get(rule.id, []))) and not [*_conflict("", said, met)]
    }
    for rule in cir.rules:
        for said in said_in[rule.id]:
            met = _meant(said, by_rule.get(rule.id, []))
            conflicts = list(_conflict(rule.id, said, met)) if met else []
            # Beside a rule that says it in full, one whose archetype happens to use the number.
            if not met or (conflicts and said in kept and not _written(rule, said, cir)):
                continue
            compared += 1
            found.extend(conflicts)
    for goal in cir.objectives:
        asked = _asked(goal, problem)
        if asked is not None:
            compared += 1
            if asked != _sense(goal):
                words = {"max": "the largest", "min": "the smallest"}
                found.append(
                    Conflict(f"The goal seeks {words[_sense(goal)]}, the words {words[asked]}.")
                )
    bounds, count = _bounds(problem, cir, source)
    return (*found, *bounds), compared + count


def _said_of(rule: Rule, problem: Problem) -> tuple[Said, ...]:
    span = words_of(rule, problem)
    if span is not None:
        return limits_said_on(problem, span)
    if not any(character.isalnum() for character in rule.quote):
        return ()
    return limits_said_on(read_problem(rule.quote))


def _written(rule: Rule, said: Said, cir: CIR) -> bool:
    """Whether the number stands in an operand of the rule, or in a parameter that one names."""
    data = {item.name: item.value for item in cir.parameters if isinstance(item.value, float)}
    given = [
        *(value for operand in rule.operands.values() for value in numbers(operand)),
        *(data[name] for one in rule.operands.values() for name in symbols(one) if name in data),
    ]
    return any(says(said.quantity, value) for value in given)


def _meant(said: Said, limits: list[Limit]) -> list[Limit]:
    """The limits of the rule that may stand for the number; plain ones before factors."""
    same = [limit for limit in limits if says(said.quantity, limit.value)]
    plain = [limit for limit in same if not limit.factor]
    if plain or said.quantity.kind not in _FACTORS:
        return plain
    return same


def _conflict(rule: str, said: Said, limits: list[Limit]) -> Iterator[Conflict]:
    meant = {limit.direction for limit in limits}
    if said.direction in meant or (not said.firm and "exactly" in meant):
        return
    if len(meant) == 1:  # of several readings none is sure
        spoken = _SPOKEN[limits[0].direction]
        text = said.quantity.text
        yield Conflict(f"The words say '{said}', the rule {rule!r} says {spoken} {text}.", rule)


def _asked(goal: Objective, problem: Problem) -> str | None:
    told = " ".join(item.text for item in problem.sentences if states_goal(item.text))
    for words in (goal.quote, told):
        found = senses(words)
        if len(found) == 1:
            return next(iter(found))
        if found:
            return None
    return None


def _sense(goal: Objective) -> str:
    turned = isinstance(goal.expr, Neg) != (goal.weight < 0)
    return {"max": "min", "min": "max"}[goal.sense] if turned else goal.sense


def _bounds(problem: Problem, cir: CIR, source: Drawn | None) -> tuple[list[Conflict], int]:
    """Numeric bounds of decisions against the words that their numbers come from."""
    said = limits_said(problem)
    if not said:
        return [], 0
    used = source or drawn(cir, problem)
    sides: dict[str, Direction] = {"lower bound": "least", "upper bound": "most"}
    found: list[Conflict] = []
    compared = 0
    for owner in owners(used.traced):
        for place in owner.places if owner.kind == "decision" else ():
            if not isinstance(place.expr, Num):
                continue
            traced = source_of(owner, Occurrence(place.expr.value, 0, False))
            spans = () if traced is None or traced.kind != "text" else traced.spans
            for item in said:
                if not any(span.overlaps(item.quantity.span) for span in spans):
                    continue
                compared += 1
                if item.direction not in (sides[place.role], "exactly"):
                    found.append(
                        Conflict(
                            f"The words say '{item}', but it is the {place.role} of {owner.name!r}."
                        )
                    )
    return found, compared
