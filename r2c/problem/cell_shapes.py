"""Reads the content of a cell written in a text: markup off, number or not."""

from __future__ import annotations

import re

from r2c.problem.cell_numbers import is_nothing, read_number
from r2c.problem.dollar_signs import math_delimiters

_MARKUP = re.compile(r"\*\*|__|`|\\(?:textbf|textit|text|mathrm|mathbf|emph)\s*\{([^{}]*)\}")
_BREAK = re.compile(r"<br\s*/?>", re.I)
_TAG = re.compile(r"<[^<>]{1,80}>")
_ESCAPE = re.compile(r"\\([$%&#_{}|])")
_ENTITIES = {"&nbsp;": " ", "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'"}


def cell_text(written: str) -> str:
    """The content of a cell without Markdown, LaTeX and HTML markup."""
    content = _TAG.sub("", _BREAK.sub(" ", written))
    for entity, character in _ENTITIES.items():
        content = content.replace(entity, character)
    content = _MARKUP.sub(lambda match: match.group(1) or "", content)
    delimiters = math_delimiters(content)
    content = "".join(c for i, c in enumerate(content) if i not in delimiters)
    return _ESCAPE.sub(r"\1", content).strip(" \t\u00a0")


def looks_numeric(written: str) -> bool:
    """Whether a cell holds a number or nothing."""
    content = cell_text(written)
    return is_nothing(content) or read_number(content) is not None
