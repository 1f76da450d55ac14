"""Products of matrices have one thread in a merge: else its last bits hang on what is set."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest
from merge_family import Family
from threadpoolctl import threadpool_info, threadpool_limits

from r2c.errors import StoreError
from r2c_training.merge.blocks import block_bounds
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.checkpoint.checkpoint import open_checkpoint
from r2c_training.merge.checkpoint.number_format import ITEM_BYTES
from r2c_training.merge.execute.manifest import MANIFEST, read_manifest
from r2c_training.merge.execute.run import HowToRun, run_plan
from r2c_training.merge.extract.factors import Factors, factorize
from r2c_training.merge.extract.lora import extract_lora
from r2c_training.merge.operators.block import Array
from r2c_training.merge.plan.plan import Plan
from r2c_training.merge.single_threaded import single_threaded
from r2c_training.merge.spectral.family import MatrixOperator, MatrixOptions
from r2c_training.merge.verify import verify


def threads() -> set[int]:
    """Of NumPy's library; others, such as that of SciPy, may be loaded beside it."""
    found = {int(each["num_threads"]) for each in threadpool_info() if each["user_api"] == "blas"}
    assert found
    return found


def test_the_number_is_one_inside_and_what_it_was_afterwards() -> None:
    with threadpool_limits(2, user_api="blas"):
        with single_threaded():
            assert threads() == {1}
        assert threads() == {2}


def test_another_thread_cannot_undo_it() -> None:
    """Neither by a limit of its own nor by the end of one that it set before."""
    begun, inside = Barrier(2), Barrier(2)

    def other() -> None:
        with threadpool_limits(2, user_api="blas"):
            begun.wait(10)
            inside.wait(10)
        with threadpool_limits(2, user_api="blas"):
            inside.wait(10)
            inside.wait(10)

    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(other)
        begun.wait(10)
        with single_threaded():
            inside.wait(10)
            inside.wait(10)
            assert threads() == {1}
            inside.wait(10)
        ended.result()


def test_the_first_to_leave_does_not_unbind_those_who_stay() -> None:
    entered, left = Barrier(2), Barrier(2)

    def first() -> None:
        with single_threaded():
            entered.wait(10)
        left.wait(10)

    def second() -> set[int]:
        with single_threaded():
            entered.wait(10)
            left.wait(10)
            return threads()

    with threadpool_limits(2, user_api="blas"):
        with ThreadPoolExecutor(2) as pool:
            staying, leaving = pool.submit(second), pool.submit(first)
            leaving.result()
            assert staying.result() == {1}
        assert threads() == {2}


def test_adapters_are_taken_out_in_one_thread(
    family: Family, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: set[int] = set()

    def noting(matrix: Array, rank: int, energy: float) -> Factors:
        seen.update(threads())
        return factorize(matrix, rank, energy)

    monkeypatch.setattr("r2c_training.merge.extract.lora.factorize", noting)
    with threadpool_limits(2, user_api="blas"):
        extract_lora(family.base, family.experts[0], tmp_path / "adapter", rank=2)
    assert seen == {1}


@pytest.mark.parametrize("method", ["iso_c", "tsv_m", "wudi"])
def test_the_bytes_are_the_same_whatever_number_is_set(
    method: str,
    planned: Callable[..., Plan],
    catalog: Catalog,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not all matrices come out otherwise in more threads, so the number is looked at too."""
    seen: set[int] = set()

    def noting(self: MatrixOperator[MatrixOptions], *given: object) -> object:
        seen.update(threads())
        return merge(self, *given)

    merge: Callable[..., object] = MatrixOperator.merge
    monkeypatch.setattr(MatrixOperator, "merge", noting)
    plan = planned(operator=method)
    for number in (1, 2, 4):
        with threadpool_limits(number, user_api="blas"):
            run_plan(plan, catalog, tmp_path / str(number), HowToRun())
            verify(tmp_path / "1", catalog, blocks=None)
    found = {read_manifest(tmp_path / str(number)).hash for number in (1, 2, 4)}
    assert len(found) == 1
    assert seen == {1}


def test_another_replay_is_not_called_a_damaged_output(
    family: Family, planned: Callable[..., Plan], catalog: Catalog, tmp_path: Path
) -> None:
    """As a merge that another kind of processor made: whole, with other last bits."""
    manifest = run_plan(planned(), catalog, tmp_path / "out", HowToRun())
    model = open_checkpoint(tmp_path / "out")
    name = "model.norm.weight"
    shard, entry = model.tensors[name]
    path = model.shards[shard].path
    data = bytearray(path.read_bytes())
    data[entry.begin] ^= 1
    path.write_bytes(data)
    start, stop = block_bounds(entry.shape, manifest.plan.block_elements)[0]
    size = ITEM_BYTES[manifest.plan.tensors[0].form]
    block = np.frombuffer(data, np.uint8)[entry.begin + start * size : entry.begin + stop * size]
    hashes = (hashlib.sha256(block.tobytes()).hexdigest(), *manifest.blocks[name][1:])
    changed = manifest.model_copy(
        update={
            "files": {**manifest.files, path.name: hashlib.sha256(data).hexdigest()},
            "blocks": {**manifest.blocks, name: hashes},
        }
    )
    (tmp_path / "out" / MANIFEST).write_bytes(changed.to_bytes())
    with pytest.raises(StoreError, match=r"R2C-T145.*'model\.norm\.weight'"):
        verify(tmp_path / "out", catalog, blocks=None)
