"""Headers can be asked for alone, and the description of the service keeps nobody waiting."""

from __future__ import annotations

import uvicorn
from fastapi import FastAPI
from pytest import MonkeyPatch
from readers import BAKERY
from watched import Open

from r2c.settings import Settings
from r2c_api.serving import serve


async def test_head_tells_what_get_tells_without_its_words(service_open: Open) -> None:
    async with service_open(serve_jobs=0) as (client, _):
        made = await client.post("/v1/formulations", json={"text": BAKERY.text})
        where = made.headers["location"]
        for path in ("/healthz", "/", "/jobs", where, f"{where}/cir", "/v1/none"):
            shown, asked = await client.get(path), await client.head(path)
            assert asked.status_code == shown.status_code and asked.content == b""
            for name in ("content-type", "etag", "content-security-policy"):
                assert asked.headers.get(name) == shown.headers.get(name)
        await client.post(f"{where}/cancel")
        assert (await client.head(f"{where}/events")).content == b""


def test_the_description_is_written_before_anybody_is_served(
    settings: Settings, monkeypatch: MonkeyPatch
) -> None:
    found: list[object] = []

    def look(server: uvicorn.Server, **_: object) -> None:
        app = server.config.app
        assert isinstance(app, FastAPI)
        found.append(app.openapi_schema)

    monkeypatch.setattr(uvicorn.Server, "run", look)
    serve(settings, "127.0.0.1", 0, keys=False)
    (schema,) = found
    assert isinstance(schema, dict)
    schemas = schema["components"]["schemas"]
    for name in ("Job", "ProblemDetails", "NewFormulation"):
        assert schemas[name]["examples"]
