"""From a recipe in mergekit's form to a request: whole models or adapters of one family."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from r2c.errors import InputError, declare
from r2c_training.merge.checkpoint.checkpoint import open_checkpoint
from r2c_training.merge.checkpoint.number_format import Format
from r2c_training.merge.plan.compatibility import merged_tensors
from r2c_training.merge.plan.request import MergeRequest, Rule
from r2c_training.merge.recipe.outputs import OutputTensor, outputs
from r2c_training.merge.recipe.read import ReadRecipe
from r2c_training.merge.recipe.records import ModelName

NOT_STREAMED = declare(
    "R2C-T024", InputError,
    what="The recipe asks for what is not merged block by block: {reason}.",
    why="A plan merges each tensor with the tensor of the same name in every model.",
    remedy="Name whole models, each from the first to the last layer, and keep the base's "
    "tokenizer.",
)  # fmt: skip

_FORMATS: dict[str, Format] = {"float32": "F32", "bfloat16": "BF16", "float16": "F16"}


def request_from(read: ReadRecipe) -> MergeRequest:
    """What a recipe asks for. Reads headers and no weight; folders are as the recipe names them.

    Raises:
        InputError: R2C-T001 to R2C-T003, R2C-T024, and those of `outputs`.
    """
    recipe = read.recipe
    _require_plain(read)
    names = {model: _tensors(model) for model in recipe.referenced()}
    made = list(outputs(read, names))
    first = made[0]
    base = first.base.model if first.base else None
    experts = [source.model for source in first.experts]
    for each in made:
        _require_alike(each, base, experts)
    rules = {
        each.name: Rule(
            each.operator.name,
            each.options.merge.model_dump(mode="json", by_alias=True),
            [model.model_dump(mode="json", by_alias=True) for model in each.options.models],
        )
        for each in made
    }
    return MergeRequest(
        base=_folder(base, None) if base else None,
        experts=tuple(_folder(expert, base) for expert in experts),
        rule=rules.__getitem__,
        form=_FORMATS[out] if (out := recipe.out_dtype or recipe.dtype) else None,
    )


def _require_plain(read: ReadRecipe) -> None:
    recipe = read.recipe
    wanted = recipe.tokenizer_wanted()
    reasons = {
        "a tokenizer of its own": wanted is not None and wanted.source != "base",
        "tokens of its own": wanted is not None and bool(wanted.tokens),
        "a padded vocabulary": wanted is not None and wanted.pad_to_multiple_of is not None,
        "a chat template of its own": recipe.chat_template not in (None, "auto"),
        "weights of float64": "float64" in (recipe.dtype, recipe.out_dtype),
    }
    for reason, holds in reasons.items():
        if holds:
            raise NOT_STREAMED(reason=reason)


def _tensors(model: ModelName) -> Collection[str]:
    return merged_tensors(open_checkpoint(Path(model.model.path)))


def _require_alike(
    each: OutputTensor, base: ModelName | None, experts: Sequence[ModelName]
) -> None:
    sources = [*([each.base] if each.base else []), *each.experts]
    if any(source.tensor != each.name for source in sources):
        raise NOT_STREAMED(reason=f"{each.name!r} is made of tensors of other names")
    if [source.model for source in each.experts] != list(experts):
        raise NOT_STREAMED(reason=f"{each.name!r} is not in all models")
    if (each.base.model if each.base else None) != base:
        raise NOT_STREAMED(reason=f"{each.name!r} has another base than the tensors before it")


def _folder(model: ModelName, base: ModelName | None) -> Path:
    for place in (model.model, model.lora):
        if place is not None and place.revision is not None:
            raise NOT_STREAMED(reason=f"{place} names a revision; the folder of one is wanted")
    if model.lora is None:
        return Path(model.model.path)
    if base is None or base.lora is not None or model.model != base.model:
        raise NOT_STREAMED(reason=f"the adapter of {model} is not on the base model")
    return Path(model.lora.path)
