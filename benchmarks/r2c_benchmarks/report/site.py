"""The pages of a report: an index with figures, and a page for each problem with all attempts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup
from pydantic import ValidationError

from r2c.cir.schema import CIR
from r2c.cir.text import write_text
from r2c.problem.schema import Span
from r2c_benchmarks.items import Item, Name
from r2c_benchmarks.readings import with_words
from r2c_benchmarks.record import Record
from r2c_benchmarks.report.bars import Bar, bars
from r2c_benchmarks.report.equations import Equation, equations
from r2c_benchmarks.report.marked import marked
from r2c_benchmarks.results import Run, cut_off_told, summary_row
from r2c_benchmarks.saved_readings import SavedReadings
from r2c_benchmarks.score import Group, groups, matches, matches_again, score

_KINDS = {"all": "All problems", "file": "By file", "level": "By level", "family": "By family"}


@dataclass(frozen=True)
class Tried:
    """What a method made of a problem."""

    method: str
    record: Record
    right: bool
    again: bool | None
    cir: str
    equations: Sequence[Equation]
    reply: str
    trace: Sequence[tuple[str, str]]


def pages(runs: Sequence[Run], items: Sequence[Item]) -> dict[str, str]:
    """Every page and the style sheet, by file name.

    Args:
        runs: The runs, one for each method.
        items: The problems, with their texts.
    """
    jinja = Environment(
        loader=FunctionLoader(_template), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    jinja.filters["figures"] = _figures
    names = [item.name for item in items]
    by_method = {run.folder or run.manifest.method: _by_name(run) for run in runs}
    made = {
        "style.css": _template("style.css"),
        "index.html": jinja.get_template("index.html").render(
            pictures=[Markup(one) for one in _pictures(runs)],
            rows=_rows(runs),
            notes=list(filter(None, map(cut_off_told, runs))),
            manifests=[(run.folder, run.manifest.model_dump(mode="json")) for run in runs],
            items=[(item, page_of(item.name), _verdicts(item.name, by_method)) for item in items],
            methods=list(by_method),
        ),
    }
    for place, item in enumerate(items):
        tried = [
            _tried(method, records[item.name], item)
            for method, records in by_method.items()
            if item.name in records
        ]
        made[page_of(item.name)] = jinja.get_template("item.html").render(
            item=item,
            text=Markup(marked(item.problem, _spans(item))),
            tried=tried,
            before=page_of(names[place - 1]) if place else None,
            after=page_of(names[place + 1]) if place + 1 < len(names) else None,
        )
    return made


def write(folder: Path, made: Mapping[str, str]) -> Path:
    """Write the pages; the index."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder / "index.html"


def page_of(name: Name) -> str:
    """The file of a problem's page."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", f"{name.file}-{name.id}") + ".html"


def _figures(value: float | None) -> str:
    """A number as people write it."""
    return "none" if value is None else f"{value:.9g}"


def _template(name: str) -> str:
    return (files("r2c_benchmarks.report") / "pages" / name).read_text(encoding="utf-8")


def _by_name(run: Run) -> dict[Name, Record]:
    return {record.name: record for record in run.records}


def _verdicts(
    name: Name, by_method: Mapping[str, Mapping[Name, Record]]
) -> list[tuple[str, str] | None]:
    found: list[tuple[str, str] | None] = []
    for records in by_method.values():
        record = records.get(name)
        if record is None:
            found.append(None)
        else:
            found.append(("right" if matches(record) else "wrong", record.outcome))
    return found


def _pictures(runs: Sequence[Run]) -> list[str]:
    found: dict[tuple[str, str], list[Bar]] = {}
    for run in runs:
        for group in groups(run.records):
            if group.kind in ("all", "level", "file"):
                found.setdefault((group.kind, group.name), []).append(_bar(run, group))
    ordered = sorted(found.items(), key=lambda item: (list(_KINDS).index(item[0][0]), item[0][1]))
    return [bars(rows, f"Right on {name}") for (_, name), rows in ordered]


def _bar(run: Run, group: Group) -> Bar:
    figures = score(group.records)
    told = f"{figures.right} of {figures.count}"
    return Bar(run.manifest.method, figures.accuracy, figures.low, figures.high, told)


def _rows(runs: Sequence[Run]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [
        {"kind": _KINDS[group.kind], **summary_row(run, group)}
        for run in runs
        for group in groups(run.records)
        if group.kind in _KINDS
    ]
    order = list(_KINDS.values())
    return sorted(rows, key=lambda row: (order.index(str(row["kind"])), str(row["problems"])))


def _spans(item: Item) -> list[tuple[str, Span]]:
    return [(rule.id, rule.span) for rule in item.rules]


def _tried(method: str, record: Record, item: Item) -> Tried:
    cir = _cir(record, item)
    replies = record.details.get("replies")
    reply = record.details.get("reply") or (replies[-1] if isinstance(replies, list) else "")
    return Tried(
        method=method,
        record=record,
        right=matches(record),
        again=matches_again(record) if record.again else None,
        cir="" if cir is None else write_text(cir, provenance=False),
        equations=[] if cir is None else equations(cir),
        reply=str(reply or ""),
        trace=_trace(record),
    )


def _cir(record: Record, item: Item) -> CIR | None:
    if not record.details.get("cir"):
        return None
    try:
        return with_words(CIR.model_validate(record.details["cir"]), item.problem)
    except ValidationError:
        return None  # of another version of CIR


def _trace(record: Record) -> list[tuple[str, str]]:
    """What the pipeline chose among: the decisions, and the readings of each sentence."""
    try:
        last = SavedReadings.model_validate(record.details.get("readings")).last
    except ValidationError:
        return []  # a method without readings
    stages = [*((f"sentence {k}", of) for k, of in enumerate(last.options, 1)), ("goal", last.goal)]
    told = [
        (name, "\n".join(f"{one.votes} votes: {one.text}" for one in of)) for name, of in stages
    ]
    return [("decisions", "\n".join(f"{one.name}: {one.meaning}" for one in last.roster)), *told]
