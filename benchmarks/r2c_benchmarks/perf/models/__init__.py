"""The models that are measured, one module each; the folder is the list.

A module says for a number of variables and a seed what the data are (`data`), and how the model is
written as a CIR, in Pyomo, in linopy and for HiGHS itself.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
"""The data of a model by the names that its CIR has for them."""


class Model(Protocol):
    """What each module of this folder offers; the columns come in the same order each way."""

    CIR: str
    __file__: str

    def data(self, variables: int, seed: int) -> Arrays:
        """The data for about so many variables."""

    def in_pyomo(self, data: Arrays) -> Any:
        """The model as one writes it in Pyomo."""

    def in_linopy(self, data: Arrays) -> Any:
        """The model as one writes it in linopy."""

    def for_highs(self, data: Arrays) -> Flat:
        """The model as the arrays of HiGHS, made by NumPy."""


def model_names() -> tuple[str, ...]:
    """The modules of this folder."""
    return tuple(sorted(item.name for item in pkgutil.iter_modules(__path__)))


def find_model(name: str) -> Model:
    """The module of that name, which is one of `model_names`."""
    return cast(Model, importlib.import_module(f"{__name__}.{name}"))


@dataclass(frozen=True)
class Flat:
    """The arrays that HiGHS is passed; the matrix by rows, or by columns.

    `whole` are the columns of whole numbers, None if there are none.
    """

    cost: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]
    starts: NDArray[np.int32]
    indices: NDArray[np.int32]
    values: NDArray[np.float64]
    by_column: bool = False
    whole: NDArray[np.int32] | None = None
