"""The forms of the three answers asked of the model, made anew for each problem and sentence.

A form admits only declared names, only the numbers of the sentence at hand, each exactly once and
in order, and only the side of a limit that the words say. So invented numbers, turned directions
and unknown names cannot be written; the model chooses among readings, not among typing errors.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from r2c.agents.clauses import Clause
from r2c.agents.form import form
from r2c.agents.goal import Goal, read_goal
from r2c.agents.logic import Condition, condition_of, offers_two
from r2c.agents.mentions import mentioned
from r2c.agents.plain.counted import counted_measure
from r2c.agents.plain.respectively import respective
from r2c.agents.plain.settled import Sides, settled_relations
from r2c.agents.plain.spent import spent_measure
from r2c.agents.plain.weighted import ADDS_UP
from r2c.agents.plain.whole import named_near
from r2c.agents.roster import Choice, read_roster
from r2c.agents.slots import Side, Slot
from r2c.agents.statements import Statement, read_statements
from r2c.cir.write import number
from r2c.llm.spec import OutputSpec

MAX_DECISIONS = 12
_TOTAL = re.compile(
    r"\b(?:total|sum|all|entire|whole|exact\w*|equals?|equal to|altogether|must be)\b",
    re.IGNORECASE,
)
_IMPLIED = '"if " name " then " ("not ")? name'
_CHOSEN = 'name (" + " name){0,5} (" >= " | " <= " | " == ") "1"'
_NEW = "[a-z] [a-z_]{2,20}"


def roster_form() -> OutputSpec[tuple[Choice, ...]]:
    """Lines `name: meaning`, one for each quantity to decide."""
    grammar = f"""root ::= line ("\\n" line){{0,{MAX_DECISIONS - 1}}}
