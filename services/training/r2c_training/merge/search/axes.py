"""What a search varies: options of a recipe, each with the values that it tries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import product
from math import isfinite, prod

import yaml
from pydantic import JsonValue

from r2c.errors import InputError, declare
from r2c_training.merge.recipe.read import ReadRecipe, changed
from r2c_training.merge.recipe.records import Scalar

BAD_AXIS = declare(
    "R2C-T055", InputError,
    what="{text!r} is nothing that a search can vary: {reason}.",
    why="An axis is an option and the values that it takes, for all models or for one of them.",
    remedy="Write `weight=0.2,0.4,0.6` for all models, `2.weight=0,0.5` for the second one named "
    "under `models`, or its folder's name instead of its number.",
)  # fmt: skip

MOST_POINTS = 10_000
Point = Mapping[str, Scalar]


@dataclass(frozen=True)
class Axis:
    """One option of all models or of one, and its values."""

    model: str | None
    option: str
    values: tuple[Scalar, ...]

    @property
    def name(self) -> str:
        """As it is written."""
        return self.option if self.model is None else f"{self.model}.{self.option}"


def read_axes(texts: Sequence[str]) -> tuple[Axis, ...]:
    """Axes from `[MODEL.]OPTION=VALUE,VALUE...`.

    Raises:
        InputError: R2C-T055.
    """
    axes = tuple(_axis(text) for text in texts)
    if len({axis.name for axis in axes}) < len(axes):
        raise BAD_AXIS(text=" ".join(texts), reason="an option is varied twice")
    if (count := prod(len(axis.values) for axis in axes)) > MOST_POINTS:
        reason = f"these are {count} merges, more than {MOST_POINTS}"
        raise BAD_AXIS(text=" ".join(texts), reason=reason)
    return axes


def points(axes: Sequence[Axis]) -> Iterator[Point]:
    """All combinations of values, the last axis fastest."""
    for values in product(*(axis.values for axis in axes)):
        yield {axis.name: value for axis, value in zip(axes, values, strict=True)}


def recipe_at(read: ReadRecipe, axes: Sequence[Axis], point: Point) -> ReadRecipe:
    """The recipe with the options of a point.

    An option of all models takes the place of what single models say of it.

    Raises:
        InputError: R2C-T055 for a model that is not there, R2C-T111, R2C-T112.
    """
    value = deepcopy(read.marked.value)
    for axis in axes:
        if axis.model is None:
            _forget(value, axis.option)
            _set(value, axis.option, point[axis.name])
        else:
            _set(_model(value, axis), axis.option, point[axis.name])
    return changed(read, value)


def as_text(read: ReadRecipe) -> str:
    """A recipe as YAML."""
    return yaml.safe_dump(read.marked.value, sort_keys=False, allow_unicode=True)


def _axis(text: str) -> Axis:
    name, equals, told = text.partition("=")
    # A folder's name may have dots in it; an option has none.
    model, _, option = name.strip().rpartition(".")
    if not equals or not option or not told.strip():
        raise BAD_AXIS(text=text, reason="a name, `=` and values are wanted")
    values = tuple(_value(text, part) for part in told.split(","))
    if len(set(values)) < len(values):
        raise BAD_AXIS(text=text, reason="a value comes twice")
    return Axis(model or None, option, values)


def _value(text: str, part: str) -> Scalar:
    try:
        number = float(part)
    except ValueError:
        word = part.strip()
        if not word:
            raise BAD_AXIS(text=text, reason="a value is missing") from None
        return {"true": True, "false": False}.get(word.lower(), word)
    if not isfinite(number):
        raise BAD_AXIS(text=text, reason=f"{part.strip()} is no number to compute with")
    return number


def _forget(value: JsonValue, option: str) -> None:
    """Take an option out of every table of parameters below."""
    parts: Iterable[JsonValue] = ()
    if isinstance(value, dict):
        told = value.get("parameters")
        if isinstance(told, dict):
            told.pop(option, None)
        parts = value.values()
    elif isinstance(value, list):
        parts = value
    for each in parts:
        _forget(each, option)


def _set(value: JsonValue, option: str, number: Scalar) -> None:
    assert isinstance(value, dict)
    told = value.setdefault("parameters", {})
    assert isinstance(told, dict)
    told[option] = number


def _model(value: JsonValue, axis: Axis) -> JsonValue:
    """The entry under `models` that an axis means."""
    assert isinstance(value, dict)
    models = value.get("models")
    entries = models if isinstance(models, list) else []
    for at, entry in enumerate(entries):
        name = str(entry.get("model")) if isinstance(entry, dict) else ""
        if axis.model in (str(at + 1), name, name.rstrip("/").rpartition("/")[2]):
            return entry
    raise BAD_AXIS(text=axis.name, reason=f"the recipe names no model {axis.model!r}")
