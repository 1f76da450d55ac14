"""What a model is to learn: to formulate in stages, to mend a mistake, to ask for what is missing.

Every conversation is a list of messages as trainers read it. The answers are CIR text: first what
the problem is about, then a rule for each sentence that states one, then the objective.
"""

from __future__ import annotations

import re

from r2c.cir.schema import CIR
from r2c.cir.text import write_text
from r2c_benchmarks.mutations import Mutant
from r2c_benchmarks.rulebench.make import Made
from r2c_benchmarks.rulebench.phrase import member_name
from r2c_benchmarks.rulebench.sheets import headed
from r2c_benchmarks.synth.tabled import tabled

Conversation = list[dict[str, str]]

SYSTEM = (
    "You turn a decision problem into a CIR: sets, numbers and decisions, a rule for each sentence "
    "that states one, and the objective. Rules name an archetype and fill its roles."
)
NOUNS = "Name the sets, the numbers and the decisions."
RULES = "State the rules, each with the words that say it."
OBJECTIVE = "State the objective."
_ROWS = 4
_RULES_BEGIN = re.compile(r"^rules$", re.MULTILINE)
_OBJECTIVES_BEGIN = re.compile(r"^objectives$", re.MULTILINE)


def formulation(made: Made) -> Conversation:
    """The problem, and its CIR in three answers."""
    text = write_text(tabled(made), provenance=False)
    rules, goals = _RULES_BEGIN.search(text), _OBJECTIVES_BEGIN.search(text)
    assert rules is not None and goals is not None
    return [
        _message("system", SYSTEM),
        _message("user", f"{shown(made)}\n\n{NOUNS}"),
        _message("assistant", text[: rules.start()].strip()),
        _message("user", RULES),
        _message("assistant", text[rules.start() : goals.start()].strip()),
        _message("user", OBJECTIVE),
        _message("assistant", text[goals.start() :].strip()),
    ]


def repair(made: Made, wrong: Mutant) -> Conversation:
    """The problem with a CIR that has a mistake and what speaks against it, and the right CIR."""
    return [
        _message("system", SYSTEM),
        _message(
            "user",
            f"{shown(made)}\n\nThis CIR has a mistake:\n\n{_told(wrong.cir)}\n\n"
            f"{wrong.diagnosis} Write the right CIR.",
        ),
        _message("assistant", _told(made.cir)),
    ]


def question(made: Made) -> Conversation:
    """A problem with a number that nobody knows, and the question for it."""
    assert made.spoilt is not None and made.spoilt.missing is not None
    slot = made.spoilt.missing
    datum = dict(made.selection.data)[slot.name]
    over = zip(datum.over, slot.key, strict=True)
    members = " and ".join(member_name(made.selection, name, part) for name, part in over)
    asked = (
        f"question: What is the {headed(made.selection, slot.name, datum)} for {members}?\n"
        "consequence: Without it the problem cannot be solved; all other numbers are there."
    )
    return [
        _message("system", SYSTEM),
        _message("user", f"{shown(made)}\n\n{NOUNS}"),
        _message("assistant", asked),
    ]


def shown(made: Made) -> str:
    """The text, and of each file the columns and the first rows."""
    parts = [made.text.words.strip()]
    for name, content in made.text.files.items():
        lines = content.strip().split("\n")
        more = f"\n... ({len(lines) - 1} rows)" if len(lines) - 1 > _ROWS else ""
        parts.append(f"{name}:\n" + "\n".join(lines[: _ROWS + 1]) + more)
    return "\n\n".join(parts)


def _told(cir: CIR) -> str:
    return write_text(cir, provenance=False).strip()


def _message(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}
