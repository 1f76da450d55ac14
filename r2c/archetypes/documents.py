"""The texts that stand for a card when a sentence is held against it.

A card is many short texts rather than one long one: a sentence that resembles a single use of the
archetype finds it, however little it resembles the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from r2c.archetypes.card import Card

Part = Literal["meaning", "cues", "use", "example", "phrasing", "elsewhere"]


@dataclass(frozen=True)
class Document:
    """One text of a card; `elsewhere` is a situation in which another card names this one.

    That other card, which does not apply there, is `away_from`.
    """

    card: str
    part: Part
    text: str
    away_from: str | None = None


def documents(cards: Iterable[Card]) -> tuple[Document, ...]:
    """All texts of the cards, in order of the cards' ids."""
    ordered = {card.id: card for card in sorted(cards, key=lambda card: card.id)}
    found: dict[str, list[Document]] = {id: [] for id in ordered}
    for id, card in ordered.items():
        own = found[id]
        own.append(Document(id, "meaning", f"{card.name}. {card.meaning}"))
        own.append(Document(id, "cues", f"{card.name}: {', '.join(card.cues)}"))
        own += [Document(id, "use", use) for use in card.applies_when]
        own += [Document(id, "example", example.sentence) for example in card.examples]
        own += [Document(id, "phrasing", phrasing) for phrasing in card.phrasings]
        for item in card.does_not_apply_when:
            if item.instead in found:
                text = Document(item.instead, "elsewhere", item.situation, away_from=id)
                found[item.instead].append(text)
    return tuple(text for texts in found.values() for text in texts)
