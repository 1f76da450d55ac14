"""A small family of models, written and analysed once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from merge_family import ELEMENTS, Family

from r2c_benchmarks.merging.families import TINY, write_expert, write_family
from r2c_training.merge.catalog.analyse import analyse
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.checkpoint.checkpoint import open_checkpoint
from r2c_training.merge.plan.make_plan import ALL, Limits, make_plan
from r2c_training.merge.plan.plan import Plan
from r2c_training.merge.source import open_source


@pytest.fixture(scope="session")
def family(tmp_path_factory: pytest.TempPathFactory) -> Family:
    folder = tmp_path_factory.mktemp("family")
    base, experts = write_family(folder, TINY, 4)
    write_expert(folder / "adapter", TINY, 1, 9, "adapter")
    return Family(base, tuple(experts), folder / "adapter")


@pytest.fixture(scope="session")
def analysed(family: Family, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store in which all experts of the family are analysed."""
    store = tmp_path_factory.mktemp("store")
    with Catalog(store) as catalog:
        base = open_checkpoint(family.base)
        for folder in (*family.experts, family.adapter):
            analyse(catalog, base, open_source(folder), elements=ELEMENTS, access="buffered")
    return store


@pytest.fixture
def catalog(analysed: Path) -> Iterator[Catalog]:
    with Catalog(analysed) as opened:
        yield opened


@pytest.fixture
def planned(family: Family, catalog: Catalog) -> Callable[..., Plan]:
    def make(limits: Limits = ALL, **kind: object) -> Plan:
        request = family.request(**kind)
        return make_plan(request, catalog, limits, elements=ELEMENTS)

    return make
