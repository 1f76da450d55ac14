"""Sends requests that its description allows, and many that it does not, to the real service.

    make fuzz ARGS='--examples 20 --out benchmarks/results/service_fuzz.json'

schemathesis makes them, from an environment of its own: R2C runs on what its lock says. The service
has a scripted model, keys and a job that has ended, so that every endpoint has something to tell.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from importlib.metadata import version
from pathlib import Path

import httpx2
import uvicorn

from r2c.llm.testing import ScriptedModel
from r2c.settings import Settings
from r2c_api.app import create_app
from r2c_api.keys.key import Scope
from r2c_api.service import Service
from r2c_benchmarks.provenance import start_note

MODEL = {
    "decisions": [{"name": "x", "domain": "integer"}],
    "rules": [{"id": "r1", "operands": {"relation": "2*x <= 60"}}],
    "objectives": [{"sense": "max", "expr": "3*x"}],
}
# A form in which text is sent where a number is due is not always told from a right one by a
# generator of forms, and a job that ends between two requests is no fault of either.
LEFT_OUT = "positive_data_acceptance,use_after_free,ensure_resource_availability"
_UNTRIED = (
    f"Left out: the operation /events, and the checks {LEFT_OUT.replace(',', ', ')}. The ids of "
    "job and rule are always those of one job that has ended."
)


def main() -> int:
    """Run it; the status is 0 if nothing was found."""
    parser = argparse.ArgumentParser(prog="services/api/fuzz", description=__doc__)
    parser.add_argument("--examples", type=int, default=20, help="requests of a kind (20)")
    parser.add_argument("--seed", type=int, default=1, help="draws other requests (1)")
    parser.add_argument("--schemathesis", default="schemathesis", help="the program, by its path")
    parser.add_argument("--out", type=Path, help="write what was found as JSON")
    given = parser.parse_args()
    program = shutil.which(given.schemathesis)  # as a whole path: it runs in another folder
    if program is None:
        parser.error(f"there is no program {given.schemathesis!r}; `make fuzz` installs it")
    given.schemathesis = str(Path(program).absolute())
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            Settings(
                data_dir=Path(folder), serve_requests_per_minute=None, solve_seconds=5,
                serve_queue=100_000,
            ),
            ScriptedModel(lambda _: "none"),
            keys=True,
        )  # fmt: skip
        service: Service = app.state.service
        _, key = service.keys.create("fuzz", scopes=frozenset(Scope))
        listener = socket.create_server(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            return _run(url, key, given, Path(folder))
        finally:
            service.bell.close()
            server.should_exit = True
            thread.join()


def _run(url: str, key: str, given: argparse.Namespace, folder: Path) -> int:
    words = (word.rpartition("/")[2] for word in sys.argv[1:])  # files by their names alone
    start = start_note(" ".join(["services/api/fuzz", *words]))
    job = _job(url, key)
    (folder / "schemathesis.toml").write_text(
        f'[parameters]\n"path.job" = "{job}"\n"path.rule" = "r1"\n"query.to" = "{job}"\n',
        encoding="utf-8",
    )
    done = subprocess.run(
        [
            given.schemathesis,
            "--config-file", str(folder / "schemathesis.toml"),
            "run", f"{url}/openapi.json",
            "--header", f"Authorization: Bearer {key}",
            "--checks", "all", "--exclude-checks", LEFT_OUT,
            "--exclude-path-regex", "/events$",  # a stream ends when its job does
            "--phases", "examples,coverage,fuzzing,stateful",
            "--max-examples", str(given.examples),
            "--seed", str(given.seed),
            "--continue-on-failure", "--request-timeout", "60",
            "--suppress-health-check", "all", "--warnings", "off", "--no-color",
            "--max-response-time", "60",
            "--report", "json", "--report-json-path", str(folder / "report.json"),
        ],
        check=False,
        cwd=folder,  # it keeps a cache where it runs
    )  # fmt: skip
    if given.out is not None:
        found = {
            "summary": _summary(folder / "report.json"),
            "note": f"At most {given.examples} examples of a kind, seed {given.seed}. {_UNTRIED} "
            f"{start['machine']}; code {start['commit']}.",
            "status": done.returncode,
            "examples": given.examples,
            "seed": given.seed,
            "starts": [start],
            "versions": {
                name: version(name) for name in ("fastapi", "starlette", "pydantic")
            } | {"python": platform.python_version(), "schemathesis": _version(given.schemathesis)},
        }  # fmt: skip
        given.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return done.returncode


def _version(program: str) -> str:
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return told.stdout.split()[-1]


def _job(url: str, key: str) -> str:
    """A job that has been solved by a service that is ready: /readyz says 503 until it is."""
    headers = {"Authorization": f"Bearer {key}", "Prefer": "wait=60"}
    with httpx2.Client(base_url=url, headers=headers, timeout=120, trust_env=False) as client:
        client.get("/openapi.json")
        while client.get("/readyz").status_code != 200:
            time.sleep(0.5)
        made = client.post("/v1/solve", json={"cir": MODEL}).json()
    return str(made["id"])


def _summary(report: Path) -> list[dict[str, object]]:
    """What was sent and what was found, as schemathesis tells it."""
    told = json.loads(report.read_text(encoding="utf-8"))
    return [
        {
            "operations": told["operations"]["tested"],
            "requests": told["test_cases"]["generated"],
            "with failures": told["test_cases"]["with_failures"],
            "failures": told["test_cases"]["unique_failures"],
            "seconds": round(told["running_time"], 1),
        }
    ]


if __name__ == "__main__":
    sys.exit(main())
