"""From a plan to a published model: what comes out, what was read, what was promised."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from merge_family import ELEMENTS, Family, values, weights
from safetensors.numpy import load_file

from r2c.errors import R2CError
from r2c_benchmarks.merging.families import TINY, Shape, write_family
from r2c_training.merge.adapter import open_adapter
from r2c_training.merge.catalog.analyse import analyse
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.checkpoint.block_reader import Access, BlockReader, kernel_read_bytes
from r2c_training.merge.checkpoint.checkpoint import open_checkpoint
from r2c_training.merge.checkpoint.number_format import decode, encode
from r2c_training.merge.execute.manifest import read_record
from r2c_training.merge.execute.run import HowToRun, run_plan
from r2c_training.merge.low_rank import load_factors
from r2c_training.merge.plan.make_plan import ALL, Limits, make_plan
from r2c_training.merge.plan.plan import Plan
from r2c_training.merge.plan.request import MergeRequest, Rule

Planned = Callable[..., Plan]
BUDGETS = [Limits(budget_share=share) for share in (0.0, 0.1, 0.27, 0.52, 0.8)]


def reference(family: Family, weight: float = 0.4) -> dict[str, np.ndarray]:
    base = weights(family.base)
    updates = {name: np.zeros_like(value) for name, value in base.items()}
    for folder in family.experts:
        for name, value in weights(folder).items():
            updates[name] += np.float32(weight) * (value - base[name])
    return {name: updates[name] + value for name, value in base.items()}


def test_a_full_merge_is_task_arithmetic_to_the_last_bit(
    family: Family, catalog: Catalog, planned: Planned, tmp_path: Path
) -> None:
    run_plan(planned(), catalog, tmp_path / "out", HowToRun())
    merged = weights(tmp_path / "out")
    for name, value in reference(family).items():
        wanted = decode(encode(value.reshape(-1), "BF16"), "BF16").reshape(value.shape)
        assert (merged[name] == wanted).all(), name


def test_the_output_is_laid_out_as_model_hubs_do(
    family: Family, catalog: Catalog, planned: Planned, tmp_path: Path
) -> None:
    run_plan(planned(), catalog, tmp_path / "out", HowToRun(), shard_bytes=150_000)
    index = json.loads((tmp_path / "out" / "model.safetensors.index.json").read_text())
    for name, file in index["weight_map"].items():
        assert name in load_file(tmp_path / "out" / file)
    assert len(set(index["weight_map"].values())) > 1
    config = json.loads((tmp_path / "out" / "config.json").read_text())
    assert config == json.loads((family.base / "config.json").read_text())
    assert (tmp_path / "out" / "generation_config.json").is_file()


def test_two_runs_write_the_same_bytes_whatever_the_threads_and_the_access(
    catalog: Catalog, planned: Planned, tmp_path: Path
) -> None:
    plan = planned(Limits(budget_share=0.4))
    first = run_plan(plan, catalog, tmp_path / "a", HowToRun(threads=1))
    second = run_plan(plan, catalog, tmp_path / "b", HowToRun(threads=7))
    assert first.hash == second.hash
    names = {path.name for path in (tmp_path / "a").iterdir()} - {"r2c_merge_run.json"}
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


@pytest.mark.parametrize("limits", BUDGETS, ids=lambda limits: f"{limits.budget_share:.0%}")
@pytest.mark.parametrize("adapter", [False, True], ids=["models", "adapter"])
def test_reads_stay_in_the_budget_and_the_error_under_both_bounds(
    catalog: Catalog, planned: Planned, tmp_path: Path, limits: Limits, adapter: bool
) -> None:
    # In float32 nothing is rounded to the output's format, so the error is that of the plan.
    full, plan = planned(adapter=adapter), planned(limits, adapter=adapter)
    merged = []
    for name, each in (("full", full), ("part", plan)):
        tensors = tuple(t.model_copy(update={"form": "F32"}) for t in each.tensors)
        wide = each.model_copy(update={"tensors": tensors})
        run_plan(wide, catalog, tmp_path / name, HowToRun())
        merged.append(weights(tmp_path / name))
    record = read_record(tmp_path / "part")
    assert plan.budget is not None
    assert sum(record.issued_bytes[1:]) == plan.expert_bytes <= plan.budget
    assert record.issued_bytes[0] == plan.inputs[0].read_bytes
    squares = sum(
        float(((merged[0][name].astype(np.float64) - merged[1][name]) ** 2).sum())
        for name in merged[0]
    )
    promised = plan.certificate
    assert promised is not None
    assert squares**0.5 <= promised.block_bound + promised.rounding
    assert promised.block_bound <= promised.sum_bound * (1 + 1e-9)


def test_a_plan_is_the_same_every_time_and_wherever_its_models_lie(
    family: Family, catalog: Catalog, planned: Planned, tmp_path: Path
) -> None:
    limits = Limits(budget_share=0.3)
    assert planned(limits).model_dump_json() == planned(limits).model_dump_json()
    base, experts = write_family(tmp_path / "elsewhere", TINY, 4)
    experts[0] = experts[0].rename(tmp_path / "of another name")
    moved = replace(family, base=base, experts=tuple(experts))
    with Catalog(tmp_path / "store") as other:
        for folder in experts:
            analyse(
                other,
                open_checkpoint(base),
                open_checkpoint(folder),
                elements=ELEMENTS,
                access="buffered",
            )
        plan = make_plan(moved.request(), other, limits, elements=ELEMENTS)
    assert plan.hash == planned(limits).hash


def test_a_budget_that_pays_for_all_reads_all(catalog: Catalog, planned: Planned) -> None:
    plan = planned(Limits(budget_share=1.0))
    assert plan.certificate is not None
    assert plan.certificate.block_bound == 0
    assert [t.choices for t in plan.tensors] == [t.choices for t in planned().tensors]


def test_a_share_is_of_reading_once_however_often_blocks_are_read(
    catalog: Catalog, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = Rule("ties", {}, [{"weight": 0.5, "density": 0.3}] * len(family.experts))
    request = replace(family.request(), rule=lambda _: rule)
    once = make_plan(request, catalog, Limits(budget_share=0.5), elements=ELEMENTS)
    monkeypatch.setattr("r2c_training.merge.plan.asked.HOLD_BYTES", 0)
    twice = make_plan(request, catalog, Limits(budget_share=0.5), elements=ELEMENTS)
    assert any(tensor.passes and not tensor.held for tensor in twice.tensors)
    assert twice.budget == once.budget
    assert [one.full_bytes for one in twice.experts] == [one.full_bytes for one in once.experts]
    assert twice.budget is not None
    assert twice.expert_bytes <= twice.budget


def test_zero_blocks_are_free(catalog: Catalog, planned: Planned) -> None:
    frozen = planned().experts[1]
    assert frozen.read_bytes < frozen.full_bytes


def test_the_error_asked_for_is_promised_with_fewer_bytes(planned: Planned) -> None:
    plan = planned(Limits(max_error=0.05))
    promised = plan.certificate
    assert promised is not None
    assert promised.update is not None
    assert 0 < promised.block_bound <= 0.05 * promised.update
    assert plan.expert_bytes < planned().expert_bytes


def test_without_a_catalogue_all_is_read_and_the_result_is_the_same(
    family: Family, catalog: Catalog, planned: Planned, tmp_path: Path
) -> None:
    run_plan(planned(), catalog, tmp_path / "known", HowToRun())
    with Catalog(tmp_path / "empty") as empty:
        plan = make_plan(family.request(), empty, ALL, elements=ELEMENTS)
        run_plan(plan, empty, tmp_path / "unknown", HowToRun())
        with pytest.raises(R2CError, match="R2C-T021"):
            make_plan(family.request(), empty, Limits(budget_share=0.5), elements=ELEMENTS)
    known, unknown = weights(tmp_path / "known"), weights(tmp_path / "unknown")
    assert all((known[name] == unknown[name]).all() for name in known)


def test_an_adapter_merges_as_the_model_it_stands_for(
    family: Family, catalog: Catalog, tmp_path: Path
) -> None:
    """Only the factors are read, and the merge is that of the materialised expert."""
    only = replace(family, experts=())
    plan = make_plan(only.request(adapter=True), catalog, elements=ELEMENTS)
    tensors = tuple(t.model_copy(update={"form": "F32"}) for t in plan.tensors)
    wide = plan.model_copy(update={"tensors": tensors})
    run_plan(wide, catalog, tmp_path / "out", HowToRun())
    adapter, base = open_adapter(family.adapter), open_checkpoint(family.base)
    # Whole pages are read, and a factor begins and ends within one.
    pages = 2 * 4096 * 2 * len(adapter.updates)
    assert plan.expert_bytes <= adapter.weight_bytes + pages
    merged = weights(tmp_path / "out")
    with BlockReader(adapter.file.path, "buffered") as reader:
        for name in base.tensors:
            wanted = values(base, name)
            if name in adapter.updates:
                factors = load_factors(adapter.updates[name], reader)
                wanted = wanted + np.float32(0.4) * (factors.rows @ factors.columns)
            assert np.allclose(merged[name], wanted, rtol=0, atol=1e-6), name
    assert len(adapter.updates) > 5


@pytest.fixture(scope="module")
def in_float32(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Models in float32, whose differences are no float32 numbers."""
    shape = replace(TINY, form="F32")
    base, experts = write_family(tmp_path_factory.mktemp("float32"), shape, 3)
    return [base, *experts]


