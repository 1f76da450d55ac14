"""The words of a text by their stems: what tells names apart, whoever asks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_WORD = re.compile(r"[A-Za-z]+|\d+")
# `barge` and `barges`, `cookie` and `cookies`, `berry` and `berries`, but also `bus` and `buses`;
# `shelf` and `shelves` meet in `shelf`.
_ENDING = re.compile(r"(?<=[a-z]{2})(?:ies|ie|es|e|(?<=[^aeiou])y|(?<![su])s)$")
_RUNS_ON = re.compile(r"\s+(?!(?:and|or|is|has|must|may|can|cannot|will|needs)\b)[a-z]")


def stem(word: str) -> str:
    """A word in lower case without its ending, the same for singular and plural."""
    bare = _ENDING.sub("", word.lower())
    return f"{bare[:-1]}f" if bare.endswith("v") else bare


def spoken(words: str) -> Iterator[str]:
    """The stems of the words in written order, without the article "a" and the pronoun "I".

    A single capital letter is a name ("team A") unless it begins a sentence ("A van carries").
    """
    yield from (word for _, word in spoken_at(words))


def spoken_at(words: str) -> Iterator[tuple[int, str]]:
    """The same with the place at which each word begins."""
    for match in _WORD.finditer(words):
        if match[0] == "a" or (match[0] in ("A", "I") and _begins(words, match)):
            continue
        yield match.start(), stem(match[0])


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
