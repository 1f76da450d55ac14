"""A CIR solved, and solved again with whole quantities divisible and divisible ones whole."""

from __future__ import annotations

from typing import Literal

from pydantic import JsonValue

from r2c.cir.instance import bind
from r2c.cir.schema import CIR
from r2c.formulation import Formulation, Outcome
from r2c.problem.schema import Problem, Span
from r2c.solve.limits import Limits
from r2c.verdict.answer import asolve
from r2c_benchmarks.items import Item
from r2c_benchmarks.method import Attempt
from r2c_benchmarks.renumber.models import Model
from r2c_benchmarks.sandbox.optimum import TWIN_SECONDS
from r2c_evaluation.structure import rule_match

Domain = Literal["continuous", "integer"]

AGAIN_SECONDS = 60.0
"""What solving a formulation with other numbers may take."""
_NOT_SOLVED = (Outcome.UNSUPPORTED, Outcome.NEEDS_INPUT)


async def attempt_of(formulation: Formulation, item: Item) -> Attempt:
    """What a formulation counts as, its other readings solved besides."""
    relaxed = whole = None
    if formulation.outcome is Outcome.OPTIMAL and formulation.cir is not None:
        relaxed = await _reading(formulation.cir, formulation.problem, "continuous")
        whole = await _reading(formulation.cir, formulation.problem, "integer")
    return Attempt(
        formulation.outcome.value,
        formulation.objective,
        relaxed,
        whole,
        executable=formulation.outcome not in _NOT_SOLVED and formulation.solution is not None,
        message="; ".join(f"{fault.code}: {fault.what}" for fault in formulation.faults),
        structure=_structure(formulation, item),
        formulation=None if formulation.cir is None else Model(formulation.cir, AGAIN_SECONDS),
    )


def _structure(formulation: Formulation, item: Item) -> tuple[int, int, int] | None:
    """The rules of a formulation held against those that the text states, if a bench tells them."""
    if item.cir is None or formulation.cir is None:
        return None
    right = bind(CIR.model_validate(item.cir)).require()
    found = rule_match(bind(formulation.cir, formulation.problem.tables), right)
    return found.found, found.missing, found.invented


def dumped(cir: CIR) -> JsonValue:
    """A CIR as a run keeps it: where its rules are said, not in which words."""
    wordless = cir.model_copy(
        update={
            "title": "",
            "rules": tuple(rule.model_copy(update={"quote": ""}) for rule in cir.rules),
            "objectives": tuple(goal.model_copy(update={"quote": ""}) for goal in cir.objectives),
        }
    )
    told: JsonValue = wordless.model_dump(mode="json", exclude_defaults=True)
    return told


def with_words(cir: CIR, text: str) -> CIR:
    """A kept CIR with the words of the problem in it again."""

    def quote(span: Span | None) -> dict[str, str]:
        return {} if span is None else {"quote": text[span.start : span.end]}

    return cir.model_copy(
        update={
            "rules": tuple(rule.model_copy(update=quote(rule.span)) for rule in cir.rules),
            "objectives": tuple(
                goal.model_copy(update=quote(goal.span)) for goal in cir.objectives
            ),
        }
    )


def with_domain(cir: CIR, domain: Domain) -> CIR | None:
    """The CIR with every decision that is not binary in `domain`; None if nothing changes."""
    decisions = tuple(
        decision if decision.domain == "binary" else decision.model_copy(update={"domain": domain})
        for decision in cir.decisions
    )
    return None if decisions == cir.decisions else cir.model_copy(update={"decisions": decisions})


async def _reading(cir: CIR, problem: Problem, domain: Domain) -> float | None:
    changed = with_domain(cir, domain)
    if changed is None:
        return None
    # Only the tables are needed; without the words nothing is judged.
    bare = Problem(text="", tables=problem.tables)
    answer = await asolve(changed, problem=bare, limits=Limits(seconds=TWIN_SECONDS))
    return answer.objective if answer.outcome is Outcome.OPTIMAL else None
