"""What keeps a model from being built, with the words that its cards offer known."""

from __future__ import annotations

from collections.abc import Mapping

from r2c.archetypes.card import Card
from r2c.cir.check import check, is_structural
from r2c.cir.schema import CIR
from r2c.errors import Fault


def structural_faults(cir: CIR, library: Mapping[str, Card]) -> tuple[Fault, ...]:
    """The structural faults of a CIR; a word of a card is none, whatever it resembles.

    The check of a CIR takes an undeclared name for a slip if it resembles a symbol, as the word
    `at_most` does where a parameter is called `most`. What the cards offer settles it.
    """
    found = tuple(filter(is_structural, check(cir)))
    if not found:
        return ()
    cards = [library[rule.archetype] for rule in cir.rules if rule.archetype in library]
    words = {word for card in cards for role in card.roles for word in role.words}
    known = {str(fault) for fault in check(cir, words=words)}
    return tuple(fault for fault in found if str(fault) in known)
