"""One tenant asks for everything of another: every operation, with ids known and guessed.

The operations are those of the service's own description, so that none is forgotten.
"""

from __future__ import annotations

import hashlib
import random
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from r2c.archetypes.start import start_card
from r2c.llm.testing import ScriptedModel
from r2c.settings import Settings
from r2c_api.app import create_app
from r2c_api.service import Service
from r2c_api.tenants import settings_for
from topology.bakery import draw, read
from trials.found import Found, Measure

CARD = "dock_limit"
YAML = {"Content-Type": "application/yaml"}
_FILLED = {"form": "lp", "rule": "r1"}
_BODIES: Mapping[str, Any] = {
    "what-if": {"changes": ["without r1"]},
    "scenarios": {"changes": ["x = 1, 2"]},
    "why-not": {"wish": "buns >= 1"},
    "answers": {"answers": {"which": "1"}},
}
_MODEL = {
    "decisions": [{"name": "x", "domain": "integer"}],
    "rules": [{"id": "r1", "operands": {"relation": "2*x <= 60"}}],
    "objectives": [{"sense": "max", "expr": "3*x"}],
}


@dataclass
class Asked:
    """What was asked, by what the ids were, and what was answered that must not be."""

    counts: Counter[str] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)

    def refused(self, kind: str, sent: httpx2.Response, *statuses: int) -> None:
        """Count a request that has to be refused."""
        self.counts[kind] += 1
        if sent.status_code not in (statuses or (404,)):
            told = f"{sent.request.method} {sent.request.url}: {sent.status_code}"
            self.broken.append(f"{kind}: {told} {sent.text[:200]}")

    def holds(self, kind: str, claim: bool) -> None:
        """Count a comparison that has to come out as claimed."""
        self.counts[kind] += 1
        if not claim:
            self.broken.append(kind)


@dataclass(frozen=True)
class Things:
    """What a tenant has."""

    jobs: tuple[str, ...]
    batch: str


async def run(seed: int, folder: Path, guesses: int = 20) -> Found:
    """Let tenant B ask for everything of tenant A.

    Args:
        seed: Draws problems and guessed ids.
        folder: Where the service keeps its data.
        guesses: Ids that are guessed for each operation.
    """
    draws, asked = random.Random(seed), Asked()
    async with _guarded(folder) as (client, service):
        mine, other = (_bearer(service.keys.create(name)[1]) for name in ("a", "b"))
        things = await _things(client, mine, "first", draws)
        own = await _things(client, other, "second", draws)
        await client.put(f"/v1/cards/{CARD}", content=_card(), headers={**mine, **YAML})
        before = await _state(client, mine, things, service)
        paths = (await client.get("/openapi.json")).json()["paths"]
        for path, method in _operations(paths):
            asked.operations.add(f"{method} {path}")
            for kind, ids in _ids(things, own, draws, guesses):
                sent = await _send(client, method, path, ids, other, own)
                asked.refused(kind, sent, *(() if kind != "no id at all" else (404, 405, 422)))
        await _named(client, asked, other, things, own)
        asked.holds("changed", before == await _state(client, mine, things, service))
    return _found(asked, seed)


async def _things(
    client: httpx2.AsyncClient, key: Mapping[str, str], once: str, draws: random.Random
) -> Things:
    """Give a tenant a formulation under an idempotency key, a solved model and a batch."""
    wait = {**key, "Prefer": "wait=60"}
    text = {"text": draw(draws).text}
    formulated = await client.post(
        "/v1/formulations", json=text, headers=wait | {"Idempotency-Key": once}
    )
    solved = await client.post("/v1/solve", json={"cir": _MODEL}, headers=wait)
    batch = await client.post("/v1/batches", json={"items": [text]}, headers=key)
    assert formulated.json()["state"] == solved.json()["state"] == "succeeded", formulated.text
    inside = batch.json()["jobs"][0]["id"]
    await client.get(f"/v1/formulations/{inside}", headers=wait)
    return Things((formulated.json()["id"], solved.json()["id"], inside), batch.json()["id"])


