"""Record what a model said, and replay it without the model.

`reuse=True` turns the recorder into a cache: a job that was killed asks only what it had not
asked yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from r2c.errors import StoreError, declare
from r2c.llm.model import LanguageModel, Message, ModelInfo, Reply, Usage
from r2c.llm.recording import Entry, append, key_of, load, reply_of, said_by
from r2c.llm.spec import Capability, OutputSpec
from r2c.llm.wrapped import Asked, WrappedModel

T = TypeVar("T")

NOT_RECORDED = declare(
    "R2C-L060",
    StoreError,
    what="The recording {path!r} holds no answer to this call (purpose {purpose!r}).",
    why="Its {recorded} calls differ in conversation, grammar or sampling; it begins {begins!r}.",
    remedy="Record again with the model, or find out what changed the prompt.",
)


class RecordingModel(WrappedModel):
    """A `LanguageModel` that passes calls on and appends every reply to a file."""

    def __init__(self, model: LanguageModel, path: Path, *, reuse: bool = False) -> None:
        """Continue the recording at `path`, or begin it.

        Args:
            model: Who is asked.
            path: A JSON Lines file.
            reuse: Answer from the file what it already holds; such replies cost 0 calls.

        Raises:
            StoreError: R2C-L061.
        """
        super().__init__(model)
        self._path = path
        self._reuse = reuse
        self._entries = load(path) if path.exists() else {}
        if path.exists():
            whole = path.read_bytes()
            with path.open("r+b") as file:  # a line cut by a kill must not spoil the next one
                file.truncate(whole.rfind(b"\n") + 1)

    async def answer(self, asked: Asked[T]) -> Reply[T]:
        """Pass the call on and keep the reply.

        Raises:
            StoreError: R2C-L062.
        """
        key = key_of(asked)
        if self._reuse and key in self._entries:
            return reply_of(self._entries[key], asked.spec, Usage())
        reply = await self.pass_on(asked)
        info = self.model.info
        entry = Entry(
            key=key,
            purpose=asked.purpose,
            model=info.name,
            capability=info.capability,
            context=info.context,
            said=tuple(said_by(candidate) for candidate in reply.candidates),
            usage=reply.usage,
        )
        self._entries[key] = entry
        append(self._path, entry.model_dump_json() + "\n")
        return reply


class ReplayModel:
    """A `LanguageModel` that says again what was recorded, and nothing else."""

    def __init__(self, path: Path) -> None:
        """Read the recording.

        Raises:
            StoreError: R2C-L061.
        """
        self._path = path
        self._entries = load(path)
        first = next(iter(self._entries.values()), None)
        self._info = ModelInfo(
            first.model if first else "empty recording",
            "replay",
            first.capability if first else Capability.TEXT,
            first.context if first else None,
            max_samples=64,
        )

    @property
    def info(self) -> ModelInfo:
        """What is known about the model that was recorded."""
        return self._info

    async def complete(
        self,
        messages: Sequence[Message],
        spec: OutputSpec[T] | None,
        *,
        samples: int = 1,
        temperature: float = 0.0,
        seed: int = 0,
        max_tokens: int,
        deadline: float | None = None,
        purpose: str = "",
    ) -> Reply[T]:
        """See `r2c.llm.model.LanguageModel.complete`; also raises R2C-L060."""
        asked = (messages, spec, samples, temperature, seed, max_tokens, deadline, purpose)
        entry = self._entries.get(key_of(Asked(*asked)))
        if entry is None:
            begins = messages[-1].content[:80] if messages else ""
            recorded = len(self._entries)
            raise NOT_RECORDED(
                path=str(self._path), purpose=purpose, recorded=recorded, begins=begins
            )
        return reply_of(entry, spec, entry.usage)
