"""The forms of the answers for problems over sets; `for each shop: ship >= demand` is a limit.

An amount stands for its total over all that the rule does not fix. A form admits only what has a
meaning: parameters where their sets are fixed, weights of an amount where it has their sets, the
numbers of the sentence on the side that its words say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from r2c.agents.clauses import Clause
from r2c.agents.form import form
from r2c.agents.goal import Goal, read_goal
from r2c.agents.indexed.data import Data, Given, Space
from r2c.agents.indexed.limits import is_choice
from r2c.agents.indexed.roster import read_families
from r2c.agents.over_sets import Stated
from r2c.agents.roster import Choice
from r2c.agents.statements import Statement, read_statements
from r2c.cir.write import number
from r2c.llm.spec import OutputSpec

MOST_FAMILIES = 3
CHOICES = ("1 if ",)
AMOUNTS = ("number of ", "amount of ", "quantity of ")
_SIDES = ("<=", ">=", "==")
_ONE = re.compile(r"\b(?:one|once|single|only)\b", re.IGNORECASE)
_ANY_ONE = re.compile(r"\b(?:a|an|each|every)\b", re.IGNORECASE)


def families_form(
    data: Data, spaces: Sequence[Space], *, begin: Sequence[str] = ()
) -> OutputSpec[tuple[Choice, ...]]:
    """Lines `name[axis, axis]: meaning`, one for each family of decisions.

    Args:
        data: all sets and parameters.
        spaces: what a family may run over.
        begin: the words with which a meaning begins, if any: they tell choices from amounts.
    """
    over = " | ".join(f'"[{space}]: "' for space in spaces)
    starts = f"({' | '.join(map(json.dumps, begin))}) " if begin else ""
    grammar = f"""root ::= line ("\\n" line){{0,{MOST_FAMILIES - 1}}}
