"""What the one setting `model` can mean: the embedded model, an endpoint, or a GGUF file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

from r2c.errors import LanguageModelError, declare, listed
from r2c.llm.tasks import TASKS

NOT_A_MODEL = declare(
    "R2C-L030",
    LanguageModelError,
    what="R2C_MODEL is {setting!r}, which names no model.",
    why="{reason}.",
    remedy="Write `embedded`, `http(s)://host:port/v1#model-name`, or the path of a GGUF file; "
    "`#model-name;rules=other-name` names another model for one task.",
)
NOT_A_GGUF = declare(
    "R2C-L031",
    LanguageModelError,
    what="The file {path!r} is not a GGUF model.",
    why="{reason}.",
    remedy="Point R2C_MODEL at a complete GGUF file, or set it to `embedded`.",
)


@dataclass(frozen=True)
class Embedded:
    """The embedded default model."""


@dataclass(frozen=True)
class GgufFile:
    """A local weights file, served like the embedded model."""

    path: Path


@dataclass(frozen=True)
class Remote:
    """An OpenAI-compatible endpoint; without a model name the only model it serves is meant.

    `by_task` names other models of the endpoint, adapters say, for some of `r2c.llm.tasks.TASKS`.
    """

    url: str
    model: str | None
    by_task: tuple[tuple[str, str], ...] = ()


ModelAddress: TypeAlias = Embedded | GgufFile | Remote


def parse_model(setting: str) -> ModelAddress:
    """The meaning of the setting `model`.

    Raises:
        LanguageModelError: R2C-L030 or R2C-L031, saying what does not fit.
    """
    text = setting.strip()
    if text.lower() == "embedded":
        return Embedded()
    if "://" in text:
        return _remote(text)
    path = Path(text).expanduser()
    if not path.exists():
        reason = "It is neither `embedded` nor an address, and there is no such file"
        raise NOT_A_MODEL(setting=text, reason=reason)
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise NOT_A_GGUF(path=str(path), reason=str(error)) from error
    if magic != b"GGUF":
        raise NOT_A_GGUF(path=str(path), reason=f"It begins with {magic!r} instead of b'GGUF'")
    return GgufFile(path.resolve())


def _remote(text: str) -> Remote:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise NOT_A_MODEL(setting=text, reason=str(error)) from error
    if parts.username or parts.password:
        shown = text.replace(parts.netloc, "***@" + parts.netloc.rpartition("@")[2])
        reason = "A key inside the address would end up in logs; put it into R2C_API_KEY"
        raise NOT_A_MODEL(setting=shown, reason=reason)
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise NOT_A_MODEL(setting=text, reason="The address is not http(s)://host[:port]/...")
    if parts.query:
        raise NOT_A_MODEL(setting=text, reason="The address has a query after '?'")
    url = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
    model, *others = parts.fragment.split(";")
    return Remote(url, unquote(model) or None, _by_task(text, others))


def _by_task(text: str, pairs: list[str]) -> tuple[tuple[str, str], ...]:
    """The models named for tasks, `task=model`, in the order of the tasks."""
    found: dict[str, str] = {}
    for pair in pairs:
        task, _, name = pair.partition("=")
        if task not in TASKS:
            reason = f"There is no task {task!r}; the tasks are {listed(TASKS)}"
            raise NOT_A_MODEL(setting=text, reason=reason)
        if not name or task in found:
            reason = f"The task {task!r} needs one model, `{task}=model-name`"
            raise NOT_A_MODEL(setting=text, reason=reason)
        found[task] = unquote(name)
    return tuple((task, found[task]) for task in TASKS if task in found)
