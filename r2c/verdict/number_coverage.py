"""Every number of the problem is used or explained, and none in the model is invented.

A number that the model lacks is the mark of a lost rule; one that nobody wrote, of a misreading.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from r2c.cir.derivations import priced_by_bracket
from r2c.cir.literals import literal_faults, unexplained
from r2c.cir.schema import CIR
from r2c.cir.write import number
from r2c.errors import Fault
from r2c.formulation import Evidence
from r2c.problem.schema import Problem, Quantity, Sentence
from r2c.problem.spoken import spoken, stem
from r2c.verdict.borrowed import borrowed
from r2c.verdict.column_use import unused_columns
from r2c.verdict.cues import announces_rule, concerns_decision
from r2c.verdict.grammatical_numbers import is_grammatical
from r2c.verdict.member_counts import counts_members
from r2c.verdict.scaled_sides import scales
from r2c.verdict.sources import Drawn, drawn
from r2c.verdict.task_words import is_beside_the_rules, speaks_of_wholeness, tells_the_past

NAME = "number_coverage"
_COUNTS = 20.0
_QUOTED = 90
_TOLD = 12
_THOUSAND = 1000.0
_AGAIN = re.compile(
    r"\b(?:next|if|when|otherwise|per\s+(?:set|pack|lot|batch|bundle)\s+of|(?:more|fewer|less)\s+than|beyond|above|over|excess|exceeds?)\b|[<>≤≥]",
    re.I,
)
_FOLLOWS = re.compile(r"\bso\s+(?:up\s+to|at\s+most|no\s+more)\b", re.I)
"""Says a number again, of something else: "racks for 3 sets, so up to 3 patterns"."""
_CLOSE = 1e-9
_DATA = 3
"""A sentence with this many numbers gives data, whatever its verb."""


@dataclass(frozen=True)
class NumberUse:
    """The numbers that do not match between problem and model.

    `unused` are said but not in the model, `columns` numeric table columns that nothing reads,
    `invented` numbers of the model that nothing in the problem gives, `borrowed` those that it
    gives for something else.
    """

    unused: tuple[Quantity, ...]
    columns: tuple[tuple[str, str], ...]
    invented: tuple[Fault, ...]
    said: int
    borrowed: tuple[tuple[str, float], ...] = ()


def number_use(problem: Problem, cir: CIR, source: Drawn | None = None) -> NumberUse:
    """Match the numbers of a problem with those of a model.

    Args:
        problem: The text and tables.
        cir: The model.
        source: What the model draws on, if it is known already.
    """
    used = source or drawn(cir, problem)
    # Without a text the model itself says its numbers; only the columns can be left out.
    invented = tuple(literal_faults(used.traced, problem)) if problem.text.strip() else ()
    scaled = {(place, number(value)) for place, value in scales(used.traced)}
    invented = tuple(
        fault
        for fault in invented
        if (fault.details["place"], fault.details["value"]) not in scaled
    )
    missing = [q for q in problem.quantities if not _explained(q, problem, used)]
    return NumberUse(
        unused=tuple(_beyond_uses(missing, problem, used)),
        columns=unused_columns(problem, used),
        invented=invented,
        said=len(problem.quantities),
        borrowed=tuple(
            (place, value)
            for place, value in borrowed(problem, used)
            if (place, number(value)) not in scaled
        ),
    )


def number_coverage(problem: Problem, cir: CIR, source: Drawn | None = None) -> Evidence:
    """Whether every number of the problem is in the model and every number of the model in it."""
    if not problem.text.strip() and not problem.tables:
        return Evidence(
            check=NAME, passed=None, message="There is no text or table to compare numbers with."
        )
    used = source or drawn(cir, problem)
    use = number_use(problem, cir, used)
    parts = [*_told_unused(use, problem), *_told_invented(use)]
    rules = {owner.name for owner, _ in unexplained(used.traced)} if use.invented else set[str]()
    passed = not parts
    return Evidence(
        check=NAME,
        passed=passed,
        message="; ".join(parts) + "." if parts else _told_used(use, problem, used.combined),
        rules=tuple(rule.id for rule in cir.rules if rule.id in rules),
        details={
            "said": use.said,
            "unused": [
                {"number": q.text, "sentence": q.sentence, "words": _sentence(q, problem)}
                for q in use.unused
            ],
            "unused_columns": [f"{table}.{column}" for table, column in use.columns],
            "invented": [fault.what for fault in use.invented],
            "borrowed": [f"{number(value)} in {place}" for place, value in use.borrowed],
            "combined": [f"{place}: {how}" for place, how in used.combined],
        },
    )


def _told_used(use: NumberUse, problem: Problem, combined: tuple[tuple[str, str], ...]) -> str:
    numbers = {
        0: "The text holds no numbers",
        1: "The only number of the text is used or explained",
    }.get(use.said, f"All {use.said} numbers of the text are used or explained")
    columns = ", and so are all numeric columns" if use.said else "; all numeric columns are used"
    made = "; ".join(f"{how} in {place}" for place, how in combined)
    taken = f" Made of numbers of several sentences: {made}." if made else ""
    return f"{numbers}{columns if problem.tables else ''}.{taken}"


def _told_unused(use: NumberUse, problem: Problem) -> list[str]:
    parts = []
    for place, group in groupby(use.unused, key=lambda q: q.sentence):
        numbers = ", ".join(q.text for q in group)
        words = next((s.text for s in problem.sentences if s.number == place), "")
        parts.append(f"the model does not use {numbers} of the sentence '{_cut(words)}'")
    if use.columns:
        named = ", ".join(f"{table}.{column}" for table, column in use.columns)
        parts.append(f"nothing reads the table columns {named}")
    return [part[0].upper() + part[1:] if not k else part for k, part in enumerate(parts)]


def _told_invented(use: NumberUse) -> list[str]:
    lent = [f"{number(value)} in {place}" for place, value in use.borrowed]
    parts = [f"{', '.join(lent[:_TOLD])}: the problem says that of something else"] if lent else []
    told = [f"{f.details['value']} in {f.details['place']}" for f in use.invented]
    if not told:
        return parts
    verb = "is" if len(told) == 1 else "are"
    more = f" and {len(told) - _TOLD} more" if len(told) > _TOLD else ""
    return [f"{', '.join(told[:_TOLD])}{more} {verb} not said anywhere in the problem", *parts]


def _explained(quantity: Quantity, problem: Problem, used: Drawn) -> bool:
    if any(span.overlaps(quantity.span) for span in used.spans):
        return True
    if _is_one_off(quantity, problem, used):
        return True
    return _needs_no_use(quantity, problem, used)


def _needs_no_use(quantity: Quantity, problem: Problem, used: Drawn) -> bool:
    """Whether a number may be left out of a model, or is read with its table."""
    if quantity.kind in ("label", "ordinal") or quantity.value in (0.0, 1.0):
        return True
    if is_grammatical(quantity, problem) or _cell_read(quantity, problem, used):
        return True
    if counts_members(quantity, problem, used.traced):
        return True
    words = _sentence(quantity, problem)
    if tells_the_past(words) and is_beside_the_rules(words):
        return True
    if quantity.kind in ("word", "fraction") and speaks_of_wholeness(words):
        return True
    if not concerns_decision(words) and _numbers_in(quantity.sentence, problem) < _DATA:
        counted = quantity.kind != "number" or quantity.value in _sizes(used.traced)
        return counted or not _is_measured_elsewhere(quantity, problem)
    return not announces_rule(words) and _counts_things(quantity, used.traced)


def _is_measured_elsewhere(quantity: Quantity, problem: Problem) -> bool:
    """Whether other numbers of the plan have the same unit: "has 120 hectares", "per hectare".

    Then it is no background, however plain the sentence: mostly what there is to use.
    """
    unit = {stem(word) for word in (quantity.unit or "").split()}
    return bool(unit) and any(
        concerns_decision(item.text) and unit <= set(spoken(item.text))
        for item in problem.sentences
        if item.number != quantity.sentence
    )


def _is_one_off(quantity: Quantity, problem: Problem, used: Drawn) -> bool:
    """Whether a price by bracket is 1 off another that is used: a step of 1 is not written."""
    if quantity.sentence not in priced_by_bracket(problem, problem.quantities):
        return False
    return any(
        other.sentence == quantity.sentence
        and abs(abs(other.value - quantity.value) - 1.0) < _CLOSE
        and any(span.overlaps(other.span) for span in used.spans)
        for other in problem.quantities
    )


def _numbers_in(sentence: int, problem: Problem) -> int:
    kinds = ("number", "percent", "fraction", "multiplier")
    return sum(q.sentence == sentence and q.kind in kinds for q in problem.quantities)


def _counts_things(quantity: Quantity, cir: CIR) -> bool:
    """Whether the number may count what the text goes on to list: "two kinds of bread"."""
    if quantity.value > _COUNTS or not quantity.value.is_integer():
        return False
    return quantity.kind == "word" and (quantity.value in _sizes(cir) or bool(cir.sets))


def _sizes(cir: CIR) -> frozenset[int]:
    """How many decisions there are, and members of each set."""
    return frozenset(
        {len(cir.decisions), *(len(item.elements) for item in cir.sets if item.elements)}
    )


def _cell_read(quantity: Quantity, problem: Problem, used: Drawn) -> bool:
    for table in problem.tables:
        if table.span is None or table.spans is None or not table.span.contains(quantity.span):
            continue
        for row, spans in enumerate(table.spans):
            for column, span in zip(table.columns, spans, strict=True):
                if span.overlaps(quantity.span):
                    cell = (table.name, row, column.name)
                    return used.uses_column(table.name, column.name) or cell in used.cells
    return False


def _beyond_uses(missing: list[Quantity], problem: Problem, used: Drawn) -> list[Quantity]:
    """Leave out numbers whose value the model uses as often as the text says it.

    Which of several equal numbers an expression means cannot always be told; a number said again
    in another sentence, with the same unit, repeats the first.
    """
    values = {quantity.value for quantity in missing}
    said = Counter(
        q.value
        for q in problem.quantities
        if q.value in values and not _needs_no_use(q, problem, used)
    )
    kept = []
    for quantity in missing:
        uses = _uses(quantity, used)
        if uses >= said[quantity.value] or _repeats(quantity, problem, used):
            continue
        kept.append(quantity)
    return kept


def _uses(quantity: Quantity, used: Drawn) -> int:
    value = abs(quantity.value)
    uses = used.values[value]
    if value >= _THOUSAND and not quantity.text.replace(",", "").strip().isdigit():
        # "32 thousand" may be 32 where all sums are in thousands.
        uses += used.values[value / _THOUSAND] + used.values[value / _THOUSAND**2]
    if quantity.kind == "percent":
        uses += used.values[round(value * 100, 9)]
    return uses


def _repeats(quantity: Quantity, problem: Problem, used: Drawn) -> bool:
    return any(
        other.value == quantity.value
        and other is not quantity
        and _says_again(quantity, other, problem)
        and any(span.overlaps(other.span) for span in used.spans)
        for other in problem.quantities
    )


def _says_again(quantity: Quantity, other: Quantity, problem: Problem) -> bool:
    """Whether one of two equal numbers may only say the other again."""
    same_unit = other.unit == quantity.unit or None in (other.unit, quantity.unit)
    if other.sentence != quantity.sentence:
        return same_unit
    words = _sentence(quantity, problem)
    if _FOLLOWS.search(words):
        return True
    return same_unit and _AGAIN.search(words) is not None


def _sentence(quantity: Quantity, problem: Problem) -> str:
    held: Sentence | None = next(
        (s for s in problem.sentences if s.number == quantity.sentence), None
    )
    return "" if held is None else held.text


def _cut(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _QUOTED else words[: _QUOTED - 3] + "..."
