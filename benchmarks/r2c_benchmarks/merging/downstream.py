"""What a byte budget does to the tasks that experts learned, on small transformers trained here.

    python -m r2c_benchmarks.merging.downstream --place FOLDER --torch ENV/bin/python

The family is trained once, from a fixed seed, by an interpreter that has PyTorch and transformers;
the same interpreter loads every merge as any user would and measures its losses.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

from pydantic import JsonValue

from r2c_benchmarks.merging.budget_picture import Point, squares
from r2c_benchmarks.provenance import checkout, command_line, start_note
from r2c_benchmarks.results import write_result
from r2c_training.merge.catalog.analyse import analyse
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.checkpoint.checkpoint import open_checkpoint
from r2c_training.merge.execute.run import HowToRun, run_plan
from r2c_training.merge.plan.from_recipe import request_from
from r2c_training.merge.plan.make_plan import Limits, make_plan
from r2c_training.merge.recipe.read import parse_recipe
from r2c_training.merge.verify import verify

SHARES = (0.05, 0.1, 0.27, 0.52, None)
WEIGHT = 0.2
"""Of each expert in task arithmetic; twice as much and the four tasks' updates undo each other."""
EACH: dict[str, dict[str, float]] = {
    "task_arithmetic": {"weight": WEIGHT},
    "ties": {"weight": 1.0, "density": 0.5},
}
WHOLE: dict[str, dict[str, float]] = {"task_arithmetic": {}, "ties": {"lambda": 0.25}}
"""Of the merged update: TIES takes the mean of those that agree, which is a whole expert's size."""
TASKS = ("reverse", "sort", "add", "running")
BLOCK = 131072
"""Elements of a block: a matrix of these models has one to three."""
_NOTE = (
    "A Llama of 3 layers, trained on four tasks for a short time, and one expert for each task, "
    "trained from it; all in bfloat16. Loss is the mean over tasks of that of an output digit, "
    "`right` the share of output digits that are right, on 512 new examples a task. A budget is a "
    "share of reading all experts. `error / update` is that of the merged weights before they are "
    "rounded. Every merge is loaded by transformers from its folder."
)
Row = dict[str, JsonValue]


