"""Kills a merge, or a pass over an expert, before each of its writes; lets it go on; compares.

    killed_at_every_step.py merge|analyse FOLDER STRIDE

A child is forked for every step, so that modules are loaded once. Prints one JSON object: how many
steps there were, and the hashes of what was there in the end.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from merge_family import Family

from r2c_benchmarks.merging.families import Shape, write_family
from r2c_training.merge.catalog.analyse import analyse
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.checkpoint.checkpoint import open_checkpoint
from r2c_training.merge.execute.run import HowToRun, run_plan
from r2c_training.merge.plan.make_plan import Limits, make_plan

SHAPE = Shape(hidden=64, layers=1, feed_forward=176, vocabulary=256, heads=4, shards=2)
ELEMENTS = 8192
WRITES = ("pwrite", "write", "fsync", "ftruncate", "posix_fallocate", "rename", "unlink", "rmdir")


def die_at(step: int) -> None:
    """From now on, the process is killed before its write number `step`."""
    seen = 0

    def counted(call: Callable[..., object]) -> Callable[..., object]:
        def wrapped(*args: object, **named: object) -> object:
            nonlocal seen
            seen += 1
            if seen == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **named)

        return wrapped

    for name in WRITES:
        setattr(os, name, counted(getattr(os, name)))


def in_child(work: Callable[[], object], step: int | None = None) -> bool:
    """Whether the work came to its end in a process of its own."""
    child = os.fork()
    if child == 0:
        try:
            if step is not None:
                die_at(step)
            work()
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit("the work failed")
    return os.WIFEXITED(status)


def digest(folder: Path) -> str:
    """Hash of all files that two equal merges have alike."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "r2c_merge_run.json":
            whole.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


def analyse_all(family: Family, store: Path) -> None:
    """One pass over each expert."""
    with Catalog(store) as catalog:
        for folder in family.experts:
            analyse(
                catalog,
                open_checkpoint(family.base),
                open_checkpoint(folder),
                elements=ELEMENTS,
                access="buffered",
            )


def merge(family: Family, store: Path, output: Path) -> None:
    """A merge under a budget."""
    with Catalog(store) as catalog:
        plan = make_plan(family.request(), catalog, Limits(budget_share=0.5), elements=ELEMENTS)
        run_plan(plan, catalog, output, HowToRun(threads=2))


def main(what: str, folder: Path, stride: int) -> None:
    """Try every step, or every so many-th, until one run comes to its end by itself."""
    base, experts = write_family(folder / "family", SHAPE, 2)
    family = Family(base, tuple(experts), folder)
    step, digests, left = 1, set(), set()
    store = folder / "store"
    in_child(partial(analyse_all, family, store))
    while True:
        target = folder / f"try{step}"
        target.mkdir()
        if what == "merge":
            work = partial(merge, family, store, target / "out")
        else:
            work = partial(analyse_all, family, target)
        ended = in_child(work, step)
        if (target / "out").exists():
            # What can be seen is a whole model or nothing.
            digests.add(digest(target / "out"))
        in_child(work)
        if what == "analyse":
            in_child(partial(merge, family, target, target / "out"))
        digests.add(digest(target / "out"))
        left |= {path.name for path in target.iterdir() if path.name.startswith(".")}
        shutil.rmtree(target)
        if ended:
            break
        step += stride
    print(json.dumps({"steps": step, "digests": sorted(digests), "left": sorted(left)}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
