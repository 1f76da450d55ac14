"""Worst cases listed one by one: a row for each set of figures that may go wrong together.

Of nonnegative deviations as many go wrong as the budget allows; a fraction of the budget lets one
more go wrong in part. The rows need no variables, but their number grows with the combinations.
Source: A. Ben-Tal, L. El Ghaoui and A. Nemirovski, Robust Optimization (2009), ch. 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations

from r2c.cir.expr import Binder, Compare, Expr, Item, Name, Num, Text
from r2c.cir.members import Key
from r2c.model.affine import Affine, Variable
from r2c.model.bounds import Bounds
from r2c.model.draft import Draft
from r2c.model.filled import Listed, Looped
from r2c.model.rename import add, join, multiply, subtract

_ROOM = 1e-9


class WorstCases:
    """Adds the row of every worst case, for each member of the rule's loops."""

    def rows(self, draft: Draft, bounds: Bounds) -> Iterator[tuple[str, Compare, Binder | None]]:
        """The use with the deviations of one case stays within the limit."""
        use, limit, budget = (draft.roles[name] for name in ("use", "limit", "budget"))
        nominal = subtract(use, limit)  # type: ignore[arg-type]
        deviations = _deviations(draft, bounds)
        forms = bounds.forms(nominal, draft.binder)
        budgets = bounds.forms(budget, draft.binder)  # type: ignore[arg-type]
        for key, form, allowed in zip(_keys(draft, bounds), forms, budgets, strict=True):
            for case in _cases(deviations.get(key, []), allowed.constant):
                yield "case", _at_most_zero(form + case), None


def _keys(draft: Draft, bounds: Bounds) -> list[Key]:
    """The members of the rule's loops."""
    return [()] if draft.binder is None else list(bounds.evaluator.members(draft.binder))


def _deviations(draft: Draft, bounds: Bounds) -> dict[Key, list[Affine]]:
    """The deviations of each member of the rule's loops."""
    found: dict[Key, list[Affine]] = {}
    filled = draft.roles["deviations"]
    keys = _keys(draft, bounds)
    width = len(keys[0]) if keys else 0
    if isinstance(filled, Looped):
        binder = join(draft.binder, filled.binder)
        assert binder is not None
        members = bounds.evaluator.members(binder)
        for key, form in zip(members, bounds.forms(filled.body, binder), strict=True):
            found.setdefault(key[:width], []).append(form)
        return found
    assert isinstance(filled, Listed)
    for item in filled.items:
        for key, form in zip(keys, bounds.forms(item, draft.binder), strict=True):
            found.setdefault(key, []).append(form)
    return found


def _cases(deviations: list[Affine], budget: float) -> Iterator[Affine]:
    """What is added to the use in each worst case."""
    whole = min(math.floor(budget + _ROOM), len(deviations))
    part = budget - whole if whole < len(deviations) else 0.0
    for chosen in combinations(range(len(deviations)), whole):
        total = Affine.total([deviations[place] for place in chosen])
        others = [form for place, form in enumerate(deviations) if place not in chosen]
        if part <= _ROOM:
            yield total
        else:
            yield from (total + other * part for other in others)


def _at_most_zero(form: Affine) -> Compare:
    terms = [multiply([Num(value), _symbol(name)]) for name, value in form.terms.items()]
    return Compare(("<=",), (add(terms), Num(-form.constant)))


def _symbol(variable: Variable) -> Expr:
    name, key = variable
    if not key:
        return Name(name)
    return Item(name, tuple(Text(k) if isinstance(k, str) else Num(float(k)) for k in key))


METHOD = WorstCases()
