"""The forms of the answers: declarations, rules over the declared names, the objective.

A grammar for rules admits declared names with keys of their sets, numbers that the problem tells,
and the archetypes that its sentences read like. What it cannot say (that keys are bound, that an
archetype fits) is checked afterwards, line by line.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

from r2c.agents.form import form
from r2c.agents.formal import read_formals
from r2c.agents.goal import Goal, read_goal
from r2c.agents.roster import Choice
from r2c.agents.statements import Statement
from r2c.agents.written.grammar import OPS, Algebra, call, either, made_keys
from r2c.agents.written.nouns import AGAIN, Axis, Nouns, numbers_told, read_nouns
from r2c.archetypes.card import Card
from r2c.llm.spec import OutputSpec
from r2c.problem.schema import Problem

_FEW_SETS = 8
"""Sets of which any three may stand in the keys of a decision."""
_MOST_LISTED = 40
"""Members of a set for which a text may list numbers."""


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
    told = numbers_told(left)
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
    over = f'("[" ({either(keys)}) "]")?' if keys else ""
    given = bool(series) and len(told) > 1
    numbers = f"""given ::= {" | ".join(series)}
number ::= {either(told)}
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
    algebra = Algebra(problem, nouns, makes=makes)
    calls = [call(card, algebra) for card in cards]
    numbers = " | ".join(f'"{one}"' for one in sentences)
    ranges = f'("-" ({numbers}))?' if len(sentences) > 1 else ""
    body = " | ".join(["relation", *(f"call{place}" for place in range(len(calls)))])
    lines = [
        'root ::= "none" | line ("\\n" line){0,29}',
        f'line ::= ({numbers}) {ranges} ": " ({body}) loops? condition?',
        f"relation ::= side ({OPS}) side (({OPS}) side)?",
        *(f"call{place} ::= {text}" for place, text in enumerate(calls)),
        *(["made ::= [a-z] [a-z_]{1,24} key?", *made_keys(nouns)] if makes else []),
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
    algebra = Algebra(problem, nouns, outputs)
    lines = ['root ::= ("maximize " | "minimize ") side', *algebra.rules()]
    return form(
        "objective",
        "\n".join(lines) + "\n",
        "Answer with one line `maximize ...` or `minimize ...` over the names above.",
        read_goal,
    )
