"""Runs as they are read, lines of tables, and `benchmarks/results/NAME.json` for the pages.

Every value carries its spread, the command, the seed, the commit and the machine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pydantic import JsonValue

from r2c.errors import InputError, declare
from r2c_benchmarks.folder import read_manifest, read_records
from r2c_benchmarks.journal import NOT_WRITTEN
from r2c_benchmarks.record import Manifest, Record
from r2c_benchmarks.score import PROVED, Group, is_trusted, score

_PUBLIC = (
    "Right means within 1e-4 of the published answer, on problems whose answer was checked. All "
    "problems are public, so a model may have seen them in training."
)
_OWN = (
    "Right means within 1e-4 of the proved answer, or saying that there is none where there is "
    "none. The problems are made by a grammar of our own and are not public."
)
BAD_NAME = declare(
    "R2C-B051",
    InputError,
    what="{name!r} cannot be the name of a result.",
    why="Pages refer to a result by a name of small letters and `_`.",
    remedy="Choose a name such as accuracy.",
)


@dataclass(frozen=True)
class Run:
    """A run as read, from one folder or several."""

    manifest: Manifest
    records: tuple[Record, ...]
    folder: str = ""

    def called(self, name: str) -> Run:
        """The run under another name than that of its method."""
        return replace(self, manifest=self.manifest.model_copy(update={"method": name}))


def read_run(path: Path) -> Run:
    """Read a run folder.

    Raises:
        StoreError: R2C-B032.
    """
    return Run(read_manifest(path), tuple(read_records(path)), path.name)


def caveat(records: Iterable[Record]) -> str:
    """What an accuracy over these problems means, in words."""
    own = {record.trust == PROVED for record in records}
    return " ".join([_OWN] * (True in own) + [_PUBLIC] * (False in own))


def summary_row(run: Run, group: Group) -> dict[str, JsonValue]:
    """One line of a table."""
    found = score(group.records)
    return {
        "method": run.manifest.method,
        "problems": group.name,
        "n": found.count,
        "right": found.right,
        "accuracy": f"{100 * found.accuracy:.1f}%",
        "95% interval": f"{100 * found.low:.0f} to {100 * found.high:.0f}%",
        "at 1e-6": f"{100 * found.strict:.1f}%",
        "after domain flip": f"{100 * found.after_flip:.1f}%",
        "executable": f"{100 * found.executable:.1f}%",
        "calls": round(found.calls, 2),
        "tokens in": round(found.prompt_tokens),
        "tokens out": round(found.completion_tokens),
        "s mean": round(found.seconds_mean, 1),
        "s median": round(found.seconds_median, 1),
    }


def measured(run: Run, group: Group) -> dict[str, JsonValue]:
    """The figures of a group with all that they come from."""
    found, manifest = score(group.records), run.manifest
    figures: dict[str, JsonValue] = asdict(found)
    return {
        "method": manifest.method,
        "options": manifest.options,
        "group": group.kind,
        "problems": group.name,
        "value": found.accuracy,
        "spread": [found.low, found.high],
        "figures": figures,
        "cut_off": _cut_off(group.records),
        "model": manifest.model,
        "model_sha256": manifest.model_sha256,
        "capability": manifest.capability,
        "items": manifest.items,
        "items_sha256": manifest.items_sha256,
        "seed": manifest.seed,
        "item_seconds": manifest.item_seconds,
        "starts": list(manifest.starts),
    }


def _cut_off(records: Iterable[Record]) -> int | None:
    told = [record.truncated for record in records if record.truncated is not None]
    return sum(told) if told else None


def progress_told(run: Run) -> str:
    """How far a run got, in a sentence, if it is not complete; else nothing."""
    manifest, done = run.manifest, len(run.records)
    if done >= manifest.count:
        return ""
    of = {file: sum(record.file == file for record in run.records) for file in manifest.files}
    parts = [
        f"{of[file]} of {wanted} {file.removesuffix('.jsonl')}"
        for file, wanted in manifest.files.items()
        if of[file] < wanted and len(manifest.files) > 1
    ]
    detail = f" ({', '.join(parts)})" if parts else ""
    return f"{manifest.method}: {done} of {manifest.count} problems have been run{detail}."


def code_told(run: Run) -> str:
    """That a run was made with several versions of the code, in a sentence; else nothing."""
    code = run.manifest.code
    if len(code) < 2:
        return ""
    by_packages: dict[str, list[str]] = {}
    for one in code:
        commit, _, packages = one.partition(" (")
        by_packages.setdefault(packages.rstrip(")"), []).append(commit)
    told = [f"{' and '.join(found)} ({packages})" for packages, found in by_packages.items()]
    return f"{run.manifest.method} was run with {' and '.join(told)}."


def cut_off_told(run: Run) -> str:
    """How many failures are replies cut off at their token limit, in a sentence; or nothing.

    Runs of earlier versions do not tell.
    """
    records = [record for record in run.records if is_trusted(record)]
    if "max_tokens" not in run.manifest.options or not records:
        return ""
    if all(record.truncated is None for record in records):
        return f"{run.manifest.method}: the run does not tell which replies were cut off."
    cut = sum(bool(record.truncated) for record in records)
    failed = [record for record in records if not record.executable]
    of_them = sum(bool(record.truncated) for record in failed)
    return (
        f"{run.manifest.method}: {cut} of {len(records)} results stand on a reply that was cut off "
        f"at {run.manifest.options['max_tokens']} tokens, among them {of_them} of the "
        f"{len(failed)} without a model that runs."
    )


def result_path(name: str, folder: Path) -> Path:
    """The file of a result.

    Raises:
        InputError: R2C-B051.
    """
    if not re.fullmatch(r"[a-z][a-z_]*", name):
        raise BAD_NAME(name=name)
    return folder / f"{name}.json"


def write_result(name: str, found: Mapping[str, JsonValue], folder: Path) -> Path:
    """Write `NAME.json`; the path written.

    Args:
        name: The name by which pages refer to it.
        found: At least `summary`, a list of flat objects, and `note`.
        folder: The folder of results; made if it is not there.

    Raises:
        InputError: R2C-B051.
        StoreError: R2C-B033.
    """
    path = result_path(name, folder)
    text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise NOT_WRITTEN(path=str(path), reason=str(error)) from error
    return path
