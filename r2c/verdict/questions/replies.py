"""What the planner answers, held against what was asked."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from r2c.cir.asked import Asked
from r2c.cir.unit_table import read_unit
from r2c.cir.write import number
from r2c.errors import InputError, declare, listed
from r2c.problem.quantities import find_quantities

UNKNOWN_QUESTION = declare(
    "R2C-V050", InputError,
    what="There is no question {id!r}.",
    why="The questions are {known}.",
    remedy="Answer one of these by its id.",
)  # fmt: skip
NOT_AN_OPTION = declare(
    "R2C-V051", InputError,
    what="{value!r} is no answer to the question {id!r}.",
    why="It asks “{text}”, and takes {known}.",
    remedy="Give one of these.",
)  # fmt: skip
NOT_A_NUMBER = declare(
    "R2C-V052", InputError,
    what="{value!r} is no answer to the question {id!r}, which asks for one number.",
    why="It asks “{text}”.",
    remedy="Give one number, with its unit if you like: `{id}={example}`.",
)  # fmt: skip
OUT_OF_RANGE = declare(
    "R2C-V053", InputError,
    what="The answer {value} to the question {id!r} is {side} {bound}.",
    why="It asks “{text}”; all other numbers of that kind are on the other side.",
    remedy="Check the number and its sign; if it is right, correct the data instead.",
)  # fmt: skip
OTHER_UNIT = declare(
    "R2C-V054", InputError,
    what="The answer {value!r} to the question {id!r} is in another unit than {unit!r}.",
    why="One cannot be turned into the other.",
    remedy="Give the number in {unit!r}.",
)  # fmt: skip

NEEDS_DATA = declare(
    "R2C-V055", InputError,
    what="The question {id!r} takes no answer.",
    why="It asks “{text}”, which a value cannot settle.",
    remedy="Give the file as data, or correct the model, and begin anew.",
)  # fmt: skip

Reply = str | float | int | bool
"""The value of an option, a number, or a number with its unit."""
_YES = {True: "yes", False: "no"}


def replied(questions: Sequence[Asked], answers: Mapping[str, Reply]) -> tuple[Asked, ...]:
    """The questions with their answers; all are looked at before any is taken.

    Raises:
        InputError: R2C-V050 to R2C-V055.
    """
    known = {item.id: item for item in questions}
    for id in answers:
        if id not in known:
            raise UNKNOWN_QUESTION(id=id[:80], known=listed(known))
    return tuple(
        reply(item, answers[item.id]) if item.id in answers else item for item in questions
    )


def reply(asked: Asked, value: Reply) -> Asked:
    """The question with its answer; an earlier answer is kept beside it.

    Raises:
        InputError: R2C-V051 to R2C-V055.
    """
    match asked.kind:
        case "choice":
            answer = _option(asked, value)
        case "number":
            answer = number(_number(asked, value)) + _own_unit(asked, value)
        case "words":
            answer = " ".join(str(value).split())
        case "data":
            raise NEEDS_DATA(id=asked.id, text=asked.text)
    before = () if asked.answer in (None, answer) else (asked.answer or "",)
    return asked.model_copy(update={"answer": answer, "earlier": (*asked.earlier, *before)})


def _own_unit(asked: Asked, value: Reply) -> str:
    """The unit that the planner names where none is asked for; it goes into the words."""
    if asked.unit is not None or not isinstance(value, str):
        return ""
    said = find_quantities(value, ())
    return f" {said[0].unit}" if len(said) == 1 and said[0].unit else ""


def _option(asked: Asked, value: Reply) -> str:
    said = _YES[value] if isinstance(value, bool) else value
    written = number(float(said)) if isinstance(said, float | int) else _folded(said)
    for option in asked.options:
        if _folded(option.value) == written or option.value == said:
            return option.value
    quantities = find_quantities(said, ()) if isinstance(said, str) else ()
    if len(quantities) == 1:  # "54 hours" for 54
        for option in asked.options:
            if option.value == number(quantities[0].value):
                return option.value
    raise NOT_AN_OPTION(
        value=str(value)[:80],
        id=asked.id,
        text=asked.text,
        known=listed(option.value for option in asked.options),
    )


def _folded(text: str) -> str:
    return text.strip().casefold().replace(" ", "_").replace("-", "_")


def _number(asked: Asked, value: Reply) -> float:
    found = _read(asked, value)
    for side, bound, wrong in (
        ("below", asked.lower, asked.lower is not None and found < asked.lower),
        ("above", asked.upper, asked.upper is not None and found > asked.upper),
    ):
        if wrong:
            raise OUT_OF_RANGE(
                value=number(found),
                id=asked.id,
                side=side,
                bound=number(bound or 0.0),
                text=asked.text,
            )
    return found


def _read(asked: Asked, value: Reply) -> float:
    if isinstance(value, float | int) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    refused = NOT_A_NUMBER(value=str(value)[:80], id=asked.id, text=asked.text, example="12")
    if not isinstance(value, str):
        raise refused
    try:
        plain = float(value)
    except ValueError:
        pass
    else:
        if not math.isfinite(plain):
            raise refused
        return plain
    quantities = find_quantities(value, ())
    if len(quantities) != 1:
        raise refused
    said = quantities[0]
    minus = value.strip().startswith(("-", "−")) and said.value > 0
    amount = -said.value if minus else said.value
    return amount if said.unit is None else amount * _factor(asked, value, said.unit)


def _factor(asked: Asked, value: str, unit: str) -> float:
    """What one of the answer's unit is in the unit that is asked for."""
    wanted, given = read_unit(asked.unit), read_unit(unit)
    if wanted is None or given is None or wanted == given:
        return 1.0
    ratio = given / wanted
    if ratio.powers:
        raise OTHER_UNIT(value=value[:80], id=asked.id, unit=asked.unit)
    return float(ratio.scale)
