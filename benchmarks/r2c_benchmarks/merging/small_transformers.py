"""A small family of transformers with tasks of their own: `T d1 .. d8 = o1 .. o8`, on digits.

    PYTHON small_transformers.py train|measure|compare ORDER

Run by an interpreter that has PyTorch and transformers, which R2C itself does not need; orders and
answers are JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

SEED, LENGTH, BATCH = 7, 8, 48
TASKS: dict[str, Callable[[Any], Any]] = {
    "reverse": lambda digits: digits.flip(1),
    "sort": lambda digits: digits.sort(1).values,
    "add": lambda digits: (digits + 3) % 10,
    "running": lambda digits: digits.cumsum(1) % 10,
}
_WORDS = ["<pad>", "=", *map(str, range(10)), *TASKS]


def train(folder: Path, base_steps: int, expert_steps: int) -> None:
    """Train the base on all tasks for a short time, and an expert on each for longer."""
    import torch  # type: ignore[import-not-found]
    from transformers import (  # type: ignore[import-not-found]
        AutoModelForCausalLM,
        LlamaConfig,
        LlamaForCausalLM,
    )

    torch.manual_seed(SEED)
    config = LlamaConfig(
        vocab_size=len(_WORDS), hidden_size=384, intermediate_size=1024, num_hidden_layers=3,
        num_attention_heads=6, num_key_value_heads=6, max_position_embeddings=64,
        bos_token_id=None, eos_token_id=None, pad_token_id=0, tie_word_embeddings=False,
    )  # fmt: skip
    base = LlamaForCausalLM(config)
    _fit(base, list(TASKS), base_steps, 1e-3, SEED)
    _save(base, folder / "base")
    for number, task in enumerate(TASKS):
        expert = AutoModelForCausalLM.from_pretrained(folder / "base", dtype=torch.float32)
        _fit(expert, [task], expert_steps, 4e-4, SEED + 1 + number)
        _save(expert, folder / task)


def _fit(model: Any, tasks: list[str], steps: int, rate: float, seed: int) -> None:
    """So many steps of Adam, with a rate that falls to nothing."""
    import torch

    random = torch.Generator().manual_seed(seed)
    adam = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)
    falling = torch.optim.lr_scheduler.LinearLR(adam, 1.0, 0.0, steps)
    model.train()
    for step in range(steps):
        loss, _ = _outcome(model, tasks[step % len(tasks)], BATCH, random)
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
        falling.step()


def _outcome(model: Any, task: str, count: int, random: Any) -> tuple[Any, Any]:
    """Mean loss of an output digit, and the share of digits that are right."""
    import torch

    digits = torch.randint(0, 10, (count, LENGTH), generator=random)
    answers = TASKS[task](digits) + 2
    first = torch.full((count, 1), _WORDS.index(task))
    told = torch.cat([first, digits + 2, torch.ones((count, 1), dtype=torch.long), answers], 1)
    logits = model(input_ids=told).logits[:, LENGTH + 1 : -1].float()
    loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), answers.flatten())
    return loss, (logits.argmax(-1) == answers).float().mean()


def _save(model: Any, folder: Path) -> None:
    """Write a model in bfloat16 with its tokenizer, as model hubs have them."""
    import torch
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import WhitespaceSplit
    from transformers import PreTrainedTokenizerFast

    model.to(torch.bfloat16).save_pretrained(folder)
    words = Tokenizer(WordLevel({word: at for at, word in enumerate(_WORDS)}, unk_token="<pad>"))
    words.pre_tokenizer = WhitespaceSplit()
    fast = PreTrainedTokenizerFast(tokenizer_object=words, pad_token="<pad>")
    fast.save_pretrained(folder)
    model.to(torch.float32)


def measure(folders: list[str]) -> dict[str, dict[str, dict[str, float]]]:
    """Folder -> task -> loss and share of right digits, on the same examples for all."""
    import torch
    from transformers import AutoModelForCausalLM

    found: dict[str, dict[str, dict[str, float]]] = {}
    for folder in folders:
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
        found[folder] = {}
        for task in TASKS:
            random = torch.Generator().manual_seed(SEED + 99)
            with torch.no_grad():
                loss, right = _outcome(model, task, 512, random)
            found[folder][task] = {"loss": float(loss), "right": float(right)}
    return found


def compare(order: Mapping[str, Any]) -> dict[str, float]:
    """Load a merged folder by transformers alone; its logits beside those of a merge in memory."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    base = AutoModelForCausalLM.from_pretrained(order["base"], dtype=torch.float32)
    experts = [
        AutoModelForCausalLM.from_pretrained(each, dtype=torch.float32).state_dict()
        for each in order["experts"]
    ]
    state = {
        name: value + order["weight"] * sum(expert[name] - value for expert in experts)
        for name, value in base.state_dict().items()
    }
    base.load_state_dict(state)
    merged = AutoModelForCausalLM.from_pretrained(order["merged"], dtype=torch.float32)
    words = AutoTokenizer.from_pretrained(order["merged"])
    told = words("sort 3 1 4 1 5 9 2 6 = 1 1 2 3 4 5 6 9", return_tensors="pt")
    with torch.no_grad():
        ours, theirs = (model.eval()(told["input_ids"]).logits for model in (merged, base))
    return {
        "tokens": told["input_ids"].shape[1],
        "largest logit": float(theirs.abs().max()),
        "largest difference": float((ours - theirs).abs().max()),
    }


def main(what: str, given: str) -> None:
    """Do as the command line says."""
    import torch

    torch.set_num_threads(1)
    if what == "train":
        order = json.loads(given)
        train(Path(order["folder"]), *order["steps"])
    elif what == "measure":
        sys.stdout.write(json.dumps(measure(json.loads(given))) + "\n")
    else:
        sys.stdout.write(json.dumps(compare(json.loads(given))) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
