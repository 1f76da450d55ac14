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

_GOES_ON = 0.6


def write(told: Told, random: Random) -> Iterator[Part]:
    """Intro, question and answer until all is told, data, the task last."""
    yield plain("Analyst: Tell me what you have to plan.\nPlanner: ")
    for said in told.intro:
        yield sentence(said)
    yield plain("\n")
    for asked, answers in _turns(told, random):
        yield plain(f"Analyst: {asked}\nPlanner: ")
        for said in answers:
            yield sentence(said, "\n" if said is answers[-1] else " ")
    if told.sheets:
        yield plain("Analyst: Could you send me the figures?\nPlanner: Of course.\n\n")
        yield from tables(told)
    yield plain("Analyst: And what do you want to know in the end?\nPlanner: ")
    yield sentence(told.aim, "\n")


def _turns(told: Told, random: Random) -> list[tuple[str, list[Said]]]:
    """Questions with their answers; a planner who is not asked for anything often just goes on."""
    turns: list[tuple[str, list[Said]]] = []
    for said in shuffled(told, random):
        asked = _asked(said, random)
        if turns and asked in _MORE and random.random() < _GOES_ON:
            turns[-1][1].append(said)
        else:
            turns.append((asked, [said]))
    return turns


def _asked(said: Said, random: Random) -> str:
    if said.topic and random.random() < 0.7:
        clause = said.topic.split()[0] in _CLAUSES
        return random.choice(_ASKS[:2] if clause else _ASKS).format(topic=said.topic)
    return random.choice(_MORE)
