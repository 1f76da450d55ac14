"""Every place of the words that a number of a model may come from, where others name one.

To change what a sentence says it does not do to know the likeliest place: if a second one is as
likely, the change would be a guess.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from r2c.cir.derivations import adding_up, is_unit_factor, numbers_near, pairs, sources_of
from r2c.cir.expr import Mul, Name, Num
from r2c.cir.literals import words_near, words_of_others, words_of_rules
from r2c.cir.occurrences import Occurrence, occurrences, source_of
from r2c.cir.owners import Owner, owners
from r2c.cir.provenance import Source
from r2c.cir.schema import CIR
from r2c.problem.schema import Problem, Quantity, Span
from r2c.verdict.as_written import parts_of
from r2c.verdict.changed_number import SUPPOSED, Stated

_COMPARED = re.compile(r"\b(?:more|less|fewer|higher|lower|cheaper|dearer|longer|shorter)\b", re.I)
Traced = tuple[Stated, tuple[Source, ...]]
_MOST = 40
"""Numbers near an owner of which pairs are made."""


def origins(cir: CIR, problem: Problem) -> Iterator[Traced]:
    """The numbers of a model that are data, with the sources that each may have, likeliest first.

    No source if nothing of the problem explains it. Where a person or an agent has told the
    source of a number, that is all.
    """
    told = words_of_rules(cir, problem)
    parts = owners(cir)
    written = {abs(item.value) for owner in parts for item in occurrences(owner)}
    for owner in parts:
        taken: tuple[Span, ...] = ()
        if owner.kind != "parameter":
            taken = words_of_others(told, owner.name if owner.kind == "rule" else "")
        for item in occurrences(owner):
            if item.structural:
                continue
            stored = source_of(owner, item)
            if stored is not None and (stored.note or "").startswith(SUPPOSED):
                stored = None
            if stored is not None and not _may_be_traced(owner, stored):
                yield Stated(owner, item), (stored,)
                continue
            own = {abs(one.value) for one in occurrences(owner)}
            best = sources_of(item.value, problem, words_near(owner, problem), taken, own)
            if stored is not None and stored not in best:
                alone = owner.kind == "parameter"
                rivals = () if alone else _found(owner, item, best, problem, written)
                yield Stated(owner, item), (stored, *rivals)
                continue
            yield Stated(owner, item), _found(owner, item, best, problem, written)


def _may_be_traced(owner: Owner, source: Source) -> bool:
    """Whether a source may be one that was found rather than told."""
    told = owner.kind in ("definition", "decision")
    return not told and source.kind in ("text", "derived")


def _found(
    owner: Owner, item: Occurrence, best: tuple[Source, ...], problem: Problem, written: set[float]
) -> tuple[Source, ...]:
    near = words_near(owner, problem)
    numbers = occurrences(owner)
    own = {abs(one.value) for one in numbers}
    close, around = numbers_near(problem, near)
    local = [*close, *around][:_MOST]
    if not best:
        return tuple(_unused(item.value, local, problem, own, "*/+-"))
    if best[0].kind == "derived":
        return _derived(item.value, best[0], local, problem)
    if best[0].kind != "text":
        return best
    places = sum(one.value == item.value for one in numbers)
    if len(best) < places and is_unit_factor(item.value, problem):
        best = (*best, Source(kind="derived", note="a factor between two units"))
    elif len(best) == places:
        # Said as often as it is written: each with its thing, else in its turn.
        named = _factors_of(owner).get((item.value, item.rank))
        told = [one for one in best if named and _speaks_of(one, named, problem)]
        best = (told[0] if len(told) == 1 else best[item.rank],)
    if any(q.span.overlaps(span) for q in local for span in best[0].spans):
        return best
    beside = _unused(item.value, local, problem, own, "*+-")
    if not near:
        said = problem.quantities[: 5 * _MOST]
        beside = _unused(item.value, said, problem, written, "*", both=True)
    return (*best, *beside)


def _factors_of(owner: Owner) -> dict[tuple[float, int], str]:
    """The symbols that numbers of an owner are factors of, by value and rank."""
    found: dict[tuple[float, int], str] = {}
    met: Counter[float] = Counter()
    last: str | None = None
    for node in owner.nodes():
        if isinstance(node, Num):
            if last is not None:
                found[node.value, met[node.value]] = last
            met[node.value] += 1
        last = None
        if isinstance(node, Mul) and isinstance(node.factors[0], Num):
            last = next((one.id for one in node.factors if isinstance(one, Name)), None)
    return found


def _speaks_of(source: Source, symbol: str, problem: Problem) -> bool:
    words = [word.rstrip("s") for word in re.split(r"[_\d]+", symbol.lower()) if len(word) > 2]
    text = " ".join(
        item.text.lower()
        for item in problem.sentences
        if any(span.overlaps(item.span) for span in source.spans)
    )
    return any(re.search(rf"\b{re.escape(word)}", text) for word in words)


def _unused(
    value: float,
    group: Sequence[Quantity],
    problem: Problem,
    written: set[float],
    operations: str,
    *,
    both: bool = False,
) -> Iterator[Source]:
    """What two numbers of a sentence make of which one, or both, are not written themselves."""
    for sentence in problem.sentences:
        said = [q for q in group if q.sentence == sentence.number and _counts(q)]
        compared = _COMPARED.search(sentence.text) or adding_up(said[:1], problem)
        signs = operations if compared else operations.replace("+", "").replace("-", "")
        for place, first in enumerate(said):
            for second in said[place + 1 :]:
                unused = [abs(q.value) not in written for q in (first, second)]
                if all(unused) or (not both and (any(unused) or first.value == second.value)):
                    yield from pairs(value, (first, second), signs)


def _derived(
    value: float, best: Source, local: list[Quantity], problem: Problem
) -> tuple[Source, ...]:
    """The ways to make a number that are as near to its owner as the one that was found."""
    if len(best.spans) == 1 and list(parts_of(best.note)):
        return _elsewhere(best, local, problem)
    if not list(parts_of(best.note)):
        # The 60 of "minutes in an hour" may be one that is said elsewhere.
        said = [q for q in problem.quantities if _counts(q) and abs(q.value) == abs(value)]
        return _with(best, *(Source(kind="text", spans=(q.span,)) for q in said))
    if len(best.spans) != 2 or best.cells:
        return _with(best)
    for group, signs in ((local, "*/"), (adding_up(local, problem)[:_MOST], "+-")):
        ways = tuple(pairs(value, group, signs))
        if best in ways:
            return _with(best, *ways)
    said = [q for q in problem.quantities if _counts(q)][: 5 * _MOST]
    near = {q.span for q in local}
    ranked: dict[frozenset[float], list[tuple[int, Source]]] = {}
    sentence = {q.span: q.sentence for q in said}
    size = {q.span: abs(q.value) for q in said}
    for way in pairs(value, said, "*"):
        first, second = way.spans
        rank = 2 * (sentence[first] == sentence[second]) + sum(s in near for s in way.spans)
        ranked.setdefault(frozenset((size[first], size[second])), []).append((rank, way))
    found: list[tuple[int, Source]] = []
    for ways_of in ranked.values():
        top = max(rank for rank, _ in ways_of)
        found += [(rank, way) for rank, way in ways_of if rank == top]
    likely = [way for rank, way in found if rank > 0] or [way for _, way in found]
    return tuple(likely) or _with(best)


def _with(best: Source, *others: Source) -> tuple[Source, ...]:
    """The likeliest source first, then the others."""
    return tuple(dict.fromkeys((best, *others)))


def _elsewhere(best: Source, local: list[Quantity], problem: Problem) -> tuple[Source, ...]:
    """A number made of one, with each place that says that one as near."""
    at = next((q for q in problem.quantities if best.spans[0].overlaps(q.span)), None)
    if at is None or at in local:
        return _with(best)
    same = (q for q in problem.quantities if q.value == at.value and q.kind == at.kind)
    return _with(best, *(best.model_copy(update={"spans": (q.span,)}) for q in same))


def _counts(quantity: Quantity) -> bool:
    return quantity.kind not in ("label", "ordinal")
