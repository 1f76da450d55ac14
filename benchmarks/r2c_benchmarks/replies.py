"""How long a reply with a program or a form may be, and whether it ended only for that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from r2c.llm.choices import CHARACTERS_PER_TOKEN
from r2c.llm.failures import CUT_OFF
from r2c.llm.model import Candidate, Message, ModelInfo

T = TypeVar("T")

MAX_TOKENS = 4096
"""Of one reply that holds a whole program or form, in every method, where the context has room."""
LEAST_TOKENS = 256


def most_tokens(wanted: int, messages: Sequence[Message], info: ModelInfo) -> int:
    """As many tokens as wanted, or as the context of the model leaves beside the conversation.

    The length of the conversation is estimated, rather too long than too short.
    """
    if info.context is None:
        return wanted
    said = sum(len(message.content) for message in messages)
    room = info.context - int(said / CHARACTERS_PER_TOKEN) - 1
    return min(wanted, max(LEAST_TOKENS, room))


def is_cut_off(candidate: Candidate[T]) -> bool:
    """Whether the reply ended at its token limit, so that its end is missing."""
    return candidate.fault is not None and candidate.fault.code == CUT_OFF.code
