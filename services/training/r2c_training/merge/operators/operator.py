"""What a merge operator is: a class that says what it needs to see and merges block by block.

One that needs facts about a whole tensor (a norm, a threshold) gathers them in passes over its
blocks before it merges, so that no tensor has to lie in memory for them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Generic, Self, TypeVar

from pydantic import JsonValue, ValidationError

from r2c.errors import InputError, declare
from r2c_training.merge.operators.block import Array, Block, Tensor
from r2c_training.merge.operators.options import M, MergeOptions, ModelOptions, Options, P

WRONG_OPTIONS = declare(
    "R2C-T100",
    InputError,
    what="The options of merge method {operator!r} are wrong for {of}: {problem}.",
    why="An option that is unknown, missing or out of range would change the merged weights.",
    remedy="It takes for the merge: {merge}; for each model: {models}.",
)
WRONG_COUNT = declare(
    "R2C-T101",
    InputError,
    what="Merge method {operator!r} was given {count} models beside the base; it takes {takes}.",
    why="Its equations are defined for that many.",
    remedy="Name that many models, or use another merge method.",
)


class Reach(StrEnum):
    """How much of a tensor an operator must see at once: what its blocks may be."""

    ELEMENT = "element"
    """Any run of elements."""
    ROWS = "rows"
    """Whole rows (the last axis), any number of them."""
    TENSOR = "tensor"
    """The whole tensor."""
    MATRIX = "matrix"
    """The whole tensor if it is a matrix that the operator treats as one, else any run."""


class BaseUse(StrEnum):
    """What the base model is to an operator."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    """It changes what is merged: with a base the updates, without one the models."""
    UNUSED = "unused"
    """Models are alike; a recipe's base model gives names and shapes alone."""


@dataclass(frozen=True)
class Coefficients:
    """A merge that is `base * B + sum of experts[k] * delta_k`, fixed before any weight is read."""

    base: float
    experts: tuple[float, ...]


class Statistics(ABC):
    """What one pass gathers over the blocks of a tensor.

    One accumulator is used by one thread at a time. Several may take a share of the blocks each
    and then `absorb` one another, in any order. Every pass over a tensor, and the merge after it,
    has blocks of the same boundaries.
    """

    @abstractmethod
    def add(self, block: Block) -> None:
        """Take in a block; each is added once."""

    @abstractmethod
    def absorb(self, other: Self) -> None:
        """Take in what another accumulator of the same pass has gathered."""

    def settle(self) -> None:  # noqa: B027 - most have nothing to do
        """Work out what the merge asks for, once, after the last block."""


S = TypeVar("S", bound=Statistics)


class Operator(ABC, Generic[M, P, S]):
    """A way of merging: declarations, passes, and the merge of a block.

    A file of this folder ends with `OPERATORS`, the instances that it offers; it is found by
    listing the folder. `merge` gives the same whoever calls it, from several threads too.
    """

    name: ClassVar[str]
    """mergekit's name where it has the method."""
    aliases: ClassVar[tuple[str, ...]] = ()
    paper: ClassVar[str]
    """Authors, title and where it appeared."""
    summary: ClassVar[str]
    """One sentence for tables."""
    reach: ClassVar[Reach]
    base: ClassVar[BaseUse]
    fewest: ClassVar[int] = 1
    """Models beside the base, at least."""
    most: ClassVar[int | None] = None
    merge_options: type[M]
    model_options: type[P]
    additive: ClassVar[bool] = False
    """Whether `coefficients` describe it, so that what leaving a block out costs is known."""
    random: ClassVar[bool] = False
    """Whether it draws; the draws depend on seed, expert, tensor name and element index alone."""
    needs_inputs: ClassVar[bool] = False
    """Whether matrices come with the statistics of supplied data (`Block.inputs`)."""

    def choose(
        self, merge: Mapping[str, JsonValue], models: Sequence[Mapping[str, JsonValue]]
    ) -> Options[M, P]:
        """The options for one tensor, from plain values by mergekit's names.

        Raises:
            InputError: R2C-T100 for a wrong option, R2C-T101 for a wrong number of models,
                R2C-T124 for weights without a sum.
        """
        self.check_count(len(models))
        chosen = []
        for at, given in enumerate(models):
            try:
                chosen.append(self.model_options.model_validate(given))
            except ValidationError as error:
                raise self._wrong(f"model {at + 1}", error) from error
        try:
            options = Options(self.merge_options.model_validate(merge), tuple(chosen))
        except ValidationError as error:
            raise self._wrong("the merge", error) from error
        self.check(options)
        return options

    def check(self, options: Options[M, P]) -> None:
        """Refuse options that are each in range and cannot be merged with together."""

    def check_count(self, count: int) -> None:
        """Refuse a number of models beside the base that is not merged by this operator.

        Raises:
            InputError: R2C-T101.
        """
        if self.fewest <= count and (self.most is None or count <= self.most):
            return
        takes = f"{self.fewest} or more" if self.most is None else f"{self.fewest} to {self.most}"
        if self.most == self.fewest:
            takes = str(self.most)
        raise WRONG_COUNT(operator=self.name, count=count, takes=takes)

    def reach_of(self, tensor: Tensor, options: Options[M, P]) -> Reach:
        """How blocks of this tensor must be cut: never `MATRIX`, which is settled here."""
        if self.reach is not Reach.MATRIX:
            return self.reach
        return Reach.TENSOR if self.treats(tensor, options) else Reach.ELEMENT

    def treats(self, tensor: Tensor, options: Options[M, P]) -> bool:
        """Whether an operator on matrices treats this tensor as one; else it has a rule for it."""
        return len(tensor.shape) == 2

    def workspace(self, tensor: Tensor, options: Options[M, P]) -> int:
        """Bytes that `merge` needs at most beside a whole tensor of all models and its result."""
        return 4 * tensor.size * (len(options.models) + 2)

    def coefficients(self, tensor: Tensor, options: Options[M, P]) -> Coefficients:
        """The fixed coefficients of an additive operator, the same for all blocks of a tensor."""
        raise TypeError(f"{self.name} has no fixed coefficients")

    def passes(self, tensor: Tensor, options: Options[M, P]) -> int:
        """How many times the blocks are gathered before the merge; each reads the deltas again."""
        return 0

    def gather(self, tensor: Tensor, options: Options[M, P], earlier: S | None) -> S:
        """An empty accumulator for the next pass, told what the pass before it found (settled)."""
        raise TypeError(f"{self.name} gathers nothing")

    @abstractmethod
    def merge(self, block: Block, statistics: S | None, options: Options[M, P]) -> Array:
        """The merged values of a block.

        Args:
            block: The block, cut as `reach_of` says.
            statistics: What the last pass found, settled; None if `passes` is 0.
            options: What was chosen for this tensor.

        Returns:
            A fresh float32 array of `block.length` values.
        """

    def _wrong(self, of: str, error: ValidationError) -> Exception:
        first = error.errors(include_url=False)[0]
        at = ".".join(str(part) for part in first["loc"])
        return WRONG_OPTIONS(
            operator=self.name,
            of=of,
            problem=f"{at or 'options'}: {first['msg'].removeprefix('Value error, ')}",
            merge=_names(self.merge_options),
            models=_names(self.model_options),
        )


AnyOperator = Operator[MergeOptions, ModelOptions, Statistics]
"""Any operator, its option and statistics types forgotten; each is used with its own."""


def _names(options: type[MergeOptions] | type[ModelOptions]) -> str:
    fields = options.model_fields.items()
    return ", ".join(field.alias or name for name, field in fields) or "nothing"
