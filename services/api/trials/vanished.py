"""Clients that vanish while they wait, listen, send or ask: nothing of them stays, jobs go on.

The service runs in this process, so that its tasks can be counted; the clients are bare sockets.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import struct
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import uvicorn

from r2c.client.wire import JobState
from r2c.llm.testing import ScriptedModel
from r2c.settings import Settings
from r2c.solve.idle import IDLE
from r2c_api.app import create_app
from r2c_api.service import Service
from topology.bakery import draw, read
from topology.process_table import footprint
from trials.found import Found, Measure

_RESET = struct.pack("ii", 1, 0)
"""A connection that is closed with it is reset, as that of a machine that lost its power."""
_UPLOAD = 6_000_000
_WAIT_SECONDS = 20
_SECONDS = 180.0
_MORE_FILES = 2
"""Files more than after the first round that are no leak: one may be open for a moment."""


class Gated(ScriptedModel):
    """A model that thinks while its gate is closed."""

    def __init__(self) -> None:
        super().__init__(lambda call: read(call.messages[-1].content))
        self.gate = threading.Event()

    async def complete(self, *args: Any, **more: Any) -> Any:
        """As a scripted model, once the gate is open."""
        while not self.gate.is_set():
            await asyncio.sleep(0.02)
        return await super().complete(*args, **more)


class _Server(uvicorn.Server):
    """A server that leaves Ctrl-C to the trial."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing is captured."""
        yield


@dataclass(frozen=True)
class Left:
    """What there is when all is quiet.

    Connections to the store are kept for the next request, one for each thread at the most, so
    they are told apart from other files.
    """

    tasks: int
    files: int
    store: int
    threads: int
    children: int


@dataclass(frozen=True)
class Here:
    """The service, and where it listens."""

    service: Service
    model: Gated
    host: str
    port: int
    solved: str
    """A job that has an answer."""


async def run(seed: int, folder: Path, clients: int = 20, rounds: int = 4) -> Found:
    """In every round let so many clients of each kind vanish; the first round warms everything."""
    draws = random.Random(seed)
    async with _served(folder, draws) as here:
        lefts: list[Left] = []
        broken: list[str] = []
        kinds = (_waiting, _listening, _sending, _asking)
        for number in range(rounds):
            here.model.gate.clear()
            job = await _submit(here, draws)
            for kind in kinds:
                for client in range(clients):
                    await kind(here, job, draws, client % 2 == 0)
            here.model.gate.set()
            broken += await _ended(here, 1 + (number + 1) * (1 + clients))
            lefts.append(await _quiet(lefts[0] if lefts else None))
    return _found(lefts, broken, len(kinds) * clients, rounds)


async def _waiting(here: Here, job: str, draws: random.Random, reset: bool) -> None:
    """Submit with the wish to wait, and vanish once the job is entered."""
    body = json.dumps({"text": draw(draws).text}).encode()
    known = await asyncio.to_thread(_count, here)
    client = await _sent(here, "POST", "/v1/formulations", body, f"Prefer: wait={_WAIT_SECONDS}")
    async with asyncio.timeout(_SECONDS):
        while await asyncio.to_thread(_count, here) == known:
            await asyncio.sleep(0.01)
    _vanish(client, reset)


async def _listening(here: Here, job: str, draws: random.Random, reset: bool) -> None:
    """Listen, and vanish after the first words."""
    client = await _sent(here, "GET", f"/v1/formulations/{job}/events", b"")
    await asyncio.get_running_loop().sock_recv(client, 100)
    _vanish(client, reset)


async def _sending(here: Here, job: str, draws: random.Random, reset: bool) -> None:
    """Send half of a large file, and vanish."""
    head = (
        b'--edge\r\nContent-Disposition: form-data; name="text"\r\n\r\nwords\r\n'
        b'--edge\r\nContent-Disposition: form-data; name="files"; filename="t.csv"\r\n\r\n'
    )
    half = head + b"a,b\n1,2\n" * (_UPLOAD // 16)
    kind = "Content-Type: multipart/form-data; boundary=edge"
    client = await _sent(here, "POST", "/v1/formulations", half, kind, length=_UPLOAD)
    _vanish(client, reset)


async def _asking(here: Here, job: str, draws: random.Random, reset: bool) -> None:
    """Ask what is solved while one waits, and vanish."""
    body = json.dumps({"changes": [f"oven = {draws.randint(100, 900)}"]}).encode()
    path = f"/v1/formulations/{here.solved}/what-if"
    _vanish(await _sent(here, "POST", path, body), reset)


async def _sent(
    here: Here, method: str, path: str, body: bytes, *more: str, length: int | None = None
) -> socket.socket:
    """A connection over which a request has been sent, or as much of it as there is."""
    loop = asyncio.get_running_loop()
    client = socket.socket()
    client.setblocking(False)
    await loop.sock_connect(client, (here.host, here.port))
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {here.host}:{here.port}",
        f"Content-Length: {len(body) if length is None else length}",
        *(more or ("Content-Type: application/json",)),
    ]
    if more and method == "POST" and not more[0].startswith("Content-Type"):
        lines.append("Content-Type: application/json")
    await loop.sock_sendall(client, "\r\n".join(lines).encode() + b"\r\n\r\n" + body)
    return client


