"""The files beside the weights: those of the base, the index, a card."""

from __future__ import annotations

import json
import re
from pathlib import Path

from r2c_training.merge.checkpoint.checkpoint import INDEX, Checkpoint
from r2c_training.merge.checkpoint.number_format import FORMAT_NAMES
from r2c_training.merge.execute.layout import Layout, tensor_bytes
from r2c_training.merge.plan.plan import Plan
from r2c_training.merge.source import open_source

_MODULE = re.compile(rb'"(?:[^"\s]*--)?([A-Za-z_]\w*)\.[A-Za-z_]\w*"')
"""A class in `auto_map`: "modeling_own.Own", behind the name of a repository or not."""
_TEMPLATE = "chat_template.jinja"
_OF_MODEL = ("generation_config.json", "preprocessor_config.json", "processor_config.json")
_OF_TOKENIZER = (
    "tokenizer.json",
    "tokenizer_config.json",
    "tokenizer.model",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "vocab.txt",
    "merges.txt",
    "spiece.model",
    "sentencepiece.bpe.model",
    "tekken.json",
    "chat_template.json",
    _TEMPLATE,
)


def sidecars(plan: Plan, base: Checkpoint, layout: Layout) -> dict[str, bytes]:
    """Name -> bytes of every file beside the weights, the same for equal plans."""
    beside = base.beside or base.folder
    words = open_source(plan.folders[plan.tokenizer])
    words_beside = (words.beside if isinstance(words, Checkpoint) else None) or words.folder
    files: dict[str, bytes] = {}
    for folder, names in ((beside, _OF_MODEL), (words_beside, _OF_TOKENIZER)):
        there = [name for name in names if (folder / name).is_file()]
        files |= {name: (folder / name).read_bytes() for name in there}
    # What the tokenizer's configuration names is the tokenizer's, whatever lies beside the base.
    files |= _code(words_beside, "tokenizer_config.json")
    files |= _code(beside, "config.json")
    files |= _code(words_beside, "tokenizer_config.json", named_only=True)
    if plan.chat_template is not None:
        # Readers take this file before what a tokenizer's configuration says.
        files[_TEMPLATE] = plan.chat_template.encode()
    files["config.json"] = _config(plan, base)
    if len(layout.shards) > 1:
        total = sum(tensor_bytes(tensor) for tensor in plan.tensors)
        index = {"metadata": {"total_size": total}, "weight_map": layout.weight_map}
        files[INDEX] = (json.dumps(index, indent=2) + "\n").encode()
    files["README.md"] = _card(plan).encode()
    return files


def _code(folder: Path, config: str, *, named_only: bool = False) -> dict[str, bytes]:
    """The Python files that come with a model or tokenizer whose classes are its own.

    `auto_map` names classes of modules, and these import others that lie beside them.
    """
    path = folder / config
    said = path.read_bytes() if path.is_file() else b""
    if b'"auto_map"' not in said:
        return {}
    named = {f"{module.decode()}.py" for module in _MODULE.findall(said)}
    found = sorted(file for file in folder.glob("*.py") if file.is_file())
    return {file.name: file.read_bytes() for file in found if not named_only or file.name in named}


def _config(plan: Plan, base: Checkpoint) -> bytes:
    forms = {tensor.form for tensor in plan.tensors}
    given = (base.folder / "config.json").read_bytes()
    if len(forms) != 1:
        return given
    dtype = FORMAT_NAMES[forms.pop()]
    key = "dtype" if "dtype" in base.config else "torch_dtype"
    if base.config.get(key) == dtype:
        return given
    return (json.dumps({**base.config, key: dtype}, indent=2) + "\n").encode()


def _card(plan: Plan) -> str:
    lines = [
        "---", "library_name: transformers", "tags:", "- merge", "---", "",
        f"Merged with {', '.join(plan.methods)} by `r2c merge`. Plan `{plan.hash}`; "
        "`r2c merge explain` and `r2c merge verify` read it from `r2c_merge.json`.",
        "", "| model | role | content (SHA-256) |", "|---|---|---|",
    ]  # fmt: skip
    for each in plan.inputs:
        lines.append(f"| {each.name} | {each.role} | {each.content} |")
    if plan.certificate is not None and plan.certificate.block_bound > 0:
        bound = plan.certificate.block_bound + plan.certificate.rounding
        lines += ["", f"Some blocks were read coarsely or not at all; the weights differ from the "
                  f"full merge by a norm of at most {bound:.4g}."]  # fmt: skip
    return "\n".join(lines) + "\n"
