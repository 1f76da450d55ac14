"""Whatever a model server does, the call ends in bounded time with the right code."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from fake_server import (
    Act,
    FakeServer,
    StreamEnd,
    chunk,
    completion,
    disconnect,
    drip,
    hang_up,
    reply,
    silence,
    stream,
)

from r2c.errors import BudgetError, LanguageModelError, R2CError
from r2c.llm.access import Access
from r2c.llm.connect import connect
from r2c.llm.model import EndpointKind, Message, ModelInfo, Reply
from r2c.llm.openai_client import OpenAIModel
from r2c.llm.retry import Retry
from r2c.llm.spec import Capability
from r2c.settings import Settings

pytestmark = pytest.mark.timeout(20)

ASK = [Message("user", "How many?")]
SECRET = "sk-very-secret-key"


def model_at(
    url: str, *, retries: int = 0, seconds: float = 5.0, kind: EndpointKind = "openai"
) -> OpenAIModel:
    return OpenAIModel(
        Access(url, SECRET, connect_seconds=1.0, request_seconds=seconds),
        ModelInfo("m", kind, Capability.TEXT, max_samples=4),
        retry=Retry(retries, base=0.01),
        logprobs=False,
    )


def closed_port(host: str) -> str:
    """The address of an endpoint where nobody listens any more."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://{host}:{free.getsockname()[1]}/v1"


def error(status: int, message: str = "no", **headers: str) -> Act:
    return reply(status, json.dumps({"error": {"message": message}}), **headers)


FAULTS: list[tuple[str, str, Act]] = [
    ("HTML with status 200", "R2C-L011", reply(200, "<html>Welcome</html>", "text/html")),
    ("HTML called JSON", "R2C-L011", reply(200, "<html>Welcome</html>")),
    ("truncated JSON", "R2C-L012", reply(200, '{"choices": [{"index": 0, "mess')),
    ("a body that is not gzip", "R2C-L012", reply(200, "{}", content_encoding="gzip")),
    ("another JSON object", "R2C-L011", reply(200, '{"answer": 42}')),
    ("an error with status 200", "R2C-L011", reply(200, '{"error": {"message": "busy"}}')),
    ("a JSON list", "R2C-L011", reply(200, "[1, 2]")),
    ("a JSON number", "R2C-L011", reply(200, "7")),
    ("JSON null", "R2C-L011", reply(200, "null")),
    ("empty choices", "R2C-L013", reply(200, '{"choices": []}')),
    ("choices of null", "R2C-L011", reply(200, '{"choices": null}')),
    ("key refused", "R2C-L005", error(401)),
    ("no permission", "R2C-L005", error(403)),
    ("unknown model", "R2C-L006", error(404, "model m does not exist")),
    ("body too large", "R2C-L007", error(413)),
    ("request refused", "R2C-L008", error(422)),
    ("rate limit", "R2C-L009", error(429)),
    ("server error", "R2C-L010", error(500)),
    ("bad gateway as HTML", "R2C-L010", reply(502, "<html>Bad gateway</html>", "text/html")),
    ("odd server error", "R2C-L010", error(507)),
    ("a redirect to nowhere", "R2C-L017", reply(304, "")),
    ("context too long, llama.cpp", "R2C-L014", error(400, "exceeds the available context size")),
    ("context too long, OpenAI", "R2C-L014", error(400, "maximum context length is 8192 tokens")),
    ("hang up", "R2C-L015", hang_up),
    ("disconnect in the body", "R2C-L015", disconnect),
    ("silence", "R2C-L003", silence),
    ("slow drip", "R2C-L003", drip),
]


@pytest.mark.parametrize("kind", ["openai", "llama.cpp"])
@pytest.mark.parametrize(("code", "act"), [pytest.param(c, a, id=n) for n, c, a in FAULTS])
async def test_every_bad_reply_is_a_coded_error_in_bounded_time(
    code: str, act: Act, kind: EndpointKind
) -> None:
    with FakeServer(act) as server:
        started = time.monotonic()
        seconds = 0.5 if code == "R2C-L003" else 60
        with pytest.raises(LanguageModelError) as caught:
            await model_at(server.url, seconds=seconds, kind=kind).complete(ASK, None, max_tokens=5)
        assert caught.value.code == code
        assert time.monotonic() - started < 30
        assert caught.value.fault.remedy


