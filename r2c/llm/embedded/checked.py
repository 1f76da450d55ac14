"""A weights file counts only with its checksum, and a full disk is told apart from the rest."""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from r2c.errors import LanguageModelError, StoreError, declare
from r2c.llm.embedded.weights import Weights
from r2c.llm.progress import Progress, Stage

WRONG_CHECKSUM = declare(
    "R2C-L101",
    LanguageModelError,
    what="The weights {file!r} from the {source} are not the pinned ones.",
    why="Their SHA-256 is {found}, expected is {expected}.",
    remedy="The file was deleted; run the command again. If it stays, set R2C_MODEL to a GGUF "
    "file or an endpoint that you trust.",
)
DISK_FULL = declare(
    "R2C-L102",
    StoreError,
    what="There is not enough room in {folder!r} for the embedded model.",
    why="It needs {needed_mb} MB more; {free_mb} MB are free.",
    remedy="Free some space, or set R2C_CACHE_DIR to a folder on a larger disk. What was "
    "downloaded is kept.",
)
NOT_WRITABLE = declare(
    "R2C-L108",
    StoreError,
    what="The cache folder {folder!r} cannot be used.",
    why="{reason}.",
    remedy="Correct its permissions, or set R2C_CACHE_DIR to a folder of yours.",
)

_UNWRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EEXIST, errno.ENOTDIR, errno.ELOOP)
_CHUNK = 1 << 20
_MARGIN = 64 << 20


def require_space(folder: Path, needed: int) -> None:
    """Refuse to begin what cannot end.

    Args:
        folder: Where the bytes go.
        needed: Bytes still to be written.

    Raises:
        StoreError: R2C-L102.
    """
    free = _free(folder)
    if free < needed + _MARGIN:
        raise _disk_full(folder, needed + _MARGIN, free)


@contextmanager
def writing(folder: Path, needed: int) -> Iterator[None]:
    """Turn the operating system's refusals to write below `folder` into coded errors."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _disk_full(folder, needed, _free(folder)) from error
        if error.errno in _UNWRITABLE:
            raise NOT_WRITABLE(folder=str(folder), reason=str(error).rstrip(".")) from error
        raise


def _free(folder: Path) -> int:
    """Bytes free where `folder` is, or would be."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    return shutil.disk_usage(there).free


def _disk_full(folder: Path, needed: int, free: int) -> Exception:
    return DISK_FULL(
        folder=str(folder), needed_mb=needed // 1_000_000 + 1, free_mb=free // 1_000_000
    )


def accept(part: Path, weights: Weights, source: str, progress: Progress) -> Path:
    """Check a complete download and give it its final name beside it, atomically.

    Raises:
        LanguageModelError: R2C-L101; the file is deleted, since it can never become right.
    """
    found = _sha256(part, weights.size, progress)
    if found != weights.sha256:
        part.unlink()
        raise WRONG_CHECKSUM(file=weights.file, source=source, found=found, expected=weights.sha256)
    final = part.with_name(weights.file)
    part.replace(final)
    _note(final, weights)
    return final


def is_accepted(final: Path, weights: Weights, progress: Progress) -> bool:
    """Whether `final` holds the pinned bytes; hashed again only if it changed since."""
    if not final.is_file() or final.stat().st_size != weights.size:
        return False
    try:
        noted = json.loads(_note_path(final).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        noted = None
    if noted == _identity(final, weights):
        return True
    if _sha256(final, weights.size, progress) != weights.sha256:
        return False
    _note(final, weights)
    return True


def known_digest(final: Path) -> str:
    """The SHA-256 of weights that were checked, without hashing again; empty if they were not."""
    try:
        noted = json.loads(_note_path(final).read_text(encoding="utf-8"))
        stat = final.stat()
    except (OSError, ValueError):
        return ""
    same = {"size": stat.st_size, "modified_ns": stat.st_mtime_ns}.items()
    return str(noted.get("sha256", "")) if isinstance(noted, dict) and same <= noted.items() else ""


def _sha256(path: Path, size: int, progress: Progress) -> str:
    digest = hashlib.sha256()
    done = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK * 16):
            digest.update(chunk)
            done += len(chunk)
            progress(Stage.VERIFY, done, size)
    return digest.hexdigest()


def _note_path(final: Path) -> Path:
    return final.with_name(final.name + ".checked.json")


def _identity(final: Path, weights: Weights) -> dict[str, object]:
    stat = final.stat()
    return {"sha256": weights.sha256, "size": stat.st_size, "modified_ns": stat.st_mtime_ns}


def _note(final: Path, weights: Weights) -> None:
    _note_path(final).write_text(json.dumps(_identity(final, weights)), encoding="utf-8")
