"""A plan that was kept is a file that anybody can change: what it promises is refused then."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from merge_family import Family, weights
from test_merge_commands import invoke, write_recipe

from r2c.errors import R2CError


def shorter_choices(plan: dict[str, Any]) -> None:
    plan["tensors"][0]["choices"][0] = plan["tensors"][0]["choices"][0][:-1]


def nothing_but_zeros(plan: dict[str, Any]) -> None:
    for each in plan["tensors"]:
        each["choices"] = ["0" * len(choice) for choice in each["choices"]]


def fewer_models(plan: dict[str, Any]) -> None:
    plan["tensors"][0]["models"].pop()


def other_weight(plan: dict[str, Any]) -> None:
    plan["tensors"][0]["models"][0]["weight"] = 9.0


def other_method(plan: dict[str, Any]) -> None:
    plan["tensors"][0] |= {"operator": "regmean", "merge": {}, "models": [{}] * 5}


def less_than_no_pass(plan: dict[str, Any]) -> None:
    plan["tensors"][0]["passes"] = -1


def base_as_adapter(plan: dict[str, Any]) -> None:
    plan["inputs"][0]["kind"] = "adapter"


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


def other_name(plan: dict[str, Any]) -> None:
    plan["tensors"][0]["name"] = "model.none.weight"


def other_shape(plan: dict[str, Any]) -> None:
    plan["tensors"][0]["shape"] = plan["tensors"][0]["shape"][::-1]


def other_words(plan: dict[str, Any]) -> None:
    plan["inputs"][1]["name"] = "x\n\n# Another heading"


def no_hash(plan: dict[str, Any]) -> None:
    del plan["sha256"]


Change = Callable[[dict[str, Any]], None]
CHANGES: list[Change] = [
    shorter_choices, nothing_but_zeros, fewer_models, other_weight, other_method,
    less_than_no_pass, base_as_adapter, no_blocks, no_folders, one_folder_less, other_tokenizer,
    no_experts, no_tensors, a_tensor_twice, errors_of_none, over_its_budget, other_name,
    other_shape, other_words, no_hash,
]  # fmt: skip


@pytest.fixture
def kept(family: Family, tmp_path: Path) -> Path:
    recipe = write_recipe(family, tmp_path, "task_arithmetic", "weight: 0.4")
    invoke("plan", recipe, "--store", tmp_path / "s", "--save", tmp_path / "plan.json")
    return tmp_path / "plan.json"


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_plan_that_somebody_has_changed_is_no_plan(
    change: Change, kept: Path, tmp_path: Path
) -> None:
    plan = json.loads(kept.read_text())
    change(plan)
    kept.write_text(json.dumps(plan))
    with pytest.raises(R2CError, match="R2C-T026"):
        invoke("run", kept, tmp_path / "out", "--store", tmp_path / "s")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b"[" * 100_000, b"7", b"null"])
def test_what_is_no_plan_at_all_is_told(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(data)
    with pytest.raises(R2CError, match="R2C-T026"):
        invoke("run", tmp_path / "plan.json", tmp_path / "out", "--store", tmp_path / "s")


def test_models_of_a_kept_plan_may_be_moved(family: Family, kept: Path, tmp_path: Path) -> None:
    plan = json.loads(kept.read_text())
    invoke("run", kept, tmp_path / "before", "--store", tmp_path / "s")
    plan["folders"][1] = str(shutil.copytree(plan["folders"][1], tmp_path / "moved"))
    kept.write_text(json.dumps(plan))
    with pytest.raises(R2CError, match=r"R2C-T030.*`seen` must be empty"):
        invoke("run", kept, tmp_path / "after", "--store", tmp_path / "s")
    plan["seen"] = []
    kept.write_text(json.dumps(plan))
    invoke("run", kept, tmp_path / "after", "--store", tmp_path / "s")
    before, after = weights(tmp_path / "before"), weights(tmp_path / "after")
    assert all((before[name] == after[name]).all() for name in before)


def test_a_packed_block_that_the_store_has_not_is_told(family: Family, tmp_path: Path) -> None:
    recipe = write_recipe(family, tmp_path, "task_arithmetic", "weight: 0.4")
    invoke("analyse", recipe, "--store", tmp_path / "s")
    invoke("plan", recipe, "--store", tmp_path / "s", "--save", tmp_path / "plan.json",
           "--budget", "30%")  # fmt: skip
    with pytest.raises(R2CError, match=r"R2C-T030.*no packed blocks"):
        invoke("run", tmp_path / "plan.json", tmp_path / "out", "--store", tmp_path / "other")
