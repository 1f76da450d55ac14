"""What speaks against a reading over sets although its form is right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from r2c.agents.clauses import Clause
from r2c.agents.goal import Goal
from r2c.agents.indexed.data import Data, Given
from r2c.agents.indexed.limits import is_limit, side_of
from r2c.agents.plain.preference import CERTAINLY, OFTEN, SILENT
from r2c.agents.roster import Choice
from r2c.agents.statements import Limit, Statement
from r2c.cir.expr import Name, Num, symbols
from r2c.problem.spoken import spoken, stem

_MOST = re.compile(
    r"\b(?:at most|no more|not more|cannot exceed|not exceed|exceeds? (?:its|the|their)|within"
    r"|up to|limited|capacit\w+|available|maximum|more than)\b",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"\b(?:at least|no less|not less|meets?|met|satisf\w+|fulfil\w*|cover\w*|minimum|receives?"
    r"|demands?|needs?)\b",
    re.IGNORECASE,
)
_SENSES = {
    r"\b(?:minim\w+|least|lowest|cheapest|shortest|smallest|fewest)\b": "minimize",
    r"\b(?:maxim\w+|most|highest|largest|greatest)\b": "maximize",
}
_EXACTLY = re.compile(r"\b(?:exact\w*|equals?|equal to|precisely|all of)\b", re.IGNORECASE)
_EACH = re.compile(r"\b(?:each|every|no|any|per|all)\b", re.IGNORECASE)


def cost(
    clause: Clause, statements: Sequence[Statement], data: Data, roster: Sequence[Choice]
) -> float:
    """What the words of the sentence say against the limits, in votes of five samples.

    Args:
        clause: the sentence.
        statements: the reading.
        data: all sets and parameters.
        roster: the families of decisions.
    """
    limits = [item for item in statements if isinstance(item, Limit)]
    if not limits:
        return SILENT if any(slot.side for slot in clause.slots) else 0.0
    said = set(spoken(clause.text))
    total = sum(_against(item, clause, said, data) for item in limits)
    used = {name for item in limits for name in symbols(item.relation)}
    named = [choice for choice in roster if set(_stems(choice.name)) & said]
    if named and not any(choice.name in used for choice in named):
        total += OFTEN
    return total


def _against(item: Limit, clause: Clause, said: set[str], data: Data) -> float:
    total = 0.0
    relation = item.relation
    least, most = _LEAST.search(clause.text), _MOST.search(clause.text)
    if most and not least and relation.ops[0] == ">=":
        total += OFTEN
    if least and not most and relation.ops[0] == "<=":
        total += OFTEN
    if _turns_heading(item, clause, data):
        total += 2 * OFTEN
    total += OFTEN * sum(not _is_said(axis, said, data) for axis in item.each)
    if not item.each and _EACH.search(clause.text) and not isinstance(relation.args[-1], Num):
        total += OFTEN / 2
    mentioned = [name for name in data.given if set(_stems(name)) & said]
    used = [name for name in symbols(relation) if name in data.given]
    if mentioned and used and not set(mentioned) & set(used):
        total += OFTEN
    return total


def _turns_heading(item: Limit, clause: Clause, data: Data) -> bool:
    """Whether a limit stands on another side than the heading of its numbers says."""
    right = item.relation.args[-1]
    given = data.given.get(right.id) if isinstance(right, Name) else None
    side = None if given is None else side_of(given)
    op = item.relation.ops[0]
    return side not in (None, op) and not (op == "==" and _EXACTLY.search(clause.text))


def _is_said(axis: str, said: set[str], data: Data) -> bool:
    members = {stem(member) for member in data.axes[axis].members[:200]}
    return bool((set(_stems(axis)) | members) & said)


def _stems(name: str) -> Iterable[str]:
    return (stem(word) for word in name.split("_") if len(word) > 2)


def goal_cost(goal: Goal, data: Data, question: str, roster: Sequence[Choice]) -> float:
    """What speaks against an objective, in votes of five samples.

    Args:
        goal: the objective.
        data: all sets and parameters.
        question: the words that ask for the best plan.
        roster: the families of decisions.
    """
    used = [data.given[name] for name in symbols(goal.expr) if name in data.given]
    named = asked_for(question, data)
    total = OFTEN * sum(is_limit(given) for given in used if given not in named) / 2
    if named and not any(given in used for given in named):
        total += CERTAINLY if any(suggested_goals(question, data, roster)) else OFTEN
    return total


def asked_for(question: str, data: Data) -> list[Given]:
    """The parameters that a question names: the cost, where the least cost is asked for."""
    said = set(spoken(question))
    return [given for given in data.given.values() if set(_stems(given.name)) & said]


def suggested_goals(question: str, data: Data, roster: Sequence[Choice]) -> Iterator[str]:
    """The weighted amounts that a question names, least or most as it says."""
    senses = {sense for words, sense in _SENSES.items() if re.search(words, question, re.I)}
    weighted = [
        f"{given.name}*{choice.name}"
        for given in asked_for(question, data)
        for choice in roster
        if given.axes and set(given.axes) <= set(choice.over)
    ]
    if len(senses) == 1:
        yield from (f"{sense} {amount}" for sense in senses for amount in weighted)
