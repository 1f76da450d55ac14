"""What headers and places show to be impossible is refused before a weight is read."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from merge_family import Family
from test_merge_commands import invoke, kept_plan, write_recipe

from r2c.errors import R2CError
from r2c_benchmarks.merging.families import TINY, write_family
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.checkpoint.checkpoint import open_checkpoint
from r2c_training.merge.execute.staging import Staging
from r2c_training.merge.source import open_source

BUDGET = ("--budget", "30%")


def read_whole(store: Path, family: Family) -> list[str]:
    """The models that the store has read whole."""
    with Catalog(store) as catalog:
        folders = (family.base, *family.experts, family.adapter)
        return [folder.name for folder in folders if catalog.content(open_source(folder))]


@pytest.mark.parametrize(
    ("method", "options", "words", "code"),
    [
        ("ties", "weight: 0.4", ("--max-error", "0.1"), "R2C-T023"),
        ("regmean", "", BUDGET, "R2C-T027"),
        ("slerp", "", BUDGET, "R2C-T101"),
        ("ties", "weight: .nan", BUDGET, "R2C-T110"),
        ("ties", "weight: 1.0e+300", BUDGET, "R2C-T100.*weight is"),
    ],
)
def test_a_merge_that_cannot_be_planned_is_refused(
    method: str, options: str, words: tuple[str, ...], code: str, family: Family, tmp_path: Path
) -> None:
    recipe = write_recipe(family, tmp_path, method, options)
    with pytest.raises(R2CError, match=code):
        invoke("run", recipe, tmp_path / "out", "--store", tmp_path / "s", *words)
    assert read_whole(tmp_path / "s", family) == []
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("words", [(), BUDGET])
def test_an_output_that_cannot_become_the_merge_is_refused(
    words: tuple[str, ...], family: Family, tmp_path: Path
) -> None:
    recipe = write_recipe(family, tmp_path, "task_arithmetic", "weight: 0.4")
    (tmp_path / "theirs").mkdir()
    with pytest.raises(R2CError, match="R2C-T033"):
        invoke("run", recipe, tmp_path / "theirs", "--store", tmp_path / "s", *words)
    (tmp_path / "file").touch()
    with pytest.raises(R2CError, match="R2C-T141"):
        invoke("run", recipe, tmp_path / "file" / "out", "--store", tmp_path / "s", *words)
    other = write_recipe(family, tmp_path, "ties", "weight: 0.4")
    invoke("run", other, tmp_path / "merged", "--store", tmp_path / "other")
    with pytest.raises(R2CError, match="R2C-T033"):
        invoke("run", recipe, tmp_path / "merged", "--store", tmp_path / "s", *words)
    assert read_whole(tmp_path / "s", family) == []


def test_an_output_of_another_budget_is_refused(family: Family, tmp_path: Path) -> None:
    recipe = write_recipe(family, tmp_path, "task_arithmetic", "weight: 0.4")
    invoke("run", recipe, tmp_path / "out", "--store", tmp_path / "other", *BUDGET)
    with pytest.raises(R2CError, match="R2C-T033"):
        invoke("run", recipe, tmp_path / "out", "--store", tmp_path / "s", "--budget", "20%")
    assert read_whole(tmp_path / "s", family) == []
    invoke("run", recipe, tmp_path / "out", "--store", tmp_path / "s", *BUDGET)


def test_what_has_appeared_where_a_merge_was_begun_is_told(family: Family, tmp_path: Path) -> None:
    recipe = write_recipe(family, tmp_path, "task_arithmetic", "weight: 0.4")
    store, out = tmp_path / "s", tmp_path / "out"
    invoke("plan", recipe, "--store", store, "--save", tmp_path / "plan.json")
    staging = Staging(out)
    with staging.locked():
        staging.begin(kept_plan(tmp_path / "plan.json", store), [])
    (out / "theirs").mkdir(parents=True)
    with pytest.raises(R2CError, match="R2C-T033"):
        invoke("run", recipe, out, "--store", tmp_path / "other")
    assert read_whole(tmp_path / "other", family) == []


@contextmanager
def as_somebody_else() -> Iterator[None]:
    """Without the rights of root, whom no file refuses."""
    mine = os.geteuid()
    if mine == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(mine)


@pytest.mark.parametrize(
    ("name", "number"),
    [("tokenizer.json", 0), ("tokenizer.json", 1), ("generation_config.json", 0)],
)
def test_a_file_that_cannot_be_read_is_told(name: str, number: int, family: Family) -> None:
    """A tokenizer is compared for all models; what is copied is the base's."""
    with TemporaryDirectory() as folder:
        own = Path(folder)
        own.chmod(0o777)
        copies = [
            Path(shutil.copytree(each, own / each.name))
            for each in (family.base, family.experts[0], family.adapter)
        ]
        for copy in copies:
            (copy / name).write_text("{}")
            for file in copy.iterdir():
                file.chmod(0o644)
        (copies[number] / name).chmod(0)
        recipe = write_recipe(
            Family(copies[0], (copies[1],), copies[2]), own, "task_arithmetic", "weight: 0.4"
        )
        words = ("run", recipe, own / "out", "--store", own / "s", *BUDGET)
        with as_somebody_else(), pytest.raises(R2CError, match=rf"R2C-T143.*{name}.*Permission"):
            invoke(*words)
        assert not (own / "s" / "packs" / "1.pack").exists()


