"""Cover inequalities: candidates that exceed the budget together cannot all be taken.

Such rows, `x1 + x2 + x3 <= 2`, cut off fractional plans that the knapsack row lets pass.
Source: E. Balas, Facets of the Knapsack Polytope, Mathematical Programming (1975).
"""

from __future__ import annotations

from collections.abc import Iterator

from r2c.cir.expr import Binder, Compare, Expr, Item, Name, Num, Text
from r2c.model.affine import Affine, Variable
from r2c.model.bounds import Bounds
from r2c.model.draft import Draft
from r2c.model.rename import add, subtract

_ROOM = 1e-6


class KnapsackCovers:
    """Adds the minimal covers found by starting from each item in order of weight."""

    def rows(self, draft: Draft, bounds: Bounds) -> Iterator[tuple[str, Compare, Binder | None]]:
        """One row for each cover, over all members of the rule's loops."""
        use, budget = draft.roles["use"], draft.roles["budget"]
        assert use is not None
        assert budget is not None
        seen: set[frozenset[Variable]] = set()
        for form in bounds.forms(subtract(use, budget), draft.binder):  # type: ignore[arg-type]
            for cover in _covers(form, bounds):
                if cover not in seen:
                    seen.add(cover)
                    chosen = add(_symbol(variable) for variable in sorted(cover, key=str))
                    limit = Num(float(len(cover) - 1))
                    yield "cover", Compare(("<=",), (chosen, limit)), None


def _covers(form: Affine, bounds: Bounds) -> Iterator[frozenset[Variable]]:
    weights: dict[Variable, float] = {}
    least = form.constant
    for variable, coefficient in form.terms.items():
        span = bounds.ranges[variable]
        if span.integer and (span.lower, span.upper) == (0.0, 1.0) and coefficient > 0:
            weights[variable] = coefficient
        else:
            least += min(coefficient * span.lower, coefficient * span.upper)
    order = sorted(weights, key=lambda variable: (-weights[variable], str(variable)))
    for start in range(len(order)):
        chosen: list[Variable] = []
        total = least
        for variable in order[start:]:
            chosen.append(variable)
            total += weights[variable]
            if total > _ROOM:
                break
        if total <= _ROOM:
            return  # from here on the remaining items fit together
        for variable in list(chosen):
            if total - weights[variable] > _ROOM:
                chosen.remove(variable)
                total -= weights[variable]
        yield frozenset(chosen)


def _symbol(variable: Variable) -> Expr:
    name, key = variable
    if not key:
        return Name(name)
    return Item(name, tuple(Text(k) if isinstance(k, str) else Num(float(k)) for k in key))


METHOD = KnapsackCovers()
