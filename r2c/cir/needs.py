"""What the plain algebra of a CIR leaves to paradigms: products, powers, abs, min, max, ...

Not faults: an archetype may offer a paradigm that writes them exactly. The model layer decides.
"""

from __future__ import annotations

from dataclasses import dataclass

from r2c.cir.expr import Compare, Expr, symbols
from r2c.cir.linearity import CONSTANT, Form, linearity
from r2c.cir.owners import owners
from r2c.cir.schema import CIR
from r2c.cir.scope import decided
from r2c.cir.signs import symbol_signs


@dataclass(frozen=True, slots=True)
class Need:
    """An expression that is not linear in the decisions; `form.offender` is the node in the way."""

    owner: str
    name: str
    role: str
    expr: Expr
    form: Form


def definition_forms(cir: CIR) -> dict[str, Form]:
    """The form of each definition over the decisions, definitions of definitions included.

    Definitions in a circle are data to each other here; `check` reports the circle.
    """
    chosen = decided(cir) - {item.name for item in cir.definitions}
    signs = symbol_signs(cir)
    pending = {item.name: item.expr for item in cir.definitions}
    forms: dict[str, Form] = {}
    while pending:
        ready = [name for name, expr in pending.items() if not symbols(expr) & pending.keys()]
        for name in ready or list(pending):
            forms[name] = linearity(pending.pop(name), chosen, signs, forms)
    return forms


def needs_paradigm(cir: CIR) -> tuple[Need, ...]:
    """All operands, prices, definitions and objectives that are not linear in the decisions."""
    chosen = decided(cir)
    forms = definition_forms(cir)
    signs = symbol_signs(cir)
    found = []
    for owner in owners(cir):
        for place in owner.places:
            sides = place.expr.args if isinstance(place.expr, Compare) else (place.expr,)
            for side in sides:
                form = linearity(side, chosen, signs, forms) if symbols(side) & chosen else CONSTANT
                if not form.linear:
                    found.append(Need(owner.kind, owner.name, place.role, side, form))
    return tuple(found)
