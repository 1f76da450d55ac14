"""A CIR, or an answer saved with `--json`, read back from a file."""

from __future__ import annotations

import json
from dataclasses import dataclass

from pydantic import ValidationError

from r2c.cir.field_faults import at, found_faults
from r2c.cir.half_pairs import half_pairs
from r2c.cir.read_data import validated
from r2c.cir.read_text import read_text
from r2c.cir.schema import CIR
from r2c.cli.faults import NO_MODEL_YET, NOT_AN_ANSWER, NOT_JSON
from r2c.cli.text_input import STDIN, read_file
from r2c.errors import CIRError, Fault
from r2c.formulation import Formulation
from r2c.problem.schema import Problem


@dataclass(frozen=True)
class Saved:
    """A model, and the answer it came with if there was one."""

    cir: CIR
    answer: Formulation | None = None

    @property
    def problem(self) -> Problem | None:
        """The problem that the model was made for, if it is known."""
        return None if self.answer is None else self.answer.problem


def read_saved(source: str) -> Saved:
    """Read a CIR (JSON or its text form) or a saved answer, from a file or `-`.

    Raises:
        InputError: R2C-X102, R2C-X103, R2C-X106 to R2C-X109.
        CIRError: R2C-C001 to R2C-C003 and R2C-C090 to R2C-C095, not a CIR.
    """
    answer_or_cir = _read(source)
    if isinstance(answer_or_cir, CIR):
        return Saved(answer_or_cir)
    if answer_or_cir.cir is None:
        where = _where(source)
        raise NO_MODEL_YET(where=where, outcome=answer_or_cir.outcome.value)
    return Saved(answer_or_cir.cir, answer_or_cir)


def read_answer(source: str) -> Formulation | CIR:
    """As `read_saved`, but an answer without a model is one too."""
    return _read(source)


def _read(source: str) -> Formulation | CIR:
    text = read_file(source, "model or saved answer")
    if not text.lstrip().startswith(("{", "[")):
        return read_text(text)
    where = _where(source)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NOT_JSON(where=where, reason=str(error).rstrip(".") or "nested too deep") from None
    if not isinstance(data, dict) or "outcome" not in data:
        return validated(data)
    wrong: list[tuple[str, Fault | str]] = list(half_pairs(data))
    try:
        if not wrong:
            return Formulation.model_validate(data)
    except ValidationError as error:
        wrong = found_faults(error)
    (place, found), count = wrong[0], len(wrong)
    if isinstance(found, Fault):
        raise CIRError(at(place, found, count))
    raise NOT_AN_ANSWER(where=where, problem=found.rstrip("."), at=place, count=count)


def _where(source: str) -> str:
    return "standard input" if source == STDIN else repr(source)
