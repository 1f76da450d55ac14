"""With which sign a rule states the number that its row ends at.

The rule `stock == made - demand` is the row `stock - made == -demand`. What one more unit is worth
must be told of the demand, not of its negative.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from math import prod

from r2c.cir.expr import Add, Compare, Div, Expr, Fold, Item, Mul, Name, Neg, Num, symbols
from r2c.cir.scope import decided
from r2c.formulation import DataSign
from r2c.model.plain import PlainModel


class DataSigns:
    """The signs of all rows of a model."""

    def __init__(self, plain: PlainModel) -> None:
        self._rows = {row.name: row.relation for row in plain.rows}
        self._definitions = {item.name: item.expr for item in plain.cir.definitions}
        self._chosen = decided(plain.cir) | {item.name for item in plain.variables}
        self._found: dict[tuple[str, int], DataSign] = {}

    def of(self, row: str, part: int) -> DataSign:
        """The sign of a part of a plain row: see `RowReport.data_sign`."""
        place = (row, part)
        if place not in self._found:
            self._found[place] = data_sign(self._rows[row], part, self._chosen, self._definitions)
        return self._found[place]


def data_sign(
    relation: Compare, part: int, chosen: Collection[str], definitions: Mapping[str, Expr]
) -> DataSign:
    """1 if a relation states its number as its row does, -1 if with the other sign, 0 if neither.

    Args:
        relation: The relation, which may be a chain.
        part: Which link of the chain.
        chosen: The symbols whose value depends on decisions.
        definitions: What defined symbols stand for.
    """
    ops, args = relation.ops, relation.args
    terms = _Terms(frozenset(chosen), definitions)
    if len(ops) == 2 and ops[0] == ops[1] != "==" and terms.known(args[0], args[2]):
        return 1  # a range states both its ends
    left, right = args[part : part + 2]
    mirrored = terms.known(left)
    if mirrored:  # a row has its decisions on the left
        left, right = right, left
    moved = {*terms.signs(left, -1)}
    if terms.known(right) and right != Num(0.0):
        return 0 if moved and not mirrored else 1
    signs = moved | {*terms.signs(right, 1)}
    if not signs:
        return 1 if terms.known(right) else 0
    if len(signs) == 1:
        return 1 if signs == {1} else -1
    # Of several numbers none is the one; which side of the rule moves can be said, unless the row
    # has its sides changed.
    return -1 if mirrored else 0


class _Terms:
    """The known terms of sums, told from those that depend on decisions."""

    def __init__(self, chosen: frozenset[str], definitions: Mapping[str, Expr]) -> None:
        self._chosen = chosen
        self._definitions = definitions

    def known(self, *exprs: Expr) -> bool:
        """Whether no expression depends on a decision."""
        return not any(symbols(expr) & self._chosen for expr in exprs)

    def signs(self, expr: Expr, sign: int) -> Iterator[int]:
        """The sign of every known term of an expression that is added with `sign`."""
        match expr:
            case Add(terms):
                for term in terms:
                    yield from self.signs(term, sign)
            case Neg(term):
                yield from self.signs(term, -sign)
            case Num():
                yield from self._product((expr,), sign)
            case Mul(factors):
                yield from self._product(factors, sign)
            case Div(top, bottom):
                yield from self._product((top, bottom), sign)
            case _ if self.known(expr):
                yield sign
            case Fold("sum", body, _):
                yield from self.signs(body, sign)
            case Name(name) | Item(name, _) if name in self._definitions:
                yield from self.signs(self._definitions[name], sign)

    def _product(self, factors: tuple[Expr, ...], sign: int) -> Iterator[int]:
        """Factors that are no written numbers are taken to be positive, as amounts are."""
        size = prod(factor.value for factor in factors if isinstance(factor, Num))
        sign = sign if size >= 0 else -sign
        open_ = [factor for factor in factors if not self.known(factor)]
        if size and not open_:
            yield sign
        elif size and len(open_) == 1:
            yield from self.signs(open_[0], sign)
