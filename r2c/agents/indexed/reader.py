"""Problems whose decisions run over the sets of tables: pallets from each plant to each shop."""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from r2c.agents.clauses import Clause, goal_sentence, question
from r2c.agents.conversation import opening
from r2c.agents.dialect import Roster, Told
from r2c.agents.form import NOTHING
from r2c.agents.goal import Goal
from r2c.agents.in_turn import InTurn
from r2c.agents.indexed.archetypes import Shelf, says_no_more, stated_in
from r2c.agents.indexed.assemble import assemble_families
from r2c.agents.indexed.clauses import clauses
from r2c.agents.indexed.data import Data, Space, described
from r2c.agents.indexed.decided import families_decided, spaces_decided, store_decided
from r2c.agents.indexed.deciding import says_decided
from r2c.agents.indexed.facts import asks_nothing, described_use
from r2c.agents.indexed.forms import (
    AMOUNTS,
    CHOICES,
    families_form,
    families_goal_form,
    limits_form,
)
from r2c.agents.indexed.limits import limits_of
from r2c.agents.indexed.money import money_goal, with_bills
from r2c.agents.indexed.money_told import money_left_over
from r2c.agents.indexed.network import (
    SENT,
    asks_for_flow,
    balance_of,
    exchange_of,
    has_exchange,
    is_network,
)
from r2c.agents.indexed.part import RULING
from r2c.agents.indexed.preference import cost, goal_cost, suggested_goals
from r2c.agents.indexed.reach import reach_of
from r2c.agents.indexed.roster import best_families
from r2c.agents.indexed.rules_told import rules_told
from r2c.agents.indexed.stated import bound, brought_along
from r2c.agents.indexed.stores import Store
from r2c.agents.indexed.tables import data_of
from r2c.agents.indexed.windows import Turn, duty_of, starts, turn_of
from r2c.agents.over_sets import Ruled, Stated
from r2c.agents.plain.preference import CERTAINLY, OFTEN
from r2c.agents.reading import Reading
from r2c.agents.roster import Choice
from r2c.agents.statements import (
    Limit,
    Statement,
    meaning_of,
    read_statements,
    write_statements,
)
from r2c.cir.expr import symbols
from r2c.cir.schema import CIR
from r2c.errors import CIRError
from r2c.llm.model import Message
from r2c.llm.spec import OutputSpec
from r2c.problem.schema import Problem

PROMPTS = "indexed.yaml"
_ASKS_MORE = re.compile(
    r"\b(?:ensur\w+|fulfil\w*|meet\w*|met|satisf\w+|demands?|requir\w+|needs?|needed|perform\w*"
    r"|cover\w*|select\w*|receiv\w+|gets|capacit\w+|suppl\w+|assign\w*|visit\w*|deliver\w*"
    r"|return(?:s|ing) to|without|each|every|while|subject to)\b",
    re.IGNORECASE,
)
"""Words by which a sentence asks for more than the best plan."""
_CAN = re.compile(r"\bas [a-z]+ as (?:we |you |I )?(?:possibly )?(?:can|possible)\b|\bgoal\b", re.I)


