"""Conditions of one instance as functions of a point."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from r2c.cir.evaluate import Evaluator
from r2c.cir.expr import (
    And,
    Binder,
    Call,
    Compare,
    Each,
    Expr,
    Fold,
    Item,
    Loop,
    Name,
    Not,
    Or,
    Seq,
    symbols,
    walk,
)
from r2c.cir.instance import Instance
from r2c.cir.members import Key
from r2c.model.formula import Formula, as_function
from r2c.model.measures import (
    FALSE_AMOUNT,
    MEASURES,
    OPPOSITE,
    Violation,
    always,
    between,
    number_of_components,
    number_of_nonzero,
    picked,
)
from r2c.model.rename import join, map_children


class Grounding:
    """Conditions over the algebra become functions of a point, one for each member of the loops."""

    def __init__(
        self,
        instance: Instance,
        values: Mapping[str, Mapping[Key, Formula]],
        shapes: Mapping[str, tuple[str | None, ...]],
    ) -> None:
        self.instance = instance
        self.values = dict(values)
        self.shapes = dict(shapes)
        self._counts = 0

    @property
    def evaluator(self) -> Evaluator[Formula]:
        """An evaluator that knows all symbols found so far."""
        return Evaluator(self.instance, self.values, shapes=self.shapes)

    def keys(self, binder: Binder | None) -> list[Key]:
        """The members of the loops."""
        return [()] if binder is None else list(self.evaluator.members(binder))

    def amounts(self, expr: Expr, binder: Binder | None) -> dict[Key, Formula | float]:
        """An arithmetic expression for each member of the loops."""
        return dict(self.evaluator.each(self._counted(expr, binder), binder))

    def condition(self, expr: Expr, binder: Binder | None) -> dict[Key, Violation]:
        """By how much each member violates a condition."""
        match expr:
            case And(args):
                return self._joined(args, binder, max)
            case Or(args):
                return self._joined(args, binder, min)
            case Call("implies", (first, second)):
                return self._joined((Not(first), second), binder, min)
            case Not(arg):
                return self._negated(arg, binder)
            case Compare() if self._on_data(expr):
                return self._data(expr, binder)
            case Compare(ops, args) if len(ops) > 1:
                links = tuple(Compare((op,), args[k : k + 2]) for k, op in enumerate(ops))
                return self._joined(links, binder, max)
            case Compare((op,), (left, right)):
                return self._compared(op, left, right, binder)
        raise TypeError(f"not a condition: {expr!r}")

    def _joined(
        self, args: tuple[Expr, ...], binder: Binder | None, pick: Callable[[list[float]], float]
    ) -> dict[Key, Violation]:
        tests = [self.condition(arg, binder) for arg in args]
        return {key: picked(pick, [test[key] for test in tests]) for key in self.keys(binder)}

    def _negated(self, arg: Expr, binder: Binder | None) -> dict[Key, Violation]:
        match arg:
            case Not(inner):
                return self.condition(inner, binder)
            case And(args):
                return self.condition(Or(tuple(map(Not, args))), binder)
            case Or(args):
                return self.condition(And(tuple(map(Not, args))), binder)
            case Call("implies", (first, second)):
                return self.condition(And((first, Not(second))), binder)
            case Compare(ops, args) if len(ops) > 1:
                links = tuple(Not(Compare((op,), args[k : k + 2])) for k, op in enumerate(ops))
                return self.condition(Or(links), binder)
            case Compare((op,), sides):
                return self.condition(Compare((OPPOSITE[op],), sides), binder)
        raise TypeError(f"not a condition: {arg!r}")

    def _on_data(self, expr: Expr) -> bool:
        if _counts(expr):
            return False  # only counting at a point knows these functions
        return not any(name in self.values for name in symbols(expr)) and not any(
            name in {item.name for item in self.instance.cir.definitions} for name in symbols(expr)
        )

    def _data(self, expr: Compare, binder: Binder | None) -> dict[Key, Violation]:
        if binder is None:
            holds = self.evaluator.holds(expr)
            return {(): always(0.0 if holds else FALSE_AMOUNT)}
        kept = join(binder, Binder((), expr))
        assert kept is not None
        true = set(self.evaluator.members(kept))
        return {key: always(0.0 if key in true else FALSE_AMOUNT) for key in self.keys(binder)}

    def _compared(
        self, op: str, left: Expr, right: Expr, binder: Binder | None
    ) -> dict[Key, Violation]:
        first, second = self.amounts(left, binder), self.amounts(right, binder)
        measure = MEASURES[op]
        return {
            key: between(measure, as_function(value), as_function(second[key]))
            for key, value in first.items()
        }

    def _counted(self, expr: Expr, binder: Binder | None) -> Expr:
        """The expression with each count replaced by a symbol that counts at the point."""
        if not _counts(expr):
            return expr
        match expr:
            case Call("nonzero", (listed,)):
                return self._count(listed, binder)
            case Call("components", (Each(body, loops), places)):
                return self._components(body, loops, places, binder)
            case Fold(op, body, loops):
                return Fold(op, self._counted(body, join(binder, loops)), loops)
        return map_children(expr, lambda child: self._counted(child, binder))

    def _components(self, body: Expr, loops: Binder, places: Expr, binder: Binder | None) -> Expr:
        """Into how many parts the places fall, joined by the links `(i, j)` that are not 0."""
        links: dict[Key, dict[Key, Formula | float]] = {key: {} for key in self.keys(binder)}
        width = max(map(len, links), default=0)
        for key, value in self.amounts(body, join(binder, loops)).items():
            links[key[:width]][key[width:]] = value
        members = [key[0] for key in self.keys(Binder((Loop(("place",), places),)))]
        counts = {key: number_of_components(members, found) for key, found in links.items()}
        return self._symbol(counts, binder)

    def _count(self, listed: Expr, binder: Binder | None) -> Expr:
        members: dict[Key, list[Formula | float]] = {key: [] for key in self.keys(binder)}
        width = max(map(len, members), default=0)
        if isinstance(listed, Seq):
            for item in listed.items:
                for key, value in self.amounts(item, binder).items():
                    members[key].append(value)
        elif isinstance(listed, Each):
            for key, value in self.amounts(listed.body, join(binder, listed.binder)).items():
                members[key[:width]].append(value)
        else:
            raise TypeError(f"nonzero() takes a list, not {listed!r}")
        return self._symbol({k: number_of_nonzero(items) for k, items in members.items()}, binder)

    def _symbol(self, counts: Mapping[Key, Formula], binder: Binder | None) -> Expr:
        self._counts += 1
        name = f"__count_{self._counts}"
        self.values[name] = dict(counts)
        self.shapes[name] = self.evaluator.components(binder)
        if binder is None:
            return Name(name)
        return Item(name, tuple(map(Name, binder.targets)))


def _counts(expr: Expr) -> bool:
    calls = (node.function for node in walk(expr) if isinstance(node, Call))
    return any(function in ("nonzero", "components") for function in calls)
