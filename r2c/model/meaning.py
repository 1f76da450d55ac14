"""Whether a plan keeps a rule, by the rule's meaning and not by the rows that were solved.

The predicate of the card is grounded on the instance once; a point is then checked in
microseconds. Each check says by how much a rule is violated, 0 if it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from r2c.archetypes.card import Card
from r2c.cir.evaluate import Evaluator
from r2c.cir.expr import Binder
from r2c.cir.instance import Instance
from r2c.cir.members import Key
from r2c.cir.schema import CIR
from r2c.errors import Fault
from r2c.model.affine import Variable
from r2c.model.draft import Draft
from r2c.model.formula import Formula, Point, as_function
from r2c.model.grounding import Grounding
from r2c.model.measures import TOLERANCE, Violation
from r2c.model.reformulate import decision_variable, draft_rules
from r2c.model.symbols import Symbols


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
    """What the rules of a CIR mean on one instance, and what they cost.

    `clauses` must hold; those in `wishes` may be broken, at the price of their soft rule.
    """

    clauses: tuple[Clause, ...]
    wishes: tuple[Clause, ...]
    created: tuple[Created, ...]
    costs: tuple[tuple[str, Violation], ...]

    def broken(self, point: Point, tolerance: float = TOLERANCE) -> Iterator[tuple[Clause, float]]:
        """The clauses that a point violates though they must hold, with the violation."""
        for clause in self.clauses:
            amount = clause.violation(point)
            if amount > tolerance:
                yield clause, amount

    def given_up(self, point: Point, tolerance: float = TOLERANCE) -> Iterator[Clause]:
        """The clauses that a point violates and may violate."""
        return (clause for clause in self.wishes if clause.violation(point) > tolerance)


def meaning(
    cir: CIR, library: Mapping[str, Card], instance: Instance
) -> tuple[Meaning, tuple[Fault, ...]]:
    """The meaning of every rule, ready to check points; and the faults of rules without one.

    A point gives a value to every decision and every created symbol that is not hidden, under the
    names of the plain model.
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
    wishes: list[Clause] = []
    created: list[Created] = []
    costs: list[tuple[str, Violation]] = []
    for draft in drafts:
        for name, condition, binder in draft.clauses():
            tests = grounding.condition(condition, binder)
            kept = wishes if draft.may_break(name) else clauses
            kept += [Clause(draft.rule.id, name, key, test) for key, test in tests.items()]
        created += _created(draft, grounding)
        cost = draft.template().optional(draft.card.cost)
        if cost is not None:
            found = grounding.amounts(cost, draft.binder).values()
            costs += [(draft.rule.id, as_function(value)) for value in found]
    return Meaning(tuple(clauses), tuple(wishes), tuple(created), tuple(costs)), tuple(faults)


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
