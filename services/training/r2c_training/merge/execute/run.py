"""Runs a plan to a published model: read, merge, write, note each block; then rename.

Several threads take one block each from reading to writing, so that some wait for the disk while
others compute; no more blocks are in memory than there are threads.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from numpy.linalg import LinAlgError
from pydantic import JsonValue

import r2c
from r2c.errors import R2CError
from r2c_training.merge.blocks import block_bounds
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.checkpoint.block_reader import Access, kernel_read_bytes
from r2c_training.merge.checkpoint.number_format import ITEM_BYTES, Float32, all_finite, encode
from r2c_training.merge.execute.contents import with_contents
from r2c_training.merge.execute.finite import NOT_FINITE, not_finite, sources_not_finite
from r2c_training.merge.execute.inputs import Inputs
from r2c_training.merge.execute.journal import Journal
from r2c_training.merge.execute.layout import SHARD_BYTES, lay_out
from r2c_training.merge.execute.manifest import (
    MANIFEST,
    RECORD,
    Manifest,
    Record,
    read_manifest,
    read_record,
)
from r2c_training.merge.execute.merge_blocks import Job, jobs_of, merge_job
from r2c_training.merge.execute.shard_files import ShardFiles
from r2c_training.merge.execute.sidecars import sidecars
from r2c_training.merge.execute.staging import (
    NOTHING_BEGUN,
    OTHER_MERGE,
    OUTPUT_EXISTS,
    Staging,
    disk_full_told,
    sync_files,
    write_durably,
)
from r2c_training.merge.plan.plan import Plan, PlannedTensor
from r2c_training.merge.single_threaded import single_threaded
from r2c_training.merge.source import identity, open_source

Advance = Callable[[int], None]


@dataclass(frozen=True)
class HowToRun:
    """What changes how fast a merge runs and not what comes out of it.

    Args:
        access: How files are read.
        threads: Threads that each take a block from reading to writing.
        advance: Told the bytes of every block that is written.
    """

    access: Access = "buffered"
    threads: int = 4
    advance: Advance = lambda _: None


def run_plan(
    plan: Plan, catalog: Catalog, output: Path, how: HowToRun, *, shard_bytes: int = SHARD_BYTES
) -> Manifest:
    """Merge as planned and publish the result at `output`, or go on with a run that broke off.

    The hashes of inputs that the plan lacks are found first, and are part of what is published.

    Raises:
        InputError, StoreError: R2C-T001 to R2C-T006, R2C-T030 to R2C-T037, R2C-T123.
    """
    staging = Staging(output.absolute())
    with staging.locked():
        _require_place(staging, plan.outline)
        plan = with_contents(plan, catalog, how.access, lambda _: None)
        if output.exists():
            return _published(staging, plan, catalog)
        with disk_full_told(staging.folder, 0):
            staging.begin(plan, _identities(plan))
            try:
                record = _merge(plan, catalog, staging, how, shard_bytes)
            except R2CError as error:
                if error.code == NOT_FINITE.code:  # going on would end so again
                    staging.clear()
                raise
        staging.require(_identities(plan))
        staging.publish()
        return _close(staging, catalog, record)


def require_place(output: Path, outline: JsonValue) -> None:
    """Refuse a place where merges of this outline cannot go, before their inputs are read.

    Args:
        output: Where the result is wanted.
        outline: `Plan.outline`, as it is before a plan is made.

    Raises:
        InputError, StoreError: R2C-T031 to R2C-T033, R2C-T036, R2C-T141.
    """
    staging = Staging(output.absolute())
    with staging.locked():
        _require_place(staging, outline)


def _require_place(staging: Staging, outline: JsonValue) -> None:
    begun = staging.plan()
    if begun is not None and begun.outline != outline:
        raise OTHER_MERGE(
            output=str(staging.output), staging=str(staging.folder), begun=begun.hash[:16],
            wanted="another recipe or budget, or other models",
        )  # fmt: skip
    if not os.path.lexists(staging.output):
        return
    there = staging.output / MANIFEST
    # What is staged still has not become the output, so another thing lies there.
    if staging.files.exists() or not there.is_file():
        raise OUTPUT_EXISTS(output=str(staging.output))
    if read_manifest(staging.output).plan.outline != outline:
        raise OUTPUT_EXISTS(output=str(staging.output))


def resume(output: Path, catalog: Catalog, how: HowToRun) -> Manifest:
    """Go on with a run that broke off.

    Raises:
        InputError, StoreError: R2C-T030 to R2C-T035.
    """
    staging = Staging(output.absolute())
    plan = staging.plan()
    if plan is None:
        raise NOTHING_BEGUN(output=str(output), staging=str(staging.folder))
    return run_plan(plan, catalog, output, how)


def _identities(plan: Plan) -> list[str]:
    return [identity(open_source(folder)) for folder in plan.folders]


def _published(staging: Staging, plan: Plan, catalog: Catalog) -> Manifest:
    """The output is there: made by this plan (perhaps by a run that died just then), or foreign.

    The hash of the plan covers the bytes of its inputs, so this tells what other weights made too.
    """
    if not (staging.output / MANIFEST).is_file():
        raise OUTPUT_EXISTS(output=str(staging.output))
    manifest = read_manifest(staging.output)
    if manifest.plan_hash != plan.hash:
        raise OUTPUT_EXISTS(output=str(staging.output))
    return _close(staging, catalog, read_record(staging.output))


def _close(staging: Staging, catalog: Catalog, record: Record) -> Manifest:
    manifest = read_manifest(staging.output)
    catalog.remember_merge(
        manifest.hash,
        staging.output,
        manifest.plan_hash,
        manifest.plan.methods,
        record.finished,
        (record.seconds, sum(record.issued_bytes)),
        {each.role: each.content or each.identity for each in manifest.plan.inputs},
    )
    staging.clear()
    return manifest


@single_threaded()
def _merge(
    plan: Plan, catalog: Catalog, staging: Staging, how: HowToRun, shard_bytes: int
) -> Record:
    started, began, cpu = datetime.now(UTC), time.monotonic(), time.process_time()
    kernel = kernel_read_bytes()
    layout = lay_out(plan, shard_bytes)
    with (
        Inputs(plan, catalog, how.access) as inputs,
        ShardFiles(staging.files, layout, plan) as files,
        Journal(staging.journal) as journal,
    ):
        hashes = {
            key: sha256
            for tensor in plan.tensors
            for number in range(len(tensor.choices[0]))
            if (sha256 := journal.written.get(key := (tensor.name, number)))
            and files.holds(tensor, number, sha256)
        }
        resumed = len(hashes)
        _run_jobs(plan, inputs, _Writer(plan, inputs, files, journal, hashes, how.advance), how)
        file_hashes = dict(files.finish())
        beside = sidecars(plan, inputs.base, layout)
        issued = inputs.issued
    for name, data in beside.items():
        (staging.files / name).write_bytes(data)
        file_hashes[name] = hashlib.sha256(data).hexdigest()
    manifest = Manifest(
        tool=r2c.__version__,
        plan_hash=plan.hash,
        plan=plan.model_copy(update={"folders": (), "seen": ()}),
        files=file_hashes,
        blocks={
            tensor.name: tuple(hashes[tensor.name, n] for n in range(len(tensor.choices[0])))
            for tensor in plan.tensors
        },
    )
    (staging.files / MANIFEST).write_bytes(manifest.to_bytes())
    sync_files(staging.files)
    record = Record(
        started=started.isoformat(),
        finished=datetime.now(UTC).isoformat(),
        seconds=time.monotonic() - began,
        cpu_seconds=time.process_time() - cpu,
        access=how.access,
        threads=how.threads,
        issued_bytes=issued,
        kernel_bytes=kernel_read_bytes() - kernel,
        resumed_blocks=resumed,
        folders=plan.folders,
    )
    write_durably(staging.files / RECORD, record.model_dump_json(indent=2).encode() + b"\n")
    return record


class _Writer:
    """Takes merged tiles of a block in order, writes them, and notes the block when it is whole."""

    def __init__(
        self, plan: Plan, inputs: Inputs, files: ShardFiles, journal: Journal,
        hashes: dict[tuple[str, int], str], advance: Advance,
    ) -> None:  # fmt: skip
        self.hashes = hashes
        self._plan, self._inputs, self._files = plan, inputs, files
        self._journal, self._advance = journal, advance

    def deliveries(self) -> Callable[[PlannedTensor, int, int, Float32], None]:
        """What one job delivers to."""
        whole = hashlib.sha256()

        def deliver(tensor: PlannedTensor, number: int, start: int, values: Float32) -> None:
            nonlocal whole
            first, stop = block_bounds(tensor.shape, self._plan.block_elements)[number]
            if start == first:
                whole = hashlib.sha256()
            data = encode(values, tensor.form)
            if not all_finite(data, tensor.form):
                raise not_finite(self._plan, self._inputs, tensor)
            self._files.write(tensor, start, data)
            whole.update(data.data)
            if start + values.size == stop:
                sha256 = whole.hexdigest()
                self._journal.note(tensor.name, number, sha256)
                self.hashes[tensor.name, number] = sha256
                self._files.done(tensor, number)
                self._advance((stop - first) * ITEM_BYTES[tensor.form])

        return deliver


def _run_jobs(plan: Plan, inputs: Inputs, writer: _Writer, how: HowToRun) -> None:
    jobs = jobs_of(plan, lambda tensor, number: (tensor.name, number) in writer.hashes)
    # A tensor that must be gone over first is one job: the largest begin, so that none is last.
    jobs.sort(key=lambda job: -len(job.blocks))
    left: dict[str, int] = {}
    counting = Lock()
    for job in jobs:
        left[job.tensor.name] = left.get(job.tensor.name, 0) + 1

    def work(job: Job) -> None:
        try:
            merge_job(plan, inputs, job, writer.deliveries())
        except LinAlgError as error:
            # Decompositions end so where a matrix holds what is no number.
            if not sources_not_finite(plan, inputs, job.tensor):
                raise
            raise not_finite(plan, inputs, job.tensor) from error
        with counting:
            left[job.tensor.name] -= 1
            last = left[job.tensor.name] == 0
        if last:
            inputs.done(job.tensor)

    pool = ThreadPoolExecutor(how.threads)
    try:
        done, _ = wait([pool.submit(work, job) for job in jobs], return_when=FIRST_EXCEPTION)
    finally:
        # Where a user interrupts too: what has not begun yet is left to a run that goes on.
        pool.shutdown(cancel_futures=True)
    for task in done:
        task.result()
