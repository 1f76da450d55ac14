"""Whatever the model's server does, the job ends in bounded time with a code, and can go on."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import Any

import pytest
from fake_server import (
    Act,
    FakeServer,
    completion,
    disconnect,
    drip,
    hang_up,
    per_request,
    reply,
    silence,
)
from readers import BAKERY

from r2c.errors import LanguageModelError, R2CError
from r2c.formulation import Event
from r2c.pipeline.api import formulate
from r2c.settings import Settings

pytestmark = pytest.mark.timeout(120)
PAGES = {"/v1/models": reply(200, '{"object": "list", "data": [{"id": "m"}]}')}
WEB_PAGE = reply(200, "<!doctype html><title>Sign in</title>", "text/html")


def lines(text: str, request: dict[str, Any]) -> Act:
    """An answer in the JSON form, as often as the request wants it."""
    said = json.dumps({"lines": text.splitlines()})
    return completion(*[said] * int(request.get("n") or 1))


def reading(request: dict[str, Any]) -> Act:
    """What a good model says of the bakery."""
    asked = request["messages"][-1]["content"]
    if "Which quantities does the question ask for?" in asked:
        return lines(BAKERY.roster, request)
    if asked.startswith("Objective:"):
        return lines(str(BAKERY.goal), request)
    said = [text for words, text in BAKERY.readings.items() if words in asked]
    return lines(str(said[0]), request)


def failing(act: Act) -> Act:
    """A good model that misbehaves when it is asked for the objective."""
    return per_request(
        lambda request: (
            act if request["messages"][-1]["content"].startswith("Objective:") else reading(request)
        )
    )


def at(server: FakeServer, tmp_path: Path, **more: Any) -> Settings:
    return Settings.model_validate(
        {
            "model": f"{server.url}#m",
            "capability": "json_schema",
            "data_dir": tmp_path,
            "samples": 3,
            "retries": 1,
            "request_seconds": 2,
            "budget_seconds": 60,
            **more,
        }
    )


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (silence, "R2C-L003"),
        (drip, "R2C-L003"),
        (disconnect, "R2C-L015"),
        (hang_up, "R2C-L015"),
        (WEB_PAGE, "R2C-L011"),
        (reply(200, '{"choices": [{"mess'), "R2C-L012"),
        (reply(200, "garbage \x00\x01"), "R2C-L012"),
        (reply(200, '{"choices": []}'), "R2C-L013"),
        (reply(500, '{"error": {"message": "out of memory"}}'), "R2C-L010"),
        (reply(429, '{"error": {"message": "slow down"}}', Retry_After="3600"), "R2C-L009"),
        (reply(401, '{"error": {"message": "bad key"}}'), "R2C-L005"),
    ],
    ids=lambda item: item if isinstance(item, str) else "",
)
def test_a_server_that_fails_in_the_middle_gives_a_code_and_the_job_goes_on_later(
    act: Act, code: str, tmp_path: Path
) -> None:
    heard: list[Event] = []
    with FakeServer(failing(act), pages=PAGES) as server:
        began = time.monotonic()
        with pytest.raises(LanguageModelError) as caught:
            formulate(BAKERY.text, settings=at(server, tmp_path), on_event=heard.append)
        assert caught.value.code == code
        assert time.monotonic() - began < 40
    job = str(heard[0].details["job"])
    with FakeServer(per_request(reading), pages=PAGES) as server:
        answer = formulate(settings=at(server, tmp_path), job=job)
        assert answer.objective == pytest.approx(40.0)
        asked = [request["messages"][-1]["content"] for request in server.requests]
        assert all(text.startswith("Objective:") for text in asked) and asked


def test_a_server_that_is_not_there_costs_no_job(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1#m"
    heard: list[Event] = []
    gone = Settings(model=address, capability="json_schema", data_dir=tmp_path, samples=3)
    began = time.monotonic()
    with pytest.raises(LanguageModelError) as caught:
        formulate(BAKERY.text, settings=gone, on_event=heard.append)
    assert caught.value.code == "R2C-L001"
    assert time.monotonic() - began < 30
    with FakeServer(per_request(reading), pages=PAGES) as server:
        job = str(heard[0].details["job"])
        answer = formulate(settings=at(server, tmp_path), job=job)
    assert answer.objective == pytest.approx(40.0)


def test_answers_that_fit_no_form_are_no_readings_and_no_crash(tmp_path: Path) -> None:
    def babbling(request: dict[str, Any]) -> Act:
        if "Which quantities" in request["messages"][-1]["content"]:
            return reading(request)
        return completion(*["As an AI language model, I cannot."] * int(request.get("n") or 1))

    with FakeServer(per_request(babbling), pages=PAGES) as server:
        answer = formulate(BAKERY.text, settings=at(server, tmp_path))
    assert [fault.code for fault in answer.faults] == ["R2C-G021"]


def test_a_model_that_names_no_decisions_is_told(tmp_path: Path) -> None:
    with (
        FakeServer(completion("???", "???", "???"), pages=PAGES) as server,
        pytest.raises(LanguageModelError) as caught,
    ):
        formulate(BAKERY.text, settings=at(server, tmp_path))
    assert caught.value.code == "R2C-G001"


@pytest.mark.slow
def test_a_slow_server_ends_with_the_time_of_the_job_and_goes_on_with_more(
    tmp_path: Path,
) -> None:
    def slowly(request: dict[str, Any]) -> Act:
        time.sleep(0.7)
        return reading(request)

    heard: list[Event] = []
    with FakeServer(per_request(slowly), pages=PAGES) as server:
        short = at(server, tmp_path, budget_seconds=2.0)
        began = time.monotonic()
        with pytest.raises(R2CError) as caught:
            formulate(BAKERY.text, settings=short, on_event=heard.append)
        assert caught.value.code == "R2C-L004"
        assert time.monotonic() - began < 20
        job = str(heard[0].details["job"])
        answer = formulate(settings=at(server, tmp_path), job=job)
    assert answer.objective == pytest.approx(40.0)
