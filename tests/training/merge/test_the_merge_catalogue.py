"""What the catalogue knows is what the files hold, and it notices when they change."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from merge_family import ELEMENTS, Family, weights
from safetensors.numpy import save_file

from r2c.errors import R2CError
from r2c_training.merge.blocks import block_bounds
from r2c_training.merge.catalog.analyse import analyse, hash_source
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.checkpoint.checkpoint import open_checkpoint
from r2c_training.merge.execute.run import HowToRun, run_plan
from r2c_training.merge.plan.make_plan import Limits, make_plan
from r2c_training.merge.plan.request import MergeRequest
from r2c_training.merge.source import identity
from r2c_training.merge.verify import verify


def test_norms_peaks_and_zero_blocks_are_those_of_the_deltas(
    family: Family, catalog: Catalog
) -> None:
    base, frozen = open_checkpoint(family.base), family.experts[1]
    known = analyse(catalog, base, open_checkpoint(frozen), elements=ELEMENTS)
    ours, theirs = weights(family.base), weights(frozen)
    zeros = 0
    for name, facts in known.tensors.items():
        delta = (theirs[name] - ours[name]).reshape(-1)
        for block, (start, stop) in zip(
            facts.blocks, block_bounds(facts.shape, ELEMENTS), strict=True
        ):
            part = delta[start:stop].astype(np.float64)
            assert block.norm == pytest.approx(float(np.linalg.norm(part)), rel=1e-6)
            assert block.peak == np.abs(part).max()
            zeros += block.peak == 0
    assert zeros > 3


def test_hashes_of_files_are_those_of_their_bytes(family: Family, catalog: Catalog) -> None:
    for shard in open_checkpoint(family.experts[0]).shards:
        assert catalog.file_hash(shard) == hashlib.sha256(shard.path.read_bytes()).hexdigest()


def test_a_copy_elsewhere_is_known_by_its_content(
    family: Family, catalog: Catalog, tmp_path: Path
) -> None:
    copy = shutil.copytree(family.experts[0], tmp_path / "copy")
    source = open_checkpoint(Path(copy))
    assert catalog.content(source) is None
    content = hash_source(catalog, source, "buffered", lambda _: None)
    assert content == catalog.content(open_checkpoint(family.experts[0]))
    base = open_checkpoint(family.base)
    first = analyse(catalog, base, open_checkpoint(family.experts[0]), elements=ELEMENTS)
    assert analyse(catalog, base, source, elements=ELEMENTS).pack == first.pack


def test_a_file_that_was_written_to_is_no_longer_known(
    family: Family, catalog: Catalog, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(family.experts[0], tmp_path / "copy"))
    hash_source(catalog, open_checkpoint(copy), "buffered", lambda _: None)
    before = identity(open_checkpoint(copy))
    shard = next(copy.glob("*.safetensors"))
    os.utime(shard, ns=(0, 0))
    assert catalog.content(open_checkpoint(copy)) is None
    assert identity(open_checkpoint(copy)) != before


def test_an_expert_that_is_not_finite_is_refused(family: Family, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(family.experts[0], tmp_path / "copy"))
    shard = next(copy.glob("*.safetensors"))
    data = bytearray(shard.read_bytes())
    data[-2:] = b"\x80\x7f"
    shard.write_bytes(data)
    with Catalog(tmp_path / "store") as fresh, pytest.raises(R2CError, match="R2C-T011"):
        analyse(fresh, open_checkpoint(family.base), open_checkpoint(copy), elements=ELEMENTS)


def test_a_second_pass_reads_nothing(family: Family, catalog: Catalog) -> None:
    told: list[int] = []
    base, expert = open_checkpoint(family.base), open_checkpoint(family.experts[0])
    analyse(catalog, base, expert, elements=ELEMENTS, advance=told.append)
    assert told == []


def test_a_store_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(b"not a database, but long enough to be read" * 9)
    with pytest.raises(R2CError, match="R2C-T010"):
        Catalog(tmp_path)


def test_packed_blocks_that_are_gone_or_spoilt_are_named_and_made_anew(
    family: Family, tmp_path: Path
) -> None:
    with Catalog(tmp_path / "store") as fresh:
        base = open_checkpoint(family.base)

        def analyse_all() -> None:
            for folder in family.experts:
                analyse(fresh, base, open_checkpoint(folder), elements=ELEMENTS)

        def merge(name: str) -> str:
            plan = make_plan(family.request(), fresh, Limits(budget_share=0.4), elements=ELEMENTS)
            return run_plan(plan, fresh, tmp_path / name, HowToRun()).hash

        analyse_all()
        sound = merge("sound")
        pack = min((tmp_path / "store" / "packs").iterdir())
        data = bytearray(pack.read_bytes())
        for at in range(300, len(data), 1000):
            data[at] ^= 1
        pack.write_bytes(data)
        with pytest.raises(R2CError, match="has other bytes than were written") as caught:
            merge("spoilt")
        assert caught.value.code == "R2C-T125"
        assert str(pack) in str(caught.value)
        for ruin in (partial(Path.write_bytes, data=b""), Path.unlink):
            ruin(pack)
            with pytest.raises(R2CError, match="gone or too short"):
                merge("gone")
            analyse_all()
            assert merge(f"again{pack.exists()}") == sound
            pack = min((tmp_path / "store" / "packs").iterdir())


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="a file system of its own is mounted")
@pytest.mark.parametrize("size", ["120k", "200k"])
def test_a_full_disk_while_analysing_is_told_and_leaves_the_store_usable(
    family: Family, tmp_path: Path, size: str
) -> None:
    """Whether it is the packs or the database that finds no room."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(disk)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        base, expert = open_checkpoint(family.base), open_checkpoint(family.experts[0])
        with Catalog(disk) as store:
            with pytest.raises(R2CError, match="R2C-T126"):
                analyse(store, base, expert, elements=ELEMENTS)
            subprocess.run(["mount", "-o", "remount,size=16m", str(disk)], check=True)
            found = analyse(store, base, expert, elements=ELEMENTS)
        with Catalog(tmp_path / "store") as roomy:
            wanted = analyse(roomy, base, expert, elements=ELEMENTS)
        assert found.tensors == wanted.tensors
        assert found.pack_bytes == wanted.pack_bytes
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_experts_of_equal_sizes_headers_and_times_are_told_apart(
    family: Family, tmp_path: Path
) -> None:
    copies = [
        Path(shutil.copytree(folder, tmp_path / folder.name)) for folder in family.experts[:2]
    ]
    for path in (path for copy in copies for path in copy.iterdir()):
        os.utime(path, ns=(0, 0))
    base = open_checkpoint(family.base)
    with Catalog(tmp_path / "store") as catalog:
        first, second = (
            analyse(catalog, base, open_checkpoint(copy), elements=ELEMENTS) for copy in copies
        )
        assert first.pack != second.pack
        for copy in copies:
            for shard in open_checkpoint(copy).shards:
                digest = hashlib.sha256(shard.path.read_bytes()).hexdigest()
                assert catalog.file_hash(shard) == digest


