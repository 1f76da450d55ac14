"""The objective out of the money that the data tell: what a plan brings less what it costs.

Every amount of money that limits nothing counts once, at the amount that it is told of: a rent at
the choice of the depot, a freight at what is sent. What money is for is in its name or in the
sentence that speaks of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Literal

from r2c.agents.clauses import question
from r2c.agents.indexed.data import Data, Given
from r2c.agents.indexed.limits import is_choice, side_of
from r2c.agents.indexed.named import is_money, mentions_of
from r2c.agents.roster import Choice
from r2c.problem.schema import Problem, Sentence

_GAIN = re.compile(
    r"\b(?:profits?|revenues?|incomes?|takings|earnings|returns?|donations?|benefits?|margins?|subsid(?:y|ies)"
    r"|(?:selling|sales?|retail) prices?)\b",
    re.IGNORECASE,
)
_LOSS = re.compile(
    r"\b(?:costs?|fees?|charges?|rents?|pay|wages?|salar(?:y|ies)|penalt(?:y|ies)|surcharges?|supplements?"
    r"|expenses?|freight|fares?|(?:purchase|buying) prices?)\b",
    re.IGNORECASE,
)
_EARNED = re.compile(r"\b(?:sold|sells?|brings?|earns?|income|revenue|receives?|return)\b", re.I)
_PAID = re.compile(r"\b(?:pays?|paid|costs?|charged|due|spent|deducted|comes? off|bought)\b", re.I)
_MOST = re.compile(
    r"\b(?:profit|income|revenue|return|earn|takings|surplus|gain)\w*\b", re.IGNORECASE
)
_LEAST = re.compile(r"\b(?:costs?|cheap\w*|expens\w+|charges|fees|little money|spend\w*)\b", re.I)
_FIXED = re.compile(
    r"\b(?:opening|fixed|set-?\s?up|start-?\s?up|construction|building|installation|rents?|licen[cs]e)\b",
    re.IGNORECASE,
)
_BY_UNIT = re.compile(r"\b(?:per|hourly|daily|prices?|of an?)\b", re.IGNORECASE)
_PER = re.compile(r"\b(?:per|hourly|daily)\b", re.IGNORECASE)


def money_goal(
    problem: Problem, data: Data, roster: Sequence[Choice], used: Collection[str]
) -> str | None:
    """The objective that the money of the data comes to; None if some money has no place in it.

    Args:
        problem: the problem.
        data: all sets and parameters.
        roster: the families of decisions, those that archetypes bring along among them.
        used: the parameters that limits use.
    """
    sense = sense_of(question(problem))
    money = [given for given in data.given.values() if is_money(given) and given.name not in used]
    if sense is None or not money:
        return None
    sentences = [one.text for one in problem.sentences if not _lists(one, problem)]
    gains: list[str] = []
    losses: list[str] = []
    for given in money:
        told = [words for words in sentences if _names(words, given, data)]
        sign, amount = _sign(given, told), _amount(given, told, data, roster)
        if sign is None or amount is None:
            return None
        (gains if sign == 1 else losses).append(amount)
    first, second = (gains, losses) if sense == "maximize" else (losses, gains)
    if not first:
        return None
    return f"{sense} {' + '.join(first)}{''.join(f' - {item}' for item in second)}"


def sense_of(words: str) -> Literal["minimize", "maximize"] | None:
    """Whether a question asks for the most money or the least; None if for neither or both."""
    if _MOST.search(words):
        return "maximize"
    return "minimize" if _LEAST.search(words) else None


def _lists(sentence: Sentence, problem: Problem) -> bool:
    """Whether a sentence is of a table or only leads to one."""
    spans = (table.span for table in problem.tables if table.span is not None)
    inside = any(span.overlaps(sentence.span) for span in spans)
    return inside or sentence.text.rstrip(" *_").endswith(":")


def _names(words: str, given: Given, data: Data) -> bool:
    return any(one.given is given for one in mentions_of(words, data))


def _sign(given: Given, told: Iterable[str]) -> Literal[1, -1] | None:
    heading = given.heading.replace("_", " ") + " " + given.name.replace("_", " ")
    if _GAIN.search(heading):
        return 1
    if _LOSS.search(heading):
        return -1
    words = " ".join(told)
    earned, paid = _EARNED.search(words) is not None, _PAID.search(words) is not None
    if earned == paid:
        return None
    return 1 if earned else -1


def _amount(
    given: Given,
    told: Iterable[str],
    data: Data,
    roster: Sequence[Choice],
) -> str | None:
    """The amount that money is paid for, weighted: `parcel_weight*delivery_cost*serve`."""
    weights = {
        one.given.name: one.given
        for words in told
        for one in mentions_of(words, data)
        if not is_money(one.given) and side_of(one.given) is None and one.given.axes
    }
    heading = given.heading.replace("_", " ") + " " + given.name.replace("_", " ")
    factors = list(weights.values()) if _PER.search(heading) and len(weights) == 1 else []
    axes = {*given.axes, *(axis for one in factors for axis in one.axes)}
    fitting = [choice for choice in roster if axes <= set(choice.over)]
    if _FIXED.search(heading):
        fitting = [choice for choice in fitting if is_choice(choice) and axes == set(choice.over)]
    if not fitting:
        return None
    if all(axes < set(choice.over) for choice in fitting) and not _BY_UNIT.search(heading):
        return None  # paid for each unit, or once for a member that is used at all?
    narrow = min(len(choice.over) for choice in fitting)
    fitting = [choice for choice in fitting if len(choice.over) == narrow]
    if len(fitting) > 1:
        amounts = [one for one in fitting if is_choice(one) != bool(_PER.search(heading))]
        fitting = amounts or fitting
    return "*".join([given.name, *(one.name for one in factors), fitting[0].name])