def summed(models: list[Path], shares: list[float], folder: Path) -> dict[str, np.ndarray]:
    """Their sum as `linear` makes it, without a base."""
    rule = Rule("linear", {"normalize": False}, [{"weight": share} for share in shares])
    request = MergeRequest(None, tuple(models), lambda _: rule)
    with Catalog(folder / "store") as store:
        run_plan(make_plan(request, store), store, folder / "out", HowToRun(threads=1))
    return weights(folder / "out")


def test_a_mean_of_one_model_is_its_copy(in_float32: list[Path], tmp_path: Path) -> None:
    found = summed(in_float32, [0.0, 0.0, 1.0, 0.0], tmp_path)
    for name, value in weights(in_float32[2]).items():
        assert found[name].tobytes() == value.tobytes(), name


def test_a_sum_of_models_is_the_float32_number_next_to_it(
    in_float32: list[Path], tmp_path: Path
) -> None:
    shares = [0.3, 0.1, 0.4, 0.7]
    found = summed(in_float32, shares, tmp_path)
    models = [weights(folder) for folder in in_float32]
    for name, value in found.items():
        exact = sum(
            np.float64(share) * model[name] for share, model in zip(shares, models, strict=True)
        )
        assert (value == exact.astype(np.float32)).mean() > 0.9999, name


