"""What the description of the service (OpenAPI) says in many places."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path

from r2c.client.wire import NewFormulation, ProblemDetails
from r2c_api.problems import MEDIA_TYPE

JOB_ID = Annotated[
    str,
    Path(
        max_length=64,
        pattern=r"^[a-z0-9-]{4,64}$",
        description="The id of a formulation.",
        examples=["3f0c2a9d41b7e865"],
    ),
]
_REASONS = {
    400: "The request cannot be parsed.",
    401: "A key is needed.",
    403: "The key does not allow this.",
    404: "There is no such thing, or it is not yours.",
    409: "Not in this state.",
    413: "The request is too large.",
    415: "The request is of a type that is not understood.",
    422: "The request is understood, and something in it is wrong.",
    429: "More than the limits allow.",
    500: "A fault of the service.",
    503: "Not now; Retry-After tells when.",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors that an endpoint may answer with, besides those that any may."""
    return {
        status: {
            "description": _REASONS[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
        }
        for status in statuses
    }


def described(schema: dict[str, Any]) -> dict[str, Any]:
    """The description with the record of errors, in place of the one that is not used."""
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    for record in (ProblemDetails, NewFormulation):
        made = record.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= made.pop("$defs", {})
        schemas[record.__name__] = made
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schema["components"]["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "`r2c keys create` makes keys."}
    }
    for name, path in schema["paths"].items():
        for operation in path.values():
            if name.startswith("/v1") or name == "/metrics":
                operation["security"] = [{"key": []}, {}]
            said = operation.get("responses", {})
            if "HTTPValidationError" in str(said.get("422", "")):
                said["422"] = problems(422)[422]
            for status in (401, 403, 429, 500):
                said.setdefault(str(status), problems(status)[status])
    return schema
