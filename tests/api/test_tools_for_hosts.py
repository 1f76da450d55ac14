"""Hosts of language models use R2C through MCP: the same jobs, records, limits and faults."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastmcp import Client as Host
from fastmcp.client.transports import StdioTransport, StreamableHttpTransport
from fastmcp.exceptions import ToolError
from fastmcp.mcp_config import MCPConfig
from mcp_types import TextContent
from readers import BAKERY, FERRY
from served_app import Waiting

from r2c.client.asynchronous import AsyncClient
from r2c.client.wire import TEXT_LIMIT, CardList, JobState
from r2c.llm.model import LanguageModel
from r2c.settings import Settings
from r2c.supposition import WhatIf, WhyNot
from r2c_api.app import create_app
from r2c_api.keys.key import Allowance, Scope
from r2c_api.mcp.faults import META
from r2c_api.mcp.in_process import InProcess
from r2c_api.mcp.records import Answer, Explanation
from r2c_api.mcp.server import mcp_server
from r2c_api.mcp.stdio import HERE, PATIENCE, shared
from r2c_api.service import Service

BREAD = {
    "decisions": [{"name": "loaves", "domain": "integer"}],
    "parameters": [{"name": "minutes", "value": 61}],
    "rules": [{"id": "oven", "operands": {"relation": "2*loaves <= minutes"}}],
    "objectives": [{"sense": "max", "expr": "3*loaves"}],
}


@asynccontextmanager
async def host_of(
    settings: Settings, model: LanguageModel | None = None, **more: Any
) -> AsyncIterator[tuple[Host[Any], Service]]:
    """A host, connected in this process to the tools over the real service."""
    app = create_app(settings, model)
    async with (
        app.state.service.running(),
        AsyncClient(HERE, patience=PATIENCE, transport=InProcess(app)) as client,
        Host(mcp_server(shared(client)), **more) as host,
    ):
        yield host, app.state.service


async def test_words_become_an_answer_with_its_steps_told_on_the_way(settings: Settings) -> None:
    told: list[tuple[float, str | None]] = []

    async def told_of(progress: float, total: float | None, message: str | None) -> None:
        told.append((progress, message))

    async with host_of(settings, BAKERY.model()) as (host, _):
        said = await host.call_tool("formulate", {"text": BAKERY.text}, progress_handler=told_of)
        answer = Answer.model_validate(said.structured_content)
        assert answer.outcome == "optimal" and answer.objective == pytest.approx(40.0)
        assert {name: values[0].value for name, values in answer.values.items() if values}[
            "cakes"
        ] == pytest.approx(10.0)
        explained = await host.call_tool("explain", {"job": answer.job})
        explanation = Explanation.model_validate(explained.structured_content)
        assert "60 minutes" in explanation.model and explanation.verdict.evidence
        again = await host.call_tool("get_answer", {"job": answer.job})
        assert Answer.model_validate(again.structured_content) == answer
    numbers = [done for done, _ in told]
    assert numbers == sorted(set(numbers)) and len(numbers) > 5
    assert any("To decide: buns, cakes" in (message or "") for _, message in told)


async def test_a_given_model_is_solved_and_asked_about_without_a_language_model(
    settings: Settings,
) -> None:
    async with host_of(settings) as (host, _):
        said = await host.call_tool("solve", {"cir": BREAD})
        answer = Answer.model_validate(said.structured_content)
        assert answer.objective == pytest.approx(90.0)
        changed = await host.call_tool("what_if", {"job": answer.job, "changes": ["minutes = 80"]})
        assert WhatIf.model_validate(changed.structured_content).after.objective == 120.0
        wished = await host.call_tool("why_not", {"job": answer.job, "wish": "loaves >= 31"})
        assert WhyNot.model_validate(wished.structured_content).kind == "impossible"


async def test_cards_are_searched_and_shown(settings: Settings) -> None:
    async with host_of(settings) as (host, _):
        said = await host.call_tool(
            "search_cards", {"words": "each plant ships at most its capacity", "limit": 3}
        )
        found = CardList.model_validate(said.structured_content)
        assert len(found.cards) == 3 and found.cards[0].score is not None
        card = await host.call_tool("show_card", {"id": found.cards[0].id})
        assert card.structured_content is not None
        assert card.structured_content["id"] == found.cards[0].id


@pytest.mark.parametrize(
    ("tool", "arguments", "code"),
    [
        ("explain", {"job": "0123456789abcdef"}, "R2C-B602"),
        ("show_card", {"id": "no_such_card"}, "R2C-B621"),
        ("solve", {"cir": {"rules": [{"id": "broken", "operands": {"relation": "1 <="}}]}}, None),
        ("formulate", {"text": "x" * (TEXT_LIMIT + 1)}, "R2C-B721"),
        ("search_cards", {"limit": 0}, "R2C-B721"),
        ("what_if", {"job": "a", "changes": []}, "R2C-B721"),
    ],
)
async def test_a_fault_is_told_in_words_and_as_data(
    settings: Settings, tool: str, arguments: dict[str, object], code: str | None
) -> None:
    async with host_of(settings) as (host, _):
        said = await host.call_tool(tool, arguments, raise_on_error=False)
    assert said.is_error
    assert said.meta is not None
    fault = said.meta[META]
    assert code is None or fault["code"] == code
    words = said.content[0]
    assert isinstance(words, TextContent)
    for part in ("code", "what", "why", "remedy"):
        assert fault[part] and fault[part] in words.text


async def test_a_request_larger_than_the_service_takes_is_refused(settings: Settings) -> None:
    small = settings.model_copy(update={"serve_body_mb": 1})
    rows = [{"name": "x" * 1000}] * 1200
    async with host_of(small) as (host, _):
        with pytest.raises(ToolError, match="R2C-B603"):
            await host.call_tool("formulate", {"text": "Pack.", "tables": {"boxes": rows}})


async def test_a_call_that_waits_too_long_leaves_the_job_running(
    settings: Settings, tmp_path: Path
) -> None:
    model = Waiting(tmp_path / "log", tmp_path / "gate")
    async with host_of(settings, model) as (host, service):
        said = await host.call_tool(
            "formulate", {"text": FERRY.text, "wait_seconds": 0.5}, raise_on_error=False
        )
        assert said.meta is not None and said.meta[META]["code"] == "R2C-X802"
        (job,) = service.jobs.page("local", 5, None)
        assert not job.state.ended
        (tmp_path / "gate").touch()
        later = await host.call_tool("get_answer", {"job": job.id})
        assert Answer.model_validate(later.structured_content).outcome == "optimal"


async def test_a_call_that_is_given_up_cancels_its_job(settings: Settings, tmp_path: Path) -> None:
    model = Waiting(tmp_path / "log", tmp_path / "gate")
    async with host_of(settings, model) as (host, service):
        call = asyncio.create_task(host.call_tool("formulate", {"text": FERRY.text}))
        while not (tmp_path / "gate.reached").exists():
            await asyncio.sleep(0.02)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        (job,) = service.jobs.page("local", 5, None)
        while not (job := service.jobs.get("local", job.id)).state.ended:
            await asyncio.sleep(0.02)
        assert job.state is JobState.CANCELLED


async def test_every_tool_describes_what_it_takes_and_gives(settings: Settings) -> None:
    async with host_of(settings) as (host, _):
        tools = {tool.name: tool for tool in await host.list_tools()}
    assert set(tools) == set(
        "formulate solve get_answer answer_questions explain what_if why_not search_cards "
        "show_card".split()
    )
    for tool in tools.values():
        assert tool.description and tool.output_schema is not None, tool.name


@pytest.mark.slow
async def test_a_host_starts_the_command_and_talks_over_its_standard_streams(
    settings: Settings,
) -> None:
    words = (
        "import asyncio, sys\nfrom pathlib import Path\nfrom r2c.settings import Settings\n"
        "from r2c_api.mcp.stdio import inside\n"
        "asyncio.run(inside(Settings(data_dir=Path(sys.argv[1]))))"
    )
    started = StdioTransport(
        sys.executable,
        ["-c", words, str(settings.data_dir)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        keep_alive=False,
    )
    async with Host(started, init_timeout=120) as host:
        said = await host.call_tool("solve", {"cir": BREAD})
        assert Answer.model_validate(said.structured_content).objective == pytest.approx(90.0)


async def test_a_model_that_was_told_as_text_can_be_solved_again(settings: Settings) -> None:
    async with host_of(settings) as (host, _):
        first = await host.call_tool("solve", {"cir": BREAD})
        assert first.structured_content is not None
        again = await host.call_tool("solve", {"cir": first.structured_content["model"]})
    assert again.structured_content is not None
    assert again.structured_content["objective"] == first.structured_content["objective"]


@asynccontextmanager
async def served_with_keys(settings: Settings) -> AsyncIterator[tuple[FastAPI, Service]]:
    chosen = settings.model_copy(update={"serve_mcp": True})
    app = create_app(chosen, keys=True)
    async with app.router.lifespan_context(app):
        yield app, app.state.service


def host_at(app: FastAPI, key: str) -> Host[Any]:
    """A host that speaks HTTP to the tools of a service."""

    def client(**more: Any) -> httpx2.AsyncClient:
        transport = InProcess(app, ("192.0.2.7", 5))
        return httpx2.AsyncClient(transport=transport, **{**more, "follow_redirects": False})

    factory: Any = client
    headers = {"Authorization": f"Bearer {key}"}
    return Host(StreamableHttpTransport(f"{HERE}/mcp", headers, httpx_client_factory=factory))


async def test_the_tools_at_the_service_have_the_tenants_scopes_and_audit_of_its_keys(
    settings: Settings,
) -> None:
    async with served_with_keys(settings) as (app, service):
        _, writer = service.keys.create("acme")
        _, reader = service.keys.create("acme", scopes=frozenset({Scope.READ}))
        _, other = service.keys.create("rival")
        async with host_at(app, writer) as host:
            said = await host.call_tool("solve", {"cir": BREAD})
            answer = Answer.model_validate(said.structured_content)
        assert answer.objective == pytest.approx(90.0)
        assert [job.id for job in service.jobs.page("acme", 5, None)] == [answer.job]
        async with host_at(app, reader) as host:
            assert not (await host.call_tool("get_answer", {"job": answer.job})).is_error
            assert (await fault_of(host, "solve", {"cir": BREAD}))["code"] == "R2C-B631"
        async with host_at(app, other) as host:
            fault = await fault_of(host, "explain", {"job": answer.job})
            assert fault["code"] == "R2C-B602"
        deeds = service.keys.deeds(50)
        assert {
            (deed.tenant, deed.action, deed.address) for deed in deeds if deed.status < 300
        } == {("acme", "POST /v1/solve", "192.0.2.7")}


async def test_the_tools_at_the_service_want_a_key_and_stop_at_the_limits_of_the_day(
    settings: Settings,
) -> None:
    async with served_with_keys(settings) as (app, service):
        client = httpx2.AsyncClient(transport=InProcess(app), base_url=HERE)
        async with client:
            refused = await client.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "ping"})
        assert refused.status_code == 401
        used_up = Allowance(tokens_per_day=10)
        _, key = service.keys.create("acme", allowance=used_up)
        service.keys.use("acme", tokens=10)
        async with host_at(app, key) as host:
            fault = await fault_of(host, "solve", {"cir": BREAD})
        assert fault["code"] == "R2C-B634"


async def fault_of(host: Host[Any], tool: str, arguments: dict[str, object]) -> Any:
    said = await host.call_tool(tool, arguments, raise_on_error=False)
    assert said.is_error and said.meta is not None
    return said.meta[META]


async def test_without_the_setting_there_are_no_tools_at_the_service(settings: Settings) -> None:
    app = create_app(settings)
    async with (
        app.state.service.running(),
        httpx2.AsyncClient(transport=InProcess(app), base_url=HERE) as client,
    ):
        assert (await client.post("/mcp", json={})).status_code == 404


def configurations() -> list[dict[str, Any]]:
    """Those of hosts that the page shows."""
    page = (Path(__file__).parents[2] / "docs" / "mcp.md").read_text(encoding="utf-8")
    return [json.loads(part.split("```")[0]) for part in page.split("```json\n")[1:]]


@pytest.mark.slow
async def test_the_configurations_on_the_page_are_ones_and_the_first_one_starts(
    tmp_path: Path,
) -> None:
    found = configurations()
    assert len(found) == 3
    for one in found:
        assert "r2c" in MCPConfig.model_validate(one).mcpServers
    first = found[0]["mcpServers"]["r2c"]
    started = StdioTransport(
        sys.executable,
        ["-m", "r2c.cli", *first["args"]],
        env={
            **first["env"],
            "R2C_DATA_DIR": str(tmp_path),
            "PYTHONPATH": os.pathsep.join([*sys.path, os.environ.get("PYTHONPATH", "")]),
        },
        keep_alive=False,
    )
    async with Host(started, init_timeout=120) as host:
        assert len(await host.list_tools()) == 9
