"""What JSON cannot say again is refused at the door: infinite numbers, and too deep a nesting."""

from __future__ import annotations

import json

import pytest
from watched import Open, is_problem

JSON = {"Content-Type": "application/json"}


def model(value: str) -> str:
    return json.dumps(
        {
            "parameters": [{"name": "p", "value": {"kind": "dense", "values": ["HERE"]}}],
            "decisions": [{"name": "x"}],
            "objectives": [{"sense": "max", "expr": "x"}],
        }
    ).replace('"HERE"', value)


NESTED = "[" * 400 + "]" * 400
REQUESTS = [
    ("/v1/solve", '{"cir": ' + model("1e999") + "}"),
    ("/v1/solve", '{"cir": ' + model("NaN") + "}"),
    ("/v1/solve", '{"cir": ' + model("-Infinity") + "}"),
    ("/v1/solve", '{"cir": ' + model(NESTED) + "}"),
    ("/v1/solve", '{"cir": ' + model("1") + ', "tables": {"t": [{"a": 1e999}]}}'),
    ("/v1/solve", '{"cir": ' + model("1") + ', "tables": {"t": {"a": [NaN]}}}'),
    ("/v1/formulations", '{"text": "x", "tables": {"t": [{"a": 1e999}]}}'),
    ("/v1/batches", '{"items": [{"text": "x", "tables": {"t": [{"a": Infinity}]}}]}'),
    ("/v1/formulations/abcd/answers", '{"answers": {"a": 1e999}}'),
    ("/v1/formulations/abcd/cir/rules/r", '{"a": 1e999}'),
    ("/v1/formulations/abcd/cir/rules/r", '{"a": ' + NESTED + "}"),
]


@pytest.mark.parametrize(("path", "body"), REQUESTS)
async def test_a_number_that_is_not_finite_is_refused(
    path: str, body: str, service_open: Open
) -> None:
    async with service_open(serve_jobs=0) as (client, service):
        method = "PATCH" if "rules" in path else "POST"
        sent = await client.request(method, path, content=body, headers=JSON)
        is_problem(sent, 422, "R2C-B601")
        assert (await client.get("/v1/formulations")).json()["jobs"] == []
        assert service.jobs.page("local", 10, None) == []


TEXT = """cir 1

sets
  S = ["a", "b"]

parameters
  p[S] = [HERE, 2]

decisions
  x continuous

rules
  r: linear
    relation = x <= 7

objectives
  max x
"""


@pytest.mark.parametrize(("word", "status"), [("1", 202), ("1e999", 422), ("NaN", 422)])
async def test_a_text_of_a_model_says_no_infinite_number_either(
    word: str, status: int, service_open: Open
) -> None:
    async with service_open(serve_jobs=0) as (client, service):
        sent = await client.post("/v1/solve", json={"cir": TEXT.replace("HERE", word)})
        assert sent.status_code == status, sent.text
        assert len(service.jobs.page("local", 10, None)) == (status == 202)
