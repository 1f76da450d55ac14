"""The files that the page is made of, read once: nothing that a request names is ever a path."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

VENDOR = "vendor/"
_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
}


@dataclass(frozen=True)
class Asset:
    """One file; `packed` is empty where packing gains nothing."""

    content: bytes
    packed: bytes
    type: str
    digest: str


@dataclass(frozen=True)
class Vendored:
    """A library of others that travels with the page: where it is from, and its files' SHA-256."""

    name: str
    version: str
    licence: str
    files: dict[str, str]


@cache
def assets() -> dict[str, Asset]:
    """Every file by its name below `/static/`."""
    found: dict[str, Asset] = {}
    _collect(_static(), "", found)
    return found


@cache
def vendored() -> tuple[Vendored, ...]:
    """What `vendor/VENDORED.json` says of the libraries."""
    told = json.loads(_static().joinpath("vendor", "VENDORED.json").read_text(encoding="utf-8"))
    return tuple(Vendored(**item) for item in told)


def url_of(name: str) -> str:
    """The address of a file, which changes with what the file says.

    Raises:
        KeyError: there is no such file.
    """
    digest = assets()[name].digest
    return f"/static/{name}" if name.startswith(VENDOR) else f"/static/{name}?v={digest}"


def _static() -> Traversable:
    return files("r2c_api").joinpath("page", "static")


def _collect(folder: Traversable, prefix: str, found: dict[str, Asset]) -> None:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            _collect(item, f"{prefix}{item.name}/", found)
            continue
        kind = item.name.rpartition(".")[2]
        if kind in _TYPES:
            content = item.read_bytes()
            packed = b"" if kind == "woff2" else gzip.compress(content, mtime=0)
            digest = hashlib.sha256(content).hexdigest()[:16]
            found[prefix + item.name] = Asset(content, packed, _TYPES[kind], digest)
