"""The forms of the three answers asked of the model, made anew for each problem and sentence.

A form admits only declared names, only the numbers of the sentence at hand, each exactly once and
in order, and only the side of a limit that the words say. So invented numbers, turned directions
and unknown names cannot be written; the model chooses among readings, not among typing errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import JsonValue

from r2c.agents.clauses import Clause
from r2c.agents.goal import Goal, read_goal
from r2c.agents.mentions import mentioned
from r2c.agents.roster import Choice, read_roster
from r2c.agents.slots import Slot
from r2c.agents.statements import Statement, read_statements
from r2c.cir.write import number
from r2c.llm.spec import OutputSpec

T = TypeVar("T")

MAX_DECISIONS = 12
_TOTAL = re.compile(
    r"\b(?:total|sum|all|entire|whole|exact\w*|equals?|equal to|altogether|must be)\b",
    re.IGNORECASE,
)
_NEW = "[a-z] [a-z_]{2,20}"


def roster_form() -> OutputSpec[tuple[Choice, ...]]:
    """Lines `name: meaning`, one for each quantity to decide."""
    grammar = f"""root ::= line ("\\n" line){{0,{MAX_DECISIONS - 1}}}
line ::= name ": " meaning
name ::= [a-z] [a-z0-9_]{{0,24}}
meaning ::= [A-Za-z0-9 ,'()%$/-]{{3,60}}
"""
    return _form(
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
    return _form(
        "objective",
        grammar,
        "Answer with one line `maximize ...` or `minimize ...` over the names above.",
        read_goal,
    )


def clause_form(
    clause: Clause, telling: Mapping[str, frozenset[str]], measures: Sequence[str]
) -> OutputSpec[tuple[Statement, ...]]:
    """One statement for each number of the clause, in order, or `none`.

    Args:
        clause: the sentence.
        telling: the decisions, each with the words that tell it apart.
        measures: the measures known so far.
    """
    grammar = _Grammar(clause, telling, tuple(measures)).text()
    return _form(
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

    def text(self) -> str:
        slots = self.clause.slots
        lines = [self._line(place, slot) for place, slot in enumerate(slots)]
        sides = '" <= " | " >= "' + (' | " == "' if _TOTAL.search(self.clause.text) else "")
        if not slots:
            root = '"none" | side compare side'
        else:
            settled = any(slot.side for slot in slots)
            root = ("" if settled else '"none" | ') + ' "\\n" '.join(
                f"line{place}" for place in range(len(slots))
            )
        known = f" | {_one_of(self.measures)}" if self.measures else ""
        opened = self.clause.is_data or not self.measures
        return "\n".join(
            [
                f"root ::= {root}",
                *lines,
                f"op ::= {sides}",
                'compare ::= " <= " | " >= " | " == " | " > " | " < "',
                f"left ::= side{' | ' + _NEW if opened else ''}",
                "side ::= item | sum",
                'sum ::= item ((" + " | " - ") item){1,5}',
                f"item ::= name{known}",
                f"name ::= {_one_of(tuple(self.telling))}",
                f"measure ::= {_one_of(self.measures) + ' | ' if self.measures else ''}{_NEW}",
                "",
            ]
        )

    def _line(self, place: int, slot: Slot) -> str:
        value = f'"{number(slot.quantity.value)}"'
        side = f'" {slot.side} "' if slot.side else "op"
        forms = []
        if slot.side is None and (slot.per_unit or self._speaks_of_a_decision(place)):
            forms.append(f'measure "[" name "] = " {value}')
        if slot.factor:
            forms.append(f'side {side} {value} "*" (item | "(" sum ")")')
        elif not slot.per_unit:
            forms.append(f"left {side} {value}")
        line = f"({' | '.join(forms)})"
        again = f' ("\\n" {line}){{0,2}}' if self.clause.shared else ""
        return f"line{place} ::= {line}{again}"

    def _speaks_of_a_decision(self, place: int) -> bool:
        """Whether the words up to the number, and those right behind it, name a decision."""
        slots = self.clause.slots[: place + 1]
        words = " ".join((*(slot.before for slot in slots), slots[-1].after))
        return slots[-1].factor or bool(mentioned(words, self.telling))


def _one_of(names: Sequence[str]) -> str:
    # Longest first: a name may begin with another one.
    return " | ".join(f'"{name}"' for name in sorted(set(names), key=lambda n: (-len(n), n)))


def _form(name: str, grammar: str, instructions: str, read: Callable[[str], T]) -> OutputSpec[T]:
    schema: dict[str, JsonValue] = {
        "type": "object",
        "properties": {"lines": {"type": "array", "items": {"type": "string"}, "maxItems": 40}},
        "required": ["lines"],
        "additionalProperties": False,
    }

    def read_json(value: JsonValue) -> T:
        lines = value.get("lines") if isinstance(value, dict) else None
        if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
            raise ValueError("an object with a list of lines is expected")
        return read("\n".join(str(line) for line in lines))

    return OutputSpec(name, grammar, schema, instructions, read, read_json)
