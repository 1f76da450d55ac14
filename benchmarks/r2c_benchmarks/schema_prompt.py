"""The prompt of the method `schema`: the form in words and the worked examples."""

from __future__ import annotations

from r2c.llm.model import Message
from r2c_benchmarks.example import BREAD, NURSERY, PAINT, words_of
from r2c_benchmarks.items import Item

SYSTEM = """\
You are an expert in mathematical optimization. You translate problems written in words into \
one JSON object:
- "decisions": every quantity that can be chosen. "domain" is "integer" for things that are \
counted, "continuous" for amounts that can be divided, "binary" for yes or no. Decisions \
are never negative.
- "constraints": one for every requirement. "rule" says it in a few words, "relation" as a formula \
with <=, >= or ==.
- "objective": "sense" is "max" or "min", "expression" a formula.

Formulas are linear and in ordinary notation, with * for every product: 3*a + 2*b <= 40. Take \
every number from the problem, check each 'at least' and 'at most', and bring ratios to the \
form a <= 0.3*(a + b).

Only where a problem has tables or many similar things, begin with "sets" (names of groups, with \
their members) and "parameters" (tables of numbers over one or more sets), say of each decision \
what it is "over", and of each constraint "each": "" or loops such as "for p in Plants". Members \
of sets are written as index, ship['North', 'Harbour'], sums as \
sum(cost[p]*make[p] for p in Plants)."""

_NURSERY_MODEL = """\
{
"decisions": [
{"name": "roses", "domain": "integer"},
{"name": "tulips", "domain": "integer"}
],
"constraints": [
{"rule": "space in the greenhouse", "relation": "3*roses + 2*tulips <= 120"},
{"rule": "hours of care", "relation": "2*roses + 1.5*tulips <= 70"},
{"rule": "tulips ordered, at least", "relation": "tulips >= 10"},
{"rule": "roses at most 60% of all", "relation": "roses <= 0.6*(roses + tulips)"}
],
"objective": {"sense": "max", "expression": "40*roses + 25*tulips"}
}"""

_PAINT_MODEL = """\
{
"decisions": [
{"name": "resin", "domain": "continuous"},
{"name": "pigment", "domain": "continuous"},
{"name": "thinner", "domain": "continuous"},
{"name": "mill", "domain": "binary"}
],
"constraints": [
{"rule": "litres of paint", "relation": "resin + pigment + thinner == 500"},
{"rule": "at least a quarter is resin", "relation": "resin >= 0.25*500"},
{"rule": "thinner at most twice the pigment", "relation": "thinner <= 2*pigment"},
{"rule": "pigment in stock, only with the mill", "relation": "pigment <= 90*mill"}
],
"objective": {"sense": "min", "expression": "6*resin + 11*pigment + 2*thinner + 75*mill"}
}"""

_BREAD_MODEL = """\
{
"sets": [
{"name": "Bakeries", "members": ["North", "South"]},
{"name": "Schools", "members": ["Hill", "Lake", "Town"]}
],
"parameters": [
{"name": "capacity", "over": ["Bakeries"], "values": [300, 250]},
{"name": "need", "over": ["Schools"], "values": [120, 180, 200]},
{"name": "cost", "over": ["Bakeries", "Schools"], "values": [[4, 6, 9], [5, 3, 7]]}
],
"decisions": [
{"name": "deliver", "over": ["Bakeries", "Schools"], "domain": "integer"}
],
"constraints": [
{"rule": "loaves baked", "each": "for b in Bakeries", "relation": "sum(deliver[b, s] for s in Schools) <= capacity[b]"},
{"rule": "loaves needed", "each": "for s in Schools", "relation": "sum(deliver[b, s] for b in Bakeries) >= need[s]"}
],
"objective": {"sense": "min", "expression": "sum(cost[b, s]*deliver[b, s] for b in Bakeries for s in Schools)"}
}"""  # noqa: E501 - one constraint a line, as the answers are written

# The commonest kind comes last: small models lean on what they read last.
EXAMPLES = ((BREAD, _BREAD_MODEL), (PAINT, _PAINT_MODEL), (NURSERY, _NURSERY_MODEL))


def conversation(item: Item) -> list[Message]:
    """The request: the form in words, three examples, the problem."""
    turns = [Message("system", SYSTEM)]
    for words, model in EXAMPLES:
        turns += [Message("user", words), Message("assistant", model)]
    return [*turns, Message("user", words_of(item))]
