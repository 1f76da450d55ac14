"""One vLLM server: started, waited for, ended; and what its log says of a death."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from r2c.errors import LanguageModelError, R2CError, declare
from r2c_inference.launch.command_line import command_line, environment
from r2c_inference.launch.options import ServeOptions

NO_VLLM = declare(
    "R2C-I010", LanguageModelError,
    what="vLLM is not installed for {python!r}.",
    why="Its log says: {tail}",
    remedy="Install vLLM 0.32 into an environment of its own, since it pins much of what it needs, "
    "and name its interpreter by --python; docs/inference.md has the commands.",
)  # fmt: skip
DIED = declare(
    "R2C-I011", LanguageModelError,
    what="Replica {number} ended ({ended}).",
    why="Its log {log!r} says:\n{tail}",
    remedy="Follow the log.",
)  # fmt: skip
OUT_OF_MEMORY = declare(
    "R2C-I012", LanguageModelError,
    what="Replica {number} ran out of memory ({ended}).",
    why="Its log {log!r} says:\n{tail}",
    remedy="Lower --max-model-len or --max-num-seqs, serve fewer replicas, spread one over more "
    "GPUs with --tensor-parallel, or take a smaller or quantized model.",
)  # fmt: skip
TOO_SLOW = declare(
    "R2C-I013", LanguageModelError,
    what="Replica {number} was not ready after {seconds:.0f} s and was stopped.",
    why="Its log {log!r} says:\n{tail}",
    remedy="Raise --start-seconds; the first start compiles and takes longest.",
)  # fmt: skip

STOP_SECONDS = 20.0
"""From the wish that a server ends to the signal that it cannot refuse."""
_MEMORY = re.compile(
    r"out of memory|OutOfMemory|Cannot allocate memory|std::bad_alloc|MemoryError"
    r"|No available memory for the cache|memory utilization|KV cache is needed",
    re.IGNORECASE,
)
_ERROR = re.compile(r"\b[A-Z]\w*(?:Error|Exception): \S")
_NOISE = re.compile(r"^ - |nanobind|resource_tracker|warnings\.warn|Route: |^\s*$")


@dataclass(eq=False)
class Replica:
    """One server of the model; `process` is None before it is started.

    Its log lies in `logs`, its socket in `sockets`: a short path that this user alone can enter.
    """

    number: int
    options: ServeOptions
    logs: Path
    sockets: Path
    gpus: tuple[str, ...]
    cores: tuple[int, ...]
    key: str
    process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.sockets / f"{self.number}"

    @property
    def log(self) -> Path:
        """What it said since its last start; before that, in the file of the same name with .1."""
        return self.logs / f"replica-{self.number}.log"

    @property
    def ended(self) -> bool:
        """Whether its process is gone."""
        return self.process is not None and self.process.poll() is not None

    def start(self) -> None:
        """Start the process; it is not ready when this returns."""
        self.socket.unlink(missing_ok=True)
        words = command_line(self.options, self.socket)
        # By its file and isolated: vLLM must not find this installation's packages.
        tied = [sys.executable, "-I", str(Path(__file__).with_name("tied.py")), str(os.getpid())]
        own = environment(
            self.options,
            self.number,
            outer=os.environ,
            gpus=self.gpus,
            cores=self.cores,
            key=self.key,
        )
        with contextlib.suppress(FileNotFoundError):
            self.log.replace(self.log.with_suffix(".log.1"))
        descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            self.process = subprocess.Popen(
                [*tied, *words],
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                env=own,
                cwd=self.logs,
                start_new_session=True,  # Ctrl-C is told to this process, which ends the servers
            )
        finally:
            os.close(descriptor)

    def ask_to_end(self) -> None:
        """Tell the process to end, and go on."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.terminate()

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """End the process and what it started: asked first, then not asked."""
        if self.process is None:
            return
        end = time.monotonic() + seconds
        self.ask_to_end()
        while not self.ended and time.monotonic() < end:
            time.sleep(0.05)
        # The session is its own, so this ends workers that the server left behind as well.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.socket.unlink(missing_ok=True)

    def failure(self) -> R2CError:
        """Why it died, by its log."""
        assert self.process is not None
        code, tail = self.process.poll() or 0, self.log_tail()
        ended = f"exit code {code}"
        if code < 0:
            with contextlib.suppress(ValueError):
                ended = f"killed by {signal.Signals(-code).name}"
        told = {"number": self.number, "ended": ended, "log": str(self.log)}
        if re.search(r"No module named '?vllm|vllm: No such file", tail):
            last = tail.splitlines()[-1]
            return NO_VLLM(python=str(self.options.python), tail=last)
        if _MEMORY.search(tail) or code == -signal.SIGKILL:
            return OUT_OF_MEMORY(**told, tail=tail)
        return DIED(**told, tail=tail or "(empty)")

    def too_slow(self) -> R2CError:
        """That it was not ready in time."""
        return TOO_SLOW(
            number=self.number,
            seconds=self.options.start_seconds,
            log=str(self.log),
            tail=self.log_tail() or "(empty)",
        )

    def log_tail(self, count: int = 20) -> str:
        """The first error in the log and its last lines, without what every end of vLLM leaves."""
        try:
            text = self.log.read_text("utf-8", errors="replace")
        except OSError:
            return ""
        lines = [line[:300] for line in text.splitlines() if not _NOISE.search(line)]
        last = lines[-count:]
        first = next((line for line in lines if _ERROR.search(line)), None)
        return "\n".join(last if first is None or first in last else [first, "...", *last])
