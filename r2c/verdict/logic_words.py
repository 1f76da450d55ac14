"""Sentences whose words join, bar or condition parts of the plan: if, either, not both, multiple.

A row of numbers cannot say such a thing by itself; `r2c.verdict.logic` asks whether the model can.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from r2c.cir.schema import CIR
from r2c.problem.schema import Problem, Quantity, Sentence
from r2c.verdict.condition_words import conditions
from r2c.verdict.task_words import speaks_of_wholeness, without_task

Kind = Literal["condition", "alternative", "exclusion", "together", "multiple", "batch", "season"]

_LIMIT = (
    r"(?:at\s+(?:least|most)|exactly|no\s+(?:more|fewer|less)\s+than|not\s+more\s+than"
    r"|an?\s+(?:minimum|maximum)\s+of|up\s+to)"
)
_MODAL = r"(?:must|may|can|should|will|shall|has\s+to|have\s+to|needs?\s+to|allowed|permitted)"
_MUST = r"(?:must|should|has\s+to|have\s+to)"
_WHICH = r"\beither\b(?!\s+(?:by|with|using|via|through|in|on|as|from|for|at)\b)"
"""What follows tells which of two things; "either by truck or by train" tells two ways."""
_LIMIT_OR_LIMIT = re.compile(rf"\b{_LIMIT}\b[^;]*?\bor\s+(?:\w+\s+){{0,3}}?{_LIMIT}\b", re.I)
_DENIED = re.compile(r"\b(?:not|cannot|never|neither|nor)\b|n['’]t\b", re.I)
_EITHER = re.compile(
    rf"\b{_MUST}\b[^;]*?{_WHICH}[^;]*?\bor\b[^,;.]*|{_WHICH}[^;]*?\bor\b[^,;]*?\b{_MUST}\b", re.I
)
_ONE_OF = re.compile(
    rf"\b(?:at\s+most|exactly|only|just|no\s+more\s+than)\s+one\s+of\s+(?:the|these|those)\b"
    rf"(?=[^;]*\b{_MODAL}\b)",
    re.I,
)
_SHARED = re.compile(r"\b(?:each|every|all|any)\b", re.I)
_EXCLUSION = re.compile(
    r"\bnot\s+both\b|\bcan(?:not|['’]t)\s+both\b|\bmutually\s+exclusive\b|\bincompatible\b"
    r"|\brules?\s+out\b|\binstead\s+of\s+both\b",
    re.I,
)
_OF_ALL = re.compile(r"\b(?:all|both|the\s+two)\b", re.I)
"""The total of "all goods together" is limited, not their being made at one time."""
_NOT_TOGETHER = re.compile(
    r"(?:(?<!or )\bnot\b|\b(?:cannot|never)\b|n['’]t\b)[^;]*?"
    r"\b(?:together|at\s+the\s+same\s+time|simultaneously)\b",
    re.I,
)
_AMOUNT = re.compile(
    r"\b(?:more|less|fewer|over|beyond|past|above|below|under)\b|\bexceed\w*|\bat\s+(?:least|most)\b"
    r"|\bup\s+to\b",
    re.I,
)
_TOGETHER = re.compile(
    r"\bonly\b[^,;]*?\b(?:together|along|jointly|combined|in\s+combination)\s+with\b"
    r"|\bonly\b[^;]*?\b(?:in|as)\s+(?:an?\s+)?(?:sets?|pairs?|bundles?)\b",
    re.I,
)
_WITHOUT = re.compile(r"(?:\b(?:no|not|cannot|never)\b|n['’]t\b)[^;]*?\bwithout\b[^,;.]*", re.I)
_MULTIPLE = re.compile(
    r"\bmultiples?\s+of\s+(?!them\b|these\b|those\b|its\b|our\b|their\b)[^,;.]*"
    r"|\bdivisible\s+by\b[^,;.]*|\b(?:even|odd)\s+number\s+of\b"
    r"|\bonly\b[^;]*?\bin\s+(?:lots|batches|packs|crates|boxes|dozens)\b[^,;.]*",
    re.I,
)
_BATCH = re.compile(
    r"(?<!any number of them )\bor\s+(?:else\s+)?(?:none|nothing|not)\s+at\s+all\b"
    r"|(?<!any number of them )\bor\s+(?:else\s+)?(?:none|nothing)\b(?!\s+of)"
    rf"|\b(?:none|nothing|zero)\b(?:\s+at\s+all)?,?\s+or\s+(?:else\s+)?{_LIMIT}\b",
    re.I,
)
_SEASON = re.compile(
    r"\b(?:in|during|on|at|over)\s+(?:the\s+)?(?:winter|summer|spring|autumn|january|february|march"
    r"|april|june|july|august|september|october|november|december|mondays?|tuesdays?|wednesdays?"
    r"|thursdays?|fridays?|saturdays?|sundays?|weekends?|weekdays?|nights?|evenings?|mornings?"
    r"|afternoons?|holidays|(?:first|second|third|fourth|last|final)\s+(?:day|week|month|quarter"
    r"|period|year))\b",
    re.I,
)
_REMINDER = re.compile(r"\b(?:do\s+not|don['’]t)\s+forget\b", re.I)
"""Denies nothing."""
_BARS = re.compile(r"\b(?:no|not|never|cannot|only)\b|n['’]t\b", re.I)

_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("exclusion", _EXCLUSION),
    ("together", _TOGETHER),
    ("multiple", _MULTIPLE),
    ("batch", _BATCH),
)


@dataclass(frozen=True)
class Logic:
    """The logic of a sentence: its kind and the words that tell it."""

    sentence: Sentence
    kind: Kind
    words: str


def logic_said(problem: Problem, cir: CIR) -> tuple[Logic, ...]:
    """The logic that the text states about the plan, one entry for each kind in a sentence.

    Args:
        problem: The text; lines of its tables are left out.
        cir: A model of it, whose decisions tell which words are about the plan.
    """
    stems = _decided(cir)
    found: list[Logic] = []
    for sentence in problem.sentences:
        if any(table.span and table.span.overlaps(sentence.span) for table in problem.tables):
            continue
        if without_task(sentence.text) != sentence.text:
            continue
        kinds: dict[Kind, str] = {}
        for kind, words in _Reader(sentence, problem.quantities, stems).kinds():
            kinds.setdefault(kind, " ".join(words.split()))
        found.extend(Logic(sentence, kind, words) for kind, words in kinds.items())
    return tuple(found)


class _Reader:
    def __init__(
        self, sentence: Sentence, quantities: tuple[Quantity, ...], stems: frozenset[str]
    ) -> None:
        self._text = _REMINDER.sub(lambda found: " " * len(found[0]), sentence.text)
        self._stems = stems
        self._places = [
            q.span.start - sentence.span.start
            for q in quantities
            if sentence.span.contains(q.span)
            and q.kind not in ("label", "ordinal")
            and not (q.kind == "word" and q.value == 1)
        ]

    def kinds(self) -> Iterator[tuple[Kind, str]]:
        for words in conditions(self._text, self._numbers, self._names):
            yield "condition", words
        yield from self._alternatives()
        for kind, pattern in _PATTERNS:
            if kind == "batch" and speaks_of_wholeness(self._text):
                continue
            if match := pattern.search(self._text):
                yield kind, match[0]
        match = _NOT_TOGETHER.search(self._text)
        # "together they cannot run more than 90 hours" limits a total.
        if match and not (
            (self._places or _OF_ALL.search(match[0])) and _AMOUNT.search(self._text)
        ):
            yield "exclusion", match[0]
        if not self._places:
            yield from self._without_numbers()

    def _alternatives(self) -> Iterator[tuple[Kind, str]]:
        match = _LIMIT_OR_LIMIT.search(self._text)
        # "not less than 5 or more than 9" joins by and.
        if match and not _DENIED.search(self._text[: match.start()]):
            yield "alternative", match[0]
        if match := _ONE_OF.search(self._text):
            yield "alternative", match[0]

    def _without_numbers(self) -> Iterator[tuple[Kind, str]]:
        """What with a number would be about amounts: "not without 3 workers"."""
        match = _EITHER.search(self._text)
        if match and not _SHARED.search(self._text):
            yield "alternative", match[0]
        if (match := _WITHOUT.search(self._text)) and self._names(match[0]):
            yield "together", match[0]
        match = _SEASON.search(self._text)
        if match and _BARS.search(self._text) and self._names(self._text):
            yield "season", match[0]

    def _numbers(self, start: int, end: int) -> int:
        return sum(start <= place < end for place in self._places)

    def _names(self, words: str) -> bool:
        return not self._stems.isdisjoint(stems_of(words))


def stems_of(words: str) -> frozenset[str]:
    """The words of three letters or more, in lower case and without the ending of a plural."""
    found = re.findall(r"[^\W\d_]{3,}", words.lower())
    return frozenset(
        re.sub(r"(?:(?<=[sxz])es|(?<=[cs]h)es|s)$", "", re.sub(r"ies$", "y", word))
        for word in found
    )


def _decided(cir: CIR) -> frozenset[str]:
    """The words of the names of all decisions, and of the members of the sets they run over."""
    members = {item.name: item.elements or () for item in cir.sets}
    told = [item.name for item in cir.decisions]
    for item in cir.decisions:
        for name in item.over:
            told.extend(member for member in members.get(name, ()) if isinstance(member, str))
    return stems_of(" ".join(told))
