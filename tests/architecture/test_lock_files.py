"""The lock files must serve any machine: hashes for everything, no address, no torch."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = [ROOT / "lock" / "runtime.txt", ROOT / "lock" / "dev.txt"]
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)( ; .+)? \\$")


def pins(path: Path) -> dict[tuple[str, str], int]:
    """Name and marker of every pin, with the number of its hashes."""
    found: dict[tuple[str, str], int] = {}
    current: tuple[str, str] | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        if match := PIN.match(line):
            current = (f"{match[1]}=={match[2]}", match[3] or "")
            found[current] = 0
        elif re.match(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$", line):
            assert current is not None
            found[current] += 1
        else:
            pytest.fail(f"{path.name}: unexpected line {line!r}")
    return found


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_locked_version_has_a_hash(path: Path) -> None:
    found = pins(path)
    assert len(found) > 40
    assert [pin for pin, hashes in found.items() if hashes == 0] == []


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_no_address_and_no_torch_is_locked(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"://|^-|^(?:torch|nvidia[a-z0-9-]*)==", text, flags=re.M) == []


def test_the_development_lock_extends_the_runtime_lock() -> None:
    runtime, dev = (pins(path) for path in LOCKS)
    assert set(runtime) - set(dev) == set()
