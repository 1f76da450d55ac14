"""How both clients reach the service: address, key, limits of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import httpx2

from r2c.client.calls import Call, events_path

T = TypeVar("T")
DEFAULT_URL = "http://127.0.0.1:8000"
STREAM_SECONDS = 60.0
"""A stream says something at least every quarter of a minute."""


@dataclass(frozen=True)
class Connection:
    """Address and key; `seconds` is what an ordinary answer may take."""

    url: str = DEFAULT_URL
    key: str | None = None
    seconds: float = 30.0

    @property
    def headers(self) -> dict[str, str]:
        """What every request says."""
        said = {"Accept": "application/json, application/problem+json, text/plain;q=0.5"}
        return said if self.key is None else said | {"Authorization": f"Bearer {self.key}"}

    def arguments(self, call: Call[T]) -> dict[str, Any]:
        """A call as `httpx2` takes it."""
        files = [("files", (file.name, file.content)) for file in call.files]
        return {
            "method": call.method,
            "url": call.path,
            "headers": dict(call.headers),
            "params": dict(call.params) or None,
            "content": call.content,
            "data": dict(call.fields) or None,
            "files": files or None,
            "timeout": httpx2.Timeout(self.seconds + call.seconds, connect=10.0),
        }

    def stream(self, job: str, after: int) -> dict[str, Any]:
        """The events of a job as `httpx2` takes the request."""
        return {
            "method": "GET",
            "url": events_path(job),
            "headers": {"Accept": "text/event-stream", "Last-Event-ID": str(after or "")},
            "timeout": httpx2.Timeout(STREAM_SECONDS, connect=10.0),
        }
