"""The problem that the prompts of the baselines explain their form with; it is our own."""

from __future__ import annotations

import json

from r2c_benchmarks.items import Item

NURSERY = (
    "A nursery grows roses and tulips in a greenhouse of 120 square metres. A crate of roses "
    "takes 3 square metres and 2 hours of care and sells for 40 dollars; a crate of tulips takes "
    "2 square metres and 1.5 hours of care and sells for 25 dollars. There are 70 hours of care. "
    "A florist has ordered at least 10 crates of tulips, and roses may make up at most 60% of all "
    "crates. How many crates of each should the nursery grow to earn as much as possible?"
)


def words_of(item: Item) -> str:
    """The problem as a prompt shows it: its text, and its data as JSON where it has any."""
    if item.data is None:
        return item.problem.strip()
    data = json.dumps(item.data, ensure_ascii=False)
    return f"{item.problem.strip()}\n\nData (JSON):\n{data}"
