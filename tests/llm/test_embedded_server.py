"""The life of the embedded server, with real processes and a stub in place of the runtime."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from r2c.errors import BudgetError, LanguageModelError
from r2c.llm.connect import connect
from r2c.llm.embedded import server
from r2c.llm.embedded.home import home_of
from r2c.llm.embedded.launch import Options
from r2c.llm.embedded.process import start_mark
from r2c.llm.model import LanguageModel, Message
from r2c.llm.spec import OutputSpec
from r2c.settings import Settings

pytestmark = pytest.mark.timeout(60)

STUB = Path(__file__).parent / "stub_runtime"
ROOT = Path(__file__).resolve().parents[2]
ASK = [Message("user", "Who are you?")]
FACTS = OutputSpec("facts", "root ::= .*", {}, "", json.loads, lambda value: value)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("PYTHONPATH", str(STUB))
    monkeypatch.setenv("R2C_API_KEY", "sk-not-for-the-child")
    yield tmp_path
    server.stop(tmp_path)


def weights_that(mood: str, cache: Path) -> Path:
    path = cache / f"{mood.split()[0]}.gguf"
    path.write_text("GGUF" + mood)
    return path


def settings_for(mood: str, cache: Path, **more: Any) -> Settings:
    return Settings(model=str(weights_that(mood, cache)), cache_dir=cache, **more)


def facts(model: LanguageModel, **more: Any) -> dict[str, Any]:
    reply = asyncio.run(model.complete(ASK, FACTS, max_tokens=5, **more))
    assert reply.candidates[0].fault is None
    return dict(reply.values[0])


def wait_until(true: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.02)


def running_pids(cache: Path) -> list[int]:
    return [status.running.pid for status in server.status(cache) if status.running]


def test_it_starts_by_itself_and_is_reused(cache: Path) -> None:
    settings = settings_for("sound", cache)
    first = facts(connect(settings))
    second = facts(connect(settings))
    assert first["pid"] == second["pid"] == running_pids(cache)[0] != os.getpid()
    assert connect(settings).info.context == 32768
    assert connect(settings).info.max_samples == 6


def test_the_child_waits_passively_and_sees_no_secret(cache: Path) -> None:
    seen = facts(connect(settings_for("sound", cache)))
    assert seen["omp"] == "PASSIVE"
    assert [name for name in seen["env"] if name.startswith("R2C_")] == []
    assert seen["session"] == seen["pid"]


def test_only_this_user_can_read_the_key_and_the_server_wants_it(cache: Path) -> None:
    settings = settings_for("sound", cache)
    connect(settings)
    home = home_of(cache, Path(settings.model))
    assert home.key_file.stat().st_mode & 0o077 == 0
    assert home.folder.stat().st_mode & 0o077 == 0
    running = home.recorded()
    assert running is not None
    assert running.url.startswith("http://127.0.0.1:")
    with pytest.raises(LanguageModelError) as caught:
        connect(Settings(model=running.url, api_key="wrong"))
    assert caught.value.code == "R2C-L005"


def test_it_outlives_the_command_that_started_it(cache: Path) -> None:
    settings = settings_for("sound", cache)
    code = (
        "from r2c.llm.connect import connect; from r2c.settings import load_settings;"
        "connect(load_settings())"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{STUB}",
        "R2C_MODEL": settings.model,
        "R2C_CACHE_DIR": str(cache),
    }
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=30)
    (pid,) = running_pids(cache)
    assert facts(connect(settings))["pid"] == pid


def test_commands_at_the_same_time_start_one_server(cache: Path) -> None:
    weights = weights_that("sound", cache)
    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(server.ensure, cache, weights, Options()) for _ in range(4)]
    assert len({future.result() for future in found}) == 1


def test_it_stops_when_idle_and_comes_back_when_asked(cache: Path) -> None:
    model = connect(settings_for("sound", cache, embedded_idle_seconds=0.5))
    first = facts(model)["pid"]
    wait_until(lambda: running_pids(cache) == [])
    assert start_mark(first) is None
    assert facts(model)["pid"] != first


def test_it_does_not_stop_while_it_answers(cache: Path) -> None:
    model = connect(settings_for("slow 2", cache, embedded_idle_seconds=0.4))
    started = time.monotonic()
    (pid,) = running_pids(cache)
    assert facts(model)["pid"] == pid
    assert time.monotonic() - started >= 2


def test_a_killed_server_is_replaced_at_the_next_call(cache: Path) -> None:
    model = connect(settings_for("sound", cache))
    first = facts(model)["pid"]
    os.kill(first, signal.SIGKILL)
    assert facts(model)["pid"] != first


async def test_a_server_killed_under_a_request_is_replaced_and_asked_again(cache: Path) -> None:
    settings = settings_for("slow 1", cache, retries=0)
    model = await asyncio.to_thread(connect, settings)
    (first,) = running_pids(cache)
    task = asyncio.create_task(model.complete(ASK, FACTS, max_tokens=5))
    await asyncio.sleep(0.5)
    os.kill(first, signal.SIGKILL)
    assert (await task).values[0]["pid"] != first


def test_stopping_ends_the_process_and_says_which(cache: Path) -> None:
    pid = facts(connect(settings_for("sound", cache)))["pid"]
    assert [running.pid for running in server.stop(cache)] == [pid]
    assert start_mark(pid) is None
    assert server.stop(cache) == []


def test_a_process_that_merely_has_the_number_is_neither_used_nor_stopped(cache: Path) -> None:
    settings = settings_for("sound", cache)
    connect(settings)
    home = home_of(cache, Path(settings.model))
    running = home.recorded()
    assert running is not None
    server.stop(cache)
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with stranger:
        home.announce(replace(running, pid=stranger.pid))
        assert running_pids(cache) == []
        assert server.stop(cache) == []
        assert facts(connect(settings))["pid"] != stranger.pid
        assert stranger.poll() is None
        stranger.communicate(b"\n")


@pytest.mark.parametrize("content", ["", "{broken", '{"pid": 1}', "[]"])
def test_a_damaged_record_leads_to_a_new_server(cache: Path, content: str) -> None:
    settings = settings_for("sound", cache)
    (home_of(cache, Path(settings.model)).folder / "server.json").write_text(content)
    assert facts(connect(settings))["pid"] in running_pids(cache)


@pytest.mark.parametrize(
    ("mood", "code", "told"),
    [
        ("crash", "R2C-L111", "SIGABRT"),
        ("crash", "R2C-L111", "cannot allocate memory"),
        ("hang", "R2C-L112", "loading for ever"),
        ("missing", "R2C-L110", "rule2constraint[embedded]"),
    ],
)
def test_a_start_that_fails_tells_the_end_of_the_log_and_leaves_nothing(
    cache: Path, mood: str, code: str, told: str
) -> None:
    # Only the server that hangs has to use its time up; a busy machine is slow to start Python.
    seconds = 1.5 if mood == "hang" else 60
    with pytest.raises(LanguageModelError) as caught:
        connect(settings_for(mood, cache, embedded_start_seconds=seconds))
    assert caught.value.code == code
    assert told in str(caught.value)
    assert running_pids(cache) == []


async def test_a_restart_ends_with_the_deadline_of_the_job(cache: Path) -> None:
    settings = settings_for("sound", cache)
    model = await asyncio.to_thread(connect, settings)
    server.stop(cache)
    weights_that("sound", cache).write_text("GGUFhang")
    started = time.monotonic()
    with pytest.raises(BudgetError) as caught:
        await model.complete(ASK, FACTS, max_tokens=5, deadline=started + 1)
    assert caught.value.code == "R2C-L004"
    assert time.monotonic() - started < 4
