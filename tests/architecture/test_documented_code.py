"""What the pages tell people to type works.

`python` and `console` blocks run in the checkout. Output lines in a console block are compared,
`...` stands for anything. A comment above a block moves it to the slow or the embedded tests, or
says why it is not run. Blocks marked `served` find the service at the address that they name; a
free port takes the place of 8000.
"""

from __future__ import annotations

import doctest
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fenced import Block, blocks, steps

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "docs/tours.md",
    "docs/inference.md",
    "docs/mcp.md",
    "services/api/README.md",
]
SERVICES = ("api", "evaluation", "inference", "training")
MARKS = {"slow": pytest.mark.slow, "embedded": pytest.mark.embedded}
RUNNABLE = {"python", "console"}
OTHERS = {"sh", "text", "yaml", "json", "toml", "latex"}
ALL = [block for page in PAGES for block in blocks(ROOT / page)]


def cases() -> list[object]:
    return [
        pytest.param(
            block,
            id=f"{block.page}:{block.line}",
            marks=MARKS.get(block.mark, ()),
        )
        for block in ALL
        if block.language in RUNNABLE and not block.mark.startswith("not run")
    ]


def test_every_block_names_a_known_language() -> None:
    assert {block.language for block in ALL} - RUNNABLE - OTHERS == set()


def environment() -> dict[str, str]:
    here = str(Path(sys.executable).parent)
    return {
        **os.environ,
        "PATH": here + os.pathsep + os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(
            map(str, (ROOT, ROOT / "benchmarks", *(ROOT / "services" / name for name in SERVICES)))
        ),
        "NO_COLOR": "1",
        "COLUMNS": "100",
    }


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a service of its own."""
    words = (
        "from r2c.settings import Settings; from r2c_api.serving import serve; import pathlib\n"
        f"serve(Settings(data_dir=pathlib.Path({str(folder)!r}), model='http://127.0.0.1:9/v1#none'),"
        " '127.0.0.1', 0, keys=False)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", words],
        cwd=ROOT,
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        yield str(json.loads(process.stderr.readline())["url"])
    finally:
        process.kill()
        process.communicate()


@pytest.mark.timeout(1200)  # one asks the embedded model, on whatever machine this is
@pytest.mark.parametrize("block", cases())
def test_a_documented_block_runs_as_shown(block: Block, tmp_path: Path) -> None:
    if block.mark != "served":
        runs_as_shown(block, block.code, tmp_path)
        return
    with served(tmp_path / "data") as url:
        runs_as_shown(block, block.code.replace("http://127.0.0.1:8000", url), tmp_path)


def runs_as_shown(block: Block, code: str, folder: Path) -> None:
    if block.language == "python":
        script = folder / "block.py"
        script.write_text(code, encoding="utf-8")
        run([sys.executable, str(script)])
        return
    for step in steps(code):
        got = run(["bash", "-c", step.command])
        if step.output:
            options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
            fits = doctest.OutputChecker().check_output(step.output, got, options)
            assert fits, f"$ {step.command}\nshown:\n{step.output}\ngot:\n{got}"


def run(command: list[str]) -> str:
    done = subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout
