"""Rules that the words of a sentence settle in full, part by part.

A sentence is settled if each of its parts is: one part that only the model can read leaves the
whole sentence to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from r2c.agents.clauses import Clause
from r2c.agents.indexed.all_or_least import all_or_least
from r2c.agents.indexed.balances import amounts_equal
from r2c.agents.indexed.charges import charged_once
from r2c.agents.indexed.data import Data
from r2c.agents.indexed.facts import asks_nothing
from r2c.agents.indexed.intervals import within_bounds
from r2c.agents.indexed.lots import few_in_use
from r2c.agents.indexed.named import named_limits
from r2c.agents.indexed.one_each import one_each, opened_only
from r2c.agents.indexed.packs import whole_packs
from r2c.agents.indexed.part import parts_of
from r2c.agents.indexed.passing_on import passed_on
from r2c.agents.indexed.ruled_out import pairs_ruled_out
from r2c.agents.indexed.steps import steps_limited
from r2c.agents.indexed.surcharges import surcharged
from r2c.agents.roster import Choice
from r2c.agents.statements import Said

_Reader = Callable[[Clause, Data, Sequence[Choice]], Sequence[Said] | None]
_WHOLE: tuple[_Reader, ...] = (
    all_or_least,
    few_in_use,
    charged_once,
    steps_limited,
    pairs_ruled_out,
    surcharged,
    passed_on,
    whole_packs,
    amounts_equal,
    within_bounds,
)
"""What is told by a sentence as a whole, "it may be zero, but if anything is made, at least 18"."""
_READERS: tuple[_Reader, ...] = (
    *_WHOLE,
    lambda clause, data, roster: named_limits(clause, data, roster) or None,
    one_each,
    lambda clause, data, roster: opened_only(clause, roster),
)


def rules_told(clause: Clause, data: Data, roster: Sequence[Choice]) -> tuple[Said, ...] | None:
    """What a sentence states; None if a part of it is left open.

    Args:
        clause: the sentence.
        data: all sets and parameters.
        roster: the families of decisions.
    """
    for reader in _WHOLE:
        found = reader(clause, data, roster)
        if found is not None:
            return tuple(found)
    parts = list(parts_of(clause))
    said = [_read(part, data, roster) for part in parts]
    if None not in said:
        return tuple(dict.fromkeys(item for found in said for item in found or ()))
    whole = None if len(parts) == 1 else _read(clause, data, roster)
    # What is read at a stretch may miss one of several rules.
    return whole if whole is not None and len(whole) >= len(parts) else None


def _read(clause: Clause, data: Data, roster: Sequence[Choice]) -> tuple[Said, ...] | None:
    if asks_nothing(clause, data):
        return ()
    for reader in _READERS:
        found = reader(clause, data, roster)
        if found is not None:
            return tuple(found)
    return None
