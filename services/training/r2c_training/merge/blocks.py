"""How a tensor is cut into blocks: runs of whole rows, the same for every model of a family.

Whole rows suit every operator that does not need the whole tensor, and adapters, whose rows are
products; a block of half a million elements is 1 MiB of bfloat16.
"""

from __future__ import annotations

from math import prod

BLOCK_ELEMENTS = 1 << 19


def block_length(shape: tuple[int, ...], elements: int) -> int:
    """Elements of every block of such a tensor but the last, which may be shorter."""
    row = shape[-1] if shape else 1
    return max(1, elements // max(1, row)) * max(1, row)


def part_length(shape: tuple[int, ...], elements: int, part: int) -> int:
    """Elements of the even parts, of whole rows, that a block is worked on in; about `part`."""
    row = max(1, shape[-1] if shape else 1)
    length = min(block_length(shape, elements), max(1, prod(shape)))
    rows, parts = length // row, -(-length // part)
    return max(1, -(-rows // parts)) * row


def block_count(shape: tuple[int, ...], elements: int) -> int:
    """Number of its blocks."""
    return -(-prod(shape) // block_length(shape, elements))


def block_bounds(shape: tuple[int, ...], elements: int) -> list[tuple[int, int]]:
    """First element and the one behind the last, of each block."""
    size, step = prod(shape), block_length(shape, elements)
    return [(start, min(start + step, size)) for start in range(0, size, step)]
