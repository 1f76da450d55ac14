"""Whether money is earned or paid, and whether it is taken off already, by the words about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from r2c.agents.clauses import Clause
from r2c.agents.indexed.data import Given
from r2c.problem.schema import Problem

_GAIN = re.compile(
    r"\b(?:profits?|revenues?|incomes?|takings|earnings|returns?|donations?|benefits?|margins?|subsid(?:y|ies)"
    r"|gains?|sales effects?|(?:selling|sales?|retail) prices?)\b",
    re.IGNORECASE,
)
_LOSS = re.compile(
    r"\b(?:costs?|pay|wages?|salar(?:y|ies)|penalt(?:y|ies)|surcharges?|supplements?"
    r"|expenses?|freight|(?:purchase|buying) prices?)\b",
    re.IGNORECASE,
)
_USUAL_LOSS = re.compile(r"\b(?:fees?|charges?|rents?|fares?)\b", re.IGNORECASE)
_EARNED = re.compile(r"\b(?:sold|sells?|brings?|earns?|income|revenue|receives?|return)\b", re.I)
_PAID = re.compile(r"\b(?:pays?|paid|costs?|charged|due|spent|deducted|comes? off|bought)\b", re.I)
_CUSTOMERS_PAY = re.compile(
    r"\b(?:customers?|participants?|clients?|visitors?|guests?|passengers|students|members|buyers?"
    r"|every(?: ?one)? of them|each of them|all of them|people) pays?\b",
    re.IGNORECASE,
)
_SOMEBODY_PAYS = re.compile(r"(?<!\bwe )(?<!\byou )\bpays?\b", re.IGNORECASE)
_TAKEN_OFF = re.compile(
    r"\b(?:deducted from|taken off|(?:comes?|goes?) off|subtracted from|is a cost)\b", re.IGNORECASE
)
_SIGN = re.compile(r"[$€£]\s?$")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
_PAST = re.compile(
    r"\b(?:was|were|had been|has been|have been|ago|last (?:year|month|week|spring|summer|autumn"
    r"|winter|quarter)"
    r"|brought in|raised|won|spent|rose|fell|sold for|bought for|repaired for|renewed for)\b",
    re.IGNORECASE,
)
_NET = re.compile(
    r"\b(?:already (?:been )?(?:net|deducted|taken off|subtracted|paid)|net of|already taken"
    r"|(?:deducted|taken off|subtracted)\b[^.;]*\balready)\b",
    re.IGNORECASE,
)


def sign_of(given: Given, told: Sequence[str]) -> Literal[1, -1] | None:
    """1 for what is earned, -1 for what is paid; None if neither its name nor a sentence says so.

    Args:
        given: the money.
        told: the sentences that speak of it.
    """
    heading = f"{given.heading} {given.name}".replace("_", " ")
    if _GAIN.search(heading):
        return 1
    if _LOSS.search(heading):
        return -1
    words = " ".join(told)
    if _TAKEN_OFF.search(words):
        return -1
    if _CUSTOMERS_PAY.search(words):
        return 1
    if _USUAL_LOSS.search(heading):
        words = _SOMEBODY_PAYS.sub(" ", words)  # to whom?
    earned, paid = _EARNED.search(words) is not None, _PAID.search(words) is not None
    if earned and not paid:
        return 1
    if paid and not earned:
        return -1
    open_ = earned or _SOMEBODY_PAYS.search(" ".join(told)) is not None
    return -1 if not open_ and _USUAL_LOSS.search(heading) else None


def money_left_over(problem: Problem, told: Iterable[tuple[Clause, str]]) -> bool:
    """Whether a sentence tells money that no reading uses, and that is not of the past.

    "An hour of crane hire costs €135" is part of what a plan costs; "the roof was renewed for
    €9,400 last spring" is not.

    Args:
        problem: the problem.
        told: the sentences with their readings.
    """
    read = {
        (clause.sentence, float(value)) for clause, text in told for value in _NUMBER.findall(text)
    }
    spans = [table.span for table in problem.tables if table.span is not None]
    for one in problem.quantities:
        before = problem.text[max(0, one.span.start - 2) : one.span.start]
        if one.text[:1] not in "$€£" and not _SIGN.search(before):
            continue
        if any(span.overlaps(one.span) for span in spans) or (one.sentence, one.value) in read:
            continue
        sentence = next(item for item in problem.sentences if item.number == one.sentence)
        if not _PAST.search(sentence.text):
            return True
    return False


def is_net(told: Sequence[str], sentences: Sequence[str]) -> bool:
    """Whether what a limit uses is taken off already: "the price has already been deducted".

    Args:
        told: the sentences that speak of the money.
        sentences: all sentences.
    """
    return any(map(_NET.search, told)) or any(map(_NET.search, sentences))
