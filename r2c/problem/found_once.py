"""What is found out about a whole problem: once, however many of its sentences ask for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import ref

from r2c.problem.schema import Problem

T = TypeVar("T")


def found_once(find: Callable[[Problem], T]) -> Callable[[Problem], T]:
    """Keep what `find` returns for a problem for as long as that object lives.

    It must return nothing that can be changed or that holds the problem itself. Problems are told
    apart by identity: comparing two of them takes as long as reading them.
    """
    kept: dict[int, tuple[ref[Problem], T]] = {}

    @wraps(find)
    def found(problem: Problem) -> T:
        key = id(problem)
        known = kept.get(key)
        if known is not None and known[0]() is problem:
            return known[1]
        value = find(problem)

        def forget(gone: ref[Problem]) -> None:
            if kept.get(key, (None,))[0] is gone:  # it may be another problem's number by now
                kept.pop(key, None)

        kept[key] = ref(problem, forget), value
        return value

    return found
