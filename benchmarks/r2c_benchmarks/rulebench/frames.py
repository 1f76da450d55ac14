"""Frames: the sentence patterns by which people state a rule of an archetype.

A frame is a sentence with the phrases of a story in braces. `frames/<archetype>.yaml` holds them by
register. Every second one of a register is kept for training, so that a model never learns the
sentences it is measured on.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from pydantic import Field

from r2c.archetypes.yaml_file import read_record
from r2c.cir.schema import Identifier
from r2c.errors import InputError, declare
from r2c.problem.schema import Frozen

INVALID_FRAMES = declare(
    "R2C-B091",
    InputError,
    what="The frames {file!r} are not valid at {where} (line {line}): {problem}.",
    why="Every archetype is told in all registers, each for the bench and for training.",
    remedy="Correct the value; another file in rulebench/frames shows what is allowed.",
)

Register = str
REGISTERS: tuple[Register, ...] = ("plain", "formal", "spoken", "terse")


class Frames(Frozen):
    """The frames of an archetype by register; `phrases` says what each phrase has to be."""

    archetype: Identifier
    phrases: Mapping[Identifier, str]
    plain: tuple[str, ...] = Field(min_length=4)
    formal: tuple[str, ...] = Field(min_length=2)
    spoken: tuple[str, ...] = Field(min_length=2)
    terse: tuple[str, ...] = Field(min_length=2)

    def of(self, register: Register) -> tuple[str, ...]:
        """The frames of a register."""
        found: tuple[str, ...] = getattr(self, register)
        return found


@cache
def frames() -> Mapping[str, Frames]:
    """All frames by archetype.

    Raises:
        InputError: R2C-B091.
        CardError: R2C-A001, a file that is not YAML.
    """
    folder = files("r2c_benchmarks.rulebench") / "frames"
    names = sorted(path.name for path in folder.iterdir() if path.name.endswith(".yaml"))
    found = [
        read_record((folder / name).read_bytes(), name, Frames, INVALID_FRAMES) for name in names
    ]
    return {item.archetype: item for item in found}
