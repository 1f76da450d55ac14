"""What an answer is made of, and the questions that begin where it ends."""

from __future__ import annotations

import asyncio
import csv
import json
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
from readers import BAKERY, HARVEST
from watched import Open, is_problem, state_of

from r2c import solve
from r2c.cir.schema import CIR
from r2c.cir.text import write_text
from r2c.formulation import Conflict, Formulation, Solution
from r2c.supposition import Scenarios, WhatIf, WhyNot

WAIT = {"Prefer": "wait=60"}
OVEN: dict[str, Any] = {
    "decisions": [
        {"name": "buns", "domain": "integer"},
        {"name": "cakes", "domain": "integer"},
    ],
    "rules": [
        {"id": "oven", "operands": {"relation": "2*buns + 6*cakes <= 60"}},
        {"id": "order", "operands": {"relation": "cakes >= 3"}},
    ],
    "objectives": [{"sense": "max", "expr": "buns + 4*cakes"}],
}


def relating(relation: str) -> dict[str, Any]:
    rule = {"id": "r", "operands": {"relation": relation}}
    return {"decisions": [{"name": "x"}], "rules": [rule]}


async def solved(client: httpx2.AsyncClient, cir: Any, **more: Any) -> Any:
    made = await client.post("/v1/solve", json={"cir": cir, **more}, headers=WAIT)
    assert made.status_code == 200, made.text
    assert made.json()["state"] == "succeeded", made.json()["fault"]
    return made.json()


async def test_every_part_of_an_answer_has_its_place(service_open: Open) -> None:
    async with service_open(BAKERY.model()) as (client, _):
        made = await client.post("/v1/formulations", json={"text": BAKERY.text}, headers=WAIT)
        links = made.json()["links"]
        whole = Formulation.model_validate_json((await client.get(links["result"])).content)
        assert whole.objective == pytest.approx(40.0)
        assert whole.problem.text == BAKERY.text
        cir = CIR.model_validate_json((await client.get(links["cir"])).content)
        assert cir == whole.cir
        text = await client.get(links["cir"], params={"form": "text"})
        assert "cakes" in text.text and text.headers["content-type"].startswith("text/plain")
        solution = Solution.model_validate_json((await client.get(links["solution"])).content)
        assert solution == whole.solution
        verdict = (await client.get(links["verdict"])).json()
        assert (verdict["outcome"], verdict["trust"]) == ("optimal", whole.trust.value)
        assert len(verdict["evidence"]) == len(whole.evidence)
        found = {form: (await client.get(links[form])).text for form in
                 ("latex", "lp", "mps", "python")}  # fmt: skip
        assert "\\le" in found["latex"]
        assert "subject to" in found["lp"].lower() or "s.t." in found["lp"].lower()
        assert "ROWS" in found["mps"]
        assert "import pyomo" in found["python"]
        is_problem(await client.get(links["iis"]), 404, "R2C-B605")
        same = await client.get(links["result"], headers={
            "If-None-Match": (await client.get(links["result"])).headers["etag"]})  # fmt: skip
        assert same.status_code == 304
        worth = (await client.get(links["sensitivity"])).json()
        assert [item["rule"] for item in worth["sensitivity"]]


async def test_an_infeasible_answer_tells_the_rules_that_clash(service_open: Open) -> None:
    async with service_open(HARVEST.model()) as (client, _):
        made = await client.post("/v1/formulations", json={"text": HARVEST.text}, headers=WAIT)
        conflict = Conflict.model_validate_json(
            (await client.get(made.json()["links"]["iis"])).content
        )
        assert len(conflict.rules) >= 2 and conflict.remedies


async def test_a_part_of_a_job_that_runs_is_refused_until_its_end(service_open: Open) -> None:
    async with service_open(BAKERY.model(), serve_jobs=0) as (client, _):
        made = await client.post("/v1/formulations", json={"text": BAKERY.text})
        url = made.headers["location"]
        for part in ("result", "cir", "verdict", "formulation/lp", "sensitivity"):
            is_problem(await client.get(f"{url}/{part}"), 409, "R2C-B604")
        asked = await client.post(f"{url}/what-if", json={"changes": ["without r1"]})
        is_problem(asked, 409, "R2C-B604")


async def test_a_model_is_solved_without_any_language_model(service_open: Open) -> None:
    async with service_open() as (client, _):
        job = await solved(client, OVEN, title="by hand")
        assert (job["kind"], job["title"]) == ("solve", "by hand")
        whole = await client.get(job["links"]["result"])
        assert whole.json()["id"] == job["id"]
        assert job["result"]["objective"] == pytest.approx(40.0)
        text = write_text(CIR.model_validate(OVEN))
        again = await solved(client, text)
        assert again["result"] == job["result"]


