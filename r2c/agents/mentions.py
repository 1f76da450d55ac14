"""Which decisions a stretch of words speaks of, judged by the words that tell them apart."""

from __future__ import annotations

import re
from collections.abc import Mapping

from r2c.problem.spoken import spoken, stem

_WORD = re.compile(r"[A-Za-z]+|\d+")
_GOES_ON = re.compile(r"[,.;]|\b(?:and|while|whereas|but|or)\b", re.IGNORECASE)
_DIRECTLY = re.compile(r"\s*\w*\s*(?:per|for each|for every|for an?|each for)\b", re.IGNORECASE)


def mentioned(words: str, telling: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """The names that the words speak of, in order of the names."""
    said = set(spoken(words))
    return tuple(name for name, found in telling.items() if found & said)


def mentioned_in_order(words: str, telling: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """The names that the words speak of, each where it is first told apart, in written order."""
    found: dict[str, None] = {}
    for word in spoken(words):
        named = [name for name, own in telling.items() if word in own]
        if len(named) == 1:
            found.setdefault(named[0])
    return tuple(found)


def owner_of_datum(
    before: str, after: str, telling: Mapping[str, frozenset[str]], carried: tuple[str, ...]
) -> tuple[str, ...]:
    """The decisions a datum may belong to, by the words around its number; empty: any.

    "$12 per cake" names the owner behind the number; "each cake needs 400 g" before it; else the
    owner of the number before goes on.
    """
    if (direct := _DIRECTLY.match(after)) is not None:
        behind = mentioned(_GOES_ON.split(after[direct.end() :], maxsplit=1)[0], telling)
        if behind:
            return behind[:1]
    return mentioned(before, telling) or carried or mentioned(after, telling)


def in_order_of_mention(telling: Mapping[str, frozenset[str]], text: str) -> tuple[str, ...]:
    """The names in the order in which the text first speaks of them."""
    words = list(spoken(text))

    def first(name: str) -> tuple[int, int]:
        places = [words.index(word) for word in telling[name] if word in words]
        return (max(places), min(places)) if places else (len(words), len(words))

    return tuple(sorted(telling, key=first))


def is_said(name: str, text: str) -> bool:
    """Whether the text has every word of the name, as a word or as the beginning of one."""
    low = text.lower()
    words = _WORD.findall(name.replace("_", " "))
    return all(any(form in low for form in _forms(word.lower())) for word in words)


def _forms(word: str) -> tuple[str, ...]:
    """How a word begins: `shelf` in "shelf" and "shelves", `stove` in "stove" and "stoves"."""
    bare = stem(word)
    if len(bare) < 3 or not bare.endswith("f"):
        return (bare,)
    return (bare, f"{bare[:-1]}{'ve' if word.endswith(('ve', 'ves')) else 'ves'}")
