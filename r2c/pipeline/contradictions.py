"""Two numbers that sentences give for one amount per unit: which of them holds is asked.

Until answered, that one holds under which the best plan is worth less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from r2c.agents.given import Given
from r2c.agents.goal import read_goal
from r2c.agents.statements import Datum
from r2c.agents.verifier import Picks, Readings, try_combination
from r2c.cir.asked import Asked, Option
from r2c.cir.edits import ReadingEdit
from r2c.cir.write import number
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.verdict.questions.doubt import CAUTIOUS, ONLY_PLAN
from r2c.verdict.questions.named import question_id, spoken
from r2c.verdict.questions.weigh import told


def contradictions(
    readings: Readings, picks: Picks, process: SolverProcess, limits: Limits
) -> tuple[Asked, ...]:
    """The questions about amounts that the picked readings give two numbers for."""
    found: defaultdict[tuple[str, str, bool], dict[float, int]] = defaultdict(dict)
    for reading in readings.picked(picks):
        for item in readings.dialect.read(reading.text):
            if isinstance(item, Datum):
                said = found[item.measure, item.decision, item.once]
                said.setdefault(item.value, reading.clause.sentence)
    asked: list[Asked] = []
    for (measure, decision, once), said in found.items():
        if len(said) > 1:
            question = _question(readings, measure, decision, once, said)
            asked.append(_weighed(question, asked, readings, picks, process, limits))
    return tuple(asked)


def with_defaults(readings: Readings, asked: Sequence[Asked]) -> Readings:
    """The readings with the defaults of questions in force."""
    return replace(readings, given=Given((*readings.given.questions, *asked)))


def _question(
    readings: Readings, measure: str, decision: str, once: bool, said: dict[float, int]
) -> Asked:
    numbered = {item.number: " ".join(item.text.split()) for item in readings.problem.sentences}
    places = sorted(set(said.values()))
    quotes = "; ".join(f"sentence {place} says “{numbered.get(place, '')}”" for place in places)
    statements = {value: str(Datum(measure, decision, value, once)) for value in said}
    options = tuple(
        Option(
            value=number(value),
            meaning=f"{number(value)} holds, as sentence {place} says",
            edits=tuple(
                ReadingEdit(statement=text) for other, text in statements.items() if other != value
            ),
        )
        for value, place in said.items()
    )
    return Asked(
        id=question_id("said_twice", measure, decision),
        text=f"Which number holds for the {spoken(measure)} of {spoken(decision)}: "
        f"{' or '.join(item.value for item in options)}? {quotes[:1].upper()}{quotes[1:]}.",
        kind="choice",
        options=options,
        quotes=tuple(numbered[place] for place in places if place in numbered),
        about=decision,
    )


def _weighed(
    question: Asked,
    before: Sequence[Asked],
    readings: Readings,
    picks: Picks,
    process: SolverProcess,
    limits: Limits,
) -> Asked:
    """The question with what each number comes to, and the more cautious one as its default."""
    options = []
    for option in question.options:
        taken = question.model_copy(update={"default": option.value})
        trial = try_combination(with_defaults(readings, (*before, taken)), picks, process, limits)
        worth = trial.solution
        options.append(
            option
            if worth is None
            else option.model_copy(
                update={"outcome": worth.outcome.value, "objective": worth.objective}
            )
        )
    known = [item for item in options if item.objective is not None]
    least = min if read_goal(readings.goal[picks[-1]].text).sense == "max" else max
    chosen = least(known, key=lambda item: item.objective or 0.0) if known else options[-1]
    reason = CAUTIOUS if len(known) == len(options) else ONLY_PLAN
    return told(
        question.model_copy(update={"options": tuple(options), "reason": reason}), chosen.value
    )
