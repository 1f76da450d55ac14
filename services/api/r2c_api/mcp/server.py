"""The server of the tools, whatever it is reached by."""

from __future__ import annotations

import logging

import fastmcp
from fastmcp import FastMCP
from mcp_types import ToolAnnotations

import r2c
from r2c_api.mcp.faults import Told
from r2c_api.mcp.tools import Clients, Tools

_ABOUT = """Decision problems in words become optimization models that are solved and judged.

`formulate` takes a problem with its tables and waits for the answer. `trust` says how far it may be
believed; `questions` is for the planner. The `job` of an answer goes to the other tools."""
_ASKING = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_WORKING = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)


def mcp_server(clients: Clients) -> FastMCP:
    """The tools over whatever client serves a call."""
    _hold_tongue()
    server = FastMCP(
        "R2C",
        _ABOUT,
        version=r2c.__version__,
        middleware=[Told()],
        mask_error_details=True,
        strict_input_validation=False,
    )
    tools = Tools(clients)
    for working in (tools.formulate, tools.solve, tools.answer_questions):
        server.tool(working, annotations=_WORKING)
    for asking in (
        tools.get_answer, tools.explain, tools.what_if, tools.why_not, tools.search_cards,
        tools.show_card,
    ):  # fmt: skip
        server.tool(asking, annotations=_ASKING)
    return server


def _hold_tongue() -> None:
    """Let the library log as all others do: its own lines would quote arguments."""
    fastmcp.settings.show_server_banner = False
    fastmcp.settings.check_for_updates = "off"
    log = logging.getLogger("fastmcp")
    log.handlers.clear()
    log.propagate = True
