"""Rules and objectives as MathML, from the same LaTeX that answers show.

Browsers break no line within a formula, so a long one is several short ones, each beginning with
the sign that joins it to the one before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from latex2mathml.converter import convert

from r2c.cir.latex import latex, latex_binder, latex_objective
from r2c.cir.schema import CIR, Rule
from r2c.problem.schema import Span

_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|.", re.DOTALL)
_JOINING = {"+", "-", "=", r"\le", r"\ge", r"\ne", r"\lt", r"\gt", r"\land", r"\lor"}
_JOINING |= {r"\Rightarrow", r"\cdot", ","}
_OPEN, _CLOSED = {"{", "(", "[", r"\{", r"\begin", r"\left"}, {"}", ")", "]", r"\}", r"\end"}


@dataclass(frozen=True)
class Equation:
    """What is stated, by which archetype, in which words, and each role as mathematics."""

    id: str
    archetype: str
    quote: str
    span: Span | None
    loops: str
    roles: Sequence[tuple[str, str]]


def equations(cir: CIR) -> list[Equation]:
    """One for each rule, then one for each objective."""
    goals = [
        Equation("objective", "", goal.quote, goal.span, "", [("", _maths(latex_objective(goal)))])
        for goal in cir.objectives
    ]
    return [*map(_equation, cir.rules), *goals]


def _equation(rule: Rule) -> Equation:
    loops = "" if rule.forall is None else _maths(latex_binder(rule.forall))
    roles = [(role, _maths(latex(expr))) for role, expr in rule.operands.items()]
    return Equation(rule.id, rule.archetype, rule.quote, rule.span, loops, roles)


def _maths(text: str) -> str:
    """The formula in parts between which a line may end."""
    return " ".join(convert(part) for part in parts(text))


def parts(text: str) -> list[str]:
    """LaTeX cut before every sign that joins two outermost terms, and behind the sign of a sum.

    The parts come to the text again, but for `{}` at the beginning of a part, which tells that its
    sign stands between two terms.
    """
    found = [""]
    for cut, token in _tokens(text):
        if cut and token == ",":  # a comma stays at the end of what it follows
            found[-1] += token
            found.append("")
            continue
        if cut and found[-1].strip():
            found.append("{} " if token in _JOINING else "")
        found[-1] += token
    return [part for part in found if part.strip()]


def _tokens(text: str) -> Iterator[tuple[bool, str]]:
    """The tokens, each with whether a part may begin at it: never within brackets."""
    depth = 0
    between = False
    summed: Literal["no", "over", "done"] = "no"
    for match in _TOKEN.finditer(text):
        token = match[0]
        depth -= token in _CLOSED
        cut = depth == 0 and token in _JOINING and between
        if depth == 0 and token.strip():
            if token == r"\sum":
                summed = "over"
            elif summed == "over" and token == "}":
                summed = "done"
            elif summed == "done":
                cut, summed = True, "no"
        depth += token in _OPEN and token != r"\left"
        yield cut, token
        if token.strip():
            # A sign at the beginning or behind another one belongs to its term.
            between = token not in _JOINING and token not in (r"\quad", r"\max", r"\min")
