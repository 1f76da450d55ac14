"""A recipe as typed records, with mergekit's keys and meanings."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Scalar = bool | int | float | str
Gradient = list[Scalar]
Dtype = Literal["float64", "float32", "bfloat16", "float16"]


class Record(BaseModel):
    """A part of a recipe; a key that it has not is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


class Place(Record):
    """Where a model lies."""

    path: str = Field(min_length=1, description="Folder, or name on a hub.")
    revision: str | None = Field(default=None, description="Revision on a hub.")

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        path, _, revision = value.partition("@")
        if "@" in revision:
            raise ValueError(f"{value!r} has more than one @")
        return {"path": path, "revision": revision or None}

    def __str__(self) -> str:
        return f"{self.path}@{self.revision}" if self.revision else self.path


class ModelName(Record):
    """A model, perhaps with an adapter on it: `path@revision+adapter`."""

    model: Place = Field(description="The full model.")
    lora: Place | None = Field(default=None, description="A LoRA adapter on it.")
    override_architecture: None = Field(
        default=None, description="No architecture: tensors go together by their names."
    )

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        model, _, lora = value.partition("+")
        if "+" in lora:
            raise ValueError(f"{value!r} has more than one +")
        return {"model": model, "lora": lora or None}

    @field_validator("override_architecture", mode="before")
    @classmethod
    def _unused(cls, value: object) -> object:
        if value is not None:
            raise ValueError(
                "tensors go together by their names, whatever a model is; leave it out"
            )
        return value

    def __str__(self) -> str:
        return f"{self.model}+{self.lora}" if self.lora else str(self.model)


class Conditional(Record):
    """A value for the tensors whose names contain the filter."""

    value: Scalar | Gradient = Field(description="The value, or values along the layers.")
    filter: str | None = Field(
        default=None, description="Part of a tensor name; none or * for all."
    )


Setting = Scalar | Gradient | Conditional | list[Conditional]
Settings = dict[str, Setting]


class InputModel(Record):
    """A model that is merged whole."""

    model: ModelName = Field(description="The model.")
    parameters: Settings = Field(default_factory=dict, description="Its options.")


class InputSlice(Record):
    """Some layers of a model."""

    model: ModelName = Field(description="The model.")
    layer_range: tuple[int, int] = Field(description="First layer, and the one after the last.")
    parameters: Settings = Field(default_factory=dict, description="Its options.")

    @property
    def layers(self) -> int:
        """How many."""
        return self.layer_range[1] - self.layer_range[0]

    @field_validator("layer_range")
    @classmethod
    def _forward(cls, value: tuple[int, int]) -> tuple[int, int]:
        if not 0 <= value[0] < value[1]:
            raise ValueError("a layer range begins at 0 or more and ends after it begins")
        return value


class OutputSlice(Record):
    """Layers of the result, merged from as many layers of each source."""

    sources: tuple[InputSlice, ...] = Field(min_length=1, description="What is merged.")
    base_model: ModelName | None = Field(default=None, description="Base for these layers.")
    residual_weight: float | None = Field(
        default=None, description="Read for mergekit's sake; no effect there nor here."
    )
    parameters: Settings = Field(default_factory=dict, description="Options of these layers.")

    @model_validator(mode="after")
    def _same_length(self) -> Self:
        if len({source.layers for source in self.sources}) > 1:
            raise ValueError("all sources of a slice must have the same number of layers")
        return self


class Module(Record):
    """A part of the result, from whole models or from slices."""

    models: tuple[InputModel, ...] = Field(default=(), description="Whole models.")
    slices: tuple[OutputSlice, ...] = Field(default=(), description="Slices.")
    parameters: Settings = Field(default_factory=dict, description="Options of the part.")

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if bool(self.models) == bool(self.slices):
            raise ValueError("give exactly one of `models` and `slices`")
        return self


class ModelToken(Record):
    """The embedding of a token of some model."""

    kind: Literal["model_token"] = Field(description="That it is one.")
    model: ModelName = Field(description="The model.")
    token_id: int | None = Field(default=None, ge=0, description="The token, by number.")
    token: str | None = Field(default=None, description="The token, by text.")

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.token_id is None) == (self.token is None):
            raise ValueError("give exactly one of `token_id` and `token`")
        return self


class ZeroToken(Record):
    """An embedding of zeros."""

    kind: Literal["zero"] = Field(description="That it is one.")


class TokenEmbedding(Record):
    """Where the embedding of a token comes from."""

    source: ModelToken | ZeroToken | ModelName | None = Field(
        default=None, description="Where from; all models that have it unless given."
    )
    force: bool = Field(default=False, description="Even for models that have the token.")


class Tokenizer(Record):
    """The tokenizer of the result."""

    source: Literal["union", "base"] | ModelName = Field(
        default="union", description="Tokens of all, of the base, or of one model."
    )
    tokens: dict[str, TokenEmbedding] = Field(
        default_factory=dict, description="Tokens with an embedding of their own."
    )
    pad_to_multiple_of: int | None = Field(
        default=None, ge=1, description="Make the vocabulary a multiple of this."
    )


class Recipe(Record):
    """What is merged, how, and into what."""

    merge_method: str = Field(description="Name of the operator.")
    models: tuple[InputModel, ...] = Field(default=(), description="Whole models.")
    slices: tuple[OutputSlice, ...] = Field(default=(), description="Slices, in order of layers.")
    modules: dict[str, Module] = Field(default_factory=dict, description="Parts by name.")
    base_model: ModelName | None = Field(default=None, description="The base.")
    parameters: Settings = Field(default_factory=dict, description="Options for all.")
    dtype: Dtype | None = Field(default=None, description="What weights are read as.")
    out_dtype: Dtype | None = Field(default=None, description="What weights are written as.")
    tokenizer_source: Literal["union", "base"] | ModelName | None = Field(
        default=None, description="Older way to say `tokenizer: source`."
    )
    tokenizer: Tokenizer | None = Field(default=None, description="The tokenizer of the result.")
    chat_template: str | None = Field(
        default=None, description="A template's text or name, or `auto`."
    )

    @field_validator("dtype", "out_dtype", mode="before")
    @classmethod
    def _without_torch(cls, value: object) -> object:
        return value.removeprefix("torch.") if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if sum(map(bool, (self.models, self.slices, self.modules))) != 1:
            raise ValueError("give exactly one of `models`, `slices` and `modules`")
        if self.tokenizer is not None and self.tokenizer_source is not None:
            raise ValueError("give `tokenizer` or `tokenizer_source`, not both")
        return self

    def tokenizer_wanted(self) -> Tokenizer | None:
        """The tokenizer, whichever way it was said."""
        if self.tokenizer_source is not None:
            return Tokenizer(source=self.tokenizer_source)
        return self.tokenizer

    def referenced(self) -> tuple[ModelName, ...]:
        """All models that are merged, each once, the base first."""
        parts = [*self.modules.values()]
        models = [*self.models, *(model for part in parts for model in part.models)]
        slices = [*self.slices, *(slice for part in parts for slice in part.slices)]
        found = [self.base_model] if self.base_model else []
        for output in slices:
            found += [output.base_model] if output.base_model else []
            found += [source.model for source in output.sources]
        found += [model.model for model in models]
        return tuple(dict.fromkeys(found))
