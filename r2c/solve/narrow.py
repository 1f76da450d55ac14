"""What can be spared of things that conflict: fewer and fewer, as long as they still do."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def narrowed(
    groups: Sequence[Sequence[T]], conflict: Callable[[frozenset[T]], bool | None]
) -> tuple[frozenset[T], bool]:
    """Items that still conflict, and whether each of them was shown to be needed.

    Large chunks are tried first, so that few needed items among many are found in few questions.

    Args:
        groups: The items, which conflict all together; those of the first group are spared first.
        conflict: Whether items conflict; None if that stays open. Items that do not conflict are
            taken not to conflict when there are fewer of them.
    """
    said: dict[frozenset[T], bool | None] = {}

    def ask(items: frozenset[T]) -> bool | None:
        if items not in said:
            said[items] = conflict(items)
        return said[items]

    kept = frozenset(item for group in groups for item in group)
    chunks = [list(group) for group in reversed(groups) if group]
    open_: list[T] = []
    while chunks:
        chunk = chunks.pop()
        answer = ask(kept - set(chunk))
        if answer is True:
            kept -= set(chunk)
        elif len(chunk) > 1:
            middle = len(chunk) // 2
            chunks += [chunk[:middle], chunk[middle:]]
        elif answer is None:
            open_ += chunk
    settled = True
    for item in open_:  # fewer others may settle it
        answer = ask(kept - {item})
        if answer is True:
            kept -= {item}
        settled = settled and answer is not None
    return kept, settled
