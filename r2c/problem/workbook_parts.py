"""Goes through a part of a workbook and forgets what it has passed.

openpyxl keeps all elements of a sheet that it does not know, and builds objects for what is beside
its cells; a workbook within all limits of size could take minutes and gigabytes so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from openpyxl.xml.functions import iterparse

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

INSIDE_LIMIT = 400_000
"""Elements and attributes of one row or one text: a full row of a program has fewer."""
BESIDE_LIMIT = 1_000_000
"""Elements beside them: merged cells, links, formats."""
DEPTH_LIMIT = 100
NAMES_LIMIT = 1000
"""Names of attributes, each of which the parser keeps."""


def parts(stream: IO[bytes], tag: str) -> Iterator[Element]:
    """Every outermost element of a tag, whole; it is emptied when the next one is asked for.

    Raises:
        ValueError: if there are more elements, or deeper ones, than a workbook has.
        SyntaxError: where it is no XML.
    """
    events = iter(iterparse(stream, ("start", "end")))
    around: list[Element] = []
    names: set[str] = set()
    beside = 0
    for event, element in events:
        if event == "end":
            around.pop()
        elif element.tag == tag and around:
            _finish(events, element, names)
            yield element
        else:
            around.append(element)
            beside += 1
            _meet(element, names)
            if beside > BESIDE_LIMIT:
                raise ValueError(
                    f"there are more than {BESIDE_LIMIT} elements beside rows or texts"
                )
            if len(around) > DEPTH_LIMIT:
                raise ValueError(f"elements lie deeper than {DEPTH_LIMIT}")
            continue
        if around:
            around[-1].clear()


def _finish(events: Iterator[tuple[str, Element]], begun: Element, names: set[str]) -> None:
    """Reads on to the end of the element that has just begun."""
    depth, inside = 1, _meet(begun, names)
    for event, element in events:
        if event == "end":
            depth -= 1
            if depth == 0:
                return
            continue
        depth, inside = depth + 1, inside + _meet(element, names)
        if depth > DEPTH_LIMIT:
            raise ValueError(f"elements lie deeper than {DEPTH_LIMIT}")
        if inside > INSIDE_LIMIT:
            raise ValueError(f"a row or text has more than {INSIDE_LIMIT} elements and attributes")


def _meet(element: Element, names: set[str]) -> int:
    """How many things a tag is: itself and its attributes, whose names are kept."""
    names.update(element.attrib)
    if len(names) > NAMES_LIMIT:
        raise ValueError(f"its attributes have more than {NAMES_LIMIT} names")
    return 1 + len(element.attrib)
