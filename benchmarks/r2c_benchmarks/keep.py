"""Runs without what a model wrote, small enough to stand beside the tables made from them.

The answers of a model may repeat the words of a problem, and many sets forbid to pass theirs on. So
a kept run says for each problem what came out and what it cost, not how it was put.
"""

from __future__ import annotations

from pathlib import Path

from r2c.errors import InputError, declare
from r2c_benchmarks.folder import MANIFEST, RESULTS, read_manifest
from r2c_benchmarks.journal import NOT_WRITTEN
from r2c_benchmarks.record import Record
from r2c_benchmarks.results import Run

WITHOUT_WORDS = (
    "trust", "confidence", "score", "evidence", "outcomes", "objectives", "truncated", "votes",
    "stages",
)  # fmt: skip
"""The details of a record that hold no text of a model."""
IN_THE_WAY = declare(
    "R2C-B057",
    InputError,
    what="The folder {path!r} keeps another run.",
    why="It differs in {fields}; a kept run grows with its run and is never replaced by another.",
    remedy="Rename the folder of the run, or delete the kept one.",
)


def keep(run: Run, to: Path) -> Path:
    """Write the run without words to a folder of its own name in `to`; the folder.

    It can be read like the run it comes from, and `r2c bench run` continues a copy of it.

    Raises:
        InputError: R2C-B057.
        StoreError: R2C-B032 or R2C-B033.
    """
    folder = to / run.folder
    lines = "".join(without_words(record).model_dump_json() + "\n" for record in run.records)
    texts = {MANIFEST: run.manifest.model_dump_json(indent=2) + "\n", RESULTS: lines}
    if (folder / MANIFEST).exists():
        fields = run.manifest.differences(read_manifest(folder))
        if fields:
            raise IN_THE_WAY(path=str(folder), fields=", ".join(fields))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise NOT_WRITTEN(path=str(folder), reason=str(error)) from error
    return folder


def without_words(record: Record) -> Record:
    """The record without the messages, readings and programs of an attempt."""
    details = {name: record.details[name] for name in WITHOUT_WORDS if name in record.details}
    return record.model_copy(update={"message": "", "details": details})
