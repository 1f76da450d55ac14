"""Which extra of R2C a package belongs to that is not installed."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, requires

_NEEDED = re.compile(r"""([\w.-]+).*;.*\bextra\s*==\s*["']([\w-]+)["']""")
_OF_DEVELOPERS = "dev"


def extra_of(module: str) -> str | None:
    """The extra that brings a module; None if R2C names none for it."""
    package = module.partition(".")[0].lower().replace("_", "-")
    try:
        needed = requires("rule2constraint") or []
    except PackageNotFoundError:
        return None
    for found in map(_NEEDED.match, needed):
        if found and found[2] != _OF_DEVELOPERS and found[1].lower() == package:
            return found[2]
    return None
