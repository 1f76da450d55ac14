"""`r2c models serve` as a person starts it, with a stand-in for vLLM."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from proxied import chat

ROOT = Path(__file__).resolve().parents[2]
SOURCES = os.pathsep.join(map(str, (ROOT, ROOT / "services" / "inference")))
COMMAND = [sys.executable, "-m", "r2c.cli", "models"]
# The entry points of an installation are those of its own checkout; this one is tested here.
START = """
import sys
from r2c.cli import main, models
from r2c_inference.command import route, serve
models.app.registered_commands = [c for c in models.app.registered_commands if c.name != "serve"]
models.app.command("serve")(serve)
if all(c.name != "route" for c in models.app.registered_commands):
    models.app.command("route")(route)
main.main()
"""


def make_model(folder: Path, stub: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    told = {"stub": stub} if stub else {}
    (folder / "config.json").write_text(json.dumps(told), encoding="utf-8")
    (folder / "model.safetensors").touch()
    return folder


def stub_python(folder: Path) -> Path:
    """An interpreter in whose environment the stand-in is vLLM."""
    path = folder / "python"
    stub = shlex.quote(str(Path(__file__).with_name("stub_vllm")))
    told = f'#!/bin/sh\nPYTHONPATH={stub} exec {shlex.quote(sys.executable)} "$@"\n'
    path.write_text(told, encoding="utf-8")
    path.chmod(0o700)
    return path


def environment(cache: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("R2C_")}
    return {**kept, "PYTHONPATH": SOURCES, "R2C_CACHE_DIR": str(cache), "COLUMNS": "200"}


def run(cache: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", START, "models", *words],
        capture_output=True,
        text=True,
        env=environment(cache),
        timeout=120,
    )


@dataclass(frozen=True)
class Server:
    """A running command and what it said."""

    process: subprocess.Popen[str]
    url: str
    key: str

    def ask(self, text: str) -> dict[str, Any]:
        """What the stand-in tells about the request."""
        got = self.post(text)
        assert got.status_code == 200, got.text
        told: dict[str, Any] = json.loads(got.json()["choices"][0]["message"]["content"])
        return told

    def post(self, text: str) -> httpx2.Response:
        headers = {"authorization": f"Bearer {self.key}"}
        with httpx2.Client(trust_env=False, timeout=60, headers=headers) as client:
            return client.post(f"{self.url}/chat/completions", json=chat(text))


@contextmanager
def serving(cache: Path, *words: str) -> Iterator[Server]:
    """The command, once it says that it is ready; ended afterwards."""
    # Of a command that is killed the folder of sockets is left; its path has to be short.
    sockets = tempfile.TemporaryDirectory(prefix="r2c-t-")
    process = subprocess.Popen(
        [sys.executable, "-c", START, "models", *words, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**environment(cache), "TMPDIR": sockets.name},
    )
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        while lines[-1] not in ("}\n", ""):
            lines.append(process.stdout.readline())
        if not lines[-1]:
            raise AssertionError(process.communicate()[1])
        told = json.loads("".join(lines))
        key = Path(told["key_file"]).read_text(encoding="ascii").split()[0]
        yield Server(process, told["url"], key)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=60)[1]
        sockets.cleanup()
        assert "Traceback" not in said, said
