"""Products and decompositions of matrices in one thread each, whatever the process has set.

The last bits of methods on whole matrices hang on the number of threads of NumPy's library; blocks
are what is parallel. It holds for OpenBLAS with threads of its own, as NumPy's wheels have it but
on newer Macs; for Accelerate and OpenMP the commands set variables before NumPy is loaded.
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
    # The number is the process's. threadpoolctl lets no thread change it but the one that last did,
    # which so is one of those inside, until nobody is.
    with _LOCK:
        OpenBLASController.clear_controlling_thread(force=True)
        _INSIDE.append(threadpool_limits(1, user_api="blas"))
    try:
        yield
    finally:
        with _LOCK:
            OpenBLASController.clear_controlling_thread(force=True)
            # Whoever leaves takes a later limit, which sets 1 again, until only the first is left.
            _INSIDE.pop().restore_original_limits()
            if not _INSIDE:
                OpenBLASController.clear_controlling_thread(force=True)
