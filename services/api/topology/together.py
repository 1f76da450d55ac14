"""All parts of the service, started in the order in which they need each other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from topology.postgres import Postgres
from topology.program import Program, python

_SERVE = """
import sys
from r2c.cli.main import main
sys.argv[1:] = ["serve", "--port", "0"]
main()
"""
_FIRST_START_SECONDS = 600.0
"""A worker's first start reads the cards if the encoder is there: a minute of a free core."""


@dataclass(frozen=True)
class Shape:
    """How much of what: processes that take jobs, workers, jobs at once in each worker.

    `model` is the setting R2C_MODEL; a scripted model is started if it is empty, which answers
    after `pause` seconds. `more` are settings by the names of their variables.
    """

    apis: int = 2
    workers: int = 2
    jobs: int = 2
    model: str = ""
    pause: float = 0.05
    more: Mapping[str, str] | None = None


class Served:
    """A process of `r2c serve`."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.url = ""
        self._told = ""

    def start(self, *, wait: bool = True) -> None:
        """Start it; wait until it is ready.

        Raises:
            StoreError: R2C-B741.
        """
        self.program.start()
        if wait:
            self.ready()

    def ready(self) -> None:
        """Wait until it can do its work.

        Raises:
            StoreError: R2C-B741.
        """
        self.url = self.program.ready(lambda: address(self.program))
        self.program.ready(self._can_work, _FIRST_START_SECONDS, lambda: self._told)

    def _can_work(self) -> bool | None:
        try:
            answer = httpx2.get(f"{self.url}/readyz", timeout=30, trust_env=False)
        except httpx2.TransportError:
            return None
        self._told = answer.text
        return answer.status_code == 200 or None


@dataclass(frozen=True)
class Topology:
    """What runs: `folder` holds the logs and R2C_DATA_DIR."""

    folder: Path
    apis: tuple[Served, ...]
    workers: tuple[Served, ...]

    @property
    def data(self) -> Path:
        """R2C_DATA_DIR of all processes."""
        return self.folder / "data"


@contextmanager
def started(folder: Path, shape: Shape, server: Postgres | None = None) -> Iterator[Topology]:
    """The service until the end of the block, however it ends.

    Args:
        folder: Where logs and data go.
        shape: How many of what.
        server: Where the jobs lie; in SQLite unless given.

    Raises:
        StoreError: R2C-B741.
    """
    with ExitStack() as stack:
        settings = {
            "R2C_DATA_DIR": str(folder / "data"),
            "R2C_MODEL": shape.model or _scripted(stack, folder, shape.pause),
            "R2C_DATABASE": "" if server is None else server.url,
            **(shape.more or {}),
        }
        apis = [
            _served(stack, f"api-{number + 1}", folder, settings | {"R2C_SERVE_JOBS": "0"})
            for number in range(shape.apis)
        ]
        jobs = {"R2C_SERVE_JOBS": str(shape.jobs)}
        workers = [
            _served(stack, f"worker-{number + 1}", folder, settings | jobs)
            for number in range(shape.workers)
        ]
        for one in (*apis, *workers):
            one.ready()
        yield Topology(folder, tuple(apis), tuple(workers))


def address(program: Program) -> str | None:
    """Where a program listens, as its log says; None if it does not say so yet."""
    for line in program.said():
        if line.startswith("{") and line.endswith("}"):
            said = json.loads(line)
            if "url" in said:
                return str(said["url"])
    return None


def _served(stack: ExitStack, name: str, folder: Path, settings: Mapping[str, str]) -> Served:
    program = Program(name, python("-c", _SERVE), folder, more=settings)
    stack.callback(program.stop)
    served = Served(program)
    served.start(wait=False)
    return served


def _scripted(stack: ExitStack, folder: Path, pause: float) -> str:
    words = python("-m", "topology.scripted_model", "--pause", str(pause))
    program = Program("model", words, folder)
    stack.callback(program.stop)
    program.start()
    return program.ready(lambda: address(program))
