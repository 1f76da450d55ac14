"""When a request is sent again: after faults that pass, with growing, jittered pauses.

Every request may be: those that enter something carry an idempotency key.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2

from r2c.client.faults import UNREACHABLE
from r2c.client.replies import refusal

PASSING = frozenset({429, 502, 503, 504})
LONGEST_SECONDS = 60.0
"""A service that asks for a longer pause is not waited for."""


@dataclass(frozen=True)
class Patience:
    """How often and how patiently; the pause doubles from `base` seconds."""

    retries: int = 5
    base: float = 0.5

    def pause(self, tried: int, asked: float | None = None) -> float | None:
        """Seconds before the next try, None to give up.

        Args:
            tried: Tries so far, at least 1.
            asked: What the service asked for.
        """
        if tried > self.retries:
            return None
        # Half of the pause is fixed: full jitter would allow none at all.
        pause = self.base * 2 ** (tried - 1) * random.uniform(0.5, 1.0)
        pause = max(pause, asked or 0.0)
        return pause if pause <= LONGEST_SECONDS else None


def seconds_asked(header: str | None) -> float | None:
    """The pause that a header Retry-After asks for, in seconds or by a date."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


class Trying:
    """The tries of one request: what went wrong last, and how long to wait before the next."""

    def __init__(self, url: str, patience: Patience) -> None:
        self._url = url
        self._patience = patience
        self._tried = 0
        self._asked: float | None = None
        self._failed: Exception = UNREACHABLE(
            url=url, reason="the connection was closed", attempts=1
        )

    def broke_off(self, error: httpx2.TransportError) -> None:
        """There was no answer, or it broke off."""
        self._asked = None
        reason = (str(error) or type(error).__name__).rstrip(".")
        self._failed = UNREACHABLE(url=self._url, reason=reason, attempts=self._tried + 1)

    def passing(self, answer: httpx2.Response) -> bool:
        """Whether an answer, read to its end, is a refusal that may pass."""
        if answer.status_code not in PASSING:
            return False
        self._asked = seconds_asked(answer.headers.get("retry-after"))
        self._failed = refusal(str(answer.url), answer.status_code, answer.content)
        return True

    def begin_anew(self) -> None:
        """Something came of it: what went wrong before does not count any more."""
        self._tried = 0

    def pause(self) -> float:
        """Seconds to wait before the next try.

        Raises:
            ServiceError: what the service answered last, if it is not to be tried again.
            StoreError: R2C-X800, R2C-X801.
        """
        self._tried += 1
        pause = self._patience.pause(self._tried, self._asked)
        if pause is None:
            raise self._failed
        return pause
