"""Everything that can be said against a CIR before any data is bound, all of it at once.

A repair that sees one fault at a time needs one round per fault; so nothing here stops early.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from r2c.cir.check_data import data_faults
from r2c.cir.check_decided import decision_faults
from r2c.cir.check_expressions import expression_faults
from r2c.cir.check_kinds import kind_faults
from r2c.cir.check_names import name_faults
from r2c.cir.check_quotes import NOT_QUOTED, SPAN_DIFFERS, character_faults, quote_faults
from r2c.cir.literals import UNEXPLAINED, UNSUPPORTED_SOURCE, literal_faults, trace_literals
from r2c.cir.schema import CIR, VERSION
from r2c.cir.several import dumped, told_together
from r2c.errors import CATALOGUE, CIRError, Fault, ModelError, declare
from r2c.problem.schema import Problem

WRONG_VERSION = declare(
    "R2C-C010", CIRError,
    what="The CIR has version {version!r}; this release reads version {known}.",
    why="A newer format may mean something that this release would read wrongly.",
    remedy="Update R2C, or write the CIR in version {known}.",
)  # fmt: skip
NOTHING_TO_DECIDE = declare(
    "R2C-C012", CIRError,
    what="The CIR has no decisions.",
    why="A model without decisions has nothing to choose.",
    remedy="Name what the planner chooses, such as how many of each product to make.",
)  # fmt: skip
NO_OPERANDS = declare(
    "R2C-C013", CIRError,
    what="The rule {rule!r} has no operands.",
    why="A rule without operands says nothing about the plan: {quote!r}.",
    remedy="Fill the roles of the archetype {archetype!r}, or remove the rule.",
)  # fmt: skip
SEVERAL = declare(
    "R2C-C014", ModelError,
    what="The model has {count:fault}: {told}",
    why="What is made of a model must mean what the model says.",
    remedy="Mend all of them; `r2c solve` says for each what to do.",
)  # fmt: skip

TRACE_CODES = frozenset(
    kind.code for kind in (NOT_QUOTED, SPAN_DIFFERS, UNEXPLAINED, UNSUPPORTED_SOURCE)
)
"""Faults about where the model comes from; the model can be built in spite of them."""


def check(
    cir: CIR, problem: Problem | None = None, words: Collection[str] | None = None
) -> tuple[Fault, ...]:
    """All faults of a CIR, in the order symbols, data, rules, objectives, provenance.

    With `problem`, quotes and numbers are held against its text and tables as well: numbers
    without a source are traced first, so only those that nothing explains are faults. `words` are
    the words that roles of archetypes offer (`at_most`); without them every name that fills a
    role alone and resembles no symbol is taken for one.
    """
    unique = {str(fault): fault for fault in reversed([*_faults(cir, problem, words)])}
    return tuple(reversed(unique.values()))


def refuse(found: Sequence[Fault]) -> None:
    """Refuse a CIR with faults; nothing happens without any.

    Raises:
        R2CError: The fault if there is one, R2C-C014 with all of them in its details if there are
            several.
    """
    if len(found) == 1:
        raise CATALOGUE[found[0].code].raises(found[0])
    if found:
        raise SEVERAL(count=len(found), told=told_together(found), faults=dumped(found))


def is_structural(fault: Fault) -> bool:
    """Whether the fault keeps the model from being built or changes what it means."""
    return fault.code not in TRACE_CODES


def _faults(cir: CIR, problem: Problem | None, words: Collection[str] | None) -> Iterator[Fault]:
    version: int = cir.version  # a copy with an update is not validated
    if version != VERSION:
        yield WRONG_VERSION.fault(version=version, known=VERSION)
    yield from name_faults(cir)
    yield from data_faults(cir)
    yield from expression_faults(cir, words)
    yield from kind_faults(cir)
    yield from decision_faults(cir)
    for rule in cir.rules:
        if not rule.operands:
            yield NO_OPERANDS.fault(rule=rule.id, quote=rule.quote, archetype=rule.archetype)
    if not cir.decisions:
        yield NOTHING_TO_DECIDE.fault()
    yield from character_faults(cir)
    if problem is not None:
        yield from quote_faults(cir, problem)
        yield from literal_faults(trace_literals(cir, problem), problem)
