"""Questions to an answer: what if a number were another, why not so, what is one more worth."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from starlette.responses import HTMLResponse

from r2c.cir.schema import CIR
from r2c.client.wire import Changes, Sensitivities, Wish
from r2c.formulation import Sensitivity
from r2c.supposition import WhatIf, WhyNot
from r2c.telling.amounts import key_text
from r2c.telling.sensitivity import sensitivity_told
from r2c.telling.what_if import (
    NO_PLAN,
    bound_sentences,
    conflict_lines,
    goal_sentences,
    standing_told,
    step_told,
    worth_told,
)
from r2c_api.access import Caller, caller_of
from r2c_api.documented import JOB_ID
from r2c_api.ended_jobs import answer_of, model_of
from r2c_api.endpoints import parts, suppositions
from r2c_api.page.faults import NOT_A_NUMBER
from r2c_api.page.templates import html
from r2c_api.service import Service, service_of

router = APIRouter(prefix="/jobs/{job}", include_in_schema=False)
_Service = Annotated[Service, Depends(service_of)]
_Caller = Annotated[Caller, Depends(caller_of)]
_Words = Annotated[str, Form(max_length=500)]
_MOST_MOVES = 20
_WISHES = {
    "holds": "It is so: the plan already has it.",
    "no_plan": "There is no plan to begin with.",
    "impossible": "No plan can have it.",
    "unsettled": "Whether a plan can have it was not settled in the time.",
    "as_good": "Nothing speaks against it: another plan that is as good has it.",
    "costs": "It can be had, but it costs something.",
    "improves": "It can be had, and even better: the plan was not yet the best.",
}


@dataclass(frozen=True)
class Told:
    """What comes of a supposition, in sentences."""

    title: str
    tone: str
    sentences: tuple[str, ...]
    moves: tuple[tuple[str, str, str], ...]
    more: int
    limits: tuple[str, ...]
    conflict: tuple[str, ...]


@router.post("/what-if")
async def what_if(
    job: JOB_ID,
    request: Request,
    service: _Service,
    caller: _Caller,
    what: _Words = "",
    value: _Words = "",
    words: _Words = "",
) -> Response:
    """The difference that another number makes, or a change in the language of `r2c whatif`."""
    change = words.strip() or f"{what} {_number(value)}"
    found = await suppositions.what_if(job, Changes(changes=(change,)), request, service, caller)
    told = _what_if(found, change)
    return HTMLResponse(html("parts/supposed.html", told=told))


@router.post("/why-not")
async def why_not(
    job: JOB_ID, request: Request, service: _Service, caller: _Caller, wish: _Words
) -> Response:
    """Why the plan is not as wished."""
    found = await suppositions.why_not(job, Wish(wish=wish), request, service, caller)
    return HTMLResponse(html("parts/supposed.html", told=_why_not(found)))


@router.get("/worth")
async def worth(job: JOB_ID, request: Request, service: _Service, caller: _Caller) -> Response:
    """What more or less of each number is worth, and how far that holds."""
    answer = await asyncio.to_thread(answer_of, service, caller, job)
    found = await parts.sensitivity(job, request, service, caller)
    lines = _worth(found, model_of(answer, job))
    return HTMLResponse(html("parts/worth.html", lines=lines))


def _number(value: str) -> str:
    """A number as it was typed, with a point for its decimals.

    Raises:
        InputError: R2C-B703.
    """
    written = value.strip().replace(" ", "")
    if written.count(",") == 1 and "." not in written:
        written = written.replace(",", ".")
    try:
        float(written.rstrip("%"))
    except ValueError:
        raise NOT_A_NUMBER(given=value[:80]) from None
    return written


def _what_if(found: WhatIf, title: str) -> Told:
    if found.before.has_plan and found.after.has_plan:
        sentences = tuple(goal_sentences(found))
        tone = {"better": "good", "worse": "bad"}.get(found.judgement or "", "fair")
    elif found.after.has_plan:
        tone = "good"
        now = f"Now {NO_PLAN[found.before.outcome]}"
        sentences = (f"{now}; with this change there is a plan{worth_told(found.after)}.",)
    else:
        tone = "bad"
        sentences = (
            f"There is no plan then: {NO_PLAN[found.after.outcome]}.",
            f"As it is: {standing_told(found.before)}.",
            *(f"{fault.what} {fault.remedy}" for fault in found.after.faults),
        )
    return _told(found, title, tone, sentences)


def _why_not(found: WhyNot) -> Told:
    difference = found.what_if
    sentences = [_WISHES[found.kind]]
    if difference.before.has_plan and difference.after.has_plan and found.kind != "holds":
        sentences += goal_sentences(difference)
    tone = {"holds": "good", "as_good": "good", "improves": "good", "impossible": "bad"}
    return _told(difference, found.wish, tone.get(found.kind, "fair"), tuple(sentences))


def _told(found: WhatIf, title: str, tone: str, sentences: tuple[str, ...]) -> Told:
    moves = tuple(
        (item.meaning or item.symbol.replace("_", " "), key_text(item.key), step_told(item))
        for item in found.moved[:_MOST_MOVES]
    )
    limits = (
        *bound_sentences(found.now_binding, "now binds", limits=True),
        *bound_sentences(found.no_longer_binding, "no longer binds", limits=False),
    )
    conflict = tuple(conflict_lines(found))
    return Told(
        title, tone, sentences, moves, max(0, found.moved_in_all - len(moves)), limits, conflict
    )


def _worth(found: Sensitivities, cir: CIR) -> list[tuple[str, str, str]]:
    """Rule, members and what is told of them, for each limit that matters."""
    rows: dict[str, list[Sensitivity]] = {}
    for item in found.sensitivity:
        rows.setdefault(item.row, []).append(item)
    told = (
        (items[0].rule, key_text(items[0].key), sensitivity_told(items, cir))
        for items in rows.values()
    )
    return [line for line in told if line[2]]
