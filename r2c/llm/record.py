"""Record what a model said, and replay it without the model.

One JSON line a call, keyed by what decides the answer (conversation, grammar, sampling), so a
recording replays in any order. `reuse=True` turns the recorder into a cache: a job that was
killed asks only what it had not asked yet.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from r2c.errors import Fault, StoreError, declare
from r2c.llm.failures import CUT_OFF, NO_CONTENT, WITHHELD
from r2c.llm.model import Candidate, LanguageModel, Message, ModelInfo, Reply, Usage
from r2c.llm.render import read
from r2c.llm.spec import Capability, OutputSpec

T = TypeVar("T")

NOT_RECORDED = declare(
    "R2C-L060",
    StoreError,
    what="The recording {path!r} holds no answer to this call (purpose {purpose!r}).",
    why="Its {recorded} calls differ in conversation, grammar or sampling; it begins {begins!r}.",
    remedy="Record again with the model, or find out what changed the prompt.",
)
RECORDING_UNREADABLE = declare(
    "R2C-L061",
    StoreError,
    what="The recording {path!r} cannot be read.",
    why="{reason}.",
    remedy="Restore the file, or delete it and record again.",
)

# What the endpoint did to a candidate; what the reader says is found out again at replay.
_FROM_ENDPOINT = {NO_CONTENT.code, CUT_OFF.code, WITHHELD.code}


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    text: str
    logprob: float | None = None
    fault: Fault | None = None


class _Entry(BaseModel):
    """One line of a recording."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    key: str
    purpose: str
    model: str
    capability: Capability
    context: int | None
    said: tuple[_Said, ...]
    usage: Usage


@dataclass(frozen=True)
class _Asked:
    """What decides an answer."""

    messages: tuple[Message, ...]
    grammar: str | None
    samples: int
    temperature: float
    seed: int
    max_tokens: int

    @property
    def key(self) -> str:
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _load(path: Path) -> dict[str, _Entry]:
    """The entries by key. A last line without its end was never written; of equals the last."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")[:-1]
    except (OSError, UnicodeDecodeError) as error:
        raise RECORDING_UNREADABLE(path=str(path), reason=str(error).rstrip(".")) from error
    entries = {}
    for number, line in enumerate(lines, start=1):
        try:
            entry = _Entry.model_validate_json(line)
        except ValidationError as error:
            reason = f"Line {number}: {error.errors()[0]['msg']}"
            raise RECORDING_UNREADABLE(path=str(path), reason=reason) from error
        entries[entry.key] = entry
    return entries


def _reply(entry: _Entry, spec: OutputSpec[T] | None, usage: Usage) -> Reply[T]:
    return Reply(
        tuple(
            _candidate(said, entry.capability, spec, index) for index, said in enumerate(entry.said)
        ),
        usage,
    )


def _candidate(
    said: _Said, capability: Capability, spec: OutputSpec[T] | None, index: int
) -> Candidate[T]:
    plain: Candidate[T] = Candidate(said.text, None, said.fault, said.logprob)
    if spec is None or said.fault is not None:
        return plain
    value = read(spec, capability, said.text, index)
    return replace(plain, fault=value) if isinstance(value, Fault) else replace(plain, value=value)


class RecordingModel:
    """A `LanguageModel` that passes calls on and appends every reply to a file."""

    def __init__(self, model: LanguageModel, path: Path, *, reuse: bool = False) -> None:
        """Continue the recording at `path`, or begin it.

        Args:
            model: Who is asked.
            path: A JSON Lines file.
            reuse: Answer from the file what it already holds; such replies cost 0 calls.
        """
        self._model = model
        self._path = path
        self._reuse = reuse
        self._entries = _load(path) if path.exists() else {}
        if path.exists():
            whole = path.read_bytes()
            with path.open("r+b") as file:  # a line cut by a kill must not spoil the next one
                file.truncate(whole.rfind(b"\n") + 1)

    @property
    def info(self) -> ModelInfo:
        """What is known about the model that is asked."""
        return self._model.info

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
        """See `r2c.llm.model.LanguageModel.complete`."""
        grammar = spec.grammar if spec else None
        key = _Asked(tuple(messages), grammar, samples, temperature, seed, max_tokens).key
        if self._reuse and key in self._entries:
            return _reply(self._entries[key], spec, Usage())
        reply = await self._model.complete(
            messages,
            spec,
            samples=samples,
            temperature=temperature,
            seed=seed,
            max_tokens=max_tokens,
            deadline=deadline,
            purpose=purpose,
        )
        info = self._model.info
        entry = _Entry(
            key=key,
            purpose=purpose,
            model=info.name,
            capability=info.capability,
            context=info.context,
            said=tuple(_said(candidate) for candidate in reply.candidates),
            usage=reply.usage,
        )
        self._entries[key] = entry
        with self._path.open("a", encoding="utf-8") as file:
            file.write(entry.model_dump_json() + "\n")
        return reply


def _said(candidate: Candidate[T]) -> _Said:
    fault = candidate.fault
    kept = fault if fault is not None and fault.code in _FROM_ENDPOINT else None
    return _Said(text=candidate.text, logprob=candidate.logprob, fault=kept)


class ReplayModel:
    """A `LanguageModel` that says again what was recorded, and nothing else."""

    def __init__(self, path: Path) -> None:
        """Read the recording.

        Raises:
            StoreError: R2C-L061.
        """
        self._path = path
        self._entries = _load(path)
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
        del deadline  # nothing is waited for
        grammar = spec.grammar if spec else None
        key = _Asked(tuple(messages), grammar, samples, temperature, seed, max_tokens).key
        entry = self._entries.get(key)
        if entry is None:
            begins = messages[-1].content[:80] if messages else ""
            recorded = len(self._entries)
            raise NOT_RECORDED(
                path=str(self._path), purpose=purpose, recorded=recorded, begins=begins
            )
        return _reply(entry, spec, entry.usage)
