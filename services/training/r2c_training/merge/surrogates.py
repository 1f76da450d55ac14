"""Text that UTF-8 cannot write: escapes in JSON and YAML may name halves of surrogate pairs."""

from __future__ import annotations


def is_text(text: str) -> bool:
    """Whether it can be written."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
