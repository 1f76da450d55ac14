"""Expressions as mathematics that a planner reads: `3·chairs + 2·tables ≤ 40`, sums with ∑."""

from __future__ import annotations

from dataclasses import dataclass

from r2c.cir.expr import (
    Add,
    And,
    Binder,
    Call,
    Compare,
    CompareOp,
    Div,
    Each,
    Expr,
    Fold,
    Item,
    Mul,
    Name,
    Neg,
    Not,
    Num,
    Or,
    Pow,
    Seq,
    Text,
)
from r2c.cir.write import number

SIGNS: dict[CompareOp, str] = {
    "<=": "≤", ">=": "≥", "==": "=", "<": "<", ">": ">", "!=": "≠", "in": "∈", "not in": "∉",
}  # fmt: skip
MINUS = "−"
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# Binding strength, weakest first.
_OR, _AND, _NOT, _COMPARE, _ADD, _FOLD, _MUL, _NEG, _POW, _ATOM = range(10)


@dataclass(frozen=True)
class Equation:
    """A relation in parts that can be aligned below each other; `sign` is empty for a term."""

    left: str
    sign: str = ""
    right: str = ""
    quantifier: str = ""

    def __str__(self) -> str:
        body = f"{self.left} {self.sign} {self.right}" if self.sign else self.left
        return f"{body}   {self.quantifier}" if self.quantifier else body


def equation(expr: Expr, binder: Binder | None = None) -> Equation:
    """A relation, or any other expression, with its loops as a quantifier."""
    expr, binder = unrolled(expr, binder)
    quantifier = "" if binder is None else f"∀ {domain(binder)}"
    if not isinstance(expr, Compare):
        return Equation(maths(expr), quantifier=quantifier)
    texts = [_at_least(arg, _ADD) for arg in expr.args]
    signs = [SIGNS[op] for op in expr.ops]
    left = texts[0] + "".join(
        f" {sign} {text}" for sign, text in zip(signs[:-1], texts[1:-1], strict=True)
    )
    return Equation(left, signs[-1], texts[-1], quantifier)


def unrolled(expr: Expr, binder: Binder | None) -> tuple[Expr, Binder | None]:
    """What is said of each member, and all the loops over members in one."""
    while isinstance(expr, Each):
        loops = expr.binder.loops if binder is None else (*binder.loops, *expr.binder.loops)
        wheres = [b.where for b in (binder, expr.binder) if b is not None and b.where is not None]
        where = None if not wheres else wheres[0] if len(wheres) == 1 else And(tuple(wheres))
        expr, binder = expr.body, Binder(loops, where)
    return expr, binder


def maths(expr: Expr) -> str:
    """The expression in Unicode mathematics with as few brackets as can be."""
    return _write(expr)[0]


def domain(binder: Binder) -> str:
    """The loops as `i ∈ Plants, t ∈ Months: t > 1`."""
    parts = []
    for loop in binder.loops:
        names = ",".join(loop.targets)
        targets = names if len(loop.targets) == 1 else f"({names})"
        parts.append(f"{targets} ∈ {maths(loop.domain)}")
    told = ", ".join(parts)
    return told if binder.where is None else f"{told}: {maths(binder.where)}"


def figure(value: float) -> str:
    """A number with a minus sign that is one."""
    return number(value).replace("-", MINUS)


def _at_least(expr: Expr, strength: int) -> str:
    text, own = _write(expr)
    return text if own >= strength else f"({text})"


def _listed(items: tuple[Expr, ...]) -> str:
    return ", ".join(maths(item) for item in items)


def _write(expr: Expr) -> tuple[str, int]:  # noqa: C901, PLR0911, PLR0912 - one case per node type
    match expr:
        case Num(value):
            return figure(value), _ATOM if value >= 0 else _NEG
        case Text(value):
            return f'"{value}"', _ATOM
        case Name(name):
            return name, _ATOM
        case Item(base, keys):
            return f"{base}[{','.join(_key(key) for key in keys)}]", _ATOM
        case Call("abs", (inner,)):
            return f"|{maths(inner)}|", _ATOM
        case Call("len", (inner,)):
            return f"|{maths(inner)}|", _ATOM
        case Call(function, args):
            return f"{function}({_listed(args)})", _ATOM
        case Fold(op, body, binder):
            sign = "∑" if op == "sum" else op
            over = domain(binder).replace(" ∈ ", "∈")
            return f"{sign}_{{{over}}} {_at_least(body, _FOLD)}", _FOLD
        case Each(body, binder):
            return f"({maths(body)} | {domain(binder)})", _ATOM
        case Seq(items):
            return f"({_listed(items)})", _ATOM
        case Add(terms):
            return _sum(terms), _ADD
        case Neg(term):
            return f"{MINUS}{_at_least(term, _FOLD)}", _NEG
        case Mul(factors):
            return _product(factors)
        case Div(top, bottom):
            return f"{_at_least(top, _MUL)}/{_at_least(bottom, _POW)}", _MUL
        case Pow(base, Num(value)) if value in range(10):
            return f"{_at_least(base, _ATOM)}{str(int(value)).translate(_RAISED)}", _POW
        case Pow(base, exponent):
            return f"{_at_least(base, _ATOM)}^{_at_least(exponent, _ATOM)}", _POW
        case Compare():
            shown = equation(expr)
            return f"{shown.left} {shown.sign} {shown.right}", _COMPARE
        case Not(arg):
            return f"¬{_at_least(arg, _ATOM)}", _NOT
        case And(args):
            return " ∧ ".join(_at_least(arg, _NOT) for arg in args), _AND
        case Or(args):
            return " ∨ ".join(_at_least(arg, _AND) for arg in args), _OR


def _key(key: Expr) -> str:
    match key:
        case Text(value) if not set(value) & set(',[]"'):
            return value
        case Add():
            return maths(key).replace(" ", "")
    return maths(key)


def _product(factors: tuple[Expr, ...]) -> tuple[str, int]:
    shown = factors[1:] if factors[0] == Num(1.0) and len(factors) > 1 else factors
    if len(shown) == 1:
        return _write(shown[0])
    # Only the last factor may reach to the right without brackets, as a sum sign does.
    texts = [_at_least(item, _POW) for item in shown[:-1]]
    last = shown[-1]
    texts.append(_at_least(last, _FOLD if isinstance(last, Fold) else _POW))
    return "·".join(texts), _FOLD if isinstance(last, Fold) else _MUL


def _sum(terms: tuple[Expr, ...]) -> str:
    text = _at_least(terms[0], _FOLD)
    for term in terms[1:]:
        match term:
            case Neg(inner):
                text += f" {MINUS} {_at_least(inner, _FOLD)}"
            case Num(value) if value < 0:
                text += f" {MINUS} {figure(-value)}"
            case Mul((Num(value), *rest)) if value < 0:
                text += f" {MINUS} {_product((Num(-value), *rest))[0]}"
            case _:
                text += f" + {_at_least(term, _FOLD)}"
    return text
