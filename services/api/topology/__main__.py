"""Puts the whole service up on this machine until Ctrl-C: `make topology`.

Postgres, two processes that take jobs, two workers and a scripted model; or another model, as
R2C_MODEL would name it: `python -m topology --model embedded`.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from r2c.client.sync import Client
from r2c.errors import R2CError
from topology.bakery import draw
from topology.postgres import throw_away
from topology.together import Shape, Topology, started

_TRIED = 3
"""Jobs that are run before the addresses are told."""


def main() -> int:
    """Start it, try it, tell where it is; the status is 0 after Ctrl-C, 1 if an answer is wrong."""
    parser = argparse.ArgumentParser(prog="python -m topology", description=__doc__)
    parser.add_argument("--model", default="", help="a setting of R2C_MODEL; a script unless given")
    parser.add_argument("--once", action="store_true", help="stop after the jobs that try it")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="r2c-topology-"))
    try:
        _say("Postgres, two processes that take jobs, two workers; this takes a while ...")
        with throw_away() as server, started(folder, Shape(model=given.model), server) as topology:
            if not _try(topology, scripted=not given.model):
                return 1
            _tell(topology, server.url)
            while not given.once:
                time.sleep(3600)
    except KeyboardInterrupt:
        _say("stopped")
    except R2CError as error:
        sys.stderr.write(f"{error}\n")
        return 1  # the logs stay
    shutil.rmtree(folder)
    return 0


def _try(topology: Topology, *, scripted: bool) -> bool:
    """Run jobs through every process that takes them; whether all is as the script has it."""
    draws, good = random.Random(1), True
    for number in range(_TRIED):
        problem = draw(draws)
        with Client(topology.apis[number % len(topology.apis)].url) as client:
            answer = client.submit(problem.text).wait()
        told = "no plan" if answer.objective is None else f"{answer.objective:g}"
        _say(f"a job: {answer.outcome.value}, {told} ({problem.optimum} is right)")
        good &= answer.objective == problem.optimum
    return good or not scripted


def _tell(topology: Topology, url: str) -> None:
    for one in (*topology.apis, *topology.workers):
        _say(f"{one.program.name}  {one.url}  (process {one.program.pid})")
    _say(f"postgres  psql '{url}'")
    _say(f"logs  {topology.folder}")
    _say("Ctrl-C stops all of it.")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
