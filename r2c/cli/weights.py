"""The models that the settings allow, and the embedded one served on purpose."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import JsonValue

from r2c.cli.faults import NOT_EMBEDDED
from r2c.llm.embedded.find import cached, find_weights, weights_folder
from r2c.llm.embedded.home import home_of
from r2c.llm.embedded.launch import Options
from r2c.llm.embedded.server import Status, ensure
from r2c.llm.embedded.weights import DEFAULT
from r2c.llm.endpoint import Embedded, GgufFile, Remote, parse_model
from r2c.llm.progress import Progress
from r2c.settings import Settings


@dataclass(frozen=True)
class KnownModel:
    """A model that can be asked; `chosen` is the one that R2C_MODEL names."""

    name: str
    kind: str
    chosen: bool
    where: str
    ready: bool
    megabytes: int | None = None
    licence: str = ""
    provenance: str = ""

    def as_json(self) -> dict[str, JsonValue]:
        """Its fields."""
        return dict(asdict(self))


@dataclass(frozen=True)
class Served:
    """A running server and how to use it."""

    url: str
    model: str
    key_file: str
    pid: int
    idle_seconds: float

    def as_json(self) -> dict[str, JsonValue]:
        """Its fields; the key itself stays in its file."""
        return dict(asdict(self))


def known_models(settings: Settings) -> list[KnownModel]:
    """The embedded default, and the model of the setting if it is another.

    Raises:
        LanguageModelError: R2C-L030 or R2C-L031, the setting names no model.
    """
    address = parse_model(settings.model)
    path = cached(settings.cache_dir)
    found = [
        KnownModel(
            name=DEFAULT.name,
            kind="embedded",
            chosen=isinstance(address, Embedded),
            where=str(path or weights_folder(settings.cache_dir) / DEFAULT.file),
            ready=path is not None,
            megabytes=DEFAULT.size // 1_000_000,
            licence=DEFAULT.licence,
            provenance=DEFAULT.provenance,
        )
    ]
    match address:
        case GgufFile(file):
            size = file.stat().st_size // 1_000_000
            found.append(KnownModel(file.stem, "file", True, str(file), True, size))
        case Remote(url, name):
            found.append(KnownModel(name or "its only model", "endpoint", True, url, True))
    return found


def serve_embedded(settings: Settings, progress: Progress) -> Served:
    """Make sure that a server of the embedded model runs, fetching the weights if need be.

    Raises:
        InputError: R2C-X113, the setting names an endpoint.
        LanguageModelError: R2C-L030 on.
        StoreError: R2C-L102, R2C-L107, R2C-L108.
    """
    path = weights_path(settings, progress)
    options = Options(
        threads=settings.embedded_threads,
        idle_seconds=settings.embedded_idle_seconds,
        start_seconds=settings.embedded_start_seconds,
    )
    running, _ = ensure(settings.cache_dir, path, options, progress)
    key_file = home_of(settings.cache_dir, path).key_file
    return Served(running.url, path.stem, str(key_file), running.pid, options.idle_seconds)


def server_fields(server: Status) -> dict[str, JsonValue]:
    """The fields of a server that runs."""
    assert server.running is not None
    idle = round(server.idle_seconds, 1)
    return {
        "url": server.running.url, "pid": server.running.pid,
        "weights": server.running.weights, "idle_seconds": idle,
    }  # fmt: skip


def weights_path(settings: Settings, progress: Progress) -> Path:
    """The weights that run on this machine under these settings."""
    address = parse_model(settings.model)
    if isinstance(address, Remote):
        raise NOT_EMBEDDED(model=address.url)
    if isinstance(address, GgufFile):
        return address.path
    return find_weights(settings.cache_dir, settings.model_hub, progress)
