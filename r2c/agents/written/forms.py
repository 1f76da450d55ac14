"""The forms of the answers: declarations, rules over the declared names, the objective.

A grammar for rules admits declared names with keys of their sets, numbers that the problem tells,
and the archetypes that its sentences read like. What it cannot say (that keys are bound, that an
archetype fits) is checked afterwards, line by line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations

from r2c.agents.form import form
from r2c.agents.formal import read_formals
from r2c.agents.goal import Goal, read_goal
from r2c.agents.roster import Choice
from r2c.agents.statements import Statement
from r2c.agents.written.nouns import AGAIN, Axis, Nouns, numbers_told, read_nouns
from r2c.archetypes.card import Card, Role
from r2c.llm.spec import OutputSpec
from r2c.problem.schema import Problem

_LABELS = 12
"""Members of a set that a grammar lists one by one."""
_MOST_NUMBERS = 150
_FEW_SETS = 8
"""Sets of which any three may stand in the keys of a decision."""
_MOST_LISTED = 40
"""Members of a set for which a text may list numbers."""
_OPS = '" <= " | " >= " | " == "'
_SIDES = 'side (" == " | " != " | " < " | " <= " | " > " | " >= ") side'
_FACTORS = ("0", "1", "7", "12", "24", "60", "100", "1000", "1000000")
"""Numbers that no text needs to tell: between units, and of members."""


def sets_form(nouns: Nouns) -> OutputSpec[tuple[Choice, ...]]:
    """Lines that declare sets, or `none`."""
    grammar = """root ::= "none" | set ("\\n" set){0,5}
