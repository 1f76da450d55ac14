"""What `export -F cir` and `--out` write is a model that can be read and solved again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import EXAMPLES, invoke, only_json, write_cir

from r2c.cir.schema import CIR

EXAMPLE_MODELS = sorted(EXAMPLES.glob("*.cir.json"))

EVERYTHING: dict[str, object] = {
    "title": "Every kind of set and every source of values",
    "sets": [
        {"name": "Plants", "elements": ["North", "South"]},
        {"name": "Sizes", "kind": "ordered", "elements": [1, 2, 3]},
        {"name": "Weeks", "kind": "time", "elements": [1, 2], "step": 7, "unit": "day",
         "cyclic": True},
        {"name": "Futures", "kind": "scenario", "elements": ["low", "high"]},
        {"name": "Shops", "table": {"table": "shops", "columns": ["shop"]}},
        {"name": "Lanes", "dim": 2, "within": ["Plants", "Shops"],
         "table": {"table": "lanes", "columns": ["plant", "shop"]}},
        {"name": "Pairs", "dim": 2, "within": ["Plants", "Sizes"],
         "where": "for p in Plants for s in Sizes if s > 1"},
        {"name": "Given", "dim": 2, "within": ["Plants", "Sizes"],
         "elements": [["North", 1], ["South", 2]]},
    ],
    "parameters": [
        {"name": "one", "value": 1},
        {"name": "dense", "over": ["Plants", "Weeks"],
         "value": {"kind": "dense", "values": [[1, 2], [3, 4]]}},
        {"name": "sparse", "over": ["Given"], "default": 0,
         "value": {"kind": "sparse", "entries": [{"key": ["North", 1], "value": 5}]}},
        {"name": "need", "over": ["Shops"],
         "value": {"kind": "table", "table": "shops", "keys": ["shop"], "value": "need"}},
        {"name": "cost", "over": ["Lanes"],
         "value": {"kind": "table", "table": "lanes", "keys": ["plant", "shop"],
                   "value": "cost", "aggregate": "min"}},
        {"name": "wide", "over": ["Shops", "Weeks"],
         "value": {"kind": "wide", "table": "weeks", "key": "shop",
                   "columns": ["first", "second"]}},
        {"name": "computed", "over": ["Plants"],
         "value": {"kind": "expression", "indices": ["p"], "expr": "10*one + dense[p, 1]"}},
    ],
    "decisions": [
        {"name": "ship", "over": ["Lanes"]},
        {"name": "open", "over": ["Pairs"], "domain": "binary"},
    ],
    "rules": [
        {"id": "served", "forall": "for s in Shops",
         "operands": {"relation": "sum(ship[p, q] for (p, q) in Lanes if q == s) >= need[s]"}},
        {"id": "made", "forall": "for p in Plants",
         "operands": {"relation": "sum(ship[q, s] for (q, s) in Lanes if q == p) <= computed[p]"}},
    ],
    "objectives": [{"sense": "min", "expr": "sum(cost[l, s]*ship[l, s] for (l, s) in Lanes)"}],
}  # fmt: skip
TABLES = {
    "shops": "shop,need\nA,4\nB,6\n",
    "lanes": "plant,shop,cost\nNorth,A,2\nNorth,B,3\nSouth,A,5\nSouth,B,1\nSouth,B,4\n",
    "weeks": "shop,first,second\nA,1,2\nB,3,4\n",
}


@pytest.fixture
def tables(tmp_path: Path) -> list[str]:
    paths = [tmp_path / f"{name}.csv" for name in TABLES]
    for path, text in zip(paths, TABLES.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    return [part for path in paths for part in ("--data", str(path))]


@pytest.mark.parametrize("model", EXAMPLE_MODELS, ids=lambda path: path.name)
def test_an_example_written_as_json_or_text_is_the_same_model(model: Path, tmp_path: Path) -> None:
    cir = CIR.model_validate_json(model.read_text(encoding="utf-8"))
    for form in ("cir", "text"):
        written = tmp_path / form
        assert invoke("export", str(model), "-F", form, "-o", str(written)).exit_code == 0
        again = invoke("export", str(written), "-F", "cir")
        assert again.exit_code == 0, again.output
        assert CIR.model_validate_json(again.stdout) == cir


def test_a_model_with_every_kind_of_set_and_value_reads_back_and_gives_the_same_optimum(
    tables: list[str], tmp_path: Path
) -> None:
    model = write_cir(tmp_path, **EVERYTHING)
    first = invoke("solve", model, *tables, "--json", "--out", str(tmp_path / "kept"))
    assert first.exit_code == 0, first.output
    kept = tmp_path / "kept" / "cir.json"
    cir = CIR.model_validate_json(kept.read_text(encoding="utf-8"))
    assert cir == CIR.model_validate({"version": 1, **EVERYTHING})
    again = invoke("solve", str(kept), *tables, "--json")
    assert again.exit_code == 0, again.output
    assert only_json(again.stdout)["objective"] == only_json(first.stdout)["objective"] == 14
    assert invoke("export", str(kept), "-F", "cir").stdout == kept.read_text(encoding="utf-8")


def test_the_written_model_has_no_fields_at_their_defaults(tmp_path: Path) -> None:
    fields = {
        "decisions": [{"name": "x", "upper": 3}],
        "objectives": [{"sense": "max", "expr": "x"}],
    }
    text = invoke("export", write_cir(tmp_path, **fields), "-F", "cir").stdout
    assert json.loads(text) == {
        "version": 1,
        "decisions": [{"name": "x", "upper": "3"}],
        "objectives": [{"sense": "max", "expr": "x"}],
    }
