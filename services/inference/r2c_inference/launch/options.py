"""What is to be served, and how."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Device = Literal["gpu", "cpu"]
RANKS = (1, 8, 16, 32, 64, 128, 256, 320, 512)
"""The ranks that vLLM makes room for; an adapter between two takes the room of the larger."""


class Adapter(BaseModel):
    """A LoRA adapter beside the model: the name that clients ask for, its folder, its rank."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    folder: Path
    rank: int = Field(ge=1, le=RANKS[-1])


class ServeOptions(BaseModel):
    """A model, its adapters, and the replicas that serve them.

    Attributes:
        model: Folder of the model, safetensors.
        name: What clients call it.
        adapters: LoRA adapters served beside it.
        device: What it runs on.
        replicas: How many servers of it.
        python: Interpreter of the environment that vLLM is installed in.
        dtype: Of the weights, as vLLM names it; `auto` takes that of the model.
        max_model_len: Tokens of prompt and answer together; None takes the model's own.
        max_num_seqs: Answers decoded together; None leaves it to vLLM.
        tensor_parallel: GPUs that share one replica.
        gpu_memory: Share of a GPU's memory that a replica takes.
        kv_cache_gb: Gigabytes for what a replica on CPU keeps of conversations.
        eager: Whether compiling is left out: a faster start, slower answers.
        start_seconds: Limit for all replicas to become ready.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Path
    name: str = Field(min_length=1)
    adapters: tuple[Adapter, ...] = ()
    device: Device
    replicas: int = Field(default=1, ge=1, le=64)
    python: Path = Path(sys.executable)
    dtype: Literal["auto", "bfloat16", "float16", "float32"] = "auto"
    max_model_len: int | None = Field(default=None, ge=256)
    max_num_seqs: int | None = Field(default=None, ge=1)
    tensor_parallel: int = Field(default=1, ge=1)
    gpu_memory: float = Field(default=0.9, gt=0, le=1)
    kv_cache_gb: int = Field(default=2, ge=1)
    eager: bool = False
    start_seconds: float = Field(default=900.0, gt=0)

    @property
    def gpus(self) -> int:
        """How many GPUs all replicas need."""
        return self.replicas * self.tensor_parallel if self.device == "gpu" else 0

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that clients can ask for."""
        return (self.name, *(adapter.name for adapter in self.adapters))
