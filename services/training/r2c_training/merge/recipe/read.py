"""Reads a recipe and refuses what would be passed over: unknown keys, unknown options."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue, ValidationError

from r2c.errors import InputError, declare
from r2c_training.merge.operators import operator
from r2c_training.merge.operators.operator import AnyOperator
from r2c_training.merge.recipe.lines import told_with_line
from r2c_training.merge.recipe.marked import Marked, Place, read_marked
from r2c_training.merge.recipe.records import Conditional, Module, Recipe, Setting, Settings
from r2c_training.merge.recipe.settings import Kinds, kinds

WRONG_RECIPE = declare(
    "R2C-T111",
    InputError,
    what="{source}, line {line}: {key}: {problem}.",
    why="The recipe says something that merges have not, or leaves out what they need.",
    remedy="Compare with docs/merging.md; mergekit's keys are read, and no others.",
)
UNKNOWN_PARAMETER = declare(
    "R2C-T112",
    InputError,
    what="{source}, line {line}: merge method {method!r} takes no {name!r} {where}.",
    why="mergekit passes over such a parameter, so that a slip of the pen changes nothing there.",
    remedy="There it takes {known}; `r2c merge` refuses the rest.",
)
NO_RECIPE = declare(
    "R2C-T113",
    InputError,
    what="The recipe {path!r} cannot be read: {problem}.",
    why="It is not there, may not be read, or is no text.",
    remedy="Give the path of a YAML file in UTF-8.",
)


@dataclass(frozen=True)
class ReadRecipe:
    """A recipe, its operator, and where in the file its parts are."""

    recipe: Recipe
    operator: AnyOperator
    source: str
    marked: Marked


def read_recipe(path: Path) -> ReadRecipe:
    """Read a recipe from a file.

    Raises:
        InputError: R2C-T102 for an unknown method, R2C-T110 to T113.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NO_RECIPE(path=str(path), problem=str(error)) from error
    return parse_recipe(text, path.name)


def parse_recipe(text: str, source: str = "recipe") -> ReadRecipe:
    """Read a recipe from its text.

    Raises:
        InputError: R2C-T102 for an unknown method, R2C-T110 to T112.
    """
    return _checked(read_marked(text, source), source)


def changed(read: ReadRecipe, value: JsonValue) -> ReadRecipe:
    """A recipe with other values, checked as if they had been read; lines are those it had.

    Raises:
        InputError: R2C-T102, R2C-T111, R2C-T112.
    """
    return _checked(Marked(value, read.marked.lines), read.source)


def _checked(marked: Marked, source: str) -> ReadRecipe:
    try:
        recipe = Recipe.model_validate(marked.value)
    except ValidationError as error:
        raise _wrong(error, marked, source) from error
    with told_with_line(source, marked, ("merge_method",)):
        method = operator(recipe.merge_method)
    found = ReadRecipe(recipe, method, source, marked)
    for place, settings, of_model in _all_settings(recipe):
        _check(found, place, settings, of_model)
    return found


def _all_settings(recipe: Recipe) -> Iterator[tuple[Place, Settings, bool]]:
    """Every table of parameters, its place, and whether it is a single model's."""
    yield ("parameters",), recipe.parameters, False
    parts: list[tuple[Place, Recipe | Module]] = [((), recipe)]
    for name, module in recipe.modules.items():
        parts.append((("modules", name), module))
        yield ("modules", name, "parameters"), module.parameters, False
    for place, part in parts:
        for at, model in enumerate(part.models):
            yield (*place, "models", at, "parameters"), model.parameters, True
        for at, output in enumerate(part.slices):
            inside = (*place, "slices", at)
            yield (*inside, "parameters"), output.parameters, False
            for number, source in enumerate(output.sources):
                yield (*inside, "sources", number, "parameters"), source.parameters, True


def _check(read: ReadRecipe, place: Place, settings: Settings, of_model: bool) -> None:
    of_models, of_merge = kinds(read.operator.model_options), kinds(read.operator.merge_options)
    known: Kinds = of_models if of_model else {**of_merge, **of_models}
    for name, setting in settings.items():
        line = read.marked.line((*place, name))
        if name not in known:
            raise UNKNOWN_PARAMETER(
                source=read.source,
                line=line,
                method=read.operator.name,
                name=name,
                where="for a single model" if of_model else "at all",
                known=", ".join(known) or "nothing",
            )
        for value in _values(setting):
            try:
                known[name].validate_python(value)
            except ValidationError as error:
                problem = error.errors(include_url=False)[0]["msg"]
                raise WRONG_RECIPE(
                    source=read.source, line=line, key=name, problem=problem
                ) from error


def _values(setting: Setting) -> Iterator[object]:
    if isinstance(setting, list):
        for part in setting:
            yield from _values(part)
    elif isinstance(setting, Conditional):
        yield from _values(setting.value)
    else:
        yield setting


def _wrong(error: ValidationError, marked: Marked, source: str) -> Exception:
    """The first mistake; of the readings of a union, the one that went deepest."""
    first = max(error.errors(include_url=False), key=lambda each: len(_place(each["loc"], marked)))
    place = _place(first["loc"], marked)
    unknown = first["type"] == "extra_forbidden"
    missing = first["type"] == "missing"
    named = place or ("the recipe",)
    if unknown or missing:
        named = (*place[:-1], first["loc"][-1]) if unknown else (*place, first["loc"][-1])
    return WRONG_RECIPE(
        source=source,
        line=marked.line(place),
        key=".".join(str(part) for part in named),
        problem="unknown key" if unknown else first["msg"].removeprefix("Value error, "),
    )


def _place(location: tuple[str | int, ...], marked: Marked) -> Place:
    """Where in the file a mistake is: pydantic's location without the names of union members."""
    place: Place = ()
    for part in location:
        if (*place, part) in marked.lines:
            place = (*place, part)
    return place
