"""Small problems of our own in a bench folder, and a finished run of `r2c` over them.

Each problem needs one thing: the ferry a repair, the press the outcome of a solve, the kiosk a
check of numbers, the mill what words cost. The bakery needs nothing.
"""

from __future__ import annotations

import json
from pathlib import Path

from readers import BAKERY, FERRY, Told

from r2c.llm.testing import Answer, Call, ScriptedModel
from r2c.settings import Settings
from r2c_benchmarks.start import Wish, run_with, wanted

PRESS = Told(
    text=(
        "A press prints posters and cards. A poster needs 2 sheets and a card needs 1 sheet. The "
        "stock is 100 sheets. A poster earns 3 dollars and a card earns 1 dollar. How many of each "
        "should be printed to maximize the profit?"
    ),
    roster="posters: number of posters printed\ncards: number of cards printed",
    readings={
        "2 sheets": "sheets[posters] = 2\nsheets[cards] = 1",
        "100 sheets": ["sheets >= 100", "sheets >= 100", "sheets <= 100"],
        "3 dollars": "profit[posters] = 3\nprofit[cards] = 1",
    },
    goal="maximize profit",
)
KIOSK = Told(
    text=(
        "A kiosk sells juice and tea. A juice takes 3 minutes and a tea takes 1 minute. There are "
        "at most 90 minutes. At least 12 juices must be sold. A juice earns 2 dollars and a tea "
        "earns 1 dollar. How many of each should be sold to maximize the profit?"
    ),
    roster="juice: number of juices sold\ntea: number of teas sold",
    readings={
        "3 minutes": "minutes[juice] = 3\nminutes[tea] = 1",
        "90 minutes": "minutes <= 90",
        "At least 12": ["none", "none", "juice >= 12"],
        "2 dollars": "profit[juice] = 2\nprofit[tea] = 1",
    },
    goal="maximize profit",
)
MILL = Told(
    text=(
        "A mill makes flour and bran. A sack of flour takes 4 hours and a sack of bran takes 2 "
        "hours. There are at most 80 hours. A sack of flour earns 9 dollars and a sack of bran "
        "earns 3 dollars. How many sacks of each should be made to maximize the profit?"
    ),
    roster="flour: sacks of flour made\nbran: sacks of bran made",
    readings={
        "4 hours": "hours[flour] = 4\nhours[bran] = 2",
        "80 hours": "hours <= 80",
        "9 dollars": "profit[flour] = 9\nprofit[bran] = 3",
    },
    goal=["maximize flour + profit", "maximize flour + profit", "maximize profit"],
)
PROBLEMS: dict[str, tuple[Told, float]] = {
    "bakery": (BAKERY, 40.0),
    "ferry": (FERRY, 2700.0),
    "press": (PRESS, 150.0),
    "kiosk": (KIOSK, 78.0),
    "mill": (MILL, 180.0),
}


def answered(call: Call) -> Answer:
    """What the problem in the conversation has to say."""
    words = "\n".join(message.content for message in call.messages)
    told = next(told for told, _ in PROBLEMS.values() if told.text in words)
    said = told.answer(call)
    # A single sample is the one that most samples say.
    return said[0] if call.samples == 1 and isinstance(said, list) else said


def bench_folder(folder: Path) -> Path:
    """A file with the problems and a list of all."""
    lines = [
        {"id": name, "problem": told.text, "answer": answer, "trust": "A-hand", "family": "mix"}
        for name, (told, answer) in PROBLEMS.items()
    ]
    (folder / "small.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (folder / "small.ids").write_text("".join(f"small.jsonl {name}\n" for name in PROBLEMS))
    return folder


def run_of(bench: Path, method: str, *, limit: int | None = None, samples: int = 3) -> Path:
    """The folder of a run of the method over the problems."""
    options = (f"samples={samples}",) if method == "r2c" else ()
    wish = Wish(
        bench,
        bench / "small.ids",
        method,
        limit=limit,
        out=bench / f"{method}-{limit}",
        options=options,
    )
    return run_with(wish, wanted(wish), Settings(), ScriptedModel(answered))
