"""How far our merges and mergekit's are from the exact result, on the same checkpoints.

The reference is mergekit itself in float64, so it shares no line with what is measured here:

    python -m r2c_benchmarks.merging.against_mergekit --mergekit ENV/bin/python
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import ml_dtypes
import numpy as np
import yaml
from pydantic import JsonValue
from safetensors.numpy import load_file

from r2c_benchmarks.merging import with_mergekit
from r2c_benchmarks.merging.checkpoints import BASE, EXPERTS, Array, Dtype, Weights, make_family
from r2c_benchmarks.merging.equal_numbers import Mask, hanging
from r2c_benchmarks.merging.in_memory import merged, prepare
from r2c_benchmarks.merging.recipes import RANDOM, RECIPES
from r2c_benchmarks.provenance import checkout, command_line, start_note
from r2c_training.merge.recipe.records import ModelName

PRECISIONS = ("float64", "float32", "bfloat16")
"""What mergekit is asked to work in."""
NOTE = (
    "Deviation from mergekit in float64 on the same checkpoints: the norm of the difference over "
    "the norm of the merge's update, and the largest difference of an element. Methods that rank "
    "differ on the bfloat16 checkpoints, where many updates are equal: which of equal magnitudes "
    "stay is left to an unstable sort in mergekit and goes by index here, and elected sums of "
    "zero have a sign by rounding alone. `hanging` is the share of such elements, of which a "
    "recipe does not say what they become; `others` is the deviation on all others. On the "
    "float32 checkpoints hardly two are equal."
)
SEED = 2026


def main() -> int:
    """Measure and write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mergekit", required=True, help="an interpreter that has mergekit")
    parser.add_argument("--out", type=Path, help="the result; in the checkout unless given")
    given = parser.parse_args()
    out = given.out or (checkout() or Path()) / "benchmarks" / "results" / "merge_operators.json"
    with tempfile.TemporaryDirectory() as place:
        document = measure(Path(place), given.mergekit)
    out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"written: {out}\n")
    return 0


def measure(folder: Path, mergekit: str) -> dict[str, JsonValue]:
    """Make the checkpoints, merge them both ways, compare."""
    about = start_note(command_line())
    rows: list[JsonValue] = []
    drawn: list[JsonValue] = []
    versions: JsonValue = None
    dtypes: tuple[Dtype, ...] = ("bfloat16", "float32")
    for dtype in dtypes:
        models, work = folder / dtype / "models", folder / dtype / "work"
        make_family(models, SEED, dtype)
        work.mkdir()
        for name, recipe in RECIPES.items():
            for precision in PRECISIONS:
                told = _at(recipe, models) | {"dtype": precision}
                path = work / f"{name}-{precision}.yaml"
                path.write_text(yaml.safe_dump(told), encoding="utf-8")
        script = [mergekit, with_mergekit.__file__, str(work)]
        one_thread = os.environ | {"OMP_NUM_THREADS": "1"}
        subprocess.run(script, check=True, stdout=sys.stderr, env=one_thread)
        versions = json.loads((work / "versions.json").read_text(encoding="utf-8"))
        found = [models / name for name in (BASE, *EXPERTS)]
        inputs = {ModelName.model_validate(str(path)): dict(_tensors(path)) for path in found}
        base = dict(_tensors(models / BASE))
        for name, recipe in RECIPES.items():
            prepared = list(prepare(_at(recipe, models), inputs))
            ours = {each.tensor.name: merged(each, each.deltas) for each in prepared}
            theirs = {each: dict(_tensors(work / f"{name}-{each}")) for each in PRECISIONS}
            told = {"recipe": name, "checkpoints": dtype}
            if name in RANDOM:
                drawn.append(told | _moments(ours, theirs["float32"], base))
            else:
                unsure = {each.tensor.name: hanging(each, SEED) for each in prepared}
                rows.append(told | _deviations(ours, theirs, base, unsure))
    return {
        "about": about,
        "seed": SEED,
        "mergekit": versions,
        "note": NOTE,
        "summary": rows,
        "random": drawn,
    }


def _deviations(
    ours: Weights, theirs: dict[str, Weights], base: Weights, unsure: dict[str, Mask]
) -> dict[str, JsonValue]:
    exact = theirs["float64"]
    assert ours.keys() == exact.keys()
    shown = {
        "ours": ours,
        "mergekit in float32": theirs["float32"],
        "ours, written as bfloat16": {name: _cast(value) for name, value in ours.items()},
        "mergekit in bfloat16": theirs["bfloat16"],
    }
    told: dict[str, JsonValue] = {
        name: _short(_relative(weights, exact, base)) for name, weights in shown.items()
    }
    for name in ("ours", "mergekit in float32"):
        worst = max(float(np.abs(shown[name][key] - exact[key]).max()) for key in exact)
        told[f"largest, {name}"] = _short(worst)
    among = sum(mask.size for mask in unsure.values())
    told["hanging"] = _short(sum(int(mask.sum()) for mask in unsure.values()) / among)
    for name in ("ours", "mergekit in float32"):
        told[f"others, {name}"] = _short(_relative(shown[name], exact, base, unsure))
    return told


def _relative(
    weights: Weights, exact: Weights, base: Weights, without: dict[str, Mask] | None = None
) -> float:
    """Norm of the difference, perhaps without some elements, over the norm of the update."""
    off = moved = 0.0
    for key, value in exact.items():
        apart = np.square(weights[key] - value, dtype=float)
        off += float(apart[~without[key]].sum() if without else apart.sum())
        moved += float(np.square(value - _under(base, key, value), dtype=float).sum())
    return float(np.sqrt(off / moved))


def _under(base: Weights, key: str, value: Array) -> Array:
    """The base below a tensor; a deeper stack has layers that the base has not."""
    return base[key] if key in base else 0 * value


def _moments(ours: Weights, theirs: Weights, base: Weights) -> dict[str, JsonValue]:
    """Of both the share of elements that moved, and the mean and spread of how far."""
    told: dict[str, JsonValue] = {}
    for name, weights in (("ours", ours), ("mergekit", theirs)):
        updates = np.concatenate([(weights[key] - base[key]).ravel() for key in base]).astype(float)
        told[f"moved, {name}"] = _short(float((np.abs(updates) > 1e-7).mean()))
        told[f"mean size, {name}"] = _short(float(np.abs(updates).mean()))
        told[f"spread, {name}"] = _short(float(updates.std()))
    return told


def _short(value: float) -> float:
    return float(f"{value:.3g}")


def _at(recipe: dict[str, JsonValue], models: Path) -> dict[str, JsonValue]:
    """The recipe with the models where they lie."""

    def placed(value: JsonValue) -> JsonValue:
        if isinstance(value, dict):
            return {key: placed(each) for key, each in value.items()}
        if isinstance(value, list):
            return [placed(each) for each in value]
        return str(models / value) if value in (BASE, *EXPERTS) else value

    return {key: placed(value) for key, value in recipe.items()}


def _tensors(folder: Path) -> Iterator[tuple[str, Array]]:
    for path in sorted(folder.glob("*.safetensors")):
        for name, value in load_file(path).items():
            yield name, value if value.dtype == np.float64 else value.astype(np.float32)


def _cast(value: Array) -> Array:
    return value.astype(ml_dtypes.bfloat16).astype(np.float32)


if __name__ == "__main__":
    sys.exit(main())
