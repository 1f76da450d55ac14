"""A proxy on a real port in front of servers, in a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import uvicorn
from fake_server import Act, FakeServer, reply

from r2c_inference.listen import listen, url_of
from r2c_inference.proxy.app import build
from r2c_inference.proxy.keys import Keys
from r2c_inference.proxy.limits import Limits
from r2c_inference.proxy.metrics import Metrics
from r2c_inference.proxy.replicas import Replicas, read_address

KEY = "a-key-of-the-tests"
LISTING = (
    '{"object": "list", "data": [{"id": "m", "object": "model", "owned_by": "vllm", '
    '"root": "/secret/place", "max_model_len": 4096, "permission": []}]}'
)
WELL: dict[str, Act] = {"/health": reply(200, ""), "/v1/models": reply(200, LISTING)}


@dataclass(frozen=True)
class Proxied:
    """The proxy as clients see it."""

    url: str
    replicas: Replicas

    def post(self, path: str, body: object) -> httpx2.Response:
        return self.send("POST", path, json=body)

    def get(self, path: str, key: str = KEY) -> httpx2.Response:
        return self.send("GET", path, key)

    def send(self, method: str, path: str, key: str = KEY, **more: Any) -> httpx2.Response:
        with self.client(key) as client:
            return client.request(method, path, **more)

    def client(self, key: str = KEY) -> httpx2.Client:
        return httpx2.Client(
            base_url=self.url.removesuffix("/v1"),
            headers={"authorization": f"Bearer {key}"} if key else {},
            timeout=20,
            trust_env=False,
        )

    def metric(self, line: str) -> float:
        """The value on the line of /metrics that begins so."""
        found = [each for each in self.get("/metrics").text.splitlines() if each.startswith(line)]
        return float(found[0].rpartition(" ")[2]) if found else 0.0


def well(*script: Act) -> FakeServer:
    """A server that is well and answers by the script."""
    return FakeServer(*script, pages=dict(WELL))


@contextmanager
def proxied(servers: Sequence[FakeServer | str], limits: Limits | None = None) -> Iterator[Proxied]:
    """The proxy in front of the servers, ready."""
    limits, metrics = limits or Limits(), Metrics()
    addresses = [
        read_address(each if isinstance(each, str) else each.url.removesuffix("/v1"))
        for each in servers
    ]
    replicas = Replicas(addresses, metrics, busy=limits.busy)
    bound = listen("127.0.0.1", 0)
    config = uvicorn.Config(
        build(replicas, Keys([KEY]), limits, metrics), log_level="error", lifespan="on"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    until(lambda: server.started)
    try:
        yield Proxied(url_of(bound), replicas)
    finally:
        server.should_exit = server.force_exit = True
        thread.join(20)
        bound.close()


def until(holds: object, seconds: float = 20.0) -> None:
    """Wait for a function to say yes."""
    assert callable(holds)
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)


def chat(text: str = "How many?", **more: object) -> dict[str, object]:
    return {"model": "m", "messages": [{"role": "user", "content": text}], **more}
