"""The inputs of a recipe's tensors, column by column: a whole model each, or a stack of layers."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from r2c.errors import InputError, declare
from r2c_training.merge.checkpoint.checkpoint import open_checkpoint
from r2c_training.merge.checkpoint.stack import STACK, Stack, stack_config
from r2c_training.merge.recipe.outputs import OutputTensor, Source
from r2c_training.merge.recipe.read import ReadRecipe
from r2c_training.merge.recipe.records import ModelName
from r2c_training.merge.source import canonical_hash

NOT_STREAMED = declare(
    "R2C-T024", InputError,
    what="{source}, line {line}: this is not merged block by block: {reason}.",
    why="A plan merges each tensor with one tensor of every model, and moves no rows of tables.",
    remedy="Give every slice as many sources as the others, and models of one vocabulary.",
)  # fmt: skip

_LONGEST = 80


@dataclass(frozen=True)
class Column:
    """What is read for each tensor of the result: the base's, or those of one position."""

    sources: Mapping[str, Source]

    @property
    def models(self) -> tuple[ModelName, ...]:
        """The models, each once, in the order in which they come."""
        return tuple(dict.fromkeys(source.model for source in self.sources.values()))

    def whole(self, tensors: Mapping[ModelName, Collection[str]]) -> ModelName | None:
        """The model that it is, if it is one as it stands."""
        first = self.models[0]
        moved = any(source.tensor != name for name, source in self.sources.items())
        if moved or len(self.models) > 1 or set(self.sources) != set(tensors[first]):
            return None
        return first


def columns(read: ReadRecipe, made: Sequence[OutputTensor]) -> tuple[Column | None, list[Column]]:
    """The base's column, if there is one, and those of the experts.

    Raises:
        InputError: R2C-T024, with the line.
    """
    first = made[0]
    for each in made:
        if (each.base is None) != (first.base is None) or len(each.experts) != len(first.experts):
            reason = f"{each.name!r} has {_told(each)}, {first.name!r} has {_told(first)}"
            raise refused(read, ("slices",), reason)
    experts = [
        Column({each.name: each.experts[at] for each in made}) for at in range(len(first.experts))
    ]
    base = {each.name: each.base for each in made if each.base is not None}
    return Column(base) if base else None, experts


def write_stack(column: Column, folder: Path) -> Path:
    """Keep a column as a stack below a folder; its own folder.

    Raises:
        InputError: R2C-T050, and R2C-T001 to R2C-T003.
    """
    parts = [open_checkpoint(Path(model.model.path)).folder for model in column.models]
    numbers = {model: at for at, model in enumerate(column.models)}
    tensors = {
        name: (numbers[source.model], source.tensor) for name, source in column.sources.items()
    }
    stack = Stack(parts=tuple(parts), tensors=tensors)
    text = stack.model_dump_json(indent=1)
    config = json.dumps(stack_config(stack), indent=2) + "\n"
    told = "+".join(part.name for part in parts)[:_LONGEST]
    place = folder / f"{told}-{canonical_hash([text, config])[:12]}"
    place.mkdir(parents=True, exist_ok=True)
    for name, content in (("config.json", config), (STACK, text)):
        beside = place / f".{name}.new"
        beside.write_text(content, encoding="utf-8")
        beside.rename(place / name)
    return place


def refused(read: ReadRecipe, place: tuple[str | int, ...], reason: str) -> Exception:
    """That a recipe asks for what is not merged, with its line."""
    return NOT_STREAMED(source=read.source, line=read.marked.line(place), reason=reason)


def _told(tensor: OutputTensor) -> str:
    def parts() -> Iterator[str]:
        yield f"{len(tensor.experts)} models"
        if tensor.base is not None:
            yield "a base"

    return " and ".join(parts())