async def test_a_model_with_tables_reads_them(service_open: Open) -> None:
    folder = Path(__file__).parents[2] / "examples"
    cir = json.loads((folder / "transport.cir.json").read_text(encoding="utf-8"))
    tables: dict[str, list[dict[str, object]]] = {}
    for path in sorted((folder / "transport").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.stem] = [
                {name: float(value) if value.replace(".", "").isdecimal() else value
                 for name, value in row.items()}
                for row in csv.DictReader(file)
            ]  # fmt: skip
    known = solve(folder / "transport.cir.json", folder / "transport")
    async with service_open() as (client, _):
        job = await solved(client, cir, tables=tables)
        assert known.objective is not None
        assert job["result"]["objective"] == pytest.approx(known.objective)
        without = await solved(client, cir)
        assert without["result"]["outcome"] == "needs_input" and without["result"]["questions"]


@pytest.mark.parametrize(
    ("cir", "code"),
    [
        ({"decisions": [{"name": "1x"}]}, "R2C-C091"),
        ({"version": 99}, "R2C-C092"),
        (relating("__import__('os').system('x') <= 1"), None),
        (relating("(" * 5000 + "x" + ")" * 5000), None),
        ("/etc/passwd", None),
        ("nonsense\nmore", None),
    ],
)  # fmt: skip
async def test_a_model_that_cannot_be_read_is_refused_by_its_code(
    cir: Any, code: str | None, service_open: Open
) -> None:
    async with service_open(serve_jobs=0) as (client, _):
        began = time.monotonic()
        sent = await client.post("/v1/solve", json={"cir": cir})
        body = is_problem(sent, 422, code or sent.json()["code"])
        assert "root:" not in sent.text and body["code"].startswith("R2C-C")
        assert time.monotonic() - began < 30


async def test_a_model_of_a_size_that_cannot_be_solved_is_answered_soon(
    service_open: Open,
) -> None:
    huge = {
        "sets": [{"name": name, "elements": list(range(2000))} for name in ("I", "J", "K")],
        "decisions": [{"name": "x", "over": ["I", "J", "K"]}],
        "objectives": [{"sense": "max", "expr": "sum(x[i,j,k] for i in I for j in J for k in K)"}],
    }
    async with service_open() as (client, _):
        began = time.monotonic()
        sent = await client.post("/v1/solve", json={"cir": huge}, headers=WAIT)
        assert time.monotonic() - began < 60
        assert sent.json()["result"]["outcome"] in ("unsupported", "limit"), sent.text


async def test_a_power_that_nobody_can_write_down_is_answered_soon(service_open: Open) -> None:
    async with service_open() as (client, _):
        began = time.monotonic()
        job = await solved(client, relating("9**9**9**9 <= x"))
        assert time.monotonic() - began < 30
        assert job["result"]["outcome"] == "unsupported"


async def test_a_patched_rule_makes_a_formulation_of_its_own(service_open: Open) -> None:
    async with service_open() as (client, _):
        first = await solved(client, OVEN, title="bakery")
        patch = {"operands": {"relation": "2*buns + 6*cakes <= 66"}}
        url = f"{first['links']['self']}/cir/rules/oven"
        made = await client.patch(url, json=patch, headers=WAIT)
        assert made.status_code == 200, made.text
        second = made.json()
        assert (second["parent"], second["title"]) == (first["id"], "bakery")
        assert second["result"]["objective"] == pytest.approx(44.0)
        kept = (await client.get(first["links"]["self"])).json()
        assert kept["result"]["objective"] == pytest.approx(40.0)
        told = await client.get(f"{first['links']['self']}/diff", params={"to": second["id"]})
        assert told.json()["renamed"] is None  # another limit
        (change,) = told.json()["changes"]
        assert (change["kind"], change["name"]) == ("changed", "oven") and "66" in change["details"]
        same = await client.get(f"{first['links']['self']}/diff", params={"to": first["id"]})
        assert same.json() == {"same": True, "changes": [], "renamed": None}
        none = await client.patch(f"{first['links']['self']}/cir/rules/no", json=patch)
        is_problem(none, 404, "R2C-B618")
        wrong = await client.patch(url, json={"operands": {"relation": "2 *"}})
        is_problem(wrong, 422, wrong.json()["code"])
        once = await client.patch(url, json=patch, headers={"Idempotency-Key": "p"})
        twice = await client.patch(url, json=patch, headers={"Idempotency-Key": "p"})
        assert once.json()["id"] == twice.json()["id"]


