"""A key opens what it is for, for as long as it is in force, and to its tenant's things alone."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from readers import BAKERY
from typer.testing import CliRunner
from watched import is_problem, state_of

from r2c.errors import InputError
from r2c.llm.model import LanguageModel
from r2c.settings import Settings
from r2c_api.app import create_app
from r2c_api.keys.bucket import Buckets
from r2c_api.keys.command import app as command
from r2c_api.keys.key import Allowance, Scope, draw
from r2c_api.keys.table import Deed
from r2c_api.service import Service
from r2c_api.serving import needs_keys, serve

WAIT = {"Prefer": "wait=60"}


@asynccontextmanager
async def guarded(
    settings: Settings, model: LanguageModel | None = None, **other: object
) -> AsyncIterator[tuple[httpx2.AsyncClient, Service]]:
    app = create_app(settings.model_copy(update=other), model, keys=True)
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.state.service.running(),
        httpx2.AsyncClient(transport=transport, base_url="http://r2c.example") as client,
    ):
        yield client, app.state.service


def bearer(written: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {written}"}


async def test_nothing_but_health_is_told_without_a_key(settings: Settings) -> None:
    async with guarded(settings, serve_jobs=0) as (client, service):
        for path in ("/healthz", "/readyz", "/openapi.json"):
            assert (await client.get(path)).status_code == 200
        described = (await client.get("/openapi.json")).json()["paths"]
        for path, operations in described.items():
            for method in operations:
                if path not in ("/healthz", "/readyz"):
                    sent = await client.request(method, path.replace("{job}", "abcd"))
                    is_problem(sent, 401, "R2C-B630")
                    assert sent.headers["www-authenticate"].startswith("Bearer")
        is_problem(await client.get("/nothing"), 401, "R2C-B630")
        _, written = service.keys.create("a")
        unknown = draw()[1]
        for wrong in (
            "", "Bearer", "Bearer x", f"Basic {written}", f"Bearer {written}0", f"Bearer {unknown}",
            f"Bearer {written[:-1]}{'0' if written[-1] != '0' else '1'}", "Bearer r2c_\xff_\xff",
        ):  # fmt: skip
            headers = {b"Authorization": wrong.encode("latin-1")}
            sent = await client.get("/v1/formulations", headers=headers)
            is_problem(sent, 401, "R2C-B630")
        assert (await client.get("/v1/formulations", headers=bearer(written))).status_code == 200


async def test_a_request_without_a_key_is_refused_before_its_body_is_read(
    settings: Settings,
) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b" " * 1000

    async with guarded(settings, serve_jobs=0) as (client, _):
        is_problem(await client.post("/v1/formulations", content=endless()), 401, "R2C-B630")
    assert read <= 1


async def test_a_key_allows_what_its_scopes_say(settings: Settings) -> None:
    async with guarded(settings, serve_jobs=0) as (client, service):
        reader = service.keys.create("a", scopes=frozenset({Scope.READ}))[1]
        writer = service.keys.create("a", scopes=frozenset({Scope.WRITE}))[1]
        meter = service.keys.create("a", scopes=frozenset({Scope.METRICS}))[1]
        send: dict[str, Any] = {"json": {"text": BAKERY.text}}
        made = await client.post("/v1/formulations", **send, headers=bearer(writer))
        assert made.status_code == 202
        url = made.headers["location"]
        assert (await client.get(url, headers=bearer(reader))).status_code == 200
        refused = await client.post("/v1/formulations", **send, headers=bearer(reader))
        assert "'write'" in is_problem(refused, 403, "R2C-B631")["detail"]
        is_problem(await client.get(url, headers=bearer(writer)), 403, "R2C-B631")
        is_problem(await client.get("/metrics", headers=bearer(reader)), 403, "R2C-B631")
        assert (await client.get("/metrics", headers=bearer(meter))).status_code == 200


async def test_a_key_is_in_force_until_it_is_revoked_rotated_or_too_old(
    settings: Settings,
) -> None:
    async with guarded(settings, serve_jobs=0) as (client, service):

        async def status(written: str) -> int:
            return (await client.get("/v1/formulations", headers=bearer(written))).status_code

        key, written = service.keys.create("a", allowance=Allowance(tokens_per_day=5))
        fresh, renewed = service.keys.rotate(key.id, hours=0.0005)
        assert (fresh.tenant, fresh.allowance) == (key.tenant, key.allowance)
        assert (await status(written), await status(renewed)) == (200, 200)
        await asyncio.sleep(2.0)
        assert (await status(written), await status(renewed)) == (401, 200)
        service.keys.expire(fresh.id)
        assert await status(renewed) == 401
        short = service.keys.create("a", days=0.5 / 86400)[1]
        await asyncio.sleep(0.6)
        assert await status(short) == 401
        with pytest.raises(InputError, match="R2C-B633"):
            service.keys.expire("none")


async def test_nobody_reaches_the_things_of_another_tenant(settings: Settings) -> None:
    async with guarded(settings, BAKERY.model()) as (client, service):
        mine = bearer(service.keys.create("a")[1])
        other = bearer(service.keys.create("b")[1])
        send: dict[str, Any] = {"json": {"text": BAKERY.text}}
        keyed = {"Idempotency-Key": "same", **WAIT}
        job = (await client.post("/v1/formulations", **send, headers=mine | keyed)).json()
        assert job["state"] == "succeeded"
        foreign = (await client.post("/v1/formulations", **send, headers=other | keyed)).json()
        assert foreign["id"] != job["id"]  # the same key of another tenant is another key
        batch = (
            await client.post("/v1/batches", json={"items": [send["json"]]}, headers=mine)
        ).json()
        bodies: dict[str, Any] = {
            "what-if": {"changes": ["without r1"]},
            "scenarios": {"changes": ["x = 1, 2"]},
            "why-not": {"wish": "buns >= 1"},
            "answers": {"answers": {"which": "1"}},
        }
        paths = (await client.get("/openapi.json")).json()["paths"]
        asked = 0
        for path, operations in paths.items():
            if "{job}" not in path and "{batch}" not in path:
                continue
            for method in operations:
                url = path.replace("{job}", job["id"]).replace("{batch}", batch["id"])
                url = url.replace("{form}", "lp").replace("{rule}", "r1")
                body = bodies.get(url.rpartition("/")[2], {} if method == "patch" else None)
                params = {"to": foreign["id"]} if url.endswith("/diff") else None
                sent = await client.request(method, url, json=body, params=params, headers=other)
                assert sent.status_code == 404, (method, url, sent.text)
                assert sent.json()["code"] in ("R2C-B602", "R2C-B622")
                asked += 1
        assert asked >= 15
        to = await client.get(
            f"/v1/formulations/{foreign['id']}/diff", params={"to": job["id"]}, headers=other
        )
        is_problem(to, 404, "R2C-B602")
        words = await client.get("/", params={"job": job["id"]}, headers=other)
        assert words.status_code == 404 and BAKERY.text[:20] not in words.text
        own = await client.get("/", params={"job": job["id"]}, headers=mine)
        assert BAKERY.text[:20] in own.text
        listed = (await client.get("/v1/formulations", headers=other)).json()["jobs"]
        assert [item["id"] for item in listed] == [foreign["id"]]
        folder = settings.data_dir / "service" / "tenants"
        kept = {
            path.name: {job.name for job in (path / "jobs").iterdir()} for path in folder.iterdir()
        }
        assert kept["b"] == {foreign["id"]} and foreign["id"] not in kept["a"]


async def test_requests_are_limited_by_the_minute_and_the_headers_tell(settings: Settings) -> None:
    async with guarded(settings, serve_jobs=0, serve_requests_per_minute=3) as (client, service):
        one = bearer(service.keys.create("a")[1])
        two = bearer(service.keys.create("a")[1])  # of the same tenant, from the same bucket
        free = bearer(service.keys.create("b", allowance=Allowance(requests_per_minute=100))[1])
        left = []
        for headers in (one, two, one):
            sent = await client.get("/v1/formulations", headers=headers)
            assert sent.headers["ratelimit-policy"] == '"requests";q=3;w=60'
            left.append(sent.headers["ratelimit"])
        assert [item.split(";")[1] for item in left] == ["r=2", "r=1", "r=0"]
        until = [int(item.partition(";t=")[2]) for item in left]  # full, full, the next one
        assert all(1 <= found <= most for found, most in zip(until, (20, 40, 20), strict=True))
        refused = await client.get("/v1/formulations", headers=two)
        is_problem(refused, 429, "R2C-B632")
        wait = refused.headers["retry-after"]
        assert 1 <= int(wait) <= 20
        assert refused.headers["ratelimit"] == f'"requests";r=0;t={wait}'
        assert (await client.get("/v1/formulations", headers=free)).status_code == 200


def test_a_bucket_fills_evenly() -> None:
    now = [0.0]
    buckets = Buckets(clock=lambda: now[0])
    assert [buckets.draw("a", 2).allowed for _ in range(3)] == [True, True, False]
    assert buckets.draw("b", 2).allowed
    now[0] = 29.0
    assert buckets.draw("a", 2).wait == 1
    now[0] = 30.0
    assert [buckets.draw("a", 2).allowed for _ in range(2)] == [True, False]
    now[0] = 10_000.0
    assert [buckets.draw("a", 2).allowed for _ in range(3)] == [True, True, False]


def test_a_draw_tells_when_the_bucket_is_full_and_when_the_next_request_comes() -> None:
    now = [0.0]
    buckets = Buckets(clock=lambda: now[0])
    told = [buckets.draw("a", 4) for _ in range(5)]
    assert [(drawn.left, drawn.wait) for drawn in told] == [
        (3, 15), (2, 30), (1, 45), (0, 15), (0, 15),
    ]  # fmt: skip
    now[0] = 7.4
    assert buckets.draw("a", 4).wait == 8  # who comes back then is not too early
    now[0] = 60.0
    assert (buckets.draw("a", 4).left, buckets.draw("b", 4).wait) == (3, 15)


async def test_what_jobs_use_is_counted_and_limited_by_the_day(settings: Settings) -> None:
    async with guarded(settings, BAKERY.model()) as (client, service):
        few = Allowance(tokens_per_day=1000)
        poor = bearer(service.keys.create("a", allowance=few)[1])
        rich = bearer(service.keys.create("a")[1])
        made = await client.post(
            "/v1/formulations", json={"text": BAKERY.text}, headers=rich | WAIT
        )
        job = made.json()
        result = (await client.get(f"{job['links']['result']}", headers=poor)).json()
        for _ in range(50):
            used = service.keys.used("a")
            if used.tokens:
                break
            await asyncio.sleep(0.1)
        usage = result["usage"]
        assert used.tokens == usage["prompt_tokens"] + usage["completion_tokens"] > 1000
        assert 0 < used.solver_seconds < 60
        refused = await client.post("/v1/formulations", json={"text": "x"}, headers=poor)
        assert "tokens" in is_problem(refused, 429, "R2C-B634")["detail"]
        assert 0 < int(refused.headers["retry-after"]) <= 86400
        assert (await client.get(job["links"]["self"], headers=poor)).status_code == 200
        short = Allowance(solver_seconds_per_day=used.solver_seconds)
        slow = bearer(service.keys.create("a", allowance=short)[1])
        refused = await client.post("/v1/solve", json={"cir": {}}, headers=slow)
        assert "solver" in is_problem(refused, 429, "R2C-B634")["detail"]
        assert service.keys.used("b").tokens == 0
        other = bearer(service.keys.create("b")[1])
        what = {"changes": ["without r1"]}
        url = job["links"]["self"]
        is_problem(await client.post(f"{url}/what-if", json=what, headers=other), 404, "R2C-B602")


async def test_what_was_done_is_on_record_and_reading_is_not(settings: Settings) -> None:
    async with guarded(settings, serve_jobs=0) as (client, service):
        key, written = service.keys.create("a")
        made = await client.post(
            "/v1/formulations", json={"text": BAKERY.text}, headers=bearer(written)
        )
        job = made.json()["id"]
        await client.get(made.headers["location"], headers=bearer(written))
        await client.post(f"{made.headers['location']}/cancel", headers=bearer(written))
        await client.get("/v1/formulations")
        deeds = [(deed.tenant, deed.key, deed.action, deed.subject, deed.status)
                 for deed in service.keys.deeds(10)]  # fmt: skip
        assert deeds[1:] == [
            ("a", key.id, "POST /v1/formulations/{job}/cancel", job, 200),
            ("a", key.id, "POST /v1/formulations", job, 202),
        ]
        assert deeds[0][0] == "" and deeds[0][4] == 401
        assert len(service.keys.deeds(10, "a")) == 2


async def test_no_secret_and_no_word_of_a_problem_reaches_a_log(
    settings: Settings, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    from pydantic import SecretStr

    caplog.set_level(0)
    text = BAKERY.text.replace("bakery", "canarywordbakery")
    async with guarded(settings, BAKERY.model(), api_key=SecretStr("canarysecret")) as (
        client, service,
    ):  # fmt: skip
        _, written = service.keys.create("a")
        made = await client.post(
            "/v1/formulations",
            json={"text": text, "title": "canarytitle"},
            headers=bearer(written) | WAIT | {"Idempotency-Key": "canarykey"},
        )
        assert made.json()["state"] == "succeeded"
        wrong = await client.post(
            "/v1/formulations?q=canaryquery",
            json={"text": text, "canaryfield": 1},
            headers=bearer(written),
        )
        assert wrong.status_code == 422
        await client.get("/v1/canarypath", headers=bearer("r2c_canary"))
        metrics = service.metrics.text().decode()
        audit = "".join(deed.model_dump_json() for deed in service.keys.deeds(100))
    captured = capfd.readouterr()
    # What the client of the test logs about itself is not the service's.
    records = [item.getMessage() for item in caplog.records if item.name != "httpx2"]
    logged = "\n".join((captured.out, captured.err, *records, metrics))
    assert "/v1/formulations" in logged
    for canary in ("canary", written, written.split("_")[2], "canarysecret"):
        assert canary not in logged
    for canary in (written.split("_")[2], "canaryword", "canarysecret", "canaryquery"):
        assert canary not in audit
    secret = written.split("_")[2].encode()
    for path in settings.data_dir.rglob("*"):
        if path.is_file():
            assert secret not in path.read_bytes() and b"canarysecret" not in path.read_bytes()


def test_keys_are_made_listed_rotated_and_revoked_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("R2C_DATA_DIR", str(tmp_path))
    runner = CliRunner()

    def said(*words: str) -> str:
        done = runner.invoke(command, words)
        assert done.exit_code == 0, done.output
        return done.stdout

    written = said("create", "acme", "--name", "web", "--scope", "read", "--days", "3").strip()
    id = written.split("_")[1]
    (told,) = json.loads(said("list", "--json"))["keys"]
    assert (told["tenant"], told["name"], told["scopes"]) == ("acme", "web", ["read"])
    assert told["valid"] and "digest" not in told
    renewed = said("rotate", id, "--hours", "0").strip()
    assert renewed != written
    assert f"{id}  acme  read  not in force  web" in said("list")
    said("revoke", renewed.split("_")[1])
    assert "  in force" not in said("list")
    actions = [json.loads(line)["action"] for line in said("audit").splitlines()]
    assert actions == ["revoke key", f"rotate key {id}", "create key"]
    assert written not in said("list") + said("audit")
    for words, code in (
        (("create", "../etc"), "R2C-B635"),
        (("create", "a", "--scope", "root"), "R2C-B636"),
        (("revoke", "none"), "R2C-B633"),
    ):
        assert code in str(runner.invoke(command, words).exception)


def test_every_address_but_the_loopback_needs_keys(settings: Settings) -> None:
    for host in ("127.0.0.1", "::1", "[::1]", "localhost", "127.0.0.2"):
        assert not needs_keys(host, wanted=False) and needs_keys(host, wanted=True)
    for host in ("0.0.0.0", "::", "192.168.1.5", "example.org", "127.0.0.1.example.org", ""):
        assert needs_keys(host, wanted=False)
    with pytest.raises(InputError, match="R2C-B616"):
        serve(settings, "0.0.0.0", 0, keys=True)


async def test_a_tenant_with_many_jobs_does_not_keep_others_waiting(settings: Settings) -> None:
    async with guarded(settings, serve_jobs=0) as (client, service):
        many = bearer(service.keys.create("many")[1])
        one = bearer(service.keys.create("one")[1])
        for headers in (many, many, many, one):
            await client.post("/v1/formulations", json={"text": "x"}, headers=headers)
        claimed = [service.jobs.claim("w") for _ in range(3)]
        assert [item[0].tenant for item in claimed if item] == ["many", "one", "many"]


async def test_the_time_to_refuse_a_key_does_not_grow_with_the_number_of_keys(
    settings: Settings,
) -> None:
    async with guarded(settings, serve_jobs=0) as (client, service):
        for _ in range(50):
            service.keys.create("a")
        began = time.monotonic()
        for _ in range(20):
            await client.get("/v1/formulations", headers=bearer(draw()[1]))
        assert time.monotonic() - began < 20


async def test_a_job_of_a_revoked_key_goes_on(settings: Settings) -> None:
    async with guarded(settings, BAKERY.model()) as (client, service):
        key, written = service.keys.create("a")
        made = await client.post(
            "/v1/formulations", json={"text": BAKERY.text}, headers=bearer(written)
        )
        service.keys.expire(key.id)
        client.headers.update(bearer(service.keys.create("a")[1]))
        assert (await state_of(client, made.json()["id"], "succeeded"))["state"] == "succeeded"


def test_a_fresh_key_ends_when_the_old_one_would_have_ended(settings: Settings) -> None:
    service = Service(settings)
    old, _ = service.keys.create("a", days=3)
    fresh, _ = service.keys.rotate(old.id, hours=24)
    assert fresh.expires == old.expires
    ended = service.keys.get(old.id).expires
    assert ended is not None and old.expires is not None and ended < old.expires
    service.database.close()


def test_no_key_that_was_revoked_or_is_too_old_is_rotated(settings: Settings) -> None:
    service = Service(settings)
    revoked, _ = service.keys.create("a")
    service.keys.expire(revoked.id)
    old, _ = service.keys.create("a", days=-1)
    for key in (revoked, old):
        with pytest.raises(InputError, match="R2C-B637"):
            service.keys.rotate(key.id, hours=1)
    assert len(service.keys.every()) == 2
    service.database.close()


async def test_requests_without_a_key_write_one_line_a_minute_to_the_audit(
    settings: Settings,
) -> None:
    async with guarded(settings, serve_jobs=0) as (client, service):
        for _ in range(5):
            is_problem(await client.post("/v1/formulations"), 401, "R2C-B630")
            is_problem(await client.get("/v1/formulations"), 401, "R2C-B630")
        assert [deed.status for deed in service.keys.deeds(100)] == [401]
        _, written = service.keys.create("a")
        for _ in range(2):
            await client.post("/v1/formulations", json={"text": ""}, headers=bearer(written))
        assert [deed.status for deed in service.keys.deeds(100)] == [422, 422, 401]


def test_old_lines_of_the_audit_and_of_use_are_forgotten(settings: Settings) -> None:
    service = Service(settings)
    for at in (1.0, time.time()):
        service.keys.note(Deed(at=at, tenant="a", key="", action="GET /"))
    service.keys.use("a", tokens=1)
    with service.database.writing() as session:
        session.run(
            "INSERT INTO used (tenant, day, tokens, seconds) VALUES ('a', '2020-01-01', 1, 1)"
        )
    service.keys.remove_old(time.time() - 86400)
    assert len(service.keys.deeds(10)) == 1
    with service.database.reading() as session:
        assert len(session.run("SELECT day FROM used")) == 1
    service.database.close()


async def test_the_record_names_the_batch_or_the_card_that_was_changed(settings: Settings) -> None:
    async with guarded(settings, serve_jobs=0) as (client, service):
        written = bearer(service.keys.create("a")[1])
        send = {"items": [{"text": BAKERY.text}]}
        made = await client.post("/v1/batches", json=send, headers=written)
        batch = made.json()["id"]
        await client.post(f"/v1/batches/{batch}/cancel", headers=written)
        await client.delete("/v1/cards/dock_limit", headers=written)
        deeds = [(deed.action, deed.subject, deed.status) for deed in service.keys.deeds(10)]
    assert deeds == [
        ("DELETE /v1/cards/{id}", "dock_limit", 404),
        ("POST /v1/batches/{batch}/cancel", batch, 200),
        ("POST /v1/batches", batch, 202),
    ]


async def test_a_tenant_with_a_full_share_of_the_queue_is_told_when_to_come_back(
    settings: Settings,
) -> None:
    async with guarded(settings, serve_jobs=0, serve_queue_share=1) as (client, service):
        first, second = (bearer(service.keys.create(tenant)[1]) for tenant in ("a", "b"))
        send: dict[str, Any] = {"json": {"text": BAKERY.text}}
        assert (await client.post("/v1/formulations", **send, headers=first)).status_code == 202
        full = await client.post("/v1/formulations", **send, headers=first)
        is_problem(full, 429, "R2C-B624")
        assert int(full.headers["retry-after"]) > 0
        assert (await client.post("/v1/formulations", **send, headers=second)).status_code == 202


async def test_a_fault_of_the_service_is_in_the_audit_and_has_the_headers_of_the_limits(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret words")

    async with guarded(settings, serve_jobs=0) as (client, service):
        monkeypatch.setattr(service.jobs, "cancel", broken)
        _, written = service.keys.create("a")
        sent = await client.post("/v1/formulations/abcd/cancel", headers=bearer(written))
        is_problem(sent, 500, "R2C-B600")
        assert "ratelimit" in sent.headers
        (deed,) = service.keys.deeds(10)
        assert (deed.tenant, deed.status) == ("a", 500)