@dataclass(frozen=True)
class Indexed(InTurn):
    """See `r2c.agents.dialect.Dialect`."""

    problem: Problem
    shelf: Shelf | None = None

    @cached_property
    def data(self) -> Data:
        """The sets and parameters of the tables."""
        return data_of(self.problem)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Tables, then sentences."""
        return clauses(self.problem, self.data)

    @property
    def remark(self) -> str | None:
        """That cards are found by words alone, if so."""
        return None if self.shelf is None else self.shelf.remark

    def opening(self) -> tuple[Message, ...]:
        """The worked examples of prompts/indexed.yaml."""
        return opening(PROMPTS, Indexed)

    def ask_roster(self) -> Message:
        """The text without its tables, the sets and the names of the data, and the question."""
        known = "\n".join(described(self.data))
        return Message(
            "user",
            f"Problem: {without_tables(self.problem)}\n\n{known}\n\n"
            f"Question: {question(self.problem)}\n"
            "Which quantities does the question ask for? One kind per line as"
            " `name[sets]: meaning`.",
        )

    @cached_property
    def turn(self) -> Turn | None:
        """The turn of several periods that people work, if there is one."""
        return turn_of(self.problem, self.data)

    @cached_property
    def store(self) -> Store | None:
        """What carries over from period to period, if the words tell all of it."""
        return store_decided(self.problem, self.data)

    def settled_roster(self) -> tuple[Choice, ...] | None:
        """How many begin their turn, where the words describe one; what they say is decided."""
        if self.turn is not None:
            return (starts(self.turn),)
        return families_decided(self.problem, self.data)

    def roster_form(self) -> OutputSpec[tuple[Choice, ...]]:
        """One family a line."""
        arcs = [space for space in self.data.spaces if is_network(space.axes, self.data)]
        if arcs and has_exchange(arcs, self.data):
            return families_form(self.data, arcs, begin=AMOUNTS)
        if arcs and asks_for_flow(without_tables(self.problem)):
            return families_form(self.data, arcs, begin=AMOUNTS)
        if arcs and self._chooses_legs():
            return families_form(self.data, arcs, begin=CHOICES)
        return families_form(self.data, self._asked_for())

    def _asked_for(self) -> Sequence[Space]:
        """The spaces that the words ask for, without those that no number is about; never none."""
        spaces = spaces_decided(self.problem, self.data)
        pairs = [given.axes for given in self.data.given.values()]
        if pairs and all(len(axes) == 2 for axes in pairs) and not self._has_thresholds():
            spaces = [space for space in spaces if space.axes in pairs]  # else nothing counts
        return spaces or self.data.spaces

    def _has_thresholds(self) -> bool:
        """Whether a sentence may say which pairs count, as "within 10 minutes" does."""
        return any(slot.side for clause in self.clauses for slot in clause.slots)

    def _chooses_legs(self) -> bool:
        """Whether a sentence speaks of choices for pairs of places, as for the legs of a tour."""
        if self.shelf is None:
            return False
        meant = [self.shelf.meant(one, self.data) for one in self.clauses if one.table is None]
        roles = [self.shelf.cards[id].roles for ids in meant for id in ids]
        leading = [next(role for role in of if role.over) for of in roles]
        return any(
            role.domain == "binary" and len(set(role.over)) < len(role.over) for role in leading
        )

    def stated(self, clause: Clause, roster: Roster) -> tuple[Stated, ...]:
        """The archetypes that a sentence states."""
        if self.shelf is None or clause.table is not None:
            return ()
        return stated_in(clause, self.shelf, self.problem, self.data, roster)

    def best_roster(
        self, rosters: Sequence[tuple[Choice, ...]], refused: Collection[frozenset[str]]
    ) -> tuple[Choice, ...]:
        """The families over the sets that most samples agree on."""
        return best_families(rosters, refused)

    def settled(self, clause: Clause, roster: Roster) -> str | None:
        """What headings of a table limit; archetypes that a sentence without numbers states."""
        if self.turn is not None and clause.table == self.turn.need.table:
            return NOTHING
        duty = None if self.turn is None else duty_of(clause, self.turn)
        if duty is not None:
            return write_statements([duty])
        if clause.table is None:
            reach = reach_of(clause, self.data, roster)
            if reach is not None:
                return write_statements([reach])
            if self._only_asks(clause) or self._only_describes(clause, roster):
                return NOTHING
            if self.store is not None and clause.sentence in self.store.sentences:
                read = {one.sentence for one in self.clauses if one.table is None}
                first = clause.sentence == min(read & set(self.store.sentences))
                return write_statements([self.store.rule]) if first else NOTHING
            told = rules_told(clause, self.data, roster)
            if told is not None:
                return write_statements(told)
            stated = self.stated(clause, roster)
            return write_statements(stated) if stated and says_no_more(clause, self.data) else None
        exchange = exchange_of(self.problem, self.data, roster)
        if exchange is not None and clause.table in exchange.tables:
            first = clause.table == exchange.tables[0]
            return write_statements([exchange.statement]) if first else NOTHING
        said = self._limits_by_name(roster)
        limiting = {name for limit in said for name in symbols(limit.relation.args[-1])}
        limits: list[Statement] = [
            limit  # of what a sentence says otherwise, the heading does not count
            for limit in limits_of(clause.table, self.data, roster)
            if limit in said
            or not symbols(limit.relation.args[-1]) & limiting & set(self.data.given)
        ]
        balance = balance_of(clause.table, self.problem, self.data, roster)
        return write_statements([*limits, balance] if balance is not None else limits)

    def _only_asks(self, clause: Clause) -> bool:
        """Whether a sentence says what is wanted and nothing else."""
        goal = goal_sentence(self.problem)
        asks = goal is not None and goal.number == clause.sentence and not clause.slots
        words = _CAN.sub("", clause.text)
        return asks and RULING.search(words) is None and _ASKS_MORE.search(words) is None

    def _only_describes(self, clause: Clause, roster: Roster) -> bool:
        """Whether a sentence says what is decided, or what a number is that a limit uses."""
        if self.settled_roster() is not None:
            said = next(one for one in self.problem.sentences if one.number == clause.sentence)
            whole = replace(clause, text=said.text)
            if says_decided(said.text) and asks_nothing(whole, self.data):
                return True
        use = described_use(clause, self.data)
        limits = self._limits_by_name(roster) if use is not None else ()
        return any(use in symbols(limit.relation) for limit in limits)

    def _limits_by_name(self, roster: Roster) -> tuple[Limit, ...]:
        sentences = (clause for clause in self.clauses if clause.table is None)
        told = (item for one in sentences for item in rules_told(one, self.data, roster) or ())
        return tuple(item for item in told if isinstance(item, Limit))

    def clause_form(
        self, clause: Clause, roster: Roster, earlier: Told
    ) -> OutputSpec[tuple[Statement, ...]]:
        """Limits over the families, or none."""
        families = self._with_brought(roster, earlier)
        return limits_form(clause, self.data, families, self.stated(clause, roster))

    def meaning(
        self, clause: Clause, statements: Sequence[Statement], roster: Roster, earlier: Told
    ) -> Hashable | None:
        """Limits and archetypes have a meaning here; an amount is not limited by itself."""
        sound = all(
            self._limits_something(item)
            if isinstance(item, Limit)
            else isinstance(item, Stated) and self._fits(item, roster)
            for item in statements
        )
        return meaning_of(statements) if sound else None

    def _fits(self, item: Stated, roster: Roster) -> bool:
        cards = {} if self.shelf is None else self.shelf.cards
        try:
            return bound(item, cards, self.data, roster) is not None
        except CIRError:
            return False

    def _limits_something(self, item: Limit) -> bool:
        """Whether no symbol stands on both sides: "orders*cut >= orders" says nothing of orders."""
        left, right = (symbols(side) for side in (item.relation.args[0], item.relation.args[-1]))
        return not left & right

    def cost(
        self, clause: Clause, statements: Sequence[Statement], roster: Roster, earlier: Told
    ) -> float:
        """What the words of the sentence say against the reading."""
        missed = [item for item in self.stated(clause, roster) if item not in statements]
        return cost(clause, statements, self.data, roster) + OFTEN * len(missed)

    def other_sides(
        self, clause: Clause, statements: Sequence[Statement], roster: Roster
    ) -> tuple[str, ...]:
        """The reading with the archetypes that the sentence states as well.

        Limits over sets are read with their headings, which fix the side.
        """
        missed = [item for item in self.stated(clause, roster) if item not in statements]
        return (write_statements([*statements, *missed]),) if missed else ()

    def goal_form(self, roster: Roster, earlier: Told) -> OutputSpec[Goal]:
        """A sum of amounts, each weighted by parameters or not."""
        named = (SENT,) if self._network(roster) else ()
        return families_goal_form(self.data, self._with_brought(roster, earlier), named)

    def _with_brought(self, roster: Roster, earlier: Told) -> tuple[Choice, ...]:
        """The families of the plan, and those that archetypes stated so far bring along."""
        if self.shelf is None:
            return tuple(roster)
        said = [item for _, text in earlier for item in read_statements(text)]
        return (*roster, *brought_along(said, self.shelf.cards, self.data, roster))

    def suggested_goals(self, roster: Roster, earlier: Told) -> tuple[str, ...]:
        """The amount sent through a network, or the weights, that the question asks for."""
        if self._asks_for_flow(roster):
            return (f"maximize {SENT}",)
        return tuple(suggested_goals(question(self.problem), self.data, roster))

    def settled_goal(self, roster: Roster, earlier: Told) -> str | None:
        """What the money of the data comes to, where all of it has a place in the plan."""
        if self._asks_for_flow(roster) or money_left_over(self.problem, earlier):
            return None
        said = [item for _, text in earlier for item in read_statements(text)]
        limited = {
            name for item in said if isinstance(item, Limit) for name in symbols(item.relation)
        }
        charged = {
            name
            for item in said
            if isinstance(item, Ruled)
            for role, by in item.operands
            if role == "charge"
            for name in symbols(by)
        }
        families = self._with_brought(roster, earlier)
        bills = [item.gives[1] for item in said if isinstance(item, Ruled) and item.gives]
        goal = money_goal(self.problem, self.data, families, limited, charged)
        return goal and with_bills(goal, bills)

    def goal_cost(self, goal: Goal, roster: Roster) -> float:
        """Weights that the headings of tables call limits, or that the question does not name."""
        if self._asks_for_flow(roster):
            return 0.0 if symbols(goal.expr) == {SENT} else CERTAINLY
        return goal_cost(goal, self.data, question(self.problem), roster)

    def _network(self, roster: Roster) -> bool:
        tables = {given.table for given in self.data.given.values()}
        found = (balance_of(table, self.problem, self.data, roster) for table in tables)
        return any(balance is not None for balance in found)

    def _asks_for_flow(self, roster: Roster) -> bool:
        return self._network(roster) and asks_for_flow(without_tables(self.problem))

    def assemble(self, roster: Roster, readings: Iterable[Reading], goal: str) -> CIR:
        """Sets, parameters, families and rules."""
        cards = {} if self.shelf is None else self.shelf.cards
        return assemble_families(self.problem, self.data, roster, readings, goal, cards)


def without_tables(problem: Problem) -> str:
    """The text without the tables that are written in it."""
    text = problem.text
    spans = [table.span for table in problem.tables if table.span is not None]
    for span in sorted(spans, key=lambda span: -span.start):
        text = f"{text[: span.start].rstrip()}\n{text[span.end :].lstrip()}"
    return text.strip()