def main() -> int:
    """Train if need be, merge, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--place", type=Path, required=True, help="where models are made")
    parser.add_argument("--torch", required=True, help="an interpreter with torch, transformers")
    parser.add_argument(
        "--steps", type=int, nargs=2, default=[250, 40], help="of the base, of each expert"
    )
    parser.add_argument("--out", type=Path, help="folder of results; the checkout's unless given")
    given = parser.parse_args()
    family, began = given.place / "family", time.monotonic()
    if not (family / TASKS[-1] / "tokenizer.json").exists():
        shutil.rmtree(family, ignore_errors=True)
        _other(given.torch, "train", json.dumps({"folder": str(family), "steps": given.steps}))
    shutil.rmtree(given.place / "merged", ignore_errors=True)
    errors = {(m, s): _merge(given.place, m, s) for m in EACH for s in SHARES}
    told = _losses(given.torch, given.place)
    alone = {task: told[str(family / task)][task] for task in TASKS}
    rows = [
        _row("base alone", "", None, told[str(family / "base")]),
        _row("each expert on its own task", "", None, alone),
    ]
    for (method, share), error in errors.items():
        losses = told[str(_folder(given.place, method, share))]
        rows.append(_row(method, "all" if share is None else f"{share:.0%}", error, losses))
    document: dict[str, JsonValue] = {
        "summary": list[JsonValue](rows),
        "by task": {
            name.rpartition("/")[2]: {task: dict[str, JsonValue](each) for task, each in of.items()}
            for name, of in told.items()
        },
        "loaded by transformers": _compared(given.torch, given.place),
        "seconds": round(time.monotonic() - began, 1),
        "note": _NOTE,
        "seed": 7,
        "steps": given.steps,
        "start": start_note(command_line()),
    }
    out = given.out or (checkout() or Path()) / "benchmarks" / "results"
    sys.stdout.write(f"written: {write_result('merge_downstream', document, out)}\n")
    (out / "merge_downstream.svg").write_text(_picture(rows), encoding="utf-8")
    return 0


def _other(python: str, what: str, order: str) -> str:
    script = str(Path(__file__).with_name("small_transformers.py"))
    done = subprocess.run(
        [python, script, what, order], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{what} failed:\n{done.stderr[-2000:]}")
    return done.stdout.strip().rpartition("\n")[2]


def _folder(place: Path, method: str, share: float | None) -> Path:
    return place / "merged" / f"{method}-{'all' if share is None else f'{share:.0%}'}"


def _recipe(place: Path, method: str, dtype: str) -> str:
    lines = [f"merge_method: {method}", f"base_model: {place / 'family' / 'base'}"]
    lines += [f"dtype: {dtype}", "models:"]
    for task in TASKS:
        lines += [f"  - model: {place / 'family' / task}"]
        lines += [f"    parameters: {json.dumps(EACH[method])}"]
    if WHOLE[method]:
        lines += [f"parameters: {json.dumps(WHOLE[method])}"]
    return "\n".join(lines) + "\n"


def _merge(place: Path, method: str, share: float | None) -> float:
    """Merge under a budget; the deviation from the full merge as a share of the update."""
    family, output = place / "family", _folder(place, method, share)
    output.parent.mkdir(exist_ok=True)
    base = open_checkpoint(family / "base")
    request = request_from(parse_recipe(_recipe(place, method, "bfloat16")), place / "stacks")
    with Catalog(place / "store") as catalog:
        for task in TASKS:
            analyse(catalog, base, open_checkpoint(family / task), elements=BLOCK)
        plan = make_plan(request, catalog, Limits(budget_share=share), elements=BLOCK)
        run_plan(plan, catalog, output, HowToRun(threads=2))
        found = verify(output, catalog, blocks=None)
    return found.error / found.update


def _losses(python: str, place: Path) -> dict[str, dict[str, dict[str, float]]]:
    folders = [place / "family" / name for name in ("base", *TASKS)]
    folders += [_folder(place, method, share) for method in EACH for share in SHARES]
    found: dict[str, dict[str, dict[str, float]]] = json.loads(
        _other(python, "measure", json.dumps([str(folder) for folder in folders]))
    )
    return found


def _compared(python: str, place: Path) -> dict[str, JsonValue]:
    """A merge in float32, loaded by transformers, beside the same merge done there in memory."""
    output = place / "merged" / "float32"
    request = request_from(
        parse_recipe(_recipe(place, "task_arithmetic", "float32")), place / "stacks"
    )
    with Catalog(place / "store") as catalog:
        plan = make_plan(request, catalog, elements=BLOCK)
        run_plan(plan, catalog, output, HowToRun(threads=2))
    order = {
        "base": str(place / "family" / "base"),
        "experts": [str(place / "family" / task) for task in TASKS],
        "weight": WEIGHT,
        "merged": str(output),
    }
    found: dict[str, JsonValue] = json.loads(_other(python, "compare", json.dumps(order)))
    return found


def _row(what: str, budget: str, error: float | None, losses: dict[str, dict[str, float]]) -> Row:
    def mean(name: str) -> float:
        return round(sum(losses[task][name] for task in TASKS) / len(TASKS), 4)

    told: Row = {"merge": what, "budget": budget, "loss": mean("loss"), "right": mean("right")}
    told |= {f"loss, {task}": round(losses[task]["loss"], 4) for task in TASKS}
    return told | {"error / update": "" if error is None else round(error, 5)}


def _picture(rows: list[Row]) -> str:
    lost: dict[str, list[Point]] = {}
    wrong: dict[str, list[Point]] = {}
    for row in rows:
        name, budget, loss, error = row["merge"], row["budget"], row["loss"], row["error / update"]
        assert isinstance(loss, float)
        shares = [0.05, 1.0] if budget == "" else [_share(str(budget))]
        lost.setdefault(str(name), []).extend((share, loss) for share in shares)
        wrong.setdefault(str(name), [])
        if isinstance(error, float) and error > 0:
            wrong[str(name)].append((shares[0], error))
    return squares(
        ("Loss of the merge, mean of the tasks", lost),
        ("Error, share of the merge's update", wrong),
        "Loss and error of merges over the byte budget",
    )


def _share(budget: str) -> float:
    return 1.0 if budget == "all" else float(budget.removesuffix("%")) / 100


if __name__ == "__main__":
    raise SystemExit(main())