async def test_suppositions_about_an_answer_are_solved_while_the_client_waits(
    service_open: Open,
) -> None:
    async with service_open() as (client, _):
        url = (await solved(client, OVEN))["links"]["self"]
        told = await client.post(f"{url}/what-if", json={"changes": ["rule oven: 60 -> 66"]})
        assert told.status_code == 200, told.text
        found = WhatIf.model_validate_json(told.content)
        assert found.difference == pytest.approx(4.0) and found.judgement == "better"
        table = await client.post(
            f"{url}/scenarios", json={"changes": ["rule oven: 60 -> 54,60,66"]}
        )
        rows = Scenarios.model_validate_json(table.content).rows
        assert [row.objective for row in rows] == pytest.approx([36.0, 40.0, 44.0])
        wish = await client.post(f"{url}/why-not", json={"wish": "buns >= 6"})
        why = WhyNot.model_validate_json(wish.content)
        assert why.kind == "costs" and why.cost == pytest.approx(2.0)
        is_problem(await client.post(f"{url}/what-if", json={"changes": ["x"]}), 422, "R2C-V020")
        is_problem(await client.post(f"{url}/what-if", json={"changes": []}), 422, "R2C-B601")
        one = await client.post(f"{url}/scenarios", json={"changes": ["rule oven: 60 -> 66"]})
        is_problem(one, 422, "R2C-B620")


async def test_more_suppositions_than_places_are_refused_and_not_queued(
    service_open: Open,
) -> None:
    async with service_open(serve_answers=1) as (client, _):
        url = (await solved(client, OVEN))["links"]["self"]
        ask = [
            client.post(f"{url}/what-if", json={"changes": [f"rule oven: 60 -> {60 + n}"]})
            for n in range(4)
        ]
        sent = await asyncio.gather(*ask)
        assert sorted({item.status_code for item in sent}) == [200, 503]
        refused = next(item for item in sent if item.status_code == 503)
        is_problem(refused, 503, "R2C-B614")
        again = await client.post(f"{url}/what-if", json={"changes": ["rule oven: 60 -> 66"]})
        assert again.status_code == 200


async def test_a_solve_that_runs_is_cancelled_with_its_solver(service_open: Open) -> None:
    n = 60
    hard = {
        "decisions": [{"name": f"x{i}", "domain": "binary"} for i in range(n)],
        "rules": [
            {"id": f"r{k}", "operands": {"relation": " + ".join(
                f"{(i * 7919 + k * 104729) % 97 + 50}*x{i}" for i in range(n)) + f" == {3001 + k}"}}
            for k in range(4)
        ],
        "objectives": [{"sense": "max", "expr": " + ".join(
            f"{(i * 31) % 17 + 1}*x{i}" for i in range(n))}],
    }  # fmt: skip
    async with service_open(solve_seconds=200) as (client, _):
        made = await client.post("/v1/solve", json={"cir": hard})
        assert made.status_code == 202, made.text
        job = made.json()["id"]
        await state_of(client, job, "running")
        await asyncio.sleep(1.0)
        began = time.monotonic()
        await client.post(f"/v1/formulations/{job}/cancel")
        ended = await state_of(client, job, "cancelled", "succeeded", seconds=60)
        assert time.monotonic() - began < 30
        assert ended["state"] == "cancelled"


async def test_cards_are_found_by_the_words_of_a_rule(service_open: Open) -> None:
    async with service_open(serve_jobs=0) as (client, _):
        every = (await client.get("/v1/cards")).json()["cards"]
        assert len(every) > 30
        words = {"q": "each plant can ship at most its capacity", "limit": 5}
        found = (await client.get("/v1/cards", params=words)).json()["cards"]
        assert 0 < len(found) <= 5 and found[0]["score"] >= found[-1]["score"]
        card = (await client.get(f"/v1/cards/{found[0]['id']}")).json()
        assert card["meaning"] == found[0]["meaning"] and card["paradigms"]
        is_problem(await client.get("/v1/cards/no_such"), 404, "R2C-B621")


async def test_a_batch_is_entered_whole_and_looked_at_together(service_open: Open) -> None:
    async with service_open(BAKERY.model()) as (client, _):
        items = [{"text": BAKERY.text, "title": name} for name in "abc"]
        send = {"json": {"items": items}, "headers": {"Idempotency-Key": "b"}}
        made = await client.post("/v1/batches", **send)
        assert made.status_code == 202, made.text
        url = made.headers["location"]
        assert (await client.post("/v1/batches", **send)).headers["location"] == url
        for _ in range(600):
            batch = (await client.get(url)).json()
            if batch["counts"]["succeeded"] == 3:
                break
            await asyncio.sleep(0.1)
        assert [job["title"] for job in batch["jobs"]] == ["a", "b", "c"]
        assert {job["batch"] for job in batch["jobs"]} == {batch["id"]}
        bad = await client.post("/v1/batches", json={"items": [*items, {"text": " "}]})
        is_problem(bad, 422, "R2C-P001")
        assert len((await client.get("/v1/formulations")).json()["jobs"]) == 3
        is_problem(await client.get("/v1/batches/0123456789abcdef"), 404, "R2C-B622")


async def test_a_batch_is_cancelled_together(service_open: Open) -> None:
    async with service_open(BAKERY.model(), serve_jobs=0) as (client, _):
        made = await client.post("/v1/batches", json={"items": [{"text": BAKERY.text}] * 3})
        ended = (await client.post(f"{made.headers['location']}/cancel")).json()
        assert ended["counts"]["cancelled"] == 3