set ::= name " in " [A-Z] [A-Za-z]{1,24} ": " label (", " label){1,39}
label ::= [A-Za-z0-9] [A-Za-z0-9 &'./-]{0,30}
name ::= [a-z] [a-z_]{1,24}
"""
    return form(
        "sets",
        grammar,
        "Answer with one set a line, `name in Names: member, member`; or `none`.",
        lambda text: read_nouns(text, nouns.data, nouns.roster, decided=False),
    )


def nouns_form(nouns: Nouns, left: Sequence[float]) -> OutputSpec[tuple[Choice, ...]]:
    """Lines that declare decisions, and numbers for each member of a set where a text lists them.

    A single number needs no name: rules may write it as it is told.

    Args:
        nouns: what is declared.
        left: the numbers that are told and not declared.
    """
    told = numbers_told(left)[:_MOST_NUMBERS]
    axes = [
        axis
        for axis in nouns.axes.values()
        if 1 < len(axis.members) <= _MOST_LISTED and not axis.name.startswith(AGAIN)
    ]
    series = [f'name "[{axis.name}] = " {_row(axis)}' for axis in axes]
    names = [name for name in nouns.axes if not name.startswith(AGAIN)]
    sizes = (1, 2, 3) if len(names) <= _FEW_SETS else (1, 2)
    keys = [", ".join(part) for size in sizes for part in permutations(names, size)]
    keys += [f"{name}, {AGAIN}{name}" for name in names]
    over = f'("[" ({_either(keys)}) "]")?' if keys else ""
    given = bool(series) and len(told) > 1
    numbers = f"""given ::= {" | ".join(series)}
number ::= {_either(told)}
"""
    listed = ' ("\\n" given){0,12}' if given else ""
    grammar = f"""root ::= decision ("\\n" decision){{0,9}}{listed}
decision ::= name {over} domain? most? ": " [A-Za-z0-9] [A-Za-z0-9 ,'()%$/-]{{2,80}}
most ::= " <= " [0-9]{{1,9}} ("/" [0-9]{{1,7}})?
domain ::= " binary" | " integer" | " continuous"
name ::= [a-z] [a-z_]{{1,24}}
{numbers * given}"""
    return form(
        "nouns",
        grammar,
        "Answer with one declaration a line: `buy[name]: meaning` for a decision, then "
        "`price[name] = 1, 2` for numbers, one for each member (rows of a matrix between "
        "semicolons). Nothing else.",
        lambda text: read_nouns(text, nouns.data, nouns.roster),
    )


def _row(axis: Axis) -> str:
    more = len(axis.members) - 1
    return f'number (", " number){{{more},{more}}}' if more else "number"


def rules_form(
    problem: Problem, nouns: Nouns, cards: Sequence[Card], sentences: Sequence[int]
) -> OutputSpec[tuple[Statement, ...]]:
    """Rules, each with the number of the sentence that states it, or `none`.

    Args:
        problem: the problem.
        nouns: what is declared.
        cards: the archetypes that may be named.
        sentences: the sentences that may state a rule.
    """
    makes = any(card.outputs for card in cards)
    algebra = _Algebra(problem, nouns, makes=makes)
    calls = [_call(card, algebra) for card in cards]
    numbers = " | ".join(f'"{one}"' for one in sentences)
    ranges = f'("-" ({numbers}))?' if len(sentences) > 1 else ""
    body = " | ".join(["relation", *(f"call{place}" for place in range(len(calls)))])
    lines = [
        'root ::= "none" | line ("\\n" line){0,29}',
        f'line ::= ({numbers}) {ranges} ": " ({body}) loops? condition?',
        f"relation ::= side ({_OPS}) side (({_OPS}) side)?",
        *(f"call{place} ::= {text}" for place, text in enumerate(calls)),
        *(["made ::= [a-z] [a-z_]{1,24} key?", *_made_keys(nouns)] if makes else []),
        *algebra.rules(),
    ]
    return form(
        "rules",
        "\n".join(lines) + "\n",
        "Answer with one rule a line, each after the number of its sentence: `7: relation` or "
        "`7: archetype(role=expression, ...)`, then loops such as `for day in Days if day > 1` if "
        "needed. `none` if there is no rule.",
        read_formals,
    )


def goal_form(problem: Problem, nouns: Nouns, outputs: Sequence[str]) -> OutputSpec[Goal]:
    """One line `maximize terms` or `minimize terms`.

    Args:
        problem: the problem.
        nouns: what is declared.
        outputs: names that rules give to what their archetypes create.
    """
    algebra = _Algebra(problem, nouns, outputs)
    lines = ['root ::= ("maximize " | "minimize ") side', *algebra.rules()]
    return form(
        "objective",
        "\n".join(lines) + "\n",
        "Answer with one line `maximize ...` or `minimize ...` over the names above.",
        read_goal,
    )


def _told(problem: Problem) -> list[str]:
    values = dict.fromkeys(item.value for item in problem.quantities)
    return numbers_told(list(values))[:_MOST_NUMBERS]


class _Algebra:
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
        numbers = dict.fromkeys([*_told(self._problem), *_FACTORS])
        axes = list(nouns.axes.values())
        sets = dict.fromkeys(axis.set for axis in axes)
        yield 'side ::= "-"? term ((" + " | " - ") term){0,11}'
        yield 'term ::= factor (("*" | "/") factor){0,4}'
        factors = ["number", "decided", '"(" side ")"', *(["given"] * bool(given))]
        factors += ["made"] * self._makes
        if axes:
            factors += ["axis", "fold", '"ord(" axis ")"', '"len(" set ")"']
            yield f"axis ::= {_either(axis.name for axis in axes)}"
            yield f"set ::= {_either(sets)}"
        yield f"factor ::= {' | '.join(factors)}"
        yield f"number ::= {_either(numbers)}"
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


def _made_keys(nouns: Nouns) -> list[str]:
    names = _either(nouns.axes)
    return [f'key ::= "[" ({names}) (", " ({names}))? "]"'] if nouns.axes else ['key ::= "[]"']


def _output(name: str) -> str:
    return f'"{name}" ("[" [a-z_]{{1,20}} "]")?'


def _key(axis: Axis) -> str:
    return f"key-{axis.name.replace('_', '-')}"


def _either(words: Iterable[str]) -> str:
    return " | ".join(f'"{word}"' for word in words)


def _call(card: Card, algebra: _Algebra) -> str:
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


def _fill(role: Role, algebra: _Algebra) -> str:
    """What may stand in a role."""
    nouns = algebra.nouns
    match role.kind:
        case "set":
            sets = [axis.set for axis in nouns.axes.values()]
            label = "[A-Za-z0-9] [A-Za-z0-9 &'./-]{0,30}"
            listed = f'"[\\"" {label} "\\"" (", \\"" {label} "\\""){{0,9}} "]"'
            return f"({' | '.join([*(json.dumps(name) for name in sets), listed])})"
        case "word":
            return f"({_either(role.words)})"
        case "relation":
            relation = f"side (({_OPS}) side){'?' * role.yes_no}"
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
