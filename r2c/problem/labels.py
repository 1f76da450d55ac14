"""Finds the numbers that are part of a name: `Machine 1`, `Table 5-2`, `x1`, `B12`, `1.` in a list.

A name's number is not data, so the check that every number is used must not ask for it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from r2c.problem.blocks import split_blocks
from r2c.problem.mark import Mark
from r2c.problem.vocabulary import (
    FUNCTION_WORDS,
    IRREGULAR_PLURALS,
    LABEL_NOUNS,
    MONTHS,
    PERIODS,
    UNITS,
    VERB_LABEL_NOUNS,
    VERBS,
)

_NOUN = re.compile(r"(?P<lead>\S+[ \u00a0])?(?P<word>[A-Za-z][A-Za-z'’]*)[ \u00a0~]\Z")
_GLUED = re.compile(r"(?:(?<![0-9])[A-Za-z_]|[A-Za-z][A-Za-z0-9]*-|_\{)\Z")
_NUMBERED = re.compile(r"(?:\b[Nn]os?\.|#)\s?\Z")
_DOCUMENT = re.compile(
    r"\b(?:tables?|tab\.|figures?|fig\.|sections?|sec\.|chapters?|equations?|eq\.|exercises?"
    r"|problems?|examples?|appendix|version|step)[ \u00a0~]\(?\Z",
    re.I,
)
_ONE_OF_THEM = re.compile(r"\b(?:an?|each|every|per|one)[ \u00a0][A-Za-z]+[ \u00a0]\Z", re.I)
_JOIN_BOTH = re.compile(r"\s*(?:-|–|,? ?(?:and|or)|&|through|to)\s*")
_JOIN_PLURAL = re.compile(r"\s*(?:,|,?\s*(?:and|or)|-|–|&|through|to)\s*")
_NUMBERED_NAME = re.compile(r"(?<=[a-z,] )([A-Z][a-z]{2,}) [0-9]{1,2}(?![0-9.,]*[0-9%])")
_DIMENSION = re.compile(r"[DG](?![A-Za-z0-9])|-?dimensional")
_HALF_DAY = re.compile(r"\s?[ap]\.?m\b", re.I)
_NEXT_WORD = re.compile(r"[\s\u00a0*~]*([A-Za-z]+)")
_YEAR_LEAD = re.compile(r"\b(?:in|since|by|during|of|from|until|year|for)[ \u00a0]\Z", re.I)
_LINE_MARKER = re.compile(
    r"^[ \t]*(?:\*\*)?\(?(?P<number>\d{1,3})(?:[.)]|(?:\.\d{1,3})+)[ \t]+", re.M
)
_INLINE_MARKER = re.compile(r"(?:^|(?<=[\s:;,]))\((\d{1,2})\)(?=[ \u00a0]+[A-Za-z0-9$])")
_DETERMINERS = frozenset(
    "each per every a an one any this next last same another single given that its their "
    "working first second".split()
)


def enumerators(text: str) -> frozenset[int]:
    """Start positions of numbers that only count list items: `1.` or `(2)`.

    `(n)` inside a line counts as an enumerator only as part of a run that starts at 1.
    """
    openings = {start for start, _ in split_blocks(text)}
    markers = [match for match in _LINE_MARKER.finditer(text) if match.end() in openings]
    found = {match.start("number") for match in markers}
    inline = [(int(m.group(1)), m.start(1)) for m in _INLINE_MARKER.finditer(text)]
    numbers = {number for number, _ in inline}
    if {1, 2} <= numbers:
        reached = max(n for n in numbers if set(range(1, n + 1)) <= numbers)
        found |= {start for number, start in inline if number <= reached}
    return frozenset(found)


def mark_labels(text: str, marks: list[Mark]) -> list[Mark]:
    """The same marks, with those that are part of a name given the kind `label`."""
    listed = enumerators(text)
    nouns = LABEL_NOUNS | _named_elsewhere(text)
    result: list[Mark] = []
    plural = False
    for mark in marks:
        current = mark
        if mark.kind in ("number", "fraction") and mark.unit is None:
            previous = result[-1] if result else None
            if mark.start in listed or _is_name(text, mark, nouns):
                plural = _plural_noun(text, mark)
                current = replace(mark, kind="label")
            elif previous is not None and _continues(text, previous, mark, plural):
                current = replace(mark, kind="label")
        result.append(_merged(text, result, current))
    return result


def _merged(text: str, result: list[Mark], mark: Mark) -> Mark:
    """Joins `5` and `2` of `Table 5-2` into one label."""
    if mark.kind != "label" or not result or result[-1].kind != "label":
        return mark
    previous = result[-1]
    if text[previous.end : mark.start] in ("-", ".") and _DOCUMENT.search(
        text[max(0, previous.start - 16) : previous.start]
    ):
        result.pop()
        return replace(previous, end=mark.end)
    return mark


def _named_elsewhere(text: str) -> frozenset[str]:
    """Nouns that the text itself numbers with a capital: `Pill 1 and Pill 2` makes `pill` one."""
    found = _NUMBERED_NAME.findall(text)
    return frozenset(word.lower() for word in found) - FUNCTION_WORDS - MONTHS


def _is_name(text: str, mark: Mark, nouns: frozenset[str]) -> bool:
    lead = text[max(0, mark.start - 60) : mark.start]
    following = _NEXT_WORD.match(text, mark.end)
    after = following.group(1).lower() if following else ""
    if after in UNITS and _ONE_OF_THEM.search(lead):
        return False  # "a chair takes 2 hours and a table 4 hours"
    if _GLUED.search(lead) or _NUMBERED.search(lead) or _DOCUMENT.search(lead):
        return True
    if not mark.plain:
        return False
    if _DIMENSION.match(text, mark.end) or _HALF_DAY.match(text, mark.end):
        return True
    if 1900 <= mark.value <= 2100 and _YEAR_LEAD.search(lead):
        return after == "" or after in FUNCTION_WORDS
    noun = _NOUN.search(lead)
    if noun is None:
        return False
    return _names(mark, noun, after, nouns)


def _names(mark: Mark, noun: re.Match[str], after: str, nouns: frozenset[str]) -> bool:
    word = noun.group("word")
    lower, before = word.lower(), (noun.group("lead") or "").strip().lower()
    if before in _DETERMINERS or before.isdigit() or mark.end - mark.start > 4:
        return False
    stem = "city" if lower == "cities" else lower.removesuffix("s")
    noun_too = stem in VERB_LABEL_NOUNS and (word[0].isupper() or after in VERBS)
    if stem in nouns or noun_too:
        return not (lower in PERIODS and after in UNITS)
    if not word[0].isupper() or len(word) == 1 or lower in FUNCTION_WORDS | MONTHS:
        return False
    opening = not before or before[-1] in ".:!?;|-•*" or "\n" in noun.group("lead")
    return not opening and mark.value < 100 and after not in UNITS


def _plural_noun(text: str, mark: Mark) -> bool:
    noun = _NOUN.search(text[max(0, mark.start - 60) : mark.start])
    word = noun.group("word").lower() if noun else ""
    return word.endswith("s") or word in IRREGULAR_PLURALS


def _continues(text: str, previous: Mark, mark: Mark, plural: bool) -> bool:
    """Whether `mark` carries on a list of names: the 2 of `types 1 and 2`."""
    if previous.kind != "label" or not mark.plain or mark.end - mark.start > 3:
        return False
    between = text[previous.end : mark.start]
    if not (_JOIN_PLURAL if plural else _JOIN_BOTH).fullmatch(between):
        return False
    if between in ("-", "–"):
        return True
    following = _NEXT_WORD.match(text, mark.end)
    return following is None or following.group(1).lower() in FUNCTION_WORDS
