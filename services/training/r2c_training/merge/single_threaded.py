"""Products and decompositions of matrices in one thread each, whatever the process has set.

The last bits of methods on whole matrices hang on the number of threads of NumPy's library; blocks
are what is parallel.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from threadpoolctl import OpenBLASController, threadpool_limits

_LOCK = Lock()
_INSIDE: list[threadpool_limits] = []
"""One limit for each that is inside now; the first one knows the number that was set before."""


@contextmanager
def single_threaded() -> Iterator[None]:
    """Inside, also where several threads are, NumPy's matrix products start no threads."""
    with _whoever_set_it_last():
        _INSIDE.append(threadpool_limits(1, user_api="blas"))
    try:
        yield
    finally:
        with _whoever_set_it_last():
            # Whoever leaves takes a later limit, which sets 1 again, until only the first is left.
            _INSIDE.pop().restore_original_limits()


@contextmanager
def _whoever_set_it_last() -> Iterator[None]:
    """The number is the process's; threadpoolctl lets one thread set it until it is told so."""
    with _LOCK:
        OpenBLASController.clear_controlling_thread(force=True)
        try:
            yield
        finally:
            OpenBLASController.clear_controlling_thread(force=True)
