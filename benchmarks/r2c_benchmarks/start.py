"""From a wish on the command line to a finished run folder."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from r2c.errors import InputError, declare
from r2c.llm.model import LanguageModel
from r2c.settings import Settings
from r2c_benchmarks.folder import RunFolder
from r2c_benchmarks.items import BAD_IDS, Name, read_ids, read_items
from r2c_benchmarks.pool import Pool
from r2c_benchmarks.progress import Prices, Progress
from r2c_benchmarks.provenance import command_line, file_hash, start_note
from r2c_benchmarks.record import Manifest
from r2c_benchmarks.registry import find_method
from r2c_benchmarks.run import Runner, first_error
from r2c_benchmarks.sandbox.box import Sandbox
from r2c_benchmarks.suites import corrected, version_of

RUNS = Path("benchmarks/runs")

BAD_OPTION = declare(
    "R2C-B022",
    InputError,
    what="The option {text!r} cannot be read.",
    why="Options of a method are written NAME=VALUE; a value is JSON or plain text.",
    remedy="Write for example --set samples=3.",
)


@dataclass(frozen=True)
class Wish:
    """What `r2c bench run` was asked for."""

    bench: Path
    ids: Path
    method: str
    only: tuple[str, ...] = ()
    limit: int | None = None
    out: Path | None = None
    seconds: float = 300.0
    seed: int = 0
    concurrency: int = 1
    options: tuple[str, ...] = ()
    model_file: Path | None = None
    other_code: bool = False
    endpoints: tuple[str, ...] = ()
    ray: bool = False
    prices: Prices | None = None


def start(wish: Wish) -> Path:
    """Connect, open the run folder and run; the folder.

    Raises:
        R2CError: whatever prevents the run, with what to do.
    """
    from r2c.llm.connect import connect
    from r2c.settings import load_settings

    names = wanted(wish)
    find_method(wish.method).settings(options_of(wish))  # wrong options before a long start
    settings = load_settings()
    if wish.ray:
        from r2c_benchmarks.on_ray import run_on_ray

        return run_on_ray(wish, names, settings)
    if not wish.endpoints:
        return run_with(wish, names, settings, connect(settings))
    served = [settings.model_copy(update={"model": endpoint}) for endpoint in wish.endpoints]
    return run_with(wish, names, served[0], Pool([connect(one) for one in served]))


def wanted(wish: Wish) -> tuple[Name, ...]:
    """The problems asked for.

    Raises:
        InputError: R2C-B010 or R2C-B011.
    """
    names = read_ids(wish.bench, wish.ids)
    if wish.only:
        files = {name if name.endswith(".jsonl") else f"{name}.jsonl" for name in wish.only}
        names = tuple(name for name in names if name.file in files)
        if not names:
            raise BAD_IDS(path=str(wish.ids), reason=f"it has nothing of {sorted(files)}")
    return names[: wish.limit]


def options_of(wish: Wish) -> dict[str, JsonValue]:
    """The options of the method by name.

    Raises:
        InputError: R2C-B022.
    """
    found: dict[str, JsonValue] = {}
    for text in wish.options:
        name, sign, value = text.partition("=")
        if not sign or not name.isidentifier():
            raise BAD_OPTION(text=text)
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
    return found


def run_with(wish: Wish, names: Sequence[Name], settings: Settings, model: LanguageModel) -> Path:
    """Run with a model that is already connected; the run folder.

    Raises:
        R2CError: R2C-B001 to R2C-B040.
    """
    items = [corrected(item) for item in read_items(wish.bench, names)]
    options = options_of(wish)
    manifest = manifest_of(wish, names, settings, model)
    path = wish.out or RUNS / f"{wish.ids.stem}-{wish.method}"
    with RunFolder(path, manifest, other_code=wish.other_code) as folder, Sandbox() as sandbox:
        runner = Runner(
            method=find_method(wish.method),
            model=model,
            sandbox=sandbox,
            settings=settings,
            options=options,
            item_seconds=wish.seconds,
            seed=wish.seed,
            concurrency=wish.concurrency,
        )
        progress = Progress(sys.stderr, len(items), folder.records, wish.concurrency, wish.prices)
        try:
            asyncio.run(runner.run(items, folder, progress))
        except BaseExceptionGroup as failures:
            raise first_error(failures) from None
    return path


def manifest_of(
    wish: Wish, names: Sequence[Name], settings: Settings, model: LanguageModel
) -> Manifest:
    """How this run is made."""
    listed = "".join(f"{name.file} {name.id}\n" for name in names)
    info = model.info
    weights = wish.model_file or _weights(settings, info.name)
    return Manifest(
        method=wish.method,
        options=find_method(wish.method).settings(options_of(wish)),
        model=Path(info.name).name,
        endpoint=info.kind,
        capability=info.capability.value,
        model_sha256=file_hash(weights) if weights is not None and weights.is_file() else "",
        items=wish.ids.name,
        items_sha256=hashlib.sha256(listed.encode()).hexdigest(),
        count=len(names),
        files=dict(Counter(name.file for name in names)),
        suites=_versions(wish, names),
        seed=wish.seed,
        item_seconds=wish.seconds,
        concurrency=wish.concurrency,
        starts=(start_note(command_line()),),
    )


def _versions(wish: Wish, names: Sequence[Name]) -> dict[str, str]:
    """The version of each suite that the problems are of.

    Raises:
        InputError: R2C-B095.
    """
    paths = {file: wish.bench / file for file in sorted({name.file for name in names})}
    found = {file: version_of(path) for file, path in paths.items() if path.exists()}
    return {file: version for file, version in found.items() if version}


def _weights(settings: Settings, name: str) -> Path | None:
    """The file behind the model, where it is on this machine."""
    for text in (settings.model, name):
        if text.endswith(".gguf") and Path(text).expanduser().is_file():
            return Path(text).expanduser()
    if settings.model.lower() == "embedded":
        from r2c.llm.embedded.find import find_weights

        return find_weights(settings.cache_dir, settings.model_hub)
    return None
