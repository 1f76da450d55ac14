"""The embedded model server itself: a child process that loads the weights and serves loopback.

Run as `python -m r2c.llm.embedded.serve HOME WEIGHTS`. It announces itself once it can answer,
does not depend on whoever started it, and stops when nobody has used it for a while.
"""

from __future__ import annotations

import argparse
import json
import os
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from r2c.errors import StoreError
from r2c.llm.embedded.home import Home, Running
from r2c.llm.embedded.lock import locked
from r2c.llm.embedded.process import start_mark

PROMPT_CACHE_MB = 1024
"""llama.cpp would take up to 8 GiB for the states of earlier prompts."""
_WATCH_SECONDS = 5.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until idle, or until the process is ended."""
    parser = argparse.ArgumentParser(prog="python -m r2c.llm.embedded.serve")
    parser.add_argument("home", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--context", type=int, required=True)
    parser.add_argument("--slots", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--idle", type=float, required=True)
    given = parser.parse_args(arguments)
    home = Home(given.home)
    port = _serve(given.weights, home.key(), given.context, given.slots, given.threads)
    pid = os.getpid()
    home.announce(Running(pid, start_mark(pid) or "", port, str(given.weights), time.time()))
    home.touch()
    _watch(home, port, given.idle)
    # The library's threads hold the process; there is nothing left that they could lose.
    os._exit(0)


def _serve(weights: Path, key: str, context: int, slots: int, threads: int) -> int:
    """Start the server inside this process; the port that it found free."""
    import xllamacpp

    given = xllamacpp.CommonParams()
    given.model.path = str(weights)
    given.n_ctx = context
    given.n_parallel = slots
    given.kv_unified = True  # one long prompt may use the room of all slots
    given.cache_ram_mib = PROMPT_CACHE_MB
    given.cpuparams.n_threads = threads
    given.cpuparams_batch.n_threads = threads
    given.hostnames = ["127.0.0.1"]
    given.port = 0
    given.api_keys = [key]
    given.warmup = False
    server = xllamacpp.Server(given)
    # Kept alive by the module: the library stops serving when the object goes.
    globals()["_server"] = server
    return int(str(server.listening_address).rpartition(":")[2])


def _watch(home: Home, port: int, idle: float) -> None:
    """Return once nobody has used the server for `idle` seconds."""
    while True:
        time.sleep(min(_WATCH_SECONDS, idle / 4))
        if home.idle_seconds() < idle:
            continue
        if _busy(port, home.key()):
            home.touch()
            continue
        try:
            # A client marks its use under the lock, so between these lines none can come.
            with locked(home.lock, seconds=0):
                if home.idle_seconds() >= idle:
                    home.retract()
                    return
        except StoreError:
            continue


def _busy(port: int, key: str) -> bool:
    """Whether a request is being answered, whoever sent it."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/slots", headers={"Authorization": f"Bearer {key}"}
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=5.0) as reply:
            return any(slot.get("is_processing") for slot in json.load(reply))
    except TimeoutError:
        return True
    except (OSError, ValueError, AttributeError):
        return False


if __name__ == "__main__":
    main()
