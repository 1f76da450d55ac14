"""The folder of one embedded server: its lock, key, log, use mark, and who runs.

One folder for one weights file, so every command that wants this model finds the same server.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from r2c.llm.embedded.checked import writing

_LAYOUT = "v1"
"""Changes when the files below change their meaning, so old and new never share a folder."""

_ROOM = 1_000_000
"""Bytes that the small files here may need, for the message of a full disk."""


@dataclass(frozen=True)
class Running:
    """A server that announced itself: process, its start mark, port, weights, start, host."""

    pid: int
    mark: str
    port: int
    weights: str
    started: float
    host: str = "127.0.0.1"

    @property
    def url(self) -> str:
        """Its OpenAI-compatible address."""
        return f"http://{self.host}:{self.port}/v1"


@dataclass(frozen=True)
class Home:
    """The folder, and what lies in it."""

    folder: Path

    @property
    def lock(self) -> Path:
        """Held while a server is started, found or stopped."""
        return self.folder / "lock"

    @property
    def key_file(self) -> Path:
        """The key that clients must show; readable by this user alone."""
        return self.folder / "key"

    @property
    def log(self) -> Path:
        """What the server said since its start."""
        return self.folder / "server.log"

    @property
    def _state(self) -> Path:
        return self.folder / "server.json"

    @property
    def _used(self) -> Path:
        return self.folder / "last-use"

    def touch(self) -> None:
        """Mark the server as used now."""
        self._used.touch()

    def idle_seconds(self) -> float:
        """Since the last use."""
        try:
            return max(0.0, time.time() - self._used.stat().st_mtime)
        except FileNotFoundError:
            return float("inf")

    def key(self) -> str:
        """The key; made when there is none yet."""
        with contextlib.suppress(FileNotFoundError):
            if text := self.key_file.read_text(encoding="ascii").strip():
                return text
        self.key_file.unlink(missing_ok=True)
        descriptor = os.open(self.key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        text = secrets.token_urlsafe(32)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
        return text

    def announce(self, running: Running) -> None:
        """Record who runs, atomically."""
        draft = self._state.with_suffix(".new")
        draft.write_text(json.dumps(asdict(running)), encoding="utf-8")
        draft.replace(self._state)

    def retract(self) -> None:
        """Forget who ran."""
        self._state.unlink(missing_ok=True)

    def recorded(self) -> Running | None:
        """Who announced itself, alive or not; None too when the record is damaged."""
        try:
            return Running(**json.loads(self._state.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def log_tail(self, lines: int = 12) -> str:
        """The last lines of the log."""
        try:
            return "\n".join(self.log.read_text("utf-8", errors="replace").splitlines()[-lines:])
        except OSError:
            return ""


def home_of(cache_dir: Path, weights: Path) -> Home:
    """The folder of the server for these weights, made if it is missing."""
    digest = hashlib.sha256(str(weights.resolve()).encode()).hexdigest()[:12]
    folder = servers_folder(cache_dir) / f"{weights.stem[:40]}-{digest}"
    with writing(cache_dir, _ROOM):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Home(folder)


def servers_folder(cache_dir: Path) -> Path:
    """Where all servers have their folders."""
    return cache_dir / "servers" / _LAYOUT


def homes(cache_dir: Path) -> list[Home]:
    """Every server's folder."""
    folder = servers_folder(cache_dir)
    return [Home(path) for path in sorted(folder.iterdir())] if folder.is_dir() else []
