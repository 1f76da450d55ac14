"""Text that UTF-8 cannot write: escapes in JSON and YAML may name halves of surrogate pairs."""

from __future__ import annotations


def is_text(text: str) -> bool:
    """Whether it can be written."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def paired(text: str) -> str | None:
    """The text with pairs of halves as the characters that they are; None if a half is alone."""
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return None
