"""From a recipe in mergekit's form to a request: models, stacks of layers, adapters, tokenizer."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from r2c_training.merge.checkpoint.checkpoint import open_checkpoint
from r2c_training.merge.checkpoint.number_format import Format
from r2c_training.merge.plan.columns import Column, columns, refused, write_stack
from r2c_training.merge.plan.compatibility import merged_tensors
from r2c_training.merge.plan.request import MergeRequest, Rule
from r2c_training.merge.plan.tokenizer_choice import chat_template, tokenizer_folder
from r2c_training.merge.recipe.outputs import outputs
from r2c_training.merge.recipe.read import ReadRecipe
from r2c_training.merge.recipe.records import ModelName

_FORMATS: dict[str, Format] = {"float32": "F32", "bfloat16": "BF16", "float16": "F16"}


def request_from(read: ReadRecipe, stacks: Path) -> MergeRequest:
    """What a recipe asks for. Reads headers and no weight; folders are as the recipe names them.

    Args:
        read: The recipe.
        stacks: Where stacks of layers are kept, if it has any.

    Raises:
        InputError: R2C-T001 to R2C-T003, R2C-T024, R2C-T050, R2C-T053, and those of `outputs`.
    """
    recipe = read.recipe
    for name in ("dtype", "out_dtype"):
        if getattr(recipe, name) == "float64":
            raise refused(read, (name,), "weights of float64")
    tensors = {model: _tensors(read, model) for model in recipe.referenced()}
    made = list(outputs(read, tensors))
    below, beside = columns(read, made)
    whole = None if below is None else below.whole(tensors)

    def folder(column: Column) -> Path:
        model = column.whole(tensors)
        if model is not None:
            return _folder(read, model, whole)
        if any(model.lora is not None for model in column.models):
            raise refused(read, ("slices",), "layers of an adapter change their place")
        return write_stack(column, stacks)

    rules = {
        each.name: Rule(
            each.operator.name,
            each.options.merge.model_dump(mode="json", by_alias=True),
            [model.model_dump(mode="json", by_alias=True) for model in each.options.models],
        )
        for each in made
    }
    return MergeRequest(
        base=None if below is None else folder(below),
        experts=tuple(folder(column) for column in beside),
        rule=rules.__getitem__,
        form=_FORMATS[out] if (out := recipe.out_dtype or recipe.dtype) else None,
        tokenizer=tokenizer_folder(read),
        chat_template=chat_template(read),
    )


def _tensors(read: ReadRecipe, model: ModelName) -> Collection[str]:
    for place in (model.model, model.lora):
        if place is not None and place.revision is not None:
            reason = f"{place} names a revision; the folder of one is wanted"
            raise refused(read, _where(read, model), reason)
    return merged_tensors(open_checkpoint(Path(model.model.path)))


def _folder(read: ReadRecipe, model: ModelName, base: ModelName | None) -> Path:
    if model.lora is None:
        return Path(model.model.path)
    if base is None or base.lora is not None or model.model != base.model:
        reason = f"the adapter of {model} is not on the base model"
        raise refused(read, _where(read, model), reason)
    return Path(model.lora.path)


def _where(read: ReadRecipe, model: ModelName) -> tuple[str | int, ...]:
    """The first place of the recipe that names a model."""
    for place in read.marked.lines:
        if place and place[-1] in ("model", "base_model") and _at(read, place) == str(model):
            return place
    return ()


def _at(read: ReadRecipe, place: tuple[str | int, ...]) -> object:
    value: object = read.marked.value
    for part in place:
        if isinstance(value, dict | list):
            value = value[part]  # type: ignore[index]
    return value
