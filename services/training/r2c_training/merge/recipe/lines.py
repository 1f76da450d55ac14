"""Mistakes that are found after a recipe was read, told with the line that they come from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from r2c.errors import InputError
from r2c_training.merge.recipe.marked import Marked, Place


@contextmanager
def told_with_line(source: str, marked: Marked, place: Place) -> Iterator[None]:
    """Put file and line before what an error says that is raised within.

    Raises:
        InputError: the same, with the same code.
    """
    try:
        yield
    except InputError as error:
        told = f"{source}, line {marked.line(place)}: {error.fault.what}"
        raise InputError(error.fault.model_copy(update={"what": told})) from error
