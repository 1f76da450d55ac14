"""An e-mail between colleagues."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from r2c_benchmarks.rulebench.styles import Part, plain, sentence, shuffled, tables
from r2c_benchmarks.rulebench.told import Told

REGISTERS = ("spoken", "plain")
_HELLO = ("Hi,", "Hello everyone,", "Good morning,", "Hi all,", "Dear colleagues,")
_LINKS = ("Also: ", "One more thing: ", "And don't forget: ", "")
_ASIDES = ("By the way: ", "")
_BYE = ("Thanks a lot!", "Many thanks", "Best regards", "Thanks and regards", "Cheers")


def write(told: Told, random: Random) -> Iterator[Part]:
    """Greeting, aim or intro first, facts with loose links, tables, farewell."""
    yield plain(f"Subject: {told.title}\n\n{random.choice(_HELLO)}\n\n")
    aim_first = random.random() < 0.5
    for said in told.intro:
        yield sentence(said)
    if aim_first:
        yield sentence(told.aim)
    yield plain("\n\n")
    for number, said in enumerate(shuffled(told, random)):
        if said in told.beside:
            yield plain(random.choice(_ASIDES))
        elif number and random.random() < 0.25:
            yield plain(random.choice(_LINKS))
        yield sentence(said, "\n" if random.random() < 0.3 else " ")
    yield plain("\n\n")
    if told.sheets:
        yield plain("Here are the numbers.\n\n" if told.layout == "table" else "Attached:\n")
        yield from tables(told)
        yield plain("\n")
    if not aim_first:
        yield sentence(told.aim, "\n\n")
    yield plain(f"{random.choice(_BYE)}\n")
