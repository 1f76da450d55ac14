"""What the planner has answered, as far as readings and the models made of them are concerned."""

from __future__ import annotations

from dataclasses import dataclass

from r2c.agents.form import NOTHING
from r2c.cir.amend_model import Settled, settled, with_answer_sources
from r2c.cir.amend_tables import words_added
from r2c.cir.asked import Asked, effects
from r2c.cir.edits import ReadingEdit
from r2c.cir.schema import CIR
from r2c.problem.schema import Problem


@dataclass(frozen=True)
class Given:
    """Questions with their answers; none of them is open."""

    questions: tuple[Asked, ...] = ()

    def reading(self, text: str) -> str:
        """A reading without the statements that an answer has left out."""
        dropped = {
            edit.statement for _, edit in effects(self.questions) if isinstance(edit, ReadingEdit)
        }
        if not dropped:
            return text
        kept = [line for line in text.splitlines() if line.strip() not in dropped]
        return "\n".join(kept) or NOTHING

    def settle(self, cir: CIR, problem: Problem) -> Settled:
        """A model that was made of the amended problem, with the answers in it."""
        if not self.questions:
            return Settled(cir)
        made = with_answer_sources(cir, words_added(problem, effects(self.questions)))
        return settled(made, self.questions)


NOTHING_GIVEN = Given()
