"""Many listeners on the streams of one process: all are told everything, in order, and soon.

Some of them do not read while the jobs run; that must not keep the others waiting.
"""

from __future__ import annotations

import asyncio
import json
import random
import socket
import statistics
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import JsonValue

from topology.bakery import draw
from topology.postgres import throw_away
from topology.process_table import Footprint, footprint
from topology.together import Shape, Topology, started
from trials.asked import Asker
from trials.found import Found, Measure

_JOBS = 20
_SLOW = 10
"""One listener in so many does not read until all jobs have ended."""
_SECONDS = 900.0


@dataclass
class Heard:
    """What a listener was told: numbers of events, seconds from an event to its arrival."""

    job: str
    slow: bool
    numbers: list[int] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    last: str = ""


async def run(seed: int, folder: Path, listeners: int = 500) -> Found:
    """Let them listen to jobs from before their beginning to their end.

    Raises:
        InputError: R2C-B740.
        StoreError: R2C-B741.
    """
    more = {"R2C_SAMPLES": "1"}
    with throw_away() as server, started(folder, Shape(apis=1, workers=1, more=more), server) as up:
        api, (worker,) = up.apis[0], up.workers
        worker.program.stop()  # until everybody listens
        jobs = await asyncio.to_thread(_submitted, up, seed)
        before = footprint(api.program.pid)
        awake = asyncio.Event()
        heard = [
            Heard(jobs[number % len(jobs)], number % _SLOW == _SLOW - 1)
            for number in range(listeners)
        ]
        began = time.time()
        listening = [asyncio.create_task(_listen(api.url, one, awake)) for one in heard]
        while footprint(api.program.pid).files < before.files + listeners:
            await asyncio.sleep(0.2)
            assert time.time() < began + _SECONDS, "not all listeners were let in"
        await asyncio.to_thread(_settle)
        attached = footprint(api.program.pid)
        started_at = time.time()
        worker.start(wait=False)
        fast = [task for task, one in zip(listening, heard, strict=True) if not one.slow]
        async with asyncio.timeout(_SECONDS):
            await asyncio.gather(*fast)
            during = time.time() - started_at
            awake.set()
            await asyncio.gather(*listening)
        after = footprint(api.program.pid)
    return _found(heard, (before, attached, after), during)


async def _listen(url: str, heard: Heard, awake: asyncio.Event) -> None:
    """Follow a job to its end; a slow one reads nothing before it is woken."""
    address = urlsplit(url)
    connection = socket.create_connection((address.hostname, address.port), timeout=120)
    if heard.slow:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    connection.setblocking(False)
    reader, writer = await asyncio.open_connection(sock=connection, limit=2048)
    path = f"/v1/formulations/{heard.job}/events"
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
    await writer.drain()
    if heard.slow:
        await awake.wait()
    while heard.last not in ("succeeded", "failed", "cancelled"):
        line = await reader.readline()
        assert line, f"the stream of {heard.job} broke off after {heard.numbers}"
        if not line.startswith(b"data: "):
            continue
        event = json.loads(line[6:])
        heard.numbers.append(event["number"])
        heard.last = event["state"] or ""
        heard.late.append(time.time() - datetime.fromisoformat(event["at"]).timestamp())
    writer.close()


def _submitted(topology: Topology, seed: int) -> list[str]:
    draws, asker = random.Random(seed), Asker()
    url = f"{topology.apis[0].url}/v1/formulations"
    jobs = [
        str(asker.send("POST", url, json={"text": draw(draws).text}).json()["id"])
        for _ in range(_JOBS)
    ]
    asker.close()
    return jobs


def _settle() -> None:
    """Let what the new connections have begun come to rest, so that memory is that of waiting."""
    time.sleep(2.0)


def _found(
    heard: list[Heard], footprints: tuple[Footprint, Footprint, Footprint], during: float
) -> Found:
    before, attached, after = footprints
    whole = [one for one in heard if one.numbers == list(range(1, len(one.numbers) + 1))]
    broken = [f"a listener of {one.job} heard {one.numbers}" for one in heard if one not in whole]
    lengths: dict[str, set[int]] = {}
    for one in heard:
        lengths.setdefault(one.job, set()).add(len(one.numbers))
    broken += [f"{job}: told {sorted(told)} events" for job, told in lengths.items()
               if len(told) > 1]  # fmt: skip
    # The first event is from before anybody listened.
    late = sorted(value for one in heard if not one.slow for value in one.late[1:])
    events = sum(len(one.numbers) for one in heard)
    each = 1000 * (attached.memory_mb - before.memory_mb) / len(heard)
    slow = sum(one.slow for one in heard)
    rows: list[dict[str, JsonValue]] = [
        {"what": what, "number": number}
        for what, number in (
            ("listeners on one process", str(len(heard))),
            ("of them, readers that did not read until the end", str(slow)),
            ("events told", str(events)),
            ("listeners told all events in order", str(len(heard) - len(broken))),
            ("from an event to its listener, p50", f"{statistics.median(late):.2f} s"),
            ("the same, p99", f"{late[int(0.99 * len(late))]:.2f} s"),
            ("memory of a listener", f"{each:.0f} kB"),
            ("memory of the process", f"{before.memory_mb:.0f} to {after.memory_mb:.0f} MB"),
        )
    ]
    note = (
        f"{_JOBS} jobs worked on by another process within {during:.0f} s, Postgres; what happens "
        "there is looked for twice a second. The clients run on the same cores. A machine shared "
        "with other work:"
    )
    measures = [
        Measure("event to listener, p50", [statistics.median(late)], "s"),
        Measure("event to listener, p99", [late[int(0.99 * len(late))]], "s"),
        Measure("memory of a listener", [each], "kB"),
        Measure("seconds of the jobs", [during], "s"),
        Measure("broken", [len(broken)]),
    ]
    return Found(rows, note, measures, broken)
