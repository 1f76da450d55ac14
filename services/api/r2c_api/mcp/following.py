"""A job followed to its end on behalf of a host: its steps are told, and giving up cancels it."""

from __future__ import annotations

import asyncio

import anyio
from fastmcp import Context

from r2c.client.async_remote_job import AsyncRemoteJob
from r2c.client.faults import NOT_IN_TIME
from r2c.formulation import Formulation

_LAST_SECONDS = 10.0
"""What the request to cancel may take when the host has given up."""


async def followed(job: AsyncRemoteJob, context: Context, seconds: float) -> Formulation:
    """The answer of a job, with a progress notification for each of its events.

    A call that the host cancels cancels the job. One that takes too long leaves it running.

    Raises:
        JobFailed: the job came to no answer.
        StoreError: R2C-X802, the time was too short; R2C-X800, R2C-X801, the service is away.
        ServiceError: the service refuses.
    """
    try:
        try:
            async with asyncio.timeout(seconds):
                # Events that an earlier end of the job left are told as well: numbers only grow.
                told = (await job.look()).state.value
                async for event in job.events():
                    told = told if event.state is None else event.state.value
                    message = told if event.step is None else event.step.message
                    await context.report_progress(event.number, message=message)
        except TimeoutError:
            raise NOT_IN_TIME(job=job.id, seconds=seconds, state=told) from None
        return await job.wait(_LAST_SECONDS)
    except asyncio.CancelledError:
        with anyio.move_on_after(_LAST_SECONDS, shield=True):
            await job.cancel()
        raise
