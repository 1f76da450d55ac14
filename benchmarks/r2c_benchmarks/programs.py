"""The Pyomo program as an answer: how it is asked for, found in a reply, and executed."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import replace

from r2c.llm.model import Candidate, Message
from r2c_benchmarks.example import BREAD, NURSERY, PAINT, words_of
from r2c_benchmarks.items import Item
from r2c_benchmarks.method import Attempt, Means
from r2c_benchmarks.renumber.programs import Program
from r2c_benchmarks.replies import is_cut_off
from r2c_benchmarks.sandbox.optimum import Reading

RESERVE = 0.5
"""The share of one program's time that is kept for counting the votes."""
SOLVE_SECONDS = 60.0
"""What one solve may take at most, whatever the method."""
START_SECONDS = 2.0

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

_NURSERY_PROGRAM = """\
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

_PAINT_PROGRAM = """\
```python
import pyomo.environ as pyo

model = pyo.ConcreteModel()

# litres of each liquid, which can be divided
model.resin = pyo.Var(domain=pyo.NonNegativeReals)
model.pigment = pyo.Var(domain=pyo.NonNegativeReals)
model.thinner = pyo.Var(domain=pyo.NonNegativeReals)
# whether the mill is rented
model.mill = pyo.Var(domain=pyo.Binary)

# 500 litres of paint are needed
model.paint = pyo.Constraint(expr=model.resin + model.pigment + model.thinner == 500)
# at least a quarter of the paint is resin
model.quarter = pyo.Constraint(expr=model.resin >= 0.25 * 500)
# at most twice as much thinner as pigment
model.thin = pyo.Constraint(expr=model.thinner <= 2 * model.pigment)
# 90 litres of pigment are in stock, of use only with the mill
model.stock = pyo.Constraint(expr=model.pigment <= 90 * model.mill)

# as cheap as possible
model.cost = pyo.Objective(
    expr=6 * model.resin + 11 * model.pigment + 2 * model.thinner + 75 * model.mill,
    sense=pyo.minimize,
)
```"""

_BREAD_PROGRAM = """\
```python
import pyomo.environ as pyo

bakeries = ["North", "South"]
schools = ["Hill", "Lake", "Town"]
capacity = {"North": 300, "South": 250}
need = {"Hill": 120, "Lake": 180, "Town": 200}
cost = {
    ("North", "Hill"): 4, ("North", "Lake"): 6, ("North", "Town"): 9,
    ("South", "Hill"): 5, ("South", "Lake"): 3, ("South", "Town"): 7,
}

model = pyo.ConcreteModel()

# loaves delivered from each bakery to each school; loaves are counted
model.deliver = pyo.Var(bakeries, schools, domain=pyo.NonNegativeIntegers)

model.rules = pyo.ConstraintList()
# no bakery bakes more than it can
for b in bakeries:
    model.rules.add(sum(model.deliver[b, s] for s in schools) <= capacity[b])
# every school gets what it needs
for s in schools:
    model.rules.add(sum(model.deliver[b, s] for b in bakeries) >= need[s])

# as cheap as possible
model.total = pyo.Objective(
    expr=sum(cost[b, s] * model.deliver[b, s] for b in bakeries for s in schools),
    sense=pyo.minimize,
)
```"""

# The commonest kind comes last: small models lean on what they read last.
EXAMPLES = ((BREAD, _BREAD_PROGRAM), (PAINT, _PAINT_PROGRAM), (NURSERY, _NURSERY_PROGRAM))

_FENCE = re.compile(r"```[ \t]*[\w+-]*[ \t]*\r?\n(.*?)(?:```|\Z)", re.DOTALL | re.IGNORECASE)
_MODEL = "ConcreteModel"


def conversation(item: Item) -> list[Message]:
    """The request for a program: the rules, the examples that `schema` has too, the problem."""
    turns = [Message("system", SYSTEM)]
    for words, program in EXAMPLES:
        turns += [Message("user", words), Message("assistant", program)]
    return [*turns, Message("user", words_of(item))]


def program_in(reply: str) -> str | None:
    """The program of a reply: the longest block that builds a model, or the whole bare text."""
    blocks = [block for block in _FENCE.findall(reply) if _MODEL in block]
    if blocks:
        return str(max(blocks, key=len))
    return reply if _MODEL in reply and "```" not in reply else None


async def executed(reply: Candidate[str], means: Means, waiting: int = 1) -> Attempt:
    """The attempt that one reply makes: its program run in the sandbox, its model solved.

    Args:
        reply: What the model said.
        means: The means of the problem.
        waiting: The replies, this one counted, that have to share the time that is left.
    """
    truncated = is_cut_off(reply)
    source = program_in(reply.text)
    if source is None:
        message = "the reply holds no Pyomo program"
        return Attempt("error", message=message, truncated=truncated)
    seconds = min(SOLVE_SECONDS + START_SECONDS, means.seconds_left / (waiting + RESERVE))
    began = time.monotonic()
    execution = await asyncio.to_thread(means.sandbox.run, source, seconds)
    found = attempt_of(execution.reading, time.monotonic() - began)
    program = Program(source, SOLVE_SECONDS + START_SECONDS)
    return replace(found, formulation=program, truncated=truncated)


def attempt_of(reading: Reading, seconds: float) -> Attempt:
    """What the reading of a program's model counts as."""
    return Attempt(
        reading.status,
        reading.objective,
        reading.relaxed,
        reading.whole,
        executable=reading.status != "error",
        message=reading.message,
        details={"sandbox_seconds": round(seconds, 3)},
    )
