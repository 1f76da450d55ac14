"""What was merged is known by the bytes of its inputs, not by their names, sizes or headers."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from merge_family import Family, weights
from test_merge_commands import invoke, write_recipe

from r2c.errors import R2CError
from r2c_training.merge.catalog.analyse import hash_source
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.execute.manifest import read_manifest
from r2c_training.merge.source import open_source


@pytest.fixture
def own(family: Family, tmp_path: Path) -> Family:
    """Copies of the family that a test may write to."""
    folders = [
        Path(shutil.copytree(folder, tmp_path / "models" / folder.name))
        for folder in (family.base, *family.experts, family.adapter)
    ]
    return Family(folders[0], tuple(folders[1:-1]), folders[-1])


def train_on(folder: Path) -> None:
    """Other weights of the same shapes, in the same file."""
    shard = next(folder.glob("*.safetensors"))
    data = bytearray(shard.read_bytes())
    data[-2] ^= 64
    shard.write_bytes(data)


def test_a_merge_of_models_that_were_trained_on_is_not_taken_for_the_one_that_is_there(
    own: Family, tmp_path: Path
) -> None:
    recipe, store = write_recipe(own, tmp_path, "task_arithmetic", "weight: 0.4"), tmp_path / "s"
    invoke("run", recipe, tmp_path / "out", "--store", store)
    invoke("run", recipe, tmp_path / "out", "--store", store)
    train_on(own.experts[0])
    with pytest.raises(R2CError, match="R2C-T033"):
        invoke("run", recipe, tmp_path / "out", "--store", store)
    invoke("run", recipe, tmp_path / "new", "--store", store)
    before, after = weights(tmp_path / "out"), weights(tmp_path / "new")
    assert any((before[name] != after[name]).any() for name in before)


def test_a_search_scores_models_that_were_trained_on_anew(own: Family, tmp_path: Path) -> None:
    recipe, store = write_recipe(own, tmp_path, "task_arithmetic", "weight: 0.4"), tmp_path / "s"
    script = tmp_path / "score.py"
    script.write_text("print(1)")
    words = ("search", recipe, tmp_path / "found", "--over", "weight=0.2,0.4", "--store", store,
             "--score", f"python {script} {{}}", "--json")  # fmt: skip
    first = json.loads(invoke(*words).splitlines()[-1])
    made = read_manifest(Path(first["best"])).hash
    train_on(own.experts[0])
    second = json.loads(invoke(*words).splitlines()[-1])
    assert {p["plan"] for p in first["points"]}.isdisjoint(p["plan"] for p in second["points"])
    assert read_manifest(Path(second["best"])).hash != made


def test_a_kept_plan_is_refused_when_a_model_was_trained_on_since(
    own: Family, tmp_path: Path
) -> None:
    recipe, store = write_recipe(own, tmp_path, "task_arithmetic", "weight: 0.4"), tmp_path / "s"
    invoke("plan", recipe, "--store", store, "--save", tmp_path / "p.json")
    train_on(own.experts[0])
    with pytest.raises(R2CError, match="R2C-T030"):
        invoke("run", tmp_path / "p.json", tmp_path / "out", "--store", store)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("method", ["task_arithmetic", "dare_linear"])
def test_card_manifest_and_lineage_name_the_bytes_of_every_input(
    own: Family, tmp_path: Path, method: str
) -> None:
    """By a kept plan too, which was made before anything was hashed."""
    recipe, store = write_recipe(own, tmp_path, method, "weight: 0.4"), tmp_path / "s"
    invoke("plan", recipe, "--store", store, "--save", tmp_path / "p.json")
    for made_of, name in ((tmp_path / "p.json", "kept"), (recipe, "out")):
        invoke("run", made_of, tmp_path / name, "--store", store)
        with Catalog(tmp_path / "other") as catalog:
            hashes = [
                hash_source(catalog, open_source(folder), "buffered", lambda _: None)
                for folder in (own.base, *own.experts, own.adapter)
            ]
        assert [each.content for each in read_manifest(tmp_path / name).plan.inputs] == hashes
        card = (tmp_path / name / "README.md").read_text()
        assert all(sha256 in card for sha256 in hashes)
    told = invoke("explain", tmp_path / "out", "--store", store)
    assert f"expert1 of {tmp_path / 'kept'}" in told
