"""The objective out of the money that the data tell: what a plan brings less what it costs.

Every amount of money that limits nothing counts once, at the amount that it is told of: a rent at
the choice of the depot, a freight at what is sent. What money is for is in its name or in the
sentence that speaks of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Literal

from r2c.agents.clauses import goal_sentence, question
from r2c.agents.indexed.data import Data, Given
from r2c.agents.indexed.deeds import family_doing
from r2c.agents.indexed.limits import is_choice, side_of
from r2c.agents.indexed.money_told import is_net, sign_of
from r2c.agents.indexed.naming import heading_of, is_money, mentions_of
from r2c.agents.roster import Choice
from r2c.problem.schema import Problem, Sentence
from r2c.problem.spoken import stem

_MOST = re.compile(
    r"\b(?:profit|income|revenue|return|earn|takings|surplus|gain)\w*\b", re.IGNORECASE
)
_LEAST = re.compile(r"\b(?:costs?|cheap\w*|expens\w+|charges|fees|little money|spend\w*)\b", re.I)
_ALL = re.compile(r"\bprofits?\b", re.IGNORECASE)
_FIXED = re.compile(
    r"\b(?:opening|fixed|set-?\s?up|start-?\s?up|construction|building|installation|rents?|licen[cs]e)\b",
    re.IGNORECASE,
)
_PER = re.compile(r"\b(?:per|of an?|for an?|at an?) (?P<unit>(?:[a-z-]+ )*[a-z-]+)$", re.IGNORECASE)
_HOURLY = re.compile(r"\b(?P<unit>hour|dai|day)ly\b", re.IGNORECASE)
_FOR_EACH = re.compile(r"\b(?:for|on|with) (?:each|every) (?P<noun>[a-z]+)", re.IGNORECASE)
_PRICE = re.compile(r"\bprices?\b", re.IGNORECASE)


def money_goal(
    problem: Problem,
    data: Data,
    roster: Sequence[Choice],
    used: Collection[str],
    charged: Collection[str] = (),
) -> str | None:
    """The objective that the money of the data comes to; None if some money has no place in it.

    Args:
        problem: the problem.
        data: all sets and parameters.
        roster: the families of decisions, those that archetypes bring along among them.
        used: the parameters that limits use.
        charged: the parameters that rules bring into the objective by themselves.
    """
    asked = question(problem)
    goal = goal_sentence(problem)
    sense = sense_of(asked) or sense_of("" if goal is None else goal.text)
    sentences = [one.text for one in problem.sentences if not _lists(one, problem)]
    money = [given for given in data.given.values() if is_money(given)]
    gains: list[str] = []
    losses: list[str] = []
    for given in money:
        if given.name in charged:
            continue
        told = [words for words in sentences if _names(words, given, data)]
        if given.name in used:
            if is_net(told, sentences):
                continue  # what is spent is no part of the goal besides
            if sense == "maximize" and not _ALL.search(asked):
                continue
        sign, amount = sign_of(given, told), _amount(given, told, data, roster)
        if sign is None or amount is None:
            return None
        (gains if sign == 1 else losses).append(amount)
    first, second = (gains, losses) if sense == "maximize" else (losses, gains)
    if sense is None or not first:
        return None
    return f"{sense} {' + '.join(first)}{''.join(f' - {item}' for item in second)}"


def with_bills(goal: str, bills: Sequence[str]) -> str:
    """The objective with the costs that rules create."""
    sign = "+" if goal.startswith("minimize") else "-"
    return goal + "".join(f" {sign} {bill}" for bill in bills)


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


def _amount(given: Given, told: Sequence[str], data: Data, roster: Sequence[Choice]) -> str | None:
    """The amount that money is paid for, weighted: `parcel_weight*delivery_cost*serve`."""
    heading = heading_of(given)
    said = {
        one.given.name: one.given
        for words in told
        for one in mentions_of(words, data)
        if not is_money(one.given) and side_of(one.given) is None and one.given.axes
    }
    unit = _PER.search(heading) or _HOURLY.search(heading)
    if unit is None:
        each = [one for one in roster if _is_told_for_each(given, told, one)]
        return _paid_at_once(given, heading, roster) or _product([given], each)
    word = stem(re.split(r"[ -]", unit["unit"])[-1])
    counted = [choice for choice in roster if not is_choice(choice)]
    counted = [choice for choice in counted if set(given.axes) <= set(choice.over)]
    alike = [choice for choice in counted if word in _counted(choice)]
    weights = [one for one in said.values() if not is_choice_only(one, data)]
    measured = [one for one in weights if word in _measured(one)]
    measured = (
        measured or []
        if counted
        else measured or [one for one in data.given.values() if word in _measured(one)]
    )
    measured = [one for one in measured if not is_money(one) and one is not given]
    if alike:
        return _product([given], _doing(heading, alike))
    if counted and not measured:  # an amount in a unit that its phrase does not tell
        return _product([given], _doing(heading, counted))
    weights = measured if len(measured) == 1 else weights
    if len(weights) == 1:
        axes = {*given.axes, *weights[0].axes}
        fitting = [choice for choice in roster if is_choice(choice) and axes <= set(choice.over)]
        return _product([given, weights[0]], fitting)
    return _product([given], counted) if not measured else None


def _is_told_for_each(given: Given, told: Sequence[str], choice: Choice) -> bool:
    """Whether a sentence tells money of each thing that is counted: "for each piece bought"."""
    if is_choice(choice) or not set(given.axes) <= set(choice.over):
        return False
    nouns = (match["noun"] for words in told for match in _FOR_EACH.finditer(words))
    return any(stem(noun) in _counted(choice) for noun in nouns)


def is_choice_only(given: Given, data: Data) -> bool:
    """Whether a parameter is about no set, and so weighs nothing."""
    return not given.axes


def _paid_at_once(given: Given, heading: str, roster: Sequence[Choice]) -> str | None:
    """Money that is not told of a unit: for what is chosen, or for each that is made."""
    axes = set(given.axes)
    fitting = [choice for choice in roster if axes <= set(choice.over)]
    if _FIXED.search(heading):
        fitting = [choice for choice in fitting if is_choice(choice) and axes == set(choice.over)]
    same = [choice for choice in fitting if axes == set(choice.over)]
    if not same and not _PRICE.search(heading):
        return None  # paid for each unit, or once for a member that is used at all?
    fitting = same or fitting
    chosen = [choice for choice in fitting if is_choice(choice)]
    return _product([given], chosen or fitting)


def _doing(heading: str, fitting: Sequence[Choice]) -> Sequence[Choice]:
    """Of several families the one that does what a heading speaks of, a purchase price."""
    narrow = min((len(choice.over) for choice in fitting), default=0)
    fitting = [choice for choice in fitting if len(choice.over) == narrow]
    found = family_doing(heading, fitting) if len(fitting) > 1 else None
    return fitting if found is None else [found]


def _product(factors: Sequence[Given], fitting: Sequence[Choice]) -> str | None:
    """The weights of a family: the narrowest, if it is the only one."""
    narrow = min((len(choice.over) for choice in fitting), default=0)
    fitting = [choice for choice in fitting if len(choice.over) == narrow]
    if len(fitting) != 1:
        return None
    return "*".join([*(one.name for one in factors), fitting[0].name])


def _counted(choice: Choice) -> set[str]:
    """What a family counts: `tonnes` of "number of tonnes for each feed"."""
    match = re.match(
        r"(?:number|amount) of ([a-z -]+?) (?:for each|[a-z]+ for each)\b", choice.meaning
    )
    words = "" if match is None else match[1]
    return (
        {stem(word) for word in re.split(r"[ -]", f"{words} {choice.name}") if word}
        if words
        else set()
    )


def _measured(given: Given) -> set[str]:
    """What the numbers of a parameter count: words of its heading, and its unit."""
    unit = given.parameter.unit or ""
    bare = _PER.sub("", heading_of(given))
    return {stem(word) for word in re.findall(r"[A-Za-z]+", f"{bare} {unit}")}
