"""What a plan decides about, by the words that tell one thing from the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from r2c.cir.schema import CIR
from r2c.problem.spoken import spoken, spoken_at, stem
from r2c.problem.vocabulary import FUNCTION_WORDS

_FUNCTION_STEMS = frozenset(map(stem, FUNCTION_WORDS))


@dataclass(frozen=True)
class Things:
    """Names with the stems of words that only one of them has; none if nothing tells them apart.

    A letter behind a word of none of the names, "vitamin A", may mean something else: then the
    words name nothing for sure, unless they name things by more than a letter as well. A digit
    counts only behind a word of the name.
    """

    telling: Mapping[str, frozenset[str]]
    words: Mapping[str, frozenset[str]]

    def __contains__(self, name: str) -> bool:
        return bool(self.telling.get(name))

    def in_order(self, words: str) -> tuple[str, ...]:
        """The things that words name, in the order in which they are first told apart."""
        return tuple(dict.fromkeys(name for _, name in self.at(words)))

    def at(self, words: str) -> tuple[tuple[int, str], ...]:
        """Each place at which words name a thing, and the thing; none if one is not sure."""
        found: list[tuple[int, str]] = []
        doubtful, sure, before = False, False, ""
        for place, word in spoken_at(words):
            for name, own in self.telling.items():
                if word not in own:
                    continue
                behind = before in self.words[name]
                if word.isdigit() and not behind:
                    continue  # an amount
                if len(word) == 1 and self._is_other(before):
                    doubtful = True
                    continue
                sure |= len(word) > 1 or behind
                found.append((place, name))
            before = word
        return () if doubtful and not sure else tuple(found)

    def _is_other(self, before: str) -> bool:
        """Whether the word before a letter makes it the name of something else."""
        return (
            len(before) > 1
            and before not in _FUNCTION_STEMS
            and not any(before in own for own in self.words.values())
        )


def things(said: Mapping[str, tuple[str, str]]) -> Things:
    """Things by name and meaning.

    The words of the name come first: a meaning often says more than what the thing is.

    Args:
        said: name and meaning of each.
    """
    names = {key: frozenset(spoken(name)) for key, (name, _) in said.items()}
    wide = {key: names[key] | frozenset(spoken(said[key][1])) for key in said}
    telling = {}
    for key in said:
        others = _union(wide[other] for other in said if other != key)
        telling[key] = (names[key] - others) or (wide[key] - others)
    return Things(telling, wide)


def things_of(cir: CIR) -> Things:
    """The decisions of a model that stand for themselves, not for the members of a set."""
    return things(
        {
            item.name: (item.name.replace("_", " ").title(), item.meaning)
            for item in cir.decisions
            if not item.over
        }
    )


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)
