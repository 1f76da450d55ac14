"""What `r2c doctor` looks at; every check tells what it found and what to do about it."""

from __future__ import annotations

import platform
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from importlib.metadata import EntryPoint, PackageNotFoundError, entry_points, version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from pydantic import JsonValue

import r2c
from r2c.errors import R2CError
from r2c.settings import Settings, load_settings

GROUP = "r2c.checks"
"""Entry points of other packages: functions without arguments that return what is ok, in words,
or raise an `R2CError`."""
State = Literal["ok", "note", "failed"]
_BASE = ("pydantic", "pyomo", "highspy", "typer", "rich")
_AGENTS = ("langgraph", "openai")
_ABSENT = "(missing)"


@dataclass(frozen=True)
class Finding:
    """The result of one check; `note` means that something is missing which may not be needed."""

    subject: str
    state: State
    message: str
    remedy: str = ""

    def as_json(self) -> dict[str, JsonValue]:
        """Its fields."""
        return dict(asdict(self))


def diagnose() -> Iterator[Finding]:
    """Every check in turn; one that breaks is a finding, not the end."""
    try:
        settings = load_settings()
    except R2CError as error:
        yield _failed("settings", error)
        settings = Settings()
    checks: tuple[tuple[str, Callable[[], Finding]], ...] = (
        ("versions", _versions),
        ("agents", _agents),
        ("solver", _solver),
        ("cards", partial(_cards, settings)),
        ("cache", partial(_cache, settings)),
        ("language model", partial(_language_model, settings)),
    )
    for subject, check in checks:
        yield _guarded(subject, check)
    for entry in sorted(entry_points(group=GROUP), key=lambda item: item.name):
        yield _guarded(entry.name, partial(_other, entry))


def _guarded(subject: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except R2CError as error:
        return _failed(subject, error)
    except Exception as error:  # a doctor must survive the disease
        told = f"{type(error).__name__}: {error}"
        return Finding(
            subject, "failed", told, "Install R2C anew (`make clean run` in a checkout)."
        )


def _failed(subject: str, error: R2CError) -> Finding:
    fault = error.fault
    return Finding(subject, "failed", f"{fault.code}: {fault.what} {fault.why}", fault.remedy)


def _versions() -> Finding:
    told = f"R2C {r2c.__version__}, Python {platform.python_version()}, {_listed(_BASE)}"
    missing = [name for name in _BASE if _version(name) == _ABSENT]
    if missing:
        return Finding("versions", "failed", told, f"pip install {' '.join(missing)}")
    return Finding("versions", "ok", told)


def _agents() -> Finding:
    missing = [name for name in _AGENTS if find_spec(name) is None]
    if missing:
        told = f"not installed: {', '.join(missing)}; `r2c formulate` needs them"
        return Finding("agents", "note", told, "pip install 'rule2constraint[agents]'")
    return Finding("agents", "ok", _listed(_AGENTS))


def _listed(packages: tuple[str, ...]) -> str:
    return ", ".join(f"{name} {_version(name)}" for name in packages)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return _ABSENT


def _solver() -> Finding:
    """A two-by-two linear program, through the same process that solves real ones."""
    from r2c.pipeline.readiness import solves

    began = time.monotonic()
    name = solves()
    seconds = time.monotonic() - began
    return Finding("solver", "ok", f"{name} solved a 2x2 linear program in {seconds:.1f} s")


def _cards(settings: Settings) -> Finding:
    """The cards, some of which have to be found by sentences of their own."""
    from r2c.pipeline.readiness import finds
    from r2c.pipeline.shelf import shelf

    found = shelf(settings.cache_dir)
    count = finds(found.retriever, found.cards.values())
    how = "by meaning" if found.retriever.by_meaning else "by words alone"
    told = f"{len(found.cards)} archetypes, found {how} ({count} tried)"
    if found.unasked:
        return Finding("cards", "note", f"{told}; {found.unasked}", found.remark or "")
    return Finding("cards", "ok", told)


def _cache(settings: Settings) -> Finding:
    from r2c.llm.embedded.checked import writing
    from r2c.llm.embedded.weights import DEFAULT

    folder = settings.cache_dir
    with writing(folder, 1_000_000):
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".doctor"
        probe.write_text("", encoding="utf-8")
        probe.unlink()
    free = shutil.disk_usage(folder).free
    told = f"{folder}, {free / 1e9:.1f} GB free"
    if free < DEFAULT.size and not _fetched(settings):
        remedy = "Free some space, or set R2C_CACHE_DIR to a folder on a larger disk."
        return Finding("cache", "note", f"{told}; the embedded model needs 1.1 GB", remedy)
    return Finding("cache", "ok", told)


def _fetched(settings: Settings) -> Path | None:
    from r2c.llm.embedded.find import cached

    return cached(settings.cache_dir)


def _language_model(settings: Settings) -> Finding:
    from r2c.llm.endpoint import Remote, parse_model
    from r2c.pipeline.readiness import NO_RUNTIME

    address = parse_model(settings.model)
    if isinstance(address, Remote):
        return _endpoint(settings)
    if find_spec("xllamacpp") is None:
        raise NO_RUNTIME()
    return _embedded(settings)


def _endpoint(settings: Settings) -> Finding:
    from r2c.llm.connect import connect

    info = connect(settings).info
    context = f", context {info.context} tokens" if info.context else ""
    told = f"{settings.model} answers: {info.kind}, held to formats by {info.capability.value}"
    return Finding("language model", "ok", told + context)


def _embedded(settings: Settings) -> Finding:
    from r2c.llm.embedded.server import status
    from r2c.llm.endpoint import GgufFile, parse_model

    address = parse_model(settings.model)
    path = address.path if isinstance(address, GgufFile) else _fetched(settings)
    if path is None:
        told = "the embedded model is not fetched yet (1.1 GB; the first use would)"
        return Finding("language model", "note", told, "r2c models fetch")
    checked = "" if isinstance(address, GgufFile) else ", checksum right"
    running = [item for item in status(settings.cache_dir) if item.running is not None]
    served = "a server runs" if running else "no server runs; the next use starts one"
    return Finding("language model", "ok", f"{path.name}{checked}; {served}")


def _other(entry: EntryPoint) -> Finding:
    try:
        return Finding(entry.name, "ok", str(entry.load()()))
    except R2CError as error:  # what an added package offers is not needed to solve a problem
        return replace(_failed(entry.name, error), state="note")
