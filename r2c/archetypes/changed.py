"""Whether archetypes had other cards of one's own when an answer was made than they have now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from r2c.errors import CardError, Fault, declare

OTHER_CARDS = declare(
    "R2C-A073",
    CardError,
    what="The answer was made by other cards of {archetypes} than there are now.",
    why="Cards of one's own say what their rules mean; now they may mean something else.",
    remedy="Set R2C_CARDS to the folder that the answer was made with, or solve the model again.",
)


def changed_cards(
    used: Iterable[str], then: Mapping[str, object], now: Mapping[str, str]
) -> Fault | None:
    """R2C-A073 if a card is another; `then` and `now` are digests of cards of one's own, by id.

    An archetype without one had R2C's card, or has it now.
    """
    changed = [id for id in sorted(used) if then.get(id) != now.get(id)]
    return OTHER_CARDS.fault(archetypes=changed) if changed else None
