"""Clients reach the paths and fields on the list, within limits, and nothing else."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import suppress
from itertools import product

import pytest
from fake_server import chunk, completion, drip, reply, silence, stream
from proxied import KEY, chat, proxied, until, well

from r2c.llm.connect import connect
from r2c.llm.model import Message, Reply
from r2c.llm.spec import Capability
from r2c.settings import Settings
from r2c_inference.proxy.limits import Limits

pytestmark = pytest.mark.timeout(60)
CHAT = "/v1/chat/completions"


def test_an_answer_comes_back_as_the_server_wrote_it() -> None:
    usage = {"prompt_tokens": 7, "completion_tokens": 3}
    with well(completion("four", usage=usage)) as server, proxied([server]) as proxy:
        got = proxy.post(CHAT, chat(max_tokens=8, temperature=0, n=1, seed=3))
        assert got.status_code == 200
        assert got.json()["choices"][0]["message"]["content"] == "four"
        assert proxy.metric('r2c_inference_tokens_total{kind="completion"}') == 3
        assert proxy.metric(f'r2c_inference_requests_total{{path="{CHAT}",status="200"}}') == 1
    (sent,) = server.requests
    assert sent == {
        "model": "m", "max_tokens": 8, "temperature": 0, "n": 1, "seed": 3,
        "messages": [{"role": "user", "content": "How many?"}],
    }  # fmt: skip


def test_a_field_that_is_not_on_the_list_is_told_as_a_problem() -> None:
    with well(completion("no")) as server, proxied([server]) as proxy:
        got = proxy.post(CHAT, chat(chat_template="{{ x.__class__ }}"))
    assert got.status_code == 400
    assert got.headers["content-type"] == "application/problem+json"
    problem = got.json()
    assert problem["code"] == problem["error"]["code"] == "R2C-I025"
    assert "chat_template" in problem["title"]
    assert problem["status"] == 400
    assert server.requests == []


def test_of_a_field_written_twice_the_server_sees_what_was_checked() -> None:
    body = b'{"model": "m", "messages": [{"role": "user", "content": "a"}], "n": 99, "n": 1}'
    with well(completion("yes")) as server, proxied([server]) as proxy:
        got = proxy.send("POST", CHAT, content=body)
    assert got.status_code == 200
    assert server.requests[0]["n"] == 1


PATHS = (
    ("POST", "/invocations", 404),
    ("POST", "/tokenize", 404),
    ("POST", "/v1/load_lora_adapter", 404),
    ("POST", "/collective_rpc", 404),
    ("POST", "/update_weights", 404),
    ("GET", "/v1/../server_info", 404),
    ("GET", "/docs", 404),
    ("GET", CHAT, 405),
    ("DELETE", "/v1/models", 405),
)


def test_a_path_that_is_not_on_the_list_leads_nowhere() -> None:
    with well(completion("no")) as server, proxied([server]) as proxy:
        for method, path, status in PATHS:
            got = proxy.send(method, path, json=chat() if method == "POST" else None)
            assert (got.status_code, got.json()["code"]) == (status, "R2C-I021"), path
    assert server.requests == []
    assert {head.split()[1] for head in server.heads} == {"/health"}


def test_without_the_key_nothing_is_told() -> None:
    with well(completion("no")) as server, proxied([server]) as proxy:
        for path, key in product((CHAT, "/v1/models", "/nothing"), ("", "wrong", KEY + "x")):
            got = proxy.get(path, key)
            assert (got.status_code, got.json()["code"]) == (401, "R2C-I020")
            assert got.headers["www-authenticate"] == "Bearer"
        assert proxy.get("/health", "").status_code == 200


def test_a_request_that_is_too_large_is_refused_however_it_is_sent() -> None:
    limits = Limits(body_kb=2)
    large = json.dumps(chat("x" * 5000)).encode()
    with well(completion("no")) as server, proxied([server], limits) as proxy:
        whole = proxy.send("POST", CHAT, content=large)
        pieces = (large[at : at + 500] for at in range(0, len(large), 500))
        streamed = proxy.send("POST", CHAT, content=pieces)
    assert (whole.status_code, whole.json()["code"]) == (413, "R2C-I022")
    assert (streamed.status_code, streamed.json()["code"]) == (413, "R2C-I022")


def test_a_request_that_never_arrives_is_given_up() -> None:
    limits = Limits(body_seconds=0.2)
    with well(completion("no")) as server, proxied([server], limits) as proxy:
        host, port = proxy.url.removeprefix("http://").removesuffix("/v1").split(":")
        with socket.create_connection((host, int(port))) as slow:
            head = f"POST {CHAT} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\n"
            slow.sendall(f"{head}Content-Length: 100\r\n\r\n{{".encode())
            slow.settimeout(20)
            assert b" 408 " in slow.recv(65536)


def test_the_models_are_told_without_where_they_lie() -> None:
    with well(completion("no")) as server, proxied([server]) as proxy:
        got = proxy.get("/v1/models").json()
    assert got["data"] == [
        {"id": "m", "object": "model", "owned_by": "vllm", "max_model_len": 4096}
    ]


def test_events_are_passed_on_as_they_come() -> None:
    script = stream(chunk(0, "fo"), chunk(0, "ur", "stop"))
    with (
        well(script) as server,
        proxied([server]) as proxy,
        proxy.client() as client,
        client.stream("POST", CHAT, json=chat(stream=True)) as got,
    ):
        lines = [line for line in got.iter_lines() if line]
    assert got.headers["content-type"] == "text/event-stream"
    assert lines == [f"data: {chunk(0, 'fo')}", f"data: {chunk(0, 'ur', 'stop')}", "data: [DONE]"]


def test_a_stream_that_breaks_ends_with_an_event_that_says_so() -> None:
    with (
        well(stream(chunk(0, "fo"), end="abort")) as server,
        proxied([server]) as proxy,
        proxy.client() as client,
        client.stream("POST", CHAT, json=chat(stream=True)) as got,
    ):
        last = [line for line in got.iter_lines() if line][-1]
    assert json.loads(last.removeprefix("data: "))["error"]["code"] == "R2C-I027"


@pytest.mark.parametrize("streamed", [False, True])
def test_a_client_that_leaves_ends_the_work_of_the_server(streamed: bool) -> None:
    act = stream(chunk(0, "fo"), end="drip") if streamed else silence
    with well(act) as server, proxied([server]) as proxy:
        leaving = threading.Thread(target=_leave_early, args=(proxy.url, streamed))
        leaving.start()
        assert server.gone.wait(20), "the server was not told"
        leaving.join()
        until(lambda: proxy.metric("r2c_inference_cancelled_total") == 1)
        until(lambda: proxy.metric('r2c_inference_busy{replica="0"}') == 0)


def _leave_early(url: str, streamed: bool) -> None:
    host, port = url.removeprefix("http://").removesuffix("/v1").split(":")
    body = json.dumps(chat(stream=streamed)).encode()
    with socket.create_connection((host, int(port))) as client:
        head = f"POST {CHAT} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\n"
        client.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        client.settimeout(1.0)
        with suppress(TimeoutError):
            client.recv(100)


@pytest.mark.parametrize("streamed", [False, True])
def test_an_answer_has_its_time(streamed: bool) -> None:
    act = stream(chunk(0, "fo"), end="silence") if streamed else silence
    limits = Limits(request_seconds=0.3)
    with well(act) as server, proxied([server], limits) as proxy:
        got = proxy.post(CHAT, chat(stream=streamed))
    if streamed:
        assert "R2C-I028" in got.text
    else:
        assert (got.status_code, got.json()["code"]) == (504, "R2C-I028")


def test_what_the_server_says_of_a_request_reaches_the_client() -> None:
    said = "This model's maximum context length is 4096 tokens."
    refusal = reply(400, json.dumps({"error": {"message": said, "type": "BadRequestError"}}))
    with well(refusal) as server, proxied([server]) as proxy:
        got = proxy.post(CHAT, chat())
        assert (got.status_code, got.json()["code"]) == (400, "R2C-I029")
        assert said.rstrip(".") in got.json()["error"]["message"]


@pytest.mark.parametrize(
    ("act", "status"),
    [
        (reply(500, "Traceback /secret/place"), 502),
        (reply(401, "no"), 502),
        (reply(200, "<html>"), 502),
        (reply(200, "[1]"), 502),
        (drip, 504),
    ],
)
def test_what_a_server_does_wrong_is_told_without_its_insides(act: object, status: int) -> None:
    with well(act) as server, proxied([server], Limits(request_seconds=1)) as proxy:
        got = proxy.post(CHAT, chat())
    assert got.status_code == status
    assert "secret" not in got.text


def test_texts_are_completed_by_the_same_rules() -> None:
    answer = {"object": "text_completion", "choices": [{"index": 0, "text": " four"}]}
    with well(reply(200, json.dumps(answer))) as server, proxied([server]) as proxy:
        body = {"model": "m", "prompt": "two and two is", "max_tokens": 3}
        assert proxy.post("/v1/completions", body).json()["choices"][0]["text"] == " four"
        tokens = proxy.post("/v1/completions", {**body, "prompt": [1, 2, 3]})
        assert tokens.json()["code"] == "R2C-I025"


async def test_r2c_takes_the_proxy_for_the_vllm_behind_it() -> None:
    with well(completion("7")) as server, proxied([server]) as proxy:
        settings = Settings(model=f"{proxy.url}#m", api_key=KEY)
        model = connect(settings)
        assert (model.info.kind, model.info.capability) == ("vllm", Capability.GRAMMAR)
        assert model.info.context == 4096
        answer: Reply[str] = await model.complete([Message("user", "?")], None, max_tokens=4)
        assert answer.candidates[0].text == "7"
