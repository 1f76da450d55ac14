"""Who may see and do what on the page, from where it loads, and what files it has."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from browser_form import form
from readers import BAKERY
from watched import Open, is_problem

import r2c_api.page
from r2c.settings import Settings
from r2c_api.app import create_app
from r2c_api.keys.key import Scope
from r2c_api.page.assets import assets, vendored
from r2c_api.page.paths import is_page, local
from r2c_api.service import Service

VENDOR = Path(r2c_api.page.__file__).parent / "static" / "vendor"
OWN = {"Origin": "http://r2c.example"}


@asynccontextmanager
async def guarded(settings: Settings) -> AsyncIterator[tuple[httpx2.AsyncClient, Service]]:
    app = create_app(settings.model_copy(update={"serve_jobs": 0}), keys=True)
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.state.service.running(),
        httpx2.AsyncClient(transport=transport, base_url="http://r2c.example") as client,
    ):
        yield client, app.state.service


def test_every_vendored_file_is_the_one_that_was_looked_at() -> None:
    told = {name: digest for item in vendored() for name, digest in item.files.items()}
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "VENDORED.json"
    }
    assert found == told
    for item in vendored():
        assert any(name.endswith("LICENSE") for name in item.files), item.name


async def test_every_page_says_where_it_may_load_from(service_open: Open) -> None:
    async with service_open(serve_jobs=0) as (client, _):
        for path in ("/", "/jobs", "/jobs/abcdefgh", "/static/page.css", "/static/none.css"):
            headers = (await client.get(path)).headers
            policy = headers["content-security-policy"]
            assert policy.startswith("default-src 'none'; script-src 'self';")
            assert "unsafe" not in policy and "http" not in policy
            assert "frame-ancestors 'none'" in policy and "form-action 'self'" in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
        assert (await client.get("/")).headers["cache-control"] == "no-store"
        assert "content-security-policy" not in (await client.get("/healthz")).headers


async def test_files_are_kept_by_browsers_and_found_by_name_alone(service_open: Open) -> None:
    async with service_open(serve_jobs=0) as (client, _):
        plain = await client.get("/static/page.css")
        assert plain.headers["cache-control"] == "no-cache"
        assert plain.headers["content-encoding"] == "gzip"
        digest = assets()["page.css"].digest
        lasting = await client.get(f"/static/page.css?v={digest}")
        assert "immutable" in lasting.headers["cache-control"]
        known = {"If-None-Match": lasting.headers["etag"]}
        assert (await client.get("/static/page.css", headers=known)).status_code == 304
        whole = await client.get("/static/page.css", headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in whole.headers and whole.text == plain.text
        for name in (
            "../app.py", "..%2fapp.py", "%2e%2e/%2e%2e/app.py", "/etc/passwd", "vendor", "",
            "vendor/VENDORED.json", "page.css/", "page.css%00", "..\\app.py",
        ):  # fmt: skip
            sent = await client.get(f"/static/{name}")
            assert sent.status_code == 404, name
            assert "root:" not in sent.text and "import" not in sent.text


async def test_faults_of_a_page_are_html_and_those_of_an_endpoint_stay_problems(
    service_open: Open,
) -> None:
    async with service_open(serve_jobs=0) as (client, _):
        page = await client.get("/jobs/abcdefgh")
        assert page.status_code == 404
        assert "There is no formulation" in page.text and "<html" in page.text
        part = await client.get("/jobs/abcdefgh", headers={"HX-Request": "true"})
        assert part.text.startswith('<div class="fault" role="alert">')
        wrong = await client.get("/jobs/<script>")
        assert wrong.status_code == 422 and "<script>" not in wrong.text.split("<body")[1]
        is_problem(await client.get("/v1/formulations/abcdefgh"), 404, "R2C-B602")
        big = await client.post("/jobs", content=b"x", headers={"Content-Length": "99999999999"})
        assert big.status_code == 413 and "R2C-B603" in big.text and "<html" in big.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost:9999"},
        {"Origin": "null"},
    ],
)
async def test_no_page_of_others_can_act_on_this_one(
    headers: dict[str, str], service_open: Open
) -> None:
    async with service_open(serve_jobs=0) as (client, service):
        send = form(text=BAKERY.text)
        sent = await client.post(
            "/jobs", content=send["content"], headers=send["headers"] | headers
        )
        assert sent.status_code == 403
        assert service.jobs.page("local", 10, None) == []


async def test_a_key_is_asked_for_kept_where_no_script_reads_it_and_forgotten(
    settings: Settings,
) -> None:
    async with guarded(settings) as (client, service):
        for path in ("/", "/jobs", "/jobs/abcdefgh"):
            away = await client.get(path)
            assert away.status_code == 303
            assert away.headers["location"] == f"/sign-in?next={path}"
        part = await client.get("/jobs", headers={"HX-Request": "true"})
        assert part.headers["hx-redirect"] == "/sign-in?next=/"
        assert (await client.get("/static/page.css")).status_code == 200
        asked = await client.get("/sign-in?next=/jobs")
        assert 'type="password"' in asked.text and 'value="/jobs"' in asked.text
        wrong = await client.post("/sign-in", data={"key": "r2c_x", "next": "/"}, headers=OWN)
        assert wrong.status_code == 401 and "set-cookie" not in wrong.headers
        assert "not in force" in wrong.text
        key, written = service.keys.create("a")
        come = await client.post("/sign-in", data={"key": written, "next": "/jobs"}, headers=OWN)
        assert (come.status_code, come.headers["location"]) == (303, "/jobs")
        cookie = come.headers["set-cookie"]
        assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Path=/" in cookie
        assert "Secure" not in cookie  # over http
        assert (await client.get("/jobs")).status_code == 200
        assert (await client.get("/v1/formulations")).status_code == 200
        send = form(text=BAKERY.text)
        made = await client.post("/jobs", content=send["content"], headers=send["headers"] | OWN)
        assert made.status_code == 303
        assert (await client.get(made.headers["location"])).status_code == 200
        service.keys.expire(key.id)
        assert (await client.get("/jobs")).status_code == 303  # a key that ends ends its session
        out = await client.post("/sign-out", headers=OWN)
        assert out.status_code == 303 and 'r2c_session=""' in out.headers["set-cookie"]
        actions = [(deed.action, deed.status) for deed in service.keys.deeds(50)]
        assert ("POST /sign-in", 401) in actions


async def test_cookies_of_other_programs_hide_no_key(settings: Settings) -> None:
    async with guarded(settings) as (client, service):
        written = service.keys.create("a")[1]
        for other in ('a={"x":1}', "x y=1", "é=1", "=", "b"):
            sent = f"{other}; r2c_session={written}".encode()
            assert (await client.get("/jobs", headers=[(b"cookie", sent)])).status_code == 200


async def test_a_cookie_alone_changes_nothing_from_another_page(settings: Settings) -> None:
    async with guarded(settings) as (client, service):
        written = service.keys.create("a")[1]
        await client.post("/sign-in", data={"key": written}, headers=OWN)
        send: dict[str, Any] = {"json": {"text": BAKERY.text}}
        for headers in ({}, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "same-site"}):
            sent = await client.post("/v1/formulations", **send, headers=headers)
            is_problem(sent, 403, "R2C-B700")
        assert (await client.post("/v1/formulations", **send, headers=OWN)).status_code == 202
        # A header is sent by programs, on purpose: it needs no origin.
        bearer = {"Authorization": f"Bearer {written}"}
        assert (await client.post("/v1/formulations", **send, headers=bearer)).status_code == 202
        wrong = {"Authorization": "Bearer r2c_x", **OWN}
        is_problem(await client.get("/v1/formulations", headers=wrong), 401, "R2C-B630")


async def test_a_page_shows_the_jobs_of_its_tenant_alone(settings: Settings) -> None:
    async with guarded(settings) as (client, service):
        mine = {"Authorization": f"Bearer {service.keys.create('a')[1]}"}
        other = {"Authorization": f"Bearer {service.keys.create('b')[1]}"}
        text: dict[str, Any] = {"json": {"text": BAKERY.text, "title": "secret plan"}}
        job = (await client.post("/v1/formulations", **text, headers=mine)).json()["id"]
        assert "secret plan" in (await client.get("/jobs", headers=mine)).text
        assert "secret plan" not in (await client.get("/jobs", headers=other)).text
        for method, path in (
            ("GET", ""), ("GET", "/worth"), ("POST", "/cancel"), ("POST", "/what-if"),
            ("POST", "/why-not"),
        ):  # fmt: skip
            data = {"words": "x = 1", "wish": "x"} if method == "POST" else None
            sent = await client.request(method, f"/jobs/{job}{path}", headers=other, data=data)
            assert sent.status_code == 404, path
        reader = service.keys.create("a", scopes=frozenset({Scope.READ}))[1]
        only = {"Authorization": f"Bearer {reader}"}
        assert (await client.get(f"/jobs/{job}", headers=only)).status_code == 200
        assert (await client.post(f"/jobs/{job}/cancel", headers=only)).status_code == 403


async def test_the_form_for_the_key_reads_little_from_strangers(settings: Settings) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b"key=" + b"x" * 1000

    async with guarded(settings) as (client, _):
        sent = await client.post("/sign-in", content=endless(), headers=OWN)
        assert sent.status_code == 422
    assert read < 10


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/jobs\\..",
        "/v1/x",
        "",
    ],
)
def test_nobody_is_led_away_after_signing_in(path: str) -> None:
    assert local(path) == "/"


def test_the_pages_are_told_from_the_endpoints() -> None:
    assert all(map(is_page, ("/", "/jobs", "/jobs/abcd", "/static/page.css", "/sign-in")))
    assert not any(map(is_page, ("/v1/formulations", "/healthz", "/jobsx", "/metrics")))
    assert local("/jobs/abcd?x=1") == "/jobs/abcd?x=1"
