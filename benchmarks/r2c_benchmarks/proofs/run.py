"""The proof of each card, with how long it took."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from r2c.archetypes.card import Card
from r2c.solve.prove import Report, prove


@dataclass(frozen=True)
class Proof:
    """What came out for one card, in so many seconds."""

    card: Card
    report: Report
    seconds: float

    @property
    def exact(self) -> dict[str, int]:
        """The exact paradigms, each with the instances that it was solved on."""
        return self._runs(exact=True)

    @property
    def others(self) -> dict[str, int]:
        """The paradigms that promise a bound only, each with the instances."""
        return self._runs(exact=False)

    def _runs(self, *, exact: bool) -> dict[str, int]:
        return {
            paradigm.name: self.report.runs[paradigm.name]
            for paradigm in self.card.paradigms
            if (paradigm.relation == "exact") == exact
        }


def proven(
    cards: Iterable[Card], library: Mapping[str, Card], instances: int, seed: str
) -> Iterator[Proof]:
    """The proof of each card, as it is done.

    Args:
        cards: The cards that are to be proven.
        library: All cards; rules of other archetypes in an instance are written by them.
        instances: Random instances of each generator.
        seed: Draws other random instances.

    Raises:
        R2CError: if an instance of a card cannot be bound, or has too many plans to try.
    """
    for card in cards:
        began = time.perf_counter()
        report = prove(card, library, instances, seed)
        yield Proof(card, report, time.perf_counter() - began)
