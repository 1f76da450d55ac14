"""The last step: the chosen readings become a judged formulation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from r2c.agents.alternatives import alternatives
from r2c.agents.plain.assemble import UNKNOWN_MEASURE
from r2c.agents.plain.measures import TOLD_TWICE
from r2c.agents.shape_sizes import size_of_a_shape
from r2c.agents.verifier import try_combination
from r2c.cir.asked import Asked, marked
from r2c.errors import Fault, InputError, declare
from r2c.formulation import Event, Formulation, Outcome, Trust, Usage
from r2c.pipeline.context import Context
from r2c.pipeline.contradictions import contradictions, with_defaults
from r2c.pipeline.manifest import manifest
from r2c.pipeline.state import State
from r2c.verdict.answer import Answered, solve_problem
from r2c.verdict.questions.repeated_rows import repeated_labels

NO_OBJECTIVE = declare(
    "R2C-G021",
    InputError,
    what="No objective could be read from the text.",
    why="Nothing in it says what makes one plan better than another.",
    remedy="Say what is to be maximized or minimized.",
)


def conclusion(context: Context, state: State) -> Formulation:
    """The answer for the chosen combination of readings, with its evidence and cost."""
    readings = context.readings(state)
    picks = tuple(state.get("picks", ()))
    if not picks:
        fault = size_of_a_shape(context.problem) or NO_OBJECTIVE.fault()
        return _without_model(context, state, fault)
    best = try_combination(readings, picks, context.process, context.limits)
    asked: tuple[Asked, ...] = ()
    if best.cir is None:
        assert best.fault is not None, "a trial without a model says why"
        if best.fault.code == TOLD_TWICE.code:
            asked = contradictions(readings, picks, context.process, context.limits)
            readings = with_defaults(readings, asked)
            best = try_combination(readings, picks, context.process, context.limits)
        if best.cir is None:
            assert best.fault is not None, "a trial without a model says why"
            known = {item.id for item in context.given.questions}
            waiting = [
                item
                for item in repeated_labels(context.problem.tables)
                if best.fault.code == UNKNOWN_MEASURE.code and item.id not in known
            ]
            return _without_model(context, state, best.fault, waiting)
    others = alternatives(
        readings, best, context.process, context.limits, deadline=context.deadline
    )
    answer = solve_problem(
        context.problem,
        best.cir,
        context.limits,
        context.process,
        alternatives=others,
        answered=Answered(marked(context.given.questions, readings.settled(picks).missed)),
        asked=asked,
    )
    return _completed(context, state, answer)


def _without_model(
    context: Context, state: State, fault: Fault, waiting: Sequence[Asked] = ()
) -> Formulation:
    """The answer where the readings make no model; it may be the tables that are to blame."""
    answer = Formulation(
        problem=context.problem,
        outcome=Outcome.NEEDS_INPUT if waiting else Outcome.UNSUPPORTED,
        trust=Trust.PLAUSIBLE if waiting else Trust.REJECTED,
        questions=(*context.given.questions, *waiting),
        faults=(fault,),
    )
    return _completed(context, state, answer)


def _completed(context: Context, state: State, answer: Formulation) -> Formulation:
    events = tuple(Event.model_validate(item) for item in state.get("events", []))
    usage = Usage.model_validate(state.get("usage") or {})
    if events:
        usage = usage.model_copy(update={"seconds": max(usage.seconds, events[-1].seconds)})
    return answer.model_copy(
        update={
            "events": events,
            "usage": usage,
            "manifest": cast("dict[str, object]", manifest(context, state, usage)),
        }
    )
