"""The servers behind the proxy: the least busy one is next, one that fails is left out.

A replica that cannot be reached is out at once and comes back when its `/health` answers again. A
bad status leaves it in: a request that one replica cannot bear must not take all of them out.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from r2c.errors import InputError, R2CError, declare
from r2c.llm.least_busy import LeastBusy, Place
from r2c_inference.proxy.metrics import Metrics
from r2c_inference.proxy.problem import NOBODY

BAD_ADDRESS = declare(
    "R2C-I031", InputError,
    what="{text!r} is no address of a model server.",
    why="{reason}.",
    remedy="Write http(s)://host:port, as the server says it; keys go to --upstream-key.",
)  # fmt: skip

HEALTH_SECONDS = 2.0
"""Between two looks at the replicas."""
CONNECT_SECONDS = 5.0
MISSES = 3
"""Looks without an answer until a replica is out; a machine under load may miss one."""


@dataclass(frozen=True)
class Address:
    """Where a server listens: at an address, or on a Unix socket of this machine."""

    url: str
    socket: Path | None = None


def read_address(text: str) -> Address:
    """The address of a server that runs elsewhere.

    Raises:
        InputError: R2C-I031.
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise BAD_ADDRESS(text=text, reason=str(error).rstrip(".")) from error
    if parts.username or parts.password:
        shown = text.replace(parts.netloc, "***@" + parts.netloc.rpartition("@")[2])
        raise BAD_ADDRESS(text=shown, reason="A key inside it would end up in logs")
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise BAD_ADDRESS(text=text, reason="It is not http(s)://host[:port]")
    if parts.query or parts.fragment:
        raise BAD_ADDRESS(text=text, reason="It has a query or a fragment")
    return Address(text.rstrip("/").removesuffix("/v1"))


class Replica:
    """A server as the proxy sees it."""

    def __init__(self, name: str, address: Address, key: str) -> None:
        """No connection is made yet."""
        self.name = name
        self.misses = 0
        transport = None
        if address.socket is not None:
            transport = httpx2.AsyncHTTPTransport(uds=str(address.socket))
        self.client = httpx2.AsyncClient(
            base_url=address.url,
            transport=transport,
            headers={"authorization": f"Bearer {key}"} if key else {},
            # A whole request has its limit where it is made; here only connecting has one.
            timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS),
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=16),
            trust_env=False,  # no proxy may come between, nor a key from a file of the user
        )

    async def healthy(self) -> bool:
        """Whether its `/health` answers."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                reply = await self.client.get("/health")
        except (httpx2.HTTPError, OSError, TimeoutError):
            return False
        return reply.status_code == 200


class Replicas:
    """All of them."""

    def __init__(
        self, addresses: Sequence[Address], metrics: Metrics, *, key: str = "", busy: int = 64
    ) -> None:
        """None is in before `look` found it well.

        Args:
            addresses: Where they are.
            metrics: What is counted.
            key: What they want to be shown; empty if nothing.
            busy: Most requests that one gets at the same time.
        """
        self._metrics = metrics
        self._busy = busy
        made = [Replica(str(number), each, key) for number, each in enumerate(addresses)]
        self._shared = LeastBusy(made)
        for place in self._shared.places:
            self._leave_out(place)
            metrics.busy.labels(place.item.name).set_function(partial(_busy, place))
            metrics.ready.labels(place.item.name).set_function(partial(_ready, place))

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._shared.places)

    @property
    def ready(self) -> int:
        """How many can answer."""
        return sum(not place.rests for place in self._shared.places)

    def chosen(
        self, beginning: str, without: Sequence[Place[Replica]] = ()
    ) -> Place[Replica] | None:
        """The replica for a request; None if all are out or have all that they take."""
        place = self._shared.chosen(beginning, without=without, resting=False)
        return place if place is not None and place.busy < self._busy else None

    def nobody(self, said: str = "") -> R2CError:
        """That none can answer now, and why.

        Args:
            said: What one said of itself, if that is the reason.
        """
        waiting = "the others start or rest" if self.ready < self.count else "all are full"
        return NOBODY(ready=self.ready, count=self.count, reason=said or waiting)

    def eject(self, place: Place[Replica]) -> None:
        """Leave a replica out until it is well again."""
        if not place.rests:
            self._metrics.ejected.labels(place.item.name).inc()
        self._leave_out(place)

    async def look(self) -> None:
        """Look at each replica once: who is well is in, who is not is out."""
        await asyncio.gather(*(self._look_at(place) for place in self._shared.places))

    async def watch(self) -> None:
        """Look at them again and again; ends when it is cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(HEALTH_SECONDS)

    async def close(self) -> None:
        """Close all connections."""
        for place in self._shared.places:
            await place.item.client.aclose()

    async def _look_at(self, place: Place[Replica]) -> None:
        if await place.item.healthy():
            place.item.misses, place.rests_until = 0, 0.0
            return
        place.item.misses += 1
        if place.item.misses >= MISSES:
            self.eject(place)

    def _leave_out(self, place: Place[Replica]) -> None:
        place.rests_until = math.inf


def _busy(place: Place[Replica]) -> float:
    return place.busy


def _ready(place: Place[Replica]) -> float:
    return not place.rests
