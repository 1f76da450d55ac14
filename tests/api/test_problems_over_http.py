"""Whatever is wrong leaves as a problem with a code, a reason and a remedy, in bounded time."""

from __future__ import annotations

import io
import time
import zipfile

import httpx2
import pytest
from watched import Open, is_problem


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({}, "R2C-B601", "#/text"),
        ({"text": 3}, "R2C-B601", "#/text"),
        ({"text": "x", "tekst": 1}, "R2C-B601", "#/tekst"),
        ({"text": "x", "samples": 0}, "R2C-B601", "#/samples"),
        ({"text": "x", "model": "http://169.254.169.254/v1#m"}, "R2C-B601", "#/model"),
        ({"text": "x", "title": "t" * 201}, "R2C-B601", "#/title"),
        ({"text": ""}, "R2C-P001", None),
        ({"text": " \n"}, "R2C-P001", None),
        ({"text": "a\x00b"}, "R2C-P003", None),
        ({"text": "x" * 200_001}, "R2C-P002", None),
        ({"text": "x", "tables": {"t": []}}, "R2C-P015", None),
        ({"text": "x", "tables": {"t": {"a": [1], "b": [1, 2]}}}, "R2C-P050", None),
    ],
)
async def test_a_wrong_request_is_told_where_it_is_wrong(
    body: dict[str, object], code: str, pointer: str | None, service_open: Open
) -> None:
    async with service_open(serve_jobs=0) as (client, service):
        said = is_problem(await client.post("/v1/formulations", json=body), 422, code)
        assert said["instance"] == "/v1/formulations"
        if pointer is not None:
            assert pointer in [item["pointer"] for item in said["errors"]]
        assert service.jobs.page("local", 10, None) == []


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"nonsense", b"[]", b"\xff\xfe", b'{"text": "\\ud800"}', b"[" * 100_000,
     b'{"text": "x", "samples": 1e999}',
     b'{"text": "x", "samples": ' + b"9" * 10_000 + b"}",
     b'{"text": "x", "tables": {"t": [{"a": "\\ud800"}]}}'],
)  # fmt: skip
async def test_bytes_that_are_no_request_are_refused(raw: bytes, service_open: Open) -> None:
    async with service_open(serve_jobs=0) as (client, _):
        sent = await client.post(
            "/v1/formulations", content=raw, headers={"Content-Type": "application/json"}
        )
        assert sent.status_code == 422
        is_problem(sent, 422, sent.json()["code"])


async def test_what_does_not_exist_is_a_problem_too(service_open: Open) -> None:
    async with service_open(serve_jobs=0) as (client, _):
        is_problem(await client.get("/v1/formulations/0123456789abcdef"), 404, "R2C-B602")
        is_problem(await client.get("/v1/formulations/..%2f..%2fetc"), 404, "R2C-B612")
        is_problem(await client.get("/v1/formulations/A_B"), 422, "R2C-B601")
        is_problem(await client.get("/nothing"), 404, "R2C-B612")
        is_problem(await client.put("/v1/formulations"), 405, "R2C-B612")
        is_problem(await client.get("/v1/formulations?limit=0"), 422, "R2C-B601")
        sent = await client.post(
            "/v1/formulations", content=b"<x/>", headers={"Content-Type": "application/xml"}
        )
        is_problem(sent, 415, "R2C-B611")


async def test_a_request_that_is_too_large_is_refused_without_being_kept(
    service_open: Open,
) -> None:
    async def endless():
        for _ in range(3000):
            yield b" " * 1000

    async with service_open(serve_jobs=0, serve_body_mb=1) as (client, _):
        announced = await client.post("/v1/formulations", content=b" " * 1_000_001)
        is_problem(announced, 413, "R2C-B603")
        counted = await client.post("/v1/formulations", content=endless())
        is_problem(counted, 413, "R2C-B603")
        form = await client.post(
            "/v1/formulations",
            data={"text": "x"},
            files={"files": ("a.csv", b"a,b\n" + b"1,2\n" * 300_000)},
        )
        is_problem(form, 413, "R2C-B603")


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.exe", b"MZ", "R2C-P012"),
        ("a", b"x", "R2C-P012"),
        ("a.csv", b"", "R2C-P015"),
        ("a.csv", b"\x00\x01\x02\x81", None),
        ("a.xlsx", b"no workbook", "R2C-P040"),
        ("a.json", b'{"a": [1, {"b": 2}]}', None),
        ("a.xlsx", bomb(), "R2C-P041"),
    ],
)
async def test_a_file_that_cannot_be_read_is_told_by_its_name_alone(
    name: str, content: bytes, code: str | None, service_open: Open
) -> None:
    async with service_open(serve_jobs=0) as (client, _):
        sent = await client.post(
            "/v1/formulations", data={"text": "x"}, files={"files": (name, content)}
        )
        said = is_problem(sent, 422, code or sent.json()["code"])
        assert "/" not in said["detail"].replace("application/", "")


async def test_a_file_that_takes_too_long_is_given_up(service_open: Open) -> None:
    rows = b"".join(b"%d,%d\n" % (n, n) for n in range(300_000))
    async with service_open(serve_jobs=0, serve_reading_seconds=0.3) as (client, _):
        began = time.monotonic()
        sent = await client.post(
            "/v1/formulations", data={"text": "x"}, files={"files": ("a.csv", b"a,b\n" + rows)}
        )
        is_problem(sent, 422, "R2C-B609")
        assert time.monotonic() - began < 30


async def test_a_fault_of_the_service_tells_nothing_of_the_request(
    service_open: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret words")

    async with service_open(serve_jobs=0) as (client, service):
        monkeypatch.setattr(service.jobs, "page", broken)
        sent = await client.get("/v1/formulations")
        assert "secret" not in sent.text
        is_problem(sent, 500, "R2C-B600")


async def test_the_description_of_the_service_documents_its_problems(service_open: Open) -> None:
    async with service_open(serve_jobs=0) as (client, _):
        said: httpx2.Response = await client.get("/openapi.json")
        described = said.json()
        assert described["openapi"].startswith("3.1")
        for path, operations in described["paths"].items():
            for operation in operations.values():
                assert operation["summary"], path
                for status, answer in operation["responses"].items():
                    if status[0] in "45" and path.startswith("/v1"):
                        assert "application/problem+json" in answer["content"], (path, status)
