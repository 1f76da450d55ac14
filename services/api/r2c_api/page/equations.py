r"""The equations of a rule, as LaTeX for KaTeX and as plain text where no script runs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from r2c.cir.expr import Binder, Compare, Expr
from r2c.cir.latex import latex, latex_binder, latex_relation
from r2c.telling.equation import domain, equation, unrolled

MOST_ROWS = 6
_LONGEST = 20_000
"""Characters of LaTeX that a browser is asked to set at once."""


@dataclass(frozen=True)
class ShownEquation:
    """One equation and for whom it holds; `latex` is empty where it is too long to be set."""

    latex: str
    plain: str
    members: str = ""
    members_plain: str = ""


def shown_equations(rows: Sequence[tuple[Expr, Binder | None]]) -> list[ShownEquation]:
    """The first equations of a rule."""
    return [_shown(expr, binder) for expr, binder in rows[:MOST_ROWS]]


def _shown(expr: Expr, binder: Binder | None) -> ShownEquation:
    expr, binder = unrolled(expr, binder)
    set_ = _apart(latex_relation(expr) if isinstance(expr, Compare) else latex(expr))
    members = "" if binder is None else rf"\forall\, {latex_binder(binder)}"
    whole = str(equation(expr))
    if len(set_) + len(members) > _LONGEST:
        cut = whole[:_LONGEST] + (" …" if len(whole) > _LONGEST else "")
        return ShownEquation("", cut, "", "" if binder is None else f"∀ {domain(binder)}"[:2000])
    return ShownEquation(set_, whole, members, "" if binder is None else f"∀ {domain(binder)}")


def _apart(set_: str) -> str:
    r"""A little room between a number and the name behind it: `4\,loaves`."""
    return re.sub(r"(?<=\d) (?=\{?\\mathit)", r"\\, ", set_)
