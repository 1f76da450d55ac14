"""Merges under budgets, beside mergekit: `python -m r2c_benchmarks.merging.budgets --place FOLDER`.

A group, one method on one number of experts, has its ratios within itself; FOLDER/journal.jsonl
keeps it, and the same command goes on. By default 2 to 16 experts of 64 MB and 2 of 1 GB by task
arithmetic and TIES, and the 16 by DARE: 40 minutes on two quiet cores, 5 GB of disk. `--adapters`
merges adapters on a base of 64 MB instead.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import JsonValue

from r2c_benchmarks.journal import Journal
from r2c_benchmarks.merging.budget_picture import picture
from r2c_benchmarks.merging.budget_table import by_budget, by_method
from r2c_benchmarks.merging.families import FAMILIES
from r2c_benchmarks.merging.family_bench import SEED, SHARES, Conditions, FamilyBench, Row
from r2c_benchmarks.merging.methods import METHODS
from r2c_benchmarks.provenance import checkout, command_line, commit, start_note
from r2c_benchmarks.results import write_result
from r2c_training.merge.execute.run import HowToRun

Group = tuple[str, str, int]
"""Name of the family, method, number of experts."""


def main() -> int:
    """Measure what is not measured yet and write the result."""
    given = _arguments().parse_args()
    shares = SHARES if given.shares is None else (None, *given.shares)
    conditions = Conditions(given.mergekit, given.repeats, given.threads, given.own_threads, shares)
    groups = _groups(given)
    given.place.mkdir(parents=True, exist_ok=True)
    path: Path = given.place / "journal.jsonl"
    mark: dict[str, JsonValue] = {
        "commit": commit(), "repeats": given.repeats, "threads": given.threads,
        "own_threads": given.own_threads,
        "shares": list(shares), "mergekit": given.mergekit is not None, "buffered": given.buffered,
    }  # fmt: skip
    until = time.monotonic() + 60 * given.minutes
    with Journal(path, lambda: RuntimeError(f"{path} is in use")) as journal:
        journal.mend()
        done = read_groups(path, mark)
        measured = _measured(groups, done, given.place, conditions, until, buffered=given.buffered)
        for group, rows in measured:
            journal.append(json.dumps({"mark": mark, "group": list(group), "rows": rows}))
            done[group] = rows
    left = [group for group in groups if group not in done]
    sys.stderr.write(f"{len(groups) - len(left)} of {len(groups)} groups are measured\n")
    if len(left) == len(groups):
        return 1
    out = given.out or (checkout() or Path()) / "benchmarks" / "results"
    rows = [row for group in groups for row in done.get(group, [])]
    document = _document(
        rows, conditions, adapters=bool(given.adapters), a_line_a_method=given.a_line_a_method
    )
    sys.stdout.write(f"written: {write_result(given.name, document, out)}\n")
    if len(shares) > 1 and not given.a_line_a_method:  # few lines over several budgets
        (out / f"{given.name}.svg").write_text(picture(rows), encoding="utf-8")
    return 0


def _groups(given: argparse.Namespace) -> list[Group]:
    """All that is asked for, in the order in which it is measured."""
    if given.adapters:
        return [("adapters", method, count) for count in given.adapters for method in given.methods]
    counts: dict[str, list[int]] = {"small": given.experts, "large": given.large_experts}
    groups = [
        (family, method, experts)
        for family, numbers in counts.items()
        for experts in numbers
        for method in given.methods
        if experts <= (METHODS[method].most or experts)
    ]
    also = [("small", method, max(given.experts)) for method in given.also if given.experts]
    return groups + also


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--place", type=Path, required=True, help="where families are made")
    parser.add_argument("--mergekit", help="an interpreter that has mergekit")
    parser.add_argument("--experts", type=int, nargs="*", default=[2, 4, 8, 16])
    parser.add_argument("--large-experts", type=int, nargs="*", default=[2])
    parser.add_argument("--adapters", type=int, nargs="+", help="numbers of adapters, alone")
    parser.add_argument("--methods", nargs="+", default=["task_arithmetic", "ties"])
    parser.add_argument(
        "--also", nargs="*", default=["dare_ties"], help="on the most small experts alone"
    )
    parser.add_argument(
        "--buffered", action="store_true", help="reads of each number, not of the most alone"
    )
    parser.add_argument("--shares", type=float, nargs="*", help="budgets beside reading all")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2, help="of mergekit, at most")
    parser.add_argument("--own-threads", type=int, default=HowToRun().threads, help="of ours")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no group later")
    parser.add_argument("--name", default="merge", help="of the result")
    parser.add_argument(
        "--a-line-a-method", action="store_true", help="on the page, not one for each budget"
    )
    parser.add_argument("--out", type=Path, help="folder of results; the checkout's unless given")
    return parser


def read_groups(path: Path, mark: dict[str, JsonValue]) -> dict[Group, list[Row]]:
    """The groups that were measured before by the same code under the same conditions."""
    found: dict[Group, list[Row]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        kept = json.loads(line)
        if kept["mark"] == mark:
            name, method, experts = kept["group"]
            found[name, method, experts] = kept["rows"]
    return found


def _measured(
    groups: Sequence[Group],
    done: dict[Group, list[Row]],
    place: Path,
    conditions: Conditions,
    until: float,
    *,
    buffered: bool,
) -> Iterator[tuple[Group, list[Row]]]:
    """The groups that are left, as far as there is time."""
    benches: dict[str, FamilyBench] = {}
    for group in groups:
        if group in done:
            continue
        if time.monotonic() > until:
            return
        name, method, experts = group
        most = max(count for each, _, count in groups if each == name)
        if name not in benches:
            benches[name] = FamilyBench(place / name, FAMILIES[name], conditions)
            benches[name].make(most)
        bench, rows = benches[name], []
        for row in bench.rows(method, experts, buffered=buffered or experts == most):
            rows.append({"model MB": round(bench.weight_bytes / 1e6)} | row)
            sys.stderr.write(json.dumps(rows[-1]) + "\n")
        yield group, rows


def _document(
    rows: Sequence[Row], conditions: Conditions, *, adapters: bool, a_line_a_method: bool
) -> dict[str, JsonValue]:
    return {
        "summary": (by_method if a_line_a_method else by_budget)(rows),
        "rows": list[JsonValue](rows),
        "note": _note(conditions, adapters=adapters) + _fetched(rows),
        "seed": SEED,
        "start": start_note(command_line()),
    }


def _fetched(rows: Sequence[Row]) -> str:
    """The most that the kernel fetched beside what was asked for, by the way of reading."""
    worst: dict[str, float] = {}
    for row in rows:
        if "kernel / issued" in row:
            by, ratio = str(row["by"]), float(str(row["kernel / issued"]))
            worst[by] = max(worst.get(by, 0.0), ratio)
    told = ", ".join(f"{by} {most:.4g}" for by, most in worst.items())
    return f" Bytes that the kernel fetched over those that were asked for, at most: {told}."


def _note(conditions: Conditions, *, adapters: bool) -> str:
    experts = (
        "the experts are LoRA adapters of rank 8 on all matrices of the layers, of each of which "
        "mergekit first writes the model that it makes"
        if adapters
        else "of four experts in turn two have full deltas, one frozen embeddings and norms, one "
        "low-rank deltas in the upper half"
    )
    return (
        f"Llama-shaped random models in bfloat16; {experts}. Every merge is a fresh process with a"
        " cold page cache, timed until its output is on the disk, planning included; imports and "
        "the loading of compiled code are not (`start s` in the result's file), of the analysis "
        "neither. A budget is a share of reading all experts; the base is read beside it. `wall`,"
        " `cold` and `CPU` are mergekit's over ours; `cold` charges the whole pass over all "
        "experts to this one merge. Errors are of the merged weights before they are rounded to "
        f"bfloat16. Medians of {conditions.repeats}; {conditions.own_threads} threads of ours, "
        f"some of which wait for the disk, and mergekit with one or {conditions.threads}, "
        "whichever is faster. `apart`: the results of both, as they are written, share of the "
        "update. All numbers of experts, ranges and the load of the machine are in "
        "the result's file."
    )


if __name__ == "__main__":
    raise SystemExit(main())
