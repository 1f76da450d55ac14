"""A block is worked on in even parts of whole rows, which change nothing that comes out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from merge_family import ELEMENTS, Family, weights

from r2c_training.merge.blocks import block_bounds, part_length
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.execute import merge_blocks
from r2c_training.merge.execute.run import HowToRun, run_plan
from r2c_training.merge.plan.make_plan import Limits, make_plan
from r2c_training.merge.plan.request import MergeRequest, Rule

SHAPES = st.one_of(
    st.tuples(), st.tuples(st.integers(1, 500)), st.tuples(st.integers(1, 90), st.integers(1, 90))
)


@given(SHAPES, st.integers(1, 900), st.integers(1, 400))
def test_parts_are_whole_rows_and_as_long_as_each_other(
    shape: tuple[int, ...], elements: int, part: int
) -> None:
    row = shape[-1] if shape else 1
    length = part_length(shape, elements, part)
    assert length % row == 0
    assert length <= max(part + row, row)
    start, stop = block_bounds(shape, elements)[0]
    parts = range(start, stop, length)
    last = stop - parts[-1]
    assert length - last < row * len(parts)  # no part of a few rows after long ones


@pytest.mark.parametrize(
    ("method", "options"),
    [
        ("task_arithmetic", {}),
        ("slerp", {"t": 0.4}),
        ("model_stock", {}),
        ("multislerp", {}),
        ("ties", {"density": 0.5}),
        ("dare_ties", {"density": 0.5}),
        ("della", {"density": 0.5, "epsilon": 0.1}),
        ("sce", {"select_topk": 0.3}),
    ],
)
def test_merges_are_the_same_in_tiles_of_any_length(
    method: str,
    options: dict[str, float],
    family: Family,
    catalog: Catalog,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if method == "slerp":
        experts, rule = family.experts[:1], Rule(method, options, [{}])
    elif method in ("model_stock", "sce"):
        experts, rule = family.experts, Rule(method, options, [{}] * 4)
    else:
        experts = (*family.experts, family.adapter)
        rule = Rule(method, {}, [{"weight": 0.4, **options}] * 5)
    request = MergeRequest(family.base, experts, lambda _: rule)
    plan = make_plan(request, catalog, Limits(budget_share=0.6), elements=ELEMENTS)
    run_plan(plan, catalog, tmp_path / "one", HowToRun())
    monkeypatch.setattr(merge_blocks, "_LONGEST", 1000)
    assert merge_blocks.tile_length(plan, plan.tensors[0]) < ELEMENTS / 8
    run_plan(plan, catalog, tmp_path / "many", HowToRun())
    one, many = weights(tmp_path / "one"), weights(tmp_path / "many")
    for name in one:
        # The last bit of a sum over a tensor hangs on its parts, and may tip a rounding.
        assert np.allclose(one[name], many[name], rtol=2**-7, atol=1e-9), name
        assert (one[name] != many[name]).mean() < 1e-3, name
