"""Expressions as MathML for a browser, from the same LaTeX that answers show."""

from __future__ import annotations

import re

from latex2mathml.converter import convert
from markupsafe import Markup

from r2c.cir.expr import Binder, Each, Expr
from r2c.cir.latex import latex, latex_binder, latex_objective
from r2c.cir.schema import Objective

_LETTERS = re.compile(r"<mrow>((?:<m[io][^>]*>[^<]*</m[io]>)+)</mrow>")
_ONE = re.compile(r'<mi mathvariant="italic">([^<]*)</mi>|<mo>&#x0005F;</mo>|<mi>_</mi>')


def maths(expr: Expr) -> Markup:
    """An expression as MathML."""
    return _mathml(latex(expr))


def relation(expr: Expr) -> Markup:
    """A relation, and for whom it holds."""
    if not isinstance(expr, Each):
        return Markup('<div class="eq">{}</div>').format(maths(expr))
    told = Markup('<div class="eq">{}<span class="loops">{}</span></div>')
    return told.format(maths(expr.body), loops(expr.binder))


def loops(binder: Binder) -> Markup:
    """The loops as `for all`."""
    return _mathml(rf"\forall {latex_binder(binder)}")


def goal(objective: Objective) -> Markup:
    """An objective with its sense."""
    return _mathml(latex_objective(objective))


def _mathml(text: str) -> Markup:
    # The converter leaves the escapes of LaTeX in plain words.
    found = re.sub(r"(?<=<mtext>).*?(?=</mtext>)", _unescaped, convert(text))
    return Markup(_LETTERS.sub(_name, found))


def _unescaped(match: re.Match[str]) -> str:
    return re.sub(r"\\([{}$%&#_])", r"\1", match[0])


def _name(match: re.Match[str]) -> str:
    """Letters of one name as one identifier, so that it is not set as a product of letters."""
    parts = _ONE.findall(match[1])
    if _ONE.sub("", match[1]):
        return match[0]
    return f'<mi class="name">{"".join(part or "_" for part in parts)}</mi>'
