"""The least that could answer: FastAPI alone, three requests, nothing behind them.

What the service takes longer than this is what it costs: `python -m trials.bare`.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Response

from r2c.client.wire import NewFormulation
from topology.listening import serve

JOB: dict[str, Any] = {
    "id": "0123456789abcdef", "kind": "formulate", "state": "queued", "title": "",
    "created": "2026-01-01T00:00:00Z", "updated": "2026-01-01T00:00:00Z", "ended": None,
    "attempt": 0, "parent": None, "batch": None, "fault": None,
    "result": {
        "outcome": None, "trust": None, "confidence": None, "objective": None, "questions": [],
    },
    "links": {
        name: f"/v1/formulations/0123456789abcdef/{name}" for name in ("self", "events", "cancel")
    },
}  # fmt: skip


def application() -> FastAPI:
    """The application."""
    app = FastAPI()

    @app.get("/healthz")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/v1/formulations/{job}")
    async def look(job: str) -> dict[str, Any]:
        return {**JOB, "id": job}

    @app.post("/v1/formulations", status_code=202)
    async def submit(given: NewFormulation, response: Response) -> dict[str, Any]:
        response.headers["Location"] = f"/v1/formulations/{JOB['id']}"
        return {**JOB, "title": given.title}

    return app


if __name__ == "__main__":
    serve(application())
