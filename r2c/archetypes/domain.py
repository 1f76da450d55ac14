"""Domain packs: which archetypes go together in a trade, in which units, and what is often unsaid.

A pack is data, `knowledge_base/domains/<id>.yaml`. It tells a planner, and whoever asks the
planner, what a problem of the trade usually has, so that what a text leaves open is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from pydantic import Field

from r2c.archetypes.card import Card
from r2c.archetypes.load import UNKNOWN_ARCHETYPE, closest
from r2c.archetypes.yaml_file import read_record
from r2c.cir.schema import Identifier
from r2c.cir.unit_table import read_unit
from r2c.errors import CardError, Fault, declare
from r2c.problem.schema import Frozen
from r2c.resources import knowledge_base

INVALID_DOMAIN = declare(
    "R2C-A040",
    CardError,
    what="The domain pack {file!r} is not valid at {where} (line {line}): {problem}.",
    why="Packs are checked against a closed schema, so that every reader can rely on them.",
    remedy="Correct the value; another pack in knowledge_base/domains shows what is allowed.",
)
BAD_DOMAIN = declare(
    "R2C-A041",
    CardError,
    what="The domain pack {domain!r} is not well formed: {problem}.",
    why="It is read by people who look for the parts of their problem.",
    remedy="Correct it.",
)

_WORD = re.compile(r"[^\W\d_]+")


class Usual(Frozen):
    """An archetype that is usual in the trade, and what it is there."""

    archetype: Identifier
    there: str = Field(min_length=1, description="What the rule is about in this trade.")


class Open(Frozen):
    """Something that texts of the trade often leave unsaid."""

    ask: str = Field(min_length=1, description="The question to the planner.")
    default: str = Field(min_length=1, description="What is assumed without an answer.")
    consequence: str = Field(min_length=1, description="What changes with another answer.")
    archetype: Identifier | None = Field(default=None, description="The rule that it is about.")


class Domain(Frozen):
    """One trade: its words, its usual rules, its units, its open questions."""

    id: Identifier
    name: str = Field(min_length=1)
    about: str = Field(min_length=1)
    words: tuple[str, ...] = Field(min_length=5, description="Words that hint at the trade.")
    usual: tuple[Usual, ...] = Field(min_length=5)
    units: tuple[str, ...] = Field(min_length=1)
    questions: tuple[Open, ...] = Field(min_length=3)


@cache
def standard_domains() -> Mapping[str, Domain]:
    """The packs that travel with R2C, by id.

    Raises:
        StoreError: R2C-X900 if the installation lost them.
        CardError: R2C-A001, R2C-A040.
    """
    folder = knowledge_base().joinpath("domains")
    files = sorted((file for file in folder.iterdir()), key=lambda file: file.name)
    read = [read_domain(f.read_bytes(), f.name) for f in files if f.name.endswith(".yaml")]
    return {domain.id: domain for domain in read}


def read_domain(raw: bytes, file: str) -> Domain:
    """Read and validate one pack.

    Raises:
        CardError: R2C-A001 (not YAML), R2C-A040 (not a pack), with the line.
    """
    return read_record(raw, file, Domain, INVALID_DOMAIN)


def lint_domain(domain: Domain, library: Mapping[str, Card]) -> Iterator[Fault]:
    """Everything wrong with a pack beyond its schema."""
    asked = [item.archetype for item in domain.questions if item.archetype is not None]
    for id in [*(item.archetype for item in domain.usual), *asked]:
        if id not in library:
            yield UNKNOWN_ARCHETYPE.fault(id=id, close=closest(id, library))
    problems = [f"{unit!r} is no unit" for unit in domain.units if read_unit(unit) is None]
    for label, items in (
        ("word", [word.lower() for word in domain.words]),
        ("archetype", [item.archetype for item in domain.usual]),
        ("unit", list(domain.units)),
    ):
        twice = sorted({item for item in items if items.count(item) > 1})
        problems += [f"the {label} {item!r} is there twice" for item in twice]
    yield from (BAD_DOMAIN.fault(domain=domain.id, problem=problem) for problem in problems)


def likely(text: str, domains: Mapping[str, Domain], most: int = 2) -> list[Domain]:
    """The trades whose words occur in a problem, the one with most of them first."""
    said = f" {' '.join(word.lower() for word in _WORD.findall(text))} "
    hits = {
        id: sum(f" {word.lower()} " in said or f" {word.lower()}s " in said for word in item.words)
        for id, item in domains.items()
    }
    order = sorted((id for id, count in hits.items() if count), key=lambda id: (-hits[id], id))
    return [domains[id] for id in order[:most]]
