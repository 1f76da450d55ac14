"""What the service can be asked, as data: one function for each question, no network in it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, Literal, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, JsonValue, TypeAdapter

from r2c.cir.schema import CIR
from r2c.client.faults import NO_SUCH_TITLE
from r2c.client.tables import Data, carried
from r2c.client.wire import (
    Batch,
    CardBrief,
    CardList,
    Difference,
    Job,
    JobPage,
    Sensitivities,
    TableData,
    Verdict,
)
from r2c.formulation import Conflict, Formulation, Solution
from r2c.problem.files import Attached
from r2c.supposition import Scenarios, WhatIf, WhyNot

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)
Form = Literal["latex", "lp", "mps", "python"]
_JOBS = "/v1/formulations"
_JSON: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


@dataclass(frozen=True)
class Call(Generic[T]):
    """A request, and how its answer is read; `seconds` is what the service may take on purpose."""

    method: str
    path: str
    read: Callable[[bytes], T]
    headers: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[Attached] = ()
    seconds: float = 0.0


def submit(text: str, data: Data, samples: int | None, title: str) -> Call[Job]:
    """Enter a problem in words."""
    tables, files = carried(data)
    call = Call("POST", _JOBS, _read(Job), headers=_once())
    if not files:
        body = {"text": text, "tables": tables, "samples": samples, "title": title}
        return replace(call, content=_body(body), headers=_json(call.headers))
    # A form has no place for tables in memory, so each goes as a file of its own.
    files += [Attached(f"{name}.json", _body(table)) for name, table in tables.items()]
    fields = {"text": text, "title": title}
    if samples is not None:
        fields["samples"] = str(samples)
    return replace(call, fields=fields, files=tuple(files))


def solve(
    cir: CIR | Mapping[str, JsonValue] | str, text: str | None, data: Data, title: str
) -> Call[Job]:
    """Enter a model that is to be solved; files are read here, since they go as tables."""
    tables = _tables(data)
    model = cir.model_dump(mode="json") if isinstance(cir, CIR) else cir
    body = {"cir": model, "text": text, "tables": tables, "title": title}
    return Call("POST", "/v1/solve", _read(Job), headers=_json(_once()), content=_body(body))


def batch(texts: Mapping[str, str], data: Mapping[str, Data], samples: int | None) -> Call[Batch]:
    """Enter many problems by their titles; files are read here, since they go as tables.

    Raises:
        InputError: R2C-X806, there is data for a title that no problem has; as `carried`.
    """
    if strange := data.keys() - texts.keys():
        raise NO_SUCH_TITLE(title=min(strange), known=list(texts)[:20])
    items = [
        {"text": text, "tables": _tables(data.get(title)), "title": title, "samples": samples}
        for title, text in texts.items()
    ]
    content = _body({"items": items})
    return Call("POST", "/v1/batches", _read(Batch), headers=_json(_once()), content=content)


def batch_of(id: str) -> Call[Batch]:
    """Look at a batch."""
    return Call("GET", f"/v1/batches/{_part_of(id)}", _read(Batch))


def cancel_batch(id: str) -> Call[Batch]:
    """Cancel what has not ended of a batch."""
    return Call("POST", f"/v1/batches/{_part_of(id)}/cancel", _read(Batch))


def job(id: str, wait: float = 0.0) -> Call[Job]:
    """Look at a job, or wait for its end."""
    headers = {"Prefer": f"wait={wait:.0f}"} if wait >= 1 else {}
    return Call("GET", f"{_JOBS}/{_part_of(id)}", _read(Job), headers=headers, seconds=wait)


def jobs(limit: int) -> Call[JobPage]:
    """The latest jobs."""
    return Call("GET", _JOBS, _read(JobPage), params={"limit": str(limit)})


def more(page: JobPage) -> Call[JobPage] | None:
    """The jobs before those of a page, if there are any."""
    return None if page.next is None else Call("GET", page.next, _read(JobPage))


def answer(id: str, answers: Mapping[str, str | float]) -> Call[Job]:
    """Answer questions of a job, which goes on."""
    content = _body({"answers": dict(answers)})
    return Call(
        "POST", f"{_JOBS}/{_part_of(id)}/answers", _read(Job), headers=_json({}), content=content
    )


def cancel(id: str) -> Call[Job]:
    """Cancel a job."""
    return Call("POST", f"{_JOBS}/{_part_of(id)}/cancel", _read(Job))


def result(id: str) -> Call[Formulation]:
    """The whole answer."""
    return _part(id, "result", Formulation)


def cir(id: str) -> Call[CIR]:
    """The model."""
    return _part(id, "cir", CIR)


def solution(id: str) -> Call[Solution]:
    """The plan."""
    return _part(id, "solution", Solution)


def verdict(id: str) -> Call[Verdict]:
    """The trust and its evidence."""
    return _part(id, "verdict", Verdict)


def conflict(id: str) -> Call[Conflict]:
    """The rules that clash."""
    return _part(id, "iis", Conflict)


def sensitivity(id: str) -> Call[Sensitivities]:
    """What numbers are worth."""
    return replace(_part(id, "sensitivity", Sensitivities), seconds=150.0)


def export(id: str, form: Form) -> Call[str]:
    """The model as text."""
    path = f"{_JOBS}/{_part_of(id)}/formulation/{_part_of(form)}"
    return Call("GET", path, lambda content: content.decode(), seconds=150.0)


def patch(id: str, rule: str, change: Mapping[str, JsonValue]) -> Call[Job]:
    """Change a rule, as a new job."""
    path = f"{_JOBS}/{_part_of(id)}/cir/rules/{_part_of(rule)}"
    content = _body(dict(change))
    return Call("PATCH", path, _read(Job), headers=_json(_once()), content=content)


def what_if(id: str, changes: Sequence[str]) -> Call[WhatIf]:
    """What changes would make different."""
    return _supposed(id, "what-if", {"changes": list(changes)}, WhatIf)


def scenarios(id: str, changes: Sequence[str]) -> Call[Scenarios]:
    """What each value of one change would give."""
    return _supposed(id, "scenarios", {"changes": list(changes)}, Scenarios)


def why_not(id: str, wish: str) -> Call[WhyNot]:
    """What stands against a wish."""
    return _supposed(id, "why-not", {"wish": wish}, WhyNot)


def diff(id: str, other: str) -> Call[Difference]:
    """What leads from one model to another."""
    return replace(_part(id, "diff", Difference), params={"to": other})


def cards(words: str, limit: int) -> Call[CardList]:
    """Archetypes by the words of a rule."""
    return Call("GET", "/v1/cards", _read(CardList), params={"q": words, "limit": str(limit)})


def card(id: str) -> Call[dict[str, JsonValue]]:
    """One archetype, as its card says."""
    return Call("GET", f"/v1/cards/{_part_of(id)}", _JSON.validate_json)


def keep_card(id: str, text: str) -> Call[CardBrief]:
    """Keep a card of one's own, written as YAML."""
    path, headers = f"/v1/cards/{_part_of(id)}", {"Content-Type": "application/yaml"}
    return Call("PUT", path, _read(CardBrief), headers=headers, content=text.encode())


