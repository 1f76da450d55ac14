"""What an endpoint is and how far it can be held to a format, found out once per process.

llama.cpp is known by `/props`, vLLM by `/version`; both take a grammar. Anything else is tried:
a schema that no free answer would fit by chance, then any JSON object, else plain text.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pydantic import JsonValue

from r2c.errors import LanguageModelError, declare
from r2c.llm.access import Access, import_openai, open_client
from r2c.llm.classify import Target, classify
from r2c.llm.failures import BROKEN_JSON, NOT_A_COMPLETION, REFUSED, SERVER_FAILED, TIMED_OUT
from r2c.llm.model import EndpointKind, Message, ModelInfo
from r2c.llm.openai_client import OpenAIModel
from r2c.llm.spec import Capability, OutputSpec

if TYPE_CHECKING:
    from openai import AsyncOpenAI

NO_MODEL_NAMED = declare(
    "R2C-L032",
    LanguageModelError,
    what="R2C_MODEL names no model at {url!r}, and the endpoint serves {count} of them.",
    why="It must be clear which one is meant. Served: {served}.",
    remedy="Write the name after the address: {url}#model-name.",
)

LISTING_SECONDS = 15.0
TRIAL_SECONDS = 60.0
MOST_SAMPLES: Mapping[EndpointKind, int] = {"vllm": 64, "openai": 16}
"""Choices asked for in one request; llama.cpp says its own number."""

_found: dict[tuple[str, str | None, Capability | None], ModelInfo] = {}


@dataclass(frozen=True)
class _Listing:
    names: tuple[str, ...]
    owners: frozenset[str]
    context: int | None


async def probe(
    access: Access, model: str | None, capability: Capability | None = None
) -> ModelInfo:
    """What is known about an endpoint, asking it only the first time.

    Args:
        access: Where it is.
        model: The model's name; None when the endpoint serves only one.
        capability: Given by the user; None finds it out.

    Raises:
        LanguageModelError: the endpoint cannot be reached, refuses the key, or serves several
            models and none was named (R2C-L032).
    """
    key = (access.url, model, capability)
    if key not in _found:
        _found[key] = await _ask(access, model, capability)
    return _found[key]


async def listed(access: Access, model: str | None) -> None:
    """Ask an endpoint for its models, every time.

    Args:
        access: Where it is.
        model: The model's name; with it a gateway without a list is fine.

    Raises:
        LanguageModelError: the endpoint cannot be reached or refuses the key.
    """
    import_openai()
    try:
        async with asyncio.timeout(LISTING_SECONDS):
            await _listing(open_client(access), access, Target(access.url, model or "", access.key))
    except TimeoutError:
        raise TIMED_OUT(url=access.url, seconds=LISTING_SECONDS) from None


async def _ask(access: Access, model: str | None, capability: Capability | None) -> ModelInfo:
    import_openai()
    client = open_client(access)
    target = Target(access.url, model or "", access.key)
    try:
        async with asyncio.timeout(LISTING_SECONDS):
            listing = await _listing(client, access, target)
            name = _name(listing, model, access)
            root = access.url.removesuffix("/v1")
            props = await _json(client, f"{root}/props", access, target)
            version = await _json(client, f"{root}/version", access, target)
    except TimeoutError:
        raise TIMED_OUT(url=access.url, seconds=LISTING_SECONDS) from None
    if props is not None and "default_generation_settings" in props:
        info = _llama_cpp(name, props)
    elif (version is not None and "version" in version) or "vllm" in listing.owners:
        info = ModelInfo(name, "vllm", Capability.GRAMMAR, listing.context, MOST_SAMPLES["vllm"])
    else:
        most = MOST_SAMPLES["openai"]
        info = ModelInfo(name, "openai", Capability.JSON_SCHEMA, listing.context, most)
        if capability is None:
            return await _tried(access, info)
    return info if capability is None else replace(info, capability=capability)


async def _listing(client: AsyncOpenAI, access: Access, target: Target) -> _Listing:
    """The models served. A gateway without a list is fine if the user named the model."""
    found = await _json(client, f"{access.url}/models", access, target, must=not target.model)
    data = (found or {}).get("data")
    entries = [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []
    # Adapters are listed beside their model, as its children, and without a context of their own.
    parents = [item for item in entries if not item.get("parent")] or entries
    contexts = {item.get("max_model_len") for item in parents}
    context = contexts.pop() if len(contexts) == 1 else None
    return _Listing(
        tuple(str(item.get("id")) for item in parents),
        frozenset(str(item.get("owned_by")) for item in entries),
        context if isinstance(context, int) else None,
    )


def _name(listing: _Listing, model: str | None, access: Access) -> str:
    if model is not None:
        return model
    if len(listing.names) != 1:
        raise NO_MODEL_NAMED(
            url=access.url, count=len(listing.names), served=list(listing.names[:20]) or "none"
        )
    return listing.names[0]


async def _json(
    client: AsyncOpenAI, url: str, access: Access, target: Target, *, must: bool = False
) -> dict[str, JsonValue] | None:
    """The JSON object at `url`; None if there is none and it need not be there."""
    try:
        body = await client.get(url, cast_to=object)
    except Exception as error:  # coded, or raised again, by `classify`
        failure = classify(error, target, connect_seconds=access.connect_seconds)
        # What keeps this page to itself may still complete chats; a refused key shows there.
        absent = failure.status not in (None, 429) or failure.error.code == BROKEN_JSON.code
        if must or not absent:
            raise failure.error from None
        return None
    if isinstance(body, dict):
        return body
    if must:
        raise NOT_A_COMPLETION(url=url, said=target.said(str(body)))
    return None


def _llama_cpp(name: str, props: Mapping[str, JsonValue]) -> ModelInfo:
    defaults = props["default_generation_settings"]
    context = defaults.get("n_ctx") if isinstance(defaults, dict) else None
    slots = props.get("total_slots")
    return ModelInfo(
        name,
        "llama.cpp",
        Capability.GRAMMAR,
        context if isinstance(context, int) else None,
        slots if isinstance(slots, int) and slots > 0 else 1,
    )


def _read_trial(value: JsonValue) -> str:
    if value != {"probe_7f3": "ready"}:
        raise ValueError("not the object that the schema allows")
    return "ready"


def _read_any_object(value: JsonValue) -> str:
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return json.dumps(value)


_SCHEMA: dict[str, JsonValue] = {
    "type": "object",
    "properties": {"probe_7f3": {"type": "string", "enum": ["ready"]}},
    "required": ["probe_7f3"],
    "additionalProperties": False,
}


async def _tried(access: Access, info: ModelInfo) -> ModelInfo:
    """`info` with the strongest capability that a short trial shows."""
    trials = (
        (Capability.JSON_SCHEMA, _read_trial, "Say hello to the new colleague."),
        (Capability.JSON_OBJECT, _read_any_object, "Say hello to the new colleague."),
    )
    for capability, reader, question in trials:
        spec = OutputSpec("probe", 'root ::= "ready"', _SCHEMA, question, _never, reader)
        candidate = replace(info, capability=capability)
        model = OpenAIModel(replace(access, request_seconds=TRIAL_SECONDS), candidate)
        try:
            reply = await model.complete([Message("user", question)], spec, max_tokens=200)
        except LanguageModelError as error:
            if error.code not in (REFUSED.code, SERVER_FAILED.code):
                raise
            continue
        if reply.readable:
            return candidate
    return replace(info, capability=Capability.TEXT)


def _never(text: str) -> str:
    raise ValueError(f"the trial reads JSON only, not {text!r}")
