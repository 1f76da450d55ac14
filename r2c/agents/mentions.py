"""Which decisions a stretch of words speaks of, judged by the words that tell them apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_WORD = re.compile(r"[A-Za-z]+|\d+")
# `barge` and `barges`, `cookie` and `cookies`, `berry` and `berries`, but also `bus` and `buses`;
# `shelf` and `shelves` meet in `shelf`.
_ENDING = re.compile(r"(?<=[a-z]{2})(?:ies|ie|es|e|(?<=[^aeiou])y|(?<![su])s)$")
_GOES_ON = re.compile(r"[,.;]|\b(?:and|while|whereas|but|or)\b", re.IGNORECASE)
_RUNS_ON = re.compile(r"\s+(?!(?:and|or|is|has|must|may|can|cannot|will|needs)\b)[a-z]")
_DIRECTLY = re.compile(r"\s*\w*\s*(?:per|for each|for every|for an?|each for)\b", re.IGNORECASE)


def stem(word: str) -> str:
    """A word in lower case without its ending, the same for singular and plural."""
    bare = _ENDING.sub("", word.lower())
    return f"{bare[:-1]}f" if bare.endswith("v") else bare


def spoken(words: str) -> Iterator[str]:
    """The stems of the words in written order, without the article "a" and the pronoun "I".

    A single capital letter is a name ("team A") unless it begins a sentence ("A van carries").
    """
    for match in _WORD.finditer(words):
        if match[0] == "a" or (match[0] in ("A", "I") and _begins(words, match)):
            continue
        yield stem(match[0])


def _begins(words: str, match: re.Match[str]) -> bool:
    before, after = words[: match.start()].rstrip(), words[match.end() :]
    return (not before or before[-1] in ".!?:\n-*") and _RUNS_ON.match(after) is not None


def telling_words(said: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """For each name the stems of the words that tell it apart.

    Args:
        said: what is said of each name: its own words and its meaning.
    """
    stems = {name: frozenset(map(stem, _WORD.findall(words))) for name, words in said.items()}
    shared = frozenset.intersection(*stems.values()) if len(stems) > 1 else frozenset[str]()
    return {name: (found - shared) or found for name, found in stems.items()}


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
