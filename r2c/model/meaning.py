"""Whether a plan keeps a rule, by the rule's meaning and not by the rows that were solved.

The predicate of the card is grounded on the instance once; a point is then checked in
microseconds. Each check says by how much a rule is violated, 0 if it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from r2c.archetypes.card import Card
from r2c.cir.evaluate import Evaluator
from r2c.cir.expr import (
    And,
    Binder,
    Call,
    Compare,
    CompareOp,
    Each,
    Expr,
    Item,
    Name,
    Not,
    Or,
    Seq,
    symbols,
    walk,
)  # fmt: skip
from r2c.cir.instance import Instance
from r2c.cir.members import Key
from r2c.cir.schema import CIR
from r2c.errors import Fault
from r2c.model.affine import Variable
from r2c.model.draft import Draft
from r2c.model.formula import Formula, Point, as_function
from r2c.model.reformulate import decision_variable, draft_rules
from r2c.model.rename import join, map_children
from r2c.model.symbols import Symbols

TOLERANCE = 1e-6
"""Relative to the larger of 1 and the compared amounts."""

Violation = Callable[[Point], float]


@dataclass(frozen=True)
class Clause:
    """One member of one clause of a rule's meaning."""

    rule: str
    name: str
    key: Key
    violation: Violation


@dataclass(frozen=True)
class Created:
    """A symbol that an archetype creates: its domain, and its value where the meaning gives one."""

    variable: Variable
    rule: str
    domain: str
    hidden: bool
    value: Callable[[Point], float] | None


@dataclass(frozen=True)
class Meaning:
    """What the rules of a CIR mean on one instance, and what they cost."""

    clauses: tuple[Clause, ...]
    created: tuple[Created, ...]
    costs: tuple[tuple[str, Violation], ...]

    def broken(self, point: Point, tolerance: float = TOLERANCE) -> Iterator[tuple[Clause, float]]:
        """The clauses that a point violates, with the violation."""
        for clause in self.clauses:
            amount = clause.violation(point)
            if amount > tolerance:
                yield clause, amount


def meaning(
    cir: CIR, library: Mapping[str, Card], instance: Instance
) -> tuple[Meaning, tuple[Fault, ...]]:
    """The meaning of every rule, ready to check points; and the faults of rules without one.

    A point gives a value to every decision and every created symbol that is not hidden, under the
    names of the plain model. Soft rules have no clauses: they may be broken.
    """
    drafts, faults = draft_rules(cir, library)
    variables = [decision_variable(item, Symbols(cir)) for item in cir.decisions]
    values: dict[str, dict[Key, Formula]] = {}
    data: Evaluator[float] = Evaluator(instance)
    shapes: dict[str, tuple[str | None, ...]] = {}
    for variable in variables:
        values[variable.name] = _formulas(variable.name, variable.binder, data)
    for draft in drafts:
        for output in draft.card.outputs:
            name = draft.outputs[output.name].name
            values[name] = _formulas(name, draft.binder, data)
            shapes[name] = data.components(draft.binder)
    grounding = Grounding(instance, values, shapes)
    clauses: list[Clause] = []
    created: list[Created] = []
    costs: list[tuple[str, Violation]] = []
    for draft in drafts:
        if draft.rule.soft is None:
            for name, condition, binder in draft.clauses():
                tests = grounding.condition(condition, binder)
                clauses += [Clause(draft.rule.id, name, key, test) for key, test in tests.items()]
        created += _created(draft, grounding)
        cost = draft.template().optional(draft.card.cost)
        if cost is not None:
            found = grounding.amounts(cost, draft.binder).values()
            costs += [(draft.rule.id, as_function(value)) for value in found]
    return Meaning(tuple(clauses), tuple(created), tuple(costs)), tuple(faults)


def _formulas(name: str, binder: Binder | None, data: Evaluator[float]) -> dict[Key, Formula]:
    keys = [()] if binder is None else data.members(binder)
    return {key: Formula.variable((name, key)) for key in keys}


