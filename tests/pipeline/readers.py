"""Written readings of small problems, given to whoever asks for them by the words they read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from r2c.formulation import Formulation, Trust
from r2c.llm.testing import Answer, Call, ScriptedModel


@dataclass(frozen=True)
class Told:
    """A problem with its readings: `readings` by a piece of the sentence, `{}` is `none`."""

    text: str
    roster: str
    readings: Mapping[str, Answer]
    goal: Answer
    again: Mapping[str, Answer] = field(default_factory=dict)

    def answer(self, call: Call) -> Answer:
        """What the problem's reader says to a call; `again` in rounds of repair."""
        if call.purpose == "decisions":
            return self.again.get("decisions", self.roster) if call.seed > 1000 else self.roster
        if call.purpose == "objective":
            return self.goal
        asked = call.messages[-1].content
        table = {**self.readings, **self.again} if call.seed > 1000 else self.readings
        return next((said for words, said in table.items() if words in asked), "none")

    def model(self) -> ScriptedModel:
        """A model that reads the problem this way."""
        return ScriptedModel(self.answer)


def asked(model: ScriptedModel) -> list[str]:
    """What the calls of a model were for, in order."""
    return [call.purpose for call in model.calls]


BAKERY = Told(
    text=(
        "A bakery makes buns and cakes. Each bun needs 2 minutes of the oven and each cake needs "
        "6 minutes of the oven. The oven is available for at most 60 minutes. At least 3 cakes "
        "must be made. A bun earns $1 and a cake earns $4. How many buns and cakes should be made "
        "to maximize the earnings?"
    ),
    roster="buns: number of buns made\ncakes: number of cakes made",
    readings={
        "2 minutes": "oven[buns] = 2\noven[cakes] = 6",
        "60 minutes": "oven <= 60",
        "At least 3": "cakes >= 3",
        "earns $1": "earnings[buns] = 1\nearnings[cakes] = 4",
    },
    goal="maximize earnings",
)
"""Oven time earns 1/2 in buns and 2/3 in cakes: ten cakes, 40."""

HARVEST = Told(
    text=(
        "A farmer grows wheat and rye. Each hectare of wheat needs 3 workers and each hectare of "
        "rye needs 2 workers. The farmer has at most 30 workers. At least 8 hectares of wheat and "
        "at least 7 hectares of rye must be grown. A hectare of wheat brings 500 dollars and a "
        "hectare of rye brings 300 dollars. How many hectares of each should be grown to maximize "
        "the income?"
    ),
    roster="wheat: hectares of wheat grown\nrye: hectares of rye grown",
    readings={
        "3 workers": "workers[wheat] = 3\nworkers[rye] = 2",
        "30 workers": "workers <= 30",
        "At least 8": "wheat >= 8\nrye >= 7",
        "500 dollars": "income[wheat] = 500\nincome[rye] = 300",
    },
    goal="maximize income",
)
"""24 + 14 workers are more than 30: infeasible as it stands."""

PRESS = Told(
    text=(
        "A press prints posters and cards. A poster earns 3 dollars and a card earns 1 dollar. "
        "At least 5 posters must be printed. How many of each should be printed to maximize the "
        "profit?"
    ),
    roster="posters: number of posters printed\ncards: number of cards printed",
    readings={
        "3 dollars": "profit[posters] = 3\nprofit[cards] = 1",
        "At least 5": "posters >= 5",
    },
    goal="maximize profit",
)
"""Nothing limits the posters: unbounded."""

FERRY = Told(
    text=(
        "A ferry line runs barges and boats. A barge carries 40 people and a boat carries 15 "
        "people. A barge costs 900 euros and a boat costs 400 euros. There must be room for 120 "
        "people. How many barges and boats should run to minimize the cost?"
    ),
    roster="barges: number of barges run\nboats: number of boats run",
    readings={
        "carries 40": "people[barges] = 40\npeople[boats] = 15",
        "costs 900": "cost[barges] = 900\ncost[boats] = 400",
        "room for 120": "none",
    },
    goal="minimize cost",
    again={"room for 120": "people >= 120"},
)
"""Without the limit the best plan is to run nothing; three barges for 2700 are right."""


BREADS = """A bakery plans two days. For each day it has to be decided how many loaves of each bread
are baked. Every loaf baked brings the gain per loaf of its bread. The oven time of all breads
together on each day must not exceed the free oven time of that day. Which plan brings the largest
profit?

| bread | gain per loaf (€) | oven time per loaf |
|---|---|---|
| rye | 2 | 3 |
| spelt | 3 | 4 |

| day | free oven time |
|---|---|
| 1 | 24 |
| 2 | 13 |
"""
"""Every sentence of it is settled without a model; the best plan brings 27."""


def passes_its_checks(answer: Formulation) -> bool:
    """Whether an answer would be verified, had enough such answers been measured."""
    told = next(item.message for item in answer.evidence if item.check == "verdict")
    return told.startswith("All checks have been passed") or answer.trust is Trust.VERIFIED
