"""A streamed chat completion put together again, as if it had come in one piece.

llama.cpp is asked to stream because it writes on for a client that left, unless a write to that
client fails: a cancelled or late call would keep the model busy until the token limit. It also
counts the tokens of every choice only there.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Mapping
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


class BrokenOffError(ConnectionError):
    """The stream ended before every choice was complete."""


async def put_together(chunks: AsyncIterable[object]) -> Json:
    """The chunks of a stream as the body of an unstreamed reply.

    Raises:
        BrokenOffError: a choice has no reason why it ended.
    """
    choices: dict[int, Json] = {}
    usage: Json | None = None
    async for chunk in chunks:
        if not isinstance(chunk, Mapping):
            continue
        usage = _added(usage, chunk.get("usage"))
        listed = chunk.get("choices")
        for piece in listed if isinstance(listed, list) else []:
            if isinstance(piece, Mapping):
                told = piece.get("index")
                index = told if isinstance(told, int) else 0
                _append(choices.setdefault(index, _empty(index)), piece)
    for choice in choices.values():
        if choice["finish_reason"] is None:
            raise BrokenOffError("the stream ended in the middle of an answer")
    return {"choices": list(choices.values()), "usage": usage}


def _empty(index: int) -> Json:
    message = {"role": "assistant", "content": ""}
    return {
        "index": index,
        "finish_reason": None,
        "message": message,
        "logprobs": {"content": []},
    }


def _append(choice: Json, piece: Mapping[str, Any]) -> None:
    delta = piece.get("delta")
    if isinstance(delta, Mapping):
        for name in ("content", "refusal"):
            if isinstance(delta.get(name), str):
                choice["message"][name] = choice["message"].get(name, "") + delta[name]
    given = piece.get("logprobs")
    listed = given.get("content") if isinstance(given, Mapping) else None
    if isinstance(listed, list):
        choice["logprobs"]["content"] += listed
    choice["finish_reason"] = piece.get("finish_reason") or choice["finish_reason"]


def _added(before: Json | None, new: object) -> Json | None:
    """llama.cpp reports each choice on its own, others all of them at the end."""
    if not isinstance(new, Mapping):
        return before
    if before is None:
        return dict(new)
    both = dict(before)
    told = [each.get("completion_tokens") for each in (before, new)]
    counts = [count for count in told if isinstance(count, int)]
    if counts:
        both["completion_tokens"] = sum(counts)
    return both
