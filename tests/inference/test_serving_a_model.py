"""`r2c models serve MODEL` starts, watches and ends its servers, and says why it cannot."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from proxied import until
from serving import make_model, run, serving, stub_python

from r2c.llm.embedded.process import start_mark

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def gone(pid: int) -> bool:
    return start_mark(pid) is None


def words(folder: Path, *more: str, stub: str = "") -> list[str]:
    """The command for a model of its own in the folder."""
    model = make_model(folder / "small", stub)
    python = str(stub_python(folder))
    given = ["--python", python, "--device", "cpu", "--port", "0", "--name", "m"]
    return ["serve", str(model), *given, *more]


def test_a_model_is_served_told_of_and_stopped(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with serving(cache, *words(tmp_path)) as server:
        told = server.ask("two and two?")
        assert told["keyed"] is True
        assert told["asked"]["messages"] == [{"role": "user", "content": "two and two?"}]

        listed = json.loads(run(cache, "status", "--json").stdout)["servers"]
        assert [(one["url"], one["pid"]) for one in listed] == [(server.url, server.process.pid)]
        again = run(cache, *words(tmp_path))
        assert again.returncode == 2
        assert "R2C-I033" in again.stderr

        stopped = json.loads(run(cache, "stop", "--json").stdout)["stopped"]
        assert stopped == [server.process.pid]
        until(lambda: gone(server.process.pid) and gone(told["pid"]))
    assert json.loads(run(cache, "status", "--json").stdout)["servers"] == []


def test_a_replica_that_dies_is_started_again(tmp_path: Path) -> None:
    with serving(tmp_path / "cache", *words(tmp_path, "--replicas", "2")) as server:
        first = server.ask("who?")["pid"]
        os.kill(first, signal.SIGKILL)
        seen = {server.ask(f"{number}")["pid"] for number in range(6)}
        assert first not in seen

        def both() -> bool:
            seen.add(server.ask(f"{time.monotonic()}")["pid"])  # one that begins like no other
            return len(seen) == 2

        until(both, seconds=60)


def test_a_request_that_kills_its_replica_does_not_kill_the_next(tmp_path: Path) -> None:
    with serving(tmp_path / "cache", *words(tmp_path, "--replicas", "3")) as server:
        assert server.post("die").status_code == 503
        assert server.ask("still there?")["keyed"] is True


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a process to its parent")
def test_servers_end_with_a_command_that_is_killed(tmp_path: Path) -> None:
    with serving(tmp_path / "cache", *words(tmp_path)) as server:
        child = server.ask("who?")["pid"]
        os.kill(server.process.pid, signal.SIGKILL)
        until(lambda: gone(child))


def test_ctrl_c_ends_the_command_and_its_servers(tmp_path: Path) -> None:
    with serving(tmp_path / "cache", *words(tmp_path)) as server:
        child = server.ask("who?")["pid"]
        os.kill(server.process.pid, signal.SIGINT)
        server.process.wait(30)
        assert gone(child)
    assert server.process.returncode == 130


@pytest.mark.parametrize(
    ("stub", "code", "status", "told"),
    [
        ("dies", "R2C-I011", 7, "this model has no heads"),
        ("memory", "R2C-I012", 7, "Tried to allocate"),
        ("killed", "R2C-I012", 7, "SIGKILL"),
        ("silent", "R2C-I013", 7, "not ready after 2 s"),
    ],
)
def test_a_server_that_does_not_start_is_told_with_the_end_of_its_log(
    stub: str, code: str, status: int, told: str, tmp_path: Path
) -> None:
    done = run(tmp_path / "cache", *words(tmp_path, "--start-seconds", "2", stub=stub))
    assert done.returncode == status
    assert code in done.stderr
    assert told in done.stderr
    assert json.loads(run(tmp_path / "cache", "status", "--json").stdout)["servers"] == []


def test_an_interpreter_without_vllm_is_told(tmp_path: Path) -> None:
    made = words(tmp_path)
    made[made.index("--python") + 1] = sys.executable
    done = run(tmp_path / "cache", *made)
    assert (done.returncode, "R2C-I010" in done.stderr) == (7, True)


def test_a_port_that_is_taken_is_told_before_anything_is_started(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        made = words(tmp_path)
        made[made.index("--port") + 1] = str(taken.getsockname()[1])
        done = run(tmp_path / "cache", *made)
    assert (done.returncode, "R2C-I032" in done.stderr) == (2, True)
    assert list((tmp_path / "cache").rglob("replica-0.log")) == []


def test_an_interpreter_that_is_none_is_told(tmp_path: Path) -> None:
    made = words(tmp_path)
    made[made.index("--python") + 1] = str(tmp_path)
    done = run(tmp_path / "cache", *made)
    assert (done.returncode, "R2C-I035" in done.stderr) == (2, True)


def test_servers_elsewhere_are_reached_through_the_same_proxy(tmp_path: Path) -> None:
    from fake_server import completion
    from proxied import well

    (tmp_path / "keys").write_text("a-key-that-is-long-enough\n", encoding="ascii")
    upstream = tmp_path / "upstream"
    upstream.write_text("the-key-of-the-servers\n", encoding="ascii")
    with well(completion("{}")) as server:
        given = ["--keys", str(tmp_path / "keys"), "--upstream-key", str(upstream), "--port", "0"]
        with serving(tmp_path / "cache", "route", server.url, *given) as proxy:
            assert proxy.ask("?") == {}
            assert replace(proxy, key="a-key-that-is-long-enough").ask("?") == {}
            assert replace(proxy, key="another-that-is-long-enough").post("?").status_code == 401
    posted = [head for head in server.heads if head.startswith("POST")]
    assert "Bearer the-key-of-the-servers" in posted[0].replace("authorization", "")
    assert not any(key in head for head in server.heads for key in ("a-key-that-is", proxy.key))
