"""Sentences that sound like rules and are none: the task, whole numbers, no limit, what was once.

"It has to be decided how many are made" names a decision, "fractions of a tonne are fine" its
domain, "any number of jobs may run at a time" says that there is no rule, and "the roof was renewed
for €9,400 last spring" is over.
"""

from __future__ import annotations

import re

from r2c.verdict.cues import announces_rule

_DECIDE = (
    r"(?:decided?|planned|plan|determined?|chosen|choose|found|find(?:\s+out)?|fix(?:ed)?|settled?"
    r"|known?|drawn?\s+up|work(?:ed)?\s+out|put\s+together|allocate|distribute)"
)
_CLAUSE = re.compile(r"[;:]\s|,\s(?!(?:so|not|nor|that\s+is)\b)|\bbut\b")
_TASK = re.compile(
    rf"\b(?:(?:has|have|is|are|needs?)\s+to\s+be|(?:has|have|needs?|wants?|wish(?:es)?"
    rf"|would\s+like|is|are)\s+to)\s+{_DECIDE}\b"
    r"(?:(?:\W+\w+){0,6}?\W+(?:how\s+(?:many|much|often)|which|what|when|where|whether|who)\b"
    r"[^.;:]{0,200}?\b(?:should|must|ha(?:s|ve)\s+to|can)\b)?",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"\b(?:integers?|integral|whole\s+(?:number|unit|piece|hour|day|thousand)s?|fractional|fractions?"
    r"|(?:in)?divisible|completely\s+or\s+not|any\s+part\s+of|divided\s+as|half\s+(?:an?\s+)?\w+(?:\s+and\s+the\s+like"
    r"|\s+(?:is|are)\b)|(?:be|are|come|only)\s+whole(?!\s+\w+s?\b\s+of)|no\s+fractions)\b",
    re.IGNORECASE,
)
_NO_LIMIT = re.compile(
    r"\bany\s+number\s+of\b|\bonly\s+where\s+(?:we|it|this|that)\b[^.;]{0,80}?\bsa(?:y|ys|id)\b"
    r"|\bnothing\s+to\s+do\s+with\b|\bunless\s+(?:something\s+else|otherwise|anything\s+else)\b|\b(?:no|without)\s+(?:any\s+)?limits?\b",
    re.IGNORECASE,
)
_LONG_AGO = (
    r"(?:last\s+(?:year|month|week|quarter|spring|summer|autumn|fall|winter|season)|\bago\b"
    r"|\bin\s+(?:(?:19|20)\d\d|spring|summer|autumn|winter)|this\s+morning|yesterday)"
)
_PAST = re.compile(
    rf"\b(?:was|were)\s+(?:\w+ly\s+)?\w+(?:ed|t|n)\b[^.;]{0, 200}?(?:\bfor\s+[$€£]|{_LONG_AGO})"
    rf"|\b(?:rose|fell|dropped|grew|climbed)\s+by\b|\bbrought\s+in\b"
    r"|\b(?:the|our|an?)\s+(?:\w+\s+){0,3}?(?!(?:will|would|can|could|may|might|to|should)\b)"
    r"\w*[^\Ws]\s+cost\s+[$€£]"
    r"|\bha(?:s|ve)\s+(?:been|existed|worked)\b[^.;]{0,120}?\b(?:for|since)\b[^.;]{0,60}?\b(?:years?|(?:19|20)\d\d)\b"
    r"|\bout\s+of\s+\d+\s+(?:stars|points)\b",
    re.IGNORECASE,
)
_WAYS = re.compile(r"\beither\b[^.;]{0,200}?\bor\b", re.IGNORECASE)
_BARS = re.compile(
    r"\d|\b(?:must|not|only|both|never|cannot|exactly|at\s+(?:least|most))\b", re.IGNORECASE
)
_COUNTED = re.compile(
    r"\b(?:deducted|(?:taken|comes?|goes|go)\s+off|minus\s+in|added\s+to|counts?\s+(?:in|towards?))\b",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"\b(?:answers?|responses?|outputs?|replies|reply)\s+(?:should|must|has\s+to|needs?\s+to)\s+be\b",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"(?:\b\w+\s+of\s+[\"'“”]?0[\"'“”]?|[\"'“]0[\"'”](?:\s+\w+)?)\s+"
    r"(?:indicates?|means?|signif(?:y|ies)|denotes?|represents?|implies|says|tells)\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:certain|following|several|some|various|these)\s+"
    r"(?:constraints?|conditions?|limitations?|restrictions?|rules|requirements)\b",
    re.IGNORECASE,
)
_PURSE = re.compile(
    r"\b(?:on|within)\s+a\s+(?:tight\s+|small\s+|limited\s+|student\s+)?budget\b"
    r"|\bcapacity\s+to\b|\bbudget\s+(?:among|between|across)\b",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"[1-9]")
_REPEATED = re.compile(r"\b(?:each|every|per|must|cannot|at\s+least|at\s+most)\b", re.IGNORECASE)


def without_task(text: str) -> str:
    """The words without those that only say that something is to be decided, or paid somehow."""
    return _PURSE.sub(" ", _TASK.sub(" ", text))


def is_beside_the_rules(text: str) -> bool:
    """Whether no clause of a sentence announces a rule: of each it is told what it is instead."""
    return not any(announces_rule(part) for part in _CLAUSE.split(text) if not _told(part))


def _told(clause: str) -> bool:
    found = (
        denies_limit, speaks_of_wholeness, tells_the_past, counts_towards_goal, names_ways,
        says_how_to_answer, says_what_nothing_means, tells_rules_elsewhere,
    )  # fmt: skip
    return any(one(clause) for one in found)


def says_how_to_answer(text: str) -> bool:
    """Whether the words are about the answer, not the plan: "the response should be one number"."""
    return _FORM.search(text) is not None


def says_what_nothing_means(text: str) -> bool:
    """Whether the words explain an entry of 0: "a capacity of 0 means that there is no link"."""
    return _NOTHING.search(text) is not None


def tells_rules_elsewhere(text: str) -> bool:
    """Whether the words say that there are rules, and none of them: "the following limitations"."""
    return _ELSEWHERE.search(text) is not None and _DIGIT.search(text) is None


def speaks_of_wholeness(text: str) -> bool:
    """Whether the words say if something comes in whole numbers only."""
    return _WHOLE.search(text) is not None


def counts_towards_goal(text: str) -> bool:
    """Whether the words only say that something is part of what is counted up."""
    return _COUNTED.search(text) is not None and not re.search(r"\d", text)


def names_ways(text: str) -> bool:
    """Whether "either ... or" only names the ways that there are: "either by bus or by car"."""
    return _WAYS.search(text) is not None and _BARS.search(text) is None


def denies_limit(text: str) -> bool:
    """Whether the words say that something is not limited."""
    return _NO_LIMIT.search(text) is not None


def tells_the_past(text: str) -> bool:
    """Whether the words report what happened once, and no rule or rate."""
    return _PAST.search(text) is not None and _REPEATED.search(text) is None
