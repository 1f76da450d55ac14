"""A plan: everything that decides the bytes of the merged model, and what it promises.

Its hash is over canonical JSON without the folders, their names and times, so equal inputs make
equal plans wherever they lie. What is known of inputs is part of it: a plan that was made before
they were read whole has another hash than the one that is run, which names their bytes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from r2c_training.merge.checkpoint.number_format import Format
from r2c_training.merge.source import canonical_hash

ZERO, SKIPPED, FOUR, EIGHT, FULL = "0-48f"
"""How a block is read: exactly zero, left out, 4 bits, 8 bits, in full."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Input(_Frozen):
    """One model that goes in."""

    role: str = Field(description="`base`, `expert0`, `expert1` ...")
    name: str = Field(description="Name of its folder. Not part of the hash.")
    kind: Literal["model", "adapter"]
    identity: str = Field(description="Hash of sizes and headers of its files.")
    content: str | None = Field(description="Hash of all its bytes; None if they are not known.")
    read_bytes: int = Field(ge=0, description="Bytes that the merge asks the kernel for.")
    full_bytes: int = Field(ge=0, description="Bytes of reading all of it once.")


class PlannedTensor(_Frozen):
    """How one tensor is made."""

    name: str
    shape: tuple[int, ...]
    form: Format
    operator: str
    merge: dict[str, JsonValue]
    models: tuple[dict[str, JsonValue], ...]
    choices: tuple[str, ...] = Field(
        description="For each expert a sign a block: 0 zero, - left out, 4 or 8 bits, f in full."
    )
    passes: int = Field(description="Times that blocks are gathered before the merge.")
    held: bool = Field(description="Whether they stay in memory between passes.")
    errors: tuple[float, ...] = Field(
        description="For each expert the weighted norm of what is left out."
    )
    bounds: tuple[float, ...] = Field(
        description="For each block a bound of the error; empty if all is read in full."
    )


class Certificate(_Frozen):
    """What leaving out and packing may cost: Euclidean norms over the whole model."""

    sum_bound: float = Field(description="Sum of the weighted norms left out: an upper bound.")
    block_bound: float = Field(description="Blockwise bound, tighter: also an upper bound.")
    rounding: float = Field(description="What float32 arithmetic may add to either.")
    expected: float = Field(description="The error if the deltas are orthogonal.")
    update: float | None = Field(
        description="Norm of the whole update if the deltas are orthogonal; None if not analysed."
    )


class Plan(_Frozen):
    """A merge, ready to be run."""

    version: Literal[1] = 1
    block_elements: int = Field(ge=1, lt=1 << 62)
    based: bool = Field(description="Whether experts are taken as what they add to a base.")
    budget: int | None = Field(description="Bytes that may be read of experts; None: all.")
    inputs: tuple[Input, ...] = Field(min_length=2, description="The base, then the experts.")
    folders: tuple[Path, ...] = Field(description="Where they lie. Not part of the hash.")
    seen: tuple[str, ...] = Field(
        default=(),
        description="What tells them from others and from what stood there before: places, sizes, "
        "times, headers. Not part of the hash; empty where they may lie elsewhere.",
    )
    tensors: tuple[PlannedTensor, ...] = Field(min_length=1)
    certificate: Certificate | None = Field(
        description="None if its operators are not additive and not all is read."
    )
    remarks: tuple[str, ...] = ()
    tokenizer: int = Field(
        default=0, ge=0, description="Number of the input whose tokenizer it gets."
    )
    chat_template: str | None = Field(default=None, description="None: the tokenizer's.")

    @model_validator(mode="after")
    def _require_places(self) -> Self:
        for each in (self.folders, self.seen):
            if len(each) not in (0, len(self.inputs)):
                raise ValueError(f"it has {len(self.inputs)} inputs and {len(each)} places of them")
        return self

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON, without folders, their names and remarks."""
        told = self.model_dump(mode="json", exclude={"folders", "seen", "remarks"})
        # What a recipe seldom says is part of the hash only if it is said.
        for name, usual in (("tokenizer", 0), ("chat_template", None)):
            if told[name] == usual:
                del told[name]
        for each in told["inputs"]:
            del each["name"]
        return canonical_hash(told)

    @property
    def outline(self) -> JsonValue:
        """What is known of it from headers and the recipe, before anything is measured."""
        rules: JsonValue = [
            [each.name, each.form, each.operator, each.merge, list(each.models)]
            for each in self.tensors
        ]
        return [[each.identity for each in self.inputs], rules, self.budget]

    @property
    def experts(self) -> tuple[Input, ...]:
        """The inputs that are merged into the base."""
        return self.inputs[1:]

    @property
    def methods(self) -> tuple[str, ...]:
        """The operators of its tensors, by name."""
        return tuple(sorted({each.operator for each in self.tensors}))

    @property
    def expert_bytes(self) -> int:
        """Bytes asked for of experts: what the budget limits."""
        return sum(expert.read_bytes for expert in self.experts)
