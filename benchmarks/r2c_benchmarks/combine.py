"""Several run folders of one method as one run: a long list of problems is run part by part."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from r2c.errors import InputError, declare
from r2c_benchmarks.record import Manifest
from r2c_benchmarks.results import Run

OTHER_SETTINGS = declare(
    "R2C-B052",
    InputError,
    what="The runs {first!r} and {second!r} of {method!r} differ in {fields}.",
    why="Their results together would be those of no method.",
    remedy="Give runs of one method that were made alike, or make a table of each.",
)
TWICE = declare(
    "R2C-B053",
    InputError,
    what="The runs {first!r} and {second!r} of {method!r} both have the problem {id!r}.",
    why="It would count twice.",
    remedy="Give one of the two runs, or runs over lists that share nothing.",
)
_PARTS = {"items", "items_sha256", "count", "files", "suites"}
"""What may differ between the parts of a run; of a suite that both used, not its version."""


def combined(runs: Sequence[Run]) -> list[Run]:
    """One run for each method, methods in the order in which they come first.

    Raises:
        InputError: R2C-B052 or R2C-B053.
    """
    parts: dict[str, list[Run]] = {}
    for run in runs:
        parts.setdefault(run.manifest.method, []).append(run)
    return [_joined(of) for of in parts.values()]


def _joined(parts: Sequence[Run]) -> Run:
    first, *others = parts
    for other in others:
        first = _two(first, other)
    return first


def _two(one: Run, other: Run) -> Run:
    method = one.manifest.method
    fields = [name for name in one.manifest.differences(other.manifest) if name not in _PARTS]
    versions = one.manifest.suites
    if any(versions.get(name, told) != told for name, told in other.manifest.suites.items()):
        fields.append("suites")
    if fields:
        raise OTHER_SETTINGS(
            first=one.folder, second=other.folder, method=method, fields=", ".join(fields)
        )
    names = {record.name for record in one.records}
    for record in other.records:
        if record.name in names:
            raise TWICE(first=one.folder, second=other.folder, method=method, id=record.id)
    manifest = _manifest(one.manifest, other.manifest)
    return Run(manifest, (*one.records, *other.records), f"{one.folder}, {other.folder}")


def _manifest(one: Manifest, other: Manifest) -> Manifest:
    files = {name: one.files.get(name, 0) for name in (*one.files, *other.files)}
    lists = dict.fromkeys((*one.items.split(", "), other.items))
    return one.model_copy(
        update={
            "items": ", ".join(lists),
            "items_sha256": _hash(one.items_sha256 + other.items_sha256),
            "count": one.count + other.count,
            "files": {name: count + other.files.get(name, 0) for name, count in files.items()},
            "suites": {**one.suites, **other.suites},
            "starts": (*one.starts, *other.starts),
        }
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
