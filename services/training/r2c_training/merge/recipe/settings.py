"""What an option is for one tensor at one depth: filters and gradients, as mergekit has them.

A list of numbers is a line through them from the first layer of a slice to the last; a list of
words or of truth values is stepped through. Of filtered values the first that fits counts. Where
nothing is said the next wider scope is asked: model, slice, module, recipe.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated, cast

from pydantic import JsonValue, TypeAdapter

from r2c_training.merge.operators.options import MergeOptions, ModelOptions
from r2c_training.merge.recipe.records import Conditional, Scalar, Setting, Settings

Kinds = Mapping[str, TypeAdapter[Scalar | None]]
"""The options of an operator by the names that recipes use, with what their values may be."""


@cache
def kinds(options: type[MergeOptions] | type[ModelOptions]) -> Kinds:
    """The options that a class declares."""
    found: dict[str, TypeAdapter[Scalar | None]] = {}
    for name, field in options.model_fields.items():
        # One more mark, as some fields have none and a type alone cannot be annotated.
        marked = (field.annotation, name, *field.metadata)
        kind: type[Scalar | None] = Annotated[marked]  # type: ignore[assignment]
        found[field.alias or name] = TypeAdapter(kind)
    return found


def value_at(
    setting: Setting, tensor: str, depth: float, kind: TypeAdapter[Scalar | None]
) -> Scalar | None:
    """The value for a tensor at a depth from 0 to 1; None where nothing is said for it.

    Raises:
        ValidationError: if a value is not of its kind.
    """
    if isinstance(setting, Conditional):
        setting = [setting]
    if not isinstance(setting, list):
        return kind.validate_python(setting)
    for part in setting:
        if not isinstance(part, Conditional):
            return _along(cast("list[Scalar]", setting), depth, kind)
        if part.filter is None or part.filter == "*" or part.filter in tensor:
            return value_at(part.value, tensor, depth, kind)
    return None


def resolve(
    wanted: Kinds, scopes: Iterable[Settings], tensor: str, depth: float
) -> dict[str, JsonValue]:
    """The options that recipes give for a tensor, from the narrowest scope to the widest.

    What is nowhere given is left out, for the operator to take its default or to ask for it.
    """
    found: dict[str, JsonValue] = {}
    asked = tuple(scopes)
    for name, kind in wanted.items():
        for scope in asked:
            value = value_at(scope[name], tensor, depth, kind) if name in scope else None
            if value is not None:
                found[name] = value
                break
    return found


def _along(values: list[Scalar], depth: float, kind: TypeAdapter[Scalar | None]) -> Scalar | None:
    ends = [kind.validate_python(value) for value in values]
    place = depth * (len(ends) - 1)
    at = int(place)
    first, second = ends[at], ends[min(len(ends) - 1, at + 1)]
    if not all(isinstance(end, int | float) and not isinstance(end, bool) for end in ends):
        return first
    share = place - at
    between = (1 - share) * cast("float", first) + share * cast("float", second)
    return kind.validate_python(between)
