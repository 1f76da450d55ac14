"""What went wrong with a request to a model endpoint: any exception to one coded failure.

The openai client raises its own errors for most faults, but json.JSONDecodeError for garbage,
and wraps every connection fault in one class, so the cause chain decides.
"""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from r2c.errors import ErrorKind, R2CError
from r2c.llm.failures import (
    BROKEN_JSON,
    BROKEN_OFF,
    CONTEXT_EXCEEDED,
    INSECURE,
    KEY_REFUSED,
    NOT_A_COMPLETION,
    NOT_FOUND,
    RATE_LIMITED,
    REFUSED,
    SERVER_FAILED,
    TIMED_OUT,
    TOO_LARGE,
    UNEXPECTED_STATUS,
    UNKNOWN_HOST,
    UNREACHABLE,
)
from r2c.llm.streamed import BrokenOffError

_CONTEXT_PHRASES = (
    "context_length_exceeded",
    "exceed_context_size",
    "maximum context length",
    "context size",
    "context window",
    "max_model_len",
)


@dataclass(frozen=True)
class Target:
    """Which endpoint is asked, for messages; `secret` is cut out of whatever it says."""

    url: str
    model: str
    secret: str = ""

    def said(self, text: str) -> str:
        """What the endpoint said, on one line, at most 300 characters, without the key."""
        if self.secret:
            text = text.replace(self.secret, "***")
        line = " ".join(text.split())
        return line if len(line) <= 300 else line[:297] + "..."


@dataclass(frozen=True)
class Failure:
    """One failed request.

    Attributes:
        error: The coded error to raise.
        passing: Whether trying again can help.
        wait: Seconds that the endpoint asked to wait, if it did.
        status: The HTTP status, if there was one.
        said: What the endpoint said.
    """

    error: R2CError
    passing: bool
    wait: float | None = None
    status: int | None = None
    said: str = ""


def classify(error: Exception, target: Target, *, connect_seconds: float) -> Failure:
    """The coded failure behind an exception that a request raised.

    Anything that is neither an error of the client nor garbage from the server is a defect of
    this program, and raised again.
    """
    import httpx2
    import openai

    if isinstance(error, openai.APIStatusError):
        headers = error.response.headers
        wait = _retry_after(headers.get("retry-after-ms"), headers.get("retry-after"))
        said = target.said(_said(error))
        return _by_status(error.status_code, said, wait, target)
    if isinstance(error, openai.APITimeoutError):
        # Reading has no timeout of its own, so this is always the opening of the connection.
        reason = f"no connection within {connect_seconds:g} s"
        return Failure(UNREACHABLE(url=target.url, reason=reason), passing=True)
    if isinstance(error, openai.APIConnectionError | httpx2.HTTPError | BrokenOffError):
        return _by_cause(error, target)
    if isinstance(error, openai.APIError):  # an error in the middle of a stream
        return _by_status(500, target.said(_said(error)), None, target)
    if isinstance(error, ValueError):  # json.JSONDecodeError comes through as it is
        document = str(getattr(error, "doc", ""))
        if document.lstrip().startswith("<"):  # a web page that calls itself JSON
            said = target.said(document)
            return Failure(NOT_A_COMPLETION(url=target.url, said=said), passing=True)
        reason = target.said(str(error)).rstrip(".")
        return Failure(BROKEN_JSON(url=target.url, reason=reason), passing=True)
    raise error


def timed_out(target: Target, seconds: float) -> Failure:
    """The endpoint took longer than one request may."""
    return Failure(TIMED_OUT(url=target.url, seconds=seconds), passing=False)


def _said(error: object) -> str:
    body = getattr(error, "body", None)
    if isinstance(body, dict):
        words = [str(body[name]) for name in ("message", "code", "type") if body.get(name)]
        detail = body.get("detail")
        if words or detail:
            return " / ".join(words) if words else str(detail)
    response = getattr(error, "response", None)
    return str(getattr(response, "text", "")) or str(error)


_OWN_NUMBERS = (socket.gaierror, ssl.SSLError)
"""System errors whose number is not one of the system."""
_BROKEN_OFF = {"BrokenOffError", "ReadError", "RemoteProtocolError", "WriteError"}
_BY_STATUS: Mapping[int, tuple[ErrorKind, bool]] = {
    401: (KEY_REFUSED, False),
    403: (KEY_REFUSED, False),
    404: (NOT_FOUND, False),
    408: (SERVER_FAILED, True),
    413: (TOO_LARGE, False),
    429: (RATE_LIMITED, True),
    500: (SERVER_FAILED, True),
    502: (SERVER_FAILED, True),
    503: (SERVER_FAILED, True),
    504: (SERVER_FAILED, True),
    529: (SERVER_FAILED, True),
}
"""Failure and whether it passes, by HTTP status."""


def _by_status(status: int, said: str, wait: float | None, target: Target) -> Failure:
    if status in _BY_STATUS:
        kind, passing = _BY_STATUS[status]
    elif status >= 500:
        kind, passing = SERVER_FAILED, False
    else:
        kind, passing = (REFUSED if status >= 400 else UNEXPECTED_STATUS), False
    if status in (400, 413, 422) and any(phrase in said.lower() for phrase in _CONTEXT_PHRASES):
        kind, passing = CONTEXT_EXCEEDED, False
    told = "none" if wait is None else f"{wait:g} s"
    error = kind(url=target.url, said=said, model=target.model, status=status, wait=told)
    return Failure(error, passing, wait, status, said)


def _by_cause(error: Exception, target: Target) -> Failure:
    chain = list(_causes(error))
    names = {type(item).__name__ for item in chain}
    reason = target.said(_reason(chain)).rstrip(".")
    if any(isinstance(item, socket.gaierror) for item in chain):
        return Failure(UNKNOWN_HOST(url=target.url, reason=reason), passing=True)
    if any(isinstance(item, ssl.SSLError) for item in chain):
        return Failure(INSECURE(url=target.url, reason=reason), passing=False)
    if "DecodingError" in names:  # a compressed body that is not
        return Failure(BROKEN_JSON(url=target.url, reason=reason), passing=True)
    if names & _BROKEN_OFF:
        return Failure(BROKEN_OFF(url=target.url, reason=reason), passing=True)
    if names & {"UnsupportedProtocol", "LocalProtocolError", "TooManyRedirects", "InvalidURL"}:
        return Failure(UNREACHABLE(url=target.url, reason=reason), passing=False)
    return Failure(UNREACHABLE(url=target.url, reason=reason), passing=True)


def _reason(chain: Sequence[BaseException]) -> str:
    """What went wrong, in the system's own words where it told."""
    told = [item for item in chain if isinstance(item, OSError)]
    # What stands behind the system's error is how the client came to call it, not its cause.
    last = told[-1] if told else chain[-1]
    if isinstance(last, OSError) and last.errno is not None and not isinstance(last, _OWN_NUMBERS):
        return os.strerror(last.errno)
    return str(last) or type(last).__name__


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _retry_after(milliseconds: str | None, plain: str | None) -> float | None:
    """Seconds to wait, from either header; the plain one holds seconds or an HTTP date."""
    for text, unit in ((milliseconds, 0.001), (plain, 1.0)):
        try:
            if text is not None:
                return max(0.0, float(text) * unit)
        except ValueError:
            pass
    if plain is None:
        return None
    try:
        date = parsedate_to_datetime(plain)
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - datetime.now(UTC)).total_seconds())