def test_a_tied_tensor_that_the_base_does_not_hold_is_hashed_and_not_measured(
    family: Family, tmp_path: Path
) -> None:
    base, tied = (open_checkpoint(folder) for folder in (family.base, family.experts[0]))
    tensors = {name: place for name, place in base.tensors.items() if name != "lm_head.weight"}
    with Catalog(tmp_path / "store") as catalog:
        known = analyse(catalog, replace(base, tensors=tensors), tied, elements=ELEMENTS)
        assert set(known.tensors) == set(tensors)
        for shard in tied.shards:
            digest = hashlib.sha256(shard.path.read_bytes()).hexdigest()
            assert catalog.file_hash(shard) == digest


def test_other_bytes_of_one_size_and_time_are_noticed(
    family: Family, catalog: Catalog, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(family.base, tmp_path / "copy"))
    known = hash_source(catalog, open_checkpoint(copy), "buffered", lambda _: None)
    before = identity(open_checkpoint(copy))
    shard = next(copy.glob("*.safetensors"))
    state, data = shard.stat(), bytearray(shard.read_bytes())
    data[-2] ^= 1
    shard.write_bytes(data)
    os.utime(shard, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert identity(open_checkpoint(copy)) != before
    assert catalog.content(open_checkpoint(copy)) is None
    assert hash_source(catalog, open_checkpoint(copy), "buffered", lambda _: None) != known


def test_a_catalogue_of_the_version_before_keeps_what_it_knows(
    family: Family, analysed: Path, tmp_path: Path
) -> None:
    store = Path(shutil.copytree(analysed, tmp_path / "store"))
    with closing(sqlite3.connect(store / "catalog.sqlite")) as database:
        database.executescript(
            "ALTER TABLE files DROP COLUMN ctime_ns; ALTER TABLE files DROP COLUMN inode;"
            "ALTER TABLE merges DROP COLUMN methods;"
            "PRAGMA user_version=1"
        )
    base, expert = open_checkpoint(family.base), open_checkpoint(family.experts[0])
    with Catalog(store) as catalog:
        assert catalog.content(expert) is None
        first = hash_source(catalog, base, "buffered", lambda _: None)
        second = hash_source(catalog, expert, "buffered", lambda _: None)
        assert catalog.delta(first, second, ELEMENTS) is not None


def test_a_catalogue_with_broken_pages_is_told(
    family: Family, analysed: Path, tmp_path: Path
) -> None:
    store = Path(shutil.copytree(analysed, tmp_path / "store"))
    path = store / "catalog.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    data[8192:] = os.urandom(len(data) - 8192)
    path.write_bytes(data)
    request = family.request()
    with pytest.raises(R2CError, match="R2C-T010"), Catalog(store) as catalog:
        make_plan(request, catalog, Limits(budget_share=0.5), elements=ELEMENTS)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE tensors SET shape='x'",
        "UPDATE tensors SET shape='[1]'",
        "UPDATE tensors SET shape='[-4]'",
        "DELETE FROM tensors WHERE name LIKE '%q_proj%'",
        "DELETE FROM blocks WHERE number=0",
        "UPDATE blocks SET norm='abc'",
        "UPDATE blocks SET error4=-1",
        "UPDATE blocks SET pack_at=-4096",
        "UPDATE blocks SET pack_at='here'",
        "UPDATE blocks SET pack_at=10000000000",
        "UPDATE blocks SET coarse=coarse+1",
        "UPDATE blocks SET both='x'",
        "UPDATE blocks SET norm=9e999",
        "UPDATE blocks SET digest4=5",
        "UPDATE deltas SET pack_bytes='x'",
        "UPDATE files SET sha256=x'ff'",
    ],
)
def test_rows_of_the_catalogue_that_cannot_be_are_told(
    change: str, family: Family, analysed: Path, tmp_path: Path
) -> None:
    store = Path(shutil.copytree(analysed, tmp_path / "store"))
    with closing(sqlite3.connect(store / "catalog.sqlite")) as database:
        database.execute("PRAGMA foreign_keys=ON")
        assert database.execute(change).rowcount > 0
        database.commit()
    request = family.request()
    with pytest.raises(R2CError, match="R2C-T010"), Catalog(store) as catalog:
        make_plan(request, catalog, Limits(budget_share=0.5), elements=ELEMENTS)


