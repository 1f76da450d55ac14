"""Which rules a problem has, how large its sets are, and which members a rule spares."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TypeVar

from r2c.cir.schema import Element
from r2c_benchmarks.rulebench.story import (
    Datum,
    Law,
    Ordained,
    Story,
    Term,
    Unit,
    Vague,
    Wanted,
)

Told = TypeVar("Told", Ordained, Vague)

LEVELS = (1, 2, 3, 4, 5)
RULES: Mapping[int, tuple[int, int]] = {1: (3, 3), 2: (4, 5), 3: (6, 7), 4: (8, 10), 5: (11, 14)}
"""How many rules a problem of each level has."""
_ORDERS = 20
"""In how many orders rules are tried for going together."""
_SPARED = 0.35
"""Share of the rules with a spared member, among those that may have one, from level 3 on."""
_OTHER_UNIT = 0.5
"""Share of the numbers told in another unit, among those that have one, from level 3 on."""


@dataclass(frozen=True)
class Selection:
    """The part of a story that a problem is about.

    Attributes:
        rules: The rules, in the order of the story.
        members: The members of each set.
        spared: The member that is exempt, by rule.
        units: The other units in which numbers are told, by number.
        for_training: Whether the words are those kept for training.
        laws: What no linear model can say; the model of the problem is without them.
    """

    story: Story
    level: int
    rules: tuple[Ordained, ...]
    members: Mapping[str, tuple[Element, ...]]
    spared: Mapping[str, Element]
    units: Mapping[str, Unit]
    for_training: bool = False
    laws: tuple[Law, ...] = ()

    @property
    def decisions(self) -> tuple[Wanted, ...]:
        """The decisions of the story and of its chosen rules."""
        own = [wanted for rule in self.rules for wanted in rule.decisions]
        return (*self.story.decisions, *own)

    @property
    def terms(self) -> tuple[Term, ...]:
        """The parts of the objective."""
        return (*self.story.aim.terms, *(term for rule in self.rules for term in rule.terms))

    def words(self, wordings: Sequence[str]) -> Sequence[str]:
        """Those of a list of sentences that may be used: every second one."""
        return wordings[self.for_training :: 2]

    @property
    def data(self) -> Iterator[tuple[str, Datum]]:
        """All numbers by name, each once, those of the story first."""
        seen: set[str] = set()
        sources = [self.story.data]
        sources += [term.data for term in self.story.aim.terms]
        for rule in self.rules:
            sources += [rule.data, *(term.data for term in rule.terms)]
        sources += [law.data for law in self.laws]
        for source in sources:
            for name, datum in source.items():
                if name not in seen:
                    seen.add(name)
                    yield name, datum


def most_rules(story: Story) -> int:
    """The most rules that a problem of the story was seen to have together."""
    return max(len(together(story, Random(k), len(story.rules))) for k in range(_ORDERS))


def select(story: Story, level: int, random: Random, for_training: bool = False) -> Selection:
    """Draw a selection.

    Raises:
        ValueError: if the story has too few rules for the level.
    """
    low, high = RULES[level]
    count = random.randint(low, high)
    orders = (together(story, random, count) for _ in range(_ORDERS))
    rules = next((found for found in orders if len(found) >= low), ())
    if not rules:
        raise ValueError(f"{story.id} has no {low} rules that go together")
    members = {
        name: _members(item.names, _size(item.size, level, random), random)
        for name, item in story.sets.items()
    }
    rules = tuple(about(rule, members) for rule in rules)
    spared = {
        rule.id: member
        for rule in rules
        if level >= 3 and rule.spare and random.random() < _SPARED
        for member in [random.choice(members[rule.loop_set(rule.spare)])]
    }
    found = Selection(story, level, rules, members, spared, {}, for_training)
    units = {
        name: datum.also_in
        for name, datum in found.data
        if level >= 3 and datum.also_in and random.random() < _OTHER_UNIT
    }
    return replace(found, units=units)


def together(story: Story, random: Random, count: int) -> tuple[Ordained, ...]:
    """So many rules that need and allow each other, fewer if there are no more."""
    known = {rule.id: rule for rule in story.rules}
    chosen = {rule.id for rule in story.rules if rule.always}
    others = [rule.id for rule in story.rules if not rule.always]
    random.shuffle(others)
    for id in others:
        wanted = with_needs(id, known) - chosen
        if len(chosen) + len(wanted) <= count and not clash(wanted | chosen, known):
            chosen |= wanted
    return tuple(rule for rule in story.rules if rule.id in chosen)


def with_needs(id: str, known: Mapping[str, Ordained]) -> set[str]:
    """A rule and all that it needs, by id."""
    found, todo = set[str](), [id]
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += known[one].needs
    return found


def clash(ids: set[str], known: Mapping[str, Ordained]) -> bool:
    """Whether some of the rules exclude each other."""
    return any(other in ids for id in ids for other in known[id].excludes)


def _size(size: tuple[int, int], level: int, random: Random) -> int:
    """A size near the place of the level between the smallest and the largest."""
    low, high = size
    middle = low + (high - low) * (level - 1) / (len(LEVELS) - 1)
    return max(low, min(high, round(middle + random.uniform(-0.8, 0.8))))


def about(rule: Told, members: Mapping[str, tuple[Element, ...]]) -> Told:
    """A rule, vague or not, with the first member of a set in place of `"!Set"`."""
    told = plain = rule.model_dump_json(exclude_unset=True)
    for name, found in members.items():
        told = told.replace(f'\\"!{name}\\"', json.dumps(json.dumps(found[0]))[1:-1])
    return rule if told == plain else type(rule).model_validate_json(told)


def _members(names: tuple[str, ...], size: int, random: Random) -> tuple[Element, ...]:
    if not names:
        return tuple(range(1, size + 1))
    return tuple(random.sample(names, size))
