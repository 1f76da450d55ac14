"""Models and problems that several tests about what-if ask about."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from r2c.cir.schema import CIR
from r2c.problem import read_problem
from r2c.problem.read import read_tables
from r2c.problem.schema import Problem

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NO_WORDS = Problem(text="")


@cache
def bakery() -> tuple[CIR, Problem]:
    """The bakery with its words."""
    text = (EXAMPLES / "bakery.txt").read_text(encoding="utf-8")
    return _read("bakery.cir.json"), read_problem(text)


@cache
def transport() -> tuple[CIR, Problem]:
    """The transport with its tables and no words."""
    tables = tuple(read_tables(EXAMPLES / "transport", []))
    return _read("transport.cir.json"), Problem(text="", tables=tables)


@cache
def staffing() -> tuple[CIR, Problem]:
    """The reception that needs more people than there are."""
    text = (EXAMPLES / "staffing.txt").read_text(encoding="utf-8")
    sentences = {item.number: item.text for item in read_problem(text).sentences}
    cir = CIR.model_validate(
        {
            "decisions": [
                {"name": "early", "domain": "integer", "unit": "person"},
                {"name": "late", "domain": "integer", "unit": "person"},
            ],
            "rules": [
                {"id": "r1", "quote": sentences[4], "operands": {"relation": "early >= 12"}},
                {"id": "r2", "quote": sentences[5], "operands": {"relation": "late >= 9"}},
                {"id": "r3", "quote": sentences[6], "operands": {"relation": "early+late <= 18"}},
            ],
            "objectives": [{"sense": "min", "expr": "120*early + 150*late", "unit": "euro"}],
        }
    )
    return cir, read_problem(text)


@cache
def sites() -> CIR:
    """Sites with labels that need quotation marks, which are opened or not."""
    return CIR.model_validate(
        {
            "sets": [{"name": "Sites", "elements": ["Plant A", "B", "C-1"]}],
            "parameters": [
                _listed("fixed", 100, 80, 120),
                _listed("room", 50, 30, 60),
                {"name": "need", "value": 70},
            ],
            "decisions": [
                {"name": "open", "over": ["Sites"], "domain": "binary"},
                {"name": "make", "over": ["Sites"], "unit": "ton"},
            ],
            "rules": [
                {
                    "id": "limit",
                    "quote": "A site makes nothing unless it is open.",
                    "forall": "for s in Sites",
                    "operands": {"relation": "make[s] <= room[s]*open[s]"},
                },
                {
                    "id": "all",
                    "quote": "All of the need is met.",
                    "operands": {"relation": "sum(make[s] for s in Sites) >= need"},
                },
            ],
            "objectives": [
                {"sense": "min", "expr": "sum(fixed[s]*open[s] + make[s] for s in Sites)"}
            ],
        }
    )


def _listed(name: str, *values: float) -> dict[str, object]:
    return {"name": name, "over": ["Sites"], "value": {"kind": "dense", "values": values}}


def _read(name: str) -> CIR:
    return CIR.model_validate_json((EXAMPLES / name).read_text(encoding="utf-8"))
