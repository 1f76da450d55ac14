"""Models written in the text form, with their rules written by the cards of the library."""

from __future__ import annotations

from collections.abc import Collection

from r2c.archetypes.load import standard_library
from r2c.cir.instance import Instance, bind
from r2c.cir.read_text import read_text
from r2c.cir.schema import CIR
from r2c.formulation import Outcome
from r2c.model.plain import PlainModel
from r2c.model.reformulate import reformulate
from r2c.solve.process import SolverProcess
from r2c.solve.solve import solve_plain


def written(cir: CIR | str) -> tuple[PlainModel, Instance]:
    """The plain model and the instance of a CIR, which may be given as text."""
    read = read_text("cir 1\n" + cir) if isinstance(cir, str) else cir
    instance = bind(read).require()
    return reformulate(read, standard_library(), instance), instance


def outcome_with(cir: CIR, rules: Collection[str], process: SolverProcess) -> Outcome:
    """What solving gives if only these rules are in the CIR."""
    kept = tuple(rule for rule in cir.rules if rule.id in rules)
    model, instance = written(cir.model_copy(update={"rules": kept}))
    return solve_plain(model, instance, process=process).outcome
