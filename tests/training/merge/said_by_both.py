"""What a model says in transformers and in vLLM: run by the interpreter that has both.

    PYTHON said_by_both.py MODEL PROMPT

prints the numbers of the likeliest tokens that follow, one list each, as JSON.
"""

from __future__ import annotations

import json
import sys

TOKENS = 8


def main(folder: str, prompt: str) -> None:
    """Ask transformers, then vLLM."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from vllm import LLM, SamplingParams

    tokens = AutoTokenizer.from_pretrained(folder)(prompt, return_tensors="pt")
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16)
    with torch.no_grad():
        found = model.generate(**tokens, max_new_tokens=TOKENS, do_sample=False)
    told = {"transformers": found[0, tokens["input_ids"].shape[1] :].tolist()}
    engine = LLM(folder, dtype="bfloat16", max_model_len=512, enforce_eager=True)
    likeliest = SamplingParams(temperature=0, max_tokens=TOKENS)
    said = engine.generate([{"prompt_token_ids": tokens["input_ids"][0].tolist()}], likeliest)
    told["vllm"] = list(said[0].outputs[0].token_ids)
    sys.stdout.write("\n" + json.dumps(told) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
