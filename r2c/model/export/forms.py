"""The forms that a model can be written in, each by the module that knows the form."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from r2c.archetypes.faults import structural_faults
from r2c.archetypes.load import standard_library
from r2c.cir.check import refuse
from r2c.cir.instance import Instance, bind
from r2c.cir.schema import CIR
from r2c.errors import Fault, R2CError
from r2c.model.plain import PlainModel
from r2c.model.reformulate import reformulate
from r2c.problem.schema import Problem


def exported(name: str, cir: CIR, problem: Problem | None) -> str:
    """A model as text.

    Args:
        name: One of `EXPORTS`.
        cir: The model.
        problem: Its tables.

    Raises:
        R2CError: the model cannot be bound to its data or written, with everything that stands in
            the way; `cir` and `text` never fail.
    """
    return EXPORTS[name][1](cir, problem)


def refused(name: str, cir: CIR, problem: Problem | None) -> Fault | None:
    """Why R2C would not solve a model that was written for other solvers; None if it would.

    Args:
        name: One of `EXPORTS`.
        cir: The model.
        problem: Its tables.
    """
    from r2c.model.convexity import require_convex
    from r2c.model.scalar import scalar_model

    if name not in ("lp", "mps", "python"):
        return None
    plain, instance = _written(cir, problem)
    try:
        scalar = scalar_model(plain, instance)
        require_convex(plain, scalar.objectives, lambda: scalar.variable_entries)
    except R2CError as error:
        return error.fault
    return None


def _latex(cir: CIR, problem: Problem | None) -> str:
    from r2c.cir.latex import latex_model

    return latex_model(_written(cir, problem)[0]) + "\n"


def _lp(cir: CIR, problem: Problem | None) -> str:
    from r2c.model.export.lp import lp_text

    return lp_text(*_written(cir, problem))


def _mps(cir: CIR, problem: Problem | None) -> str:
    from r2c.model.export.mps import mps_text

    return mps_text(*_written(cir, problem))


def _python(cir: CIR, problem: Problem | None) -> str:
    from r2c.model.export.script import script_text

    return script_text(*_written(cir, problem))


def _json(cir: CIR, problem: Problem | None) -> str:
    fields = {"version": cir.version, **cir.model_dump(mode="json", exclude_defaults=True)}
    return json.dumps(fields, ensure_ascii=False, indent=2) + "\n"


def _text(cir: CIR, problem: Problem | None) -> str:
    from r2c.cir.text import write_text

    return write_text(cir)


def _written(cir: CIR, problem: Problem | None) -> tuple[PlainModel, Instance]:
    refuse(structural_faults(cir, standard_library()))
    instance = bind(cir, problem).require()
    return reformulate(cir, standard_library(), instance), instance


EXPORTS: Mapping[str, tuple[str, Callable[[CIR, Problem | None], str]]] = {
    "latex": ("model.tex", _latex),
    "lp": ("model.lp", _lp),
    "mps": ("model.mps", _mps),
    "python": ("model.py", _python),
    "cir": ("cir.json", _json),
    "text": ("cir.txt", _text),
}
"""File name and writer by the name of the format."""
