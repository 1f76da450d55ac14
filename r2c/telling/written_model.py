"""The equations of a model: every rule as its paradigm writes it, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from r2c.archetypes.faults import structural_faults
from r2c.archetypes.load import standard_library
from r2c.cir.expr import Binder, Expr
from r2c.cir.instance import bind
from r2c.cir.schema import CIR, Rule
from r2c.errors import Fault, R2CError
from r2c.model.plain import PlainModel
from r2c.model.reformulate import attempt
from r2c.problem.schema import Problem
from r2c.telling.expanded import Expansion


@dataclass(frozen=True)
class WrittenModel:
    """A CIR and its equations; `plain` is None where a rule cannot be written."""

    cir: CIR
    expansion: Expansion
    plain: PlainModel | None
    faults: tuple[Fault, ...] = ()
    _rows: dict[str, list[tuple[Expr, Binder | None]]] = field(default_factory=dict)

    def rows(self, rule: Rule) -> list[tuple[Expr, Binder | None]]:
        """The equations of a rule; none if the model could not be written."""
        rows = self._rows.get(rule.id, [])
        return [(self.expansion.of(relation), binder) for relation, binder in rows]


def write_model(cir: CIR, problem: Problem | None) -> WrittenModel:
    """Bind a CIR to its data and write its rules; what stands in the way is told as faults."""
    expansion = Expansion(cir)
    found = structural_faults(cir, standard_library())
    if found:
        return WrittenModel(cir, expansion, None, found)
    instance = bind(cir, problem)
    if instance.faults:
        return WrittenModel(cir, expansion, None, instance.faults)
    try:
        plain, faults = attempt(cir, standard_library(), instance)
    except R2CError as error:
        plain, faults = None, (error.fault,)
    written = WrittenModel(cir, expansion, plain, faults)
    for row in () if plain is None else plain.rows:
        written._rows.setdefault(row.rule, []).append((row.relation, row.binder))
    return written