FIRST = chunk(0, "4")
STREAM_FAULTS: list[tuple[str, str, Act]] = [
    ("nothing", "R2C-L013", stream(end="close")),
    ("no choice", "R2C-L013", stream('{"choices": []}')),
    ("a choice without end", "R2C-L015", stream(FIRST)),
    ("a choice without end, and closed", "R2C-L015", stream(FIRST, end="close")),
    ("one of two without end", "R2C-L015", stream(FIRST, chunk(1, "2", "stop"))),
    ("an abort in the middle", "R2C-L015", stream(FIRST, end="abort")),
    ("an error in the middle", "R2C-L010", stream(FIRST, '{"error": {"message": "no memory"}}')),
    ("garbage in the middle", "R2C-L012", stream(FIRST, "{broken")),
    ("silence in the middle", "R2C-L003", stream(FIRST, end="silence")),
    ("drip without end", "R2C-L003", stream(FIRST, end="drip")),
]


@pytest.mark.parametrize(("code", "act"), [pytest.param(c, a, id=n) for n, c, a in STREAM_FAULTS])
async def test_every_bad_stream_is_a_coded_error_in_bounded_time(code: str, act: Act) -> None:
    with FakeServer(act) as server:
        started = time.monotonic()
        seconds = 0.5 if code == "R2C-L003" else 60
        model = model_at(server.url, seconds=seconds, kind="llama.cpp")
        with pytest.raises(LanguageModelError) as caught:
            await model.complete(ASK, None, max_tokens=5)
        assert time.monotonic() - started < 30
    assert caught.value.code == code


@pytest.mark.parametrize("end", ["silence", "drip"])
async def test_a_cancelled_stream_is_closed_at_once(end: StreamEnd) -> None:
    with FakeServer(stream(FIRST, end=end)) as server:
        model = model_at(server.url, kind="llama.cpp")
        call: Coroutine[None, None, Reply[str]] = model.complete(ASK, None, max_tokens=5)
        task = asyncio.create_task(call)
        while not server.requests:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(server.gone.wait, 2)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_nobody_listening_is_told_as_the_refusal_it_is(host: str) -> None:
    with pytest.raises(LanguageModelError) as caught:
        await model_at(closed_port(host), retries=1).complete(ASK, None, max_tokens=5)
    assert caught.value.code == "R2C-L001"
    assert caught.value.fault.why == "The connection failed: Connection refused."


def test_connecting_to_a_closed_port_is_told_as_the_refusal_it_is() -> None:
    with pytest.raises(LanguageModelError) as caught:
        connect(Settings(model=closed_port("127.0.0.1")))
    assert caught.value.code == "R2C-L001"
    assert caught.value.fault.why == "The connection failed: Connection refused."


async def test_connecting_inside_an_event_loop_tells_the_same() -> None:
    with pytest.raises(LanguageModelError, match="Connection refused"):
        connect(Settings(model=f"{closed_port('127.0.0.1')}#m"))
    with pytest.raises(LanguageModelError, match="Connection refused"):
        await asyncio.to_thread(connect, Settings(model=closed_port("127.0.0.1")))


async def test_an_unknown_host_is_a_coded_error() -> None:
    with pytest.raises(LanguageModelError) as caught:
        await model_at("http://no-such-host.invalid/v1").complete(ASK, None, max_tokens=5)
    assert caught.value.code == "R2C-L002"


async def test_a_connection_that_never_opens_is_a_coded_error() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        # The queue of a listener that never accepts holds one connection or two; then it blocks.
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        with pytest.raises(LanguageModelError) as caught:
            await model_at(f"http://127.0.0.1:{port}/v1").complete(ASK, None, max_tokens=5)
        for one in waiting:
            one.close()
    assert caught.value.code == "R2C-L001"
    assert "1 s" in caught.value.fault.why


