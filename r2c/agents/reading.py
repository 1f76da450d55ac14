"""A sentence and what was read from it."""

from __future__ import annotations

from dataclasses import dataclass

from r2c.agents.clauses import Clause


@dataclass(frozen=True)
class Reading:
    """A clause with its statements as text."""

    clause: Clause
    text: str
