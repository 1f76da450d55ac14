"""Stands in for the runtime package: the same few names, and a server that needs no weights.

The content of the weights file says how it behaves: `sound`, `slow N` (seconds for an answer),
`crash`, `hang` or `missing`.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any


class CommonParams:
    def __init__(self) -> None:
        self.model = SimpleNamespace(path="")
        self.cpuparams = SimpleNamespace(n_threads=0)
        self.cpuparams_batch = SimpleNamespace(n_threads=0)
        self.n_ctx = self.n_parallel = self.port = 0
        self.api_keys: list[str] = []


class Server:
    def __init__(self, given: CommonParams) -> None:
        mood, _, seconds = Path(given.model.path).read_text()[4:].strip().partition(" ")
        if mood == "crash":
            print("stub: cannot allocate memory", file=sys.stderr, flush=True)
            os.abort()
        if mood == "hang":
            print("stub: loading for ever", file=sys.stderr, flush=True)
            time.sleep(60)
        if mood == "missing":
            raise ModuleNotFoundError("No module named 'xllamacpp'")
        self._server = _Http(given, float(seconds or 0))
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def listening_address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, given: CommonParams, seconds: float) -> None:
        super().__init__(("127.0.0.1", given.port), _Handler)
        self.given = given
        self.seconds = seconds
        self.busy = 0


class _Handler(BaseHTTPRequestHandler):
    server: _Http

    def log_message(self, *arguments: object) -> None:
        pass

    def _say(self, value: object, status: int = 200) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        given = self.server.given
        if self.path == "/health":
            self._say({"status": "ok"})
        elif self.headers.get("Authorization") != f"Bearer {given.api_keys[0]}":
            self._say({"error": {"message": "Invalid API Key"}}, 401)
        elif self.path == "/slots":
            self._say([{"is_processing": self.server.busy > 0}])
        elif self.path == "/props":
            context = {"n_ctx": given.n_ctx}
            self._say({"default_generation_settings": context, "total_slots": given.n_parallel})
        elif self.path == "/v1/models":
            self._say({"data": [{"id": "stub"}]})
        else:
            self._say({"error": {"message": "File Not Found"}}, 404)

    def do_POST(self) -> None:
        asked: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.busy += 1
        try:
            time.sleep(self.server.seconds)
            text = json.dumps({"pid": os.getpid(), "env": sorted(os.environ), **_seen()})
            message = {"role": "assistant", "content": text}
            choice = {"index": 0, "finish_reason": "stop", "message": message}
            self._say({"choices": [{**choice, "index": i} for i in range(asked.get("n", 1))]})
        finally:
            self.server.busy -= 1


def _seen() -> dict[str, object]:
    return {"omp": os.environ.get("OMP_WAIT_POLICY"), "session": os.getsid(0)}
