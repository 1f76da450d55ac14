"""Errors as RFC 9457 has them: every failure is a coded fault, and every fault reads the same.

`type` is a URN of the code, `title` the same sentence for every case of it, `detail` this case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from r2c.client.wire import FieldFault, ProblemDetails
from r2c.errors import (
    CATALOGUE,
    BudgetError,
    Fault,
    LanguageModelError,
    R2CError,
    SolveError,
    StoreError,
)
from r2c_api.faults import HTTP, MALFORMED, STATUS, TENANT_QUEUE_FULL
from r2c_api.outside import outside

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5
QUEUE_SECONDS = 10
"""After so long a tenant with a full queue may ask again."""
_MOST_ERRORS = 20
_CLASSES: tuple[tuple[type[R2CError], int], ...] = (
    (LanguageModelError, 503),
    (StoreError, 503),
    (BudgetError, 429),
    (SolveError, 500),
)


def status_of(fault: Fault) -> int:
    """The HTTP status of a fault; what is wrong with the request is 422."""
    if fault.code in STATUS:
        return STATUS[fault.code]
    raised = CATALOGUE[fault.code].raises
    return next((status for kind, status in _CLASSES if issubclass(raised, kind)), 422)


def problem(
    fault: Fault,
    status: int | None = None,
    *,
    instance: str = "",
    errors: Sequence[FieldFault] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A fault as a response."""
    status = status_of(fault) if status is None else status
    kind = CATALOGUE[fault.code]
    said = ProblemDetails(
        type=f"urn:r2c:error:{fault.code}",
        title=_title(kind.what),
        status=status,
        detail=fault.what,
        instance=instance,
        code=fault.code,
        why=fault.why,
        remedy=fault.remedy,
        details=fault.details,
        errors=tuple(errors),
    )
    more = dict(headers or {})
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        more.setdefault("Retry-After", str(RETRY_SECONDS))
    if fault.code == TENANT_QUEUE_FULL.code:
        more.setdefault("Retry-After", str(QUEUE_SECONDS))
    return Response(said.model_dump_json(), status, more, MEDIA_TYPE)


def _title(template: str) -> str:
    """The sentence of a failure without the values of a case."""
    return re.sub(r"\{(\w+)[^}]*\}", r"<\1>", template)


def add_problem_handlers(app: FastAPI) -> None:
    """Let every exception that is foreseen leave as a problem; `OwnFaults` sees to the others."""
    app.add_exception_handler(R2CError, _of_r2c)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(HTTPException, _of_http)


def _of_r2c(request: Request, error: Exception) -> Response:
    assert isinstance(error, R2CError)
    return problem(outside(error.fault), instance=request.url.path)


def _of_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    listed = error.errors()
    found = [
        FieldFault(pointer=_pointer(item["loc"]), detail=str(item["msg"])[:300])
        for item in listed[:_MOST_ERRORS]
    ]
    first = f"{found[0].pointer}: {found[0].detail}" if found else "it is empty"
    fault = MALFORMED.fault(problem=first.rstrip("."), count=len(listed))
    return problem(fault, instance=request.url.path, errors=found)


def _pointer(place: Sequence[str | int]) -> str:
    """Where it is, as a JSON pointer for the body and by name for the rest."""
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in place]
    if parts and parts[0] == "body":
        return "#/" + "/".join(parts[1:]) if len(parts) > 1 else "#"
    return "/".join(parts)[:200]


def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.BAD_REQUEST:  # bytes that are no JSON, too many files
        fault = MALFORMED.fault(problem=str(error.detail).rstrip("."), count=1)
        return problem(fault, instance=request.url.path)
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        # The framework names those of the first route alone that has the path.
        headers["Allow"] = ", ".join(_methods(request))
    fault = HTTP.fault(
        problem=str(error.detail).rstrip("."), method=request.method, path=request.url.path[:200]
    )
    return problem(fault, error.status_code, instance=request.url.path, headers=headers)


def _methods(request: Request) -> list[str]:
    """The methods that a path has, as the description tells."""
    described = request.app.openapi()["paths"]
    return sorted(
        method.upper()
        for path, operations in described.items()
        if compile_path(path)[0].match(request.url.path)
        for method in operations
    )
