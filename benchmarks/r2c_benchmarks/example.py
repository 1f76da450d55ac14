"""The problems that the prompts of the baselines explain their forms with; they are our own."""

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
PAINT = (
    "A workshop mixes a paint from resin, pigment and thinner, which cost 6, 11 and 2 dollars a "
    "litre. It needs 500 litres of paint. At least a quarter of the paint must be resin, there "
    "must be no more than twice as much thinner as pigment, and 90 litres of pigment are in stock. "
    "Renting the mill for the day, without which no pigment can be used, costs 75 dollars. What is "
    "the cheapest mix?"
)
BREAD = (
    "Two bakeries deliver bread to three schools. North can bake 300 loaves a day and South 250. "
    "The schools Hill, Lake and Town need 120, 180 and 200 loaves. Driving a loaf from North costs "
    "4, 6 and 9 cents to Hill, Lake and Town, from South 5, 3 and 7 cents. Find the cheapest "
    "delivery plan."
)


def words_of(item: Item) -> str:
    """The problem as a prompt shows it: its text, then its data as JSON or files, if any."""
    parts = [item.problem.strip()]
    if item.data is not None:
        parts.append(f"Data (JSON):\n{json.dumps(item.data, ensure_ascii=False)}")
    parts += [f"{name}:\n{content.strip()}" for name, content in item.tables.items()]
    return "\n\n".join(parts)
