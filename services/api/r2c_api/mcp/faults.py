"""Failures as MCP has them: a result that is marked as one, with the fault in words and as data."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import mcp_types
from fastmcp.exceptions import ToolError
from fastmcp.server.middleware import CallNext, Middleware, MiddlewareContext
from fastmcp.tools import ToolResult
from pydantic import ValidationError

from r2c.errors import Fault, InputError, R2CError, declare
from r2c_api.faults import INTERNAL

BAD_ARGUMENTS = declare(
    "R2C-B721", InputError,
    what="The tool {tool!r} cannot take these arguments: {problem}.",
    why="{count:place} in them cannot be read as its schema says.",
    remedy="Correct them; the schema of the tool describes each.",
)  # fmt: skip
META = "r2c/fault"
"""Where the fault lies in the `_meta` of a result."""

_MOST_ARGUMENTS = 20
"""Each that no tool has would be told of, which takes long for very many."""

T = TypeVar("T")
S = TypeVar("S")
P = ParamSpec("P")


class Refused(ToolError):
    """A fault on its way out of a tool; nothing that a log need say."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault), log_level=logging.DEBUG)
        self.fault = fault


def refusing(
    tool: Callable[Concatenate[S, P], Awaitable[T]],
) -> Callable[Concatenate[S, P], Awaitable[T]]:
    """A tool whose faults are refusals."""

    @wraps(tool)
    async def refused(self: S, /, *args: P.args, **more: P.kwargs) -> T:
        try:
            return await tool(self, *args, **more)
        except R2CError as error:
            raise Refused(error.fault) from None

    return refused


class Told(Middleware):
    """Answers a call that fails with its fault, in words and as data."""

    async def on_call_tool(
        self,
        context: MiddlewareContext[mcp_types.CallToolRequestParams],
        call_next: CallNext[mcp_types.CallToolRequestParams, ToolResult],
    ) -> ToolResult:
        """The result of a call, which may be a fault."""
        if len(context.message.arguments or {}) > _MOST_ARGUMENTS:
            raise ToolError(f"no tool takes more than {_MOST_ARGUMENTS} arguments")
        try:
            return await call_next(context)
        except Exception as error:
            fault = _fault(context.message.name, error)
            if fault is None:
                raise  # no such tool, say: MCP has its own words for it
            return ToolResult(
                content=str(fault), meta={META: fault.model_dump(mode="json")}, is_error=True
            )


def _fault(tool: str, error: Exception) -> Fault | None:
    if isinstance(error, Refused):
        return error.fault
    cause = error.__cause__
    found = error if isinstance(error, ValidationError) else cause
    if isinstance(found, ValidationError):
        first = found.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        problem = f"{place}: {first['msg']}".rstrip(".")[:300]
        return BAD_ARGUMENTS.fault(tool=tool[:80], problem=problem, count=found.error_count())
    if isinstance(error, ToolError):  # a fault of R2C itself, whose words may quote a problem
        kind = type(cause or error).__name__
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        return INTERNAL.fault(kind=kind, at=at)
    return None
