"""A plan that was kept is a file that anybody can change: what does not fit together is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from merge_family import Family
from test_merge_commands import invoke, write_recipe

from r2c.errors import R2CError


def cut_choices(plan: dict[str, Any]) -> None:
    plan["tensors"][0]["choices"][0] = plan["tensors"][0]["choices"][0][:-1]


def unknown_sign(plan: dict[str, Any]) -> None:
    plan["tensors"][0]["choices"][0] = "x" * len(plan["tensors"][0]["choices"][0])


def fewer_models(plan: dict[str, Any]) -> None:
    plan["tensors"][0]["models"].pop()


def other_bounds(plan: dict[str, Any]) -> None:
    plan["tensors"][0]["bounds"] = [0.1] * 999


def smaller_blocks(plan: dict[str, Any]) -> None:
    plan["block_elements"] = 1000


def no_blocks(plan: dict[str, Any]) -> None:
    plan["block_elements"] = 0


def no_folders(plan: dict[str, Any]) -> None:
    plan["folders"] = []


def one_folder_less(plan: dict[str, Any]) -> None:
    plan["folders"].pop()


def other_tokenizer(plan: dict[str, Any]) -> None:
    plan["tokenizer"] = 99


def no_experts(plan: dict[str, Any]) -> None:
    plan["inputs"] = plan["inputs"][:1]


def no_tensors(plan: dict[str, Any]) -> None:
    plan["tensors"] = []


def a_tensor_twice(plan: dict[str, Any]) -> None:
    plan["tensors"].append(plan["tensors"][0])


def errors_of_none(plan: dict[str, Any]) -> None:
    plan["tensors"][0]["errors"][0] = float("nan")


def over_its_budget(plan: dict[str, Any]) -> None:
    plan["budget"] = 1


def less_than_nothing(plan: dict[str, Any]) -> None:
    plan["inputs"][1]["read_bytes"] = -5


Change = Callable[[dict[str, Any]], None]
CHANGES: list[Change] = [
    cut_choices, unknown_sign, fewer_models, other_bounds, smaller_blocks, no_blocks, no_folders,
    one_folder_less, other_tokenizer, no_experts, no_tensors, a_tensor_twice, errors_of_none,
    over_its_budget, less_than_nothing,
]  # fmt: skip


def changed(family: Family, folder: Path, change: Change, *words: str) -> tuple[object, ...]:
    """The words that run a plan which somebody has changed."""
    recipe = write_recipe(family, folder, "task_arithmetic", "weight: 0.4")
    path, store = folder / "plan.json", ("--store", folder / "s")
    if words:
        invoke("analyse", recipe, *store)
    invoke("plan", recipe, *store, "--save", path, *words)
    plan = json.loads(path.read_text())
    change(plan)
    path.write_text(json.dumps(plan))
    return ("run", path, folder / "out", *store)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_plan_whose_parts_do_not_fit_is_no_plan(
    change: Change, family: Family, tmp_path: Path
) -> None:
    words = changed(family, tmp_path, change)
    with pytest.raises(R2CError, match="R2C-T026"):
        invoke(*words)
    assert not (tmp_path / "out").exists()


def other_name(plan: dict[str, Any]) -> None:
    plan["tensors"][0]["name"] = "model.none.weight"


def other_shape(plan: dict[str, Any]) -> None:
    plan["tensors"][0]["shape"] = plan["tensors"][0]["shape"][::-1]


@pytest.mark.parametrize("change", [other_name, other_shape], ids=lambda change: change.__name__)
def test_a_tensor_that_the_models_have_not_is_told(
    change: Change, family: Family, tmp_path: Path
) -> None:
    words = changed(family, tmp_path, change)
    with pytest.raises(R2CError, match=r"R2C-T030.*of shape"):
        invoke(*words)


def packed_norms(plan: dict[str, Any]) -> None:
    norms = next(each for each in plan["tensors"] if "norm" in each["name"])
    norms["choices"] = ["8" * len(choice) for choice in norms["choices"]]


def test_a_packed_block_that_the_store_has_not_is_told(family: Family, tmp_path: Path) -> None:
    words = changed(family, tmp_path, packed_norms, "--budget", "50%")
    with pytest.raises(R2CError, match=r"R2C-T030.*not packed"):
        invoke(*words)
