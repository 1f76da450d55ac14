"""A merge of a real small model is loaded by transformers and by vLLM, which say the same.

R2C_TEST_VLLM and R2C_TEST_VLLM_MODEL are as in tests/inference/test_a_real_vllm.py.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
import said_by_both
from test_merge_commands import invoke

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(3000)]
ROOT = Path(__file__).resolve().parents[3]
PROMPT = "The capital of France is"


def test_a_merge_with_an_adapter_says_the_same_in_both(tmp_path: Path) -> None:
    made = Path(os.environ.get("R2C_TEST_VLLM_MODEL") or ROOT / "build" / "small")
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(
        f"merge_method: task_arithmetic\nbase_model: {made}/model\ndtype: bfloat16\nmodels:\n"
        f"  - model: {made}/model+{made}/adapter\n    parameters: {{weight: 0.5}}\n",
        encoding="utf-8",
    )
    invoke("run", recipe, tmp_path / "merged", "--store", tmp_path / "store")
    environment = os.environ | {"VLLM_CPU_KVCACHE_SPACE": "1", "HF_HUB_OFFLINE": "1"}
    words = [os.environ["R2C_TEST_VLLM"], said_by_both.__file__, str(tmp_path / "merged"), PROMPT]
    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    (line,) = (line for line in done.stdout.splitlines() if line.startswith('{"transformers"'))
    told = json.loads(line)
    assert told["vllm"] == told["transformers"]
    assert len(told["vllm"]) == said_by_both.TOKENS
