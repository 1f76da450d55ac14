"""What may be loaded: weights as safetensors, and nothing that runs code when it is read.

Looked at before vLLM sees the folder: a pickle runs what is in it, and a model may name a Python
file of its own, which has been run even where it was told not to (CVE-2026-22807).
"""

from __future__ import annotations

import json
from pathlib import Path

from r2c.errors import InputError, declare
from r2c_inference.launch.options import RANKS, Adapter

NO_MODEL = declare(
    "R2C-I001", InputError,
    what="{folder!r} holds no model that can be served: {reason}.",
    why="A folder with config.json and *.safetensors is expected, as model hubs hand them out.",
    remedy="Give the folder of a model. One on a hub is fetched first: "
    "`hf download ORGANIZATION/MODEL --local-dir FOLDER`.",
)  # fmt: skip
UNSAFE = declare(
    "R2C-I002", InputError,
    what="The folder {folder!r} is not served: {reason}.",
    why="Pickled weights and models with Python files of their own run foreign code when loaded.",
    remedy="Use a model that ships safetensors alone, or convert it and delete these files.",
)  # fmt: skip
NO_ADAPTER = declare(
    "R2C-I003", InputError,
    what="The adapter {text!r} cannot be served: {reason}.",
    why="--lora is NAME=FOLDER; the folder holds adapter_config.json of a LoRA adapter and "
    "adapter_model.safetensors, and each name stands once.",
    remedy="Correct the name or the folder; `r2c models serve --help` shows an example.",
)  # fmt: skip

_CODE = (".py", ".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".so", ".h5", ".msgpack")
_CONFIGS = ("config.json", "tokenizer_config.json", "processor_config.json")
_ENOUGH = 1 << 20


def require_servable(folder: Path) -> Path:
    """The folder, absolute, if it holds a model that may be loaded.

    Raises:
        InputError: R2C-I001 or R2C-I002.
    """
    if not folder.is_dir():
        raise NO_MODEL(folder=str(folder), reason="there is no such folder")
    if not isinstance(_json(folder / "config.json"), dict):
        raise NO_MODEL(folder=str(folder), reason="config.json is missing or no JSON object")
    if not any(folder.glob("*.safetensors")):
        raise NO_MODEL(folder=str(folder), reason="it has no *.safetensors")
    _require_safe(folder)
    return folder.resolve()


def read_adapter(text: str) -> Adapter:
    """The adapter that `NAME=FOLDER` names.

    Raises:
        InputError: R2C-I002 or R2C-I003.
    """
    name, sign, where = text.partition("=")
    folder = Path(where).expanduser()
    config = _json(folder / "adapter_config.json") if sign and name and where else None
    if not isinstance(config, dict):
        reason = "it is not NAME=FOLDER" if not (sign and name and where) else ""
        raise NO_ADAPTER(text=text, reason=reason or "adapter_config.json is missing or no object")
    rank = config.get("r")
    if config.get("peft_type") != "LORA" or not isinstance(rank, int) or not 1 <= rank <= RANKS[-1]:
        raise NO_ADAPTER(text=text, reason=f"it is no LoRA adapter of a rank up to {RANKS[-1]}")
    if not (folder / "adapter_model.safetensors").is_file():
        raise NO_ADAPTER(text=text, reason="it has no adapter_model.safetensors")
    _require_safe(folder)
    return Adapter(name=name, folder=folder.resolve(), rank=rank)


def require_own_names(name: str, adapters: tuple[Adapter, ...]) -> None:
    """Refuse two things under one name.

    Raises:
        InputError: R2C-I003.
    """
    seen = {name}
    for adapter in adapters:
        if adapter.name in seen:
            text = f"{adapter.name}={adapter.folder}"
            raise NO_ADAPTER(text=text, reason=f"the name {adapter.name!r} is taken")
        seen.add(adapter.name)


def _require_safe(folder: Path) -> None:
    found = sorted(path.name for path in folder.rglob("*") if path.suffix.lower() in _CODE)
    if found:
        raise UNSAFE(folder=str(folder), reason=f"it holds {', '.join(found[:5])}")
    for name in _CONFIGS:
        config = _json(folder / name)
        if isinstance(config, dict) and "auto_map" in config:
            raise UNSAFE(folder=str(folder), reason=f"{name} names Python files (auto_map)")


def _json(path: Path) -> object:
    """The JSON value of a file; None if there is none."""
    try:
        with path.open("rb") as file:
            return json.loads(file.read(64 * _ENOUGH))
    except (OSError, ValueError):
        return None
