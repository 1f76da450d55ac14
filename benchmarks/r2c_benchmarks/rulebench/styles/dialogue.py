"""A conversation: the analyst asks, the planner answers."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from r2c_benchmarks.rulebench.styles import Part, plain, sentence, shuffled, tables
from r2c_benchmarks.rulebench.told import Said, Told

REGISTERS = ("spoken", "plain")
_ASKS = (
    "What about {topic}?",
    "Is there anything to know about {topic}?",
    "How do you handle {topic}?",
    "And {topic}?",
)
_CLAUSES = ("what", "how", "who", "whom", "whose", "where", "which", "whether", "when")
_MORE = ("Go on.", "What else?", "Anything more?", "I see. And then?", "Noted.")


def write(told: Told, random: Random) -> Iterator[Part]:
    """Intro, question and answer until all is told, data, the task last."""
    yield plain("Analyst: Tell me what you have to plan.\nPlanner: ")
    for said in told.intro:
        yield sentence(said)
    yield plain("\n")
    for said in shuffled(told, random):
        yield plain(f"Analyst: {_asked(said, random)}\nPlanner: ")
        yield sentence(said, "\n")
    if told.sheets:
        yield plain("Analyst: Could you send me the figures?\nPlanner: Of course.\n\n")
        yield from tables(told)
    yield plain("Analyst: And what do you want to know in the end?\nPlanner: ")
    yield sentence(told.aim, "\n")


def _asked(said: Said, random: Random) -> str:
    if said.topic and random.random() < 0.7:
        clause = said.topic.split()[0] in _CLAUSES
        return random.choice(_ASKS[:2] if clause else _ASKS).format(topic=said.topic)
    return random.choice(_MORE)
