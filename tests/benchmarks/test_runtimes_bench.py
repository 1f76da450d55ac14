"""The bench of model servers, on a scripted one."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest
from fake_server import Act, FakeServer, completion, reply
from typer.testing import CliRunner

from r2c.errors import InputError
from r2c.llm.embedded.home import Home, Running, servers_folder
from r2c.llm.embedded.process import start_mark
from r2c_benchmarks.command import app
from r2c_benchmarks.runtimes.measure import Measurement
from r2c_benchmarks.runtimes.memory import held_by
from r2c_benchmarks.runtimes.report import report

LISTING = json.dumps({"data": [{"id": "m", "owned_by": "vllm", "max_model_len": 4096}]})


def answering(tokens: int) -> FakeServer:
    usage = {"prompt_tokens": 900, "completion_tokens": tokens}
    act: Act = completion("one two three" if tokens else "", usage=usage)
    return FakeServer(act, pages={"/v1/models": reply(200, LISTING)})


def announced(server: FakeServer, cache: Path) -> None:
    """The server as if `r2c models serve` had started it in this process."""
    home = Home(servers_folder(cache) / "vllm-m")
    home.folder.mkdir(parents=True)
    port = int(server.url.removesuffix("/v1").rpartition(":")[2])
    pid = os.getpid()
    home.announce(Running(pid, start_mark(pid) or "", port, "m", time.time()))


def test_each_server_that_runs_is_measured_alone_and_under_eight_requests(tmp_path: Path) -> None:
    with answering(tokens=5) as server:
        announced(server, tmp_path)
        words = ["runtimes", "--repeats", "2", "--to", str(tmp_path), "--note", "On a test."]
        done = CliRunner(env={"R2C_CACHE_DIR": str(tmp_path)}).invoke(app, words)
    assert done.exit_code == 0, done.stderr
    assert len(server.requests) == 1 + 2 * (1 + 8 + 1)
    beginnings = {request["messages"][0]["content"][:12] for request in server.requests}
    assert len(beginnings) >= 1 + 2 * 8
    found = json.loads((tmp_path / "runtimes.json").read_text(encoding="utf-8"))
    (row,) = found["summary"]
    assert (row["server"], row["repeats"]) == ("vllm m", 2)
    assert float(row["tokens/s, 8 requests"]) > 0
    assert "On a test." in found["note"]
    units = {entry["unit"] for entry in found["measurements"]}
    assert units == {"tokens/s", "bytes"}
    assert all(len(entry["values"]) == 2 for entry in found["measurements"])


def test_without_a_server_the_bench_says_how_to_start_one(tmp_path: Path) -> None:
    done = CliRunner(env={"R2C_CACHE_DIR": str(tmp_path)}).invoke(app, ["runtimes"])
    assert isinstance(done.exception, InputError)
    assert done.exception.code == "R2C-B112"


def test_a_model_that_says_nothing_has_no_speed(tmp_path: Path) -> None:
    with answering(tokens=0) as server:
        announced(server, tmp_path)
        done = CliRunner(env={"R2C_CACHE_DIR": str(tmp_path)}).invoke(app, ["runtimes"])
    assert isinstance(done.exception, InputError)
    assert done.exception.code == "R2C-B113"


def measured(server: str, repeat: int, load: float, single: float) -> Measurement:
    return Measurement(
        server=server, repeat=repeat, single=single, together=3 * single, prompt=100.0,
        memory=2_000_000_000, load=load,
    )  # fmt: skip


@pytest.mark.parametrize(("load", "busy"), [(0.1, False), (500.0, True)])
def test_a_busy_machine_is_told(load: float, busy: bool) -> None:
    start = {"machine": "a machine", "commit": "abc"}
    found = [measured("a", 0, load, 10.0), measured("b", 0, 0.1, 20.0), measured("a", 1, 9.0, 30.0)]
    told = report(found, dict(start))
    assert ("busy with other work" in told.note) is busy
    assert [row["tokens/s, 1 request"] for row in told.summary] == ["20", "20"]
    assert told.summary[0]["MB"] == "2000"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_memory_is_that_of_the_server_with_its_children(tmp_path: Path) -> None:
    sizes = {7: (1, 100), 8: (7, 30), 9: (8, 5), 10: (1, 1000)}
    for pid, (parent, size) in sizes.items():
        folder = tmp_path / str(pid)
        folder.mkdir()
        (folder / "stat").write_text(f"{pid} (a (b) c) S {parent} 0 0", encoding="ascii")
        (folder / "smaps_rollup").write_text(f"Rss: 9 kB\nPss:  {size} kB\n", encoding="ascii")
    assert held_by(7, tmp_path) == 135 * 1024
    assert held_by(11, tmp_path) is None
    assert (held_by(os.getpid()) or 0) > 1_000_000
