"""R2C itself: the whole pipeline, with settings or keywords of `aformulate` as options."""

from __future__ import annotations

import inspect
import json
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import JsonValue

from r2c.formulation import Formulation
from r2c.settings import Settings
from r2c_benchmarks.items import Item
from r2c_benchmarks.method import UNKNOWN_OPTION, Attempt, Means
from r2c_benchmarks.readings import attempt_of

_TAKEN = {"text", "data", "settings", "model", "on_event", "job"}
_RECORDED = ("samples", "budget_tokens", "budget_rounds", "solve_seconds", "solve_threads")


class Pipeline:
    """The library as a user calls it; the time of one problem is its budget."""

    summary = "R2C: staged, grammar-held, checked and voted"

    def settings(self, options: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """The settings that decide a result, and the options."""
        fields, keywords = _split(options)
        shown = Settings.model_validate(fields).model_dump(mode="json", include=set(_RECORDED))
        return {**shown, **fields, **keywords}

    async def attempt(self, item: Item, means: Means) -> Attempt:
        """Formulate and solve one problem."""
        fields, keywords = _split(means.options)
        update = {**fields, "budget_seconds": means.seconds_left}
        settings = Settings.model_validate({**means.settings.model_dump(), **update})
        with tempfile.TemporaryDirectory(prefix="r2c-bench-") as folder:
            data = _written(item, Path(folder))
            formulation = await _formulate()(
                item.problem, data, settings=settings, model=means.model, **keywords
            )
            found = await attempt_of(formulation)
        details: dict[str, JsonValue] = {
            "trust": formulation.trust.value,
            "confidence": formulation.confidence,
            "evidence": {check.check: check.passed for check in formulation.evidence},
            "cir": None if formulation.cir is None else formulation.cir.model_dump(mode="json"),
        }
        return replace(found, details=details)


def _formulate() -> Callable[..., Awaitable[Formulation]]:
    """The pipeline's door, imported late; its keywords are checked by `_split`."""
    from r2c.pipeline.api import aformulate

    return aformulate


def _split(
    options: Mapping[str, JsonValue],
) -> tuple[dict[str, JsonValue], dict[str, JsonValue]]:
    """Options that are settings, and those that are keywords of `aformulate`."""
    keywords = set(inspect.signature(_formulate()).parameters) - _TAKEN - set(Settings.model_fields)
    for option in options:
        if option not in keywords and option not in Settings.model_fields:
            known = sorted(keywords | set(Settings.model_fields))
            raise UNKNOWN_OPTION(method="r2c", option=option, known=known)
    return (
        {name: value for name, value in options.items() if name in Settings.model_fields},
        {name: value for name, value in options.items() if name in keywords},
    )


def _written(item: Item, folder: Path) -> list[Path] | None:
    """The item's data as the file that a user would have."""
    if item.data is None:
        return None
    path = folder / "data.json"
    path.write_text(json.dumps(item.data), encoding="utf-8")
    return [path]


METHOD = Pipeline()
