"""Whether a story makes good problems: provable, with rules that matter and numbers that count.

A rule matters in a problem if the answer changes when it is left out.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from r2c.cir.schema import CIR
from r2c.errors import R2CError
from r2c_benchmarks.rulebench.assemble import assemble
from r2c_benchmarks.rulebench.draw import draw
from r2c_benchmarks.rulebench.optimum import Answer, Prover
from r2c_benchmarks.rulebench.select import LEVELS, RULES, most_rules, select
from r2c_benchmarks.rulebench.story import Story

_ROOM = 1e-6


@dataclass
class Findings:
    """What was found over some problems of a story.

    Attributes:
        problems: How many were made.
        most: The most rules that one can have.
        used: In how many each rule was.
        matters: In how many of these it mattered.
        empty: Numbers that were 0, by name.
        faults: What went wrong, with the level and number of the problem.
    """

    problems: int = 0
    most: int = 0
    used: Counter[str] = field(default_factory=Counter)
    matters: Counter[str] = field(default_factory=Counter)
    empty: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def told(self) -> Iterator[str]:
        """The findings, a line each."""
        yield f"{self.problems} problems, at most {self.most} rules together"
        for rule, count in sorted(self.used.items()):
            yield f"  {rule}: in {count}, matters in {self.matters[rule] / count:.0%}"
        for name, count in sorted(self.empty.items()):
            yield f"  the number {name} was 0 in {count}"
        yield from self.faults


def examine(story: Story, prover: Prover, count: int) -> Findings:
    """Make `count` problems of each level that the story can have, and look at them."""
    found = Findings(most=most_rules(story))
    for level in LEVELS:
        if RULES[level][0] > found.most:
            continue
        for number in range(count):
            random = Random(f"examine/{story.id}/{level}/{number}")
            found.problems += 1
            try:
                selection = select(story, level, random)
                numbers = draw(selection, random)
                cir = assemble(selection, numbers)
                answer = prover.answer(cir, story.id)
                if answer.status != "optimal":
                    found.faults.append(f"level {level}, {number}: {answer.status}")
            except (R2CError, ValueError) as error:
                found.faults.append(f"level {level}, {number}: {error}")
                continue
            found.empty.update(numbers.zeros)
            for rule in cir.rules:
                found.used[rule.id] += 1
                found.matters[rule.id] += matters(cir, rule.id, answer, prover, story.id)
    return found


def matters(cir: CIR, rule: str, answer: Answer, prover: Prover, story: str) -> bool:
    """Whether the answer is another without the rule."""
    rest = tuple(item for item in cir.rules if item.id != rule)
    try:
        other = prover.optimum(cir.model_copy(update={"rules": rest}), story)
    except R2CError:
        return True  # what is left cannot be written or solved without it
    if answer.objective is None or other.objective is None:
        return answer.status != other.status
    return not math.isclose(answer.objective, other.objective, rel_tol=_ROOM, abs_tol=_ROOM)
