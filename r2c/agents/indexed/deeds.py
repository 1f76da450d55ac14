"""Words for the same deed: what is bought is a purchase, what a turbine generates is its output."""

from __future__ import annotations

import re
from collections.abc import Sequence

from r2c.agents.roster import Choice
from r2c.problem.spoken import stem

_DEEDS = {
    "buy": r"buy|buys|bought|purchas\w+|import\w*",
    "sell": r"sell|sells|sold|sales?",
    "put in": r"charged?|charging|put in(?:to)?|into|stor(?:e|ed|es|ing)",
    "take out": r"discharg\w+|taken|taking|out|withdraw\w*|emptied",
    "make": r"outputs?|generat\w+|produc\w+|made|makes?|making|manufactur\w+",
    "hire": r"hired?|hiring|recruit\w*|taken on",
    "dismiss": r"dismiss\w*|laid off|let go|fired",
}
_FOUND = {deed: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for deed, words in _DEEDS.items()}


def deeds_in(words: str) -> frozenset[str]:
    """The deeds that words speak of."""
    return frozenset(deed for deed, found in _FOUND.items() if found.search(words))


def family_doing(words: str, roster: Sequence[Choice]) -> Choice | None:
    """The only family that does what the words speak of, or that is called so.

    Args:
        words: such as "energy charged into the battery".
        roster: the families of decisions.
    """
    said = {stem(word) for word in re.findall(r"[a-z]+", words.lower())}
    named = [one for one in roster if {stem(part) for part in one.name.split("_")} <= said]
    if len(named) == 1:
        return named[0]
    done = deeds_in(words)
    found = [one for one in roster if done and done == deeds_in(_doing(one))]
    return found[0] if len(found) == 1 else None


def _doing(choice: Choice) -> str:
    return f"{choice.name.replace('_', ' ')} {choice.meaning}"
