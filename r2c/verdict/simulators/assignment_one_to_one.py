"""Tasks handed out: who has how many, and how many have whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from r2c.cir.members import Key
from r2c.verdict.given import Given

_CHOSEN = 0.5


def replay(given: Given) -> Iterator[str]:
    """Hand out every task of the plan and count."""
    assign = given.amounts("assign")
    agents, tasks = given.members("agents"), given.members("tasks")
    possible = set(given.members("allowed")) if given.has("allowed") else None
    handed: Counter[Key] = Counter()
    taken: Counter[Key] = Counter()
    for agent in agents:
        for task in tasks:
            pair = (*agent, *task)
            if assign(pair) > _CHOSEN and (possible is None or pair in possible):
                handed[agent] += 1
                taken[task] += 1
    for role, members, counts in (("each_agent", agents, handed), ("each_task", tasks, taken)):
        least = 0 if given.word(role) == "at_most" else 1
        for member in members:
            if not least <= counts[member] <= 1:
                yield f"{member[0]} is assigned {counts[member]} times"
                return
