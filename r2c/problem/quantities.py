"""Lists every number of the text with its value, place, unit and sentence.

Numbers inside a text table are read cell by cell, so that a comma or a bar between two cells
never joins them; such a number belongs to the nearest sentence before the table.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from r2c.problem.counted_unit import unit_after
from r2c.problem.dollar_signs import currency_after, math_delimiters
from r2c.problem.labels import mark_labels
from r2c.problem.mark import Mark
from r2c.problem.masking import masked
from r2c.problem.number_style import NumberStyle, style_of
from r2c.problem.number_words import find_number_words
from r2c.problem.numerals import find_numerals
from r2c.problem.portions import join_portions
from r2c.problem.scale_sums import join_sums
from r2c.problem.schema import Quantity, Sentence, Span, Table
from r2c.problem.shared_scale import share_scales

_TO = re.compile(r"[ \u00a0]*(?:-|–|—|to)[ \u00a0]*")
_ARTICLE = re.compile(r" an?(?= )")
_CELL_END = re.compile(r"[ \u00a0*]*(?:[|,;&<\t\n]|\\\\|\Z| {2})")
_ONE_NUMBER = re.compile(r"[\s*$€£¥-]*[1-9][0-9]{0,2}(?: [0-9]{3})+[^0-9]*")
_RATIO_CUE = re.compile(r"\b(?:ratio|proportion|scale|mix(?:ture)?)\b", re.I)


def find_quantities(
    text: str, sentences: Sequence[Sentence], tables: Sequence[Table] = ()
) -> tuple[Quantity, ...]:
    """All numbers of the text in order, none overlapping.

    Args:
        text: the normalised problem text.
        sentences: its sentences, which give each number its sentence number.
        tables: the tables written in the text; numbers in them take their column's unit.
    """
    written = [table for table in tables if table.span is not None]
    outside = masked(text, [table.span for table in written if table.span is not None])
    starts = [sentence.span.start for sentence in sentences]
    found: list[Quantity] = []
    delimiters, style = math_delimiters(outside), style_of(text)
    for mark in _read(outside, delimiters, style):
        index = _sentence_index(outside, sentences, starts, mark.start)
        limit = sentences[index].span.end if sentences else len(text)
        unit = _unit(outside, mark, max(limit, mark.end), delimiters)
        found.append(_quantity(text, mark, unit, index + 1))
    for table in written:
        assert table.span is not None
        index = max(bisect_right(starts, table.span.start) - 1, 0)
        found += _header_quantities(text, table, index + 1, style)
        found += _cell_quantities(text, table, index + 1, style)
    found.sort(key=lambda quantity: quantity.span.start)
    return tuple(_with_shared_units(text, found))


def _read(text: str, delimiters: frozenset[int], style: NumberStyle) -> list[Mark]:
    numerals = find_numerals(text, delimiters, style)
    taken = sorted((mark.start, mark.end) for mark in numerals)
    starts = [start for start, _ in taken]

    def free(mark: Mark) -> bool:
        before = bisect_right(starts, mark.start) - 1
        clear = before < 0 or taken[before][1] <= mark.start
        return clear and (before + 1 >= len(taken) or taken[before + 1][0] >= mark.end)

    words = [mark for mark in find_number_words(text) if free(mark)]
    marks = sorted(numerals + words, key=lambda mark: mark.start)
    marks = join_sums(text, mark_labels(text, _ratios(text, marks)))
    return join_portions(text, share_scales(text, marks))


def _ratios(text: str, marks: list[Mark]) -> list[Mark]:
    """Splits the clock reading `1:30` into 1 and 30 where a ratio is spoken of."""
    result: list[Mark] = []
    for mark in marks:
        written = text[mark.start : mark.end]
        clause = re.split(r"[,.;\n]", text[max(0, mark.start - 40) : mark.start])[-1]
        around = clause + " " + text[mark.end : mark.end + 12]
        if mark.kind == "label" and ":" in written and _RATIO_CUE.search(around):
            colon = mark.start + written.index(":")
            for start, end in ((mark.start, colon), (colon + 1, mark.end)):
                result.append(Mark(start, end, float(text[start:end]), "number", plain=True))
        else:
            result.append(mark)
    return result


def _with_shared_units(text: str, found: list[Quantity]) -> list[Quantity]:
    """Gives the first number of `17 to 33 liters` the unit that is written once for both."""
    result = list(found)
    for index in range(len(result) - 1):
        first, second = result[index], result[index + 1]
        between = text[first.span.end : second.span.start]
        countable = {first.kind, second.kind} <= {"number", "word"}
        if first.unit is not None or second.unit is None or not countable:
            continue
        if _TO.fullmatch(between):
            result[index] = first.model_copy(update={"unit": second.unit})
    return result


def _sentence_index(
    text: str, sentences: Sequence[Sentence], starts: list[int], position: int
) -> int:
    index = max(bisect_right(starts, position) - 1, 0)
    inside = sentences and sentences[index].span.start <= position < sentences[index].span.end
    if inside or index + 1 >= len(sentences):
        return index
    # A list marker such as `2.` stands before the sentence it announces.
    next_start = starts[index + 1] if starts[index] <= position else starts[index]
    on_line = "\n" not in text[position:next_start]
    return index + 1 if on_line and starts[index] <= position else index


def _unit(text: str, mark: Mark, limit: int, delimiters: frozenset[int]) -> str | None:
    if mark.unit is not None or mark.kind in ("label", "ordinal", "multiplier", "percent"):
        return mark.unit
    if mark.kind == "fraction":
        article = _ARTICLE.match(text, mark.end, limit)
        return unit_after(text, article.end() if article else mark.end, limit, mark.value)
    return currency_after(text, mark.end, delimiters) or unit_after(
        text, mark.end, limit, mark.value
    )


def _quantity(text: str, mark: Mark, unit: str | None, sentence: int) -> Quantity:
    span = Span(start=mark.start, end=mark.end)
    written = text[mark.start : mark.end]
    return Quantity(
        value=mark.value, span=span, text=written, kind=mark.kind, unit=unit, sentence=sentence
    )


def _header_quantities(
    text: str, table: Table, sentence: int, style: NumberStyle
) -> list[Quantity]:
    """The numbers above the first data row; a bare integer there names a column."""
    assert table.spans is not None and table.span is not None
    first = min(span.start for span in table.spans[0])
    header = text[table.span.start : first]
    found = []
    for mark in _read(header, math_delimiters(header), style):
        kind = "label" if mark.plain and _CELL_END.match(header, mark.end) else mark.kind
        moved = replace(
            mark, kind=kind, start=mark.start + table.span.start, end=mark.end + table.span.start
        )
        unit = None if kind == "label" else _unit(header, mark, len(header), frozenset())
        found.append(_quantity(text, moved, unit, sentence))
    return found


def _cell_quantities(text: str, table: Table, sentence: int, style: NumberStyle) -> list[Quantity]:
    """The numbers of the cells, each once: a distance that holds both ways stands in two rows."""
    assert table.spans is not None and table.span is not None
    units: dict[Span, str | None] = {}
    for row in table.spans:
        for column, span in zip(table.columns, row, strict=True):
            if table.span.contains(span):  # a label may be written with another table
                units.setdefault(span, column.unit)
    return [q for span, unit in units.items() for q in _cell(text, span, unit, sentence, style)]


def _cell(
    text: str, span: Span, unit: str | None, sentence: int, style: NumberStyle
) -> list[Quantity]:
    content = text[span.start : span.end]
    if not re.search(r"\w", content):
        return []
    delimiters = math_delimiters(content)
    if _ONE_NUMBER.fullmatch(content):
        style = replace(style, blank_groups=True)
    found = []
    for mark in _read(content, delimiters, style):
        own = _unit(content, mark, len(content), delimiters)
        moved = replace(mark, start=mark.start + span.start, end=mark.end + span.start)
        countable = mark.kind in ("number", "word", "fraction")
        found.append(_quantity(text, moved, own or (unit if countable else None), sentence))
    return found
