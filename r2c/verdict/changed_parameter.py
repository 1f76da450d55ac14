"""A parameter with other values, whole or for some of its keys."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from r2c.cir.instance import bind
from r2c.cir.members import Key, Values, label
from r2c.cir.provenance import Source
from r2c.cir.schema import CIR, Entry, Parameter, SparseValues
from r2c.cir.scope import closest
from r2c.cir.write import number
from r2c.errors import InputError, declare
from r2c.problem.schema import Problem
from r2c.verdict.written_keys import written

Sign = Literal["=", "+=", "-=", "*=", "/="]

UNKNOWN_PARAMETER = declare(
    "R2C-V021", InputError,
    what="The model has no parameter {name!r}.{hint}",
    why="Only a parameter takes another value; those of the model are {known}.",
    remedy="{remedy}",
)  # fmt: skip
UNKNOWN_KEY = declare(
    "R2C-V022", InputError,
    what="{written} is no value of the parameter {name!r}: it has none for {label!r}.{hint}",
    why="A change for one key needs a key that the parameter has.",
    remedy="Its keys at this place are {known}.",
)  # fmt: skip
WRONG_KEYS = declare(
    "R2C-V023", InputError,
    what="{written} names {given:label} where {name!r} takes {wanted}.",
    why="The parameter is given over {over}.",
    remedy="Name one label for each of these, `*` for all, or leave the brackets away to change "
    "the parameter as a whole.",
)  # fmt: skip
NO_VALUE = declare(
    "R2C-V024", InputError,
    what="{change} gives no number for {written}, which is {value}.",
    why="A parameter is a finite number, and nothing can be divided by 0.",
    remedy="Use another amount.",
)  # fmt: skip
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """`capacity = 120`, `demand[Lyon] *= 1.1`; without keys all values change.

    A key `*` stands for all labels at its place.
    """

    name: str
    keys: tuple[str, ...]
    sign: Sign
    amount: float

    def __str__(self) -> str:
        return f"{written(self.name, self.keys)} {self.sign} {number(self.amount)}"

    def applied(self, cir: CIR, problem: Problem) -> CIR:
        """The model with the parameter changed; values from tables are written out.

        Raises:
            InputError: R2C-V021 to R2C-V024.
            CIRError: R2C-C214, the parameter has no values because data are missing.
        """
        item = next((item for item in cir.parameters if item.name == self.name), None)
        if item is None:
            raise _unknown(self, cir)
        fresh = self._changed(item, cir, problem)
        return cir.model_copy(
            update={
                "parameters": tuple(
                    fresh if each.name == self.name else each for each in cir.parameters
                )
            }
        )

    def _changed(self, item: Parameter, cir: CIR, problem: Problem) -> Parameter:
        instance = bind(cir, problem)
        if item.name not in instance.parameters:
            instance.require()
        values = instance.parameters[item.name]
        matched = self._matched(values)
        told = Source(kind="assumed", note=f"what if {self}")
        update: dict[str, object] = {"source": told, "literals": ()}
        if not item.over:
            [key] = matched
            return item.model_copy(update={**update, "value": self._after(values[key], key)})
        entries = {**values.entries}
        if self.keys or item.default is None:
            entries.update((key, self._after(values[key], key)) for key in matched)
        else:
            # All change: what stands for the unwritten keys changes as the written ones do.
            update["default"] = self._after(item.default, ())
            entries = {key: self._after(value, key) for key, value in entries.items()}
        listed = tuple(Entry(key=key, value=value) for key, value in entries.items())
        return item.model_copy(update={**update, "value": SparseValues(entries=listed)})

    def _matched(self, values: Values) -> list[Key]:
        """The keys of the parameter that the change means."""
        if not self.keys:
            return list(values)
        wanted = sum(members.dim for members in values.over)
        if len(self.keys) != wanted:
            raise WRONG_KEYS(
                written=written(self.name, self.keys),
                given=len(self.keys),
                name=self.name,
                wanted=wanted or "none",
                over=[members.name for members in values.over],
            )
        left = list(values)
        for place, name in enumerate(self.keys):
            if name == "*":
                continue
            known = {label(key[place]) for key in left}
            left = [key for key in left if label(key[place]) == name]
            if not left:
                raise UNKNOWN_KEY(
                    written=written(self.name, self.keys),
                    name=self.name,
                    label=name,
                    hint=closest(name, known),
                    known=sorted(known)[:_SHOWN],
                )
        return left

    def _after(self, value: float, key: Key) -> float:
        amount = self.amount
        match self.sign:
            case "=":
                after = amount
            case "+=":
                after = value + amount
            case "-=":
                after = value - amount
            case "*=":
                after = value * amount
            case "/=":
                after = value / amount if amount else math.inf
        if not math.isfinite(after):
            raise NO_VALUE(change=str(self), written=written(self.name, key), value=number(value))
        return after


def _unknown(change: ParameterChange, cir: CIR) -> Exception:
    known = {item.name: item for item in cir.parameters}
    remedy = "Name one of these, or change the number that a rule states, as in `rule r3: 120`."
    if any(item.name == change.name for item in cir.decisions):
        held = f"{written(change.name, change.keys)} == {number(change.amount)}"
        remedy = f"It is a decision; to hold it at a value, write `{held}`."
    elif not known:
        remedy = "Change the number that a rule states: `rule r3: 120` or `sentence 4: 120`."
    hint = closest(change.name, known)
    return UNKNOWN_PARAMETER(name=change.name, hint=hint, known=sorted(known), remedy=remedy)
