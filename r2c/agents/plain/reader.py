"""Problems whose decisions are named one by one: vans, coaches."""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from r2c.agents.clauses import Clause, question
from r2c.agents.conversation import opening
from r2c.agents.dialect import Roster, Told
from r2c.agents.form import NOTHING
from r2c.agents.goal import Goal
from r2c.agents.in_turn import InTurn
from r2c.agents.logic import read_rule
from r2c.agents.mentions import mentioned
from r2c.agents.plain.assemble import assemble
from r2c.agents.plain.clauses import clauses
from r2c.agents.plain.counting import counts_things
from r2c.agents.plain.forms import clause_form, goal_form, roster_form
from r2c.agents.plain.limited_sum import limited_sum
from r2c.agents.plain.new_measures import meaning
from r2c.agents.plain.other_sides import other_sides
from r2c.agents.plain.preference import cost, goal_cost, is_sound
from r2c.agents.plain.roster_vote import best_roster, said_of, shared_words
from r2c.agents.plain.tables import read_table
from r2c.agents.reading import Reading
from r2c.agents.roster import Choice
from r2c.agents.slots import Slot
from r2c.agents.statements import (
    Datum,
    Limit,
    Statement,
    measures_of,
    read_statements,
    write_statements,
)
from r2c.cir.expr import symbols
from r2c.cir.schema import CIR
from r2c.llm.model import Message
from r2c.llm.spec import OutputSpec
from r2c.problem.schema import Problem

PROMPTS = "plain.yaml"

_SENSES = (
    ("maximize", re.compile(r"\b(?:maximi[sz]|increas|rais(?:e|ing)\b)", re.IGNORECASE)),
    ("minimize", re.compile(r"\b(?:minimi[sz]|reduc|decreas|lower(?:ing)?\b)", re.IGNORECASE)),
    ("maximize", re.compile(r"\b(?:maximum|most|as many|as much|highest)\b", re.IGNORECASE)),
    ("minimize", re.compile(r"\b(?:minimum|lowest|least|as few|fewest)\b", re.IGNORECASE)),
)
"""Verbs first: "maximize the profit while keeping a minimum of ..."."""


