"""How much one request may be, take and cost."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Limits(BaseModel):
    """The limits of every request.

    Attributes:
        body_kb: Kilobytes of a request; grammars and tables are in it.
        body_seconds: Time for a request to arrive.
        request_seconds: Time for an answer, waiting included.
        busy: Requests that one replica gets at the same time; it puts them into one batch.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    body_kb: int = Field(default=4096, ge=1)
    body_seconds: float = Field(default=30.0, gt=0)
    request_seconds: float = Field(default=600.0, gt=0)
    busy: int = Field(default=64, ge=1)
