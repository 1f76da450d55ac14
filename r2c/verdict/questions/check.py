"""Whether the answer hangs on a question that the planner has not answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from r2c.cir.asked import Asked
from r2c.formulation import Evidence
from r2c.problem.schema import Problem
from r2c.verdict.sources import Drawn
from r2c.verdict.wording import counted

NAME = "questions"


def open_questions(asked: Sequence[Asked]) -> Evidence:
    """Fails while a default stands for an answer, or an answer found nothing to change."""
    waiting = [item for item in asked if item.answer is None]
    missed = [item.id for item in asked if item.missed]
    if missed:
        told = f"What was answered to {', '.join(missed)} finds nothing to change in the model."
    elif waiting:
        first = waiting[0]
        more = f" and {len(waiting) - 1} more" if len(waiting) > 1 else ""
        told = f"The answer hangs on what you have not said yet: “{first.text}”{more}."
    elif asked:
        told = f"{counted(len(asked), 'question', 'questions')} asked, all answered."
    else:
        told = "There is nothing that the planner alone could settle."
    return Evidence(
        check=NAME,
        passed=not waiting and not missed if asked else None,
        message=told,
        details={"open": [item.id for item in waiting], "missed": [*missed]},
    )


def with_sentences(used: Drawn, problem: Problem, asked: Sequence[Asked]) -> Drawn:
    """What a model draws on, with the sentences that questions are about.

    A number that lost against another one by an answer is explained by that.
    """
    quotes = {quote for item in asked for quote in item.quotes}
    spans = tuple(item.span for item in problem.sentences if " ".join(item.text.split()) in quotes)
    return replace(used, spans=(*used.spans, *spans), quotes=(*used.quotes, *spans))
