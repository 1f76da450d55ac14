"""What passes is tried again, with one key and the pauses that the service asks for."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx2
import pytest

from r2c.client.calls import job
from r2c.client.faults import ServiceError
from r2c.client.patience import Patience, seconds_asked
from r2c.client.sync import Client
from r2c.client.wire import Job, JobEvent, JobState
from r2c.errors import StoreError

NOW = datetime(2026, 1, 1, tzinfo=UTC)
JOB = Job(id="abcd", kind="solve", state=JobState.QUEUED, created=NOW, updated=NOW)
BUSY = httpx2.Response(
    503,
    json={"status": 503, "code": "R2C-B607", "detail": "full", "why": "w", "remedy": "r"},
    headers={"Content-Type": "application/problem+json"},
)


def client(answer: Callable[[httpx2.Request], httpx2.Response], retries: int = 4) -> Client:
    return Client(
        "http://localhost",
        "secret",
        transport=httpx2.MockTransport(answer),
        patience=Patience(retries, base=0.001),
    )


def test_a_request_that_fails_twice_is_sent_three_times_with_one_key() -> None:
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        if len(seen) == 1:
            raise httpx2.ReadError("reset")
        if len(seen) == 2:
            return BUSY
        return httpx2.Response(202, content=JOB.model_dump_json())

    with client(answer) as asked:
        assert asked.submit("text").id == "abcd"
    assert len({request.headers["idempotency-key"] for request in seen}) == 1
    assert len({request.content for request in seen}) == 1
    assert {request.headers["authorization"] for request in seen} == {"Bearer secret"}
    with client(answer) as asked:
        asked.submit("text")
    assert len({request.headers["idempotency-key"] for request in seen}) == 2


def test_patience_ends_with_what_the_service_said_last() -> None:
    with client(lambda _: BUSY, retries=2) as asked, pytest.raises(ServiceError) as caught:
        asked.perform(job("abcd"))
    assert (caught.value.code, caught.value.status) == ("R2C-B607", 503)


def test_a_service_that_is_not_there_is_told_with_the_remedy() -> None:
    def answer(_: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    with client(answer, retries=2) as asked, pytest.raises(StoreError, match="R2C-X800") as caught:
        asked.perform(job("abcd"))
    assert "3 times" in caught.value.fault.why and "r2c serve" in caught.value.fault.remedy


def test_what_is_wrong_with_a_request_is_not_sent_again() -> None:
    seen = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(422, json={"status": 422, "code": "R2C-P001", "detail": "empty"})

    with client(answer) as asked, pytest.raises(ServiceError, match="R2C-P001"):
        asked.submit("")
    assert len(seen) == 1


@pytest.mark.parametrize(
    "said",
    [
        httpx2.Response(404, text="<html>not found</html>"),
        httpx2.Response(200, text="<html>welcome</html>"),
        httpx2.Response(200, json={"no": "job"}),
        httpx2.Response(500, text=""),
    ],
)
def test_an_answer_of_another_program_is_told_as_such(said: httpx2.Response) -> None:
    with client(lambda _: said) as asked, pytest.raises(StoreError, match="R2C-X801"):
        asked.perform(job("abcd"))


def test_the_pause_that_a_service_asks_for_is_kept_unless_it_is_too_long() -> None:
    patience = Patience(retries=3, base=0.5)
    for tried in (1, 2, 3):
        pauses = [patience.pause(tried) for _ in range(50)]
        assert all(p is not None and 2**tried / 8 <= p <= 2**tried / 4 for p in pauses)
        assert len(set(pauses)) > 1
    assert patience.pause(1, asked=7.0) == 7.0
    assert patience.pause(1, asked=3600.0) is None
    assert patience.pause(4) is None
    assert seconds_asked("12") == 12.0
    later = datetime.now(UTC) + timedelta(seconds=30)
    assert seconds_asked(format_datetime(later, usegmt=True)) == pytest.approx(30, abs=2)
    assert seconds_asked("soon") is seconds_asked(None) is None


def line(number: int, state: JobState | None = None) -> bytes:
    event = JobEvent(number=number, at=NOW, state=state)
    return f"id: {number}\nevent: x\ndata: {event.model_dump_json()}\n\n".encode()


def test_a_stream_that_breaks_off_is_resumed_and_nothing_is_told_twice() -> None:
    asked_from: list[str] = []

    class Broken(httpx2.SyncByteStream):
        def __init__(self, *parts: bytes) -> None:
            self._parts = parts

        def __iter__(self):
            yield from self._parts
            raise httpx2.ReadError("reset")

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked_from.append(request.headers["last-event-id"])
        if len(asked_from) == 1:
            return httpx2.Response(200, stream=Broken(b"retry: 1000\n\n", line(1), line(2)))
        if len(asked_from) == 2:
            return BUSY
        if len(asked_from) == 3:  # a server that was stopped ends its streams
            return httpx2.Response(200, content=line(2) + line(3))
        return httpx2.Response(200, content=line(4, JobState.SUCCEEDED))

    with client(answer) as asked:
        assert [event.number for event in asked.events("abcd")] == [1, 2, 3, 4]
    assert asked_from == ["", "2", "2", "3"]


def test_a_stream_that_never_says_anything_is_given_up() -> None:
    with (
        client(lambda _: httpx2.Response(200, content=b""), retries=2) as asked,
        pytest.raises(StoreError, match="R2C-X800"),
    ):
        list(asked.events("abcd"))


def test_a_service_that_does_not_let_wait_is_not_asked_without_pause() -> None:
    seen = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, content=JOB.model_dump_json())

    with client(answer) as asked, pytest.raises(StoreError, match="R2C-X802"):
        began = time.monotonic()
        asked.job("abcd").wait(2.0)
    assert len(seen) <= 2 + (time.monotonic() - began) / 0.5
