"""Several places that do the same work: each piece goes to the least busy of them.

What a model server keeps of a conversation helps the next call that begins alike, so of equally
busy places it goes to the one that had its beginning last. A place that failed rests for a while.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

REMEMBERED = 512
"""Beginnings that a place remembers; a server's own cache holds fewer."""


@dataclass(eq=False)
class Place(Generic[T]):
    """One of them: how much it has to do, until when it rests, how the work it had began.

    Times are those of `time.monotonic()`.
    """

    item: T
    busy: int = 0
    rests_until: float = 0.0
    begun: OrderedDict[str, float] = field(default_factory=OrderedDict, repr=False)

    @property
    def rests(self) -> bool:
        """Whether it is left out for now."""
        return self.rests_until > time.monotonic()

    @contextmanager
    def at_work(self, beginning: str) -> Iterator[None]:
        """Count as busy for the block; remember the beginning if it ends well."""
        self.busy += 1
        try:
            yield
            self.begun[beginning] = time.monotonic()
            self.begun.move_to_end(beginning)
            if len(self.begun) > REMEMBERED:
                self.begun.popitem(last=False)
        finally:
            self.busy -= 1


class LeastBusy(Generic[T]):
    """The places, and which of them is next."""

    def __init__(self, items: Sequence[T]) -> None:
        """All are idle and none rests."""
        self.places = tuple(Place(item) for item in items)

    def chosen(
        self, beginning: str, *, without: Collection[Place[T]] = (), resting: bool = True
    ) -> Place[T] | None:
        """The place for the next piece of work; None if none is left.

        Args:
            beginning: How the work begins.
            without: Places that were tried already.
            resting: Whether one that rests is taken when no other is left.
        """
        left = [
            place for place in self.places if place not in without and (resting or not place.rests)
        ]
        if not left:
            return None
        return min(
            left, key=lambda place: (place.rests, place.busy, -place.begun.get(beginning, 0.0))
        )
