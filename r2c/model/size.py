"""How large a model would become, known before it is built.

The estimate is never below the real size: filters are counted only where that is cheap, terms that
cancel or coincide are counted each.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from r2c.cir.arrays.evaluate import ArrayEvaluator
from r2c.cir.arrays.unvectorised import Unvectorised
from r2c.cir.evaluate import Evaluator
from r2c.cir.expr import (
    Add,
    Binder,
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
    Pow,
    Seq,
    children,
)  # fmt: skip
from r2c.cir.instance import Instance
from r2c.errors import ModelError, declare
from r2c.model.plain import PlainModel

TOO_LARGE = declare(
    "R2C-M001", ModelError,
    what="The model would have about {size:,} {measure}; the limit is {limit:,}.",
    why="{owner!r} alone accounts for {share:,}. Larger models exhaust memory before they solve.",
    remedy="Index over sparse sets of what is possible, or solve a smaller piece of the problem.",
)  # fmt: skip

MANY = 1000
"""Filters over at least so many combinations are counted on arrays."""
COUNTED = 200_000
"""Filters over at most this many combinations are counted instead of estimated."""


@dataclass(frozen=True)
class SizeLimits:
    """The largest model that is built."""

    variables: int = 1_000_000
    rows: int = 1_000_000
    nonzeros: int = 2_000_000


@dataclass(frozen=True)
class Size:
    """An estimate from above; `nonzeros` includes the objectives' terms."""

    variables: int
    rows: int
    nonzeros: int
    shares: dict[str, tuple[int, int, int]] = field(default_factory=dict, repr=False)

    def check(self, limits: SizeLimits) -> None:
        """Refuse a model that is too large.

        Raises:
            ModelError: R2C-M001, naming the largest contributor.
        """
        for place, measure in enumerate(("variables", "rows", "nonzeros")):
            size, limit = getattr(self, measure), getattr(limits, measure)
            if size > limit:
                owner = max(self.shares, key=lambda name: self.shares[name][place])
                raise TOO_LARGE(
                    size=size, measure=measure, limit=limit, owner=owner,
                    share=self.shares[owner][place],
                )  # fmt: skip


def estimate(plain: PlainModel, instance: Instance) -> Size:
    """The size of a plain model on an instance, from above.

    Raises:
        CIRError: if loops or conditions cannot be evaluated (R2C-C225 to R2C-C238).
    """
    counter = _Counter(plain, instance)
    shares: dict[str, tuple[int, int, int]] = {}

    def add(owner: str, variables: float, rows: float, nonzeros: float) -> None:
        old = shares.get(owner, (0, 0, 0))
        new = (round(variables), round(rows), round(nonzeros))
        shares[owner] = (old[0] + new[0], old[1] + new[1], old[2] + new[2])

    for variable in plain.variables:
        add(variable.name, counter.count(variable.binder), 0, 0)
    for row in plain.rows:
        count = counter.count(row.binder)
        terms = [counter.terms(arg, row.binder) for arg in row.relation.args]
        pairs = sum(a + b for a, b in pairwise(terms))
        add(row.rule, 0, count * (len(terms) - 1), count * pairs)
    for objective in plain.objectives:
        add("objective", 0, 0, counter.terms(objective.expr, None))
    totals = [sum(share[place] for share in shares.values()) for place in range(3)]
    return Size(totals[0], totals[1], totals[2], shares)


class _Counter:
    def __init__(self, plain: PlainModel, instance: Instance) -> None:
        self._decided = {variable.name for variable in plain.variables}
        self._definitions = {item.name: item for item in plain.cir.definitions}
        self._evaluator: Evaluator[float] = Evaluator(instance)
        self._arrays = ArrayEvaluator(self._evaluator)
        self._terms: dict[str, float] = {}

    def count(self, binder: Binder | None) -> float:
        """Members of a binder."""
        if binder is None:
            return 1.0
        size = self._evaluator.combinations(binder)
        if binder.where is None or size > COUNTED:
            return size
        if size >= MANY:
            try:
                return float(len(self._arrays.loop(binder)))
            except Unvectorised:
                pass  # the loops that run one by one find the fault, or the number
        return float(sum(1 for _ in self._evaluator.members(binder)))

    def terms(self, expr: Expr, outer: Binder | None) -> float:
        """Nonzeros of an expression in one row."""
        match expr:
            case Name(name) | Item(name):
                if name in self._definitions and name not in self._decided:
                    # Each once: a definition may use another twice, and that one a third.
                    if name not in self._terms:
                        definition = self._definitions[name]
                        self._terms[name] = self.terms(definition.expr, definition.forall)
                    return self._terms[name]
                return float(name in self._decided)
            case Fold("sum", body, binder) | Each(body, binder):
                inner = self.terms(body, _joined(outer, binder))
                # Constant terms still have to be visited, so a huge sum of data counts as large.
                return self._evaluator.combinations(binder, outer) * inner if inner else 0.0
            case Mul(factors):
                terms = 1.0
                for factor in factors:
                    terms *= max(1.0, self.terms(factor, outer))
                return terms if any(self.terms(factor, outer) for factor in factors) else 0.0
            case Pow(base):
                return self.terms(base, outer) ** 2
            case Neg(inner) | Div(inner):
                return self.terms(inner, outer)
            case Add(parts) | Seq(parts) | Call(_, parts) | Compare(_, parts):
                return sum(self.terms(part, outer) for part in parts)
        return sum(self.terms(part, outer) for part in children(expr))


def _joined(outer: Binder | None, inner: Binder) -> Binder:
    """The scope inside nested loops; inner names win, as they do where the loops run."""
    if outer is None:
        return inner
    kept = tuple(loop for loop in outer.loops if not set(loop.targets) & set(inner.targets))
    return Binder((*kept, *inner.loops))
