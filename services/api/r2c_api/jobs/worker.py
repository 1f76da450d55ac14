"""The worker: claims jobs, keeps them alive, ends them or hands them back.

It runs in a thread with an event loop of its own, so that the steps of a job do not keep requests
waiting; signs of life come from another thread, so that a long step is not taken for a death.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from r2c import telemetry
from r2c.client.wire import JobState
from r2c.errors import Fault, R2CError, StoreError
from r2c.formulation import Event, Formulation
from r2c.pipeline.store import BUSY
from r2c_api.faults import INTERNAL
from r2c_api.jobs.meter import Meter
from r2c_api.jobs.record import Record, progress
from r2c_api.jobs.runs import passes, run_job
from r2c_api.jobs.table import Fence, JobTable
from r2c_api.logs import logger
from r2c_api.outside import outside
from r2c_api.tenants import settings_for

if TYPE_CHECKING:
    from r2c.llm.model import LanguageModel
    from r2c.settings import Settings
    from r2c_api.keys.table import KeyTable

log = logger("r2c.worker")
_IDLE_SECONDS = 1.0
_SWEEP_SECONDS = 600.0
_RETRY_SECONDS = (2.0, 10.0, 30.0, 120.0)
"""Waits before another attempt, after faults that may pass."""
_BUSY_SECONDS = 2.0
Ended = Callable[[Record, JobState, Formulation | None, float], None]
"""Told of every end: the job, its state, its answer, and the seconds that the attempt took."""


@dataclass
class _Active:
    record: Record
    task: asyncio.Task[None]
    meter: Meter
    cancelled: bool = False
    lost: bool = False


@contextmanager
def _tolerated(what: str) -> Iterator[None]:
    """No fault stops a worker: the job is found stalled, and goes on then."""
    try:
        yield
    except StoreError as error:
        log.error("store", what=what, code=error.code)
    except Exception as error:
        log.error("internal", what=what, kind=type(error).__name__, exc_info=error)


class Worker:
    """Works on the jobs of a table until it is stopped."""

    def __init__(
        self,
        jobs: JobTable,
        keys: KeyTable,
        settings: Settings,
        *,
        model: LanguageModel | None = None,
        ring: Callable[[], None] = lambda: None,
        ended: Ended = lambda *_: None,
    ) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
        self._jobs = jobs
        self._keys = keys
        self._settings = settings
        self._model = model
        self._ring = ring
        self._ended = ended
        self._active: dict[Fence, _Active] = {}
        self._stopping = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._awake = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="r2c-worker", daemon=True)
        self._beats = threading.Thread(target=self._beat, name="r2c-beats", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()
        self._beats.start()

    def wake(self) -> None:
        """Look for jobs at once; from any thread."""
        self._soon(self._awake.set)

    def stop(self) -> None:
        """Stop: running jobs get their time to end, the others are handed back.

        Blocks until all is written; a job that was handed back is resumed by whoever comes next.
        """
        self._stopping.set()
        self.wake()
        self._thread.join()
        self._beats.join()

    @property
    def alive(self) -> bool:
        """Whether jobs are being worked on."""
        both = self._thread.is_alive() and self._beats.is_alive()
        return both and not self._stopping.is_set()

    def _run(self) -> None:
        asyncio.run(self._work())

    def _soon(self, work: Callable[[], object]) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # it has ended
                self._loop.call_soon_threadsafe(work)

    async def _work(self) -> None:
        self._loop = asyncio.get_running_loop()
        while not self._stopping.is_set():
            self._awake.clear()
            with _tolerated("fill"):
                self._fill()
            with suppress(TimeoutError):
                async with asyncio.timeout(_IDLE_SECONDS):
                    await self._awake.wait()
        tasks = [active.task for active in self._active.values()]
        if tasks:
            log.info("draining", jobs=len(tasks))
            await asyncio.sleep(0)  # a task that never began could write nothing down
            await asyncio.wait(tasks, timeout=self._settings.serve_drain_seconds)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _fill(self) -> None:
        while len(self._active) < self._settings.serve_jobs:
            claimed = self._jobs.claim(self.name)
            if claimed is None:
                return
            record, fence = claimed
            self._ring()
            task = asyncio.create_task(self._attempt(record, fence))
            self._active[fence] = _Active(record, task, Meter(self._keys, record.tenant))

    async def _attempt(self, record: Record, fence: Fence) -> None:
        """One attempt of a job, with everything that may come of it written down."""
        began = time.monotonic()
        trace = telemetry.trace_id(record.request.trace)
        log.info(
            "begun", job=record.id, tenant=record.tenant, attempt=fence.attempt, trace_id=trace
        )

        def tell(step: Event) -> None:
            self._jobs.tell(fence, step)
            self._ring()

        meter = self._active[fence].meter
        state: JobState | None = None
        answer: Formulation | None = None
        try:
            settings = settings_for(self._settings, record.tenant)
            with telemetry.span(
                "job",
                parent=record.request.trace,
                job=record.id,
                kind=record.kind,
                attempt=fence.attempt,
            ) as span:
                answer = await run_job(record, settings, self._model, tell, meter)
                span.say(outcome=answer.outcome.value, trust=answer.trust.value)
            if self._jobs.end(fence, JobState.SUCCEEDED, result=progress(answer)):
                state = JobState.SUCCEEDED
        except asyncio.CancelledError:
            state = self._interrupted(fence)
        except R2CError as error:
            state = self._failed(fence, error.fault, tell)
        except Exception as error:
            log.exception("internal", job=record.id, kind=type(error).__name__)
            at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            fault = INTERNAL.fault(kind=type(error).__name__, at=at)
            state = self._failed(fence, fault, tell)
        finally:
            with _tolerated("meter"):
                meter.flush()
            self._active.pop(fence, None)
            self._awake.set()
            self._ring()
        seconds = time.monotonic() - began
        log.info(
            "left",
            job=record.id,
            state=state or "queued",
            seconds=round(seconds, 3),
            trace_id=trace,
        )
        if state is not None:
            self._ended(record, state, answer, seconds)

    def _interrupted(self, fence: Fence) -> JobState | None:
        """After a cancellation: of the job, because it went to another attempt, or by a stop."""
        active = self._active[fence]
        with _tolerated("interrupted"):
            if active.cancelled:
                return JobState.CANCELLED if self._jobs.end(fence, JobState.CANCELLED) else None
            if not active.lost:
                self._jobs.hand_back(fence, counted=False)
        return None

    def _failed(self, fence: Fence, fault: Fault, tell: Callable[[Event], None]) -> JobState | None:
        with _tolerated("failed"):
            if fault.code == BUSY.code:  # an attempt that was given up holds it a moment longer
                self._jobs.hand_back(fence, _BUSY_SECONDS, counted=False)
                return None
            if passes(fault) and fence.attempt < self._settings.serve_attempts:
                wait = _RETRY_SECONDS[min(fence.attempt, len(_RETRY_SECONDS)) - 1]
                message = f"{outside(fault).what} Another attempt in {wait:.0f} s."
                tell(Event(stage="retry", message=message, details={"code": fault.code}))
                self._jobs.hand_back(fence, wait)
                return None
            if self._jobs.end(fence, JobState.FAILED, fault=fault):
                return JobState.FAILED
        return None

    # ------------------------------------------------------------------ the thread of beats

    def _beat(self) -> None:
        swept = 0.0
        while self._thread.is_alive():
            with _tolerated("beat"):
                # First the signs of life: after a sleep of the machine all look dead.
                cancelled, lost = self._jobs.beat(list(self._active))
                for active in list(self._active.values()):
                    active.meter.flush()
                for fence in cancelled | lost:
                    self._soon(partial(self._give_up, fence, fence in lost))
                settings = self._settings
                if self._jobs.requeue_stalled(
                    settings.serve_stalled_seconds, settings.serve_attempts
                ):
                    self._ring()
                    self.wake()
                if time.monotonic() - swept > _SWEEP_SECONDS:
                    swept = time.monotonic()
                    self._sweep()
            self._thread.join(self._settings.serve_beat_seconds)

    def cancel(self, job: str) -> None:
        """Give up a job of this worker at once, if it has it; from any thread."""
        for fence in list(self._active):
            if fence.job == job:
                self._soon(partial(self._give_up, fence, False))

    def _give_up(self, fence: Fence, lost: bool) -> None:
        active = self._active.get(fence)
        if active is None or active.cancelled or active.lost:
            return
        active.cancelled, active.lost = not lost, lost
        active.task.cancel()

    def _sweep(self) -> None:
        """Forget old jobs, and remove what they kept on disk."""
        before = time.time() - self._settings.serve_keep_days * 86400
        self._keys.remove_old(before)
        for tenant, job in self._jobs.remove_old(before):
            folder = settings_for(self._settings, tenant).data_dir / "jobs" / job
            shutil.rmtree(folder, ignore_errors=True)
            log.info("removed", job=job, tenant=tenant)
