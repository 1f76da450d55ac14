"""Words that an expression understands by itself, so nothing may be called like that."""

from __future__ import annotations

import keyword

from r2c.cir.parse import FUNCTIONS


def is_reserved(name: str) -> bool:
    """Whether a name is a function or a keyword of the algebra."""
    return name in FUNCTIONS or keyword.iskeyword(name)
