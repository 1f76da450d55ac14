"""Problems to begin with: their words and files, and a kept model that needs no language model."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from r2c.problem.files import Attached
from r2c.resources import CHECKOUT
from r2c_api.page.faults import NO_SUCH_EXAMPLE


@dataclass(frozen=True)
class Example:
    """A problem of the folder `examples`; `about` says what it shows."""

    name: str
    title: str
    about: str
    text: str
    tables: tuple[str, ...] = ()


_TOLD = (
    ("bakery", "A bakery", "What to bake with little flour and one oven.", "bakery.txt", ()),
    (
        "transport",
        "Pallets from plants to shops",
        "Which lane carries how much; the numbers come from three CSV files.",
        "transport/problem.txt",
        ("plants.csv", "shops.csv", "lanes.csv"),
    ),
    (
        "staffing",
        "A reception on Saturday",
        "Rules that cannot all hold, and what would have to give.",
        "staffing.txt",
        (),
    ),
)


@cache
def examples() -> tuple[Example, ...]:
    """All examples with their words."""
    return tuple(
        Example(name, title, about, _folder().joinpath(text).read_text(encoding="utf-8"), tables)
        for name, title, about, text, tables in _TOLD
    )


def example(name: str) -> Example:
    """An example by its name.

    Raises:
        InputError: R2C-B702, there is none.
    """
    found = {item.name: item for item in examples()}
    if name not in found:
        raise NO_SUCH_EXAMPLE(name=name[:80], known=list(found))
    return found[name]


def model_of(item: Example) -> dict[str, object]:
    """The model of an example, as it was written by hand."""
    told = json.loads(_folder().joinpath(f"{item.name}.cir.json").read_text(encoding="utf-8"))
    assert isinstance(told, dict)
    return told


def files_of(item: Example) -> list[Attached]:
    """The files of an example."""
    return [Attached(name, file_of(item, name)) for name in item.tables]


def file_of(item: Example, name: str) -> bytes:
    """One of its files.

    Raises:
        InputError: R2C-B702, it has no such file.
    """
    if name not in item.tables:
        raise NO_SUCH_EXAMPLE(name=f"{item.name}/{name}"[:80], known=list(item.tables))
    return _folder().joinpath(item.name, name).read_bytes()


def _folder() -> Traversable:
    """Inside the wheel, or beside it in a checkout."""
    packaged = files("r2c_api").joinpath("_examples")
    return packaged if packaged.is_dir() else CHECKOUT / "examples"