def _vanish(client: socket.socket, reset: bool) -> None:
    if reset:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    client.close()


async def _submit(here: Here, draws: random.Random) -> str:
    async with httpx2.AsyncClient(trust_env=False, timeout=60) as client:
        url = f"http://{here.host}:{here.port}/v1/formulations"
        sent = await client.post(url, json={"text": draw(draws).text})
        return str(sent.json()["id"])


def _count(here: Here) -> int:
    return len(here.service.jobs.page("local", 10_000, None))


async def _ended(here: Here, due: int) -> list[str]:
    """Wait for all jobs; those that are missing, too many, or without an answer."""
    end = time.monotonic() + _SECONDS
    while True:
        jobs = await asyncio.to_thread(here.service.jobs.page, "local", 10_000, None)
        if all(job.state.ended for job in jobs) or time.monotonic() > end:
            break
        await asyncio.sleep(0.1)
    broken = [f"{job.id} is {job.state.value}" for job in jobs if job.state != JobState.SUCCEEDED]
    return broken if len(jobs) == due else [*broken, f"{len(jobs)} jobs where {due} are due"]


async def _quiet(first: Left | None) -> Left:
    """What is left once nothing changes any more, or no less than there was at first."""
    end = time.monotonic() + _SECONDS
    while True:
        await asyncio.sleep(1.0)
        await asyncio.to_thread(IDLE.close)  # those that have nothing to do may stay
        left = _left()
        settled = first is None or (
            left.tasks <= first.tasks and left.files <= first.files + _MORE_FILES
        )
        if settled and left.children == 0:
            await asyncio.sleep(0.5)
            if _left() == left or time.monotonic() > end:
                return left
        if time.monotonic() > end:
            return left


def _left() -> Left:
    held = footprint(os.getpid())
    names = [_name(path) for path in Path("/proc/self/fd").iterdir()]
    kept = [name for name in names if ".sqlite" in name]
    return Left(
        tasks=len(asyncio.all_tasks()),
        files=len(names) - len(kept),
        store=sum(name.endswith(".sqlite") for name in kept),
        threads=held.threads,
        children=held.children,
    )


def _name(path: Path) -> str:
    try:
        return str(path.readlink())
    except FileNotFoundError:  # the one that listed the folder
        return ""


@asynccontextmanager
async def _served(folder: Path, draws: random.Random) -> AsyncIterator[Here]:
    model = Gated()
    model.gate.set()
    settings = Settings(data_dir=folder / "data", samples=1, serve_jobs=2, serve_answers=64)
    app = create_app(settings, model)
    listener = socket.create_server(("127.0.0.1", 0))
    host, port = listener.getsockname()[:2]
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False)
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    service: Service = app.state.service
    try:
        while not server.started:
            await asyncio.sleep(0.02)
        here = Here(service, model, host, port, "")
        solved = await _submit(here, draws)
        await _ended(here, 1)
        yield Here(service, model, host, port, solved)
    finally:
        model.gate.set()
        service.bell.close()
        server.should_exit = True
        await serving


def _found(lefts: list[Left], broken: list[str], clients: int, rounds: int) -> Found:
    first, last = lefts[0], lefts[-1]
    for name in ("tasks", "children"):
        if getattr(last, name) > getattr(first, name):
            broken.append(f"{name}: {getattr(first, name)} at first, {getattr(last, name)} at last")
    if last.store > last.threads:
        broken.append(f"{last.store} connections to the store for {last.threads} threads")
    if last.files > first.files + _MORE_FILES:
        broken.append(f"files: {first.files} open at first, {last.files} at last")
    rows: list[dict[str, Any]] = [
        {"what": name, "after the first round": before, "after the last": after}
        for name, before, after in (
            ("clients that vanished", clients, clients * rounds),
            ("tasks", first.tasks, last.tasks),
            ("open files and connections of clients", first.files, last.files),
            ("connections to the store", first.store, last.store),
            ("threads", first.threads, last.threads),
            ("processes of solvers and readers", first.children, last.children),
            ("jobs lost or entered from half a request", 0, len(broken)),
        )
    ]
    note = (
        "While waiting (`Prefer: wait`), listening (SSE), sending a file, asking what-if; half of "
        "them closed their connection, half were reset."
    )
    measures = [
        Measure("tasks", [left.tasks for left in lefts]),
        Measure("open files", [left.files for left in lefts]),
        Measure("threads", [left.threads for left in lefts]),
        Measure("broken", [len(broken)]),
    ]
    return Found(rows, note, measures, broken)
