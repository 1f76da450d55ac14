"""What the page shows of measured merges: a line for each budget, or one for each method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

Row = Mapping[str, JsonValue]
_OF_A_MERGE = {
    "method": "method", "model MB": "model MB", "experts": "experts", "by": "by",
    "budget": "budget", "kernel MB": "kernel MB", "wall": "mergekit wall / ours",
    "cold": "mergekit wall / ours with analysis", "CPU": "mergekit CPU / ours",
    "memory MiB": "memory MiB", "error / update": "error / update",
    "error / weights": "error / weights", "bound / update": "bound / update",
    "apart": "apart / update",
}  # fmt: skip
_OF_A_METHOD = {
    "wall": ("mergekit wall / ours", ("all", "10%")),
    "CPU": ("mergekit CPU / ours", ("all", "10%")),
    "s": ("wall s", ("all", "10%")),
    "kernel MB": ("kernel MB", ("all", "10%")),
    "memory MiB": ("memory MiB", ("all", "10%")),
    "error / update": ("error / update", ("50%", "25%", "10%")),
}
"""Column of the page's table: name of the figure, and the budgets at which it is shown."""


def by_budget(rows: Sequence[Row]) -> list[JsonValue]:
    """A line for each merge of the most experts, by direct reads."""
    return [
        {column: _shown(row.get(name)) for column, name in _OF_A_MERGE.items()}
        for row in _of_most(rows)
    ]


def by_method(rows: Sequence[Row]) -> list[JsonValue]:
    """A line for each method on the most experts, by direct reads, with mergekit's beside it."""
    lines: dict[tuple[JsonValue, JsonValue], dict[str, JsonValue]] = {}
    for row in _of_most(rows):
        line = lines.setdefault(
            (row["model MB"], row["method"]),
            {name: row[name] for name in ("method", "model MB", "experts")}
            | {"s, mergekit": "", "MiB, mergekit": ""}
            | {f"{column}, {at}": "" for column, (_, ats) in _OF_A_METHOD.items() for at in ats},
        )
        if row["by"] == "mergekit":
            line["s, mergekit"] = "failed" if "failed" in row else row["wall s"]
            line["MiB, mergekit"] = _shown(row.get("memory MiB"))
            continue
        for column, (name, ats) in _OF_A_METHOD.items():
            if row["budget"] in ats:
                line[f"{column}, {row['budget']}"] = _shown(row.get(name))
    return list(lines.values())


def _of_most(rows: Sequence[Row]) -> list[Row]:
    most: dict[tuple[JsonValue, JsonValue], int] = {}
    for row in rows:
        family = row["model MB"], row["method"]
        most[family] = max(most.get(family, 0), int(str(row["experts"])))
    return [
        row
        for row in rows
        if row["experts"] == most[row["model MB"], row["method"]] and row["by"] != "r2c buffered"
    ]


def _shown(value: JsonValue) -> JsonValue:
    return "" if value is None else value
