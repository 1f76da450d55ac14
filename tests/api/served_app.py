"""The service in a process of its own with a scripted model; run by the tests.

    python served_app.py DATA_DIR LOG GATE DRAIN_SECONDS

Every call of the model is logged by its purpose. While the file GATE is not there, the model waits
in the reading of sentence 3 and tells so by making GATE.reached.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "pipeline"))

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

import r2c_api.app
import r2c_api.serving
from r2c.llm.testing import ScriptedModel
from r2c.settings import Settings


class Waiting(ScriptedModel):
    """A reader of the ferry problem that waits at the gate."""

    def __init__(self, log: Path, gate: Path) -> None:
        from readers import FERRY

        super().__init__(FERRY.answer)
        self._log, self._gate = log, gate

    async def complete(self, *args: Any, **more: Any) -> Any:
        with self._log.open("a", encoding="utf-8") as file:
            file.write(f"{more['purpose']}\n")
        while more["purpose"] == "sentence 3" and not self._gate.exists():
            self._gate.with_suffix(".reached").touch()
            await asyncio.sleep(0.02)
        return await super().complete(*args, **more)


def broken() -> None:
    raise RuntimeError("secret words")


def late() -> StreamingResponse:
    def parts() -> Iterator[bytes]:
        yield b"begun"
        raise RuntimeError("secret words")

    return StreamingResponse(parts())


def thread() -> None:
    dying = threading.Thread(target=broken)
    dying.start()
    dying.join()


def main() -> None:
    """Serve on a free port; the log tells it."""
    folder, log, gate = map(Path, sys.argv[1:4])
    drain = float(sys.argv[4])
    plain = r2c_api.app.create_app
    scripted = Waiting(log, gate)

    def with_broken(settings: Settings, **more: Any) -> FastAPI:
        app = plain(settings, scripted, **more)
        app.add_api_route("/broken", broken)
        app.add_api_route("/late", late)
        app.add_api_route("/thread", thread)
        return app

    vars(r2c_api.serving)["create_app"] = with_broken
    settings = Settings(
        data_dir=folder,
        samples=3,
        budget_rounds=2,
        budget_seconds=240,
        serve_beat_seconds=0.2,
        serve_stalled_seconds=3.0,
        serve_drain_seconds=drain,
    )
    r2c_api.serving.serve(settings, "127.0.0.1", 0, keys=False)


if __name__ == "__main__":
    main()
