"""Signs, sums and products put together without brackets that mean nothing."""

from __future__ import annotations

from r2c.cir.expr import Add, Expr, Mul, Neg, Num


def negate(expr: Expr) -> Expr:
    """Minus the expression, without a double minus and with the sign inside numbers."""
    match expr:
        case Num(value):
            return Num(-value) if value else Num(0.0)
        case Neg(term):
            return term
        case _:
            return Neg(expr)


def joined(kind: type[Add] | type[Mul], left: Expr, right: Expr) -> Add | Mul:
    """A sum or product with one more part at its end; a sum in a sum is one sum."""
    if kind is Add:
        return Add((*(left.terms if isinstance(left, Add) else (left,)), right))
    return Mul((*(left.factors if isinstance(left, Mul) else (left,)), right))
