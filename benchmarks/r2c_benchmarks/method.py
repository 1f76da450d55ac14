"""What a method is: it gets a problem and the means to solve it, and hands back an attempt."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from pydantic import JsonValue

from r2c.errors import InputError, declare
from r2c.llm.model import LanguageModel
from r2c.settings import Settings
from r2c_benchmarks.items import Item, OtherNumbers
from r2c_benchmarks.sandbox.box import Sandbox

Outcome = Literal[
    "optimal",
    "feasible",
    "infeasible",
    "unbounded",
    "infeasible_or_unbounded",
    "limit",
    "unsupported",
    "needs_input",
    "error",
]

UNKNOWN_OPTION = declare(
    "R2C-B020",
    InputError,
    what="The method {method!r} has no option {option!r}.",
    why="An option that is not understood would be measured as if it were.",
    remedy="Use one of {known} with --set, or none.",
)


UNFIT_OPTION = declare(
    "R2C-B024",
    InputError,
    what="The method {method!r} cannot take {value!r} as {option!r}.",
    why="It must be {wanted}.",
    remedy="Use --set {option}={default}, or another such value.",
)


@dataclass(frozen=True)
class Attempt:
    """What a method made of one problem.

    Attributes:
        outcome: What the final model came to; `error` if there is none.
        objective: Its optimum, if it has one.
        relaxed: The optimum with every integer quantity continuous, where that differs in kind.
        whole: The optimum with every continuous quantity integer, likewise.
        executable: Whether a model was built and the solver could read it.
        message: What went wrong, if something did.
        details: Whatever helps to understand the attempt later.
        structure: Rules of the problem that the model has, has not, and others of its own, where
            both say what their rules are.
        formulation: What can be solved again with other numbers, if there is such a thing.
        truncated: Whether the reply that the attempt stands on ended at its token limit; None where
            it stands on no single reply.
    """

    outcome: Outcome
    objective: float | None = None
    relaxed: float | None = None
    whole: float | None = None
    executable: bool = False
    message: str = ""
    details: Mapping[str, JsonValue] = field(default_factory=dict)
    structure: tuple[int, int, int] | None = None
    formulation: Formulated | None = None
    truncated: bool | None = None


class Formulated(Protocol):
    """A formulation that can be solved again about other numbers."""

    async def again(self, item: Item, other: OtherNumbers, means: Means) -> float | None:
        """Its optimum with the other numbers, None if it has none.

        Raises:
            Unclear: a number of it cannot be followed.
        """
        ...


@dataclass(frozen=True)
class Means:
    """What a method may use for one problem.

    `deadline` is the `time.monotonic()` at which it must have ended.
    """

    model: LanguageModel
    sandbox: Sandbox
    settings: Settings
    deadline: float
    seed: int = 0
    options: Mapping[str, JsonValue] = field(default_factory=dict)

    @property
    def seconds_left(self) -> float:
        """Time until the deadline, at least 1 s."""
        return max(1.0, self.deadline - time.monotonic())


class Method(Protocol):
    """A way from words to a number; each lives in a module of its own in `methods/`."""

    @property
    def summary(self) -> str:
        """One line for the list of methods."""
        ...

    def settings(self, options: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """Everything that decides the result, for the manifest.

        Raises:
            InputError: R2C-B020, R2C-B023 or R2C-B024, an option that it has not or cannot take.
        """
        ...

    async def attempt(self, item: Item, means: Means) -> Attempt:
        """Solve one problem; failures of the formulation are data, not exceptions.

        Raises:
            LanguageModelError: the endpoint failed.
            BudgetError: the deadline passed.
        """
        ...


def with_options(
    method: str, defaults: Mapping[str, JsonValue], options: Mapping[str, JsonValue]
) -> dict[str, JsonValue]:
    """The defaults with the options laid over them.

    Raises:
        InputError: R2C-B020.
    """
    for option in options:
        if option not in defaults:
            raise UNKNOWN_OPTION(method=method, option=option, known=sorted(defaults))
    return {**defaults, **options}


def with_numbers(
    method: str, defaults: Mapping[str, JsonValue], options: Mapping[str, JsonValue]
) -> dict[str, JsonValue]:
    """As `with_options` where every default is a number: counts are 1 or more, others 0 or more.

    Raises:
        InputError: R2C-B020 or R2C-B024.
    """
    chosen = with_options(method, defaults, options)
    for option, value in options.items():
        wanted = _wanted(defaults[option], value)
        if wanted is not None:
            raise UNFIT_OPTION(
                method=method, option=option, value=value, wanted=wanted, default=defaults[option]
            )
    return chosen


def _wanted(default: JsonValue, value: JsonValue) -> str | None:
    """What a value would have to be in place of a default, if it is something else."""
    if isinstance(default, int):
        fits = isinstance(value, int) and not isinstance(value, bool) and value >= 1
        return None if fits else "a whole number of 1 or more"
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return None if number and 0 <= float(str(value)) < float("inf") else "a number of 0 or more"