@dataclass(frozen=True)
class Plain(InTurn):
    """See `r2c.agents.dialect.Dialect`."""

    problem: Problem

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Sentences with data first, then limits."""
        return clauses(self.problem)

    @property
    def remark(self) -> str | None:
        """None: the words settle what they can."""
        return None

    def opening(self) -> tuple[Message, ...]:
        """The worked examples of prompts/plain.yaml."""
        return opening(PROMPTS, Plain)

    def ask_roster(self) -> Message:
        """The text, its question, and which quantities it asks for."""
        return Message(
            "user",
            f"Problem: {self.problem.text}\n\nQuestion: {question(self.problem)}\n"
            "Which quantities does the question ask for? One per line as `name: meaning`.",
        )

    def settled_roster(self) -> tuple[Choice, ...] | None:
        """None: what is decided is always put to the model."""
        return None

    def roster_form(self) -> OutputSpec[tuple[Choice, ...]]:
        """One decision a line."""
        return roster_form()

    def best_roster(
        self, rosters: Sequence[tuple[Choice, ...]], refused: Collection[frozenset[str]]
    ) -> tuple[Choice, ...]:
        """The roster of the size that most samples agree on."""
        return best_roster(rosters, self.problem, refused)

    def settled(self, clause: Clause, roster: Roster) -> str | None:
        """What a table, a weighted sum or a rule between choices says."""
        telling = said_of(roster, self.problem)
        if clause.table is not None:
            found = read_table(self.problem.table(clause.table), telling)
            return write_statements(found if is_sound(found, _names(roster)) else ())
        if clause.slots and not _without_counts(clause, roster).slots:
            return NOTHING
        if not clause.is_rule:
            return limited_sum(clause.slots, telling, clause.text) if clause.slots else None
        rule = read_rule(clause.text, telling)
        if rule is None and len(mentioned(clause.text, telling)) < 2:
            return NOTHING
        return None if rule is None else write_statements(rule)

    def clause_form(
        self, clause: Clause, roster: Roster, earlier: Told
    ) -> OutputSpec[tuple[Statement, ...]]:
        """One statement for each number, in order."""
        told = _statements(earlier)
        measures = measures_of(told, _names(roster))
        clause = _without_counts(clause, roster)
        telling = said_of(roster, self.problem)
        data = {(item.measure, item.decision) for item in told if isinstance(item, Datum)}
        return clause_form(clause, telling, measures, shared_words(roster), data)

    def meaning(
        self, clause: Clause, statements: Sequence[Statement], roster: Roster, earlier: Told
    ) -> Hashable | None:
        """No measure named like a decision, nothing twice; new measures whatever their names."""
        names = _names(roster)
        if not is_sound(statements, names):
            return None
        measures = measures_of(_statements(earlier), names)
        return meaning(_without_counts(clause, roster), statements, names, measures)

    def cost(
        self, clause: Clause, statements: Sequence[Statement], roster: Roster, earlier: Told
    ) -> float:
        """What the words of the clause and earlier data say against the reading."""
        known = {
            (item.measure, item.decision): item.value
            for item in _statements(earlier)
            if isinstance(item, Datum)
        }
        clause = _without_counts(clause, roster)
        return cost(
            clause, statements, said_of(roster, self.problem), known, shared=shared_words(roster)
        )

    def other_sides(
        self, clause: Clause, statements: Sequence[Statement], roster: Roster
    ) -> tuple[str, ...]:
        """Samples may all take a demand for a stock; the checks can then choose the other."""
        telling = said_of(roster, self.problem)
        return other_sides(_without_counts(clause, roster), statements, telling)

    def goal_form(self, roster: Roster, earlier: Told) -> OutputSpec[Goal]:
        """A sum of decisions and measures."""
        names = _names(roster)
        return goal_form(names, measures_of(_statements(earlier), names))

    def settled_goal(self, roster: Roster, earlier: Told) -> None:
        """The words leave a choice."""

    def suggested_goals(self, roster: Roster, earlier: Told) -> tuple[str, ...]:
        """The sum of all decisions, where their number is asked for; else the measure left over.

        A measure that no sentence limits is there to be optimized.
        """
        asked = question(self.problem)
        sense = next((word for word, cue in _SENSES if cue.search(asked)), None)
        if sense is None:
            return ()
        if self._counts:
            return (f"{sense} {' + '.join(_names(roster))}",)
        told = _statements(earlier)
        measures = {item.measure for item in told if isinstance(item, Datum)}
        limited = {
            name for item in told if isinstance(item, Limit) for name in symbols(item.relation)
        }
        free = sorted(measures - limited)
        return (f"{sense} {free[0]}",) if len(free) == 1 else ()

    @cached_property
    def _counts(self) -> bool:
        return counts_things(question(self.problem), self.clauses)

    def goal_cost(self, goal: Goal, roster: Roster) -> float:
        """Decisions and measures do not add up; a total number counts things."""
        return goal_cost(goal, _names(roster), self._counts)

    def assemble(self, roster: Roster, readings: Iterable[Reading], goal: str) -> CIR:
        """Measures become definitions, limits rules."""
        return assemble(self.problem, roster, readings, goal)


def _without_counts(clause: Clause, roster: Roster) -> Clause:
    """The clause without numbers that only say how many choices there are: "two pills"."""
    kept = tuple(slot for slot in clause.slots if not _counts_choices(slot, roster))
    return clause if kept == clause.slots else replace(clause, slots=kept)


def _counts_choices(slot: Slot, roster: Roster) -> bool:
    word = slot.quantity.kind == "word" and not slot.firm and not slot.per_unit
    return word and slot.quantity.value == len(roster)


def _names(roster: Roster) -> tuple[str, ...]:
    return tuple(choice.name for choice in roster)


def _statements(earlier: Told) -> list[Statement]:
    return [item for _, text in earlier for item in read_statements(text)]
