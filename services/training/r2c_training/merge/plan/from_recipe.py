"""From a recipe in mergekit's form to a request: models, stacks of layers, adapters, tokenizer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from r2c.errors import InputError, declare
from r2c_training.merge.adapter import is_adapter, open_adapter
from r2c_training.merge.checkpoint.checkpoint import open_checkpoint
from r2c_training.merge.checkpoint.number_format import Format
from r2c_training.merge.operators.operator import BaseUse
from r2c_training.merge.plan.columns import Column, columns, refused, write_stack
from r2c_training.merge.plan.compatibility import merged_tensors
from r2c_training.merge.plan.request import MergeRequest, Rule
from r2c_training.merge.plan.tokenizer_choice import chat_template, tokenizer_folder
from r2c_training.merge.recipe.lines import told_with_line
from r2c_training.merge.recipe.outputs import OutputTensor, outputs
from r2c_training.merge.recipe.read import ReadRecipe
from r2c_training.merge.recipe.records import ModelName

NOT_READ = declare(
    "R2C-T128", InputError,
    what="{source}, line {line}: {model} is not read: {reason}.",
    why="Models are folders on this machine, and what an adapter adds counts beside the model that "
    "it was trained on.",
    remedy="Name folders, and as `base_model` the model below the adapters; or merge an adapter "
    "into its model first, and name the result.",
)  # fmt: skip
_FORMATS: dict[str, Format] = {"float32": "F32", "bfloat16": "BF16", "float16": "F16"}


def request_from(read: ReadRecipe, stacks: Path) -> MergeRequest:
    """What a recipe asks for. Reads headers and no weight; folders are as the recipe names them.

    Args:
        read: The recipe.
        stacks: Where stacks of layers are kept, if it has any.

    Raises:
        InputError: R2C-T001 to R2C-T003, R2C-T006, R2C-T024, R2C-T050, R2C-T053, R2C-T128, and
            those of `outputs`.
    """
    recipe = read.recipe
    for name in ("dtype", "out_dtype"):
        if getattr(recipe, name) == "float64":
            raise refused(read, (name,), "weights of float64")
    tensors = {model: _tensors(read, model) for model in recipe.referenced()}
    made = list(outputs(read, tensors))
    below, beside = columns(read, made)
    whole = _below_adapters(made) if below is None else below.whole(tensors)

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
    base = None if whole is None else Path(whole.model.path)
    return MergeRequest(
        base=base if below is None else folder(below),
        experts=tuple(folder(column) for column in beside),
        rule=rules.__getitem__,
        form=_FORMATS[out] if (out := recipe.out_dtype or recipe.dtype) else None,
        tokenizer=tokenizer_folder(read),
        chat_template=chat_template(read),
    )


def _tensors(read: ReadRecipe, model: ModelName) -> Collection[str]:
    for place in (model.model, model.lora):
        if place is not None and place.revision is not None:
            raise _not_read(read, model, f"{place} names a revision; the folder of one is wanted")
    if is_adapter(Path(model.model.path)):
        reason = "an adapter lies in that folder; adapters are named after their base and a `+`"
        raise _not_read(read, model, f"{reason}, models lie apart from them")
    if model.lora is not None and not is_adapter(Path(model.lora.path)):
        raise _not_read(read, model, f"there is no adapter in {model.lora.path!r}")
    with told_with_line(read.source, read.marked, _where(read, model)):
        if model.lora is not None:
            open_adapter(Path(model.lora.path))
        return merged_tensors(open_checkpoint(Path(model.model.path)))


def _folder(read: ReadRecipe, model: ModelName, base: ModelName | None) -> Path:
    if model.lora is None:
        return Path(model.model.path)
    if base is None:
        raise _not_read(read, model, "there is no one base model that its adapter is on")
    if base.lora is not None or model.model != base.model:
        raise _not_read(read, model, f"its adapter is not on the base model {base}")
    return Path(model.lora.path)


def _below_adapters(made: Sequence[OutputTensor]) -> ModelName | None:
    """The model that all adapters are on, where models are merged as such.

    With it as base an adapter stands for the model that it makes, and all others for themselves.
    """
    on = {each.model.model for output in made for each in output.experts if each.model.lora}
    if len(on) != 1 or any(output.operator.base is not BaseUse.UNUSED for output in made):
        return None
    return ModelName(model=on.pop())


def _not_read(read: ReadRecipe, model: ModelName, reason: str) -> Exception:
    line = read.marked.line(_where(read, model))
    return NOT_READ(source=read.source, line=line, model=str(model), reason=reason)


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
