"""The bench of the installation, on a repository small enough to be set up in a moment."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import pytest
from pydantic import JsonValue
from typer.testing import CliRunner

from r2c.errors import InputError, StoreError
from r2c_benchmarks import install
from r2c_benchmarks.command import app
from r2c_benchmarks.install import Installation, Series, disk_size, measure
from r2c_benchmarks.install_table import amount, document
from r2c_benchmarks.pip_words import Fetched, read_pip

SAID = """\
== Set-up 2: locked packages, each checked against its hash
Looking in indexes: https://index.example/simple
Ignoring colorama: markers 'sys_platform == "win32"' don't match your environment
Processing {wheel} (from -r lock/dev.txt (line 1))
Collecting annotated-doc==0.0.7 (from -r lock/dev.txt (line 4))
  Downloading annotated_doc-0.0.7-py3-none-any.whl.metadata (6.6 kB)
Collecting anyio==4.16.0 (from -r lock/dev.txt (line 10))
  Downloading anyio-4.16.0-py3-none-any.whl (134 kB)
     ---------------------------------------- 134.5/134.5 kB 33.1 MB/s eta 0:00:00
  Downloading tiny-1-py3-none-any.whl (512 bytes)
  Downloading xllamacpp-2026.10.11549-cp310-abi3-manylinux2014_x86_64.whl (33.8 MB)
