"""Who asks: the tenant whose jobs and files a request may touch."""

from __future__ import annotations

from dataclasses import dataclass, field

from fastapi import Request

from r2c_api.jobs.record import Day
from r2c_api.tenants import LOCAL

CALLER = "r2c.caller"
"""Where the guard of keys leaves the caller in the scope of a request."""


@dataclass(frozen=True)
class Caller:
    """Who sent a request; without keys everybody is the tenant `local`, without limits of a day."""

    tenant: str
    key: str = ""
    day: Day = field(default_factory=Day)


def caller_of(request: Request) -> Caller:
    """The caller of a request, as a dependency."""
    found = request.scope.get(CALLER)
    if isinstance(found, Caller):
        return found
    if request.app.state.keys:  # never to be reached: the guard stands before every endpoint
        raise RuntimeError("a request passed without a key")
    return Caller(LOCAL)
