"""A large request, however wrong it is, keeps nobody else waiting."""

from __future__ import annotations

import asyncio
import gc
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx2
import pytest
from watched import Open, is_problem

from r2c.settings import Settings
from r2c_api.app import create_app
from r2c_api.mcp.in_process import InProcess

LISTS = b",".join([b"[]"] * 100_000)
"""Rows that are none."""
CELLS = b",".join([b'{"a":[]}'] * 40_000)
"""Rows of which no cell is one."""
NAMES = b",".join(b'"a%d":[]' % number for number in range(40_000))
TEXT = b'"text":"Pack boxes.",'
RULE = {"id": "r", "operands": {"relation": "x <= 3"}}
GOAL = {"sense": "max", "expr": "x"}
HOST = {
    "Content-Type": "application/json",
    "Accept": "application/json, text/event-stream",
    "MCP-Protocol-Version": "2025-06-18",
}


def call(tool: str, arguments: bytes) -> bytes:
    """A call of a tool with arguments that are written already."""
    name = json.dumps({"name": tool}).encode()[1:-1]
    params = b"{" + name + b',"arguments":' + arguments + b"}"
    return b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":' + params + b"}"


@asynccontextmanager
async def tools_of(settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    app = create_app(settings.model_copy(update={"serve_mcp": True, "serve_jobs": 0}))
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(
            transport=InProcess(app), base_url="http://localhost", timeout=200
        ) as client,
    ):
        yield client


@pytest.fixture
def walked_once() -> Iterator[None]:
    """What earlier tests left is out of the collector's way: a walk over all of it is no answer's.

    In a process that has run thousands of tests one such walk takes longer than five readings.
    """
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("walked_once")
@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("formulate", b"{" + TEXT + b'"tables":{"t":[' + LISTS + b"]}}"),
        ("formulate", b"{" + TEXT + b'"tables":{"t":[' + CELLS + b"]}}"),
        ("formulate", b"{" + TEXT + b'"tables":{' + NAMES + b"}}"),
        ("formulate", b"{" + TEXT + NAMES + b"}"),
        ("solve", b'{"cir":{"rules":[' + CELLS + b"]}}"),
        ("what_if", b'{"job":"a","changes":[' + LISTS + b"]}"),
        ("answer_questions", b'{"job":"a","answers":{' + NAMES + b"}}"),
    ],
)
async def test_others_are_answered_while_a_large_call_of_a_tool_is_handled(
    tool: str, arguments: bytes, settings: Settings
) -> None:
    async with tools_of(settings) as client:
        body = call(tool, arguments)
        assert len(body) < 500_000
        await client.post("/mcp", content=call("search_cards", b"{}"), headers=HOST)
        began = time.thread_time()
        for _ in range(5):
            json.loads(body)
        five_readings = time.thread_time() - began
        large = asyncio.create_task(client.post("/mcp", content=body, headers=HOST))
        answered, longest = 0, 0.0
        while not large.done():
            asked = time.thread_time()
            assert (await client.get("/healthz")).status_code == 200
            longest = max(longest, time.thread_time() - asked)
            answered += 1
            await asyncio.sleep(0.001)  # asking all the time takes most of what the call needs
        assert answered >= 2
        # No longer than ten readings, however many of its values are wrong.
        assert longest < 2 * five_readings
        assert '"isError":true' in large.result().text


async def test_a_call_of_a_tool_has_a_limit_of_its_own(settings: Settings) -> None:
    async with tools_of(settings) as client:
        sent = await client.post("/mcp", content=b" " * 500_001, headers=HOST)
        is_problem(sent, 413, "R2C-B603")


async def test_the_change_of_a_rule_has_a_limit_of_its_own(service_open: Open) -> None:
    async with service_open() as (client, _):
        cir = {"decisions": [{"name": "x"}], "rules": [RULE], "objectives": [GOAL]}
        wait = {"Prefer": "wait=60"}
        made = await client.post("/v1/solve", json={"cir": cir}, headers=wait)
        rule = made.json()["links"]["cir"] + "/rules/r"
        kind = {"Content-Type": "application/json"}
        note = b'{"note":"%s"}' % (b"a" * 100_000)
        is_problem(await client.patch(rule, content=note, headers=kind), 413, "R2C-B603")
        wrong = b'{"literals":[' + LISTS[:89_999] + b"]}"
        sent = await client.patch(rule, content=wrong, headers=kind)
        is_problem(sent, 422, "R2C-C091")
        assert "too many to tell" in sent.text


def _solve(cir: bytes) -> bytes:
    return b'{"cir":' + cir + b"}"


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/v1/formulations", b"{" + TEXT + b'"tables":{"t":[' + 4 * (LISTS + b",") + b"[]]}}",
         "#/tables/t/list"),
        ("/v1/formulations", b"{" + TEXT + b'"tables":{"t":[' + 4 * (CELLS + b",") + b"{}]}}",
         "#/tables/t/list"),
        ("/v1/formulations", b"{" + TEXT + b'"tables":{"t":{' + NAMES + b"}}}", "columns"),
        ("/v1/formulations", b"{" + TEXT + NAMES + b"}", "40000 places are wrong"),
        ("/v1/batches", b'{"items":[' + CELLS + b"]}", "#/items/0/"),
        ("/v1/solve", _solve(b'{"rules":[' + 2 * (CELLS + b",") + b"1]}"), "100000 values"),
        ("/v1/solve", _solve(b"{" + NAMES + b"}"), "too many to tell"),
        ("/v1/formulations/0123456789abcdef/what-if", b'{"changes":[' + LISTS + b"]}",
         "#/changes/0"),
        ("/v1/formulations/0123456789abcdef/answers", b'{"answers":{' + NAMES + b"}}",
         "more than 100 answers"),
    ],
)  # fmt: skip
async def test_a_request_that_is_wrong_in_many_places_is_told_of_a_few(
    path: str, body: bytes, said: str, service_open: Open
) -> None:
    async with service_open(serve_jobs=0) as (client, _):
        sent = await client.post(path, content=body, headers={"Content-Type": "application/json"})
        told = is_problem(sent, 422, sent.json()["code"])
        assert said in sent.text
        assert len(told["errors"]) <= 20
        assert (await client.get("/healthz")).status_code == 200
