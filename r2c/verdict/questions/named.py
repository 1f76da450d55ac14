"""Names and words of questions: ids that stay the same, labels that are nearly alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from r2c.cir.write import number

_LONGEST = 64
ALIKE = 0.8
"""Labels that share so much of their letters are taken for two spellings of one."""


def question_id(*parts: object) -> str:
    """An identifier out of words; equal words give equal ids."""
    words = (re.sub(r"[^A-Za-z0-9]+", "_", str(part)).strip("_") for part in parts)
    name = "_".join(word for word in words if word)[:_LONGEST].strip("_")
    return name if name[:1].isalpha() else f"q_{name}"[:_LONGEST]


def spoken(name: str) -> str:
    """A symbol as words."""
    return name.replace("_", " ")


def key_told(key: Iterable[object]) -> str:
    """A key in a sentence: "Vienna", "Graz and May"."""
    parts = [number(part) if isinstance(part, float) else str(part) for part in key]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def likeness(one: str, other: str) -> float:
    """How much of their letters two labels share, in 0 to 1; case and blanks do not count."""
    return SequenceMatcher(None, _folded(one), _folded(other)).ratio()


def alike(label: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known labels that are nearly the label, the nearest first."""
    near = [(likeness(label, other), other) for other in known if other != label]
    return tuple(other for share, other in sorted(near, reverse=True) if share >= ALIKE)


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
