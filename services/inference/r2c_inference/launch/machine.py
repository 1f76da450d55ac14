"""What of this machine replicas can have: its cores, its GPUs."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from r2c.errors import InputError, declare
from r2c_inference.launch.options import Device, ServeOptions

TOO_FEW_GPUS = declare(
    "R2C-I004", InputError,
    what="{needed} GPUs are needed and {there} can be had ({gpus}).",
    why="Each replica gets --tensor-parallel GPUs of its own.",
    remedy="Lower --replicas or --tensor-parallel, widen CUDA_VISIBLE_DEVICES, or give "
    "--device cpu.",
)  # fmt: skip

_DEVICES = Path("/dev")


def device_here(devices: Path = _DEVICES) -> Device:
    """A GPU if the system shows one of NVIDIA's, else the CPU."""
    return "gpu" if gpus_here({}, devices) else "cpu"


def gpus_here(outer: Mapping[str, str], devices: Path = _DEVICES) -> list[str]:
    """The GPUs that CUDA_VISIBLE_DEVICES leaves to this process, or all that the system shows."""
    told = outer.get("CUDA_VISIBLE_DEVICES")
    if told is not None:
        return [name.strip() for name in told.split(",") if name.strip()]
    found = (re.fullmatch(r"nvidia(\d+)", path.name) for path in devices.glob("nvidia*"))
    return [str(number) for number in sorted(int(match[1]) for match in found if match)]


def require_gpus(options: ServeOptions, gpus: list[str]) -> list[str]:
    """The GPUs, if there are enough.

    Raises:
        InputError: R2C-I004.
    """
    if len(gpus) < options.gpus:
        raise TOO_FEW_GPUS(needed=options.gpus, there=len(gpus), gpus=gpus)
    return gpus


def cores_here() -> list[int]:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))
