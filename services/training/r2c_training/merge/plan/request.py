"""What is to be merged: the folders, and for each tensor the operator and its options."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from r2c_training.merge.checkpoint.number_format import Format


@dataclass(frozen=True)
class Rule:
    """How one tensor is merged, by the names and values of a recipe."""

    operator: str
    merge: Mapping[str, JsonValue]
    models: Sequence[Mapping[str, JsonValue]]
    """Options of each expert, in order."""


@dataclass(frozen=True)
class MergeRequest:
    """What is to be merged.

    Args:
        base: The model that experts were trained from; None to merge models as such.
        experts: Models or adapters of one family.
        rule: The rule for a tensor, by its name.
        form: Number format of the merged model; None for that of the base, tensor by tensor.
        tokenizer: Folder whose tokenizer it gets; None for the base's.
        chat_template: Template that it gets; None for the tokenizer's.
    """

    base: Path | None
    experts: tuple[Path, ...]
    rule: Callable[[str], Rule]
    form: Format | None = None
    tokenizer: Path | None = None
    chat_template: str | None = None
