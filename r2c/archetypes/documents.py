"""The texts that stand for a card when a sentence is held against it.

A card is many short texts rather than one long one: a sentence that resembles a single use of the
archetype finds it, however little it resembles the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from r2c.archetypes.card import Card

Part = Literal["meaning", "cues", "use", "example", "phrasing", "exclusion"]


@dataclass(frozen=True)
class Document:
    """One text of a card.

    An `exclusion` describes a situation in which the card is wrong; `instead` is the one that
    fits there, if there is one.
    """

    card: str
    part: Part
    text: str
    instead: str = ""


def documents(cards: Iterable[Card]) -> Iterator[Document]:
    """All texts of the cards, in their order."""
    for card in cards:
        yield Document(card.id, "meaning", f"{card.name}. {card.meaning}")
        yield Document(card.id, "cues", f"{card.name}: {', '.join(card.cues)}")
        for use in card.applies_when:
            yield Document(card.id, "use", use)
        for example in card.examples:
            yield Document(card.id, "example", example.sentence)
        for phrasing in card.phrasings:
            yield Document(card.id, "phrasing", phrasing)
        for item in card.does_not_apply_when:
            yield Document(card.id, "exclusion", item.situation, item.instead or "")
