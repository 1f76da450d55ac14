"""How much would have to give: numbers whose change lets the rules of a conflict hold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from r2c.cir.members import label
from r2c.cir.write import number
from r2c.errors import R2CError
from r2c.formulation import Eased
from r2c.model.plain import PlainModel
from r2c.model.size import SizeLimits
from r2c.solve.compiled import compiled
from r2c.solve.fewer_rules import FewerRules
from r2c.solve.relax import least_relaxation
from r2c.solve.row_core import SLICE, Judge

MOST = 3
"""More changes than this are no advice; the conflict itself then says more."""
_FINEST = 1e6
"""Numbers are told in millionths at the finest."""


def eased(
    fewer: FewerRules, rules: frozenset[str], judge: Judge, size: SizeLimits | None = None
) -> tuple[Eased, ...]:
    """The least changes after which the rules can all hold; none if no few changes were found.

    Nothing is said where numbers of some rows follow from others: they would change as well. The
    numbers in rows of logic are no amounts that could give way.
    """
    archetypes = {rule.id: fewer.library.get(rule.archetype) for rule in fewer.plain.cir.rules}
    amounts = [
        rule for rule in rules if (card := archetypes[rule]) is not None and card.family != "logic"
    ]
    model = fewer.written(rules)
    seconds = min(judge.left, max(SLICE, judge.limits.seconds / 20))
    if model is None or seconds <= SLICE / 10 or not _independent(fewer, rules, model):
        return ()
    try:
        written = compiled(model, fewer.instance, size)
    except R2CError:
        return ()
    limits = replace(judge.limits, seconds=seconds)
    found = least_relaxation(written, judge.process, limits, amounts)
    if not found or len(found) > MOST:
        return ()
    return tuple(
        Eased(
            rule=item.rule,
            row=item.row,
            key=item.key,
            stated=item.end,
            eased=rounded_wide(item.end + item.amount)
            if item.side == "upper"
            else -rounded_wide(item.amount - item.end),
        )
        for item in found
    )


def tell_eased(changes: tuple[Eased, ...], quotes: Mapping[str, str], *, single: bool) -> str:
    """The changes as a sentence about several rules or a `single` one."""
    told = []
    for item in changes:
        quote = quotes.get(item.rule, "")
        said = f"“{quote}” ({item.rule})" if quote else item.rule
        where = f" for {', '.join(map(label, item.key))}" if item.key else ""
        verb = "raised" if item.eased > item.stated else "lowered"
        told.append(
            f"the {number(item.stated)} of {said}{where} were {verb} to {number(item.eased)}"
        )
    head = "By itself it could hold" if single else "By themselves they could all hold"
    return f"{head} if {' and '.join(told)}."


def _independent(fewer: FewerRules, rules: frozenset[str], model: PlainModel) -> bool:
    """Whether every rule has the same rows when all other rules and limits are gone."""
    for rule in rules:
        alone = fewer.written({rule}, ())
        own = tuple(row for row in model.rows if row.rule == rule)
        if alone is None or alone.rows != own:
            return False
    return True


def rounded_wide(value: float) -> float:
    """Rounded so that nothing too narrow is told."""
    return math.ceil(value * _FINEST - 1e-3) / _FINEST + 0.0
