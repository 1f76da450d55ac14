"""Units through expressions: what is added or compared must be of one kind.

Silent where a unit is not known: a number written in an expression has none, so `3*chairs` says
nothing. Evidence, not part of `check`: units are words of people and may be loose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from r2c.cir.expr import (
    Add,
    Call,
    Compare,
    Div,
    Each,
    Expr,
    Fold,
    Item,
    Mul,
    Name,
    Neg,
    Num,
    Pow,
    Seq,
    children,
)
from r2c.cir.owners import Owner, owners
from r2c.cir.schema import CIR
from r2c.cir.unit_table import ONE, Unit, read_unit
from r2c.cir.write import shown
from r2c.errors import CIRError, Fault, declare

UNITS_DIFFER = declare(
    "R2C-C085", CIRError,
    what="{place} puts {left!r} in {left_unit} together with {right!r} in {right_unit}{quote}.",
    why="Amounts of different kinds cannot be added or compared.",
    remedy="Correct the expression, or the unit of one of the two.",
)  # fmt: skip
SCALES_DIFFER = declare(
    "R2C-C086", CIRError,
    what="{place} puts {left!r} in {left_unit} together with {right!r} in {right_unit}{quote}.",
    why="They are of one kind, but nothing converts the one unit into the other.",
    remedy="Multiply one of them by {factor}, or give both in the same unit.",
)  # fmt: skip


@dataclass(frozen=True)
class Mismatch:
    """Two sides of a sum or comparison whose units differ; `place` says where in the model."""

    place: str
    left: Expr
    left_unit: Unit
    right: Expr
    right_unit: Unit
    owner: Owner

    def fault(self) -> Fault:
        """The mismatch as a fault, with the factor that is missing if they are of one kind."""
        same_kind = self.left_unit.powers == self.right_unit.powers
        kind = SCALES_DIFFER if same_kind else UNITS_DIFFER
        values: dict[str, str] = {
            "place": self.place,
            "left": shown(self.left),
            "right": shown(self.right),
            "left_unit": str(self.left_unit),
            "right_unit": str(self.right_unit),
            "quote": f": {self.owner.quote!r}" if self.owner.quote else "",
        }
        if same_kind:
            values["factor"] = str(self.left_unit.scale / self.right_unit.scale)
        return kind.fault(**values)


def unit_faults(cir: CIR) -> tuple[Fault, ...]:
    """Sums, comparisons, bounds and definitions whose sides are in different units."""
    faults = (item.fault() for item in compare_units(cir)[0])
    return tuple({str(fault): fault for fault in faults}.values())


def compare_units(cir: CIR) -> tuple[tuple[Mismatch, ...], int]:
    """The same as records, and how many sums and comparisons had sides of known units."""
    units = declared_units(cir)
    found: list[Mismatch] = []
    compared = 0
    for owner in owners(cir):
        reader = _Reader(units, owner)
        own = units.get(owner.name) if owner.kind not in ("rule", "objective", "set") else None
        named = owner.name
        if owner.kind == "objective":
            named, own = (
                f"objective_{owner.name}",
                read_unit(cir.objectives[int(owner.name) - 1].unit),
            )
        for place in owner.places:
            reader.role = place.role
            unit = reader.unit(place.expr)
            # A number that stands alone has the unit of what it is given for.
            if own is not None and unit is not None and not isinstance(place.expr, Num):
                reader.compare([(Name(named), own), (place.expr, unit)])
        found.extend(reader.found)
        compared += reader.compared
    return tuple(found), compared


def declared_units(cir: CIR) -> dict[str, Unit]:
    """The units of the symbols that have one that can be read."""
    written = (
        *((item.name, item.unit) for item in cir.parameters),
        *((item.name, item.unit) for item in cir.definitions),
        *((item.name, item.unit) for item in cir.decisions),
    )
    units = {name: read_unit(text) for name, text in written}
    return {name: unit for name, unit in units.items() if unit is not None}


def unit_of(expr: Expr, cir: CIR) -> Unit | None:
    """The unit of an expression, None if it is not known."""
    nobody = Owner("rule", "", None, ())
    return _Reader(declared_units(cir), nobody).unit(expr)


class _Reader:
    def __init__(self, units: dict[str, Unit], owner: Owner) -> None:
        self._units = units
        self._owner = owner
        self.role = ""
        self.found: list[Mismatch] = []
        self.compared = 0

    def unit(self, expr: Expr) -> Unit | None:  # noqa: C901 - one case per node type
        match expr:
            case Num(value):
                return ONE if value in (1, -1) else None
            case Name(name) | Item(name, _):
                return self._units.get(name)
            case Add(items) | Compare(_, items) | Seq(items) | Call("min" | "max", items):
                return self._same(items)
            case Neg(item) | Call("abs", (item,)):
                return self.unit(item)
            case Mul(items):
                return _product([self.unit(item) for item in items])
            case Div(top, bottom):
                above, below = self.unit(top), self.unit(bottom)
                return None if above is None or below is None else above / below
            case Pow(base, Num(exponent)):
                unit = self.unit(base)
                small = exponent.is_integer() and abs(exponent) < 10
                return unit.power(int(exponent)) if unit is not None and small else None
            case Fold(_, body, binder) | Each(body, binder):
                if binder.where is not None:
                    self.unit(binder.where)
                return self.unit(body)
            case _:
                for child in children(expr):
                    self.unit(child)
                return None

    def compare(self, sides: Sequence[tuple[Expr, Unit]]) -> None:
        """Add a mismatch for the first two sides that do not match."""
        self.compared += len(sides) > 1
        for place, (right, right_unit) in enumerate(sides):
            for left, left_unit in sides[:place]:
                if not left_unit.matches(right_unit):
                    where = f"The {self.role} of {self._owner}"
                    self.found.append(
                        Mismatch(where, left, left_unit, right, right_unit, self._owner)
                    )
                    return

    def _same(self, items: tuple[Expr, ...]) -> Unit | None:
        known = [
            (item, unit)
            for item in items
            # 0, 1 and -1 may stand for an amount in any unit: `x >= 0`, `open <= 1`.
            if (unit := self.unit(item)) is not None and not isinstance(item, Num)
        ]
        self.compare(known)
        return known[0][1] if known else None


def _product(units: Sequence[Unit | None]) -> Unit | None:
    result = ONE
    for unit in units:
        if unit is None:
            return None
        result = result * unit
    return result
