"""The Pyomo program as an answer: how it is asked for, found in a reply, and executed."""

from __future__ import annotations

import asyncio
import re
import time

from r2c.llm.model import Message
from r2c_benchmarks.example import NURSERY, words_of
from r2c_benchmarks.items import Item
from r2c_benchmarks.method import Attempt, Means
from r2c_benchmarks.sandbox.optimum import Reading

MAX_TOKENS = 2048
SOLVE_SECONDS = 30.0

SYSTEM = """\
You are an expert in mathematical optimization. You translate problems written in words into \
Python programs that build the model with Pyomo.

Rules:
- Answer with one complete program in one ```python block and nothing else.
- Start with `import pyomo.environ as pyo` and call the model `model = pyo.ConcreteModel()`.
- Decide what the decision variables are, one for each quantity that can be chosen. Use \
pyo.NonNegativeIntegers for things that are counted, pyo.NonNegativeReals for amounts that can \
be divided, pyo.Binary for yes-or-no decisions; the domain alone says what must be whole.
- Write one constraint for every requirement of the problem, with <=, >= or ==, never < or >. \
Check each 'at least' and 'at most'. Write the numbers of the problem right into the formulas.
- Keep the model linear: no product, quotient or remainder of variables. Bring a ratio to the form \
a <= r * b.
- Write exactly one pyo.Objective, with sense=pyo.maximize or sense=pyo.minimize.
- Where a problem has tables or many similar things, put the data into dictionaries, index the \
variables, and build the constraints in loops with a pyo.ConstraintList.
- The program ends with the objective: do not solve the model, do not print."""

PROGRAM = """\
```python
import pyomo.environ as pyo

model = pyo.ConcreteModel()

# crates to grow; crates are counted
model.roses = pyo.Var(domain=pyo.NonNegativeIntegers)
model.tulips = pyo.Var(domain=pyo.NonNegativeIntegers)

# the greenhouse has 120 square metres
model.space = pyo.Constraint(expr=3 * model.roses + 2 * model.tulips <= 120)
# there are 70 hours of care
model.care = pyo.Constraint(expr=2 * model.roses + 1.5 * model.tulips <= 70)
# at least 10 crates of tulips are ordered
model.order = pyo.Constraint(expr=model.tulips >= 10)
# roses make up at most 60% of all crates
model.share = pyo.Constraint(expr=model.roses <= 0.6 * (model.roses + model.tulips))

# earn as much as possible
model.income = pyo.Objective(
    expr=40 * model.roses + 25 * model.tulips, sense=pyo.maximize
)
```"""

_FENCE = re.compile(r"```[ \t]*[\w+-]*[ \t]*\r?\n(.*?)(?:```|\Z)", re.DOTALL | re.IGNORECASE)
_MODEL = "ConcreteModel"


def conversation(item: Item) -> list[Message]:
    """The request for a program: the rules, one example, the problem."""
    return [
        Message("system", SYSTEM),
        Message("user", NURSERY),
        Message("assistant", PROGRAM),
        Message("user", words_of(item)),
    ]


def program_in(reply: str) -> str | None:
    """The program of a reply: the longest block that builds a model, or the whole bare text."""
    blocks = [block for block in _FENCE.findall(reply) if _MODEL in block]
    if blocks:
        return str(max(blocks, key=len))
    return reply if _MODEL in reply and "```" not in reply else None


async def executed(reply: str, means: Means) -> Attempt:
    """The attempt that one reply makes, its program run in the sandbox."""
    source = program_in(reply)
    if source is None:
        return Attempt("error", message="the reply holds no Pyomo program")
    seconds = min(SOLVE_SECONDS, means.seconds_left)
    began = time.monotonic()
    execution = await asyncio.to_thread(means.sandbox.run, source, seconds)
    return attempt_of(execution.reading, time.monotonic() - began)


def attempt_of(reading: Reading, seconds: float) -> Attempt:
    """What a program's claim counts as."""
    return Attempt(
        reading.status,
        reading.objective,
        reading.relaxed,
        reading.whole,
        executable=reading.status != "error",
        message=reading.message,
        details={"sandbox_seconds": round(seconds, 3)},
    )
