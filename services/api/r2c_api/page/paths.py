"""Which paths belong to the page, and which of these are shown to everybody."""

from __future__ import annotations

SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"
STATIC = "/static/"
_PAGE = ("/jobs/", STATIC, "/examples/")
_API = ("/v1/", "/mcp")
_WHOLE = ("/", "/jobs", SIGN_IN, SIGN_OUT)


def is_page(path: str) -> bool:
    """Whether a path is answered with HTML, or with what HTML needs."""
    return path in _WHOLE or path.startswith(_PAGE)


def is_api(path: str) -> bool:
    """Whether a path is meant for programs, whoever asks for it."""
    return path.startswith(_API)


def needs_no_key(path: str) -> bool:
    """Whether a path tells nothing of anybody: the form for the key, and what it looks like."""
    return path in (SIGN_IN, SIGN_OUT) or path.startswith(STATIC)


def local(path: str) -> str:
    """A path to go on to, if it is one of the page; otherwise the start."""
    plain = path.partition("?")[0]
    safe = is_page(plain) and "\\" not in path and not path.startswith("//")
    return path if safe else "/"
