"""Named expressions written out where a reader would otherwise not see what an equation says.

`flour <= 80` tells nothing unless one knows that flour is `loaves + 2*trays`. Short names are
written out; long and indexed ones keep their name and are listed once.
"""

from __future__ import annotations

from r2c.cir.expr import Expr, walk
from r2c.cir.schema import CIR, Definition
from r2c.model.rename import substitute

MOST_NODES = 40
"""Nodes of an expression that is written out in place of its name."""


class Expansion:
    """The definitions of a model, told apart into those written out and those listed."""

    def __init__(self, cir: CIR) -> None:
        """Definitions may use each other in any order; one that uses itself stays listed."""
        known = {item.name: item for item in cir.definitions}
        self._short: dict[str, Expr] = {}
        for name in known:
            self._settle(name, known, ())
        self.listed = tuple(item for item in cir.definitions if item.name not in self._short)

    def _settle(self, name: str, known: dict[str, Definition], above: tuple[str, ...]) -> None:
        item = known[name]
        if name in self._short or name in above or item.forall is not None:
            return
        for node in walk(item.expr):
            used = getattr(node, "id", None)
            if isinstance(used, str) and used in known:
                self._settle(used, known, (*above, name))
        whole = substitute(item.expr, self._short)
        if sum(1 for _ in walk(whole)) <= MOST_NODES:
            self._short[name] = whole

    def of(self, expr: Expr) -> Expr:
        """An expression with the short names written out."""
        return substitute(expr, self._short)
