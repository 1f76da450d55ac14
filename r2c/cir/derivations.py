"""Where in a problem a number comes from: said, in a table, or made of numbers that are said."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from r2c.cir.provenance import Source
from r2c.cir.write import number
from r2c.problem.numbered_nouns import is_numbered
from r2c.problem.schema import Cell, Problem, Quantity, Span

_PAIRS_IN_SENTENCE = 40
_PAIRS_IN_TEXT = 25
_ADDS_UP = re.compile(
    r"\b(?:plus|minus|together|combined|added|additional|extra|another|difference|remain\w*|left"
    r"|already|except|besides|of which|of (?:them|these|those)|(?:first|next) \d[\d,.]*)\b|[+]",
    re.IGNORECASE,
)
"""Words by which two numbers of a sentence are added or taken from each other."""
_TIERS = re.compile(
    r"\b(?:brackets?|single\s+rate|every\s+one|or\s+more|fewer\s+than|less\s+than|the\s+rest"
    r"|in\s+excess\s+of|one\s+rate|(?:lower|higher)\s+rates?)\b|[<>≤≥][^<>≤≥;]*;[^<>≤≥;]*[<>≤≥]",
    re.IGNORECASE,
)
_SCALES = (1e3, 1e6)
_COUNTED = frozenset(("number", "word", "percent", "fraction", "multiplier"))
"""Kinds of numbers that are amounts; those of labels and ranks are not."""
_TIERED = 5
"""Numbers of a sentence that gives prices by bracket, whose steps are differences."""
UNIT_FACTORS: tuple[tuple[float, str, str, str], ...] = (
    (60.0, r"\bhours?|\bhrs?\b", r"\bmin(?:ute)?s?\b", "minutes in an hour"),
    (60.0, r"\bmin(?:ute)?s?\b", r"\bsec(?:ond)?s?\b", "seconds in a minute"),
    (24.0, r"\bdays?\b|\bdaily\b", r"\bhours?|\bhrs?\b", "hours in a day"),
    (7.0, r"\bweek", r"\bdays?\b|\bdaily\b", "days in a week"),
    (12.0, r"\byear|\bannual", r"\bmonth", "months in a year"),
    (52.0, r"\byear|\bannual", r"\bweek", "weeks in a year"),
    (12.0, r"\bdozen", r"\bdozen", "a dozen"),
    (100.0, r"%|\bpercent|\bper cent", r"%|\bpercent|\bper cent", "per cent"),
    (100.0, r"\$|\beuros?\b|\bdollars?\b|\bpounds?\b", r"\bcents?\b|\bpence\b", "cents in a unit"),
    (100.0, r"\bmet(?:er|re)s?\b|\bm\b", r"\bcentimet|\bcm\b|\bmm\b", "centimetres in a metre"),
    (
        10.0,
        r"\bcentimet|\bcm\b|\bmet(?:er|re)s?\b",
        r"\bmillimet|\bmm\b",
        "millimetres to centimetres",
    ),
    (1000.0, r"\bmet(?:er|re)s?\b|\bm\b", r"\bmillimet|\bmm\b", "millimetres in a metre"),
    (1000.0, r"\bkilogram|\bkgs?\b", r"\bgrams?\b|\bg\b", "grams in a kilogram"),
    (1000.0, r"\bton(?:ne)?s?\b", r"\bkilogram|\bkgs?\b", "kilograms in a tonne"),
    (1000.0, r"\bkilomet|\bkm\b", r"\bmet(?:er|re)s?\b|\bm\b", "metres in a kilometre"),
    (1000.0, r"\blit(?:er|re)s?\b|\bl\b", r"\bmillilit|\bml\b", "millilitres in a litre"),
    (1000.0, r"\bMWh?\b|\bmegawatt", r"\bkWh?\b|\bkilowatt", "kilowatts in a megawatt"),
    (1000.0, r"\bcubic\s+met|m³", r"\blit(?:er|re)s?\b", "litres in a cubic metre"),
    (1000.0, r"\bML\b|\bmegalit", r"\bcubic\s+met|\bm³", "cubic metres in a megalitre"),
    (1000.0, r"\bthousands?\b", r"\bthousands?\b", "a thousand"),
    (1e6, r"\bmillions?\b", r"\bmillions?\b", "a million"),
)
"""How many of the small unit make the large one: the factor, what they look like, in words."""


def says(quantity: Quantity, value: float) -> bool:
    """Whether the quantity is this number, up to sign; `60%` is both 0.6 and 60."""
    value = abs(value)
    said = abs(quantity.value)
    return _same(said, value) or (quantity.kind == "percent" and _same(said * 100, value))


def sources_of(
    value: float,
    problem: Problem,
    near: tuple[Span, ...],
    taken: tuple[Span, ...] = (),
    written: Collection[float] = (),
) -> tuple[Source, ...]:
    """The best explanations of a number; several if it is said several times.

    Searched in this order: the spans `near`, their sentences, steps between the prices that these
    give by bracket, factors between two units that are named, what numbers of `near` make that
    the owner has not `written` (if the text says the number elsewhere), the text, table cells, one
    number and such a factor, two numbers of the same sentence, a
    product of two numbers of the text. Numbers are added only where words say so: among many
    numbers some sum is always near a wrong one. An empty answer means that nothing explains it.
    `taken` are the words of others: what is said outside of them comes first.
    """
    close, around = numbers_near(problem, near)
    tables = [table.span for table in problem.tables if table.span is not None]
    for group in (close, around):
        if said := _said(value, group, tables, problem.text):
            return said
    if step := _step(value, [*close, *around], problem):
        return (step,)
    # Far from the words of the number's owner a 60 may be any; a factor says why it is here.
    if near and (factor := _unit_factor(value, problem)):
        return (factor,)
    if said := _said(value, list(problem.quantities), tables, problem.text):
        # The 40 of "8 hours a day on 5 days" is not that of another sentence's "40 minutes".
        if own := _own(value, close, around, written, _units(problem)):
            return (own,)
        free = tuple(one for one in said if not _overlap(one, taken))
        scaled = None if free else _at_scale(value, problem)
        return (scaled,) if scaled and not _overlap(scaled, taken) else free or said
    if cell := _cell(value, problem):
        return (cell,)
    local = [*close, *around]
    units = _units(problem)
    for derived in (
        _unit_factor(value, problem),
        _from_one(value, local, units),
        _from_two(value, local[:_PAIRS_IN_SENTENCE], "*/"),
        _from_two(value, adding_up(local, problem)[:_PAIRS_IN_SENTENCE], "+-"),
        _at_scale(value, problem),
        _from_one(value, _distinct(problem), units),
        _together(value, problem) or _from_two(value, _distinct(problem), "*"),
    ):
        if derived is not None:
            return (derived,)
    return ()


def numbers_near(problem: Problem, near: tuple[Span, ...]) -> tuple[list[Quantity], list[Quantity]]:
    """The numbers of some words, and the others of the sentences in which these stand."""
    close = [q for q in problem.quantities if any(span.overlaps(q.span) for span in near)]
    numbers = {q.sentence for q in close} | {
        sentence.number
        for sentence in problem.sentences
        if any(span.overlaps(sentence.span) for span in near)
    }
    return close, [q for q in problem.quantities if q.sentence in numbers and q not in close]


def _own(
    value: float,
    close: list[Quantity],
    around: list[Quantity],
    written: Collection[float],
    units: Collection[float],
) -> Source | None:
    """What the words of an owner make of numbers that it does not write by themselves."""

    def free(group: list[Quantity]) -> list[Quantity]:
        return [q for q in group if abs(q.value) not in written and q.kind in _COUNTED]

    one = _from_one(value, free(close), units)
    if one is not None:
        return one
    mine, beside = free(close)[:_PAIRS_IN_SENTENCE], free(around)[:_PAIRS_IN_SENTENCE]
    for place, first in enumerate(mine):
        for second in (*mine[place + 1 :], *beside):
            if first.sentence == second.sentence:
                made = _from_two(value, [first, second], "*")
                if made is not None:
                    return made
    return None


def _together(value: float, problem: Problem) -> Source | None:
    """A product of two different numbers of one sentence, where products of the text count."""
    group = _distinct(problem)
    if _from_two(value, group, "*") is None:
        return None
    said = [q for q in problem.quantities if q.kind in _COUNTED]
    return next(
        (
            found
            for place, first in enumerate(said)
            for second in said[place + 1 :]
            if first.sentence == second.sentence
            and first.value != second.value
            and (found := _from_two(value, [first, second], "*")) is not None
        ),
        None,
    )


def _overlap(source: Source, taken: tuple[Span, ...]) -> bool:
    return any(span.overlaps(other) for span in source.spans for other in taken)


def _said(
    value: float, group: list[Quantity], tables: Sequence[Span], text: str
) -> tuple[Source, ...]:
    found = [q for q in group if says(q, value)]
    # The 2 of "Plant 2" is said as a last resort only, and a cell of a table belongs to that.
    found = [q for q in found if q.kind not in ("label", "ordinal")] or found
    found = [q for q in found if not is_numbered(q, text)] or found
    found = [q for q in found if not any(span.overlaps(q.span) for span in tables)] or found
    return tuple(Source(kind="text", spans=(q.span,)) for q in found)


def _cell(value: float, problem: Problem) -> Source | None:
    for table in problem.tables:
        for row, cells in enumerate(table.rows):
            for column, cell in zip(table.columns, cells, strict=False):
                if isinstance(cell, bool) or not isinstance(cell, float | int):
                    continue
                if _same(abs(float(cell)), abs(value)):
                    place = Cell(table=table.name, row=row, column=column.name)
                    return Source(kind="cell", cells=(place,))
    return None


def is_made_of(value: float, numbers: Sequence[float], *, percent: bool = False) -> bool:
    """Whether a number follows from others: by a factor of units, or by arithmetic on all of them.

    For a source that says how a number was derived, so any usual factor will do. `percent` says
    that a number is a percentage, of which 100 less it and 100 more are made too.
    """
    value, said = abs(value), [abs(item) for item in numbers]
    if len(said) == 1:
        factors = {1.0, *(factor for factor, *_ in UNIT_FACTORS)}
        return any(
            _same(made, value) for made, _ in _made_of_one(said[0], factors, percent=percent)
        )
    if len(said) == 2 and any(
        _same(made, value) for made, _ in _made_of_two(said[0], said[1], "*+/-")
    ):
        return True
    if len(said) == 2 and _same(abs(said[0] - said[1]), value):
        return True
    return _same(math.prod(said), value) or _same(math.fsum(said), value)


def is_unit_factor(value: float, problem: Problem) -> bool:
    """Whether a number tells how many of one unit of the text make another."""
    return _unit_factor(value, problem) is not None


def words_with_units(problem: Problem) -> str:
    """The text, then the heads of tables that came with it."""
    heads = [c.name for table in problem.tables if table.span is None for c in table.columns]
    return "\n".join((problem.text, *heads))


@lru_cache(maxsize=8)
def _units_named(text: str) -> tuple[tuple[float, str, tuple[Span, ...]], ...]:
    """Factors between two units that the text names, with what they mean and where they stand."""
    found = []
    for factor, large, small, meaning in UNIT_FACTORS:
        first = re.search(large, text, re.IGNORECASE)
        second = re.search(small, text, re.IGNORECASE)
        if first and second:
            # The "thousand" of "66 thousand euros" belongs to that number.
            places = () if large == small and factor >= 1000 else (first, second)
            spans = dict.fromkeys(Span(start=match.start(), end=match.end()) for match in places)
            found.append((factor, meaning, tuple(spans)))
    return tuple(found)


def _units(problem: Problem) -> list[float]:
    return [factor for factor, *_ in _units_named(words_with_units(problem))]


def _unit_factor(value: float, problem: Problem) -> Source | None:
    for factor, meaning, spans in _units_named(words_with_units(problem)):
        if _same(factor, abs(value)):
            told = tuple(span for span in spans if span.end <= len(problem.text))
            return _derived(value, meaning, told)
    return None


def adding_up(group: list[Quantity], problem: Problem) -> list[Quantity]:
    """The numbers of sentences in which words add or take away."""
    counts = Counter(quantity.sentence for quantity in group)
    numbers = {
        item.number
        for item in problem.sentences
        if _ADDS_UP.search(item.text)
        or (counts[item.number] >= _TIERED and _TIERS.search(item.text))
    }
    return [quantity for quantity in group if quantity.sentence in numbers]


def _at_scale(value: float, problem: Problem) -> Source | None:
    """The 66 of "66 thousand euros", in a model that counts in thousands."""
    for quantity in problem.quantities:
        for scale in _SCALES:
            said = abs(quantity.value)
            if _same(said / scale, abs(value)) and _has_word(quantity):
                return _derived(value, f"{number(said)} / {number(scale)}", (quantity.span,))
    return None


def _has_word(quantity: Quantity) -> bool:
    """Whether a number is written with a word, or a letter, for its scale."""
    return any(character.isalpha() for character in quantity.text)


def priced_by_bracket(problem: Problem, group: Sequence[Quantity]) -> frozenset[int]:
    """The numbers of the sentences that give prices by bracket, with at least five of a group."""
    counts = Counter(quantity.sentence for quantity in group)
    return frozenset(
        item.number
        for item in problem.sentences
        if counts[item.number] >= _TIERED and _TIERS.search(item.text)
    )


def _step(value: float, group: list[Quantity], problem: Problem) -> Source | None:
    """How far two numbers of a sentence that gives prices by bracket are apart."""
    numbers = priced_by_bracket(problem, group)
    told = [q for q in group if q.sentence in numbers and q.kind == "number"]
    for place, first in enumerate(told[:_PAIRS_IN_SENTENCE]):
        for second in told[place + 1 : _PAIRS_IN_SENTENCE]:
            high, low = sorted((abs(first.value), abs(second.value)), reverse=True)
            if _same(high - low, abs(value)):
                how = f"{number(high)} - {number(low)}"
                return _derived(value, how, (first.span, second.span))
    return None


def _from_one(value: float, group: list[Quantity], units: Collection[float]) -> Source | None:
    for quantity in group:
        percent = quantity.kind == "percent"
        for made, how in _made_of_one(abs(quantity.value), units, percent=percent):
            if _same(made, abs(value)):
                return _derived(value, how, (quantity.span,))
    return None


def _made_of_one(
    said: float, units: Collection[float], *, percent: bool = False
) -> Iterator[tuple[float, str]]:
    text = number(said)
    if 0 < said < 1:
        yield 1 - said, f"1 - {text}"
        yield 1 + said, f"1 + {text}"
    if percent:
        yield 100 - said * 100, f"100 - {number(said * 100)}"
        yield 100 + said * 100, f"100 + {number(said * 100)}"
    for factor in units:
        yield said * factor, f"{text} x {number(factor)}"
        yield said / factor, f"{text} / {number(factor)}"


def _from_two(value: float, group: list[Quantity], operations: str) -> Source | None:
    return next(pairs(value, group, operations), None)


def pairs(value: float, group: Sequence[Quantity], operations: str) -> Iterator[Source]:
    """All ways to make a number of two others by some of the operations "*/+-"."""
    for place, first in enumerate(group):
        for second in group[place + 1 :]:
            for made, how in _made_of_two(abs(first.value), abs(second.value), operations):
                if _same(made, abs(value)):
                    yield _derived(value, how, (first.span, second.span))


def _made_of_two(a: float, b: float, operations: str) -> Iterator[tuple[float, str]]:
    if "*" in operations and 1 not in (a, b):
        yield a * b, f"{number(a)} x {number(b)}"
    if "+" in operations and 1 not in (a, b):
        yield a + b, f"{number(a)} + {number(b)}"
    if "/" in operations and 0 not in (a, b):
        yield a / b, f"{number(a)} / {number(b)}"
        yield b / a, f"{number(b)} / {number(a)}"
    if "-" in operations and 1 not in (a, b):
        yield abs(a - b), f"{number(max(a, b))} - {number(min(a, b))}"


def _distinct(problem: Problem) -> list[Quantity]:
    # With many numbers some product fits anything; then a match would say nothing.
    values: dict[float, Quantity] = {}
    for quantity in problem.quantities:
        if quantity.kind not in ("label", "ordinal"):
            values.setdefault(quantity.value, quantity)
    return list(values.values()) if len(values) <= _PAIRS_IN_TEXT else []


def _derived(value: float, how: str, spans: tuple[Span, ...]) -> Source:
    return Source(kind="derived", spans=spans, note=f"{number(abs(value))} = {how}")


def _same(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)
