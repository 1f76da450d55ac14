"""The form that asks for a key, and the cookie that keeps it."""

from __future__ import annotations

import asyncio
import time
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import HTMLResponse, RedirectResponse

from r2c_api.faults import MALFORMED
from r2c_api.keys.key import parts, same
from r2c_api.keys.session import COOKIE, KEEP_SECONDS
from r2c_api.page.paths import SIGN_IN, SIGN_OUT, local
from r2c_api.page.templates import html
from r2c_api.service import Service, service_of

router = APIRouter(include_in_schema=False)
_MOST_BYTES = 4000
"""Of the form; it is read before anybody is known."""


@router.get(SIGN_IN)
def form(request: Request, next: str = "/") -> Response:
    """The form, or the page itself where no key is asked for."""
    if not request.app.state.keys:
        return RedirectResponse(local(next), 303)
    return HTMLResponse(html("sign_in.html", next=local(next), wrong=False, keys=True))


@router.post(SIGN_IN)
async def sign_in(request: Request, service: Annotated[Service, Depends(service_of)]) -> Response:
    """Keep a key in a cookie, if it is one that is in force."""
    said = await _said(request)
    target, written = local(said.get("next", "/")), said.get("key", "").strip()
    if not await asyncio.to_thread(_in_force, service, written):
        return HTMLResponse(html("sign_in.html", next=target, wrong=True, keys=True), 401)
    response = RedirectResponse(target, 303)
    response.set_cookie(
        COOKIE, written, max_age=KEEP_SECONDS, httponly=True, samesite="strict",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return response


@router.post(SIGN_OUT)
def sign_out() -> Response:
    """Forget the key."""
    response = RedirectResponse(SIGN_IN, 303)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return response


def _in_force(service: Service, written: str) -> bool:
    found = parts(written)
    key = None if found is None else service.keys.find(found[0])
    return found is not None and key is not None and same(key, found[1]) and key.valid(time.time())


async def _said(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise MALFORMED(problem="the form is larger than any key", count=1)
    told = parse_qs(body.decode("utf-8", errors="replace"), max_num_fields=5)
    return {name: values[0] for name, values in told.items()}
