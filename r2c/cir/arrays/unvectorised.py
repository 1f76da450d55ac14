"""The refusals of the array evaluator; they never reach a user."""

from __future__ import annotations


class Unvectorised(Exception):
    """Something that is left to the evaluation member by member; the message says what.

    An error in the data is left to it as well: it alone knows how to tell it.
    """


class TooWide(Unvectorised):
    """A loop inside a family of rows that needs the rows in smaller portions."""
