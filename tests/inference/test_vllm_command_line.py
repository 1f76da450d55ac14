"""What vLLM is told, as data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from r2c.errors import InputError
from r2c_inference.launch.command_line import command_line, cores_of, environment
from r2c_inference.launch.machine import device_here, gpus_here, require_gpus
from r2c_inference.launch.options import Adapter, ServeOptions

SOCKET = Path("/run/r2c/0")


def options(**more: object) -> ServeOptions:
    given = {"model": Path("/m"), "name": "m", "device": "gpu", "python": Path("/v/python"), **more}
    return ServeOptions.model_validate(given)


def after(words: list[str], option: str) -> str:
    return words[words.index(option) + 1]


def told(given: ServeOptions, replica: int = 0) -> dict[str, str]:
    gpus = [str(number) for number in range(given.gpus)]
    return environment(given, replica, outer={}, gpus=gpus, cores=[0, 1, 2, 3], key="K")


def test_a_replica_opens_no_port_and_its_key_is_no_argument() -> None:
    words = command_line(options(), SOCKET)
    assert words[:2] == ["/v/python", "-m"]
    assert after(words, "--uds") == "/run/r2c/0"
    assert not {"--port", "--host", "--api-key", "--trust-remote-code"} & set(words)
    assert told(options())["VLLM_API_KEY"] == "K"


def test_answers_held_to_json_admit_no_blanks_without_end() -> None:
    words = command_line(options(), SOCKET)
    assert json.loads(after(words, "--structured-outputs-config")) == {
        "backend": "xgrammar",
        "disable_any_whitespace": True,
    }


def test_prefixes_are_kept_and_the_model_does_not_change_the_sampling() -> None:
    words = command_line(options(), SOCKET)
    assert {"--enable-prefix-caching", "--enable-prompt-tokens-details"} <= set(words)
    assert after(words, "--generation-config") == "vllm"
    assert after(words, "--load-format") == "safetensors"


def test_what_is_not_asked_for_is_left_to_vllm() -> None:
    words = set(command_line(options(), SOCKET))
    assert not {"--max-model-len", "--max-num-seqs", "--enforce-eager", "--enable-lora"} & words
    asked = command_line(options(max_model_len=4096, max_num_seqs=8, eager=True), SOCKET)
    assert after(asked, "--max-model-len") == "4096"
    assert after(asked, "--max-num-seqs") == "8"
    assert "--enforce-eager" in asked


def test_adapters_are_served_under_their_names_with_room_for_the_largest() -> None:
    adapters = tuple(
        Adapter(name=name, folder=Path(f"/{name}"), rank=rank)
        for name, rank in (("rules", 8), ("objective", 24))
    )
    given = options(adapters=adapters)
    words = command_line(given, SOCKET)
    assert (after(words, "--max-loras"), after(words, "--max-lora-rank")) == ("2", "32")
    modules = [json.loads(word) for word in words[words.index("--lora-modules") + 1 :]]
    assert modules[0] == {"name": "rules", "path": "/rules", "base_model_name": "m"}
    assert given.names == ("m", "rules", "objective")


def test_each_replica_gets_gpus_of_its_own() -> None:
    given = options(replicas=2, tensor_parallel=2)
    assert [told(given, number)["CUDA_VISIBLE_DEVICES"] for number in (0, 1)] == ["0,1", "2,3"]
    assert "VLLM_CPU_KVCACHE_SPACE" not in told(given)


def test_gpus_are_those_that_are_left_to_r2c(tmp_path: Path) -> None:
    for name in ("nvidia0", "nvidia10", "nvidia2", "nvidiactl", "nvidia-uvm"):
        (tmp_path / name).touch()
    assert gpus_here({}, tmp_path) == ["0", "2", "10"]
    assert gpus_here({"CUDA_VISIBLE_DEVICES": "4, 5"}, tmp_path) == ["4", "5"]
    assert gpus_here({"CUDA_VISIBLE_DEVICES": ""}, tmp_path) == []
    assert device_here(tmp_path) == "gpu"
    assert device_here(tmp_path / "none") == "cpu"


def test_more_gpus_than_there_are_is_told_before_a_start() -> None:
    given = options(replicas=2, tensor_parallel=2)
    with pytest.raises(InputError, match="4 GPUs are needed and 2 can be had"):
        require_gpus(given, ["0", "1"])
    assert require_gpus(options(device="cpu", replicas=3), []) == []


def test_replicas_on_cpu_share_the_cores_evenly() -> None:
    given = options(device="cpu", replicas=2, kv_cache_gb=3)
    assert told(given, 1)["VLLM_CPU_OMP_THREADS_BIND"] == "2,3"
    assert told(given, 1)["VLLM_CPU_KVCACHE_SPACE"] == "3"
    assert told(given, 1)["OMP_WAIT_POLICY"] == "PASSIVE"
    assert "--tensor-parallel-size" not in command_line(given, SOCKET)
    assert cores_of(options(replicas=8), 5, [0, 1]) == [0, 1]


def test_prompts_are_read_whole_on_a_cpu_where_a_part_would_end_the_server() -> None:
    option = "--no-enable-chunked-prefill"
    assert option in command_line(options(device="cpu"), SOCKET)
    assert option not in command_line(options(), SOCKET)


def test_a_replica_sees_no_secret_of_this_process_and_asks_no_hub() -> None:
    outer = {"PATH": "/bin", "R2C_API_KEY": "x", "HF_TOKEN": "y", "PYTHONPATH": "/here"}
    found = environment(options(), 0, outer=outer, gpus=["0"], cores=[0], key="K")
    assert found["PATH"] == "/bin"
    assert not {"R2C_API_KEY", "HF_TOKEN", "PYTHONPATH"} & set(found)
    assert (found["HF_HUB_OFFLINE"], found["VLLM_NO_USAGE_STATS"]) == ("1", "1")
