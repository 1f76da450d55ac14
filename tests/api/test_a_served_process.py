"""A real server: events come while they happen, and neither kill -9 nor a restart loses a job."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from readers import FERRY
from watched import is_problem, told

HERE = Path(__file__).parent
CALLS = Counter({"decisions": 1, "sentence 2": 1, "sentence 3": 1, "sentence 4": 2, "objective": 1})


@contextmanager
def served(
    folder: Path, drain_seconds: float = 0.5
) -> Iterator[tuple[subprocess.Popen[str], httpx2.Client]]:
    """A server on a free port, killed at the end if it still runs."""
    root = HERE.parents[1]
    paths = [root, root / "services" / "api", *sys.path]
    process = subprocess.Popen(
        [sys.executable, str(HERE / "served_app.py"),
         *(str(folder / name) for name in ("data", "calls", "gate")), str(drain_seconds)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))},
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        line = json.loads(process.stderr.readline())
        assert line["keys_needed"] is False and "without keys" in line["event"]
        with httpx2.Client(base_url=line["url"], timeout=100, trust_env=False) as client:
            yield process, client
    finally:
        process.kill()
        process.communicate()


def wait_for(path: Path, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < end, f"{path.name} did not appear"
        time.sleep(0.02)


def events_until(client: httpx2.Client, url: str, stage: str, last: int = 0) -> int:
    """Follow a stream until a step of a stage comes; the number of the event."""
    with client.stream("GET", f"{url}/events", headers={"Last-Event-ID": str(last)}) as stream:
        for line in stream.iter_lines():
            if line.startswith("data: "):
                event = json.loads(line[6:])
                assert event["number"] == last + 1
                last = event["number"]
                if event["step"] is not None and event["step"]["stage"] == stage:
                    return last
    raise AssertionError(f"no step {stage}")


@pytest.mark.parametrize(
    "end", [signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]
)
def test_a_job_goes_on_after_its_server_ended_and_the_stream_where_it_was(
    end: signal.Signals, tmp_path: Path
) -> None:
    with served(tmp_path) as (process, client):
        made = client.post(
            "/v1/formulations", json={"text": FERRY.text}, headers={"Idempotency-Key": "once"}
        )
        url = made.headers["location"]
        last = events_until(client, url, "reading")  # told while the job still runs
        wait_for(tmp_path / "gate.reached")
        assert client.get(url).json()["state"] == "running"
        process.send_signal(end)
        assert process.wait(timeout=60) == -end
    (tmp_path / "gate").touch()
    with served(tmp_path) as (process, client):
        # Sent again by a client that had no answer: it is the same job.
        again = client.post(
            "/v1/formulations", json={"text": FERRY.text}, headers={"Idempotency-Key": "once"}
        )
        assert again.headers["location"] == url
        rest = told(client.get(f"{url}/events", headers={"Last-Event-ID": str(last)}).text)
        assert [number for number, _, _ in rest] == list(range(last + 1, last + 1 + len(rest)))
        states = [data["state"] for _, kind, data in rest if kind == "state"]
        assert states == ["queued", "running", "succeeded"]
        job = client.get(url).json()
        assert job["result"]["objective"] == pytest.approx(2700.0)
        # A stop in good order is no attempt that failed; a killed worker is.
        assert job["attempt"] == (2 if end is signal.SIGKILL else 1)
        process.terminate()
        assert process.wait(timeout=60) == -signal.SIGTERM
    asked = Counter((tmp_path / "calls").read_text(encoding="utf-8").split("\n")[:-1])
    assert asked == CALLS + Counter(["sentence 3"])  # only what was being asked is asked again


@pytest.mark.slow
def test_a_job_that_ends_while_its_server_stops_is_answered_and_nothing_is_lost(
    tmp_path: Path,
) -> None:
    with served(tmp_path, drain_seconds=120) as (process, client):
        url = client.post("/v1/formulations", json={"text": FERRY.text}).headers["location"]
        wait_for(tmp_path / "gate.reached")
        process.terminate()
        assert process.stderr is not None
        lines = (json.loads(line) for line in process.stderr)
        assert any(line["event"] == "draining" for line in lines)
        (tmp_path / "gate").touch()
        assert process.wait(timeout=100) == -signal.SIGTERM
    with served(tmp_path) as (process, client):
        job = client.get(url).json()
        assert (job["state"], job["attempt"]) == ("succeeded", 1), job
        assert job["result"]["objective"] == pytest.approx(2700.0)
        events = told(client.get(f"{url}/events").text)
        assert [number for number, _, _ in events] == list(range(1, len(events) + 1))
        states = [data["state"] for _, kind, data in events if kind == "state"]
        assert states == ["queued", "running", "succeeded"]
        assert client.get(f"{url}/result").json()["objective"] == pytest.approx(2700.0)
    asked = Counter((tmp_path / "calls").read_text(encoding="utf-8").split("\n")[:-1])
    assert asked == CALLS  # nothing was asked again


@pytest.mark.slow
def test_an_open_stream_does_not_keep_a_server_from_stopping(tmp_path: Path) -> None:
    with served(tmp_path) as (process, client):
        url = client.post("/v1/formulations", json={"text": FERRY.text}).headers["location"]
        with client.stream("GET", f"{url}/events") as stream:
            lines = stream.iter_lines()
            assert next(lines).startswith("retry")
            wait_for(tmp_path / "gate.reached")
            began = time.monotonic()
            process.terminate()
            for _ in lines:
                pass
            assert process.wait(timeout=60) == -signal.SIGTERM
            assert time.monotonic() - began < 30


def test_no_message_of_an_exception_reaches_a_log_or_an_answer(tmp_path: Path) -> None:
    with served(tmp_path) as (process, client):
        sent = client.get("/broken")
        is_problem(sent, 500, "R2C-B600")
        with pytest.raises(httpx2.TransportError):
            client.get("/late")  # begun, and broken off
        assert client.get("/thread").status_code == 200
        metrics = client.get("/metrics").text
        process.terminate()
        assert process.stderr is not None
        logged = process.stderr.read()
    assert 'route="/broken",status="500"' in metrics
    lines = [json.loads(line) for line in logged.splitlines()]
    assert "secret" not in logged + sent.text
    assert [line["error"] for line in lines if "error" in line] == ["RuntimeError"] * 3
    assert {"route": "/broken", "status": 500}.items() <= next(
        line for line in lines if line["event"] == "request"
    ).items()
