"""What headers and places show to be impossible is refused before a weight is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from merge_family import Family
from test_merge_commands import invoke, write_recipe

from r2c.errors import R2CError
from r2c_training.merge.catalog.catalog import Catalog
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


def test_a_search_that_cannot_be_planned_is_refused(family: Family, tmp_path: Path) -> None:
    recipe = write_recipe(family, tmp_path, "regmean", "")
    with pytest.raises(R2CError, match="R2C-T027"):
        invoke("search", recipe, tmp_path / "found", "--over", "weight=1,2", "--score", "true {}",
               "--store", tmp_path / "s", *BUDGET)  # fmt: skip
    assert read_whole(tmp_path / "s", family) == []
