"""The files of the page over HTTP, kept by browsers for as long as they stay the same."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from r2c_api.page.assets import VENDOR, assets
from r2c_api.page.faults import NO_SUCH_FILE

router = APIRouter(include_in_schema=False)
_FOR_EVER = "public, max-age=31536000, immutable"


@router.get("/static/{name:path}")
def static(name: str, request: Request, v: str = "") -> Response:
    """A file by its name; one of another version than the address says is not kept."""
    found = assets().get(name)
    if found is None:
        raise NO_SUCH_FILE(name=name[:80])
    lasting = name.startswith(VENDOR) or v == found.digest
    headers = {
        "Cache-Control": _FOR_EVER if lasting else "no-cache",
        "ETag": f'"{found.digest}"',
        "Vary": "Accept-Encoding",
    }
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    content = found.content
    if found.packed and "gzip" in request.headers.get("accept-encoding", ""):
        content = found.packed
        headers["Content-Encoding"] = "gzip"
    return Response(content, headers=headers, media_type=found.type)
