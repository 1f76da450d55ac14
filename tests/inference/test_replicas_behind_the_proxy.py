"""Calls go to the least busy replica; one that is away is left out and comes back."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fake_server import Act, FakeServer, completion, disconnect, hang_up, reply
from proxied import WELL, chat, proxied, until, well

from r2c.errors import InputError
from r2c_inference.proxy import replicas as module
from r2c_inference.proxy.limits import Limits
from r2c_inference.proxy.replicas import read_address

pytestmark = pytest.mark.timeout(60)
CHAT = "/v1/chat/completions"


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HEALTH_SECONDS", 0.1)


def slowly(seconds: float) -> Act:
    def act(connection: Any, request: dict[str, Any], bell: threading.Event) -> None:
        bell.wait(seconds)
        completion("yes")(connection, request, bell)

    return act


def together(count: int) -> Act:
    """Answers when so many calls are here, whichever server has them."""
    here = threading.Barrier(count)

    def act(connection: Any, request: dict[str, Any], bell: threading.Event) -> None:
        here.wait(20)
        completion("yes")(connection, request, bell)

    return act


def test_calls_at_the_same_time_are_shared_evenly() -> None:
    act = together(6)
    with (
        well(act) as one,
        well(act) as other,
        proxied([one, other]) as proxy,
        ThreadPoolExecutor(6) as many,
    ):
        got = list(many.map(lambda i: proxy.post(CHAT, chat(f"{i}")).status_code, range(6)))
    assert got == [200] * 6
    assert (len(one.requests), len(other.requests)) == (3, 3)


def test_conversations_that_begin_alike_stay_where_they_were() -> None:
    with (
        well(completion("yes")) as one,
        well(completion("yes")) as other,
        proxied([one, other]) as proxy,
    ):
        for text in ("a", "b") * 3:
            proxy.post(CHAT, chat(text))
    for server in (one, other):
        texts = [request["messages"][0]["content"] for request in server.requests]
        assert len(texts) in (0, 3, 6)


def test_a_replica_that_is_away_is_passed_over_and_comes_back() -> None:
    well_again = threading.Event()

    def health(connection: Any, request: dict[str, Any], bell: threading.Event) -> None:
        (WELL["/health"] if well_again.is_set() else hang_up)(connection, request, bell)

    away = FakeServer(completion("one"), pages={**WELL, "/health": health})
    with away, well(completion("two")) as there, proxied([away, there]) as proxy:
        assert proxy.get("/health").json() == {"status": "ok", "ready": 1, "replicas": 2}
        for _ in range(3):
            assert "two" in proxy.post(CHAT, chat()).text
        assert away.requests == []
        well_again.set()
        until(lambda: proxy.replicas.ready == 2)
        there_now = ThreadPoolExecutor(4)
        list(there_now.map(lambda i: proxy.post(CHAT, chat(f"{i}")), range(8)))
        assert away.requests


def test_a_request_that_finds_its_replica_gone_is_given_to_another() -> None:
    with (
        well(hang_up) as breaks,
        well(completion("two")) as there,
        proxied([breaks, there]) as proxy,
    ):
        for number in range(4):
            assert proxy.post(CHAT, chat(f"{number}")).status_code == 200
        assert proxy.metric('r2c_inference_ejected_total{replica="0"}') >= 1


def test_a_request_that_breaks_every_replica_reaches_two_of_them() -> None:
    servers = [well(hang_up) for _ in range(4)]
    with servers[0], servers[1], servers[2], servers[3], proxied(servers) as proxy:
        got = proxy.post(CHAT, chat("poison"))
    assert got.status_code == 503
    assert sum(len(server.requests) for server in servers) == 2


def test_an_answer_that_breaks_off_is_a_failure_of_the_replica() -> None:
    with well(disconnect) as server, proxied([server]) as proxy:
        got = proxy.post(CHAT, chat())
    assert (got.status_code, got.json()["code"]) == (502, "R2C-I027")


def test_without_any_replica_the_client_is_told_when_to_try_again() -> None:
    with proxied(["http://127.0.0.1:9"]) as proxy:
        got = proxy.post(CHAT, chat())
        listed = proxy.get("/v1/models")
        health = proxy.get("/health")
    assert (got.status_code, got.json()["code"], got.headers["retry-after"]) == (
        503, "R2C-I026", "2",
    )  # fmt: skip
    assert (listed.status_code, health.status_code) == (503, 503)


def test_more_than_the_replicas_take_is_refused_and_not_kept_waiting() -> None:
    with (
        well(slowly(2.0)) as server,
        proxied([server], Limits(busy=2)) as proxy,
        ThreadPoolExecutor(4) as many,
    ):
        began = time.monotonic()
        asked = [many.submit(proxy.post, CHAT, chat(f"{i}")) for i in range(4)]
        refused = [each for each in asked if each.result().status_code == 503]
        assert len(refused) == 2
        assert time.monotonic() - began < 30
    assert len(server.requests) == 2


@pytest.mark.parametrize("status", [429, 503])
def test_a_replica_that_has_too_much_to_do_is_passed_over_and_stays_in(status: int) -> None:
    full = reply(status, json.dumps({"error": {"message": "full"}}))
    with well(full) as busy, well(completion("two")) as free, proxied([busy, free]) as proxy:
        for number in range(4):
            assert proxy.post(CHAT, chat(f"{number}")).status_code == 200
        assert proxy.replicas.ready == 2


def test_a_server_error_is_not_given_to_the_next_replica() -> None:
    with (
        well(reply(500, "no")) as one,
        well(reply(500, "no")) as other,
        proxied([one, other]) as proxy,
    ):
        assert proxy.post(CHAT, chat()).status_code == 502
        assert proxy.replicas.ready == 2
    assert len(one.requests) + len(other.requests) == 1


@pytest.mark.parametrize(
    "text",
    ["localhost:8000", "ftp://h", "http://", "http://u:p@h", "http://h?x=1", "http://h:99999"],
)
def test_an_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="R2C-I031") as caught:
        read_address(text)
    assert "u:p" not in str(caught.value)


def test_the_key_of_the_servers_is_not_that_of_the_clients() -> None:
    with well(completion("yes")) as server, proxied([server]) as proxy:
        proxy.post(CHAT, chat())
    assert all("a-key-of-the-tests" not in head for head in server.heads)
