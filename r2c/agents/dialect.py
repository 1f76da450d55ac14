"""How a problem is read: which questions are asked, in which form, and what answers come to.

There are three: decisions named one by one (`r2c.agents.plain`), families of decisions over the
sets of tables (`r2c.agents.indexed`), and everything declared and written as algebra
(`r2c.agents.written`). The Verifier and the Reflector know none of them.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from typing import Protocol

from r2c.agents.clauses import Clause
from r2c.agents.formal import Formal
from r2c.agents.goal import Goal
from r2c.agents.reading import Reading
from r2c.agents.roster import Choice
from r2c.agents.statements import Statement
from r2c.cir.schema import CIR
from r2c.llm.model import Message
from r2c.llm.spec import OutputSpec
from r2c.problem.schema import Problem

Roster = Sequence[Choice]
Told = Sequence[tuple[Clause, str]]
"""Sentences read so far, each with its best reading."""


class Dialect(Protocol):
    """The questions about one problem and the forms of their answers."""

    @property
    def problem(self) -> Problem:
        """The problem as it was read."""
        ...

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """What is read one by one, in this order."""
        ...

    @property
    def remark(self) -> str | None:
        """What the planner should know about how the problem is read, if anything."""
        ...

    @property
    def roster_tokens(self) -> int:
        """The most tokens that an answer about the decisions takes."""
        ...

    @property
    def goal_tokens(self) -> int:
        """The most tokens that an objective takes."""
        ...

    def clause_tokens(self, clause: Clause) -> int:
        """The most tokens that the reading of a sentence takes."""
        ...

    def opening(self) -> tuple[Message, ...]:
        """The task and worked examples, the same for every problem."""
        ...

    def ask_roster(self) -> Message:
        """Show the problem and ask for the decisions."""
        ...

    def settled_roster(self) -> tuple[Choice, ...] | None:
        """The decisions that the words alone give; None if the model is to be asked."""
        ...

    def roster_form(self) -> OutputSpec[tuple[Choice, ...]]:
        """The form of the decisions."""
        ...

    def best_roster(
        self, rosters: Sequence[tuple[Choice, ...]], refused: Collection[frozenset[str]]
    ) -> tuple[Choice, ...]:
        """The roster to go on with; `refused` holds sets of names that led nowhere."""
        ...

    def settled(self, clause: Clause, roster: Roster) -> str | None:
        """The reading that the words or the table alone give; None if the model is to be asked."""
        ...

    def clause_form(
        self, clause: Clause, roster: Roster, earlier: Told
    ) -> OutputSpec[tuple[Statement, ...]]:
        """The form of the statements of one sentence."""
        ...

    def read(self, text: str) -> tuple[Statement, ...]:
        """The statements of a reading.

        Raises:
            ValueError: the text is no reading.
        """
        ...

    def named(self, roster: Roster) -> list[Message]:
        """The answer to `ask_roster` that the roster was, as turns of the conversation."""
        ...

    def told(self, readings: Told) -> list[Message]:
        """Sentences and what was read from them, as turns of the conversation."""
        ...

    def meaning(
        self, clause: Clause, statements: Sequence[Statement], roster: Roster, earlier: Told
    ) -> Hashable | None:
        """What a reading says, equal for readings that count as one; None for nonsense."""
        ...

    def cost(
        self, clause: Clause, statements: Sequence[Statement], roster: Roster, earlier: Told
    ) -> float:
        """What speaks against a reading, in votes of five samples."""
        ...

    def other_sides(
        self, clause: Clause, statements: Sequence[Statement], roster: Roster
    ) -> tuple[str, ...]:
        """The reading with one limit turned around, for each whose side the words leave open."""
        ...

    def goal_form(self, roster: Roster, earlier: Told) -> OutputSpec[Goal]:
        """The form of the objective."""
        ...

    def settled_goal(self, roster: Roster, earlier: Told) -> str | None:
        """The objective, if the words leave no choice."""
        ...

    def suggested_goals(self, roster: Roster, earlier: Told) -> tuple[str, ...]:
        """Objectives that the words suggest, whatever the samples say."""
        ...

    def goal_cost(self, goal: Goal, roster: Roster) -> float:
        """What speaks against an objective, in votes of five samples."""
        ...

    def assemble(self, roster: Roster, readings: Iterable[Reading], goal: str) -> CIR:
        """The CIR that the readings say.

        Raises:
            CIRError: the readings do not fit together.
        """
        ...


class Whole(Dialect, Protocol):
    """A dialect that declares sets and numbers besides, and reads all rules in one answer.

    A repair reads a single sentence again.
    """

    @property
    def known(self) -> tuple[Choice, ...]:
        """What is declared without the model."""
        ...

    def ask_nouns(self) -> Message:
        """Ask for numbers and decisions; `ask_roster` asks for sets."""
        ...

    def sets_form(self) -> OutputSpec[tuple[Choice, ...]]:
        """The form of the sets."""
        ...

    def nouns_form(self, sets: Roster) -> OutputSpec[tuple[Choice, ...]]:
        """The form of numbers and decisions over the sets that are declared."""
        ...

    def ask_rules(self) -> Message:
        """Ask for all rules."""
        ...

    def rules_form(self, roster: Roster) -> OutputSpec[tuple[Statement, ...]]:
        """The form of all rules."""
        ...

    def sound(self, item: Formal, roster: Roster, beside: Sequence[Formal]) -> Formal | None:
        """A rule as shortly as it can be said; None if it has no meaning.

        Args:
            item: the rule.
            roster: what is declared.
            beside: the rules of the same answer, whose archetypes may create what it uses.
        """
        ...
