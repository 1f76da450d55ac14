"""What a merge leaves beside its weights: a manifest that two equal runs write alike, and a record.

The manifest has the plan, the hashes of all files and of every block. Times, folders and measured
bytes are in the record, which no hash covers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from r2c.errors import InputError, declare
from r2c_training.merge.plan.plan import Plan
from r2c_training.merge.source import canonical_hash, canonical_json

NO_MANIFEST = declare(
    "R2C-T036", InputError,
    what="{folder!r} holds no merge that can be read: {reason}.",
    why="Every merge leaves its manifest in r2c_merge.json.",
    remedy="Give the output folder of `r2c merge run`.",
)  # fmt: skip

MANIFEST, RECORD = "r2c_merge.json", "r2c_merge_run.json"


class Manifest(BaseModel):
    """What decides and proves the bytes of a merged model."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    tool: str = Field(description="Version of R2C.")
    plan_hash: str
    plan: Plan = Field(description="Without where its inputs lay, which the record has.")
    files: dict[str, str] = Field(description="SHA-256 of every other file but the record.")
    blocks: dict[str, tuple[str, ...]] = Field(description="SHA-256 of each block of a tensor.")

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON."""
        return canonical_hash(self.model_dump(mode="json"))

    def to_bytes(self) -> bytes:
        """The file."""
        return canonical_json(self.model_dump(mode="json")) + b"\n"


class Record(BaseModel):
    """How one run went."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    started: str
    finished: str
    seconds: float
    cpu_seconds: float
    access: str
    threads: int
    issued_bytes: tuple[int, ...] = Field(description="Asked of the kernel, by input.")
    kernel_bytes: int = Field(description="What the kernel fetched from disks meanwhile.")
    resumed_blocks: int = Field(description="Blocks that an earlier run had written.")
    folders: tuple[Path, ...] = Field(description="Where the inputs lay.")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a merged model.

    Raises:
        InputError: R2C-T036.
    """
    try:
        found = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError) as error:
        reason = str(error).splitlines()[0]
        raise NO_MANIFEST(folder=str(folder), reason=reason) from error
    if found.plan.hash != found.plan_hash:
        raise NO_MANIFEST(folder=str(folder), reason="its plan has another hash than it says")
    return found


def read_record(folder: Path) -> Record:
    """The record of the run.

    Raises:
        InputError: R2C-T036.
    """
    try:
        return Record.model_validate_json((folder / RECORD).read_bytes())
    except (OSError, ValidationError) as error:
        raise NO_MANIFEST(folder=str(folder), reason=str(error).splitlines()[0]) from error
