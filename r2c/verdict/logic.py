"""Whether what the words condition, bar or leave to a choice is more in the model than plain rows.

"Either at least 20 chairs or at least 10 tables" as two rows means "both"; "if tables are made at
all, at least 30" as a row means "at least 30". Such a model solves well and answers another
question, with every number used and every limit the right way round.
"""

from __future__ import annotations

from collections.abc import Mapping

from r2c.archetypes.card import Card
from r2c.cir.schema import CIR
from r2c.formulation import Evidence
from r2c.problem.schema import Problem
from r2c.verdict.logic_carriers import Carriers
from r2c.verdict.logic_words import Logic, logic_said
from r2c.verdict.quoted import quoted
from r2c.verdict.sources import Drawn, drawn

NAME = "logic"


def logic(
    problem: Problem, cir: CIR, library: Mapping[str, Card], source: Drawn | None = None
) -> Evidence:
    """Whether every sentence that states logic has a rule that can say it.

    Without a text, the sentences are those that the rules quote.
    """
    if not problem.text.strip():
        problem, cir = quoted(problem, cir)
        source = None
    said = logic_said(problem, cir)
    if not said:
        return Evidence(
            check=NAME, passed=None, message="No words put a condition or a choice on the plan."
        )
    lost = _lost(said, problem, cir, library, source)
    sentences = dict.fromkeys(" ".join(item.sentence.text.split()) for item in lost)
    told = [f"No rule says the condition or choice in '{words}'." for words in sentences]
    return Evidence(
        check=NAME,
        passed=not lost,
        message=" ".join(told)
        or "Every sentence that puts a condition or a choice on the plan has a rule that says it.",
        details={
            "said": len(said),
            "lost": [
                {"sentence": item.sentence.number, "kind": item.kind, "words": item.words}
                for item in lost
            ],
        },
    )


def lost_logic(
    problem: Problem, cir: CIR, library: Mapping[str, Card], source: Drawn | None = None
) -> tuple[Logic, ...]:
    """The logic of the text that nothing in the model says which comes from its sentence.

    Args:
        problem: The text.
        cir: The model.
        library: The cards, whose meanings tell what an archetype can say.
        source: What the model draws on, if it is known already.
    """
    return _lost(logic_said(problem, cir), problem, cir, library, source)


def _lost(
    said: tuple[Logic, ...],
    problem: Problem,
    cir: CIR,
    library: Mapping[str, Card],
    source: Drawn | None,
) -> tuple[Logic, ...]:
    if not said:
        return ()
    carriers = Carriers(problem, (source or drawn(cir, problem)).traced, library)
    return tuple(item for item in said if not carriers.carry(item))
