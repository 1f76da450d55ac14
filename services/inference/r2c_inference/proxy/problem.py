"""Failures as clients get them: RFC 9457, with the member that OpenAI clients look for."""

from __future__ import annotations

from pydantic import JsonValue
from starlette.responses import JSONResponse

from r2c.errors import Fault, InputError, LanguageModelError, R2CError, declare

NO_KEY = declare(
    "R2C-I020", InputError,
    what="The request shows no valid key.",
    why="Every path but /health wants `Authorization: Bearer KEY`.",
    remedy="Set R2C_API_KEY to the key; `r2c models serve` says where it is kept.",
)  # fmt: skip
NO_PATH = declare(
    "R2C-I021", InputError,
    what="There is nothing at {path!r} for {method}.",
    why="Only the paths that R2C needs are passed on; vLLM has others that nobody should reach.",
    remedy="Use /v1/chat/completions, /v1/completions, /v1/models or /health.",
)  # fmt: skip
TOO_LARGE = declare(
    "R2C-I022", InputError,
    what="The request is larger than {limit_kb} kB.",
    why="A request that large would not fit the context of a model.",
    remedy="Shorten the text, or raise --body-kb.",
)  # fmt: skip
TOO_SLOW = declare(
    "R2C-I023", InputError,
    what="The request had not arrived in full after {seconds:.0f} s.",
    why="A slow sender would hold its place for ever.",
    remedy="Send it again over a better connection.",
)  # fmt: skip
NOT_JSON = declare(
    "R2C-I024", InputError,
    what="The request is no JSON object.",
    why="{reason}.",
    remedy="Send one JSON object as the OpenAI API describes it.",
)  # fmt: skip
NOT_ALLOWED = declare(
    "R2C-I025", InputError,
    what="The field {field!r} is not passed on: {reason}.",
    why="vLLM takes many fields beside the OpenAI API, some of which reach files, other servers or "
    "its own insides; those on the list are passed on, and within limits.",
    remedy="Leave the field out or correct its value; docs/inference.md has the list.",
)  # fmt: skip
NOBODY = declare(
    "R2C-I026", LanguageModelError,
    what="No replica can answer now.",
    why="Replicas: {count}, ready: {ready}; {reason}.",
    remedy="Try again after the time in Retry-After.",
)  # fmt: skip
REPLICA_FAILED = declare(
    "R2C-I027", LanguageModelError,
    what="The replica failed while it answered.",
    why="{reason}.",
    remedy="Send the request again; if it stays, look at the log of the replica.",
)  # fmt: skip
TIMED_OUT = declare(
    "R2C-I028", LanguageModelError,
    what="The answer was not complete after {seconds:.0f} s.",
    why="Each request has a limit, so that none can hold a replica for ever.",
    remedy="Ask for fewer tokens, or raise --request-seconds.",
)  # fmt: skip
REFUSED = declare(
    "R2C-I029", InputError,
    what="The model server refused the request.",
    why="It said: {said}.",
    remedy="Correct what it names.",
)  # fmt: skip


class ProblemError(Exception):
    """A failure on its way to the client, with its HTTP status."""

    def __init__(self, status: int, error: R2CError, wait: int | None = None) -> None:
        """Seconds to wait before another try go into Retry-After."""
        super().__init__(error.fault)
        self.status = status
        self.fault = error.fault
        self.wait = wait

    def response(self, request_id: str) -> JSONResponse:
        """What the client gets."""
        headers = {"x-request-id": request_id}
        if self.wait is not None:
            headers["retry-after"] = str(self.wait)
        return JSONResponse(
            members(self.fault, self.status), self.status, headers, "application/problem+json"
        )


def members(fault: Fault, status: int) -> dict[str, JsonValue]:
    """The members of the problem; `error` repeats them as the OpenAI API names them."""
    detail = f"{fault.what} {fault.why} {fault.remedy}"
    return {
        "type": f"urn:r2c:error:{fault.code}",
        "title": fault.what,
        "status": status,
        "detail": detail,
        "code": fault.code,
        "error": {"message": detail, "type": "r2c_error", "code": fault.code},
    }
