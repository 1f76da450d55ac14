"""What a sentence over sets can say besides limits: flows, tours, turns, who is reached.

Each has one line of text that the model and the history of a job show; `OVER_SETS` reads them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from r2c.cir.expr import Expr
from r2c.cir.parse import parse
from r2c.cir.write import number, write

_NAME = "[a-z_][a-z0-9_]*"
_BALANCE = re.compile(rf'({_NAME}) is kept except at "([^"]+)" and "([^"]+)"')
_EXCHANGE = re.compile(rf"at each place: ({_NAME}) in \+ ({_NAME}) (==|>=) \1 out \+ ({_NAME})")
_REACH = re.compile(rf"for each ({_NAME}): some ({_NAME}) with ({_NAME}) <= ([0-9.e+-]+)")
_ON_DUTY = re.compile(rf"for each ({_NAME}): ({_NAME}) in the last (\d+) >= ({_NAME})")
_FILL = rf'{_NAME}=(?:{_NAME}|"[^"\n]*"|-?[0-9.]+)'
_RULED = re.compile(
    rf"(?:for each ({_NAME}(?:, {_NAME})*)(?: where ([^:;]+))?: )?({_NAME}) with (.+?)"
    rf"(?:; giving ({_NAME}) as ({_NAME}))?"
)
_STATED = re.compile(
    rf"(?:for each ({_NAME}(?:, {_NAME})*): )?({_NAME})\(({_FILL}(?:, {_FILL})*)\)"
)


@dataclass(frozen=True, slots=True)
class Balance:
    """`flow is kept except at "Rome" and "Oslo"`: what comes in goes out, except at two ends."""

    amount: str
    ends: tuple[str, str]

    def __str__(self) -> str:
        return f'{self.amount} is kept except at "{self.ends[0]}" and "{self.ends[1]}"'


@dataclass(frozen=True, slots=True)
class Exchange:
    """`at each place: ship in + supply >= ship out + demand`: what comes and goes in a network.

    With `==` nothing may be left over.
    """

    amount: str
    supply: str
    demand: str
    op: str

    def __str__(self) -> str:
        has, needs = f"{self.amount} in + {self.supply}", f"{self.amount} out + {self.demand}"
        return f"at each place: {has} {self.op} {needs}"


@dataclass(frozen=True, slots=True)
class Reach:
    """`for each area: some open with minutes <= 10`: a chosen one is near enough for each."""

    choice: str
    measure: str
    most: float
    each: str

    def __str__(self) -> str:
        near = f"{self.measure} <= {number(self.most)}"
        return f"for each {self.each}: some {self.choice} with {near}"


@dataclass(frozen=True, slots=True)
class OnDuty:
    """`for each day: start in the last 5 >= need`: those on duty are who started lately."""

    choice: str
    axis: str
    periods: int
    need: str

    def __str__(self) -> str:
        return f"for each {self.axis}: {self.choice} in the last {self.periods} >= {self.need}"


@dataclass(frozen=True, slots=True)
class Stated:
    """`for each item: inventory_balance(stock=store, inflow=make)`: an archetype of the library.

    `fills` says by role what fills it: a name, a quoted member of a set, or a number.
    """

    archetype: str
    fills: tuple[tuple[str, str], ...]
    each: tuple[str, ...] = ()

    def __str__(self) -> str:
        head = f"for each {', '.join(self.each)}: " if self.each else ""
        return f"{head}{self.archetype}({', '.join(f'{role}={by}' for role, by in self.fills)})"


@dataclass(frozen=True, slots=True)
class Ruled:
    """`for each good: minimum_batch_semi_continuous with amount: make[good]; least: lot[good]`.

    An archetype whose roles are filled with the algebra of the CIR. `where` says for which members
    it holds; `gives` names what it creates, `giving bill as overtime`.
    """

    archetype: str
    operands: tuple[tuple[str, Expr], ...]
    each: tuple[str, ...] = ()
    where: Expr | None = None
    gives: tuple[str, str] | None = None

    def __str__(self) -> str:
        where = "" if self.where is None else f" where {write(self.where)}"
        head = f"for each {', '.join(self.each)}{where}: " if self.each else ""
        filled = "; ".join(f"{role}: {write(expr)}" for role, expr in self.operands)
        gives = "" if self.gives is None else f"; giving {self.gives[0]} as {self.gives[1]}"
        return f"{head}{self.archetype} with {filled}{gives}"


def _ruled(match: re.Match[str]) -> Ruled:
    parts = (part.partition(": ") for part in match[4].split("; "))
    return Ruled(
        archetype=match[3],
        operands=tuple((role, parse(text)) for role, _, text in parts),
        each=tuple(re.split(r",\s*", match[1])) if match[1] else (),
        where=None if match[2] is None else parse(match[2]),
        gives=None if match[5] is None else (match[5], match[6]),
    )


def _stated(match: re.Match[str]) -> Stated:
    fills = re.findall(rf'({_NAME})=({_NAME}|"[^"]*"|-?[0-9.]+)', match[3])
    each = tuple(re.split(r",\s*", match[1])) if match[1] else ()
    return Stated(match[2], tuple(fills), each)


OVER_SETS: tuple[
    tuple[
        re.Pattern[str],
        Callable[[re.Match[str]], Balance | Exchange | Reach | OnDuty | Stated | Ruled],
    ],
    ...,
] = (
    (_BALANCE, lambda match: Balance(match[1], (match[2], match[3]))),
    (_EXCHANGE, lambda match: Exchange(match[1], match[2], match[4], match[3])),
    (_REACH, lambda match: Reach(match[2], match[3], float(match[4]), match[1])),
    (_ON_DUTY, lambda match: OnDuty(match[2], match[1], int(match[3]), match[4])),
    (_STATED, _stated),
    (_RULED, _ruled),
)
