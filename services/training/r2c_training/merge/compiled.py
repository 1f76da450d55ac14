"""Loops over elements as machine code, made on their first call and kept for later processes.

Every step is the one that NumPy takes in the same format: nothing is fused or put in another order.
Numba keeps the code in NUMBA_CACHE_DIR, beside the source, or in the user's cache, the first that
can be written; where none can, every process makes it anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function of arrays and numbers of NumPy's types; threads may run it at once.

    What it names beside them must stand in its own file: kept code is made anew when that changes.
    """
    try:
        made = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # no folder that could be written
        made = numba.njit(nogil=True)(function)
    return cast(Callable[P, R], made)
