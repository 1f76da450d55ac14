"""The tensors of the merged model: what each is made of, and with which options.

Made from the recipe and the names in the headers of the checkpoints, before any weight is read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue, ValidationError

from r2c.errors import InputError, declare
from r2c_training.merge.operators import operator
from r2c_training.merge.operators.operator import AnyOperator, BaseUse
from r2c_training.merge.operators.options import MergeOptions, ModelOptions, Options
from r2c_training.merge.recipe.lines import told_with_line
from r2c_training.merge.recipe.marked import Place
from r2c_training.merge.recipe.read import WRONG_RECIPE, ReadRecipe
from r2c_training.merge.recipe.records import InputSlice, ModelName, Module, OutputSlice, Settings
from r2c_training.merge.recipe.settings import kinds, resolve

_LAYER = re.compile(r"((?:.*\.)?(?:layers?|h|blocks?)\.)(\d+)(\..+)")
_BEFORE_LAYERS = re.compile(r"embed|wte|wpe")

SEVERAL_MODULES = declare(
    "R2C-T114",
    InputError,
    what="{source}, line {line}: modules {modules}; one is what is merged.",
    why="Which tensors belong to which module depends on architectures that are not known here.",
    remedy="Merge a model of one module, or name the whole model under `models`.",
)
MISSING_BASE = declare(
    "R2C-T115",
    InputError,
    what="{source}, line {line}: merge method {method!r} needs a base model{of}.",
    why="It merges what models add to their base.",
    remedy="Name `base_model` in the recipe, and let it have that tensor.",
)
MISSING_LAYER = declare(
    "R2C-T116",
    InputError,
    what="{source}, line {line}: model {model!r} has {count} layers; layer {layer} is asked for.",
    why="Layers count from 0, the end of a range is not in it, and whole models must be as deep.",
    remedy="Shorten the layer range, or merge slices of the same number of layers.",
)


@dataclass(frozen=True)
class Source:
    """A tensor of an input model."""

    model: ModelName
    tensor: str


@dataclass(frozen=True)
class OutputTensor:
    """A tensor of the merged model.

    Args:
        name: Its name in the output.
        operator: The way of merging; `passthrough` where only one model has the tensor.
        base: The base's tensor, None where the operator takes all models alike.
        experts: The tensors that are merged, as many as `options.models`.
        options: What the recipe chose for it.
    """

    name: str
    operator: AnyOperator
    base: Source | None
    experts: tuple[Source, ...]
    options: Options[MergeOptions, ModelOptions]


def outputs(
    read: ReadRecipe, tensors: Mapping[ModelName, Collection[str]]
) -> Iterator[OutputTensor]:
    """The tensors of the result in order: before the layers, layer by layer, after them.

    Args:
        read: The recipe.
        tensors: The names of the tensors of each model that it references, LoRA adapters counting
            as the model that they make.

    Raises:
        InputError: R2C-T100, T101 for options or numbers of models that the operator does not
            take, T114 to T116.
    """
    names = {model: _Names.of(found) for model, found in tensors.items()}
    module = _module(read)
    slices = module.slices or (_whole(read, module, names),)
    walk = _Walk(read, module, names)
    ends = slices[0], slices[-1]
    outer = {name for end in ends for source in end.sources for name in names[source.model].outer}
    first = {name for name in outer if _BEFORE_LAYERS.search(name)}
    for name in sorted(first):
        # What lies outside the layers is at the depth where layers begin, as in mergekit.
        yield walk.tensor(slices[0], name, [name] * len(slices[0].sources), 0.0)
    layer = 0
    for part in slices:
        count = part.sources[0].layers if any(each.layers for each in names.values()) else 0
        for step in range(count):
            yield from walk.layer(part, step, layer, step / (count - 1) if count > 1 else 1.0)
            layer += 1
    for name in sorted(outer - first):
        yield walk.tensor(slices[-1], name, [name] * len(slices[-1].sources), 0.0)


def _module(read: ReadRecipe) -> Module:
    recipe = read.recipe
    if not recipe.modules:
        return Module(models=recipe.models, slices=recipe.slices)
    if len(recipe.modules) > 1:
        line = read.marked.line(("modules",))
        raise SEVERAL_MODULES(source=read.source, line=line, modules=", ".join(recipe.modules))
    return next(iter(recipe.modules.values()))


def _whole(read: ReadRecipe, module: Module, names: Mapping[ModelName, _Names]) -> OutputSlice:
    """Whole models as one slice; a base that is not among them joins, as in mergekit."""
    given = [(each.model, each.parameters) for each in module.models]
    base = read.recipe.base_model
    if base is not None and all(model != base for model, _ in given):
        given.append((base, {}))
    deepest = max(names[model].layers for model, _ in given)
    for model, _ in given:
        if (count := names[model].layers) != deepest:
            raise MISSING_LAYER(
                source=read.source, line=read.marked.line(("models",)),
                model=str(model), count=count, layer=count,
            )  # fmt: skip
    return OutputSlice(
        sources=tuple(
            InputSlice(model=model, layer_range=(0, max(1, deepest)), parameters=parameters)
            for model, parameters in given
        )
    )


@dataclass(frozen=True)
class _Names:
    """The names of a model's tensors: those in each layer, as what stands around its number."""

    outer: frozenset[str]
    inner: Mapping[int, frozenset[tuple[str, str]]]

    @classmethod
    def of(cls, names: Collection[str]) -> _Names:
        inner: dict[int, set[tuple[str, str]]] = {}
        outer = set()
        for name in names:
            found = _LAYER.fullmatch(name)
            if found is None:
                outer.add(name)
            else:
                inner.setdefault(int(found[2]), set()).add((found[1], found[3]))
        return cls(frozenset(outer), {at: frozenset(each) for at, each in inner.items()})

    @property
    def layers(self) -> int:
        return max(self.inner, default=-1) + 1

    def __contains__(self, name: str) -> bool:
        found = _LAYER.fullmatch(name)
        if found is None:
            return name in self.outer
        return (found[1], found[3]) in self.inner.get(int(found[2]), ())


