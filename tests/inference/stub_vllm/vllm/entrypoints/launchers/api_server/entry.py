"""Stands where vLLM's entry module does: listens on its socket, or fails as its model says.

`config.json` of the model may hold `"stub"`: `dies`, `memory`, `killed` or `silent`. A question
`die` ends the process; every other answer is the request as it came, with the process's number.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socketserver
import sys
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

LAST_WORDS = {
    "dies": "ValueError: this model has no heads",
    "memory": "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB",
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/health":
            return self.answer({})
        names = [sys.argv[sys.argv.index("--served-model-name") + 1]]
        self.answer({"data": [{"id": name, "owned_by": "vllm"} for name in names]})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if asked["messages"][-1]["content"] == "die":
            os._exit(9)
        keyed = self.headers["authorization"] == f"Bearer {os.environ['VLLM_API_KEY']}"
        text = json.dumps({"pid": os.getpid(), "keyed": keyed, "asked": asked})
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        self.answer({"object": "chat.completion", "choices": [choice]})

    def answer(self, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def address_string(self) -> str:
        return "client"

    def log_message(self, *told: object) -> None:
        pass


class Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path)
    parser.add_argument("--uds")
    given, others = parser.parse_known_args()
    told = json.loads((given.model / "config.json").read_text(encoding="utf-8")).get("stub")
    print("stub of vLLM with", *others, flush=True)
    if told in LAST_WORDS:
        sys.exit(LAST_WORDS[told])
    if told == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if told == "silent":
        time.sleep(600)
    Server(given.uds, Handler).serve_forever()


main()
