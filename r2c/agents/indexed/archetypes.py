"""Which archetypes of the library a sentence states, where amounts and their limits do not say it.

A sentence states an archetype if it reads like the card (`r2c.archetypes.retrieve`) and decisions
and data have the sets that the card's roles run over (`r2c.agents.indexed.bindings`). Either alone
says little; together they leave few candidates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from r2c.agents.clauses import Clause
from r2c.agents.indexed.bindings import bindings, is_possible, is_shaped
from r2c.agents.indexed.data import Data
from r2c.agents.over_sets import Stated
from r2c.agents.roster import Choice
from r2c.archetypes.card import Card
from r2c.archetypes.retrieve import Retriever
from r2c.problem.schema import Problem

# Words that turn a rule around, weaken it, or speak of several routes: no card knows of them.
_AGAINST = re.compile(
    r"\b(?:not|n['’]t|no|never|nor|without|unless|except|cannot|at most|more than|optional\w*"
    r"|some of|trucks|vehicles|vans|couriers|drivers|buses|crews|each (?:truck|vehicle|van))\b",
    re.IGNORECASE,
)
NEAREST = 3
"""Cards that a sentence may mean, of those that the data allow."""
_LOOKED_AT = 8
_MEMBERS = 200
_STARTS = re.compile(
    r"\b(?:start\w*|depart\w*|leav\w+|begin\w*|depots?|home|base[ds]?|origin\w*|return\w*|back)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, eq=False)
class Shelf:
    """The cards, and what finds them.

    `unasked` is the code of the fault for which an encoder that is there could not be asked.
    """

    cards: Mapping[str, Card]
    retriever: Retriever
    unasked: str = ""
    _found: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    @property
    def remark(self) -> str | None:
        """That cards are found by words alone, if so."""
        if self.retriever.by_meaning:
            return None
        if self.unasked:
            return (
                f"Archetypes are found by words alone, for want of the encoder ({self.unasked});"
                " `r2c cards search --meaning WORDS` asks it, and tells what prevents that."
            )
        return (
            "Archetypes are found by words alone; by meaning too, once"
            " `r2c models fetch --encoder` has fetched the encoder."
        )

    def meant(self, clause: Clause, data: Data) -> tuple[str, ...]:
        """The cards that a sentence reads like and that sets can be bound to, nearest first.

        Those that the same words imply follow.
        """
        if _AGAINST.search(clause.text):
            return ()
        numbers = numbers_of(clause)
        possible = (
            id for id in self._near(clause.text) if is_possible(self.cards[id], data, numbers)
        )
        near = list(possible)[:NEAREST]
        shaped = [id for id in near if is_shaped(self.cards[id])]
        implied = [other for id in shaped for other in self.cards[id].implies]
        return tuple(dict.fromkeys([*shaped, *implied]))

    def _near(self, text: str) -> tuple[str, ...]:
        if text not in self._found:
            found = self.retriever.candidates(text, _LOOKED_AT)
            self._found[text] = tuple(item.card for item in found)
        return self._found[text]


def stated_in(
    clause: Clause, shelf: Shelf, problem: Problem, data: Data, roster: Sequence[Choice]
) -> tuple[Stated, ...]:
    """What a sentence states, each archetype with its likeliest binding."""
    found: list[Stated] = []
    named = tuple(singled_out(problem, data))
    for id in shelf.meant(clause, data):
        options = bindings(shelf.cards[id], data, roster, named, numbers_of(clause))
        found += [options[0].stated] if options else []
    return tuple(found)


def numbers_of(clause: Clause) -> tuple[float, ...]:
    """The numbers of a sentence."""
    return tuple(slot.quantity.value for slot in clause.slots)


def says_no_more(clause: Clause, data: Data) -> bool:
    """Whether the numbers of a sentence limit nothing: "once", or as many as there are members."""
    sizes = {len(axis.members) for axis in data.axes.values()}
    counts = {1, *sizes, *(size - 1 for size in sizes)}
    return all(value in counts for value in numbers_of(clause))


def singled_out(problem: Problem, data: Data) -> Iterator[str]:
    """The members that stand nearest to the words for a start, a depot or a return."""
    for sentence in problem.sentences:
        for match in _STARTS.finditer(sentence.text):
            near = [
                (abs(place - match.start()), member)
                for axis in data.axes.values()
                for member in axis.members[:_MEMBERS]
                for place in _mentions(member, axis.name, sentence.text)
            ]
            if near:
                yield min(near)[1]


def _mentions(member: str, axis: str, words: str) -> Iterator[int]:
    """Where a text names a member; one of a single character goes with its noun, `location 1`."""
    name = member if len(member) > 1 else f"{axis.replace('_', ' ')} {member}"
    for match in re.finditer(rf"\b{re.escape(name)}\b", words, re.IGNORECASE):
        yield match.start()