@dataclass(frozen=True)
class _Walk:
    read: ReadRecipe
    module: Module
    names: Mapping[ModelName, _Names]

    def layer(
        self, part: OutputSlice, step: int, layer: int, depth: float
    ) -> Iterator[OutputTensor]:
        """The tensors of one output layer."""
        ats = [source.layer_range[0] + step for source in part.sources]
        around: set[tuple[str, str]] = set()
        for source, at in zip(part.sources, ats, strict=True):
            found = self.names[source.model]
            if at >= found.layers:
                raise MISSING_LAYER(
                    source=self.read.source, line=self._line(part),
                    model=str(source.model), count=found.layers, layer=at,
                )  # fmt: skip
            around |= found.inner.get(at, frozenset())
        for before, after in sorted(around):
            inputs = [f"{before}{at}{after}" for at in ats]
            yield self.tensor(part, f"{before}{layer}{after}", inputs, depth)

    def tensor(
        self, part: OutputSlice, name: str, inputs: Sequence[str], depth: float
    ) -> OutputTensor:
        """One output tensor."""
        there = [
            (source, given)
            for source, given in zip(part.sources, inputs, strict=True)
            if given in self.names[source.model]
        ]
        method = self.read.operator
        base_model = part.base_model or self.read.recipe.base_model
        if method.base is BaseUse.UNUSED:
            base_model = None
        if len(there) == 1 and len(part.sources) > 1:
            # Optional tensors, such as a head of its own where others tie theirs.
            return self._copy(name, *there[0])
        base = next((pair for pair in there if pair[0].model == base_model), None)
        if base is None and (base_model is not None or method.base is BaseUse.REQUIRED):
            of = f" for {name!r}" if base_model else ""
            line = self._line(part)
            raise MISSING_BASE(source=self.read.source, line=line, method=method.name, of=of)
        experts = [pair for pair in there if pair is not base]
        if not experts and base is not None:
            return self._copy(name, *base)
        wider = (part.parameters, self.module.parameters, self.read.recipe.parameters)
        merge = self._resolve(method.merge_options, wider, name, depth)
        models = [
            self._resolve(method.model_options, (source.parameters, *wider), given, depth)
            for source, given in experts
        ]
        with told_with_line(self.read.source, self.read.marked, self._place(part)):
            options = method.choose(merge, models)
        return OutputTensor(
            name,
            method,
            None if base is None else Source(base[0].model, base[1]),
            tuple(Source(source.model, given) for source, given in experts),
            options,
        )

    def _line(self, part: OutputSlice) -> int:
        return self.read.marked.line(self._place(part))

    def _place(self, part: OutputSlice) -> Place:
        """Where a slice is said, or what is merged if it was made of whole models."""
        parts = self.module.slices
        modules = next(iter(self.read.recipe.modules), None)
        above: tuple[str | int, ...] = () if modules is None else ("modules", modules)
        where = ("slices", parts.index(part)) if part in parts else ("models",)
        return (*above, *where)

    def _copy(self, name: str, source: InputSlice, given: str) -> OutputTensor:
        copy = operator("passthrough")
        experts = (Source(source.model, given),)
        return OutputTensor(name, copy, None, experts, copy.choose({}, [{}]))

    def _resolve(
        self,
        options: type[MergeOptions] | type[ModelOptions],
        scopes: Sequence[Settings],
        tensor: str,
        depth: float,
    ) -> dict[str, JsonValue]:
        try:
            return resolve(kinds(options), scopes, tensor, depth)
        except ValidationError as error:
            problem = error.errors(include_url=False)[0]["msg"]
            line = self.read.marked.line(("parameters",))
            raise WRONG_RECIPE(
                source=self.read.source, line=line, key=f"options of {tensor}", problem=problem
            ) from error
