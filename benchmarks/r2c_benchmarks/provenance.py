"""Where a measurement comes from: code, versions, machine, model file."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import JsonValue

import r2c
from r2c.archetypes.load import standard_library

PACKAGES = ("pyomo", "highspy", "numpy", "linopy", "openai", "xllamacpp", "langgraph")


def start_note(command: str) -> dict[str, JsonValue]:
    """What to remember about one start of a run."""
    return {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "command": command,
        "commit": commit(),
        "versions": versions(),
        "cards": cards(),
        "prompts": prompts(),
        "machine": machine(),
    }


def cards() -> str:
    """A hash of all archetype cards, those of a user's folder included."""
    told = hashlib.sha256()
    for id, card in standard_library().items():
        told.update(f"{id} {card.model_dump_json()}".encode())
    return told.hexdigest()[:12]


def prompts() -> str:
    """A hash of the prompts of all agents."""
    told = hashlib.sha256()
    for path in sorted((Path(r2c.__file__).parent / "agents" / "prompts").iterdir()):
        if path.suffix == ".yaml":
            told.update(path.read_bytes())
    return told.hexdigest()[:12]


def commit(folder: Path | None = None) -> str:
    """The checked-out commit, with `+changes` if files differ from it; empty outside a checkout.

    Args:
        folder: A folder of the checkout; where this code lies unless given.
    """
    here = folder or Path(__file__).resolve().parent
    head = _git(here, "rev-parse", "--short=12", "HEAD")
    if not head:
        return ""
    return head + ("+changes" if _git(here, "status", "--porcelain", "-uno") else "")


def checkout() -> Path | None:
    """The checkout that this code lies in, if it does."""
    top = _git(Path(__file__).resolve().parent, "rev-parse", "--show-toplevel")
    return Path(top) if top else None


def versions() -> dict[str, JsonValue]:
    """Python and the packages that decide a result."""
    found: dict[str, JsonValue] = {"python": platform.python_version(), "r2c": r2c.__version__}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def machine() -> str:
    """Processor, cores, memory, system and the load before the run, in one line."""
    parts = [_processor(), f"{len(_usable())} cores"]
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        size = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        parts.append(f"{size / 1e9:.0f} GB memory")
    parts += [platform.system(), f"load {os.getloadavg()[0]:.1f} at the start"]
    return ", ".join(parts)


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def command_line() -> str:
    """The command as typed, files by their names alone."""
    words = [Path(word).name if os.sep in word else word for word in sys.argv]
    return " ".join(words)


def _usable() -> set[int]:
    if hasattr(os, "sched_getaffinity"):
        return os.sched_getaffinity(0)
    return set(range(os.cpu_count() or 1))


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=folder, capture_output=True, text=True, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
