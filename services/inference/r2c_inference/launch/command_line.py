"""The command that starts a replica, and the environment it starts in; both are plain data.

Written for vLLM 0.32. Its entry module is named rather than the script `vllm`, which does not start
from the CPU package: that script asks for the version of a distribution of the name `vllm`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from r2c_inference.launch.options import RANKS, ServeOptions

ENTRY = "vllm.entrypoints.launchers.api_server.entry"
_INHERITED = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "LD_PRELOAD"),
    *("CUDA_HOME", "CUDA_PATH", "NVIDIA_VISIBLE_DEVICES", "NVIDIA_DRIVER_CAPABILITIES"),
    *("VLLM_PLUGINS", "VLLM_BATCH_INVARIANT", "VLLM_CACHE_ROOT", "XDG_CACHE_HOME"),
)
"""What a replica may see of the environment; no key of this process is among them."""


def command_line(options: ServeOptions, socket: Path) -> list[str]:
    """The words of the command for one replica.

    Args:
        options: What is to be served.
        socket: Unix socket to listen on. vLLM guards only some of its paths by a key, so no port
            is opened for it; who may enter the socket's folder is the wall.
    """
    words = [str(options.python), "-m", ENTRY]
    words += ["--model", str(options.model), "--served-model-name", options.name]
    words += ["--uds", str(socket), "--uvicorn-log-level", "warning"]
    words += ["--load-format", "safetensors", "--dtype", options.dtype]
    # What a model's folder says of sampling, a repetition penalty say, would change every answer.
    words += ["--generation-config", "vllm"]
    # A grammar of JSON admits blanks without end, and small models write them up to the limit.
    structured = {"backend": "xgrammar", "disable_any_whitespace": True}
    words += ["--structured-outputs-config", json.dumps(structured)]
    # What it kept of a prompt costs nothing in R2C's budget, so it has to be told.
    words += ["--enable-prefix-caching", "--enable-prompt-tokens-details"]
    if options.max_model_len is not None:
        words += ["--max-model-len", str(options.max_model_len)]
    if options.max_num_seqs is not None:
        words += ["--max-num-seqs", str(options.max_num_seqs)]
    if options.eager:
        words += ["--enforce-eager"]
    if options.device == "gpu":
        words += ["--tensor-parallel-size", str(options.tensor_parallel)]
        words += ["--gpu-memory-utilization", str(options.gpu_memory)]
    else:
        # A prompt read in parts ends the whole server if its request names a seed: the random
        # numbers drawn for a part are taken back, which torch cannot do on a CPU.
        words += ["--no-enable-chunked-prefill"]
    return words + _adapters(options)


def _adapters(options: ServeOptions) -> list[str]:
    if not options.adapters:
        return []
    most = max(adapter.rank for adapter in options.adapters)
    words = ["--enable-lora", "--max-loras", str(len(options.adapters))]
    words += ["--max-lora-rank", str(next(rank for rank in RANKS if rank >= most))]
    words += ["--lora-modules"]
    for adapter in options.adapters:
        told = {"name": adapter.name, "path": str(adapter.folder), "base_model_name": options.name}
        words.append(json.dumps(told))
    return words


def environment(
    options: ServeOptions,
    replica: int,
    *,
    outer: Mapping[str, str],
    gpus: Sequence[str],
    cores: Sequence[int],
    key: str,
) -> dict[str, str]:
    """The environment of one replica.

    Args:
        options: What is to be served.
        replica: Its number, from 0.
        outer: The environment of this process.
        gpus: The GPUs that all replicas share.
        cores: The cores that all replicas on CPU share.
        key: What the replica wants to be shown; here, because arguments can be read by anybody.
    """
    found = {name: outer[name] for name in _INHERITED if name in outer}
    # The model is a folder: nothing is to be asked of a hub, and nobody is told of its use.
    found |= {"HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1"}
    found["VLLM_API_KEY"] = key
    if options.device == "gpu":
        found["CUDA_VISIBLE_DEVICES"] = ",".join(gpus_of(options, replica, gpus))
    else:
        own = cores_of(options, replica, cores)
        found["VLLM_CPU_OMP_THREADS_BIND"] = ",".join(map(str, own))
        found["VLLM_CPU_NUM_OF_RESERVED_CPU"] = "0"
        # Threads that wait spinning take the cores from those that have work.
        found["OMP_WAIT_POLICY"], found["KMP_BLOCKTIME"] = "PASSIVE", "0"
        found["VLLM_CPU_KVCACHE_SPACE"] = str(options.kv_cache_gb)
    return found


def gpus_of(options: ServeOptions, replica: int, gpus: Sequence[str]) -> Sequence[str]:
    """The GPUs of a replica: as many as share it, the next ones for the next replica."""
    first = replica * options.tensor_parallel
    return gpus[first : first + options.tensor_parallel]


def cores_of(options: ServeOptions, replica: int, cores: Sequence[int]) -> list[int]:
    """The cores of a replica: an equal share, or all of them if there are fewer than replicas."""
    ordered = sorted(cores)
    share = len(ordered) // options.replicas
    return ordered[replica * share : (replica + 1) * share] if share else ordered
