"""A recording: one JSON line a call, keyed by what decides the answer.

The key is conversation, grammar and sampling, so a recording replays in any order. What the
reader of a spec says about a text is not stored: it is read again at replay.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from r2c.errors import Fault, StoreError, declare
from r2c.llm.failures import CUT_OFF, NO_CONTENT, WITHHELD
from r2c.llm.model import Candidate, Reply, Usage
from r2c.llm.render import read
from r2c.llm.spec import Capability, OutputSpec
from r2c.llm.wrapped import Asked

T = TypeVar("T")

RECORDING_UNREADABLE = declare(
    "R2C-L061",
    StoreError,
    what="The recording {path!r} cannot be read.",
    why="{reason}.",
    remedy="Restore the file, or delete it and record again.",
)

RECORDING_UNWRITABLE = declare(
    "R2C-L062",
    StoreError,
    what="The recording {path!r} cannot be written.",
    why="{reason}.",
    remedy="Point R2C_RECORD at a file in a folder that exists and can be written.",
)

# What the endpoint did to a candidate; what the reader says is found out again at replay.
_FROM_ENDPOINT = {NO_CONTENT.code, CUT_OFF.code, WITHHELD.code}


class Said(BaseModel):
    """One candidate of a line."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    text: str
    logprob: float | None = None
    fault: Fault | None = None


class Entry(BaseModel):
    """One line of a recording."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    key: str
    purpose: str
    model: str
    capability: Capability
    context: int | None
    said: tuple[Said, ...]
    usage: Usage


def key_of(asked: Asked[T]) -> str:
    """What decides an answer, hashed: the same for equal questions, in every process."""
    spec = asked.spec
    deciding = {
        "messages": [asdict(message) for message in asked.messages],
        "grammar": None if spec is None else spec.grammar,
        "samples": asked.samples,
        "temperature": asked.temperature,
        "seed": asked.seed,
        "max_tokens": asked.max_tokens,
    }
    text = json.dumps(deciding, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def load(path: Path) -> dict[str, Entry]:
    """The entries by key. A last line without its end was never written; of equals the last."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")[:-1]
    except (OSError, UnicodeDecodeError) as error:
        raise RECORDING_UNREADABLE(path=str(path), reason=str(error).rstrip(".")) from error
    entries = {}
    for number, line in enumerate(lines, start=1):
        try:
            entry = Entry.model_validate_json(line)
        except ValidationError as error:
            reason = f"Line {number}: {error.errors()[0]['msg']}"
            raise RECORDING_UNREADABLE(path=str(path), reason=reason) from error
        entries[entry.key] = entry
    return entries


def append(path: Path, text: str) -> None:
    """Add text at the end of a recording.

    Raises:
        StoreError: R2C-L062.
    """
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise RECORDING_UNWRITABLE(path=str(path), reason=error.strerror or str(error)) from error


def reply_of(entry: Entry, spec: OutputSpec[T] | None, usage: Usage) -> Reply[T]:
    """The recorded texts read by `spec`, at the cost `usage`."""
    return Reply(
        tuple(
            _candidate(said, entry.capability, spec, index) for index, said in enumerate(entry.said)
        ),
        usage,
    )


def _candidate(
    said: Said, capability: Capability, spec: OutputSpec[T] | None, index: int
) -> Candidate[T]:
    plain: Candidate[T] = Candidate(said.text, None, said.fault, said.logprob)
    if spec is None or said.fault is not None:
        return plain
    value = read(spec, capability, said.text, index)
    return replace(plain, fault=value) if isinstance(value, Fault) else replace(plain, value=value)


def said_by(candidate: Candidate[T]) -> Said:
    """What a line keeps of a candidate: everything but what its reader said."""
    fault = candidate.fault
    kept = fault if fault is not None and fault.code in _FROM_ENDPOINT else None
    return Said(text=candidate.text, logprob=candidate.logprob, fault=kept)