def forget_card(id: str) -> Call[None]:
    """Remove a card of one's own."""
    return Call("DELETE", f"/v1/cards/{_part_of(id)}", lambda _: None)


def events_path(id: str) -> str:
    """Where the events of a job are."""
    return f"{_JOBS}/{_part_of(id)}/events"


def _tables(data: Data) -> dict[str, TableData]:
    """All data as tables, files too."""
    from r2c.problem.read import read_tables

    tables, files = carried(data)
    for table in read_tables(files, list(tables)):
        names = [column.name for column in table.columns]
        tables[table.name] = [dict(zip(names, row, strict=True)) for row in table.rows]
    return tables


def _part(id: str, name: str, record: type[M]) -> Call[M]:
    return Call("GET", f"{_JOBS}/{_part_of(id)}/{name}", _read(record))


def _supposed(id: str, name: str, body: object, record: type[M]) -> Call[M]:
    path = f"{_JOBS}/{_part_of(id)}/{name}"
    headers, content = _json({}), _body(body)
    return Call("POST", path, _read(record), headers=headers, content=content, seconds=150.0)


def _part_of(name: str) -> str:
    """A name as one part of a path, whatever signs are in it."""
    return quote(name, safe="")


def _read(record: type[M]) -> Callable[[bytes], M]:
    return record.model_validate_json


def _once() -> dict[str, str]:
    """A key of its own, so that sending it again does nothing twice."""
    return {"Idempotency-Key": secrets.token_hex(16)}


def _json(headers: Mapping[str, str]) -> dict[str, str]:
    return {**headers, "Content-Type": "application/json"}


def _body(value: object) -> bytes:
    return json.dumps(value, allow_nan=False).encode()
