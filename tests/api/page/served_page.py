"""The service in a process of its own with readers of several problems; run by the browser tests.

    python served_page.py DATA_DIR GATE [--keys]

While the file GATE is not there, the reading of the ferry's sentence 3 waits. What the server of
the language model says of a problem about lighthouses is that it takes no key. With keys, one of
a tenant `a` is written to the log's first line.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[2] / "pipeline"))

from ambiguous_texts import FLORIST
from fastapi import FastAPI
from readers import BAKERY, FERRY, HARVEST, PRESS

import r2c_api.app
import r2c_api.serving
from r2c.llm.failures import KEY_REFUSED
from r2c.llm.testing import Call, ScriptedModel
from r2c.settings import Settings

PROBLEMS = (BAKERY, FERRY, HARVEST, PRESS, FLORIST)


def answer(call: Call) -> Any:
    """What the reader of the problem that is asked about says."""
    asked = "\n".join(message.content for message in call.messages)
    if "lighthouse" in asked:
        return KEY_REFUSED(url="http://inner:1", status=401, said="no")
    found = next((told for told in PROBLEMS if told.text[:40] in " ".join(asked.split())), None)
    if found is None:
        return "none"
    return found.answer(call)


class Waiting(ScriptedModel):
    """A reader that waits at the gate in one sentence of one problem."""

    def __init__(self, gate: Path) -> None:
        super().__init__(answer)
        self._gate = gate

    async def complete(self, *args: Any, **more: Any) -> Any:
        ferry = "ferry line" in str(args) + str(more)
        while ferry and more["purpose"] == "sentence 3" and not self._gate.exists():
            await asyncio.sleep(0.02)
        return await super().complete(*args, **more)


def main() -> None:
    """Serve on a free port; the log tells it."""
    folder, gate = map(Path, sys.argv[1:3])
    keys = "--keys" in sys.argv
    plain = r2c_api.app.create_app
    scripted = Waiting(gate)

    def with_reader(settings: Settings, **more: Any) -> FastAPI:
        app = plain(settings, scripted, **more)
        if keys:
            print(app.state.service.keys.create("a")[1], file=sys.stderr, flush=True)
        return app

    vars(r2c_api.serving)["create_app"] = with_reader
    settings = Settings(
        data_dir=folder, samples=3, budget_rounds=2, budget_seconds=240, serve_beat_seconds=0.2
    )
    port = next((int(item) for item in sys.argv[3:] if item.isdecimal()), 0)
    r2c_api.serving.serve(settings, "127.0.0.1", port, keys=keys)


if __name__ == "__main__":
    main()
