"""A family of small problems in words: every one has numbers of its own, and a known optimum.

So an answer can be told from the answer to another job.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

_TEXT = (
    "A bakery makes buns and cakes. Each bun needs {bun_minutes} minutes of the oven and each cake "
    "needs {cake_minutes} minutes of the oven. The oven is available for at most {oven} minutes. "
    "At least {cakes} cakes must be made. A bun earns ${bun_earns} and a cake earns ${cake_earns}. "
    "How many buns and cakes should be made to maximize the earnings?"
)
# The first that fits: the question for the decisions quotes the whole text.
_READINGS = (
    (r"Which quantities does the question ask for",
     "buns: number of buns made\ncakes: number of cakes made"),
    (r"^Objective: ", "maximize earnings"),
    (r"Each bun needs (\d+) minutes of the oven and each cake needs (\d+) minutes",
     "oven[buns] = {}\noven[cakes] = {}"),
    (r"The oven is available for at most (\d+) minutes", "oven <= {}"),
    (r"At least (\d+) cakes must be made", "cakes >= {}"),
    (r"A bun earns \$(\d+) and a cake earns \$(\d+)", "earnings[buns] = {}\nearnings[cakes] = {}"),
)  # fmt: skip


@dataclass(frozen=True)
class Bakery:
    """One problem; minutes and dollars are whole numbers."""

    bun_minutes: int
    cake_minutes: int
    oven: int
    cakes: int
    bun_earns: int
    cake_earns: int

    @property
    def text(self) -> str:
        """The problem in words."""
        return _TEXT.format(**vars(self))

    @property
    def optimum(self) -> int:
        """The largest earnings in dollars, by trying every plan."""
        plans = range(self.cakes, self.oven // self.cake_minutes + 1)
        return max(
            self.cake_earns * cakes
            + self.bun_earns * ((self.oven - self.cake_minutes * cakes) // self.bun_minutes)
            for cakes in plans
        )


def draw(random: random.Random) -> Bakery:
    """A problem that has a plan."""
    cake_minutes, cakes = random.randint(5, 12), random.randint(3, 6)
    return Bakery(
        bun_minutes=random.randint(2, 4),
        cake_minutes=cake_minutes,
        oven=cake_minutes * cakes + random.randint(30, 400),
        cakes=cakes,
        bun_earns=random.randint(1, 5),
        cake_earns=random.randint(6, 20),
    )


def read(asked: str) -> str:
    """What a reader of such a problem says to a question about it; `none` to any other."""
    for pattern, said in _READINGS:
        if (found := re.search(pattern, asked)) is not None:
            return said.format(*found.groups())
    return "none"
