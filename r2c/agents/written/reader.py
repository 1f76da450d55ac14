"""Problems read as a whole: declarations, then all rules in one answer, then the objective.

Nothing limits what can be said but the algebra of the CIR and the cards: several families over the
same sets, stock carried from period to period, conditions. In return more is asked of the model
than where it reads sentence by sentence (`r2c.agents.plain`, `r2c.agents.indexed`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from r2c.agents.clauses import Clause
from r2c.agents.conversation import opening_of_whole
from r2c.agents.conversation import told as told_in_turn
from r2c.agents.dialect import Roster, Told
from r2c.agents.form import NOTHING
from r2c.agents.formal import Formal, read_formals
from r2c.agents.goal import Goal
from r2c.agents.indexed.archetypes import Shelf
from r2c.agents.indexed.clauses import has_cue
from r2c.agents.indexed.data import Data
from r2c.agents.indexed.tables import data_of
from r2c.agents.reading import Reading
from r2c.agents.roster import Choice
from r2c.agents.slots import slots_in
from r2c.agents.statements import Statement
from r2c.agents.written.assemble import assemble_written, mapped
from r2c.agents.written.forms import goal_form, nouns_form, rules_form, sets_form
from r2c.agents.written.implied import plainly
from r2c.agents.written.nouns import Nouns, told
from r2c.agents.written.series import numbers_left
from r2c.agents.written.settled import Settled, settled
from r2c.archetypes.card import Card
from r2c.cir.expr import Each, Name, Num, symbols
from r2c.cir.schema import CIR
from r2c.errors import CIRError
from r2c.llm.model import Message
from r2c.llm.spec import OutputSpec
from r2c.problem.schema import Problem

PROMPTS = "written.yaml"
_NEAR = 2
_ALWAYS = ("if_then_implication",)
"""What no relation can say and many texts do."""
_SHOWN = 12
_SPEAKS = re.compile(
    r"\b(?:not|never|carried|kept|keeps?|stor\w+|remain\w*|left|together|same|equal\w*|between|if"
    r"|unless|either|or|follow\w*|before|after|when\w*|depends?|except|shar\w+)\b|n[’']t\b",
    re.IGNORECASE,
)
"""Words that may state a rule, beside the cues."""
_PLAIN = frozenset({"linear", "capacity_limit", "minimum_requirement", "exact_balance_requirement"})
"""Archetypes that a relation says as well."""


@dataclass(frozen=True)
class Written:
    """See `r2c.agents.dialect.Dialect`.

    Attributes:
        problem: the problem.
        shelf: the cards; without it rules are relations.
        also: archetypes that are shown whether or not a sentence reads like them.
        stepwise: read sentence by sentence, those without a cue of a rule not at all.
    """

    problem: Problem
    shelf: Shelf | None = None
    also: tuple[str, ...] = ()
    stepwise: bool = False

    roster_tokens = 900
    goal_tokens = 400

    @cached_property
    def data(self) -> Data:
        """The sets and parameters of the tables."""
        return data_of(self.problem)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """All sentences outside tables."""
        spans = [table.span for table in self.problem.tables if table.span is not None]
        return tuple(
            Clause(one.number, one.span, one.text, tuple(slots_in(self.problem, one.span)))
            for one in self.problem.sentences
            if not any(span.overlaps(one.span) for span in spans)
        )

    @property
    def remark(self) -> str | None:
        """That cards are found by words alone, if so."""
        return None if self.shelf is None else self.shelf.remark

    @cached_property
    def cards(self) -> tuple[Card, ...]:
        """The archetypes that sentences read like or that are shown always, nearest first."""
        if self.shelf is None:
            return ()
        found: dict[str, float] = {}
        for clause in self.clauses:
            for item in self.shelf.retriever.candidates(clause.text, _NEAR):
                found[item.card] = max(item.score, found.get(item.card, item.score))
        near = sorted((id for id in found if id not in _PLAIN), key=lambda id: -found[id])
        shown = sorted(
            {*near[:_SHOWN], *_ALWAYS, *self.also}, key=lambda id: (-found.get(id, 0.0), id)
        )
        return tuple(self.shelf.cards[id] for id in shown)

    def clause_tokens(self, clause: Clause) -> int:
        """A few rules with their roles."""
        return 400

    def opening(self) -> tuple[Message, ...]:
        """The worked examples of prompts/written.yaml."""
        return opening_of_whole(PROMPTS, _in_steps if self.stepwise else Written)

    @cached_property
    def known(self) -> tuple[Choice, ...]:
        """What is told member by member and what is counted up."""
        return self._settled.nouns

    @cached_property
    def _settled(self) -> Settled:
        return settled(self.problem, self.data)

    def ask_roster(self) -> Message:
        """The sentences with their numbers, what is known of sets and numbers, and the question."""
        text = "\n".join(f"[{one.sentence}] {one.text}" for one in self.clauses)
        lines = [*told(Nouns(self.data)), *map(str, self.known)]
        known = "\n".join(["\n\nKnown already:", *lines]) if lines else ""
        return Message(
            "user", f"{text}{known}\n\nDeclare the sets{' that are not known yet' * bool(lines)}."
        )

    def ask_nouns(self) -> Message:
        """Ask for numbers and decisions."""
        return Message("user", "Declare the decisions, then the numbers that are listed for a set.")

    def ask_rules(self) -> Message:
        """Ask for all rules; archetypes that sentences read like are told."""
        asked = "Write the rules, each after the number of its sentence."
        return Message("user", asked + self._shown())

    def _shown(self) -> str:
        lines = [_told(card) for card in self.cards]
        return "\n".join(["\n\nArchetypes that may fit:", *lines]) if lines else ""

    def ask_steps(self) -> Message:
        """Announce the sentences."""
        asked = "Now the sentences one by one: write the rules that each states, or `none`."
        return Message("user", asked + self._shown())

    def settled_roster(self) -> tuple[Choice, ...] | None:
        """None: the model declares."""
        return None

    def roster_form(self) -> OutputSpec[tuple[Choice, ...]]:
        """Declarations of sets."""
        return self.sets_form()

    def sets_form(self) -> OutputSpec[tuple[Choice, ...]]:
        """Declarations of sets, or `none`."""
        return sets_form(Nouns(self.data, self.known))

    def nouns_form(self, sets: Roster) -> OutputSpec[tuple[Choice, ...]]:
        """Declarations of numbers and decisions."""
        left = numbers_left(self.problem, self._settled.spans)
        return nouns_form(self.nouns(sets), left)

    def best_roster(
        self, rosters: Sequence[tuple[Choice, ...]], refused: Collection[frozenset[str]]
    ) -> tuple[Choice, ...]:
        """The declarations that share most with those of the other samples."""
        meant = [self.nouns(roster).meaning() for roster in rosters]

        def merit(place: int) -> tuple[bool, float, int]:
            names = frozenset(item.name for item in rosters[place] if item.meaning)
            return names not in refused, sum(_shared(meant[place], one) for one in meant), -place

        return rosters[max(range(len(rosters)), key=merit)]

    def settled(self, clause: Clause, roster: Roster) -> str | None:
        """Nothing for a sentence that is read by itself and has no cue of a rule."""
        if not self.stepwise or clause.slots or has_cue(clause.text) or _SPEAKS.search(clause.text):
            return None
        return NOTHING

    def rules_form(self, roster: Roster) -> OutputSpec[tuple[Statement, ...]]:
        """All rules in one answer."""
        sentences = [clause.sentence for clause in self.clauses]
        return rules_form(self.problem, self.nouns(roster), self.cards, sentences)

    def clause_form(
        self, clause: Clause, roster: Roster, earlier: Told
    ) -> OutputSpec[tuple[Statement, ...]]:
        """The rules of one sentence, in a repair."""
        nouns = self.nouns(roster)
        return rules_form(self.problem, nouns, self.cards, [clause.sentence])

    def read(self, text: str) -> tuple[Statement, ...]:
        """See `r2c.agents.dialect.Dialect.read`."""
        return read_formals(text)

    def meaning(
        self, clause: Clause, statements: Sequence[Statement], roster: Roster, earlier: Told
    ) -> Hashable | None:
        """What the rules say; None if one of them has no meaning."""
        rules = [item for item in statements if isinstance(item, Formal)]
        before = [item for _, text in earlier for item in read_formals(text)]
        made = [self.sound(item, roster, [*before, *rules]) for item in rules]
        return None if None in made else frozenset(item.meaning for item in made if item)

    def sound(self, item: Formal, roster: Roster, beside: Sequence[Formal]) -> Formal | None:
        """The rule, if it names what is declared or created and depends on the plan."""
        nouns, cards = self.nouns(roster), {} if self.shelf is None else self.shelf.cards
        try:
            _, operands = mapped(item, nouns, cards)
        except CIRError:
            return None
        decided = {*nouns.decided, *self._created(beside)}
        bound = set() if item.loops is None else set(item.loops.targets)
        exprs = [*operands.values(), *([] if item.condition is None else [item.condition])]
        used = {name for expr in exprs for name in symbols(expr)}
        if item.loops is not None:
            used |= symbols(Each(Num(0.0), item.loops))
        if not used <= nouns.names | decided | bound or not used & decided:
            return None
        return plainly(item, nouns)

    def nouns(self, roster: Roster) -> Nouns:
        """What a roster declares, made once."""
        key = tuple(roster)
        if key not in self._nouns:
            self._nouns[key] = Nouns(self.data, key)
        return self._nouns[key]

    @cached_property
    def _nouns(self) -> dict[tuple[Choice, ...], Nouns]:
        return {}

    def cost(
        self, clause: Clause, statements: Sequence[Statement], roster: Roster, earlier: Told
    ) -> float:
        """Nothing: votes decide."""
        return 0.0

    def other_sides(
        self, clause: Clause, statements: Sequence[Statement], roster: Roster
    ) -> tuple[str, ...]:
        """None."""
        return ()

    def goal_form(self, roster: Roster, earlier: Told) -> OutputSpec[Goal]:
        """A sum over the declared names."""
        return goal_form(self.problem, self.nouns(roster), self._outputs(earlier))

    def _outputs(self, readings: Told) -> tuple[str, ...]:
        """The names that rules give to what their archetypes create."""
        return self._created([item for _, text in readings for item in read_formals(text)])

    def _created(self, rules: Sequence[Formal]) -> tuple[str, ...]:
        cards = {} if self.shelf is None else self.shelf.cards
        return tuple(
            expr.id
            for item in rules
            if (card := cards.get(item.archetype))
            for role, expr in item.operands
            if isinstance(expr, Name) and role not in {one.name for one in card.roles}
        )

    def settled_goal(self, roster: Roster, earlier: Told) -> None:
        """The words leave a choice."""

    def suggested_goals(self, roster: Roster, earlier: Told) -> tuple[str, ...]:
        """None."""
        return ()

    def goal_cost(self, goal: Goal, roster: Roster) -> float:
        """Nothing: votes decide."""
        return 0.0

    def named(self, roster: Roster) -> list[Message]:
        """The sets that were declared, then the numbers and decisions if they are there."""
        axes = self.nouns(roster).axes
        made = [item for item in roster if item not in self.known]
        sets = [str(item) for item in made if item.name in axes]
        others = [str(item) for item in made if item.name not in axes]
        turns = [Message("assistant", "\n".join(sets) or NOTHING)]
        if others:
            turns += [self.ask_nouns(), Message("assistant", "\n".join(others))]
        return turns

    def told(self, readings: Told) -> list[Message]:
        """The question for the rules and the rules, in the order of their sentences."""
        if self.stepwise:
            asked = [(one, text) for one, text in readings if self.settled(one, ()) is None]
            return [self.ask_steps(), Message("assistant", NOTHING), *told_in_turn(asked)]
        rules = [text for _, text in readings if text != NOTHING]
        return [self.ask_rules(), Message("assistant", "\n".join(rules) or NOTHING)]

    def assemble(self, roster: Roster, readings: Iterable[Reading], goal: str) -> CIR:
        """Sets, numbers, decisions and rules."""
        cards = {} if self.shelf is None else self.shelf.cards
        return assemble_written(self.problem, self.nouns(roster), readings, goal, cards)


def _in_steps(problem: Problem) -> Written:
    return Written(problem, stepwise=True)


def _shared(one: dict[Hashable, int], other: dict[Hashable, int]) -> float:
    """How much two declarations have in common, from 0 to 1."""
    keys = one.keys() | other.keys()
    if not keys:
        return 1.0
    both = sum(min(one.get(key, 0), other.get(key, 0)) for key in keys)
    return both / sum(max(one.get(key, 0), other.get(key, 0)) for key in keys)


def _told(card: Card) -> str:
    roles = ", ".join(f"{role.name}{'?' * (not role.required)}" for role in card.roles)
    return f"{card.id}({roles}): {' '.join(card.meaning.split())}"
