"""The files beside the weights: those of the base, the index, a card."""

from __future__ import annotations

import json

from r2c_training.merge.checkpoint.checkpoint import INDEX, Checkpoint
from r2c_training.merge.checkpoint.number_format import FORMAT_NAMES
from r2c_training.merge.execute.layout import Layout, tensor_bytes
from r2c_training.merge.plan.copied_files import TEMPLATE, copied_files
from r2c_training.merge.plan.plan import Plan
from r2c_training.merge.source import open_source


def sidecars(plan: Plan, base: Checkpoint, layout: Layout) -> dict[str, bytes]:
    """Name -> bytes of every file beside the weights, the same for equal plans."""
    copied = copied_files(base, open_source(plan.folders[plan.tokenizer]))
    files = {name: path.read_bytes() for name, path in copied.items()}
    if plan.chat_template is not None:
        # Readers take this file before what a tokenizer's configuration says.
        files[TEMPLATE] = plan.chat_template.encode()
    files["config.json"] = _config(plan, base)
    if len(layout.shards) > 1:
        total = sum(tensor_bytes(tensor) for tensor in plan.tensors)
        index = {"metadata": {"total_size": total}, "weight_map": layout.weight_map}
        files[INDEX] = (json.dumps(index, indent=2) + "\n").encode()
    files["README.md"] = _card(plan).encode()
    return files


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
