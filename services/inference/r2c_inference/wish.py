"""What `r2c models serve MODEL` was asked for, and the options that come of it."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from r2c.errors import InputError, declare
from r2c_inference.launch.machine import device_here
from r2c_inference.launch.model_folder import read_adapter, require_own_names, require_servable
from r2c_inference.launch.options import Device, ServeOptions

NO_PYTHON = declare(
    "R2C-I035", InputError,
    what="{python!r} cannot be run.",
    why="--python names the interpreter of the environment that vLLM is installed in.",
    remedy="Give the path of its `bin/python`.",
)  # fmt: skip


@dataclass(frozen=True)
class Wish:
    """What `r2c models serve MODEL` was asked for; see there."""

    model: Path
    adapters: tuple[str, ...] = ()
    name: str | None = None
    device: Device | None = None
    replicas: int = 1
    tensor_parallel: int = 1
    python: Path | None = None
    dtype: Literal["auto", "bfloat16", "float16", "float32"] = "auto"
    max_model_len: int | None = None
    max_num_seqs: int | None = None
    gpu_memory: float = 0.9
    kv_cache_gb: int = 2
    eager: bool = False
    start_seconds: float = 900.0

    def options(self) -> ServeOptions:
        """The options, everything on disk looked at.

        Raises:
            InputError: R2C-I001 to R2C-I003 or R2C-I035.
        """
        model = require_servable(self.model.expanduser())
        adapters = tuple(read_adapter(text) for text in self.adapters)
        name = self.name or model.name
        require_own_names(name, adapters)
        python = (self.python or Path(sys.executable)).expanduser().absolute()
        if not os.access(python, os.X_OK) or python.is_dir():
            raise NO_PYTHON(python=str(python))
        return ServeOptions(
            model=model,
            name=name,
            adapters=adapters,
            device=self.device or device_here(),
            replicas=self.replicas,
            python=python,
            dtype=self.dtype,
            max_model_len=self.max_model_len,
            max_num_seqs=self.max_num_seqs,
            tensor_parallel=self.tensor_parallel,
            gpu_memory=self.gpu_memory,
            kv_cache_gb=self.kv_cache_gb,
            eager=self.eager,
            start_seconds=self.start_seconds,
        )
