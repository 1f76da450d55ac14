"""Whether a quantity is counted or measured, told from how its meaning is put."""

from __future__ import annotations

import re
from typing import Literal

_MEASURE = (
    r"kg|kgs|kilograms?|grams?|tons?|tonnes?|pounds?|lbs?|ounces?|mg|milligrams?|liters?|litres?"
    r"|ml|milliliters?|millilitres?|gallons?|barrels?|cubic|square|meters?|metres?|feet|miles"
    r"|kilomet(?:er|re)s?|acres?|hectares?|hours?|minutes?|seconds?|dollars?|euros?|money|percent"
    r"|percentage|fraction|proportion|share|portion|amount|volume|weight|length|area|funds?|energy"
    r"|power|mwh?|kwh?|megawatts?"
)
_MEASURED = re.compile(rf"\b(?:{_MEASURE})\b", re.IGNORECASE)
_COUNTED = re.compile(rf"^\s*(?:the\s+)?number\s+of\s+(?!(?:{_MEASURE})\b)", re.IGNORECASE)
_WHETHER = re.compile(r"^\s*(?:whether|1 if|yes or no|binary)\b", re.IGNORECASE)
_WHICH = re.compile(
    r"\b(?:which|whether)\b(?!\s+(?:\w+\s+)?(?:fleet|mix|plan|combination|schedule|numbers?"
    r"|amounts?)\b)"
    r"(?:\s+[\w'-]+){0,4}?\s+(?:should|to|will|would|must)\b",
    re.IGNORECASE,
)
_DECIDE = re.compile(r"\bdecides?\s+(?:whether|which)\b", re.IGNORECASE)
_HOW_MANY = re.compile(r"\bhow (?:many|much)\b|\bnumber of\b", re.IGNORECASE)
_SAID_WHOLE = re.compile(
    r"\b(?:whole numbers?|integers?|integral|indivisible|only whole|(?:have|has) to be whole"
    r"|no such thing as (?:an? )?(?:half|part|fraction)|(?:count|cut|sold|bought|made|booked)"
    r" (?:in )?whole"
    r"|no (?:halves|fractions|parts)(?: (?:and|or) [a-z]+)? of an? [a-z]+)\b",
    re.IGNORECASE,
)
_SAID_DIVISIBLE = re.compile(
    r"\b(?:(?:fraction(?:s|al)?|parts?)\b(?:\s[\w-]+){0,4}?\s(?:are|is|may be|can be)"
    r" (?:allowed|possible|fine|all right|mixed|used|no problem)"
    r"|fractional (?:amounts?|values?|units?)|(?:may|can) (?:all )?be fractional"
    r"|(?:may|can) (?:all )?be (?:any )?fractions?|may be (?:any|a) number,? whole or not"
    r"|any fractions? of (?:an?|the) [\w-]+ (?:may|can)"
    r"|hal(?:f|ves)(?: an?)?(?: [\w-]+)? and the like are (?:no problem|fine|all right)"
    r"|need not be (?:whole|integers?)|(?:any|arbitrary) fractions?|divisible"
    r"|continuous)\b",
    re.IGNORECASE,
)


def asks_for_choice(question: str, text: str = "") -> str | None:
    """The words that ask which things to choose; None if amounts are asked for."""
    match = _WHICH.search(question) or _DECIDE.search(text)
    return None if match is None or _HOW_MANY.search(question) else match[0]


def says_divisible(words: str) -> bool:
    """Whether words say that amounts may be fractions."""
    return _SAID_DIVISIBLE.search(words) is not None


def says_whole(words: str) -> bool:
    """Whether words say that amounts are whole."""
    return _SAID_WHOLE.search(words) is not None


def without_divisibility(words: str) -> str:
    """The words without those that say that amounts are whole or may be fractions."""
    return _SAID_DIVISIBLE.sub(" ", _SAID_WHOLE.sub(" ", words))


def domain_of(
    meaning: str, text: str, question: str = ""
) -> tuple[Literal["continuous", "integer", "binary"], str]:
    """The domain of a decision and the reason for it.

    Args:
        meaning: what the decision means, such as "number of vans hired".
        text: the problem, which may say outright that amounts are whole or divisible.
        question: the words that ask for the plan, which may ask for a choice among things.
    """
    if match := _WHETHER.match(meaning):
        return "binary", f"a yes-or-no choice ({match[0].strip()!r})"
    if (asked := asks_for_choice(question, text)) is not None:
        return "binary", f"a choice is asked for: {asked!r}"
    if match := _SAID_DIVISIBLE.search(text):
        return "continuous", f"the text says {match[0]!r}"
    if match := _SAID_WHOLE.search(text):
        return "integer", f"the text says {match[0]!r}"
    if _COUNTED.match(meaning):
        return "integer", "things are counted"
    if match := _MEASURED.search(meaning):
        return "continuous", f"{match[0]!r} is measured, not counted"
    return "integer", "things are counted unless a measure is named"
