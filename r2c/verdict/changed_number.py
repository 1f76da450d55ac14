"""A number that the model writes becomes another one: that of a rule, `rule r3: 120`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from r2c.cir.expr import numbers, symbols
from r2c.cir.occurrences import STRUCTURAL, Occurrence, occurrences
from r2c.cir.owners import Owner, owners
from r2c.cir.provenance import Source
from r2c.cir.schema import CIR, Decision, Definition, Objective, Parameter, Rule
from r2c.cir.write import number
from r2c.errors import InputError, counted, declare
from r2c.model.renumbered import renumbered_part
from r2c.problem.schema import Problem
from r2c.verdict.dropped_rules import rule_named
from r2c.verdict.lone_numbers import lone_numbers, names_beside

NO_SUCH_NUMBER = declare(
    "R2C-V029", InputError,
    what="{place} states no number {wanted}that the model takes from it.",
    why="The numbers of the model that come from there are {candidates}.",
    remedy="{remedy}",
)  # fmt: skip
SEVERAL_NUMBERS = declare(
    "R2C-V030", InputError,
    what="{place} states several numbers: {candidates}.",
    why="Which of them becomes {new} is not said.",
    remedy="Say it: `{example}`.",
)  # fmt: skip
LIMIT_AND_FACTOR = declare(
    "R2C-V059", InputError,
    what="Rule {rule!r} has {old} as a limit and as another number.",
    why="Whether both become {new} is not said; they only happen to be equal.",
    remedy="Write `{example}` for the limit alone; change the other one in the model.",
)  # fmt: skip

SUPPOSED = "what if it were"
"""How the source of a parameter begins whose number was changed."""
Part = TypeVar("Part", Parameter, Definition, Decision, Rule, Objective)


@dataclass(frozen=True, slots=True)
class RuleNumber:
    """`rule r3: 120`, `rule r3: 100 -> 120`: a number of the rule or of a parameter it names.

    Of a `limit` only those that stand alone beside the sign are meant, if there are any.
    """

    rule: str
    new: float
    old: float | None = None
    limit: bool = False

    def __str__(self) -> str:
        if self.limit:
            return f"the limit in rule {self.rule} becomes {number(self.new)}"
        return f"rule {self.rule}: {step(self.old, self.new)}"

    def applied(self, cir: CIR, problem: Problem) -> CIR:
        """The model with the number changed in the rule and in the parameters of one number.

        Raises:
            InputError: R2C-V027, R2C-V029, R2C-V030, R2C-V059.
        """
        rule = rule_named(cir, self.rule)
        used = frozenset[str]().union(*(symbols(expr) for expr in rule.operands.values()))
        found = [
            Stated(owner, item)
            for owner in owners(cir)
            if (owner.kind, owner.name) == ("rule", rule.id)
            or (owner.kind == "parameter" and owner.name in used and _single(cir, owner.name))
            for item in open_numbers(owner)
            if item.value not in STRUCTURAL or self.old is not None or owner.kind == "parameter"
        ]
        if self.limit:
            beside = names_beside(cir)
            found = [one for one in found if one.item in lone_numbers(one.owner, beside)] or found
        place = f"Rule {self.rule!r}"
        chosen = chosen_numbers(found, self.old, self.new, place, f"rule {self.rule}")
        limits = [one for one in chosen if one.item in lone_numbers(one.owner, names_beside(cir))]
        if self.old is not None and 0 < len(limits) < len(chosen):
            raise LIMIT_AND_FACTOR(
                rule=self.rule,
                old=number(self.old),
                new=number(self.new),
                example=f"the limit in rule {self.rule} becomes {number(self.new)}",
            )
        return renumbered(cir, [(one, signed(one, self.old, self.new)) for one in chosen])


@dataclass(frozen=True, slots=True)
class Stated:
    """A number where the model writes it."""

    owner: Owner
    item: Occurrence


def open_numbers(owner: Owner) -> Iterator[Occurrence]:
    """The numbers that are data or factors; labels, lags and exponents are not."""
    for item in occurrences(owner):
        if not item.structural or item.value in STRUCTURAL:
            yield item


def _single(cir: CIR, name: str) -> bool:
    return any(
        item.name == name and not item.over and isinstance(item.value, float | int)
        for item in cir.parameters
    )


def chosen_numbers(
    found: list[Stated], old: float | None, new: float, place: str, written: str
) -> list[Stated]:
    """Those that the change means; all have the same value, but for their signs."""
    sizes = sorted({abs(one.item.value) for one in found})
    told = _candidates(found)
    if old is not None:
        chosen = [one for one in found if one.item.value == old]
        chosen = chosen or [one for one in found if one.item.value == -old]
        if not chosen:
            remedy = "Name one of these." if sizes else _ELSEWHERE
            wanted = f"{number(old)} "
            raise NO_SUCH_NUMBER(place=place, wanted=wanted, candidates=told, remedy=remedy)
        return chosen
    if not sizes:
        raise NO_SUCH_NUMBER(place=place, wanted="", candidates="none", remedy=_ELSEWHERE)
    twice = len({str(one.owner) for one in found}) < len(found)
    if len(sizes) > 1 or twice:
        example = f"{written}: {step(sizes[-1], new)}"
        raise SEVERAL_NUMBERS(place=place, candidates=told, new=number(new), example=example)
    return found


_ELSEWHERE = "Change a parameter by its name, as in `capacity = 120`, or another rule or sentence."


def _candidates(found: Iterable[Stated]) -> str:
    places: dict[float, list[str]] = {}
    for one in found:
        names = places.setdefault(abs(one.item.value), [])
        if str(one.owner) not in names:
            names.append(str(one.owner))
    return (
        ", ".join(
            f"{number(size)} ({' and '.join(names[:3])}"
            + (f" and {counted(len(names) - 3, 'more place')})" if len(names) > 3 else ")")
            for size, names in places.items()
        )
        or "none"
    )


def signed(one: Stated, old: float | None, new: float) -> float:
    """The new number where the model writes it; a sign that only the model has is kept."""
    value = one.item.value
    return -new if (value < 0 if old is None else value == -old) and value else new


def renumbered(cir: CIR, chosen: Sequence[tuple[Stated, float]]) -> CIR:
    """The model with each of the chosen numbers another one, all at once."""
    wanted: dict[tuple[str, str], list[tuple[Stated, float]]] = {}
    for one, new in chosen:
        wanted.setdefault((one.owner.kind, one.owner.name), []).append((one, new))

    def each(
        kind: str, parts: Iterable[Part], name: Callable[[int, Part], str]
    ) -> tuple[Part, ...]:
        return tuple(
            _part(part, ones) if (ones := wanted.get((kind, name(place, part)))) else part
            for place, part in enumerate(parts, start=1)
        )

    return cir.model_copy(
        update={
            "parameters": each("parameter", cir.parameters, lambda _, item: item.name),
            "definitions": each("definition", cir.definitions, lambda _, item: item.name),
            "decisions": each("decision", cir.decisions, lambda _, item: item.name),
            "rules": each("rule", cir.rules, lambda _, item: item.id),
            "objectives": each("objective", cir.objectives, lambda place, _: str(place)),
        }
    )


def _part(part: Part, ones: list[tuple[Stated, float]]) -> Part:
    fresh_of: dict[float, dict[int, float]] = {}
    for one, new in ones:
        fresh_of.setdefault(one.item.value, {})[one.item.rank] = new
    exact = {value: _in_written_order(part, ones[0][0].owner, value) for value in fresh_of}
    met: dict[float, int] = {}

    def after(value: float) -> float:
        rank = met.get(value, 0)
        met[value] = rank + 1
        ranks = fresh_of.get(value)
        if ranks is None:
            return value
        return ranks.get(rank, value) if exact[value] else next(iter(ranks.values()))

    fresh = renumbered_part(part, after)
    if isinstance(fresh, Parameter):
        source = Source(kind="assumed", note=f"{SUPPOSED} {number(ones[0][1])}")
        return fresh.model_copy(update={"source": source})
    return fresh


def _in_written_order(part: Part, owner: Owner, value: float) -> bool:
    """Whether the k-th number of this value to be changed is the k-th that is written.

    Otherwise, with labels or lags of the same value among them, all of this value change.
    """
    met: list[float] = []

    def noted(one: float) -> float:
        met.append(one)
        return one

    renumbered_part(part, noted)
    loops = owner.binder
    trees = [] if loops is None else [loop.domain for loop in loops.loops]
    if loops is not None and loops.where is not None:
        trees.append(loops.where)
    in_loops = any(value in numbers(tree) for tree in trees)
    total = sum(item.value == value for item in occurrences(owner))
    return not in_loops and met.count(value) == total


def step(old: float | None, new: float) -> str:
    """A change of a number as it is written: `100 -> 120`, or `120` alone."""
    return number(new) if old is None else f"{number(old)} -> {number(new)}"
