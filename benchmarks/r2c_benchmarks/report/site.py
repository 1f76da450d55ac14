"""The pages of a report: an index with figures, and a page for each problem with all attempts."""

from __future__ import annotations

import json
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
from r2c_benchmarks.report.beside import Row, beside
from r2c_benchmarks.report.equations import Equation, equations
from r2c_benchmarks.report.overview import all_columns, name_of, rows, sections, verdicts
from r2c_benchmarks.report.shown_text import shown_csv, shown_text
from r2c_benchmarks.report.trace import Trace, trace_of
from r2c_benchmarks.results import Run, cut_off_told
from r2c_benchmarks.score import matches, matches_again


@dataclass(frozen=True)
class Tried:
    """What a method made of a problem.

    Attributes:
        rows: Its rules beside the right ones; the right ones alone if it has no model.
        cir: Its model as text; empty if it has none that can be shown.
    """

    method: str
    record: Record
    right: bool
    again: bool | None
    cir: str
    rows: Sequence[Row]
    reply: str
    trace: Trace


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
    by_method = {name_of(run): _by_name(run) for run in runs}
    made = {
        "style.css": _template("style.css"),
        "index.html": jinja.get_template("index.html").render(
            notes=list(filter(None, map(cut_off_told, runs))),
            sections=sections(runs),
            rows=rows(runs, ("all", "status", "file", "level")),
            families=rows(runs, ("family",)),
            verdicts=verdicts(runs),
            all_columns=all_columns(runs),
            manifests=[(run.folder, run.manifest.model_dump(mode="json")) for run in runs],
            items=[(item, page_of(item.name), _verdicts(item.name, by_method)) for item in items],
            methods=list(by_method),
        ),
    }
    for place, item in enumerate(items):
        right = _right(item)
        tried = [
            _tried(method, records[item.name], item, right)
            for method, records in by_method.items()
            if item.name in records
        ]
        made[page_of(item.name)] = jinja.get_template("item.html").render(
            item=item,
            text=Markup(shown_text(item.problem, [(rule.id, rule.span) for rule in item.rules])),
            tables=[(name, Markup(_file(name, text))) for name, text in item.tables.items()],
            data="" if item.data is None else json.dumps(item.data, indent=1, ensure_ascii=False),
            right=beside(right, []),
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


def _file(name: str, text: str) -> str:
    return shown_csv(text) if name.endswith(".csv") else str(Markup("<pre>{}</pre>").format(text))


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


def _right(item: Item) -> list[Equation]:
    """What the problem means, where its bench says so."""
    if item.cir is None:
        return []
    try:
        cir = CIR.model_validate(item.cir)
    except ValidationError:
        return []  # of another version of CIR
    spans: dict[str, Span] = {rule.id: rule.span for rule in item.rules}
    marked = [
        rule if rule.span else rule.model_copy(update={"span": spans.get(rule.id)})
        for rule in cir.rules
    ]
    return equations(with_words(cir.model_copy(update={"rules": tuple(marked)}), item.problem))


def _tried(method: str, record: Record, item: Item, right: Sequence[Equation]) -> Tried:
    cir = _cir(record, item)
    replies = record.details.get("replies")
    reply = record.details.get("reply") or (replies[-1] if isinstance(replies, list) else "")
    return Tried(
        method=method,
        record=record,
        right=matches(record),
        again=matches_again(record) if record.again else None,
        cir="" if cir is None else write_text(cir, provenance=False),
        rows=[] if cir is None else beside(right, equations(cir)),
        reply=str(reply or ""),
        trace=trace_of(record),
    )


def _cir(record: Record, item: Item) -> CIR | None:
    if not record.details.get("cir"):
        return None
    try:
        return with_words(CIR.model_validate(record.details["cir"]), item.problem)
    except ValidationError:
        return None  # of another version of CIR
