"""What would run code when it is loaded is refused before vLLM sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from serving import make_model

from r2c.errors import InputError
from r2c_inference.launch.model_folder import read_adapter, require_own_names, require_servable


def make_adapter(folder: Path, **told: object) -> Path:
    folder.mkdir()
    config = {"peft_type": "LORA", "r": 8, **told}
    (folder / "adapter_config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "adapter_model.safetensors").touch()
    return folder


def code(caught: pytest.ExceptionInfo[InputError]) -> str:
    return caught.value.code


def test_a_folder_with_safetensors_alone_is_served(tmp_path: Path) -> None:
    model = make_model(tmp_path / "m")
    (model / "tokenizer.json").write_text("{}", encoding="utf-8")
    assert require_servable(model) == model


@pytest.mark.parametrize("missing", ["config.json", "model.safetensors"])
def test_a_folder_without_a_model_is_told_what_is_missing(missing: str, tmp_path: Path) -> None:
    model = make_model(tmp_path / "m")
    (model / missing).unlink()
    with pytest.raises(InputError) as caught:
        require_servable(model)
    assert (code(caught), missing.rpartition(".")[2] in str(caught.value)) == ("R2C-I001", True)


def test_a_name_on_a_hub_is_told_how_to_fetch_it() -> None:
    with pytest.raises(InputError, match="hf download") as caught:
        require_servable(Path("Organization/Model"))
    assert code(caught) == "R2C-I001"


@pytest.mark.parametrize(
    "name",
    [
        "pytorch_model.bin",
        "adapter.PT",
        "old/consolidated.00.pth",
        "x.pkl",
        "modeling_x.py",
        "a.so",
    ],
)
def test_weights_that_run_code_are_refused(name: str, tmp_path: Path) -> None:
    model = make_model(tmp_path / "m")
    (model / name).parent.mkdir(exist_ok=True)
    (model / name).touch()
    with pytest.raises(InputError) as caught:
        require_servable(model)
    assert (code(caught), Path(name).name in str(caught.value)) == ("R2C-I002", True)


@pytest.mark.parametrize("file", ["config.json", "tokenizer_config.json"])
def test_a_model_that_names_python_files_is_refused(file: str, tmp_path: Path) -> None:
    model = make_model(tmp_path / "m")
    told = {"auto_map": {"AutoConfig": "elsewhere/evil--configuration.Config"}}
    (model / file).write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(InputError, match="auto_map") as caught:
        require_servable(model)
    assert code(caught) == "R2C-I002"


def test_an_adapter_is_read_with_its_rank(tmp_path: Path) -> None:
    folder = make_adapter(tmp_path / "a", r=24)
    adapter = read_adapter(f"rules={folder}")
    assert (adapter.name, adapter.folder, adapter.rank) == ("rules", folder, 24)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"peft_type": "IA3"}, "no LoRA"),
        ({"r": 4096}, "no LoRA"),
        ({"r": "8"}, "no LoRA"),
    ],
)
def test_an_adapter_of_another_kind_is_refused(
    told: dict[str, object], reason: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        read_adapter(f"rules={make_adapter(tmp_path / 'a', **told)}")
    assert code(caught) == "R2C-I003"


@pytest.mark.parametrize("text", ["rules", "rules=", "=x", "rules=/no/such/folder"])
def test_an_adapter_that_is_not_named_right_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_adapter(text)
    assert code(caught) == "R2C-I003"


def test_an_adapter_with_pickled_weights_is_refused(tmp_path: Path) -> None:
    folder = make_adapter(tmp_path / "a")
    (folder / "adapter_model.bin").touch()
    with pytest.raises(InputError) as caught:
        read_adapter(f"rules={folder}")
    assert code(caught) == "R2C-I002"


def test_each_name_stands_for_one_thing(tmp_path: Path) -> None:
    adapter = read_adapter(f"m={make_adapter(tmp_path / 'a')}")
    with pytest.raises(InputError, match="taken"):
        require_own_names("m", (adapter,))
    with pytest.raises(InputError, match="taken"):
        require_own_names("other", (adapter, adapter))
