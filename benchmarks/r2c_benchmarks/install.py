"""Measures an installation as the README describes it: clone, `make setup`, the first commands.

Every repeat starts with an empty folder and an empty package cache of its own. Nothing of the
user's is written: cache, data and environment lie in a folder that is removed at the end.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from r2c.errors import InputError, StoreError, declare
from r2c_benchmarks.pip_words import Fetched, read_pip
from r2c_benchmarks.provenance import commit

NO_CHECKOUT = declare(
    "R2C-B060",
    InputError,
    what="{path!r} is no checkout with a Makefile.",
    why="The installation that is measured starts with a clone of the repository.",
    remedy="Name the folder of a checkout with --source.",
)
STEP_FAILED = declare(
    "R2C-B061",
    StoreError,
    what="`{command}` {reason}.",
    why="It ended with: {words}",
    remedy="Run it by hand in a clone of the repository; the figures need all steps to succeed.",
)

COMMANDS = (("--help",), ("solve", "examples/bakery.cir.json"))
"""What a new user starts first, apart from a language model."""
LIMIT_SECONDS = 3600.0
_NOT_PASSED_ON = ("R2C_", "MAKE", "MFLAGS", "PYTHON", "VIRTUAL_ENV", "PIP_NO_CACHE", "PIP_QUIET")


@dataclass(frozen=True)
class Series:
    """One quantity measured several times.

    Attributes:
        name: What is measured.
        unit: `s` or `bytes`.
        values: In the order they were measured.
        load: The load average over a minute, before and after.
    """

    name: str
    unit: str
    values: tuple[float, ...]
    load: tuple[float, float]


@dataclass(frozen=True)
class Installation:
    """All that was measured; `fetched` is what the first set-up took, `again` one with its cache.

    `again` is None where the package index lets pip keep nothing.
    """

    commit: str
    series: tuple[Series, ...]
    fetched: Fetched
    again: Fetched | None


@dataclass(frozen=True)
class Step:
    """A process that ended well: its wall time, processor time and words."""

    seconds: float
    processor: float
    output: str


def measure(
    source: Path,
    folder: Path,
    *,
    repeats: int = 3,
    starts: int = 5,
    python: str | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Installation:
    """Install the committed state of a checkout anew, several times, and start it.

    Args:
        source: The checkout; files that are not committed are left out.
        folder: An empty folder for everything that is written; left as it is after the last step.
        repeats: Set-ups without, and as many with a filled package cache.
        starts: Starts of each command.
        python: The interpreter, as in `make setup PYTHON=...`.
        tell: Told of each step.

    Raises:
        InputError: R2C-B060, no checkout.
        StoreError: R2C-B061, a step failed.
    """
    if not (source / ".git").exists() or not (source / "Makefile").is_file():
        raise NO_CHECKOUT(path=str(source))
    words = ["make", "setup", *([] if python is None else [f"PYTHON={python}"])]
    clean, kept = _Notes("set-up"), _Notes("set-up with a filled package cache")
    processor, size = _Notes("processor time of a set-up"), _Notes("environment", "bytes")
    wheels = _Notes("packages", "bytes")
    fetched, again = Fetched(), None
    checkout = folder / "checkout"
    for number in range(1, repeats + 1):
        cache = folder / f"cache-{number}"
        environment = _environment(folder, cache)
        tell(f"{number} of {repeats}: clone, `{' '.join(words)}`")
        _clone(source, checkout, environment)
        done = _run(words, checkout, environment)
        clean.add(done.seconds)
        processor.add(done.processor)
        size.add(float(disk_size(checkout / ".venv")))
        took = read_pip(done.output)
        wheels.add(took.downloaded_bytes + took.local_bytes)
        fetched = took if number == 1 else fetched
        if any(path.is_file() for path in cache.rglob("*")):
            tell(f"{number} of {repeats}: the same with the packages kept")
            _clone(source, checkout, environment)
            done = _run(words, checkout, environment)
            kept.add(done.seconds)
            again = read_pip(done.output)
        shutil.rmtree(cache, ignore_errors=True)
    commands = [_started(checkout, words, starts, folder, tell) for words in COMMANDS]
    series = [notes.series() for notes in (clean, kept, processor, wheels, size) if notes.values]
    return Installation(commit(checkout), (*series, *commands), fetched, again)


def disk_size(folder: Path) -> int:
    """Bytes that the files below a folder take up on disk, hard links once, links not followed."""
    seen: dict[tuple[int, int], int] = {}
    for place, _, files in os.walk(folder):
        for name in files:
            found = (Path(place) / name).lstat()
            seen[found.st_dev, found.st_ino] = found.st_blocks * 512
    return sum(seen.values())


class _Notes:
    """A series in the making; the load is taken at its beginning and at its last value."""

    def __init__(self, name: str, unit: str = "s") -> None:
        self.name, self.unit = name, unit
        self.values: list[float] = []
        self._before = self._after = load()

    def add(self, value: float) -> None:
        self.values.append(value)
        self._after = load()

    def series(self) -> Series:
        return Series(self.name, self.unit, tuple(self.values), (self._before, self._after))


def load() -> float:
    """The load average over the last minute."""
    return round(os.getloadavg()[0], 2)


def _started(
    checkout: Path,
    words: Sequence[str],
    starts: int,
    folder: Path,
    tell: Callable[[str], None],
) -> Series:
    command = [str(checkout / ".venv" / "bin" / "r2c"), *words]
    notes = _Notes(" ".join(["r2c", *words]))
    tell(f"`{notes.name}`, {starts} times")
    environment = _environment(folder, folder / "cache")
    for _ in range(starts):
        notes.add(_run(command, checkout, environment).seconds)
    return notes.series()


def _clone(source: Path, checkout: Path, environment: Mapping[str, str]) -> None:
    shutil.rmtree(checkout, ignore_errors=True)
    _run(["git", "clone", "--quiet", str(source), str(checkout)], source, environment)


def _environment(folder: Path, cache: Path) -> dict[str, str]:
    """The user's environment, without what would change an installation or be changed by it."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(_NOT_PASSED_ON)
    }
    own = {"R2C_CACHE_DIR": "r2c-cache", "R2C_DATA_DIR": "r2c-data"}
    places = {name: str(folder / place) for name, place in own.items()}
    return {**kept, "PIP_CACHE_DIR": str(cache), **places}


def _run(words: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Step:
    command = " ".join([Path(words[0]).name, *words[1:]])
    began, before = time.perf_counter(), _processor()
    try:
        process = subprocess.Popen(
            words,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        raise STEP_FAILED(command=command, reason="does not start", words=str(error)) from None
    try:
        output, _ = process.communicate(timeout=LIMIT_SECONDS)
    except BaseException as error:
        os.killpg(process.pid, signal.SIGKILL)  # make alone would leave its pip behind
        process.communicate()
        if not isinstance(error, subprocess.TimeoutExpired):
            raise
        reason = f"was stopped after {error.timeout:.0f} s"
        raise STEP_FAILED(command=command, reason=reason, words="no status") from None
    seconds = time.perf_counter() - began
    if process.returncode:
        last = " / ".join(line.strip() for line in output.splitlines()[-8:])
        reason = f"failed with status {process.returncode}"
        raise STEP_FAILED(command=command, reason=reason, words=last[-1000:])
    return Step(seconds, _processor() - before, output)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
