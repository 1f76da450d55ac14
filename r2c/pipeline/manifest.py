"""What made an answer that was read from words: beside the rest the model, and how it was asked."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache
from importlib.resources import files

from pydantic import JsonValue

from r2c.formulation import Usage
from r2c.pipeline.context import FIRST_SEED, Context
from r2c.pipeline.state import State
from r2c.solve.limits import Limits
from r2c.verdict.manifest import produced


def manifest(context: Context, state: State, usage: Usage) -> dict[str, JsonValue]:
    """The manifest of a job; no secret is in it.

    `model` is the one that answered last, `models` names all that did, in the order in which runs
    of the job began; its `digest` is the SHA-256 of its weights where that is known. `spent` is to
    be held against `budget`, over all runs of the job.
    """
    info, settings = context.model.info, context.settings
    said = state.get("began")
    began = context.since if said is None else datetime.fromisoformat(said)
    tokens = usage.prompt_tokens - usage.cached_tokens + usage.completion_tokens
    return {
        **produced(began, Limits.of(settings)),
        "model": {
            "name": info.name,
            "kind": info.kind,
            "capability": str(info.capability),
            "digest": info.digest,
        },
        "models": list(state.get("models", [info.name])),
        "samples": context.samples(state),
        "seed": FIRST_SEED,
        "reading": context.reading,
        "reflection": context.reflection,
        "prompts": prompts_digest(),
        "budget": {
            "seconds": settings.budget_seconds,
            "tokens": settings.budget_tokens,
            "rounds": settings.budget_rounds,
        },
        "spent": {
            "seconds": usage.seconds,
            "tokens": tokens,
            "rounds": state.get("round", 0),
            "calls": usage.calls,
        },
    }


@cache
def prompts_digest() -> str:
    """SHA-256 over the prompt files."""
    folder = files("r2c.agents").joinpath("prompts")
    texts = sorted((item.name, item.read_bytes()) for item in folder.iterdir() if item.is_file())
    joined = b"".join(name.encode() + b"\0" + data for name, data in texts)
    return hashlib.sha256(joined).hexdigest()
