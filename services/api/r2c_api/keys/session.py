"""A key that a browser keeps in a cookie, which no script can read and no other site can use."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.types import Scope

COOKIE = "r2c_session"
KEEP_SECONDS = 7 * 86400


def key_in_cookie(scope: Scope) -> str:
    """The key that came as a cookie; empty if none did.

    Cookies of other programs of the host come along, whatever they look like, so none is parsed.
    """
    for name, value in scope["headers"]:
        if name != b"cookie":
            continue
        for pair in value.decode("latin-1").split(";"):
            found, _, key = pair.strip().partition("=")
            if found == COOKIE:
                return str(key)
    return ""


def from_own_page(scope: Scope) -> bool | None:
    """Whether a browser says that a page of this very service sent the request; None: no browser.

    Browsers set Sec-Fetch-Site and Origin themselves; no script can.
    """
    headers = dict(scope["headers"])
    site, origin = headers.get(b"sec-fetch-site"), headers.get(b"origin")
    if site is not None:
        return bool(site == b"same-origin")
    if origin is None:
        return None
    try:
        told = urlsplit(origin.decode("latin-1")).netloc
    except ValueError:
        return False
    return bool(told) and told == headers.get(b"host", b"").decode("latin-1")
