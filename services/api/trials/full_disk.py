"""The disk runs full under the service, again and again, and is freed again.

Full, it is told by declared errors and /readyz; what was acknowledged ends well once there is room.
Tried with SQLite, and with Postgres, whose own folder runs full then.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx2

from topology.bakery import Bakery, draw
from topology.postgres import Postgres, running
from topology.small_disk import SmallDisk, small_disk
from topology.together import Shape, Topology, started
from trials.asked import Asker
from trials.found import Found, Measure

BOTH = ("SQLite", "Postgres")
_SQLITE_MB = 24
_POSTGRES_MB = 120
_SENT = 4
"""Problems that are sent before the disk is full, and again while it is."""
_SECONDS = 300.0
_NOTICED_SECONDS = 60.0
"""A part that was fine is not tried again for some seconds, and a try may take some more."""
_DECLARED = frozenset({503, 507})
Put = tuple[Topology, SmallDisk, Postgres | None]
"""The service, the disk that is filled, and the database if it is a server."""


@dataclass
class Seen:
    """What one database went through."""

    acknowledged: dict[str, Bakery] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    recovered: list[float] = field(default_factory=list)
    server_starts: int = 0


def run(seed: int, folder: Path, cycles: int = 3, databases: Collection[str] = BOTH) -> Found:
    """Fill the disk so many times under each database.

    Postgres must be able to pass through the folder.

    Raises:
        InputError: R2C-B740; R2C-B743, nothing can be mounted here.
        StoreError: R2C-B741.
    """
    seen: dict[str, Seen] = {}
    for name in databases:
        draws = random.Random(seed)
        place = folder / name
        place.mkdir(mode=0o755)
        seen[name] = Seen()
        opened: AbstractContextManager[Put] = (
            _on_sqlite(place) if name == "SQLite" else _on_postgres(place)
        )
        with opened as (topology, disk, server):
            for _ in range(cycles):
                _cycle(topology, disk, server, draws, seen[name])
            _compare(topology, seen[name])
    return _found(seen, cycles)


@contextmanager
def _on_sqlite(folder: Path) -> Iterator[Put]:
    """The service with all of its data on a small disk."""
    with (
        small_disk(folder / "data", _SQLITE_MB) as disk,
        started(folder, _SHAPE) as topology,
    ):
        yield topology, disk, None


@contextmanager
def _on_postgres(folder: Path) -> Iterator[Put]:
    """The service with its database on a small disk, its files on another."""
    with small_disk(folder / "disk", _POSTGRES_MB) as disk:
        place = disk.folder / "server"
        place.mkdir()
        with running(place) as server, started(folder, _SHAPE, server) as topology:
            yield topology, disk, server


_SHAPE = Shape(apis=1, workers=1, jobs=2, more={"R2C_SAMPLES": "1"})


def _cycle(
    topology: Topology, disk: SmallDisk, server: Postgres | None, draws: random.Random, seen: Seen
) -> None:
    """Send some, fill, send more, free, and wait until all that was acknowledged has ended."""
    url = topology.apis[0].url
    with httpx2.Client(base_url=url, timeout=120, trust_env=False) as client:
        for _ in range(_SENT):
            _send(client, draw(draws), seen)
        time.sleep(draws.uniform(0.0, 2.0))  # full at any moment of the jobs
        disk.fill()
        end = time.monotonic() + 60
        while not _send(client, draw(draws), seen) and time.monotonic() < end:
            disk.fill()  # what was given up a moment ago made room
        for _ in range(_SENT):
            _send(client, draw(draws), seen)
        noticed = partial(_not_ready, client, disk)
        _until(noticed, "a full disk is told by /readyz", seen, _NOTICED_SECONDS)
        if client.get("/healthz").status_code != 200:
            seen.broken.append("/healthz fails on a full disk")
        disk.free()
        began = time.monotonic()
        if server is not None and not server.runs:  # as whoever keeps it running would
            server.start()
            seen.server_starts += 1
        _until(lambda: client.get("/readyz").status_code == 200, "ready once there is room", seen)
        seen.recovered.append(time.monotonic() - began)
        _until(lambda: not _open_jobs(client, seen), "what was acknowledged ends", seen)


def _not_ready(client: httpx2.Client, disk: SmallDisk) -> bool:
    """Whether /readyz says so; what jobs gave up meanwhile is filled again."""
    disk.fill()
    return client.get("/readyz").status_code == 503


def _send(client: httpx2.Client, problem: Bakery, seen: Seen) -> bool:
    """Send a problem; whether it was refused. What it was answered with must be declared."""
    try:
        sent = client.post("/v1/formulations", json={"text": problem.text})
    except httpx2.TransportError as error:
        seen.broken.append(f"no answer: {type(error).__name__}")
        return True
    if sent.status_code == 202:
        seen.acknowledged[str(sent.json()["id"])] = problem
        return False
    told = sent.json() if "json" in sent.headers.get("content-type", "") else {}
    seen.refused[f"{sent.status_code} {told.get('code', '')}".strip()] += 1
    if sent.status_code not in _DECLARED or "code" not in told:
        seen.broken.append(f"refused with {sent.status_code} {sent.text[:200]}")
    return True


def _open_jobs(client: httpx2.Client, seen: Seen) -> list[str]:
    """The jobs that were acknowledged and have not ended."""
    listed = client.get("/v1/formulations", params={"limit": "200"})
    if listed.status_code != 200:
        return ["not listed"]
    states = {job["id"]: job["state"] for job in listed.json()["jobs"]}
    return [job for job in seen.acknowledged if states.get(job) in ("queued", "running")]


def _compare(topology: Topology, seen: Seen) -> None:
    """Whether every job that was acknowledged has its right answer."""
    asker = Asker()
    for job, problem in seen.acknowledged.items():
        told: dict[str, Any] = asker.send(
            "GET", f"{topology.apis[0].url}/v1/formulations/{job}"
        ).json()
        if told.get("state") != "succeeded":
            seen.broken.append(f"{job} is {told.get('state')}: {told.get('fault', told)}")
        elif told["result"]["objective"] != float(problem.optimum):
            seen.broken.append(f"{job} has {told['result']['objective']}")
    asker.close()


def _until(holds: Callable[[], bool], what: str, seen: Seen, seconds: float = _SECONDS) -> None:
    """Wait for something; that it did not come in time is a promise broken."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if holds():
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.2)
    seen.broken.append(f"not within {seconds:.0f} s: {what}")


def _found(seen: dict[str, Seen], cycles: int) -> Found:
    rows: list[dict[str, Any]] = []
    measures, broken = [], []
    for name, one in seen.items():
        back = Measure(f"{name}, ready again", one.recovered, "s")
        faults = Measure(f"{name}, broken", [len(one.broken)])
        measures += [back, faults]
        broken += [f"{name}: {fault}" for fault in one.broken]
        rows.append(
            {
                "the jobs lie in": name,
                "times the disk was full": cycles,
                "problems acknowledged": len(one.acknowledged),
                "lost, or ended with a fault": len(one.broken),
                "refused while it was full": ", ".join(
                    f"{count} x {code}" for code, count in sorted(one.refused.items())
                ),
                "ready again after": back.told(2),
                "starts of the server": one.server_starts,
            }
        )
    note = (
        f"A file system of {_SQLITE_MB} MB for all data, and one of {_POSTGRES_MB} MB for the "
        "folder of Postgres, filled to the last byte. A server that ends on a full disk is started "
        "anew once there is room. A machine shared with other work:"
    )
    return Found(rows, note, measures, broken)
