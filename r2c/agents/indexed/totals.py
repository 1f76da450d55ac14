"""Amounts of a statement spelled out: what the rule does not fix is added up.

In `for each plant: cost*ship <= budget`, with `ship` over plants and shops, `cost*ship` stands for
`sum(cost[plant, shop]*ship[plant, shop] for shop in Shops)`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from r2c.agents.indexed.data import Data
from r2c.cir.expr import Add, Expr, Mul, Name, Neg, Num, symbols
from r2c.cir.write import number
from r2c.errors import CIRError, declare

NOT_AN_AMOUNT = declare(
    "R2C-G012",
    CIRError,
    what="{expr!r} is not a sum of products of named amounts.",
    why="Only such sums can be added up over the sets that a rule leaves open.",
    remedy="Write products of parameters and at most one decision, with plus or minus between.",
)


@dataclass(frozen=True)
class Totals:
    """Spells amounts out.

    `axes` holds the axes of every parameter and decision, by name; `spelled_out` names that stand
    for an expression of their own.
    """

    data: Data
    axes: Mapping[str, tuple[str, ...]]
    spelled_out: Mapping[str, str] = field(default_factory=dict)

    def spelled(self, expr: Expr, each: Sequence[str]) -> str:
        """The expression in the algebra of the CIR, for the loop variables in `each`.

        Raises:
            CIRError: R2C-G012 if it is no sum of products.
        """
        match expr:
            case Add(terms):
                return " + ".join(self.spelled(term, each) for term in terms)
            case Neg(term):
                return f"-1*({self.spelled(term, each)})"
            case Num(value):
                return number(value)
            case Name(name) if name in self.spelled_out:
                return self.spelled_out[name]
            case Name() | Mul():
                return self._summed(expr, each)
            case _:
                raise NOT_AN_AMOUNT(expr=str(expr))

    def _summed(self, expr: Name | Mul, each: Sequence[str]) -> str:
        factors = expr.factors if isinstance(expr, Mul) else (expr,)
        term = "*".join(map(self._factor, factors))
        open_axes = [axis for axis in self.axes_of(expr) if axis not in each]
        if not open_axes:
            return term
        return f"sum({term} {self.loops(self.axes_of(expr), each)})"

    def axes_of(self, expr: Expr) -> tuple[str, ...]:
        """All axes of the names in an expression, those of the widest first."""
        held = sorted((self.axes.get(name, ()) for name in symbols(expr)), key=len, reverse=True)
        return tuple(dict.fromkeys(axis for axes in held for axis in axes))

    def loops(self, axes: Sequence[str], each: Sequence[str] = ()) -> str:
        """The loops over those of the axes that are not in `each`, as the algebra writes them."""
        space = next((one for one in self.data.spaces if set(one.axes) == set(axes)), None)
        if space is None or not space.sparse:
            free = [axis for axis in axes if axis not in each]
            return " ".join(f"for {axis} in {self.data.axes[axis].set}" for axis in free)
        # Only some pairs exist: the loop runs over those that share the fixed member.
        names = [f"{axis}_" if axis in each else axis for axis in space.axes]
        fixed = [f"{axis}_ == {axis}" for axis in space.axes if axis in each]
        condition = f" if {' and '.join(fixed)}" if fixed else ""
        return f"for ({', '.join(names)}) in {space.over[0]}{condition}"

    def _factor(self, factor: Expr) -> str:
        match factor:
            case Num(value):
                return number(value)
            case Name(name):
                axes = self.axes.get(name, ())
                return f"{name}[{', '.join(axes)}]" if axes else name
            case _:
                raise NOT_AN_AMOUNT(expr=str(factor))
