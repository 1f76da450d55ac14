"""The same run on Ray Data: the problems are a dataset, each worker attempts one at a time.

Workers are processes of a cluster, on this machine or on many; the run folder stays with whoever
started the run. A record is on disk as soon as it comes back, so a run that was killed continues
where it was, on Ray or not.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from r2c.errors import InputError, declare
from r2c.llm.connect import connect
from r2c.settings import Settings
from r2c_benchmarks.asking_order import in_asking_order
from r2c_benchmarks.folder import RunFolder
from r2c_benchmarks.items import Item, Name, read_items
from r2c_benchmarks.pool import Pool
from r2c_benchmarks.progress import Progress
from r2c_benchmarks.record import Record
from r2c_benchmarks.registry import find_method
from r2c_benchmarks.run import Runner
from r2c_benchmarks.sandbox.box import Sandbox
from r2c_benchmarks.start import RUNS, Wish, manifest_of, options_of
from r2c_benchmarks.suites import corrected

NO_RAY = declare(
    "R2C-B098",
    InputError,
    what="The run cannot be made on Ray: {reason}.",
    why="Ray is not part of the installation unless asked for.",
    remedy="Install rule2constraint[cluster], or run without --ray.",
)


def run_on_ray(wish: Wish, names: Sequence[Name], settings: Settings) -> Path:
    """Run over a cluster; the run folder.

    The address of the cluster is that of RAY_ADDRESS; without it one is started on this machine
    with `wish.concurrency` workers. Workers connect to the model by the same settings, so an
    endpoint has to be reachable from where they are.

    Raises:
        InputError: R2C-B098.
        R2CError: whatever prevents the run.
    """
    try:
        import ray
    except ImportError as error:
        raise NO_RAY(reason=str(error)) from error
    items = [corrected(item) for item in read_items(wish.bench, names)]
    served = _served(wish, settings)
    manifest = manifest_of(wish, names, served[0], connect(served[0]))
    path = wish.out or RUNS / f"{wish.ids.stem}-{wish.method}"
    with RunFolder(path, manifest, other_code=wish.other_code) as folder, ExitStack() as ended:
        done = {record.name for record in folder.records}
        left = [item for item in items if item.name not in done]
        asked = in_asking_order(left, find_method(wish.method), options_of(wish))
        waiting = [
            {"item": item.model_dump_json(), "first": number % len(served)}
            for number, item in enumerate(asked)
        ]
        progress = Progress(sys.stderr, len(items), folder.records, wish.concurrency, wish.prices)
        if not waiting:
            return path
        local = {} if os.environ.get("RAY_ADDRESS") else {"num_cpus": wish.concurrency}
        ray.init(ignore_reinit_error=True, log_to_driver=False, logging_level="error", **local)
        ended.callback(ray.shutdown)
        rows = ray.data.from_items(waiting, override_num_blocks=len(waiting)).map(
            Worker,
            fn_constructor_args=(wish, served),
            concurrency=wish.concurrency,
        )
        for row in rows.iter_rows():
            record = Record.model_validate_json(row["record"])
            folder.append(record)
            progress.tell(record)
    return path


class Worker:
    """A process of the cluster with a model, a sandbox and a method."""

    def __init__(self, wish: Wish, served: Sequence[Settings]) -> None:
        """Connect once, for all problems."""
        self._ended = ExitStack()
        sandbox = self._ended.enter_context(Sandbox())
        models = [connect(one) for one in served]
        self._runners = [
            Runner(
                method=find_method(wish.method),
                model=Pool([*models[first:], *models[:first]]),
                sandbox=sandbox,
                settings=served[0],
                options=options_of(wish),
                item_seconds=wish.seconds,
                seed=wish.seed,
            )
            for first in range(len(models))
        ]

    def close(self) -> None:
        """End the sandbox; in a cluster it ends with the process of the worker."""
        self._ended.close()

    def __call__(self, row: dict[str, Any]) -> dict[str, str]:
        """Attempt the problem of a row, at the endpoint whose turn it is.

        A worker does not see what the others ask, so which is the least busy it cannot tell.
        """
        item = Item.model_validate_json(row["item"])
        runner = self._runners[row["first"]]
        return {"record": asyncio.run(runner.attempt(item)).model_dump_json()}


def _served(wish: Wish, settings: Settings) -> list[Settings]:
    return [
        settings.model_copy(update={"model": endpoint})
        for endpoint in wish.endpoints or (settings.model,)
    ]
