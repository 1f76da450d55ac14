"""A plan as a file, with a hash of all but places, which tells one that was changed by hand."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError
from pydantic_core import from_json

from r2c.errors import InputError, declare
from r2c_training.merge.plan.plan import Plan
from r2c_training.merge.source import canonical_hash

BAD_PLAN = declare(
    "R2C-T026", InputError,
    what="{path!r} is no plan that can be run: {reason}.",
    why="Plans are JSON files that `r2c merge plan --save` writes; what they promise was worked "
    "out from all that they say together.",
    remedy="Change the recipe and make the plan anew. Only `folders` may be changed in a plan, "
    "with `seen` left empty.",
)  # fmt: skip


def plan_bytes(plan: Plan) -> bytes:
    """The file of a plan."""
    begins = f'{{\n "sha256": "{_seal(plan)}",'
    return (begins + plan.model_dump_json(indent=1).removeprefix("{") + "\n").encode()


def read_plan(path: Path) -> Plan:
    """The plan in a file.

    Raises:
        InputError: R2C-T026, also if more than `folders` and `seen` is not as it was written.
    """
    try:
        document = from_json(path.read_bytes())
        said = document.pop("sha256", None) if isinstance(document, dict) else None
        plan = Plan.model_validate(document)
    except OSError as error:
        raise BAD_PLAN(path=str(path), reason=error.strerror or str(error)) from error
    except ValidationError as error:
        raise BAD_PLAN(path=str(path), reason=_first_problem(error)) from error
    except ValueError as error:
        raise BAD_PLAN(path=str(path), reason=str(error)) from error
    if said is None:
        raise BAD_PLAN(path=str(path), reason="it has no hash; versions before wrote none")
    if said != _seal(plan):
        raise BAD_PLAN(path=str(path), reason="it was changed since it was written")
    return plan


def _seal(plan: Plan) -> str:
    return canonical_hash(plan.model_dump(mode="json", exclude={"folders", "seen"}))


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    told = first["msg"].removeprefix("Value error, ")
    return f"{place}: {told}" if place else told
