"""The client for asynchronous programs; all but the waiting is shared with the other one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import TypeVar

import httpx2
from pydantic import JsonValue

from r2c.cir.schema import CIR
from r2c.client import calls, replies
from r2c.client.async_remote_job import AsyncRemoteJob
from r2c.client.calls import Call
from r2c.client.connection import DEFAULT_URL, Connection
from r2c.client.patience import Patience, Trying
from r2c.client.tables import Data
from r2c.client.wire import Batch, CardBrief, CardList, Job, JobEvent, JobPage
from r2c.formulation import Formulation

T = TypeVar("T")


class AsyncClient:
    """`Client` for asynchronous programs; use it as a context manager, or close it.

    Faults that pass are tried again with growing pauses, and nothing is done twice by that.

    Args:
        url: Where the service is.
        key: An API key, if the service asks for one.
        seconds: What an ordinary answer may take.
        patience: How often and how patiently requests are sent again.
        transport: In place of the network, for tests.
    """

    def __init__(
        self,
        url: str = DEFAULT_URL,
        key: str | None = None,
        *,
        seconds: float = 30.0,
        patience: Patience | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._connection = Connection(url, key, seconds)
        self._patience = patience or Patience()
        self._http = httpx2.AsyncClient(
            base_url=url, headers=self._connection.headers, transport=transport
        )

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Let go of all connections."""
        await self._http.aclose()

    async def formulate(
        self,
        text: str,
        data: Data = None,
        *,
        samples: int | None = None,
        title: str = "",
        seconds: float = 600.0,
    ) -> Formulation:
        """Submit a problem in words and wait for its answer; as `submit` and its `wait`."""
        job = await self.submit(text, data, samples=samples, title=title)
        return await job.wait(seconds)

    async def submit(
        self, text: str, data: Data = None, *, samples: int | None = None, title: str = ""
    ) -> AsyncRemoteJob:
        """Submit a problem in words.

        Args:
            text: The problem.
            data: Tables by name (rows, columns, DataFrames, paths), or paths of files.
            samples: Readings sampled for the vote, in place of the service's setting.
            title: A name for people.

        Raises:
            ServiceError: the service refuses it; `fault` says why.
            StoreError: R2C-X800, R2C-X801, the service cannot be reached.
        """
        return AsyncRemoteJob(
            self, (await self.perform(calls.submit(text, data, samples, title))).id
        )

    async def solve(
        self,
        cir: CIR | Mapping[str, JsonValue] | str,
        data: Data = None,
        *,
        text: str | None = None,
        title: str = "",
    ) -> AsyncRemoteJob:
        """Submit a model, its JSON, or its text form; raises as `submit`."""
        return AsyncRemoteJob(self, (await self.perform(calls.solve(cir, text, data, title))).id)

    async def submit_all(
        self,
        texts: Mapping[str, str],
        data: Mapping[str, Data] | None = None,
        *,
        samples: int | None = None,
    ) -> dict[str, AsyncRemoteJob]:
        """Submit many problems by their titles, all or none.

        Args:
            texts: The problems.
            data: The data of those that have some, as `submit` takes it; files go as tables.
            samples: As in `submit`.

        Raises:
            InputError: R2C-X806, there is data for no problem; further as `submit`.
        """
        made = await self.perform(calls.batch(texts, data or {}, samples))
        return {job.title: AsyncRemoteJob(self, job.id) for job in made.jobs}

    async def batch(self, id: str) -> Batch:
        """A batch with the states of its jobs."""
        return await self.perform(calls.batch_of(id))

    async def cancel_batch(self, id: str) -> Batch:
        """Cancel the jobs of a batch that have not ended; the batch as it is then."""
        return await self.perform(calls.cancel_batch(id))

    def job(self, id: str) -> AsyncRemoteJob:
        """A job by its id; it is not asked for yet."""
        return AsyncRemoteJob(self, id)

    async def jobs(self, limit: int = 50) -> AsyncIterator[Job]:
        """All your jobs, the latest first; `limit` of them are fetched at a time."""
        call: Call[JobPage] | None = calls.jobs(limit)
        while call is not None:
            page = await self.perform(call)
            for job in page.jobs:
                yield job
            call = calls.more(page)

    async def cards(self, words: str = "", limit: int = 8) -> CardList:
        """Archetypes by the words of a rule; without words all of them."""
        return await self.perform(calls.cards(words, limit))

    async def card(self, id: str) -> dict[str, JsonValue]:
        """The card of an archetype."""
        return await self.perform(calls.card(id))

    async def keep_card(self, id: str, text: str) -> CardBrief:
        """Keep a card of your own, written as YAML; it takes the place of one of that id."""
        return await self.perform(calls.keep_card(id, text))

    async def forget_card(self, id: str) -> None:
        """Remove a card of your own; one that is not there is refused (R2C-B621)."""
        await self.perform(calls.forget_card(id))

    async def perform(self, call: Call[T]) -> T:
        """Ask something, again if that may help; raises as `submit`."""
        arguments = self._connection.arguments(call)
        trying = Trying(self._connection.url, self._patience)
        while True:
            try:
                answer = await self._http.request(**arguments)
            except httpx2.TransportError as error:
                trying.broke_off(error)
            else:
                if not trying.passing(answer):
                    return replies.read(call, str(answer.url), answer.status_code, answer.content)
            await asyncio.sleep(trying.pause())

    async def events(self, id: str, after: int = 0) -> AsyncIterator[JobEvent]:
        """What happened to a job after an event, and what happens until its end.

        A stream that breaks off is resumed where it was; raises as `submit`.
        """
        reader = replies.EventReader(after)
        trying = Trying(self._connection.url, self._patience)
        while not reader.ended:
            try:
                async with self._http.stream(**self._connection.stream(id, reader.last)) as stream:
                    if stream.status_code == 204:
                        return
                    if stream.status_code >= 400:
                        await stream.aread()
                        if not trying.passing(stream):
                            raise replies.refusal(
                                str(stream.url), stream.status_code, stream.content
                            )
                    else:
                        async for line in stream.aiter_lines():
                            for event in reader.feed(line):
                                trying.begin_anew()
                                yield event
            except httpx2.TransportError as error:
                trying.broke_off(error)
            if not reader.ended:
                await asyncio.sleep(trying.pause())
