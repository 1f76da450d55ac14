"""What an archetype is called, and whether its card is R2C's.

A card of one's own may mean something else than R2C's of the same id, so that a rule which is read
by it never goes without saying so.
"""

from __future__ import annotations

from r2c.archetypes.load import Origin, standard_library

MARKS: dict[Origin, str] = {
    "r2c": "",
    "own": "a card of your own",
    "shadow": "a card of your own in place of R2C's",
}


def archetype_called(id: str) -> str:
    """The archetype in words, as its card calls it; its id if there is no card."""
    library = standard_library()
    name = library[id].name if id in library else id
    return name[:1].lower() + name[1:]


def card_mark(id: str) -> str:
    """Whose card it is, if it is not R2C's; else empty."""
    return MARKS[standard_library().origin(id)]
