"""Which thing each number of a sentence is about, as far as the order of the words tells it.

"A cake takes 2 kg and 3 eggs, a bread 1 kg": what follows a name is about it. "12 euros for a cake
and 4 for a bread": what precedes it. Sentences that name two things at a stretch tell nothing.
"""

from __future__ import annotations

from itertools import groupby

from r2c.problem.schema import Problem, Quantity, Sentence
from r2c.verdict.things import Things


def numbers_in(sentence: Sentence, problem: Problem) -> list[Quantity]:
    """The amounts of a sentence in written order; columns and rows tell of those in tables."""
    tables = [table.span for table in problem.tables if table.span is not None]
    return [
        item
        for item in problem.quantities
        if item.sentence == sentence.number
        and item.kind not in ("ordinal", "label")
        and not any(span.overlaps(item.span) for span in tables)
    ]


def owned(sentence: Sentence, problem: Problem, things: Things) -> list[tuple[Quantity, str]]:
    """The numbers of a sentence with what they are about; none if the order does not tell it."""
    amounts = numbers_in(sentence, problem)
    told: list[tuple[int, str | Quantity]] = [
        *((sentence.span.start + place, name) for place, name in things.at(sentence.text)),
        *((item.span.start, item) for item in amounts),
    ]
    told.sort(key=lambda item: item[0])
    named = {item for _, item in told if isinstance(item, str)}
    if len(named) < 2:
        return [(item, name) for name in named for item in amounts]
    runs = [
        [item for _, item in run] for _, run in groupby(told, key=lambda item: type(item[1]) is str)
    ]
    names = [set(run) for run in runs if isinstance(run[0], str)]
    numbers = [run for run in runs if not isinstance(run[0], str)]
    if len(names) != len(numbers) or any(len(each) > 1 for each in names):
        return []
    return [
        (item, str(next(iter(name))))
        for name, run in zip(names, numbers, strict=True)
        for item in run
        if isinstance(item, Quantity)
    ]


def owned_in_tables(problem: Problem, things: Things) -> list[tuple[float, str | None]]:
    """The numbers of all tables with what their row is about, or else their column."""
    found: list[tuple[float, str | None]] = []
    for table in problem.tables:
        heads = [things.in_order(column.name.replace("_", " ")) for column in table.columns]
        for row in table.rows:
            label = " ".join(cell for cell in row if isinstance(cell, str))
            named = things.in_order(label)
            for cell, head in zip(row, heads, strict=True):
                if isinstance(cell, int | float):
                    about = named if len(named) == 1 else head
                    found.append((float(cell), about[0] if len(about) == 1 else None))
    return found
