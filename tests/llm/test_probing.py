"""What an endpoint can do is found out from what it says and, failing that, from a trial."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fake_server import Act, FakeServer, completion, per_request, reply, silence

from r2c.errors import LanguageModelError
from r2c.llm import probe as probing
from r2c.llm.access import Access
from r2c.llm.connect import connect
from r2c.llm.probe import probe
from r2c.llm.spec import Capability
from r2c.settings import Settings

pytestmark = pytest.mark.timeout(30)

PROPS = {"default_generation_settings": {"n_ctx": 4096}, "total_slots": 6}


def page(value: object) -> Act:
    return reply(200, json.dumps(value))


def models(*names: str, **more: object) -> Act:
    return page({"object": "list", "data": [{"id": name, **more} for name in names]})


async def test_llama_cpp_is_known_by_its_props() -> None:
    pages = {"/v1/models": models("q.gguf"), "/props": page(PROPS)}
    with FakeServer(completion("x"), pages=pages) as server:
        info = await probe(Access(server.url), None)
        assert server.requests == []
    assert (info.kind, info.capability, info.name) == ("llama.cpp", Capability.GRAMMAR, "q.gguf")
    assert (info.context, info.max_samples) == (4096, 6)


async def test_vllm_is_known_by_its_version() -> None:
    pages = {
        "/v1/models": models("qwen", owned_by="vllm", max_model_len=8192),
        "/version": page({"version": "0.32.0"}),
    }
    with FakeServer(completion("x"), pages=pages) as server:
        info = await probe(Access(server.url), "qwen")
        assert server.requests == []
    assert (info.kind, info.capability, info.context) == ("vllm", Capability.GRAMMAR, 8192)


async def test_adapters_do_not_hide_the_model_that_they_belong_to() -> None:
    entries = [
        {"id": "base", "owned_by": "vllm", "max_model_len": 8192, "parent": None},
        {"id": "rules", "owned_by": "vllm", "max_model_len": None, "parent": "base"},
    ]
    with FakeServer(completion("x"), pages={"/v1/models": page({"data": entries})}) as server:
        info = await probe(Access(server.url), None)
        assert (info.name, info.context) == ("base", 8192)
        info = await probe(Access(server.url), "rules")
        assert (info.name, info.context) == ("rules", 8192)


def follows_schemas(request: dict[str, Any]) -> Act:
    schema = request["response_format"]["json_schema"]["schema"]
    (name,) = schema["required"]
    return completion(json.dumps({name: schema["properties"][name]["enum"][0]}))


def knows_json_only(request: dict[str, Any]) -> Act:
    if request["response_format"]["type"] == "json_schema":
        return reply(400, '{"error": {"message": "response_format json_schema unsupported"}}')
    return completion('{"hello": "colleague"}')


def ignores_formats(request: dict[str, Any]) -> Act:
    return completion("Hello, dear colleague!")


def fails_on_formats(request: dict[str, Any]) -> Act:
    return reply(500, "Internal Server Error", "text/plain")


@pytest.mark.parametrize(
    ("behaviour", "capability"),
    [
        (follows_schemas, Capability.JSON_SCHEMA),
        (knows_json_only, Capability.JSON_OBJECT),
        (ignores_formats, Capability.TEXT),
        (fails_on_formats, Capability.TEXT),
    ],
)
async def test_an_unknown_endpoint_is_tried(behaviour: Any, capability: Capability) -> None:
    with FakeServer(per_request(behaviour), pages={"/v1/models": models("m")}) as server:
        info = await probe(Access(server.url), None)
    assert (info.kind, info.capability) == ("openai", capability)


async def test_an_endpoint_is_asked_once() -> None:
    with FakeServer(per_request(follows_schemas), pages={"/v1/models": models("m")}) as server:
        first = await probe(Access(server.url), "m")
        heads = len(server.heads)
        assert await probe(Access(server.url), "m") == first
        assert len(server.heads) == heads


async def test_a_capability_given_by_the_user_needs_no_trial() -> None:
    with FakeServer(per_request(follows_schemas), pages={"/v1/models": models("m")}) as server:
        info = await probe(Access(server.url), "m", Capability.TEXT)
        assert server.requests == []
    assert info.capability is Capability.TEXT


async def test_a_gateway_without_a_model_list_is_fine_when_the_model_is_named() -> None:
    with FakeServer(per_request(ignores_formats)) as server:
        assert (await probe(Access(server.url), "m")).name == "m"


@pytest.mark.parametrize(
    ("pages", "code", "told"),
    [
        ({"/v1/models": models("a", "b")}, "R2C-L032", "'a', 'b'"),
        ({"/v1/models": models()}, "R2C-L032", "none"),
        ({}, "R2C-L006", "no such page"),
        ({"/v1/models": reply(401, '{"error": {"message": "bad key"}}')}, "R2C-L005", "bad key"),
        ({"/v1/models": reply(200, "<html>Log in</html>", "text/html")}, "R2C-L011", "Log in"),
        ({"/v1/models": reply(200, "{broken")}, "R2C-L012", ""),
    ],
    ids=["several", "none", "no list", "key refused", "a web page", "garbage"],
)
async def test_what_keeps_the_probe_from_knowing_is_a_coded_error(
    pages: dict[str, Act], code: str, told: str
) -> None:
    with (
        FakeServer(completion("x"), pages=pages) as server,
        pytest.raises(LanguageModelError) as caught,
    ):
        await probe(Access(server.url), None)
    assert caught.value.code == code
    assert told in str(caught.value)


async def test_a_silent_endpoint_ends_the_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probing, "LISTING_SECONDS", 0.3)
    with (
        FakeServer(silence, pages={"/v1/models": silence}) as server,
        pytest.raises(LanguageModelError) as caught,
    ):
        await probe(Access(server.url), None)
    assert caught.value.code == "R2C-L003"


async def test_connecting_works_inside_a_running_event_loop() -> None:
    pages = {"/v1/models": models("q"), "/props": page(PROPS)}
    with FakeServer(completion("x"), pages=pages) as server:
        model = connect(Settings(model=server.url + "#q", request_seconds=7))
    assert model.info.kind == "llama.cpp"


@pytest.mark.parametrize("act", [reply(403, "no"), reply(401, "no"), reply(200, "ok")])
async def test_a_page_that_is_kept_back_hides_no_endpoint(act: Act) -> None:
    pages = {"/v1/models": models("m"), "/props": act, "/version": act}
    with FakeServer(per_request(follows_schemas), pages=pages) as server:
        info = await probe(Access(server.url), None)
    assert (info.kind, info.capability) == ("openai", Capability.JSON_SCHEMA)
