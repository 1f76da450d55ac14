"""What made an answer: versions, model, settings and the hashes of prompts and cards."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files

from pydantic import JsonValue

from r2c.pipeline.context import Context
from r2c.pipeline.state import State
from r2c.resources import knowledge_base


def manifest(context: Context, state: State) -> dict[str, JsonValue]:
    """The manifest of a job; no secret is in it.

    `model` is the one that answered last, `models` names all that did, in the order in which runs
    of the job began.
    """
    info = context.model.info
    return {
        "versions": {
            name: _version(name)
            for name in ("rule2constraint", "pyomo", "highspy", "langgraph", "openai")
        },
        "model": {"name": info.name, "kind": info.kind, "capability": str(info.capability)},
        "models": list(state.get("models", [info.name])),
        "samples": context.samples(state),
        "reading": context.reading,
        "rounds": context.settings.budget_rounds,
        "prompts": prompts_digest(),
        "cards": cards_digest(),
    }


@cache
def prompts_digest() -> str:
    """SHA-256 over the prompt files."""
    folder = files("r2c.agents").joinpath("prompts")
    texts = sorted((item.name, item.read_bytes()) for item in folder.iterdir() if item.is_file())
    joined = b"".join(name.encode() + b"\0" + data for name, data in texts)
    return hashlib.sha256(joined).hexdigest()


@cache
def cards_digest() -> str:
    """SHA-256 over the cards of the knowledge base."""
    made = hashlib.sha256()
    for family in sorted(knowledge_base().joinpath("cards").iterdir(), key=lambda item: item.name):
        if family.is_dir():
            for card in sorted(family.iterdir(), key=lambda item: item.name):
                made.update(card.name.encode() + b"\0" + card.read_bytes())
    return made.hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
