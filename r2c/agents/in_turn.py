"""What dialects share that read a text sentence by sentence in short lines."""

from __future__ import annotations

from r2c.agents.clauses import Clause
from r2c.agents.conversation import named, told
from r2c.agents.dialect import Roster, Told
from r2c.agents.statements import Statement, read_statements
from r2c.llm.model import Message


class InTurn:
    """See `r2c.agents.dialect.Dialect`."""

    roster_tokens = 240
    goal_tokens = 80

    def clause_tokens(self, clause: Clause) -> int:
        """A line for each number, and one more."""
        return 40 + 24 * (1 + len(clause.slots))

    def read(self, text: str) -> tuple[Statement, ...]:
        """Statements, a line each."""
        return read_statements(text)

    def named(self, roster: Roster) -> list[Message]:
        """One answer with all decisions."""
        return named(roster)

    def told(self, readings: Told) -> list[Message]:
        """A question and an answer for each sentence."""
        return told(readings)