def test_a_folder_that_may_not_be_entered_is_told(family: Family) -> None:
    with TemporaryDirectory() as folder:
        own = Path(folder)
        own.chmod(0o777)
        copy = Path(shutil.copytree(family.base, own / "base"))
        recipe = write_recipe(
            Family(copy, family.experts, family.adapter), own, "task_arithmetic", "weight: 0.4"
        )
        copy.chmod(0)
        words = ("run", recipe, own / "out", "--store", own / "s")
        with as_somebody_else(), pytest.raises(R2CError, match=r"R2C-T143.*base.*Permission"):
            invoke(*words)


def test_odd_words_of_a_configuration_are_told_and_kept_out_of_files(
    family: Family, tmp_path: Path
) -> None:
    """Half of a surrogate pair is what no UTF-8 file can hold."""
    copy = Path(shutil.copytree(family.experts[0], tmp_path / "copy"))
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(config | {"rope_theta": "\ud800"}))
    other = Family(family.base, (copy,), family.adapter)
    recipe = write_recipe(other, tmp_path, "task_arithmetic", "weight: 0.4")
    invoke("run", recipe, tmp_path / "out", "--store", tmp_path / "s")
    invoke("verify", tmp_path / "out", "--store", tmp_path / "s")


def test_an_output_whose_name_cannot_be_kept_is_refused(family: Family, tmp_path: Path) -> None:
    recipe = write_recipe(family, tmp_path, "task_arithmetic", "weight: 0.4")
    with pytest.raises(R2CError, match="R2C-T141"):
        invoke("run", recipe, tmp_path / os.fsdecode(b"\xff"), "--store", tmp_path / "s")
    assert read_whole(tmp_path / "s", family) == []


def test_a_tied_output_matrix_may_be_named_by_an_index_without_being_stored(
    tmp_path: Path,
) -> None:
    base, _ = write_family(tmp_path, replace(TINY, tied=True), 1)
    index = base / "model.safetensors.index.json"
    told = json.loads(index.read_text())
    told["weight_map"]["lm_head.weight"] = next(iter(told["weight_map"].values()))
    index.write_text(json.dumps(told))
    assert "lm_head.weight" not in open_checkpoint(base).tensors


def test_an_index_that_names_a_tensor_which_is_not_there_is_told(
    family: Family, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(family.experts[0], tmp_path / "copy"))
    index = copy / "model.safetensors.index.json"
    told = json.loads(index.read_text())
    told["weight_map"]["ghost.weight"] = next(iter(told["weight_map"].values()))
    index.write_text(json.dumps(told))
    other = Family(family.base, (copy,), family.adapter)
    recipe = write_recipe(other, tmp_path, "task_arithmetic", "weight: 0.4")
    with pytest.raises(R2CError, match=r"R2C-T002.*ghost\.weight"):
        invoke("run", recipe, tmp_path / "out", "--store", tmp_path / "s")
    with pytest.raises(R2CError, match=r"R2C-T002.*ghost\.weight"):
        invoke("extract-lora", family.base, copy, tmp_path / "adapter")


def test_a_scoring_command_without_a_place_is_refused_before_the_pass(
    family: Family, tmp_path: Path
) -> None:
    recipe = write_recipe(family, tmp_path, "task_arithmetic", "weight: 0.4")
    with pytest.raises(R2CError, match="R2C-T056"):
        invoke("search", recipe, tmp_path / "found", "--over", "weight=1,2", "--score", "true",
               "--store", tmp_path / "s", *BUDGET)  # fmt: skip
    assert read_whole(tmp_path / "s", family) == []


def test_a_search_that_cannot_be_planned_is_refused(family: Family, tmp_path: Path) -> None:
    recipe = write_recipe(family, tmp_path, "regmean", "")
    with pytest.raises(R2CError, match="R2C-T027"):
        invoke("search", recipe, tmp_path / "found", "--over", "weight=1,2", "--score", "true {}",
               "--store", tmp_path / "s", *BUDGET)  # fmt: skip
    assert read_whole(tmp_path / "s", family) == []
