"""Requests that are sent until they are answered, as a patient client sends them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

import httpx2

from r2c.client.patience import PASSING

_PAUSE_SECONDS = 0.5


class Asker:
    """Sends requests to processes of the service; counts what had to be sent again."""

    def __init__(self, patience: float = 300.0) -> None:
        self.again: Counter[str] = Counter()
        self._patience = patience
        self._client = httpx2.Client(timeout=120, trust_env=False)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def send(
        self, method: str, url: str, *, json: Any = None, headers: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        """The answer, whatever it is, after answers that ask for patience and broken connections.

        Raises:
            TransportError: nobody answered, to the end of the patience.
        """
        end = time.monotonic() + self._patience
        while True:
            try:
                sent = self._client.request(method, url, json=json, headers=headers)
            except httpx2.TransportError as error:
                self.again[type(error).__name__] += 1
                if time.monotonic() > end:
                    raise
            else:
                if sent.status_code not in PASSING or time.monotonic() > end:
                    return sent
                self.again[str(sent.status_code)] += 1
            time.sleep(_PAUSE_SECONDS)


class Counting(httpx2.BaseTransport):
    """The network; `failed` counts what a client has to send again, by what it was told."""

    def __init__(self) -> None:
        self.failed: Counter[str] = Counter()
        self._network = httpx2.HTTPTransport(trust_env=False)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send it, and count what came of it if that passes."""
        try:
            answer = self._network.handle_request(request)
        except httpx2.TransportError as error:
            self.failed[type(error).__name__] += 1
            raise
        if answer.status_code in PASSING:
            self.failed[str(answer.status_code)] += 1
        return answer

    def close(self) -> None:
        """Let go of the connections."""
        self._network.close()
