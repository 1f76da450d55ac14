"""Options of a sentence that was read twice: equal texts become one, with the mean of both."""

from __future__ import annotations

from collections.abc import Sequence

from r2c.pipeline.state import Record


def merged(first: Sequence[Record], second: Sequence[Record]) -> list[Record]:
    """Both lists as one, best first; what is missing in a list counts as nothing."""
    texts = dict.fromkeys(str(item["text"]) for item in (*first, *second))

    def mean(text: str, field: str) -> float:
        found = [item for item in (*first, *second) if item["text"] == text]
        return sum(float(str(item[field])) for item in found) / 2

    known = [of[0].get("asked") for of in (first, second) if of]
    drawn = [int(str(asked)) for asked in known if asked is not None]
    asked: Record = {"asked": round(sum(drawn) / 2)} if len(drawn) == 2 else {}
    made: list[Record] = [
        {"text": text, "votes": round(mean(text, "votes")), "score": mean(text, "score"), **asked}
        for text in texts
    ]
    return sorted(made, key=lambda item: -float(str(item["score"])))
