"""The grammar of rules: expressions over declared names, and archetypes with their roles (GBNF).

Keys run over the sets of a symbol, numbers are those that the problem tells and those between
units. What a rule's archetype creates has a name of its own, which a grammar cannot know.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from r2c.agents.written.nouns import Axis, Nouns, numbers_told
from r2c.archetypes.card import Card, Role
from r2c.problem.schema import Problem

_LABELS = 12
"""Members of a set that a grammar lists one by one."""
OPS = '" <= " | " >= " | " == "'
_SIDES = 'side (" == " | " != " | " < " | " <= " | " > " | " >= ") side'
_FACTORS = ("0", "1", "7", "12", "24", "60", "100", "1000", "1000000")
"""Numbers that no text needs to tell: between units, and of members."""


def told_numbers(problem: Problem) -> list[str]:
    """The numbers of a problem as they may be written."""
    values = dict.fromkeys(item.value for item in problem.quantities)
    return numbers_told(list(values))


class Algebra:
    """The grammar of expressions over the declared names."""

    def __init__(
        self, problem: Problem, nouns: Nouns, outputs: Sequence[str] = (), *, makes: bool = False
    ) -> None:
        self._problem, self._nouns, self._outputs = problem, nouns, outputs
        self._makes = makes  # whether rules may use what other rules create

    @property
    def nouns(self) -> Nouns:
        """What is declared."""
        return self._nouns

    def rules(self) -> Iterator[str]:
        """The rules below `side`, `loops` and `condition`."""
        nouns = self._nouns
        given, decided = list(self._refs(nouns.given)), list(self._refs(nouns.decided))
        numbers = dict.fromkeys([*told_numbers(self._problem), *_FACTORS])
        axes = list(nouns.axes.values())
        sets = dict.fromkeys(axis.set for axis in axes)
        yield 'side ::= "-"? term ((" + " | " - ") term){0,11}'
        yield 'term ::= factor (("*" | "/") factor){0,4}'
        factors = ["number", "decided", '"(" side ")"', *(["given"] * bool(given))]
        factors += ["made"] * self._makes
        if axes:
            factors += ["axis", "fold", '"ord(" axis ")"', '"len(" set ")"']
            yield f"axis ::= {either(axis.name for axis in axes)}"
            yield f"set ::= {either(sets)}"
        yield f"factor ::= {' | '.join(factors)}"
        yield f"number ::= {either(numbers)}"
        if given:
            yield f"given ::= {' | '.join(given)}"
        yield f"decided ::= {' | '.join([*decided, *(_output(name) for name in self._outputs)])}"
        if axes:
            loops = [f'" for {axis.name} in {axis.set}"' for axis in axes]
            yield 'fold ::= "sum(" side loop{1,3} condition? ")"'
            yield f"loop ::= {' | '.join(loops)}"
            yield "loops ::= loop{1,3}"
            yield 'condition ::= " if " test ((" and " | " or ") test){0,2}'
            tests = [test for axis in axes for test in self._tests(axis)]
            yield f"test ::= {' | '.join([*tests, _SIDES])}"
        else:
            yield 'loops ::= ""'
            yield 'condition ::= ""'
        for axis in axes:
            yield f"{_key(axis)} ::= {' | '.join(self._keys(axis))}"

    def _refs(self, held: dict[str, tuple[str, ...]]) -> Iterator[str]:
        for name, over in held.items():
            keys = ' ", " '.join(_key(self._nouns.axes[axis]) for axis in over)
            yield f'"{name}[" {keys} "]"' if over else f'"{name}"'

    def _keys(self, axis: Axis) -> Iterator[str]:
        yield f'"{axis.name}"'
        if axis.ordered:
            yield f'"{axis.name}-1"'
            yield f'"{axis.name}+1"'
            yield f'"first({axis.set})"'
            yield f'"last({axis.set})"'
        yield from self._labels(axis)
        alike = (one for one in self._nouns.axes.values() if one is not axis)
        for other in alike:
            if set(other.members) & set(axis.members):
                yield f'"{other.name}"'

    def _tests(self, axis: Axis) -> Iterator[str]:
        labels = list(self._labels(axis))
        if axis.ordered:
            ends = [f'"first({axis.set})"', f'"last({axis.set})"']
            ops = '(" == " | " != " | " > " | " < " | " >= " | " <= ")'
            yield f'"{axis.name}" {ops} ({" | ".join([*ends, *labels])})'
        elif labels:
            yield f'"{axis.name}" (" == " | " != ") ({" | ".join(labels)})'

    @staticmethod
    def _labels(axis: Axis) -> Iterator[str]:
        for member in axis.members[:_LABELS]:
            text = json.dumps(str(member), ensure_ascii=False)
            label = str(member) if isinstance(member, int) else text
            yield json.dumps(label, ensure_ascii=False)


def made_keys(nouns: Nouns) -> list[str]:
    """The rule for keys of what archetypes create."""
    names = either(nouns.axes)
    return [f'key ::= "[" ({names}) (", " ({names}))? "]"'] if nouns.axes else ['key ::= "[]"']


def _output(name: str) -> str:
    return f'"{name}" ("[" [a-z_]{{1,20}} "]")?'


def _key(axis: Axis) -> str:
    return f"key-{axis.name.replace('_', '-')}"


def either(words: Iterable[str]) -> str:
    """One of some words."""
    return " | ".join(f'"{word}"' for word in words)


def call(card: Card, algebra: Algebra) -> str:
    """The archetype with its roles, required ones first; each optional role may be left out."""
    required = [role for role in card.roles if role.required]
    optional = [role for role in card.roles if not role.required]
    parts = [f'"{card.id}("']
    for place, role in enumerate(required):
        parts.append(f'"{", " * bool(place)}{role.name}=" {_fill(role, algebra)}')
    for role in optional:
        parts.append(f'(", {role.name}=" {_fill(role, algebra)})?')
    known = {role.name for role in card.roles}
    for output in card.outputs:
        if output.name not in known:
            parts.append(f'(", {output.name}=" [a-z] [a-z_]{{1,24}})?')
    return " ".join([*parts, '")"'])


def _fill(role: Role, algebra: Algebra) -> str:
    """What may stand in a role."""
    nouns = algebra.nouns
    match role.kind:
        case "set":
            sets = [axis.set for axis in nouns.axes.values()]
            label = "[A-Za-z0-9] [A-Za-z0-9 &'./-]{0,30}"
            listed = f'"[\\"" {label} "\\"" (", \\"" {label} "\\""){{0,9}} "]"'
            return f"({' | '.join([*(json.dumps(name) for name in sets), listed])})"
        case "word":
            return f"({either(role.words)})"
        case "relation":
            relation = f"side (({OPS}) side){'?' * role.yes_no}"
            return f'({relation} (" and " {relation}){{0,2}})'
        case "list":
            looped = '"[" side loops condition? "]" | ' if nouns.axes else ""
            return f'({looped}"[" side (", " side){{0,9}} "]")'
        case "indexed":
            held = {**nouns.decided, **nouns.given}
            names = [name for name, over in held.items() if len(over) == role.keys]
            looped = '"[" side loops condition? "]"'
            return f"({' | '.join([*map(json.dumps, names), looped, 'side'])})"
        case _:
            return "side"
