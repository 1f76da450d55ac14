"""Measured numbers enter a page from `benchmarks/results/*.json`, never by hand.

`<!-- results:NAME -->` ... `<!-- /results:NAME -->` is filled from `benchmarks/results/NAME.json`:
its `summary`, a list of flat objects, becomes a table, and its `note` the line below it. Of
`results:NAME:GROUP` there is no note, and only the rows whose `problems` are GROUP, blanks as `_`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from places import ROOT

PAGES = (
    "README.md",
    "docs/benchmarks.md",
    "docs/inference.md",
    "docs/merging.md",
    "services/api/README.md",
)
RESULTS = ROOT / "benchmarks" / "results"
BLOCK = re.compile(
    r"(<!-- results:([a-z_]+)(:[a-z0-9_]+)? -->\n)(.*?)(<!-- /results:\2(?:\3)? -->)", re.DOTALL
)


def render() -> dict[Path, str]:
    return {ROOT / page: _filled((ROOT / page).read_text(encoding="utf-8")) for page in PAGES}


def _filled(text: str) -> str:
    return BLOCK.sub(
        lambda match: match[1] + _block(match[2], (match[3] or "")[1:]) + match[5], text
    )


def _block(name: str, group: str) -> str:
    path = RESULTS / f"{name}.json"
    if not path.exists():
        return "Not measured yet.\n"
    measured = json.loads(path.read_text(encoding="utf-8"))
    rows: list[dict[str, object]] = measured["summary"]
    if group:
        rows = [row for row in rows if str(row["problems"]).replace(" ", "_") == group]
    columns = list(rows[0])
    lines = [_line(columns), _line(["---"] * len(columns))]
    lines += [_line([_shown(row[column]) for column in columns]) for row in rows]
    if (note := measured.get("note")) and not group:
        lines += ["", note]
    return "\n".join(lines) + "\n"


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