async def test_plain_http_where_tls_is_asked_is_a_coded_error() -> None:
    async def speak_plainly(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(speak_plainly, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(LanguageModelError) as caught:
            await model_at(f"https://127.0.0.1:{port}/v1").complete(ASK, None, max_tokens=5)
    assert caught.value.code == "R2C-L016"


@pytest.mark.parametrize("act", [silence, drip], ids=["silence", "slow drip"])
async def test_the_deadline_of_the_job_ends_the_call(act: Act) -> None:
    with FakeServer(act) as server:
        started = time.monotonic()
        with pytest.raises(BudgetError) as caught:
            patient = model_at(server.url, seconds=60)
            await patient.complete(ASK, None, max_tokens=5, deadline=started + 0.3)
        assert time.monotonic() - started < 20
    assert caught.value.code == "R2C-L004"


async def test_a_deadline_already_past_sends_nothing() -> None:
    with FakeServer(completion("7")) as server:
        with pytest.raises(BudgetError) as caught:
            await model_at(server.url).complete(
                ASK, None, max_tokens=5, deadline=time.monotonic() - 1
            )
        assert server.requests == []
    assert caught.value.code == "R2C-L004"


@pytest.mark.parametrize(
    "act",
    [error(500), error(503), error(429), hang_up, reply(200, "<html>", "text/html")],
    ids=["500", "503", "429", "hang up", "HTML"],
)
async def test_a_passing_fault_is_tried_again_and_counted(act: Act) -> None:
    with FakeServer(act, act, completion("7")) as server:
        answer: Reply[str] = await model_at(server.url, retries=2).complete(ASK, None, max_tokens=5)
    assert [candidate.text for candidate in answer.candidates] == ["7"]
    assert answer.usage.calls == 3


@pytest.mark.parametrize("act", [error(401), error(404), error(422)], ids=["401", "404", "422"])
async def test_a_lasting_fault_is_not_tried_again(act: Act) -> None:
    with FakeServer(act) as server:
        with pytest.raises(LanguageModelError):
            await model_at(server.url, retries=2).complete(ASK, None, max_tokens=5)
        assert len(server.requests) == 1


async def test_tries_end() -> None:
    with FakeServer(error(500)) as server:
        with pytest.raises(LanguageModelError) as caught:
            await model_at(server.url, retries=2).complete(ASK, None, max_tokens=5)
        assert len(server.requests) == 3
    assert caught.value.code == "R2C-L010"


def http_date(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("headers", "at_least"),
    [
        ({"retry_after": "0.4"}, 0.4),
        ({"retry_after_ms": "400"}, 0.4),
        ({"retry_after": "soon"}, 0.0),
        ({"retry_after": http_date(-5)}, 0.0),
    ],
    ids=["seconds", "milliseconds", "nonsense", "a date gone by"],
)
async def test_the_pause_that_the_server_asks_for_is_kept(
    headers: dict[str, str], at_least: float
) -> None:
    with FakeServer(error(429, **headers), completion("7")) as server:
        started = time.monotonic()
        await model_at(server.url, retries=1).complete(ASK, None, max_tokens=5)
        assert at_least <= time.monotonic() - started < at_least + 8


@pytest.mark.parametrize("wait", ["30", "86400", http_date(3600)], ids=["30", "86400", "a date"])
async def test_a_pause_longer_than_the_deadline_is_not_waited_for(wait: str) -> None:
    with FakeServer(error(429, retry_after=wait), completion("7")) as server:
        started = time.monotonic()
        with pytest.raises(LanguageModelError) as caught:
            await model_at(server.url, retries=3).complete(
                ASK, None, max_tokens=5, deadline=started + 25
            )
        assert time.monotonic() - started < 20
    assert caught.value.code == "R2C-L009"


async def test_a_cancelled_call_closes_its_connection() -> None:
    with FakeServer(silence) as server:
        call: Coroutine[None, None, Reply[str]]
        call = model_at(server.url).complete(ASK, None, max_tokens=5)
        task = asyncio.create_task(call)
        while not server.requests:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(server.gone.wait, 2)


async def test_the_key_never_appears_in_a_message() -> None:
    with FakeServer(error(401, f"Incorrect API key provided: {SECRET}")) as server:
        with pytest.raises(R2CError) as caught:
            await model_at(server.url).complete(ASK, None, max_tokens=5)
        assert f"Bearer {SECRET}" in server.heads[0]
    assert SECRET not in caught.value.fault.model_dump_json()
    assert "***" in str(caught.value)


def test_one_model_serves_one_event_loop_after_another() -> None:
    with FakeServer(completion("7")) as server:
        model = model_at(server.url)
        for _ in range(3):
            answer: Reply[str] = asyncio.run(model.complete(ASK, None, max_tokens=5))
            assert answer.candidates[0].text == "7"
