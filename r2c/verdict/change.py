"""A small language of changes to a model, read without running anything.

`capacity = 120`, `demand[Lyon] *= 1.1`, `sentence 4: 100 -> 120`, `rule r3: 120`,
`the limit in sentence 4 becomes 120`, `ship[A, Lyon] <= 10`, `without r3` and `without sentence 4`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from r2c.cir.schema import CIR
from r2c.errors import InputError, declare
from r2c.problem.schema import Problem
from r2c.verdict.added_relation import AddedRelation
from r2c.verdict.changed_number import RuleNumber
from r2c.verdict.changed_parameter import ParameterChange, Sign
from r2c.verdict.dropped_rules import WithoutRule, WithoutSentence
from r2c.verdict.sentence_number import SentenceNumber
from r2c.verdict.written_keys import split_keys

Change = (
    ParameterChange | SentenceNumber | RuleNumber | AddedRelation | WithoutRule | WithoutSentence
)

UNREADABLE = declare(
    "R2C-V020", InputError,
    what="The change {text!r} cannot be read: {problem}.",
    why="A change names what becomes different in one of a few fixed forms.",
    remedy="Write `capacity = 120`, `demand[Lyon] *= 1.1`, `sentence 4: 100 -> 120`, "
    "`rule r3: 120`, `ship[A, Lyon] <= 10`, `without r3` or `without sentence 4`.",
)  # fmt: skip

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?%?"
"""A number as people write it; 60% is 0.6."""
_NAME = r"[A-Za-z_][A-Za-z0-9_]{0,63}"
_KEYS = r"""(?:"[^"]*"|'[^']*'|[^\]"'])*"""
_WITHOUT_SENTENCE = re.compile(r"without\s+sentence\s+(\d{1,9})")
_WITHOUT_RULE = re.compile(rf"without\s+(?:rule\s+)?({_NAME})")
_STATED = re.compile(r"(sentence|rule)\s+(\w+)\s*:\s*(.*)", re.DOTALL)
_BECOMES = re.compile(
    rf"(?:the\s+)?(?:(limit|number|amount|value)|({NUMBER}))\s+(?:in|of)\s+(sentence|rule)\s+(\w+)"
    rf"\s+becomes\s+({NUMBER})",
    re.IGNORECASE,
)
_NUMBERS = re.compile(rf"(?:({NUMBER})\s*->\s*)?({NUMBER})")
_ASSIGNED = re.compile(rf"({_NAME})\s*(?:\[({_KEYS})\])?\s*([-+*/]?=)(?!=)\s*(.*)", re.DOTALL)
_SIGNS: dict[str, Sign] = {"=": "=", "+=": "+=", "-=": "-=", "*=": "*=", "/=": "/="}
_RELATES = re.compile(r"<=|>=|==|!=|<|>")


def read_change(text: str) -> Change:
    """Read one change; whether the model has what it names is asked when it is applied.

    Raises:
        InputError: R2C-V020, the text is none of the forms.
    """
    words = text.strip()
    if found := _WITHOUT_SENTENCE.fullmatch(words):
        return WithoutSentence(int(found[1]))
    if found := _WITHOUT_RULE.fullmatch(words):
        return WithoutRule(found[1])
    if found := _BECOMES.fullmatch(words):
        step = found[5] if found[2] is None else f"{found[2]} -> {found[5]}"
        made = _stated(words, found[3].lower(), found[4], step)
        return replace(made, limit=(found[1] or "").lower() == "limit")
    if found := _STATED.fullmatch(words):
        return _stated(words, found[1], found[2], found[3])
    if found := _ASSIGNED.fullmatch(words):
        return _assigned(words, found)
    if _RELATES.search(words):
        return AddedRelation(words)
    raise UNREADABLE(text=text, problem="it is none of the forms of a change")


def changed(cir: CIR, problem: Problem, change: Change | str) -> CIR:
    """The model after one change.

    Raises:
        InputError: R2C-V020 to R2C-V033 and R2C-V056 to R2C-V058, the change cannot be read or
            does not fit the model.
        CIRError: an added relation is not a rule that the model can hold, or data are missing.
    """
    made = read_change(change) if isinstance(change, str) else change
    return made.applied(cir, problem)


def all_changed(cir: CIR, problem: Problem, changes: Sequence[Change | str]) -> CIR:
    """The model after several changes, one after the other; as `changed`."""
    return told_and_changed(cir, problem, changes)[0]


def told_and_changed(
    cir: CIR, problem: Problem, changes: Sequence[Change | str]
) -> tuple[CIR, Problem]:
    """The model after several changes, and the problem with the numbers that sentences then say.

    By these the next change finds what the model made of them.
    """
    for change in changes:
        made = read_change(change) if isinstance(change, str) else change
        if isinstance(made, SentenceNumber):
            cir, problem = made.told(cir, problem)
        else:
            cir = made.applied(cir, problem)
    return cir, problem


def read_number(text: str) -> float:
    """The value of a text that matches `NUMBER`.

    Raises:
        InputError: R2C-V020, it is too large.
    """
    value = float(text[:-1]) / 100 if text.endswith("%") else float(text)
    if not math.isfinite(value):
        raise UNREADABLE(text=text, problem="the number is too large")
    return value


def _stated(words: str, kind: str, place: str, numbers: str) -> SentenceNumber | RuleNumber:
    found = _NUMBERS.fullmatch(numbers.strip())
    if found is None:
        problem = f"after the colon a number such as 120 or 100 -> 120 is due, not {numbers!r}"
        raise UNREADABLE(text=words, problem=problem)
    old = None if found[1] is None else read_number(found[1])
    if kind == "rule":
        return RuleNumber(place, read_number(found[2]), old)
    if not place.isdecimal() or len(place) > 9:
        raise UNREADABLE(text=words, problem="sentences are named by their numbers, from 1")
    return SentenceNumber(int(place), read_number(found[2]), old)


def _assigned(words: str, found: re.Match[str]) -> ParameterChange:
    name, keys, sign, amount = found.groups()
    if not re.fullmatch(NUMBER, amount.strip()):
        told = f"after {sign} one number is due, not {amount.strip()!r}"
        raise UNREADABLE(text=words, problem=told)
    labels = () if keys is None else split_keys(keys)
    if labels is None or (keys is not None and not labels):
        raise UNREADABLE(text=words, problem="the labels in brackets are separated by commas")
    return ParameterChange(name, labels, _SIGNS[sign], read_number(amount.strip()))
