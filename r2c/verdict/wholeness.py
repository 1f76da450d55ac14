"""Which decisions are yes or no, counted or measured, by their own names and by the words.

Whether whole numbers matter may not show with the numbers that are told, and does with others;
`r2c.verdict.domains` solves again, this looks at the words only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from r2c.archetypes.card import Card
from r2c.cir.expr import symbols
from r2c.cir.schema import CIR, Decision
from r2c.formulation import Evidence
from r2c.problem.schema import Problem
from r2c.verdict.domains import FRACTIONS, WHOLE, is_measured
from r2c.verdict.logic_words import stems_of
from r2c.verdict.wording import counted

NAME = "wholeness"
_YES_NO = re.compile(r"\s*(?:whether|if)\b", re.IGNORECASE)
_MASS = re.compile(
    r"\b(?:money|cash|energy|electricity|water|heat|power|fuel|oil|gas)\b", re.IGNORECASE
)
"""What nobody counts, whatever the unit."""
_PREFIX = 6


def wholeness(problem: Problem, cir: CIR, library: Mapping[str, Card]) -> Evidence:
    """Whether each decision takes fractions where its words do, and only there."""
    if not problem.text.strip() or not cir.decisions:
        return Evidence(check=NAME, passed=None, message="No words tell what is counted.")
    found = list(conflicts(problem, cir, library))
    return Evidence(
        check=NAME,
        passed=not found,
        message=" ".join(found)
        or f"Nothing is said against the domains of {counted(len(cir.decisions), 'decision')}.",
    )


def conflicts(problem: Problem, cir: CIR, library: Mapping[str, Card]) -> Iterator[str]:
    """What is wrong about the domains of decisions."""
    whole = [s.text for s in problem.sentences if WHOLE.search(FRACTIONS.sub(" ", s.text))]
    parts = [s.text for s in problem.sentences if FRACTIONS.search(s.text)]
    smooth = {item.name for item in cir.decisions if item.domain == "continuous"}
    ruled = _made_whole(cir, library)
    for item in cir.decisions:
        if item.domain != "binary" and _YES_NO.match(item.meaning):
            yield f"{item.name!r} is yes or no by its meaning, and {item.domain} in the model."
        elif item.domain == "integer":
            said = [words for words in parts if _names(words, item, cir)]
            if said and not any(_names(words, item, cir) for words in whole):
                yield f"{item.name!r} takes whole numbers only, and the words allow fractions."
            elif _is_mass(item) and smooth and not whole and is_measured(item):
                yield f"{item.name!r} is measured, and takes whole numbers only."
        elif item.domain == "continuous":
            said = [words for words in whole if _names(words, item, cir)]
            if said and not parts and item.name not in ruled:
                yield f"{item.name!r} takes fractions, and the words ask for whole numbers."


def _is_mass(item: Decision) -> bool:
    """Whether it is nothing that comes in pieces: water, and no bottles of it."""
    return _MASS.search(item.name.rpartition("_")[2]) is not None


def _made_whole(cir: CIR, library: Mapping[str, Card]) -> frozenset[str]:
    """Decisions in rules that count: in packs, in steps, in whole numbers."""
    return frozenset(
        name
        for rule in cir.rules
        if (card := library.get(rule.archetype)) is not None
        and any(output.domain == "integer" for output in card.outputs)
        for expr in rule.operands.values()
        for name in symbols(expr)
    )


def _names(words: str, item: Decision, cir: CIR) -> bool:
    """Whether words name this decision: by a word that no other decision has."""
    others = [other for other in cir.decisions if other.name != item.name]
    shared = _roots(" ".join(map(_called, others)))
    return bool((_roots(_called(item)) - shared) & _roots(words))


def _called(item: Decision) -> str:
    return f"{item.name.replace('_', ' ')} {item.unit or ''} {item.meaning}"


def _roots(words: str) -> frozenset[str]:
    """The words of four letters or more without their endings: "dismissals" is "dismis"."""
    return frozenset(stem[:_PREFIX] for stem in stems_of(words) if len(stem) > 3)
