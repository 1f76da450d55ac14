"""Many jobs while workers are killed at random and the database restarts: each ends exactly once.

Every job has an optimum of its own, so an answer to another job would be seen.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import JsonValue

from topology.bakery import Bakery, draw
from topology.postgres import Postgres, throw_away
from topology.together import Shape, Topology, started
from trials.asked import Asker
from trials.found import Found, Measure
from trials.kept import Kept, look

_SENDERS = 8
_AGAIN = 10
"""One submission in so many is sent twice, to different processes."""
_AHEAD = 200
"""Jobs that are submitted and have not ended, at most: clients send to the end of the trial."""
_LOOK_SECONDS = 1.0


@dataclass(frozen=True)
class Plan:
    """What is done to the service; seconds between two kills are drawn from `pauses`."""

    jobs: int = 1000
    seed: int = 1
    pauses: tuple[float, float] = (45.0, 90.0)
    seconds: float = 3 * 3600.0
    """The jobs must have ended by then."""


@dataclass
class Harm:
    """What was done; `down` is how long the database was away, in seconds; jobs that ended."""

    kills: int = 0
    restarts: int = 0
    down: float = 0.0
    ended: int = 0
    done: threading.Event = field(default_factory=threading.Event)


def run(plan: Plan, folder: Path) -> Found:
    """Put the service through it.

    Raises:
        InputError: R2C-B740.
        StoreError: R2C-B741.
    """
    draws = random.Random(plan.seed)
    problems = [draw(draws) for _ in range(plan.jobs)]
    most = str(2 * plan.jobs)
    more = {"R2C_SERVE_QUEUE": most, "R2C_SERVE_QUEUE_SHARE": most, "R2C_SAMPLES": "3"}
    harm = Harm()
    with (
        throw_away() as server,
        started(folder, Shape(more=more), server) as topology,
        closing(Asker()) as asker,
    ):
        killer = threading.Thread(target=_kill, args=(topology, plan, harm))
        began = time.monotonic()
        killer.start()
        with ThreadPoolExecutor(1) as beside:
            sending = beside.submit(_submitted, topology, problems, asker, plan.seed, harm)
            try:
                _until_all_ended(server, plan, harm)
            finally:
                harm.done.set()
                killer.join()
            ids, unlike = sending.result()
        seconds = time.monotonic() - began
        kept = look(server.url, topology.data / "service" / "tenants" / "local" / "jobs")
        broken = [*unlike, *kept.faults(ids), *_told_otherwise(topology, ids, problems, asker)]
        again = sum(asker.again.values())
    return _found(plan, harm, kept, broken, again, seconds)


def _submitted(
    topology: Topology, problems: Sequence[Bakery], asker: Asker, seed: int, harm: Harm
) -> tuple[list[str], list[str]]:
    """The ids of the jobs, and the faults of submissions that were sent twice."""
    urls = [api.url for api in topology.apis]

    def enter(number: int) -> tuple[str, str]:
        while number >= harm.ended + _AHEAD and not harm.done.is_set():
            time.sleep(_LOOK_SECONDS / 10)
        if harm.done.is_set():
            raise InterruptedError("the trial ended before all jobs were submitted")
        draws = random.Random(f"{seed} {number}")
        send = {
            "json": {"text": problems[number].text, "title": f"chaos {number}"},
            "headers": {"Idempotency-Key": f"chaos-{seed}-{number}"},
        }
        first, other = draws.sample(urls, 2)
        job = str(asker.send("POST", f"{first}/v1/formulations", **send).json()["id"])
        if number % _AGAIN:
            return job, ""
        twin = str(asker.send("POST", f"{other}/v1/formulations", **send).json()["id"])
        return job, "" if twin == job else f"job {number} was entered twice: {job}, {twin}"

    with ThreadPoolExecutor(_SENDERS) as pool:
        made = list(pool.map(enter, range(len(problems))))
    return [job for job, _ in made], [fault for _, fault in made if fault]


def _kill(topology: Topology, plan: Plan, harm: Harm) -> None:
    """Kill a worker now and then, until it is enough."""
    draws = random.Random(plan.seed)
    while not harm.done.wait(draws.uniform(*plan.pauses)):
        worker = draws.choice(topology.workers)
        worker.program.kill()
        harm.kills += 1
        worker.start(wait=False)


def _until_all_ended(server: Postgres, plan: Plan, harm: Harm) -> None:
    """Wait for the jobs; in the middle the database ends as in a crash, and comes back."""
    end = time.monotonic() + plan.seconds
    while harm.ended < plan.jobs and time.monotonic() < end:
        harm.ended = look_ended(server.url)
        if not harm.restarts and harm.ended >= plan.jobs // 2:
            began = time.monotonic()
            server.stop(at_once=True)
            server.start()
            harm.down = time.monotonic() - began
            harm.restarts += 1
        time.sleep(_LOOK_SECONDS)


def look_ended(url: str) -> int:
    """How many jobs have ended."""
    import psycopg

    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT COUNT(*) FROM job WHERE ended IS NOT NULL").fetchone()
    return 0 if found is None else int(found[0])


def _told_otherwise(
    topology: Topology, ids: Sequence[str], problems: Sequence[Bakery], asker: Asker
) -> list[str]:
    """The jobs that clients are told something wrong about, by any of the processes."""
    urls = [api.url for api in topology.apis]

    def wrong(number: int) -> str:
        where = f"{urls[number % len(urls)]}/v1/formulations/{ids[number]}"
        job, due = asker.send("GET", where).json(), float(problems[number].optimum)
        if job["state"] != "succeeded":
            return f"job {number} is {job['state']}: {job['fault']}"
        if job["result"]["objective"] != due:
            return f"job {number} earns {job['result']['objective']}, {due} is right"
        told = asker.send("GET", f"{where}/events").text
        numbers = [int(line[4:]) for line in told.splitlines() if line.startswith("id: ")]
        if numbers != list(range(1, len(numbers) + 1)):
            return f"the events of job {number} are told as {numbers}"
        if told.count('"state":"succeeded"') != 1:
            return f"the end of job {number} is told {told.count('succeeded')} times"
        return ""

    with ThreadPoolExecutor(_SENDERS) as pool:
        return [fault for fault in pool.map(wrong, range(len(ids))) if fault]


def _found(
    plan: Plan,
    harm: Harm,
    kept: Kept,
    broken: Sequence[str],
    again: int,
    seconds: float,
) -> Found:
    attempts = Counter(kept.attempts.values())
    rows: list[dict[str, JsonValue]] = [
        {"what": what, "number": number}
        for what, number in (
            ("jobs submitted", plan.jobs),
            ("ended exactly once, with the right answer", plan.jobs - len(broken)),
            ("lost, doubled or wrong", len(broken)),
            ("workers killed with `kill -9`", harm.kills),
            ("restarts of Postgres (as after a crash)", harm.restarts),
            ("jobs that needed a second attempt or more", plan.jobs - attempts[1]),
            ("most attempts of a job", max(kept.attempts.values(), default=0)),
            ("requests that were sent again", again),
        )
    ]
    note = (
        "2 API processes, 2 workers of 2 jobs each, Postgres, a scripted model, 3 samples; "
        f"submitted by {_SENDERS} clients, at most {_AHEAD} ahead; ended after {seconds:.0f} s; "
        f"Postgres was away for {harm.down:.1f} s. A machine shared with other work:"
    )
    measures = [
        Measure("seconds until all had ended", [seconds], "s"),
        Measure("seconds without Postgres", [harm.down], "s"),
        Measure("broken", [len(broken)]),
        Measure("kills", [harm.kills]),
    ]
    by_number: dict[str, JsonValue] = {
        str(number): count for number, count in sorted(attempts.items())
    }
    return Found(rows, note, measures, broken, {"attempts": by_number})
