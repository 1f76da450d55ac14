"""Who asks: the tenant whose jobs and files a request may touch."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from r2c_api.tenants import LOCAL


@dataclass(frozen=True)
class Caller:
    """Who sent a request."""

    tenant: str


def caller_of(request: Request) -> Caller:
    """The caller of a request, as a dependency."""
    return Caller(LOCAL)
