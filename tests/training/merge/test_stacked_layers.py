"""Recipes of slices: layers that change their place become a stack, merged like a model."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from merge_family import Family, weights

from r2c.errors import InputError
from r2c_benchmarks.merging.families import Shape, write_base
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.execute.run import HowToRun, run_plan
from r2c_training.merge.plan.from_recipe import request_from
from r2c_training.merge.plan.make_plan import ALL, Limits, make_plan
from r2c_training.merge.recipe.read import parse_recipe
from r2c_training.merge.verify import verify

Merge = Callable[..., Path]
ATTENTION = "self_attn.q_proj.weight"


@pytest.fixture
def merge(tmp_path: Path) -> Merge:
    """Merges the text of a recipe."""

    def run(text: str, limits: Limits = ALL) -> Path:
        output = tmp_path / "out"
        with Catalog(tmp_path / "store") as catalog:
            request = request_from(parse_recipe(text), tmp_path / "store" / "stacks")
            plan = make_plan(request, catalog, limits)
            run_plan(plan, catalog, output, HowToRun(threads=2))
            found = verify(output, catalog, blocks=None)
        assert found.error == 0
        assert found.replayed == found.compared > 0
        return output

    return run


def test_stacked_slices_are_the_layers_of_their_models_in_order(
    family: Family, merge: Merge
) -> None:
    first, second = family.experts[:2]
    output = merge(
        "merge_method: passthrough\nslices:\n"
        f"  - sources: [{{model: {first}, layer_range: [0, 2]}}]\n"
        f"  - sources: [{{model: {second}, layer_range: [0, 2]}}]\n"
        f"  - sources: [{{model: {first}, layer_range: [1, 2]}}]\n"
    )
    made, one, two = weights(output), weights(first), weights(second)
    order = [(one, 0), (one, 1), (two, 0), (two, 1), (one, 1)]
    for at, (model, layer) in enumerate(order):
        given = model[f"model.layers.{layer}.{ATTENTION}"]
        assert (made[f"model.layers.{at}.{ATTENTION}"] == given).all()
    assert (made["model.embed_tokens.weight"] == one["model.embed_tokens.weight"]).all()
    config = json.loads((output / "config.json").read_text())
    assert config["num_hidden_layers"] == 5
    assert len(made) == len(one) + 3 * sum("layers.0." in name for name in one)
    assert (output / "generation_config.json").is_file()


def test_layers_are_merged_with_layers_of_another_depth(family: Family, merge: Merge) -> None:
    base, tuned = family.base, family.experts[0]
    output = merge(
        f"merge_method: task_arithmetic\nbase_model: {base}\ndtype: float32\n"
        "parameters: {weight: 0.5}\nslices:\n"
        f"  - sources: [{{model: {base}, layer_range: [1, 2]}},"
        f" {{model: {tuned}, layer_range: [0, 1]}}]\n"
        f"  - sources: [{{model: {base}, layer_range: [0, 2]}},"
        f" {{model: {tuned}, layer_range: [0, 2]}}]\n"
    )
    made, below, above = weights(output), weights(base), weights(tuned)
    for at, (ours, theirs) in enumerate([(1, 0), (0, 0), (1, 1)]):
        start = below[f"model.layers.{ours}.{ATTENTION}"]
        end = above[f"model.layers.{theirs}.{ATTENTION}"]
        wanted = start + 0.5 * (end - start)
        assert np.allclose(made[f"model.layers.{at}.{ATTENTION}"], wanted, atol=1e-6)


def test_a_shortened_model_is_a_stack_too(family: Family, merge: Merge) -> None:
    output = merge(
        "merge_method: passthrough\nslices:\n"
        f"  - sources: [{{model: {family.base}, layer_range: [0, 1]}}]\n"
    )
    assert not any("layers.1." in name for name in weights(output))


def test_no_budget_is_spent_on_layers_that_change_their_place(family: Family, merge: Merge) -> None:
    text = (
        "merge_method: passthrough\nslices:\n"
        f"  - sources: [{{model: {family.base}, layer_range: [1, 2]}}]\n"
    )
    with pytest.raises(InputError, match="R2C-T051"):
        merge(text, Limits(budget_share=0.5))


def test_models_of_other_sizes_are_not_stacked(
    family: Family, merge: Merge, tmp_path: Path
) -> None:
    wide = tmp_path / "wide"
    write_base(wide, Shape(hidden=128, layers=2, feed_forward=176, vocabulary=512, heads=4), 1)
    text = (
        "merge_method: passthrough\nslices:\n"
        f"  - sources: [{{model: {family.base}, layer_range: [0, 1]}}]\n"
        f"  - sources: [{{model: {wide}, layer_range: [0, 1]}}]\n"
    )
    with pytest.raises(InputError, match=r"R2C-T050.*hidden_size is 64 and 128"):
        merge(text)


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ("layer_range: [1, 3]", "line 4: model .* has 2 layers; layer 2"),
        ("layer_range: [0, 1]}, {model: BASE, layer_range: [1, 2]", "R2C-T10"),
    ],
)
def test_what_cannot_be_stacked_is_refused_with_its_line(
    family: Family, merge: Merge, second: str, told: str
) -> None:
    text = (
        "merge_method: passthrough\nslices:\n"
        f"  - sources: [{{model: {family.base}, layer_range: [0, 1]}}]\n"
        f"  - sources: [{{model: {family.base}, {second}}}]\n"
    )
    with pytest.raises(InputError, match=told):
        merge(text.replace("BASE", str(family.base)))


def test_an_adapter_is_not_stacked(family: Family, merge: Merge) -> None:
    text = (
        f"merge_method: task_arithmetic\nbase_model: {family.base}\n"
        "parameters: {weight: 1.0}\nslices:\n"
        f"  - sources: [{{model: {family.base}, layer_range: [1, 2]}},"
        f" {{model: {family.base}+{family.adapter}, layer_range: [1, 2]}}]\n"
    )
    with pytest.raises(InputError, match=r"line 4: .*adapter"):
        merge(text)
