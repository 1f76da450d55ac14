"""What tests of the service ask again and again."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx2

from r2c.llm.testing import ScriptedModel
from r2c_api.service import Service

Opened = AbstractAsyncContextManager[tuple[httpx2.AsyncClient, Service]]
Open = Callable[..., Opened]
"""Opens the real app, with another model or other settings if wanted."""


class Silent(ScriptedModel):
    """A model that says nothing until its call is cancelled."""

    def __init__(self) -> None:
        super().__init__([])
        self.asked = self.stopped = False

    async def complete(self, *_: Any, **__: Any) -> Any:
        self.asked = True
        try:
            await asyncio.sleep(600)
        except asyncio.CancelledError:
            self.stopped = True
            raise


async def state_of(client: httpx2.AsyncClient, job: str, *wanted: str, seconds: float = 120) -> Any:
    """The job once it is in one of the states that are wanted."""
    end = time.monotonic() + seconds
    while True:
        found = (await client.get(f"/v1/formulations/{job}")).json()
        if found["state"] in wanted:
            return found
        assert time.monotonic() < end, found
        await asyncio.sleep(0.05)


def told(text: str) -> list[tuple[int, str, Any]]:
    """The events of a stream: number, kind, data."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "data" in fields:
            found.append((int(fields["id"]), fields["event"], json.loads(fields["data"])))
    return found


def is_problem(response: httpx2.Response, status: int, code: str) -> Any:
    """The problem of a response, which has to be of a kind."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert (body["status"], body["code"]) == (status, code), body
    assert body["type"] == f"urn:r2c:error:{code}"
    assert body["title"] and body["detail"] and body["why"] and body["remedy"]
    return body
