"""What a sentence is about: which sets it names and which family of amounts it speaks of."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from r2c.agents.indexed.data import Data
from r2c.agents.indexed.limits import is_choice
from r2c.agents.indexed.sets_said import axis_of
from r2c.agents.roster import Choice
from r2c.problem.spoken import stem

_WORD = re.compile(r"[A-Za-z]+")
_ALL = re.compile(
    r"\b(?:all(?: (?:the|our|its|of the))?(?: \d+)?|both|over all|in all|across all) "
    r"(?P<noun>[a-z]+(?: [a-z]+)?)",
    re.IGNORECASE,
)


def sets_named(words: str, data: Data) -> tuple[str, ...]:
    """The sets whose nouns stand in the words, in the order of the data."""
    tokens = _WORD.findall(words)
    pairs = (" ".join(tokens[place : place + 2]) for place in range(len(tokens)))
    found = {axis for pair in pairs if (axis := axis_of(pair, data)) is not None}
    return tuple(axis for axis in data.axes if axis in found)


def sets_added_up(words: str, data: Data) -> set[str]:
    """The sets whose members are taken together: "of all goods"."""
    found = (axis_of(match["noun"], data) for match in _ALL.finditer(words))
    return {axis for axis in found if axis is not None}


def family_of(words: str, sets: Collection[str], roster: Sequence[Choice]) -> Choice | None:
    """The family of amounts that words speak of: the only one over these sets, or the one named.

    Args:
        words: the sentence.
        sets: the sets that it names.
        roster: the families of decisions.
    """
    fitting = [one for one in roster if not is_choice(one) and set(sets) <= set(one.over)]
    if len(fitting) > 1:
        said = {stem(word) for word in _WORD.findall(words)}
        fitting = [one for one in fitting if said & words_of(one)]
    return fitting[0] if len(fitting) == 1 else None


def words_of(choice: Choice) -> set[str]:
    """What a family is called and counts, without the words of every family."""
    said = {stem(word) for word in _WORD.findall(f"{choice.name} {choice.meaning}".lower())}
    sets = {stem(word) for axis in choice.over for word in axis.split("_")}
    return said - sets - _PLAIN


_PLAIN = frozenset(map(stem, "number amount of for each and if is the with put in out".split()))