def _operations(paths: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """The operations on one thing; a card of the same name is everybody's to keep."""
    for path, methods in paths.items():
        for method in methods:
            if "{" in path and (path, method) != ("/v1/cards/{id}", "put"):
                yield path, method.upper()


def _ids(
    things: Things, own: Things, draws: random.Random, guesses: int
) -> Iterator[tuple[str, dict[str, str]]]:
    """Ids by what they are: those of the other tenant, guessed ones, and no ids at all."""
    for job in things.jobs:
        yield "known", {"job": job, "batch": things.batch, "id": CARD}
    for _ in range(guesses):
        guess = f"{draws.getrandbits(64):016x}"
        yield "guessed", {"job": guess, "batch": guess, "id": f"card_{guess}"}
    near = f"{int(things.jobs[0], 16) ^ 1:016x}"
    yield "guessed", {"job": near, "batch": near, "id": "dock_limi"}
    away = f"..%2F..%2Fa%2Fjobs%2F{things.jobs[0]}"
    for path in (away, f"{own.jobs[0]}%2F..%2F{things.jobs[0]}", things.jobs[0].upper(), "%00"):
        yield "no id at all", {"job": path, "batch": path, "id": path}


async def _send(
    client: httpx2.AsyncClient,
    method: str,
    path: str,
    ids: Mapping[str, str],
    key: Mapping[str, str],
    own: Things,
) -> httpx2.Response:
    url = path
    for name, value in {**_FILLED, **ids}.items():
        url = url.replace(f"{{{name}}}", value)
    body = _BODIES.get(path.rpartition("/")[2], {} if method == "PATCH" else None)
    params = {"to": own.jobs[0]} if path.endswith("/diff") else None
    return await client.request(method, url, json=body, params=params, headers=key)


async def _named(
    client: httpx2.AsyncClient,
    asked: Asked,
    other: Mapping[str, str],
    things: Things,
    own: Things,
) -> None:
    """What is reached by other ways than an id in the path."""
    for job in things.jobs:
        url = f"/v1/formulations/{own.jobs[0]}/diff"
        asked.refused("compared", await client.get(url, params={"to": job}, headers=other))
        url = f"/v1/formulations/{job}/events"
        told = await client.get(url, headers={**other, "Last-Event-ID": "1"})
        asked.refused("resumed", told)
    for query in ({}, {"before": "1e12"}, {"limit": "200"}):
        listed = (await client.get("/v1/formulations", params=query, headers=other)).text
        asked.holds("listed", not any(job in listed for job in things.jobs))
    for query in ({"limit": "1000"}, {"q": "dock limit", "limit": "1000"}):
        found = (await client.get("/v1/cards", params=query, headers=other)).json()["cards"]
        asked.holds("searched", CARD not in [card["id"] for card in found])
    model = {**_MODEL, "rules": [{"id": "r", "archetype": CARD,
                                  "operands": {"use": "x", "limit": "7"}}]}  # fmt: skip
    wait = {**other, "Prefer": "wait=60"}
    used = (await client.post("/v1/solve", json={"cir": model}, headers=wait)).json()
    asked.holds("used", used["result"]["outcome"] == "unsupported")
    once = {**other, "Idempotency-Key": "first"}
    text = {"text": draw(random.Random(0)).text}
    for path, body in (("formulations", text), ("batches", {"items": [text]})):
        sent = await client.post(f"/v1/{path}", json=body, headers=once)
        known = any(thing in sent.text for thing in (*things.jobs, things.batch))
        # Of the second request this tenant itself has the key.
        asked.holds("keys", sent.status_code == (202 if path == "formulations" else 422))
        asked.holds("keys", not known)
    kept = await client.put(f"/v1/cards/{CARD}", content=_card(), headers={**other, **YAML})
    asked.holds("kept", kept.status_code == 200)
    gone = await client.delete(f"/v1/cards/{CARD}", headers=other)
    asked.holds("removed", gone.status_code == 204)


async def _state(
    client: httpx2.AsyncClient, key: Mapping[str, str], things: Things, service: Service
) -> list[object]:
    """All that a tenant has: as told, and as it lies on disk."""
    told = [
        (await client.get(path, headers=key)).json()
        for path in (
            *(f"/v1/formulations/{job}" for job in things.jobs),
            f"/v1/batches/{things.batch}",
            f"/v1/cards/{CARD}",
        )
    ]
    folder = settings_for(service.settings, "a").data_dir
    files = [
        (str(path), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    return [*told, files]


@asynccontextmanager
async def _guarded(folder: Path) -> AsyncIterator[tuple[httpx2.AsyncClient, Service]]:
    """The service with keys and a scripted model, without a socket."""
    settings = Settings(data_dir=folder, samples=1, serve_requests_per_minute=None)
    model = ScriptedModel(lambda call: read(call.messages[-1].content))
    app = create_app(settings, model, keys=True)
    service: Service = app.state.service
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        service.running(),
        httpx2.AsyncClient(
            transport=transport, base_url="http://r2c.example", timeout=120
        ) as client,
    ):
        yield client, service


def _card() -> str:
    with tempfile.TemporaryDirectory() as folder:
        begun = start_card(CARD, "capacity_limit", Path(folder) / "begun")
        return begun.read_text(encoding="utf-8")


def _bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def _found(asked: Asked, seed: int) -> Found:
    counts = asked.counts
    others = sum(counts.values()) - counts["known"] - counts["guessed"] - counts["no id at all"]
    rows: list[dict[str, Any]] = [
        {"asked by another tenant": what, "requests": number}
        for what, number in (
            (f"{len(asked.operations)} operations, ids that are known", counts["known"]),
            ("the same, ids that are guessed", counts["guessed"]),
            ("the same, paths in place of ids", counts["no id at all"]),
            ("lists, searches, cards, idempotency keys, streams", others),
            ("told or changed anything", len(asked.broken)),
        )
    ]
    note = f"Every operation of `/openapi.json` that names one thing; drawn with seed {seed}."
    measures = [
        Measure("requests", [sum(counts.values())]),
        Measure("operations", [len(asked.operations)]),
        Measure("broken", [len(asked.broken)]),
    ]
    more: dict[str, Any] = {"operations": sorted(asked.operations), "counts": dict(counts)}
    return Found(rows, note, measures, asked.broken, more)