@pytest.mark.slow
@pytest.mark.parametrize("access", ["direct", "buffered"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.6, 0.75])
def test_the_kernel_fetches_no_more_than_is_asked_for(
    share: float, access: Access, tmp_path: Path
) -> None:
    """Of models ten times as large as what may be fetched beside the blocks, no page cached."""
    shape = Shape(hidden=512, layers=4, feed_forward=1408, vocabulary=8192)
    base, experts = write_family(tmp_path / "family", shape, 2)
    family = Family(base, tuple(experts), tmp_path)
    weight_bytes = open_checkpoint(base).weight_bytes
    assert weight_bytes > 10 * (4 << 20)
    try:
        with Catalog(tmp_path / "store") as catalog:
            for folder in experts:
                analyse(catalog, open_checkpoint(base), open_checkpoint(folder), access=access)
            for path in (*tmp_path.rglob("*.safetensors"), *tmp_path.rglob("*.pack")):
                with path.open("rb") as file:
                    os.fsync(file.fileno())
                    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            before = kernel_read_bytes()
            plan = make_plan(family.request(), catalog, Limits(budget_share=share))
            run_plan(plan, catalog, tmp_path / "out", HowToRun(access=access))
            fetched = kernel_read_bytes() - before
    except R2CError as error:
        if error.code == "R2C-T004":
            pytest.skip("this file system has no direct reads")
        raise
    record = read_record(tmp_path / "out")
    whole, *read = record.issued_bytes
    assert whole >= weight_bytes and sum(read) <= share * whole * len(experts)
    assert fetched <= 1.02 * sum(record.issued_bytes) + (4 << 20)
    if access == "direct":  # a file system in memory fetches nothing, and has no direct reads
        assert fetched >= sum(record.issued_bytes)


def test_a_model_that_changed_since_its_plan_is_refused(tmp_path: Path) -> None:
    base, experts = write_family(tmp_path / "family", TINY, 2)
    family = Family(base, tuple(experts), tmp_path)
    with Catalog(tmp_path / "store") as catalog:
        for folder in experts:
            analyse(
                catalog,
                open_checkpoint(base),
                open_checkpoint(folder),
                elements=ELEMENTS,
                access="buffered",
            )
        plan = make_plan(family.request(), catalog, elements=ELEMENTS)
        shard = next(experts[0].glob("*.safetensors"))
        data = bytearray(shard.read_bytes())
        data[-1] ^= 1
        shard.write_bytes(data)
        with pytest.raises(R2CError, match="R2C-T030"):
            run_plan(plan, catalog, tmp_path / "out", HowToRun())
    assert not (tmp_path / "out").exists()