Using cached click-8.5.1-py3-none-any.whl (126 kB)
Installing collected packages: trove-classifiers, sqlite-vec, xllamacpp
Processing {folder}
"""
MAKEFILE = """\
setup:
\t@test -n "$$PIP_CACHE_DIR" && test -z "$$R2C_MODEL$$MAKEFLAGS_OF_OURS" && test ! -e .venv
\t@mkdir -p .venv/bin && cp command .venv/bin/r2c && chmod +x .venv/bin/r2c
\t@if [ -e "$$PIP_CACHE_DIR/body" ]; \\
\t    then echo '  Using cached a-1-py3-none-any.whl (2.5 MB)'; \\
\t    else echo '  Downloading a-1-py3-none-any.whl (2.5 MB)'; fi
\t@{keep}
"""
KEEP = 'mkdir -p "$$PIP_CACHE_DIR" && touch "$$PIP_CACHE_DIR/body"'
COMMAND = """\
#!/bin/sh
test "$R2C_DATA_DIR" || exit 9
[ "$1" = --help ] || test -f "$2"
"""


def repository(folder: Path, makefile: str) -> Path:
    """A committed checkout whose `make setup` and `r2c` take no time."""
    root = folder / "repository with a blank"
    (root / "examples").mkdir(parents=True)
    files = {
        "Makefile": makefile,
        "command": COMMAND,
        "examples/bakery.cir.json": "{}",
        ".gitignore": ".venv/\n",
    }
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")
    named = ["-c", "user.name=n", "-c", "user.email=n@localhost", "-c", "commit.gpgsign=false"]
    for words in (["init", "--quiet"], ["add", "."], [*named, "commit", "--quiet", "-m", "First"]):
        subprocess.run(["git", *words], cwd=root, check=True)
    return root


def measured(root: Path, folder: Path, repeats: int = 2) -> Installation:
    work = folder / "work"
    work.mkdir()
    return measure(root, work, repeats=repeats, starts=3)


def values(found: Installation) -> dict[str, tuple[float, ...]]:
    return {series.name: series.values for series in found.series}


def test_what_pip_says_tells_how_much_it_fetched_and_from_where(tmp_path: Path) -> None:
    wheel = tmp_path / "aio sqlite-0.22.1-py3-none-any.whl"
    wheel.write_bytes(b"x" * 1234)
    found = read_pip(SAID.format(wheel=wheel, folder=tmp_path))
    assert (found.downloaded, found.cached, found.local, found.packages) == (3, 1, 1, 5)
    assert found.downloaded_bytes == pytest.approx(134_000 + 512 + 33_800_000)
    assert found.local_bytes == 1234


@pytest.mark.parametrize("text", ["", "Downloading a.whl", "Processing /nowhere/a-1.whl", "(3 kB)"])
def test_words_without_an_archive_count_as_nothing(text: str) -> None:
    assert read_pip(text) == Fetched()


def test_every_set_up_begins_with_an_empty_cache_and_the_next_has_its_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("R2C_MODEL", "http://127.0.0.1:9/v1#m")
    monkeypatch.setenv("MAKEFLAGS_OF_OURS", "x")
    found = measured(repository(tmp_path, MAKEFILE.format(keep=KEEP)), tmp_path)
    assert (found.fetched.downloaded, found.fetched.cached) == (1, 0)
    assert found.again == Fetched(cached=1)
    counts = {name: len(series) for name, series in values(found).items()}
    assert counts == {
        "set-up": 2,
        "set-up with a filled package cache": 2,
        "processor time of a set-up": 2,
        "packages": 2,
        "environment": 2,
        "r2c --help": 3,
        "r2c solve examples/bakery.cir.json": 3,
    }
    assert all(value > 0 for series in values(found).values() for value in series)
    assert values(found)["packages"] == (2.5e6, 2.5e6)


def test_an_index_that_lets_pip_keep_nothing_is_told_and_measured_once(tmp_path: Path) -> None:
    root = repository(tmp_path, MAKEFILE.format(keep="true"))
    found = measured(root, tmp_path, repeats=1)
    assert found.again is None
    assert "set-up with a filled package cache" not in values(found)
    assert "let pip keep nothing" in str(document(found, {"machine": "m"})["note"])


def test_what_is_installed_is_the_committed_state(tmp_path: Path) -> None:
    root = repository(tmp_path, MAKEFILE.format(keep=KEEP))
    (root / "Makefile").write_text("setup:\n\tfalse\n", encoding="utf-8")
    found = measured(root, tmp_path, repeats=1)
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=True
    )
    assert found.commit == head.stdout[:12]


@pytest.mark.parametrize(
    ("makefile", "told"),
    [
        ("setup:\n\t@echo no room left; exit 3\n", "no room left"),
        ("test:\n\ttrue\n", "setup"),
        ("setup:\n\t@mkdir -p .venv/bin\n", "r2c --help"),
        ("setup:\n\t@mkdir -p .venv/bin; printf '#!/bin/sh\\nexit 7' > .venv/bin/r2c; "
         "chmod +x .venv/bin/r2c\n", "status 7"),
    ],
)  # fmt: skip
def test_a_step_that_fails_ends_the_measurement_with_its_last_words(
    makefile: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(StoreError, match="R2C-B061") as caught:
        measured(repository(tmp_path, makefile), tmp_path)
    assert told in str(caught.value)


def test_a_set_up_that_hangs_is_killed_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "LIMIT_SECONDS", 2.0)
    noted = tmp_path / "pid"
    root = repository(tmp_path, f"setup:\n\t@sleep 600 & echo $$! > '{noted}'; wait\n")
    with pytest.raises(StoreError, match="was stopped after 2 s"):
        measured(root, tmp_path)
    state = Path(f"/proc/{noted.read_text().strip()}/stat")
    # A killed process takes a moment to end on a busy machine.
    for _ in range(100):
        if ended := not state.exists() or state.read_text().split()[2] == "Z":
            break
        time.sleep(0.1)
    assert ended


def test_a_folder_that_is_no_checkout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="R2C-B060"):
        measure(tmp_path, tmp_path)


def test_the_size_on_disk_counts_a_hard_link_once_and_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    file = tmp_path / "in" / "file"
    file.write_bytes(os.urandom(100_000))
    once = disk_size(tmp_path / "in")
    assert 100_000 <= once <= 200_000
    (tmp_path / "in" / "again").hardlink_to(file)
    assert disk_size(tmp_path / "in") == once
    (tmp_path / "in" / "away").symlink_to(tmp_path / "in")
    assert disk_size(tmp_path / "in") < once + 10_000


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.4567, "s", "0.46 s"), (9.994, "s", "9.99 s"), (41.2, "s", "41 s"),
        (1_117_320_736, "bytes", "1.12 GB"), (92_140_000, "bytes", "92 MB"),
        (5_300, "bytes", "5.3 kB"),
    ],
)  # fmt: skip
def test_amounts_have_about_three_digits(value: float, unit: str, expected: str) -> None:
    assert amount(value, unit) == expected


def test_the_result_has_table_note_spread_and_origin() -> None:
    series = (
        Series("set-up", "s", (40.0, 60.0, 44.0), (0.1, 1.2)),
        Series("r2c --help", "s", (0.5, 0.25), (1.2, 1.1)),
    )
    fetched = Fetched(downloaded=50, downloaded_bytes=9e7, local=3, local_bytes=1e6)
    found = Installation("0123456789ab", series, fetched, Fetched(cached=48, downloaded=2))
    start: dict[str, JsonValue] = {"machine": "two cores", "command": "r2c bench install"}
    result = json.loads(json.dumps(document(found, start, "A word.")))
    assert result["summary"] == [
        {"what": "`make setup`, nothing in the package cache", "median": "44 s",
         "lowest": "40 s", "highest": "60 s", "times": 3},
        {"what": "`r2c --help`", "median": "0.38 s", "lowest": "0.25 s", "highest": "0.50 s",
         "times": 2},
    ]  # fmt: skip
    for told in (
        *("0123456789ab", "two cores", "53 packages", "3 of them came from a folder"),
        *("pip took 48 of them", "1.12 GB", "Load average 0.1 before and 1.1 after.", "A word."),
    ):
        assert told in result["note"]
    assert "busy" not in result["note"]
    first = result["measurements"][0]
    assert (first["value"], first["spread"], first["load"]) == (44, [40, 60], [0.1, 1.2])
    assert first["starts"][0]["command"] == "r2c bench install"


def test_a_busy_machine_is_told() -> None:
    busy = (Series("set-up", "s", (40.0,), (100.0, 100.0)),)
    note = document(Installation("c", busy, Fetched(), None), {"machine": "m"})["note"]
    assert "busy" in str(note)


def test_the_command_writes_the_result_that_the_readme_shows(tmp_path: Path) -> None:
    root = repository(tmp_path, MAKEFILE.format(keep=KEEP))
    done = CliRunner().invoke(
        app,
        ["install", "--repeats", "1", "--source", str(root), "--to", str(tmp_path / "results")],
        catch_exceptions=False,
    )
    assert done.exit_code == 0, done.output
    assert "`r2c --help`" in done.stdout
    kept = json.loads((tmp_path / "results" / "install.json").read_text(encoding="utf-8"))
    assert kept["note"] in done.stdout
    assert kept["summary"][-1]["times"] == 5
    assert "results:install" in (Path(__file__).parents[2] / "README.md").read_text("utf-8")