@pytest.mark.parametrize(
    ("change", "limits"),
    [
        ("UPDATE blocks SET norm=0.0, peak=0.0", Limits()),
        ("UPDATE blocks SET error4=0.0, error8=0.0", Limits(budget_share=0.3)),
    ],
)
def test_a_catalogue_that_takes_changed_blocks_for_zero_is_found_out(
    change: str, limits: Limits, family: Family, analysed: Path, tmp_path: Path
) -> None:
    store = Path(shutil.copytree(analysed, tmp_path / "store"))
    with closing(sqlite3.connect(store / "catalog.sqlite")) as database:
        database.execute(change)
        database.commit()
    with Catalog(store) as catalog:
        plan = make_plan(family.request(), catalog, limits, elements=ELEMENTS)
        run_plan(plan, catalog, tmp_path / "out", HowToRun())
        with pytest.raises(R2CError, match="R2C-T041"):
            verify(tmp_path / "out", catalog, blocks=None)


@pytest.mark.parametrize("shape", [(0, 5), (4, 0), ()])
@pytest.mark.parametrize("share", [0.3, 1.0])
def test_a_tensor_without_elements_or_axes_is_merged(
    shape: tuple[int, ...], share: float, family: Family, tmp_path: Path
) -> None:
    folders = []
    for number, folder in enumerate((family.base, *family.experts)):
        folders.append(Path(shutil.copytree(folder, tmp_path / folder.name)))
        index = folders[-1] / "model.safetensors.index.json"
        told = json.loads(index.read_text())
        told["weight_map"]["model.extra"] = "extra.safetensors"
        index.write_text(json.dumps(told))
        save_file(
            {"model.extra": np.full(shape, number, np.float32)}, folders[-1] / "extra.safetensors"
        )
    rule = family.request().rule("")
    request = MergeRequest(folders[0], tuple(folders[1:]), lambda _: rule)
    with Catalog(tmp_path / "store") as catalog:
        for folder in folders[1:]:
            analyse(
                catalog, open_checkpoint(folders[0]), open_checkpoint(folder), elements=ELEMENTS
            )
        plan = make_plan(request, catalog, Limits(budget_share=share), elements=ELEMENTS)
        run_plan(plan, catalog, tmp_path / "out", HowToRun(threads=1))
        assert verify(tmp_path / "out", catalog, blocks=None).files > 0
    assert weights(tmp_path / "out")["model.extra"].shape == shape
    if share == 1.0:
        total = 0.4 * sum(range(1, len(folders)))
        assert weights(tmp_path / "out")["model.extra"].sum() == pytest.approx(
            total if shape == () else 0
        )


