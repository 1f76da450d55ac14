"""The tools: each asks the service through its client, so all of its limits hold for them too."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated

from fastmcp import Context
from pydantic import Field, JsonValue, SkipValidation

from r2c.cir.text import write_text
from r2c.client import calls
from r2c.client.asynchronous import AsyncClient
from r2c.client.wire import (
    MOST_REPLIES,
    TEXT_LIMIT,
    CardList,
    Label,
    Replies,
    Sensitivities,
    TableData,
)
from r2c.client.wire import Job as Entered
from r2c.supposition import WhatIf, WhyNot
from r2c_api.mcp.faults import refusing
from r2c_api.mcp.following import followed
from r2c_api.mcp.records import Answer, Explanation, answer_of

Clients = Callable[[], AbstractAsyncContextManager[AsyncClient]]
"""Gives the client of whoever calls."""
Job = Annotated[str, Field(max_length=64, description="The `job` of an earlier answer.")]
Tables = Annotated[
    dict[str, SkipValidation[TableData]],
    Field(description="Tables by name, each as rows or as columns."),
]
"""Looked at by the endpoint that takes them, in a thread of its own."""
Seconds = Annotated[
    float,
    Field(gt=0, le=3600, description="How long to wait; the job goes on after that."),
]


class Tools:
    """What a host of language models can ask R2C for."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    @refusing
    async def formulate(
        self,
        context: Context,
        text: Annotated[str, Field(max_length=TEXT_LIMIT, description="The problem in words.")],
        tables: Tables | None = None,
        samples: Annotated[int | None, Field(ge=1, le=64)] = None,
        title: Label = "",
        wait_seconds: Seconds = 600.0,
    ) -> Answer:
        """Turn a decision problem in words, with its tables, into a solved and judged model.

        The outcome is what the mathematics said, the trust how far that may be believed. Ask the
        planner what `questions` asks, and give the replies to `answer_questions`.
        """
        async with self._clients() as client:
            call = await asyncio.to_thread(calls.submit, text, tables, samples, title)
            return await _answered(client, call, context, wait_seconds)

    @refusing
    async def solve(
        self,
        context: Context,
        cir: Annotated[
            dict[str, JsonValue] | Annotated[str, Field(max_length=1_000_000)],
            Field(description="The model: a CIR as JSON, or its text form."),
        ],
        tables: Tables | None = None,
        text: Annotated[
            str | None,
            Field(max_length=TEXT_LIMIT, description="The words it was made from, to check it by."),
        ] = None,
        title: Label = "",
        wait_seconds: Seconds = 600.0,
    ) -> Answer:
        """Solve and judge a model that is given; no language model is asked."""
        async with self._clients() as client:
            call = await asyncio.to_thread(calls.solve, cir, text, tables, title)
            return await _answered(client, call, context, wait_seconds)

    @refusing
    async def get_answer(self, context: Context, job: Job, wait_seconds: Seconds = 600.0) -> Answer:
        """The answer of a job that went on after the time to wait for it."""
        async with self._clients() as client:
            found = client.job(job)
            if (await found.look()).state.ended:
                return answer_of(job, await found.wait())
            return answer_of(job, await followed(found, context, wait_seconds, owned=False))

    @refusing
    async def answer_questions(
        self,
        context: Context,
        job: Job,
        answers: Annotated[
            Replies,
            Field(
                min_length=1,
                max_length=MOST_REPLIES,
                description="By the ids of the questions: the value of an option, or a number.",
            ),
        ],
        wait_seconds: Seconds = 600.0,
    ) -> Answer:
        """Answer questions of a job; it goes on with all that it has read."""
        async with self._clients() as client:
            found = client.job(job)
            await found.answer(answers)
            return answer_of(job, await followed(found, context, wait_seconds))

    @refusing
    async def explain(self, job: Job) -> Explanation:
        """The rules with the words they come from, every check, and what numbers are worth."""
        async with self._clients() as client:
            found = client.job(job)
            verdict = await found.verdict()
            model = write_text(await found.cir())
            planned = verdict.outcome in ("optimal", "feasible")
            worth = await found.sensitivity() if planned else Sensitivities()
            return Explanation(job=job, model=model, verdict=verdict, worth=worth)

    @refusing
    async def what_if(
        self,
        job: Job,
        changes: Annotated[
            list[Annotated[str, Field(max_length=500)]],
            Field(
                min_length=1,
                max_length=50,
                fail_fast=True,
                description="Such as `capacity = 120`, `sentence 4: 100 -> 120`, `without r3`.",
            ),
        ],
    ) -> WhatIf:
        """What would become different if numbers, rules or decisions were others."""
        async with self._clients() as client:
            return await client.job(job).what_if(*changes)

    @refusing
    async def why_not(
        self,
        job: Job,
        wish: Annotated[
            str, Field(max_length=500, description="A relation over decisions: `loaves >= 31`.")
        ],
    ) -> WhyNot:
        """Why the plan is not as wished: what it would cost, or which rules stand against it."""
        async with self._clients() as client:
            return await client.job(job).why_not(wish)

    @refusing
    async def search_cards(
        self,
        words: Annotated[str, Field(max_length=2000, description="A rule in words.")] = "",
        limit: Annotated[int, Field(ge=1, le=50)] = 8,
    ) -> CardList:
        """The kinds of rules that R2C knows, the likeliest first; without words all of them."""
        async with self._clients() as client:
            return await client.cards(words, limit if words else 1000)

    @refusing
    async def show_card(
        self, id: Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
    ) -> dict[str, JsonValue]:
        """One kind of rule: meaning, cues, roles, ways to write it, usual errors, examples."""
        async with self._clients() as client:
            return await client.perform(calls.card(id))


async def _answered(
    client: AsyncClient, call: calls.Call[Entered], context: Context, seconds: float
) -> Answer:
    job = client.job((await client.perform(call)).id)
    return answer_of(job.id, await followed(job, context, seconds))