def _created(draft: Draft, grounding: Grounding) -> Iterator[Created]:
    for output in draft.card.outputs:
        name = draft.outputs[output.name].name
        value = draft.template().optional(output.value)
        known = {} if value is None else grounding.amounts(value, draft.binder)
        for key in grounding.keys(draft.binder):
            given = as_function(known[key]) if key in known else None
            yield Created((name, key), draft.rule.id, output.domain, output.hidden, given)


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
        return {key: _picked(pick, [test[key] for test in tests]) for key in self.keys(binder)}

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
                return self.condition(Compare((_OPPOSITE[op],), sides), binder)
        raise TypeError(f"not a condition: {arg!r}")

    def _on_data(self, expr: Expr) -> bool:
        if any(isinstance(node, Call) and node.function == "nonzero" for node in walk(expr)):
            return False  # only counting at a point knows that function
        return not any(name in self.values for name in symbols(expr)) and not any(
            name in {item.name for item in self.instance.cir.definitions} for name in symbols(expr)
        )

    def _data(self, expr: Compare, binder: Binder | None) -> dict[Key, Violation]:
        if binder is None:
            holds = self.evaluator.holds(expr)
            return {(): _always(0.0 if holds else _FALSE)}
        kept = join(binder, Binder((), expr))
        assert kept is not None
        true = set(self.evaluator.members(kept))
        return {key: _always(0.0 if key in true else _FALSE) for key in self.keys(binder)}

    def _compared(
        self, op: str, left: Expr, right: Expr, binder: Binder | None
    ) -> dict[Key, Violation]:
        first, second = self.amounts(left, binder), self.amounts(right, binder)
        measure = _MEASURES[op]
        return {
            key: _between(measure, as_function(value), as_function(second[key]))
            for key, value in first.items()
        }

    def _counted(self, expr: Expr, binder: Binder | None) -> Expr:
        """The expression with `nonzero(list)` replaced by a symbol that counts at the point."""
        if not any(isinstance(n, Call) and n.function == "nonzero" for n in walk(expr)):
            return expr
        if isinstance(expr, Call) and expr.function == "nonzero":
            return self._count(expr.args[0], binder)
        return map_children(expr, lambda child: self._counted(child, binder))

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
        self._counts += 1
        name = f"__count_{self._counts}"
        self.values[name] = {key: _number_of_nonzero(items) for key, items in members.items()}
        self.shapes[name] = self.evaluator.components(binder)
        if binder is None:
            return Name(name)
        return Item(name, tuple(map(Name, binder.targets)))


_FALSE = 1.0
_OPPOSITE: dict[str, CompareOp] = {
    "<=": ">",
    ">=": "<",
    "<": ">=",
    ">": "<=",
    "==": "!=",
    "!=": "==",
}


def _scale(left: float, right: float) -> float:
    return max(1.0, abs(left), abs(right))


def _below(left: float, right: float) -> float:
    return max(0.0, (left - right) / _scale(left, right))


def _strictly_below(left: float, right: float) -> float:
    # Strict means by more than the tolerance, so that a condition and its opposite never both hold.
    gap = (left - right) / _scale(left, right)
    return 0.0 if gap < -TOLERANCE else max(gap, _FALSE)


def _apart(left: float, right: float) -> float:
    return 0.0 if abs(left - right) / _scale(left, right) > TOLERANCE else _FALSE


_MEASURES: dict[str, Callable[[float, float], float]] = {
    "<=": _below,
    ">=": lambda left, right: _below(right, left),
    "==": lambda left, right: abs(left - right) / _scale(left, right),
    "<": _strictly_below,
    ">": lambda left, right: _strictly_below(right, left),
    "!=": _apart,
}


def _always(amount: float) -> Violation:
    return lambda point: amount


def _picked(pick: Callable[[list[float]], float], tests: list[Violation]) -> Violation:
    return lambda point: pick([test(point) for test in tests])


def _between(
    measure: Callable[[float, float], float], left: Violation, right: Violation
) -> Violation:
    return lambda point: measure(left(point), right(point))


def _number_of_nonzero(values: list[Formula | float]) -> Formula:
    parts = [as_function(value) for value in values]
    return Formula(lambda point: float(sum(abs(part(point)) > TOLERANCE for part in parts)))