def test_files_of_equal_times_that_changed_places_are_told_apart(
    family: Family, catalog: Catalog, tmp_path: Path
) -> None:
    places = [tmp_path / "one", tmp_path / "other"]
    contents = []
    for place, folder in zip(places, family.experts, strict=False):
        shutil.copytree(folder, place)
        contents.append(hash_source(catalog, open_checkpoint(place), "buffered", lambda _: None))
    headers = [open_checkpoint(place).shards for place in places]
    states = [{(shard.file_bytes, shard.sha256) for shard in shards} for shards in headers]
    assert states[0] == states[1], "experts of a family differ in nothing but weights and times"
    places[0].rename(tmp_path / "third")
    places[1].rename(places[0])
    swapped = open_checkpoint(places[0])
    # As if all had been touched at once: only the numbers of the files are other ones.
    alike = tuple(
        replace(shard, mtime_ns=before.mtime_ns, ctime_ns=before.ctime_ns)
        for shard, before in zip(swapped.shards, headers[0], strict=True)
    )
    moved = replace(swapped, shards=alike)
    assert catalog.content(moved) is None
    assert hash_source(catalog, moved, "buffered", lambda _: None) == contents[1]


def test_an_expert_whose_times_alone_are_others_is_not_packed_again(
    family: Family, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(family.experts[0], tmp_path / "copy"))
    base = open_checkpoint(family.base)
    with Catalog(tmp_path / "store") as catalog:
        first = analyse(catalog, base, open_checkpoint(copy), elements=ELEMENTS)
        for shard in copy.glob("*.safetensors"):
            os.utime(shard)
        assert analyse(catalog, base, open_checkpoint(copy), elements=ELEMENTS).pack == first.pack
    assert len([*(tmp_path / "store" / "packs").iterdir()]) == 1
