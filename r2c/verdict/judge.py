"""The verdict on one formulation: checks from cheap to dear, then trust, score and a sentence."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from r2c.archetypes.card import Card
from r2c.cir.asked import Asked
from r2c.cir.instance import Instance
from r2c.cir.schema import CIR
from r2c.formulation import Evidence, Outcome, Solution, Trust
from r2c.problem.schema import Problem
from r2c.verdict.agreement import agreement
from r2c.verdict.alternative import Alternative
from r2c.verdict.confidence import Calibration, features, standard_calibration
from r2c.verdict.conversions import conversions
from r2c.verdict.degenerate import degenerate
from r2c.verdict.direction import direction
from r2c.verdict.domains import domains
from r2c.verdict.extra_solves import ExtraSolves, Solver
from r2c.verdict.left_out import left_out
from r2c.verdict.logic import logic
from r2c.verdict.money import money
from r2c.verdict.named_limits import named_limits
from r2c.verdict.number_coverage import number_coverage
from r2c.verdict.operands import operands
from r2c.verdict.perturbation import perturbation
from r2c.verdict.questions.check import open_questions, with_sentences
from r2c.verdict.raw_score import raw_score
from r2c.verdict.recheck import recheck
from r2c.verdict.replay import replay
from r2c.verdict.scope import scope
from r2c.verdict.second_paradigm import second_paradigm
from r2c.verdict.sentence_coverage import sentence_coverage
from r2c.verdict.sides import sides
from r2c.verdict.solver_trust import solver_trust
from r2c.verdict.sources import drawn
from r2c.verdict.subjects import subjects
from r2c.verdict.told_units import told_units
from r2c.verdict.trust import trust
from r2c.verdict.units import units
from r2c.verdict.unused_measures import unused_measures
from r2c.verdict.wholeness import wholeness

_NEVER_MEASURED = (
    "All checks have been passed, but how often such an answer without a plan is right has never "
    "been measured."
)
_FINAL = ("solver_trust", "recheck", "replay")


@dataclass(frozen=True)
class Verdict:
    """How far an answer may be believed.

    `score` is in [0, 1] and orders answers; it is not a probability. `confidence` is; there is
    none for a model that was not read from words by vote.
    """

    trust: Trust
    score: float
    message: str
    evidence: tuple[Evidence, ...]
    confidence: float | None = None


def judge(  # noqa: PLR0913 - one argument a source of evidence
    problem: Problem,
    cir: CIR,
    solution: Solution,
    instance: Instance,
    library: Mapping[str, Card],
    alternatives: Sequence[Alternative] = (),
    *,
    solver: Solver | None = None,
    calibration: Calibration | None = None,
    asked: Sequence[Asked] = (),
) -> Verdict:
    """Check an answer and say how far it may be believed.

    Nothing is read or asked beyond what is given; if that is quick, the model is solved a few times
    more, changed.

    Args:
        problem: The words and tables; empty for a model that was written by hand.
        cir: The model.
        solution: Its answer.
        instance: Its data.
        library: The cards.
        alternatives: The other formulations of the problem, without this one.
        solver: Solves changed models; without one only the integer reading is solved, by a solver
            process of its own.
        calibration: Makes the confidence; the one that travels with R2C if not given.
        asked: What the planner was asked about the problem, answered or not.
    """
    told = bool(problem.text.strip())
    source = drawn(cir, problem) if told or problem.tables else None
    if source is not None and asked:
        source = with_sentences(source, problem, asked)
    cheap: tuple[Callable[[], Evidence], ...] = (
        lambda: solver_trust(cir, solution),
        lambda: degenerate(cir, solution, instance, told=told),
        lambda: number_coverage(problem, cir, source),
        lambda: sentence_coverage(problem, cir, source),
        lambda: direction(problem, cir, library, source),
        lambda: named_limits(problem, cir, library),
        lambda: sides(problem, cir, library),
        lambda: logic(problem, cir, library, source),
        lambda: operands(problem, cir, library),
        lambda: scope(problem, cir),
        lambda: subjects(problem, cir, library),
        lambda: left_out(problem, cir),
        lambda: money(problem, cir, library, source),
        lambda: wholeness(problem, cir, library),
        lambda: unused_measures(cir, library),
        lambda: units(cir, library),
        lambda: told_units(problem, cir, source),
        lambda: conversions(problem, cir, source),
        lambda: open_questions(asked),
        lambda: agreement(cir, solution, alternatives),
        lambda: recheck(cir, solution, instance, library),
        lambda: replay(cir, solution, instance, library),
    )
    evidence = [_timed(check) for check in cheap]
    wrong = [item for item in evidence if item.passed is False and item.check in _FINAL]
    if not wrong:  # solving again would not change the verdict on a wrong plan
        solves = ExtraSolves(solution, library, solver)
        dear: tuple[Callable[[], Evidence], ...] = (
            lambda: domains(problem, cir, solution, instance, library, solver),
            lambda: second_paradigm(cir, solution, instance, library, solves),
            lambda: perturbation(cir, solution, instance, solves),
        )
        evidence.extend(_timed(check) for check in dear)
    return verdict_of(solution.outcome, evidence, calibration)


def verdict_of(
    outcome: Outcome, evidence: Sequence[Evidence], calibration: Calibration | None = None
) -> Verdict:
    """The verdict that evidence gives.

    An answer is verified if its checks are passed and answers as confident as it have been right
    often enough (`r2c.verdict.confidence`).
    """
    level, reason = trust(outcome, {item.check: item for item in evidence})
    score = raw_score(outcome, evidence)
    known = features(outcome, evidence)
    if known is None:
        if level is Trust.VERIFIED:
            level, reason = Trust.PLAUSIBLE, _NEVER_MEASURED
        note = f"The score {score:.2f} is not calibrated: it orders answers, it is no probability."
        return Verdict(level, score, f"{reason} {note}", tuple(evidence))
    used = calibration or standard_calibration()
    confidence = round(used.confidence(known), 6)
    if level is Trust.VERIFIED:
        if used.is_enough(confidence):
            reason = f"{reason} {used.told}"
        else:
            level, reason = Trust.PLAUSIBLE, used.why_not_enough(confidence)
    return Verdict(level, score, reason, tuple(evidence), confidence)


def _timed(check: Callable[[], Evidence]) -> Evidence:
    began = time.perf_counter()
    found = check()
    return found.model_copy(update={"seconds": round(time.perf_counter() - began, 6)})
