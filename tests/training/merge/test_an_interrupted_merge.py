"""A user who interrupts a merge gets the terminal back at once, and the merge can go on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from merge_family import Family

from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.execute.journal import Journal
from r2c_training.merge.execute.manifest import read_record
from r2c_training.merge.execute.run import HowToRun, resume
from r2c_training.merge.execute.staging import Staging
from r2c_training.merge.plan.make_plan import make_plan
from r2c_training.merge.plan.plan_file import plan_bytes

PROGRAM = """
import os, signal, sys, threading
from pathlib import Path
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.execute.run import HowToRun, run_plan
from r2c_training.merge.plan.plan_file import read_plan

known = threading.Event()

def know(*_):
    known.set()
    raise KeyboardInterrupt

def interrupt(_):
    if not known.is_set():
        os.kill(os.getpid(), signal.SIGINT)
        known.wait()

signal.signal(signal.SIGINT, know)
plan, store, out = map(Path, sys.argv[1:])
how = HowToRun(threads=1, advance=interrupt)
try:
    with Catalog(store) as catalog:
        run_plan(read_plan(plan), catalog, out, how)
except KeyboardInterrupt:
    sys.exit(130)
"""
"""Interrupts itself when the first block is written, and goes on when that is known."""


def test_an_interrupted_merge_begins_no_more_blocks_and_can_go_on(
    family: Family, catalog: Catalog, tmp_path: Path
) -> None:
    plan = make_plan(family.request(), catalog, elements=128)
    kept, out = tmp_path / "plan.json", tmp_path / "out"
    kept.write_bytes(plan_bytes(plan))
    words = [sys.executable, "-c", PROGRAM, *map(str, (kept, catalog.folder, out))]
    path = {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        words, check=False, capture_output=True, text=True, env={**os.environ, **path}
    )
    assert done.returncode == 130, done.stderr
    assert not out.exists()
    with Journal(Staging(out).journal) as journal:
        written = len(journal.written)
    assert 0 < written < sum(len(tensor.choices[0]) for tensor in plan.tensors) / 2
    resume(out, catalog, HowToRun())
    assert read_record(out).resumed_blocks == written
