"""What an installation fetched, read from what pip says while it works.

pip tells the size of every wheel it downloads, to three digits or so; its own cache cannot be
counted instead, because not every index lets wheels be kept there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_UNITS = {"bytes": 1.0, "kB": 1e3, "MB": 1e6, "GB": 1e9}
_ARCHIVE = r"(?:\S+\.(?:whl|tar\.gz|zip))"
_FETCHED = re.compile(rf"\s*(Downloading|Using cached) {_ARCHIVE} \(([\d.]+) (bytes|kB|MB|GB)\)\s*")
_LOCAL = re.compile(r"\s*Processing (.+?\.(?:whl|tar\.gz|zip))(?: \(from .*\))?\s*")


@dataclass(frozen=True)
class Fetched:
    """Packages by where they came from, and their bytes: the index, pip's cache, local folders."""

    downloaded: int = 0
    downloaded_bytes: float = 0.0
    cached: int = 0
    local: int = 0
    local_bytes: float = 0.0

    @property
    def packages(self) -> int:
        """All of them."""
        return self.downloaded + self.cached + self.local


def read_pip(output: str) -> Fetched:
    """Count the archives that pip says it took; a local one has its size on this disk."""
    downloaded: list[float] = []
    cached = 0
    local: list[int] = []
    for line in output.splitlines():
        if match := _FETCHED.fullmatch(line):
            if match[1] == "Downloading":
                downloaded.append(float(match[2]) * _UNITS[match[3]])
            else:
                cached += 1
        elif (match := _LOCAL.fullmatch(line)) and (path := Path(match[1])).is_file():
            local.append(path.stat().st_size)
    return Fetched(len(downloaded), sum(downloaded), cached, len(local), float(sum(local)))
