"""Traces tell what a job did and what it cost, and nothing that a problem says."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import SecretStr
from readers import BAKERY
from watched import Open, state_of

from r2c import telemetry
from r2c.errors import InputError
from r2c.llm.testing import ScriptedModel
from r2c.pipeline.api import aformulate
from r2c.settings import Settings

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TRACE = PARENT.split("-")[1]


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """What a process that sends traces has sent."""
    monkeypatch.setattr(telemetry, "_tracer", None)
    exporter = InMemorySpanExporter()
    telemetry.begin(None, exporter)
    return exporter


def chain(span: ReadableSpan, all_of_them: tuple[ReadableSpan, ...]) -> list[str]:
    """The names from a span up to its root."""
    by_id = {item.context.span_id: item for item in all_of_them if item.context is not None}
    names = [span.name]
    while span.parent is not None and span.parent.span_id in by_id:
        span = by_id[span.parent.span_id]
        names.append(span.name)
    return names


async def test_calls_of_the_model_and_solves_lie_within_their_stage_and_job(
    spans: InMemorySpanExporter, settings: Settings
) -> None:
    hidden = settings.model_copy(update={"api_key": SecretStr("sekrit")})
    answer = await aformulate(BAKERY.text, settings=hidden, model=BAKERY.model())
    sent = spans.get_finished_spans()
    chains = {tuple(chain(span, sent)) for span in sent}
    assert ("chat", "stage decide", "formulate") in chains
    assert ("chat", "stage read", "formulate") in chains
    assert ("solve", "stage verify", "formulate") in chains  # in a thread of its own
    assert ("solve", "stage conclude", "formulate") in chains
    chat = next(span for span in sent if span.name == "chat")
    assert chat.attributes is not None
    assert chat.attributes["gen_ai.operation.name"] == "chat"
    assert chat.attributes["gen_ai.request.model"] == "scripted"
    assert chat.attributes["gen_ai.request.choice.count"] == 3
    calls = [span.attributes or {} for span in sent if span.name == "chat"]
    total = sum(int(str(call["gen_ai.usage.output_tokens"])) for call in calls)
    assert total == answer.usage.completion_tokens
    told = " ".join(span.to_json() for span in sent)
    assert answer.problem.text.split()[1] == "bakery"
    for word in ("bakery", "buns", "cakes", "oven", "earnings", "sekrit"):
        assert word not in told


async def test_a_failure_is_told_by_its_code_without_its_words(
    spans: InMemorySpanExporter, settings: Settings
) -> None:
    mute = ScriptedModel(lambda _: InputError(BAKERY_FAULT))
    with pytest.raises(InputError):
        await aformulate(BAKERY.text, settings=settings, model=mute)
    sent = spans.get_finished_spans()
    failed = [span for span in sent if span.name in ("chat", "stage decide", "formulate")]
    assert {(span.attributes or {})["error.type"] for span in failed} == {"R2C-B722"}
    told = " ".join(span.to_json() for span in sent)
    assert "bakery" not in told and "R2C_TELEMETRY" not in told and not any(s.events for s in sent)


BAKERY_FAULT = telemetry.NOT_INSTALLED.fault()


@pytest.mark.parametrize("sending", [True, False])
async def test_a_job_joins_the_trace_that_asked_for_it_and_logs_tell_both_ids(
    sending: bool,
    monkeypatch: pytest.MonkeyPatch,
    service_open: Open,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(telemetry, "_tracer", None)
    exporter = InMemorySpanExporter()
    telemetry.begin(None, exporter if sending else None)
    async with service_open(BAKERY.model()) as (client, _):
        made = await client.post(
            "/v1/formulations", json={"text": BAKERY.text}, headers={"traceparent": PARENT}
        )
        job = made.json()["id"]
        await state_of(client, job, "succeeded")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    begun = next(line for line in lines if line["event"] == "begun")
    assert (begun["job"], begun["trace_id"]) == (job, TRACE)
    asked = next(line for line in lines if line.get("method") == "POST")
    assert asked["trace_id"] == TRACE
    sent = exporter.get_finished_spans()
    if not sending:
        assert sent == ()
        return
    assert {f"{span.context.trace_id:032x}" for span in sent if span.context} == {TRACE}
    solve = next(span for span in sent if span.name == "solve")
    assert chain(solve, sent)[1:] == ["stage verify", "formulate", "job", "request"]
    told = next(span for span in sent if span.name == "job").attributes or {}
    assert told["r2c.job.id"] == job and told["r2c.outcome"] == "optimal"


@pytest.mark.parametrize("header", ["", "00-0-0-01", PARENT + "x", PARENT.replace(TRACE, "0" * 32)])
def test_what_is_no_traceparent_is_not_handed_on(
    header: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telemetry, "_tracer", None)
    with telemetry.joined(header):
        assert telemetry.traceparent() == ""
    with telemetry.joined(PARENT):
        assert telemetry.traceparent() == PARENT


def test_a_span_can_say_nothing_that_is_not_on_the_list(spans: InMemorySpanExporter) -> None:
    with telemetry.span("solve") as span, pytest.raises(KeyError):
        span.say(text="a bakery")


@pytest.fixture
def collector() -> Iterator[tuple[str, list[ExportTraceServiceRequest]]]:
    """A receiver of OTLP over HTTP on the loopback address."""
    got: list[ExportTraceServiceRequest] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            assert self.path == "/v1/traces"
            got.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", got
    server.shutdown()
    thread.join()
    server.server_close()


def run(words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", words], capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


SOLVED = """
import sys
import r2c
answer = r2c.solve({"decisions": [{"name": "x"}], "rules": [{"id": "a", "operands":
    {"relation": "x <= 4"}}], "objectives": [{"sense": "max", "expr": "x"}]})
assert answer.objective == 4
"""


def test_a_collector_gets_the_spans_of_a_process_before_its_end(
    collector: tuple[str, list[ExportTraceServiceRequest]],
) -> None:
    url, got = collector
    run(f"from r2c import telemetry; telemetry.begin({url!r})\n{SOLVED}")
    found = [
        span
        for request in got
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    assert found and {span.name for span in found} == {"solve"}
    resource = got[0].resource_spans[0].resource
    assert ("service.name", "r2c") in {(a.key, a.value.string_value) for a in resource.attributes}


def test_without_the_setting_the_library_for_traces_is_not_loaded() -> None:
    run(f"{SOLVED}\nassert not any(n.startswith('opentelemetry') for n in sys.modules)")


def test_a_setting_without_the_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telemetry, "_tracer", None)
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(InputError, match="R2C-B722"):
        telemetry.begin("http://127.0.0.1:9")