line ::= name space meaning
name ::= [a-z] [a-z_]{{1,16}}
space ::= {over}
meaning ::= {starts}[A-Za-z0-9 ,'()%$/-]{{3,60}}
"""
    return form(
        "decisions",
        grammar,
        "Answer with one line `name[sets]: meaning` per kind of quantity, nothing else.",
        lambda text: read_families(text, data),
    )


def limits_form(
    clause: Clause, data: Data, roster: Sequence[Choice], stated: Sequence[Stated] = ()
) -> OutputSpec[tuple[Statement, ...]]:
    """Limits and archetypes that the sentence may state, or `none`."""
    return form(
        "statements",
        _Grammar(clause, data, roster, stated).text(),
        "Answer with one relation per line, such as `for each set: amount <= limit`; or `none`.",
        read_statements,
    )


def families_goal_form(
    data: Data, roster: Sequence[Choice], named: Sequence[str] = ()
) -> OutputSpec[Goal]:
    """One line `maximize terms` or `minimize terms`.

    Args:
        data: all sets and parameters.
        roster: the families of decisions.
        named: names of other amounts that may be wanted.
    """
    weighted = [item for choice in roster for item in _weighted(choice, data)]
    items = " | ".join(f'"{item}"' for item in (*named, *weighted))
    grammar = f"""root ::= ("maximize " | "minimize ") item ((" + " | " - ") item){{0,3}}
item ::= {items}
"""
    return form(
        "objective",
        grammar,
        "Answer with one line `maximize ...` or `minimize ...` over the names above.",
        read_goal,
    )


class _Grammar:
    def __init__(
        self, clause: Clause, data: Data, roster: Sequence[Choice], stated: Sequence[Stated]
    ) -> None:
        self._clause, self._data, self._roster = clause, data, tuple(roster)
        self._stated = tuple(stated)

    def text(self) -> str:
        bodies = [body for each in self._fixings() for body in self._bodies(each)]
        bodies += [f'"{str(item).replace(chr(34), chr(92) + chr(34))}"' for item in self._stated]
        if not bodies:  # an empty rule is no grammar to some servers
            return 'root ::= "none"\n'
        rules = [f"rule{place} ::= {body}" for place, body in enumerate(bodies)]
        rule = " | ".join(f"rule{place}" for place in range(len(bodies)))
        return "\n".join(
            ['root ::= "none" | rule ("\\n" rule){0,2}', f"rule ::= {rule}", *rules, ""]
        )

    def _fixings(self) -> Iterator[tuple[str, ...]]:
        """All choices of axes that a rule may hold for each member of."""
        axes = {choice.over for choice in self._roster}
        found = {
            part
            for over in axes
            for size in range(len(over) + 1)
            for part in combinations(over, size)
        }
        found |= {(axis,) for over in axes for axis in self._beside(over)}
        return iter(sorted(found, key=lambda part: (len(part), part)))

    def _beside(self, over: tuple[str, ...]) -> set[str]:
        """The axes that a table pairs with those of a family: resources beside products."""
        pairs = (set(given.axes) for given in self._data.given.values() if len(given.axes) == 2)
        return {axis for pair in pairs if len(pair & set(over)) == 1 for axis in pair - set(over)}

    def _left(self, choice: Choice, each: tuple[str, ...]) -> list[str]:
        """The amounts of a family that a rule for each of some members may limit."""
        if set(each) <= set(choice.over):
            return list(_weighted(choice, self._data))
        return [
            f"{given.name}*{choice.name}"
            for given in self._data.given.values()
            if set(each) < set(given.axes) <= {*choice.over, *each}
        ]

    def _bodies(self, each: tuple[str, ...]) -> Iterator[str]:
        head = f'"for each {", ".join(each)}: " ' if each else ""
        for choice in self._roster:
            left = " | ".join(f'"{item}"' for item in self._left(choice, each))
            if not left:
                continue
            for op in _SIDES:
                if right := " | ".join(f'"{item}"' for item in self._right(choice, each, op)):
                    yield f'{head}({left}) " {op} " ({right})'

    def _right(self, choice: Choice, each: tuple[str, ...], op: str) -> Iterator[str]:
        for given in self._data.given.values():
            if given.axes in (each, ()):
                yield given.name
                yield from (f"{given.name}*{other.name}" for other in self._gates(choice, each))
        if each:
            yield from (other.name for other in self._gates(choice, each))
            yield from (other.name for other in self._beyond(choice, each))
        slots = self._clause.slots
        values = {slot.quantity.value for slot in slots if slot.side in (None, op)}
        words = self._clause.text
        if _ONE.search(words) or (is_choice(choice) and _ANY_ONE.search(words)):
            values.add(1.0)
        for value in sorted(values):
            yield number(value)
            yield from (f"{number(value)}*{other.name}" for other in self._gates(choice, each))

    def _beyond(self, choice: Choice, each: tuple[str, ...]) -> Iterator[Choice]:
        """Other amounts that share the fixed members: what leaves a place beside what arrives."""
        for other in self._roster:
            apart = other is not choice and not is_choice(other) and not is_choice(choice)
            if apart and set(each) < set(other.over) and set(each) < set(choice.over):
                yield other

    def _gates(self, choice: Choice, each: tuple[str, ...]) -> Iterator[Choice]:
        """Other families that say for each fixed member whether it is used at all."""
        for other in self._roster:
            if other is not choice and each and set(other.over) <= set(each):
                yield other


def _weighted(choice: Choice, data: Data) -> Iterator[str]:
    """The amounts that a family stands for: itself, weighted by one parameter or by two."""
    held = (given for given in data.given.values() if given.axes)
    weights = [given for given in held if set(given.axes) <= set(choice.over)]
    yield choice.name
    yield from (f"{given.name}*{choice.name}" for given in weights)
    for first, second in combinations(weights, 2):
        if _differ(first, second):
            yield f"{first.name}*{second.name}*{choice.name}"


def _differ(first: Given, second: Given) -> bool:
    """Products of weights over the same set are rare: they would only invite slips."""
    return first.axes != second.axes
