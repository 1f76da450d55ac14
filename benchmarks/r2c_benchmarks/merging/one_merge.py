"""One merge in a fresh process, measured from inside: `PYTHON one_merge.py ours|mergekit ORDER`.

The interpreter needs only the side it runs. Imports and the loading of compiled code are told apart
as the start, durable output is inside what is timed. Bytes are those that the kernel fetched for
this process, memory is what is no file's: anonymous, shared or not.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

_OWN = ("RssAnon:", "RssShmem:")


def main(side: str, order: dict[str, object]) -> None:
    """Run the order and print what it took."""
    began = time.monotonic()
    work = ours(order) if side == "ours" else mergekit(order)
    start = time.monotonic() - began
    before, began, cpu, read = anonymous(), time.monotonic(), time.process_time(), kernel_read()
    peak, stop = [before], threading.Event()

    def sample() -> None:
        while not stop.wait(0.02):
            peak[0] = max(peak[0], anonymous())

    sampler = threading.Thread(target=sample)
    sampler.start()
    try:
        told = work()
        make_durable(Path(str(order["out"])))
    finally:
        stop.set()
        sampler.join()
    found = {
        "start_seconds": start,
        "seconds": time.monotonic() - began,
        "cpu_seconds": time.process_time() - cpu,
        "kernel_bytes": kernel_read() - read,
        "memory_bytes": max(peak[0], anonymous()) - before,
    }
    sys.stdout.write(json.dumps(found | told) + "\n")


def ours(order: dict[str, object]) -> Callable[[], dict[str, object]]:
    """A merge by R2C, planned and run."""
    import numpy as np

    from r2c_training.merge.catalog.catalog import Catalog
    from r2c_training.merge.checkpoint.number_format import decode
    from r2c_training.merge.execute.allocation import keep_freed_memory
    from r2c_training.merge.execute.manifest import read_record
    from r2c_training.merge.execute.run import HowToRun, run_plan
    from r2c_training.merge.operators import operators
    from r2c_training.merge.plan.from_recipe import request_from
    from r2c_training.merge.plan.make_plan import Limits, make_plan
    from r2c_training.merge.recipe.read import read_recipe

    operators()
    decode(np.zeros(0, np.uint8), "BF16")

    def work() -> dict[str, object]:
        keep_freed_memory()
        out, share = Path(str(order["out"])), order["share"]
        limits = Limits(budget_share=float(str(share)) if share is not None else None)
        with Catalog(Path(str(order["store"]))) as catalog:
            recipe = read_recipe(Path(str(order["recipe"])))
            request = request_from(recipe, Path(str(order["store"])) / "stacks")
            plan = make_plan(request, catalog, limits)
            access = "direct" if order["access"] == "direct" else "buffered"
            how = HowToRun(access, int(str(order["threads"])))  # type: ignore[arg-type]
            manifest = run_plan(plan, catalog, out, how)
        record = read_record(out)
        # The base comes first; what is asked of it is beside the budget.
        of_experts = sum(record.issued_bytes[1:])
        return {
            "within_budget": plan.budget is None or of_experts <= plan.budget,
            "planned_bytes": plan.expert_bytes,
            "issued_bytes": sum(record.issued_bytes),
            "manifest": manifest.hash,
        }

    return work


def mergekit(order: dict[str, object]) -> Callable[[], dict[str, object]]:
    """A merge by mergekit, as its command line does it."""
    import torch  # type: ignore[import-not-found]
    import yaml
    from mergekit.config import MergeConfiguration  # type: ignore[import-not-found]
    from mergekit.merge import run_merge  # type: ignore[import-not-found]
    from mergekit.options import MergeOptions  # type: ignore[import-not-found]

    torch.set_num_threads(int(str(order["threads"])))
    text = Path(str(order["recipe"])).read_text(encoding="utf-8")
    config = MergeConfiguration.model_validate(yaml.safe_load(text))
    options = MergeOptions(
        copy_tokenizer=False,
        write_model_card=False,
        quiet=True,
        random_seed=0,
        lora_merge_cache=str(order["models_of_adapters"]),
    )

    def work() -> dict[str, object]:
        run_merge(config, str(order["out"]), options)
        return {}

    return work


def make_durable(folder: Path) -> None:
    """Wait until the files of a folder are on the disk."""
    for path in folder.iterdir():
        file = os.open(path, os.O_RDONLY)
        os.fsync(file)
        os.close(file)


def anonymous() -> int:
    """Memory of this process that is no file's, in bytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith(_OWN))


def kernel_read() -> int:
    """Bytes that the kernel fetched from disks for this process."""
    for line in Path("/proc/self/io").read_text(encoding="ascii").splitlines():
        if line.startswith("read_bytes"):
            return int(line.split()[1])
    return 0


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
