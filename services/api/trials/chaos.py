"""Many jobs while workers are killed at random and the database restarts: each ends exactly once.

Every job has an optimum of its own, so an answer to another job would be seen. Clients go on
sending while the database is away, with the patience and the idempotency keys of the library.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import JsonValue

from r2c.client import calls
from r2c.client.sync import Client
from topology.bakery import Bakery, draw
from topology.postgres import Postgres, throw_away
from topology.together import Shape, Topology, started
from trials.asked import Asker, Counting
from trials.found import Found, Measure
from trials.kept import Kept, look

_SENDERS = 16
_AGAIN = 10
"""One submission in so many is sent twice, to different processes."""
_LOOK_SECONDS = 1.0


@dataclass(frozen=True)
class Plan:
    """What is done to the service; seconds between two kills are drawn from `pauses`."""

    jobs: int = 1000
    seed: int = 1
    pauses: tuple[float, float] = (45.0, 90.0)
    ahead: int = 200
    """Jobs that are submitted and have not ended, at most, while there is a database."""
    away: float = 40.0
    """Seconds without a database; a request waits for one at most 30 s before it is refused."""
    seconds: float = 3 * 3600.0
    """The jobs must have ended by then."""


@dataclass
class Harm:
    """What was done, and how far the jobs have come.

    `gone` is from when to when the database was away, `sent` the same of submissions by the numbers
    of their jobs, both by the clock of this process.
    """

    kills: int = 0
    ended: int = 0
    away: threading.Event = field(default_factory=threading.Event)
    gone: tuple[float, float] | None = None
    sent: dict[int, tuple[float, float]] = field(default_factory=dict)
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def down(self) -> float:
        """How long the database was away, in seconds."""
        return 0.0 if self.gone is None else self.gone[1] - self.gone[0]

    @property
    def late(self) -> int:
        """How many submissions were under way while the database was away."""
        if self.gone is None:
            return 0
        return sum(end > self.gone[0] and begin < self.gone[1] for begin, end in self.sent.values())


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
    sent = Counting()
    with (
        throw_away() as server,
        started(folder, Shape(more=more), server) as topology,
        closing(Asker()) as asker,
    ):
        killer = threading.Thread(target=_kill, args=(topology, plan, harm))
        began = time.monotonic()
        killer.start()
        with ThreadPoolExecutor(1) as beside:
            sending = beside.submit(_submitted, topology, problems, sent, plan, harm)
            try:
                _until_all_ended(server, plan, harm)
            finally:
                harm.done.set()
                killer.join()
            ids, unlike = sending.result()
        seconds = time.monotonic() - began
        kept = look(server.url, topology.data / "service" / "tenants" / "local" / "jobs")
        broken = [*unlike, *kept.faults(ids), *_told_otherwise(topology, ids, problems, asker)]
    if not harm.late:
        broken.append("nobody sent anything while the database was away")
    return _found(plan, harm, kept, broken, sent, seconds)


def _submitted(
    topology: Topology, problems: Sequence[Bakery], sent: Counting, plan: Plan, harm: Harm
) -> tuple[list[str], list[str]]:
    """The ids of the jobs, and the faults of submissions that were sent twice."""

    def enter(number: int) -> tuple[str, str]:
        while number >= harm.ended + plan.ahead and not (harm.away.is_set() or harm.done.is_set()):
            time.sleep(_LOOK_SECONDS / 10)
        if harm.done.is_set():
            raise InterruptedError("the trial ended before all jobs were submitted")
        first, other = random.Random(f"{plan.seed} {number}").sample(clients, 2)
        # One call is one key, however often and to whomever it is sent.
        call = calls.submit(problems[number].text, None, None, f"chaos {number}")
        began = time.monotonic()
        job = first.perform(call).id
        harm.sent[number] = (began, time.monotonic())
        if number % _AGAIN:
            return job, ""
        twin = other.perform(call).id
        return job, "" if twin == job else f"job {number} was entered twice: {job}, {twin}"

    with ExitStack() as stack, ThreadPoolExecutor(_SENDERS) as pool:
        clients = [stack.enter_context(Client(api.url, transport=sent)) for api in topology.apis]
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
    """Wait for the jobs; in the middle the database ends as in a crash, and is away for a while."""
    end = time.monotonic() + plan.seconds
    while harm.ended < plan.jobs and time.monotonic() < end:
        harm.ended = look_ended(server.url)
        if harm.gone is None and harm.ended >= plan.jobs // 2:
            began = time.monotonic()
            harm.away.set()
            server.stop(at_once=True)
            harm.done.wait(plan.away)
            server.start()
            harm.away.clear()
            harm.gone = (began, time.monotonic())
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
    sent: Counting,
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
            ("restarts of Postgres (as after a crash)", int(harm.gone is not None)),
            ("jobs that needed a second attempt or more", plan.jobs - attempts[1]),
            ("most attempts of a job", max(kept.attempts.values(), default=0)),
            ("submissions under way while Postgres was away", harm.late),
            ("requests that were sent again", sum(sent.failed.values())),
        )
    ]
    note = (
        "2 API processes, 2 workers of 2 jobs each, Postgres, a scripted model, 3 samples; "
        f"submitted by {_SENDERS} clients, at most {plan.ahead} ahead; ended after "
        f"{seconds:.0f} s; Postgres was away for {harm.down:.1f} s, and "
        "the clients went on sending. A machine shared with other work:"
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
    more: dict[str, JsonValue] = {
        "attempts": by_number,
        "failed": dict(sorted(sent.failed.items())),
    }
    return Found(rows, note, measures, broken, more)
