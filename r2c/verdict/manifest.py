"""What made an answer, so that it can be made again: code, versions, cards, limits, times.

What takes time is worked out once in a process; no secret and no word of a problem is in it.
"""

from __future__ import annotations

import platform
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from pydantic import JsonValue

import r2c
from r2c.archetypes.load import standard_library
from r2c.errors import R2CError
from r2c.formulation import Formulation, Usage
from r2c.resources import commit
from r2c.solve.ask import SEED
from r2c.solve.limits import Limits

_PACKAGES = ("pyomo", "highspy", "langgraph", "openai", "xllamacpp")


def produced(began: datetime, limits: Limits) -> dict[str, JsonValue]:
    """The manifest of a model that was solved: `limits` are those of one solve.

    `cards` is the SHA-256 of all cards that could be used, a folder of the user's own included;
    `own_cards` has that of each card of the user's own, by archetype.
    """
    ended = datetime.now(UTC)
    return {
        "r2c": r2c.__version__,
        "commit": commit(),
        "versions": dict(versions()),
        **_cards(),
        "limits": asdict(limits),
        "solver_seed": SEED,
        "started": told(began),
        "ended": told(ended),
    }


def accounted(answer: Formulation, began: datetime, limits: Limits) -> Formulation:
    """An answer that no language model had a part in, with its cost and what made it."""
    seconds = (datetime.now(UTC) - began).total_seconds()
    made = {"usage": Usage(seconds=max(0.0, seconds)), "manifest": produced(began, limits)}
    return answer.model_copy(update=made)


def told(moment: datetime) -> str:
    """A moment as ISO 8601 has it, in UTC."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _cards() -> dict[str, JsonValue]:
    try:
        library = standard_library()
        return {"cards": library.digest, "own_cards": {**library.own_digests}}
    except (R2CError, OSError):  # told where cards are needed; an answer without them stands
        return {"cards": "", "own_cards": {}}


@cache
def versions() -> dict[str, JsonValue]:
    """Python and the packages that decide a result."""
    found: dict[str, JsonValue] = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
