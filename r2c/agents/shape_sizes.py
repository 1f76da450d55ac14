"""Problems that ask for the size of a shape: "the dimensions of a box of largest volume".

Areas and volumes are products of lengths. Where the lengths are decided, whatever is read of the
text without a product solves another problem, and is "optimal". So it is refused before a language
model is asked. A text with tables or numbers of things may be about something else and is not.
"""

from __future__ import annotations

import re

from r2c.errors import CIRError, Fault, declare
from r2c.problem.schema import Problem

SIZE_OF_A_SHAPE = declare(
    "R2C-G023",
    CIRError,
    what="The size of a shape is asked for: {quote!r}.",
    why="Its area or volume is a product of the lengths to decide, which is not read from words.",
    remedy="Offer sizes to choose from, as a table with the area or volume of each.",
)

_SHAPE = re.compile(
    r"\b(?:cylind\w+|rectang\w+|cones?|conical|(?:hemi)?spher\w+|(?:semi)?circ(?:les?|ular)|triang\w+"
    r"|prisms?|parabolas?|square(?:[ -]bottomed| base)|open[ -]top(?:ped)?|folding up|fencing)\b",
    re.IGNORECASE,
)
_BEST = r"\b(?:maxim\w+|minim\w+|largest|smallest|greatest|biggest|least|most)\b"
_MEASURE = r"\b(?:area|volume|perimeter|surface)\b"
_LENGTH = r"\b(?:dimensions?|shape|radius|height|width|angles?|size square)\b"
_ASKED = re.compile(
    rf"{_BEST}[^.?!]{{0,60}}?{_MEASURE}|{_MEASURE}[^.?!]{{0,40}}?{_BEST}"
    rf"|\b(?:find|determine|provide|what|choose)\b[^.?!]{{0,40}}?{_LENGTH}",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"\b(?:items|parcels|pieces|boxes|packages|pallets|plots|crops?|acres?|hectares?|types?|kinds?"
    r"|products?|patterns?|rolls?|overlap\w*|linear)\b|\(\s*-?\d[^()]*,[^()]*\)",
    re.IGNORECASE,
)
"""What is packed, sown or cut by number, and corners: how many is asked, or how far from lines."""


def size_of_a_shape(problem: Problem) -> Fault | None:
    """That the problem asks for lengths of which a product matters, with the words that say so.

    None where nothing says so, or where the text is also about a number of things.
    """
    text = problem.text
    if problem.tables or _SHAPE.search(text) is None or _MANY.search(text):
        return None
    for sentence in problem.sentences:
        if _ASKED.search(sentence.text):
            return SIZE_OF_A_SHAPE.fault(quote=sentence.text)
    return None
