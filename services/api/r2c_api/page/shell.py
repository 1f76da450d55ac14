"""What holds for every page: where it may load from, who may act, and faults as people read them.

The endpoints, the limits and the guard answer with problems (RFC 9457); a browser is shown the same
fault as HTML, and is led to the form for the key where one is missing.
"""

from __future__ import annotations

import json
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from r2c_api.keys.session import from_own_page
from r2c_api.page.faults import FROM_ANOTHER_SITE
from r2c_api.page.paths import SIGN_IN, is_api, is_page
from r2c_api.page.templates import html
from r2c_api.problems import MEDIA_TYPE, problem

_EMPTY = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
"""The digest of nothing: Plotly makes an empty style and adds its rules by script."""
_POLICY = (
    f"default-src 'none'; script-src 'self'; style-src 'self' {_EMPTY}; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": a form would then be sent with the origin "null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_READING = ("GET", "HEAD")
_LOST = (401, 404)
_PASSED_ON = ("retry-after", "ratelimit", "ratelimit-policy", "allow")


class PageShell:
    """Puts its headers on every page, and turns problems into HTML."""

    def __init__(self, app: ASGIApp, *, keys: bool) -> None:
        self._app = app
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a page; everything else is passed on, but for a browser that has lost its way."""
        page = scope["type"] == "http" and is_page(scope["path"])
        if not page and not _may_be_lost(scope):
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def sending(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                fault = headers.get("content-type") == MEDIA_TYPE
                if fault and (page or message["status"] in _LOST):
                    start = message
                    return
                if page:
                    _add_headers(headers)
            elif start is not None:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    await self._told(scope, start, body)(scope, receive, send)
                return
            await send(message)

        if page and scope["method"] not in _READING and from_own_page(scope) is False:
            await problem(FROM_ANOTHER_SITE.fault())(scope, receive, sending)
            return
        await self._app(scope, receive, sending)

    def _told(self, scope: Scope, start: Message, body: bytes) -> Response:
        """A problem as HTML: a part of the page that asked for a part, or a page of its own."""
        headers = MutableHeaders(raw=start["headers"])
        part = is_part(scope)
        if start["status"] == 401 and scope["path"] != SIGN_IN:
            made = self._to_sign_in(scope, part=part)
        else:
            values = {"fault": json.loads(body), "status": start["status"], "keys": self._keys}
            name = "parts/fault.html" if part else "fault.html"
            made = HTMLResponse(html(name, **values), start["status"])
        for name in _PASSED_ON:
            if name in headers:
                made.headers[name] = headers[name]
        _add_headers(made.headers)
        return made

    def _to_sign_in(self, scope: Scope, *, part: bool) -> Response:
        wanted = scope["path"] if scope["method"] in _READING and not part else "/"
        target = f"{SIGN_IN}?next={quote(wanted)}"
        if part:
            return Response(status_code=200, headers={"HX-Redirect": target})
        return RedirectResponse(target, 303)


def _may_be_lost(scope: Scope) -> bool:
    """Whether somebody looks, with a browser, at what may be no address of the service at all."""
    if scope["type"] != "http" or scope["method"] not in _READING or is_api(scope["path"]):
        return False
    accepted = (value for name, value in scope["headers"] if name == b"accept")
    return any(b"text/html" in value for value in accepted)


def is_part(scope: Scope) -> bool:
    """Whether a page asks for a part of itself."""
    return any(name == b"hx-request" for name, _ in scope["headers"])


def _add_headers(headers: MutableHeaders) -> None:
    for name, value in HEADERS.items():
        headers[name] = value
    headers.setdefault("Cache-Control", "no-store")
    headers.add_vary_header("HX-Request")
