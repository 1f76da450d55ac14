"""Traces for OpenTelemetry: the one place that knows its names, and where its library is loaded.

Without the setting nothing is loaded and a span costs a comparison. What a span may say is a closed
list: numbers, names of models and stages, ids of jobs and codes; no words of a problem, no key.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from r2c.errors import InputError, R2CError, declare

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span as Recorded
    from opentelemetry.trace import Tracer

NOT_INSTALLED = declare(
    "R2C-B722", InputError,
    what="R2C_TELEMETRY is set, and the library for traces is not installed.",
    why="Most installations send no traces, so it is an extra.",
    remedy="Install `rule2constraint[telemetry]`, or unset R2C_TELEMETRY.",
)  # fmt: skip
Said = str | int | float | None
_NAMES = {
    "job": "r2c.job.id",
    "kind": "r2c.job.kind",
    "attempt": "r2c.job.attempt",
    "state": "r2c.job.state",
    "outcome": "r2c.outcome",
    "trust": "r2c.trust",
    "task": "r2c.solver.task",
    "rows": "r2c.solver.rows",
    "columns": "r2c.solver.columns",
    "ended": "r2c.solver.ended",
    "process": "process.pid",
    "purpose": "r2c.model.purpose",
    "operation": "gen_ai.operation.name",
    "provider": "gen_ai.provider.name",
    "model": "gen_ai.request.model",
    "choices": "gen_ai.request.choice.count",
    "temperature": "gen_ai.request.temperature",
    "max_tokens": "gen_ai.request.max_tokens",
    "seed": "gen_ai.request.seed",
    "tokens_in": "gen_ai.usage.input_tokens",
    "tokens_out": "gen_ai.usage.output_tokens",
    "tokens_cached": "gen_ai.usage.cache_read.input_tokens",
    "method": "http.request.method",
    "route": "http.route",
    "status": "http.response.status_code",
    "error": "error.type",
}
"""What a span may say, and how OpenTelemetry calls it; the `gen_ai` names are not stable yet."""
_LONGEST = 200
_PARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_given: ContextVar[str] = ContextVar("_given", default="")
_beginning = threading.Lock()
_tracer: Tracer | None = None


class Span:
    """What is under way; says nothing where no traces are sent."""

    def __init__(self, recorded: Recorded | None = None) -> None:
        self._recorded = recorded

    def say(self, **said: Said) -> None:
        """Add what is known by now; None is left out.

        Raises:
            KeyError: no span may say this.
        """
        if self._recorded is None:
            return
        for name, value in said.items():
            known = _NAMES[name]
            if value is not None:
                told = value[:_LONGEST] if isinstance(value, str) else value
                self._recorded.set_attribute(known, told)


_NOTHING = Span()


def begin(url: str | None, exporter: SpanExporter | None = None) -> None:
    """Send traces from now on; only the first call in a process does anything.

    Args:
        url: Where a collector takes OTLP over HTTP, `http://127.0.0.1:4318` say; None: nowhere.
        exporter: What takes them in its place, for tests.

    Raises:
        InputError: R2C-B722.
    """
    global _tracer
    if url is None and exporter is None:
        return
    with _beginning:
        if _tracer is None:
            _tracer = _made(url or "", exporter)


def _made(url: str, exporter: SpanExporter | None) -> Tracer:
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
    except ImportError:
        raise NOT_INSTALLED() from None
    import r2c

    named = Resource.create({"service.name": "r2c", "service.version": r2c.__version__})
    provider = TracerProvider(resource=named)
    if exporter is not None:
        provider.add_span_processor(SimpleSpanProcessor(exporter))
    else:
        sent = OTLPSpanExporter(f"{url.rstrip('/')}/v1/traces")
        provider.add_span_processor(BatchSpanProcessor(sent))
    return provider.get_tracer("r2c", r2c.__version__)


@contextmanager
def span(name: str, *, parent: str = "", **said: Said) -> Iterator[Span]:
    """Record a block, within the one that is under way here.

    Args:
        name: What is done; of a closed set, as traces are found by it.
        parent: A W3C `traceparent`, in place of the block around this one.
        said: See `Span.say`.
    """
    if _tracer is None:
        yield _NOTHING
        return
    from opentelemetry.trace import StatusCode

    started = _tracer.start_as_current_span(
        name, _context(parent), record_exception=False, set_status_on_exception=False
    )
    with started as recorded:
        made = Span(recorded)
        made.say(**said)
        try:
            yield made
        except BaseException as error:
            # By its code alone: a message may quote what a problem says.
            code = error.code if isinstance(error, R2CError) else type(error).__name__
            made.say(error=code)
            recorded.set_status(StatusCode.ERROR, code)
            raise


@contextmanager
def joined(header: str) -> Iterator[None]:
    """Let what is begun in the block belong to the trace that a `traceparent` header names."""
    token = _given.set(header if _PARENT.fullmatch(header) else "")
    try:
        yield
    finally:
        _given.reset(token)


def traceparent() -> str:
    """The block that is under way, as a `traceparent` to hand on; what was given if none is."""
    if _tracer is None:
        return _given.get()
    from opentelemetry.trace import get_current_span

    here = get_current_span().get_span_context()
    if not here.is_valid:
        return _given.get()
    return f"00-{here.trace_id:032x}-{here.span_id:016x}-{here.trace_flags:02x}"


def trace_id(parent: str) -> str:
    """The id of the trace in a `traceparent`, for logs; empty if it is none."""
    found = _PARENT.fullmatch(parent)
    return "" if found is None else found[1]


def _context(parent: str) -> Context | None:
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    return TraceContextTextMapPropagator().extract({"traceparent": parent}) if parent else None
