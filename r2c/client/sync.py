"""The client for ordinary programs."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import TypeVar

import httpx2
from pydantic import JsonValue

from r2c.cir.schema import CIR
from r2c.client import calls, replies
from r2c.client.calls import Call
from r2c.client.connection import DEFAULT_URL, Connection
from r2c.client.patience import Patience, Trying
from r2c.client.remote_job import RemoteJob
from r2c.client.tables import Data
from r2c.client.wire import Batch, CardBrief, CardList, Job, JobEvent, JobPage
from r2c.formulation import Formulation

T = TypeVar("T")


class Client:
    """Asks the service at an address; use it as a context manager, or close it.

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
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._connection = Connection(url, key, seconds)
        self._patience = patience or Patience()
        self._http = httpx2.Client(
            base_url=url, headers=self._connection.headers, transport=transport
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all connections."""
        self._http.close()

    def formulate(
        self,
        text: str,
        data: Data = None,
        *,
        samples: int | None = None,
        title: str = "",
        seconds: float = 600.0,
    ) -> Formulation:
        """Submit a problem in words and wait for its answer; as `submit` and `RemoteJob.wait`."""
        return self.submit(text, data, samples=samples, title=title).wait(seconds)

    def submit(
        self, text: str, data: Data = None, *, samples: int | None = None, title: str = ""
    ) -> RemoteJob:
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
        return RemoteJob(self, self.perform(calls.submit(text, data, samples, title)).id)

    def solve(
        self,
        cir: CIR | Mapping[str, JsonValue] | str,
        data: Data = None,
        *,
        text: str | None = None,
        title: str = "",
    ) -> RemoteJob:
        """Submit a model, its JSON, or its text form; raises as `submit`."""
        return RemoteJob(self, self.perform(calls.solve(cir, text, data, title)).id)

    def submit_all(
        self,
        texts: Mapping[str, str],
        data: Mapping[str, Data] | None = None,
        *,
        samples: int | None = None,
    ) -> dict[str, RemoteJob]:
        """Submit many problems by their titles, all or none.

        Args:
            texts: The problems.
            data: The data of those that have some, as `submit` takes it; files go as tables.
            samples: As in `submit`.

        Raises:
            InputError: R2C-X806, there is data for no problem; further as `submit`.
        """
        made = self.perform(calls.batch(texts, data or {}, samples))
        return {job.title: RemoteJob(self, job.id) for job in made.jobs}

    def batch(self, id: str) -> Batch:
        """A batch with the states of its jobs."""
        return self.perform(calls.batch_of(id))

    def cancel_batch(self, id: str) -> Batch:
        """Cancel the jobs of a batch that have not ended; the batch as it is then."""
        return self.perform(calls.cancel_batch(id))

    def job(self, id: str) -> RemoteJob:
        """A job by its id; it is not asked for yet."""
        return RemoteJob(self, id)

    def jobs(self, limit: int = 50) -> Iterator[Job]:
        """All your jobs, the latest first; `limit` of them are fetched at a time."""
        call: Call[JobPage] | None = calls.jobs(limit)
        while call is not None:
            page = self.perform(call)
            yield from page.jobs
            call = calls.more(page)

    def cards(self, words: str = "", limit: int = 8) -> CardList:
        """Archetypes by the words of a rule; without words all of them."""
        return self.perform(calls.cards(words, limit))

    def card(self, id: str) -> dict[str, JsonValue]:
        """The card of an archetype."""
        return self.perform(calls.card(id))

    def keep_card(self, id: str, text: str) -> CardBrief:
        """Keep a card of your own, written as YAML; it takes the place of one of that id."""
        return self.perform(calls.keep_card(id, text))

    def forget_card(self, id: str) -> None:
        """Remove a card of your own; one that is not there is refused (R2C-B621)."""
        self.perform(calls.forget_card(id))

    def perform(self, call: Call[T]) -> T:
        """Ask something, again if that may help; raises as `submit`."""
        arguments = self._connection.arguments(call)
        trying = Trying(self._connection.url, self._patience)
        while True:
            try:
                answer = self._http.request(**arguments)
            except httpx2.TransportError as error:
                trying.broke_off(error)
            else:
                if not trying.passing(answer):
                    return replies.read(call, str(answer.url), answer.status_code, answer.content)
            time.sleep(trying.pause())

    def events(self, id: str, after: int = 0) -> Iterator[JobEvent]:
        """What happened to a job after an event, and what happens until its end.

        A stream that breaks off is resumed where it was; raises as `submit`.
        """
        reader = replies.EventReader(after)
        trying = Trying(self._connection.url, self._patience)
        while not reader.ended:
            try:
                with self._http.stream(**self._connection.stream(id, reader.last)) as stream:
                    if stream.status_code == 204:
                        return
                    if stream.status_code >= 400:
                        stream.read()
                        if not trying.passing(stream):
                            raise replies.refusal(
                                str(stream.url), stream.status_code, stream.content
                            )
                    else:
                        for line in stream.iter_lines():
                            for event in reader.feed(line):
                                trying.begin_anew()
                                yield event
            except httpx2.TransportError as error:
                trying.broke_off(error)
            if not reader.ended:
                time.sleep(trying.pause())
