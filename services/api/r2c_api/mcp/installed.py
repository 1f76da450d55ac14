"""Whether the library for MCP is there; it comes with an extra."""

from __future__ import annotations

from importlib.util import find_spec

from r2c.errors import InputError, declare

NOT_INSTALLED = declare(
    "R2C-B720", InputError,
    what="The library for MCP, fastmcp, is not installed.",
    why="Most installations need no tools for hosts of language models, so it is an extra.",
    remedy="Install `rule2constraint[mcp]`.",
)  # fmt: skip


def needed() -> None:
    """Refuse to go on without it.

    Raises:
        InputError: R2C-B720.
    """
    if find_spec("fastmcp") is None:
        raise NOT_INSTALLED()
