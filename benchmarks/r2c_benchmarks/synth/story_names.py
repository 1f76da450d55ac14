"""Where a text calls the things of its story by their names.

A story has one name for each of its things, "the labour for all tonnes made at each plant in each
month", and every text of it uses that. Two sentences that share no more than such a name say
different things.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from r2c_benchmarks.rulebench.story import Datum, Ordained, Story, story_of

_NUMBER = r"[£€$]?\d[\d.,]*(?: ?%| (?:an? )?[^\W\d][\w³²]*){0,2}"
_PART = re.compile(
    r"<(?P<loop>\w+)(?::\w+)?>"
    r"|\{(?P<what>[#*!]?)(?P<name>\w+)#?\}"
    r"|\[(?P<choice>[^\[\]]*\|[^\[\]]*)\]"
)


@cache
def names_in(story: str) -> re.Pattern[str]:
    """What finds the names of a story: its phrases, labels, sets and members.

    Raises:
        InputError: R2C-B094.
    """
    found = set(_names(story_of(story)))
    return re.compile(
        r"\b(?:" + "|".join(sorted(found, key=len, reverse=True)) + r")(?!\w)", re.IGNORECASE
    )


def _names(story: Story) -> Iterator[str]:
    for members in story.sets.values():
        one, many = re.escape(members.one), re.escape(members.many)
        yield rf"(?:{one} \d+|{one}|{many})"
        yield from map(re.escape, members.names)
    data: dict[str, Datum] = dict(story.data)
    for term in story.aim.terms:
        data |= term.data
    for rule in story.rules:
        data |= rule.data
        for term in rule.terms:
            data |= term.data
        for phrase in rule.phrases.values():
            yield _pattern(phrase, rule, story)
    yield from {re.escape(datum.label) for datum in data.values() if datum.label}


def _pattern(phrase: str, rule: Ordained, story: Story) -> str:
    """A phrase as a pattern of all that it can come to."""
    for name, other in rule.phrases.items():  # a phrase may hold another one
        phrase = phrase.replace(f"{{{name}}}", other)
    parts, end = [], 0
    for match in _PART.finditer(phrase):
        parts += [re.escape(phrase[end : match.start()]), _filled(match, rule, story)]
        end = match.end()
    return "".join([*parts, re.escape(phrase[end:])])


def _filled(match: re.Match[str], rule: Ordained, story: Story) -> str:
    if match["choice"]:
        return f"(?:{'|'.join(map(re.escape, match['choice'].split('|')))})"
    if match["loop"]:
        noun = story.sets[rule.loop_set(match["loop"])]
        called = f"(?:{re.escape(noun.one)}|{re.escape(noun.many)})"
        return rf"(?:(?:each|that|an?) )?{called}(?: (?:except|other than) {_member(story)})?"
    if match["what"] == "*":
        return rf"{_member(story)}(?:(?:,| and) {_member(story)})*"
    return _member(story) if match["what"] == "!" else _NUMBER


def _member(story: Story) -> str:
    names = [re.escape(name) for members in story.sets.values() for name in members.names]
    names += [rf"{re.escape(one.one)} \d+" for one in story.sets.values() if not one.names]
    return f"(?:{'|'.join(names)})"