line ::= name ": " meaning
name ::= [a-z] [a-z0-9_]{{0,24}}
meaning ::= [A-Za-z0-9 ,'()%$/-]{{3,60}}
"""
    return form(
        "decisions",
        grammar,
        "Answer with one line `name: meaning` per quantity, nothing else.",
        read_roster,
    )


def goal_form(decisions: Sequence[str], measures: Sequence[str]) -> OutputSpec[Goal]:
    """One line `maximize terms` or `minimize terms` over decisions and measures."""
    grammar = f"""root ::= ("maximize " | "minimize ") term ((" + " | " - ") term){{0,7}}
term ::= {_one_of((*decisions, *measures))}
"""
    return form(
        "objective",
        grammar,
        "Answer with one line `maximize ...` or `minimize ...` over the names above.",
        read_goal,
    )


def clause_form(
    clause: Clause,
    telling: Mapping[str, frozenset[str]],
    measures: Sequence[str],
    shared: frozenset[str] = frozenset(),
    data: Collection[tuple[str, str]] = (),
) -> OutputSpec[tuple[Statement, ...]]:
    """One statement for each number of the clause, in order, or `none`.

    Args:
        clause: the sentence.
        telling: the decisions, each with the words that tell it apart.
        measures: the measures known so far.
        shared: the words by which all decisions are told what they are, such as "acres".
        data: the measures and decisions for which earlier sentences gave a number.
    """
    grammar = _Grammar(clause, telling, tuple(measures), shared, frozenset(data)).text()
    return form(
        "statements",
        grammar,
        "Answer with one line per number, in order: `measure[quantity] = number` or a relation; "
        "or with `none`.",
        read_statements,
    )


@dataclass(frozen=True)
class _Grammar:
    clause: Clause
    telling: Mapping[str, frozenset[str]]
    measures: tuple[str, ...]
    shared: frozenset[str]
    data: frozenset[tuple[str, str]]

    def text(self) -> str:
        slots = self.clause.slots
        lines = [line for place in range(len(slots)) for line in self._lines(place)]
        sides = '" <= " | " >= "' + (' | " == "' if _TOTAL.search(self.clause.text) else "")
        if self.clause.is_rule:
            rule = f"({_IMPLIED} | {_CHOSEN})"
            root = f'"none" | {rule} ("\\n" {rule}){{0,2}}'
        elif not slots:
            root = '"none" | side compare side'
        elif (found := condition_of(self.clause.text, slots, self.telling)) is not None:
            return self._under(found)
        elif offers_two(self.clause.text, slots):
            first, second = (self._relation(slot) for slot in slots)
            root = f'"none" | "either " {first} " or " {second}'
        else:
            root = "from0" if any(slot.side for slot in slots) else '"none" | from0'
        opened = self.clause.is_data or not self.measures
        return "\n".join(
            [
                f"root ::= {root}",
                *lines,
                f"op ::= {sides}",
                'compare ::= " <= " | " >= " | " == " | " > " | " < "',
                f"left ::= side{' | ' + _NEW if opened else ''}",
                *self._names(),
                f"measure ::= {_one_of(self.measures) + ' | ' if self.measures else ''}{_NEW}",
                "",
            ]
        )

    def _names(self) -> tuple[str, ...]:
        """The rules for sums of decisions and measures."""
        known = f" | {_one_of(self.measures)}" if self.measures else ""
        return (
            "side ::= item | sum",
            'sum ::= item ((" + " | " - ") item){1,5}',
            f"item ::= name{known}",
            f"name ::= {_one_of(self._named())}",
        )

    def _under(self, found: Condition) -> str:
        """Limits that hold under a condition on one decision, or none."""
        slots = self.clause.slots
        condition = f'"{found.name}"'
        if found.numbers:
            side = _either_way(slots[0].side)
            condition = f'"{found.name}" {side} "{number(slots[0].quantity.value)}"'
        limits = [self._relation(slot) for slot in slots[found.numbers :]]
        if not limits:
            limits = ['name (" <= 0" | " >= 1")']
        lines = ' "\\n" '.join(f'"if " condition " then " {limit}' for limit in limits)
        return "\n".join(
            [
                f'root ::= "none" | {lines}',
                f"condition ::= {condition}",
                *self._names(),
                "",
            ]
        )

    def _relation(self, slot: Slot) -> str:
        value = f'"{number(slot.quantity.value)}"'
        if slot.factor:
            return f'side {_either_way(slot.side)} {value} "*" (item | "(" sum ")")'
        return f"side {_either_way(slot.side)} {value}"

    def _named(self) -> tuple[str, ...]:
        """The decisions that may be named: a rule without numbers speaks of those it mentions."""
        said = mentioned(self.clause.text, self.telling) if self.clause.is_rule else ()
        return said if len(said) > 1 else tuple(self.telling)

    def _lines(self, place: int) -> Iterator[str]:
        """The rules for what may stand from a number on, and for its own statement."""
        slots = self.clause.slots
        ways = [(f"line{place}", place + 1)]
        for end in self._weighted(place):
            ways.append((f"weighted{place}x{end}", end + 1))
            yield f"weighted{place}x{end} ::= {self._sum(place, end)}"
        going_on = [
            way if after == len(slots) else f'{way} "\\n" from{after}' for way, after in ways
        ]
        yield f"from{place} ::= {' | '.join(going_on)}"
        yield f"line{place} ::= {self._line(place, slots[place])}"

    def _weighted(self, place: int) -> Iterator[int]:
        """The places of limits on a weighted sum whose first factor is the number at `place`."""
        if not self._adds_up:
            return
        slots = self.clause.slots
        for end in range(place + 1, len(slots)):
            if slots[end - 1].side is not None or slots[end - 1].per_unit:
                return
            if not slots[end].factor and not slots[end].per_unit:
                yield end

    def _sum(self, place: int, end: int) -> str:
        """`2*x + y - 3*z <= 20`: numbers in order, decisions without a number between them."""
        slots = self.clause.slots
        factors = [f'"{number(slot.quantity.value)}*" name' for slot in slots[place:end]]
        sign = '(" + " | " - ")'
        free = f"({sign} name)?"
        terms = f" {free} {sign} ".join(factors)
        side = f'" {slots[end].side} "' if slots[end].side else "op"
        return f'(name {sign})? {terms} {free} {side} "{number(slots[end].quantity.value)}"'

    def _line(self, place: int, slot: Slot) -> str:
        owner = self._owners[place:]
        name = f'"{owner[0]}"' if owner else "name"
        value = f'"{number(slot.quantity.value)}"'
        side = f'" {slot.side} "' if slot.side else "op"
        if (settled := self._settled[place]) is not None:
            left, right = settled
            side = f'" {slot.side or "=="} "' if slot.side or "*" in right else "op"
            return f'"{left}" {side} "{right}"'
        forms = []
        open_side = slot.side is None or not slot.firm
        told = bool(owner) or slot.per_unit or self._speaks_of_a_decision(place)
        if slot.side is not None and open_side:
            # "By cart they have 70 guests": what a decision has is data, not a stock.
            told = bool(mentioned(slot.before, self.telling))
        counted = counted_measure(slot, self.measures, self.telling) or spent_measure(
            slot, self.measures, self.telling
        )
        measure, left = (f'"{counted}"', f'"{counted}"') if counted else ("measure", "left")
        if slot.once:
            return f'({measure} "[" {name} "] = " {value} " once")'
        if open_side and (datum := self._missing(place)) is not None:
            return f'"{datum[0]}[{datum[1]}] = " {value}'
        if open_side and told:
            forms.append(f'{measure} "[" {name} "] = " {value}')
        if slot.factor:
            forms.append(f'side {side} {value} "*" (item | "(" sum ")")')
        elif not slot.per_unit:
            forms.append(f"{left} {side} {value}")
        line = f"({' | '.join(forms)})"
        again = f' ("\\n" {line}){{0,2}}' if self.clause.shared else ""
        return f"{line}{again}"

    def _missing(self, place: int) -> tuple[str, str] | None:
        """The measure and the decision whose number is still to be told, if it must be this one.

        After "by cart they serve 70 guests", "by hand they serve 85" tells the guests by hand.
        """
        slots = self.clause.slots
        spoken_of = mentioned(" ".join(slot.before for slot in slots[: place + 1]), self.telling)
        named = named_near(slots[place], self.measures)
        if len(spoken_of) != 1 or len(named) != 1 or slots[place].factor:
            return None
        measure, decision = named[0], spoken_of[0]
        elsewhere = any(known == measure for known, _ in self.data)
        return (measure, decision) if elsewhere and (measure, decision) not in self.data else None

    @cached_property
    def _settled(self) -> tuple[Sides | None, ...]:
        return settled_relations(self.clause.slots, self.telling, self.measures, self.shared)

    @cached_property
    def _owners(self) -> tuple[str, ...]:
        return tuple(respective(self.clause, self.telling))

    @cached_property
    def _adds_up(self) -> bool:
        return ADDS_UP.search(self.clause.text) is not None

    def _speaks_of_a_decision(self, place: int) -> bool:
        """Whether the words up to the number, and those right behind it, name a decision."""
        slots = self.clause.slots[: place + 1]
        words = " ".join((*(slot.before for slot in slots), slots[-1].after))
        return slots[-1].factor or bool(mentioned(words, self.telling))


def _either_way(side: Side | None) -> str:
    """The side that the words fix, strict or not; all of them where they fix none."""
    strict = {">=": '(" >= " | " > ")', "<=": '(" <= " | " < ")', "==": '" == "'}
    return '(" >= " | " <= " | " == " | " > " | " < ")' if side is None else strict[side]


def _one_of(names: Sequence[str]) -> str:
    # Longest first: a name may begin with another one.
    return " | ".join(f'"{name}"' for name in sorted(set(names), key=lambda n: (-len(n), n)))
