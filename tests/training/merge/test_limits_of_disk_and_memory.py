"""A full disk loses nothing; memory does not grow with the size of tensors or models."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from merge_family import ELEMENTS, Family

from r2c.errors import R2CError
from r2c_benchmarks.merging.families import Shape, write_family
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.execute.run import HowToRun, resume, run_plan
from r2c_training.merge.plan.make_plan import make_plan

MEASURE = """
import sys
from pathlib import Path
import numpy as np
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.checkpoint.number_format import decode
from r2c_training.merge.execute.estimate import PROGRAM_BYTES, estimate
from r2c_training.merge.execute.run import HowToRun, run_plan
from r2c_training.merge.plan.make_plan import make_plan
from r2c_training.merge.plan.request import MergeRequest, Rule
def status(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))
folder, experts = Path(sys.argv[1]), int(sys.argv[2])
operator, _, solver = sys.argv[3].partition(":")
merge = {"wudi": {"steps": 10, "solver": solver or "adam"}}.get(operator, {})
rule = Rule(operator, merge, [{"weight": 0.3}] * experts)
paths = tuple(folder / f"expert{k % 2}" for k in range(experts))
request = MergeRequest(folder / "base", paths, lambda _: rule)
with Catalog(folder / "store") as catalog:
    plan = make_plan(request, catalog)
    decode(np.zeros(0, np.uint8), "BF16")  # loads what runs compiled code
    run_plan(plan, catalog, folder / f"out{experts}", HowToRun(threads=2))
    # The peak of this program: what `getrusage` tells is at least that of the one which began it.
    print(status("VmHWM"))
    print(estimate(plan, 2, None).memory_bytes >> 10)
    print(PROGRAM_BYTES >> 10)
"""
MIB = 1 << 10
"""In kibibytes, as Linux tells memory."""


def peak(folder: Path, experts: int, operator: str) -> tuple[int, int, int]:
    """The peak of a process that merges, what its plan had said, and of that the program."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(folder), str(experts), operator],
        capture_output=True,
        text=True,
        timeout=250,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OPENBLAS_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    measured, said, program = done.stdout.split()
    return int(measured), int(said), int(program)


def test_memory_is_some_blocks_of_each_model_and_no_tensor(tmp_path: Path) -> None:
    """The program, 48 MiB and K + 3 blocks, though 12 models of a 24 MiB embedding go in."""
    shape = Shape(hidden=256, layers=1, feed_forward=256, vocabulary=49152, heads=4, tied=True)
    write_family(tmp_path, shape, 2)
    for experts in (2, 12):
        measured, _, program = peak(tmp_path, experts, "task_arithmetic")
        assert measured <= program + (48 + experts + 3) * MIB


@pytest.mark.parametrize(
    "operator", ["task_arithmetic", "tsv_m", "iso_c", "wudi", "wudi:closed_form"]
)
def test_a_plan_says_how_much_memory_it_takes(operator: str, tmp_path: Path) -> None:
    shape = Shape(hidden=768, layers=1, feed_forward=768, vocabulary=512, heads=4, tied=True)
    write_family(tmp_path, shape, 2)
    measured, said, program = peak(tmp_path, 2, operator)
    print(operator, measured >> 10, said >> 10)
    assert measured <= 1.15 * said
    assert said - program <= 2 * (measured - program) + 48 * MIB


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="a file system of its own is mounted")
def test_a_full_disk_is_told_and_the_merge_goes_on_when_there_is_room(
    family: Family, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "none", str(disk)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    try:
        with Catalog(tmp_path / "store") as catalog:
            plan = make_plan(family.request(), catalog, elements=ELEMENTS)
            with pytest.raises(R2CError, match="R2C-T035"):
                run_plan(plan, catalog, disk / "out", HowToRun())
            assert not (disk / "out").exists()
            subprocess.run(["mount", "-o", "remount,size=16m", str(disk)], check=True)
            resumed = resume(disk / "out", catalog, HowToRun())
            whole = run_plan(plan, catalog, tmp_path / "out", HowToRun())
        assert resumed.hash == whole.hash
    finally:
        subprocess.run(["umount", str(disk)], check=True)
