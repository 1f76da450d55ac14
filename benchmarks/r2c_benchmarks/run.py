"""Runs one method over a list of problems, keeping every result as soon as it is there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from r2c.errors import BudgetError, Fault, LanguageModelError, R2CError, StoreError, declare
from r2c.llm.failures import (
    BROKEN_OFF,
    NO_CHOICES,
    NOT_A_COMPLETION,
    RATE_LIMITED,
    SERVER_FAILED,
    UNREACHABLE,
)
from r2c.llm.model import LanguageModel, Message
from r2c.settings import Settings
from r2c_benchmarks.asking_order import in_asking_order
from r2c_benchmarks.folder import RunFolder
from r2c_benchmarks.items import Item
from r2c_benchmarks.meter import Meter
from r2c_benchmarks.method import Attempt, Means, Method
from r2c_benchmarks.progress import Progress
from r2c_benchmarks.record import Record, record_of
from r2c_benchmarks.renumber.number_map import Unclear
from r2c_benchmarks.sandbox.box import NOT_STARTED, REFUSED, Sandbox
from r2c_benchmarks.score import close

ALIVE_SECONDS = 60.0

ENDPOINT_LOST = declare(
    "R2C-B040",
    LanguageModelError,
    what="The language model stopped answering during the problem {id!r} ({code}).",
    why="{reason} A score must not suffer from a server that is down, so the run ends here.",
    remedy="{remedy} Then start the same command again: it continues where it was.",
)
_OURS = {REFUSED.code, NOT_STARTED.code}
"""Failures of this machine, not of an attempt."""
_PASSING = {
    failure.code
    for failure in (
        UNREACHABLE,
        RATE_LIMITED,
        SERVER_FAILED,
        NOT_A_COMPLETION,
        NO_CHOICES,
        BROKEN_OFF,
    )
}
"""Failures of the endpoint that say nothing of the problem."""


@dataclass(frozen=True)
class Runner:
    """One method with all it needs; `attempt` is one problem, `run` all of them."""

    method: Method
    model: LanguageModel
    sandbox: Sandbox
    settings: Settings
    options: Mapping[str, JsonValue]
    item_seconds: float
    seed: int = 0
    concurrency: int = 1

    async def run(
        self, items: Sequence[Item], folder: RunFolder, progress: Progress | None = None
    ) -> None:
        """Attempt every problem that has no record yet, those with one beginning together.

        Raises:
            LanguageModelError: R2C-B040; what was done before is kept.
            SolveError: R2C-B001 or R2C-B002.
            StoreError: R2C-B033, or whatever a method could not write.
        """
        done = {record.name for record in folder.records}
        waiting = in_asking_order(
            [item for item in items if item.name not in done], self.method, self.options
        )
        turns = asyncio.Semaphore(self.concurrency)

        async def one(item: Item) -> None:
            async with turns:
                record = await self.attempt(item)
                folder.append(record)
                if progress is not None:
                    progress.tell(record)

        async with asyncio.TaskGroup() as group:
            for item in waiting:
                group.create_task(one(item))

    async def attempt(self, item: Item) -> Record:
        """Attempt one problem within its time.

        Raises:
            LanguageModelError: R2C-B040.
            SolveError: R2C-B001 or R2C-B002.
        """
        record, fault = await self._once(item)
        if fault is not None and fault.code in _PASSING:
            # The server was away for a moment; a second failure counts as it is.
            record, _ = await self._once(item)
        return record

    async def _once(self, item: Item) -> tuple[Record, Fault | None]:
        """One attempt, and what the endpoint failed in if that left no answer.

        Raises:
            LanguageModelError: R2C-B040.
        """
        meter = Meter(self.model)
        began = time.monotonic()
        means = Means(
            model=meter,
            sandbox=self.sandbox,
            settings=self.settings,
            deadline=began + self.item_seconds,
            seed=self.seed,
            options=self.options,
        )
        found = await self._within_time(item, means)
        seconds = time.monotonic() - began
        fault = meter.fault if found.objective is None else None
        if fault is not None:
            await self._require_alive(item, fault)
        again = await self._again(item, found, means)
        return record_of(item, found, meter.usage, seconds, again), fault

    async def _again(self, item: Item, found: Attempt, means: Means) -> tuple[bool | None, ...]:
        """Whether an attempt that is right stays right with the other numbers of its problem."""
        if found.formulation is None or not close(found.objective, item.answer):
            return ()
        right: list[bool | None] = []
        for other in item.others:
            try:
                objective = await found.formulation.again(item, other, means)
                right.append(close(objective, other.answer))
            except Unclear:
                right.append(None)
            except (R2CError, SyntaxError) as error:
                if isinstance(error, StoreError) or getattr(error, "code", "") in _OURS:
                    raise
                right.append(False)
        return tuple(right)

    async def _within_time(self, item: Item, means: Means) -> Attempt:
        try:
            async with asyncio.timeout(self.item_seconds):
                return await self.method.attempt(item, means)
        except TimeoutError:
            return Attempt("limit", message=f"no answer within {self.item_seconds:g} s")
        except BudgetError as error:
            return Attempt("limit", message=f"{error.code}: {error.fault.what} {error.fault.why}")
        except R2CError as error:
            if error.code in _OURS or isinstance(error, StoreError):
                raise
            return Attempt("error", message=f"{error.code}: {error.fault.what} {error.fault.why}")
        except Exception as error:  # a method that breaks on one problem goes on with the next
            return Attempt("error", message=f"{type(error).__name__}: {error}")

    async def _require_alive(self, item: Item, fault: Fault) -> None:
        """Make sure that a failed call was the problem's fault, not the server's."""
        try:
            await self.model.complete(
                [Message("user", "Say: yes")],
                None,
                max_tokens=4,
                deadline=time.monotonic() + ALIVE_SECONDS,
                purpose="alive",
            )
        except (LanguageModelError, BudgetError) as error:
            raise ENDPOINT_LOST(
                id=item.id, code=fault.code, reason=fault.what, remedy=error.fault.remedy
            ) from error


def first_error(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first failure of a task group, out of however many layers."""
    inner = group.exceptions[0]
    return first_error(inner) if isinstance(inner, BaseExceptionGroup) else inner
