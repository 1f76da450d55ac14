"""Which of several sampled rosters to trust: the size that most samples agree on, least doubted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise

from r2c.agents.clauses import question
from r2c.agents.domain import asks_for_choice
from r2c.agents.mentions import in_order_of_mention, is_said, mentioned
from r2c.agents.plain.stated import (
    listed_choices,
    names_all,
    run_choices,
    stated_choices,
    tabled_choices,
)
from r2c.agents.roster import Choice
from r2c.problem.schema import Problem
from r2c.problem.spoken import spoken, stem, telling_words

_GOAL = re.compile(r"\b(?:maximi[sz]|minimi[sz])\w*\b(.*)$", re.IGNORECASE | re.DOTALL)
_GENERAL = frozenset(
    map(stem, "number amount quantity units total of the to in for on at by per each all".split())
)
_SYMBOL = re.compile(r"[a-z]_?\d{0,2}")
"""A name as mathematics has them: `x`, `x1`, `x_1`."""
_ITEM = re.compile(r"^\s*[-*•]\s*(?P<label>[A-Z][\w '-]{0,40}?):(?P<told>[^\n]*\d[^\n]*)$", re.M)
_HELD = re.compile(
    r"\b(?:available|left|in stock|on hand|at least|at most|up to|limit\w*|capacity|must|cannot"
    r"|(?:is|are) (?:needed|required|wanted|there))\b",
    re.IGNORECASE,
)
_WEIGHT = 60
"""Divisible by 1 to 6, so that doubts share it without remainder."""

Roster = tuple[Choice, ...]


def best_roster(
    rosters: Sequence[Roster], problem: Problem, refused: Collection[frozenset[str]] = ()
) -> Roster:
    """The roster of the size that most samples agree on, doubts counted, refused ones last.

    Where the samples are in doubt, the symbols of the text are taken. The choices come in the
    order in which the text first speaks of them.
    """
    rosters = [_without_totals(roster) for roster in rosters]
    doubts = [_doubts(roster, problem) for roster in rosters]
    sizes: Counter[int] = Counter()
    for roster, doubt in zip(rosters, doubts, strict=True):
        sizes[len(roster)] += _WEIGHT // (1 + doubt)
    same = Counter(map(names_of, rosters))

    def merit(place: int) -> tuple[bool, int, int, int]:
        roster = rosters[place]
        names = names_of(roster)
        return names not in refused, sizes[len(roster)], -doubts[place], same[names]

    place = max(range(len(rosters)), key=merit)
    agreed = sum(len(one) == len(rosters[place]) for one in rosters) * 2 > len(rosters)
    sure = agreed and not doubts[place] and len(rosters[place]) > 1
    best = _stated_or(rosters[place], rosters, problem, refused, sure=sure)
    by_name = {choice.name: choice for choice in best}
    ordered = in_order_of_mention(said_of(best, problem), problem.text)
    return tuple(by_name[name] for name in ordered)


def _stated_or(
    best: Roster,
    rosters: Sequence[Roster],
    problem: Problem,
    refused: Collection[frozenset[str]],
    *,
    sure: bool,
) -> Roster:
    """The quantities that the text names itself, if the samples are in doubt or some name them."""
    chooses = asks_for_choice(question(problem), problem.text) is not None
    run = run_choices(problem)  # words that leave no other reading
    stated = (
        run
        or stated_choices(problem)
        or tabled_choices(problem, chooses=chooses)
        or listed_choices(problem, chooses=chooses)
    )
    if not stated or names_of(stated) in refused or names_all(stated, names_of(best)):
        return best
    named = any(names_all(stated, names_of(roster)) for roster in rosters)
    data = _are_headings(best, problem) or _are_told_of_each(best, stated, problem)
    return stated if run or named or not sure or data else best


def _are_headings(roster: Roster, problem: Problem) -> bool:
    """Whether decisions are called like columns of numbers: what a table tells is no decision."""
    heads = {
        frozenset(spoken(column.name))
        for table in problem.tables
        for column in table.columns[1:]
        if column.type == "number" and len(table.columns) > 2
    }
    names = [frozenset(spoken(choice.name.replace("_", " "))) for choice in roster]
    return bool(heads) and any(name in heads for name in names)


def _are_told_of_each(roster: Roster, stated: Roster, problem: Problem) -> bool:
    """Whether decisions are called like what a list tells of each stated one.

    In "- Rice: 14 grams of protein for $7" and the like for eggs and beans, protein is no decision.
    """
    told = {frozenset(spoken(item["label"])): item["told"] for item in _ITEM.finditer(problem.text)}
    items = [told.get(frozenset(spoken(choice.name.replace("_", " ")))) for choice in stated]
    if len(items) < 2 or None in items or any(_HELD.search(item or "") for item in items):
        return False  # "Paint: 2 litres a chair, and 50 litres are available" is a resource
    said = said_of(roster, problem)
    if mentioned(question(problem), said):
        return False
    spoken_of = Counter(name for item in items for name in mentioned(item or "", said))
    return all(2 * spoken_of[choice.name] >= len(items) for choice in roster)


def _without_totals(roster: Roster) -> Roster:
    """Without totals and costs, which follow from the plan, unless nothing else is named."""
    return tuple(choice for choice in roster if not choice.doubtful) or roster


def names_of(roster: Sequence[Choice]) -> frozenset[str]:
    """The names of a roster, whatever their order."""
    return frozenset(choice.name for choice in roster)


def said_of(roster: Sequence[Choice], problem: Problem) -> dict[str, frozenset[str]]:
    """For each name the words that tell it apart: its own, with its meaning if the text lacks them.

    A meaning often repeats words of the whole problem ("units of medication"), so it is asked
    only where the name itself is not in the text, or is a symbol beside which a thing is named
    once and told by its own name from then on: "x1 almond cakes".
    """
    words = {}
    common = shared_words(roster) | _GENERAL
    for choice in roster:
        name = choice.name.replace("_", " ")
        known = is_said(choice.name, problem.text) and not _SYMBOL.fullmatch(choice.name)
        own = (word for word in choice.meaning.split() if stem(word) not in common)
        words[choice.name] = name if known else " ".join((name, *own))
    return telling_words(words)


def shared_words(roster: Sequence[Choice]) -> frozenset[str]:
    """The stems that the meanings of all choices share: `acr` of "acres of hay" and "of oats"."""
    meanings = [frozenset(spoken(choice.meaning)) for choice in roster]
    shared = frozenset.intersection(*meanings) if len(meanings) > 1 else frozenset[str]()
    return shared - _GENERAL


def _doubts(roster: Roster, problem: Problem) -> int:
    found = sum(
        choice.doubtful or not is_said(choice.name, problem.text) or _is_coined(choice, problem)
        for choice in roster
    )
    goal = _GOAL.search(question(problem))
    if goal is not None and len(roster) > 2:
        # What is maximized among three or more is rarely one of the choices.
        found += len(mentioned(goal[1], said_of(roster, problem))) == 1
    return found


def _is_coined(choice: Choice, problem: Problem) -> bool:
    """Whether the words of a name are all in the text but nowhere side by side."""
    words = choice.name.split("_")
    text = problem.text.lower()
    pairs = pairwise(words)
    return not all(
        re.search(rf"{stem(one)}\w*\W+{stem(two)}|{stem(two)}\w*\W+{stem(one)}", text)
        for one, two in pairs
    )
