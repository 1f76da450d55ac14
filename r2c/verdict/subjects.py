"""Numbers held against what their sentence gives them to: 300 to wheat and 200 to rye.

A sentence that names as many things as it tells numbers gives the first number to the first thing.
A model that gives them the other way round, or limits what the sentence does not name, solves well
and answers another question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from r2c.archetypes.card import Card
from r2c.cir.check_quotes import words_of
from r2c.cir.derivations import says
from r2c.cir.owners import owners
from r2c.cir.schema import CIR
from r2c.cir.write import number
from r2c.formulation import Evidence
from r2c.problem.schema import Problem, Quantity, Sentence
from r2c.verdict.amounts_given import Given, Share, Single, given_forms, shares, single_limits
from r2c.verdict.owned_numbers import numbers_in, owned, owned_in_tables
from r2c.verdict.things import Things, things_of
from r2c.verdict.things_in_rules import strangers
from r2c.verdict.told_lists import reordered
from r2c.verdict.wording import counted

NAME = "subjects"


def subjects(problem: Problem, cir: CIR, library: Mapping[str, Card]) -> Evidence:
    """Whether numbers belong to the things that their sentences give them to."""
    found, compared = subject_conflicts(problem, cir, library)
    message = " ".join(told for _, told in found)
    if not message:
        message = (
            f"What {counted(compared, 'group')} of numbers is about agrees with the words."
            if compared
            else "No sentence names in turn what its numbers are about."
        )
    rules = {rule.id for rule in cir.rules}
    return Evidence(
        check=NAME,
        passed=not found if compared or found else None,
        message=message,
        rules=tuple(dict.fromkeys(owner for owner, _ in found if owner in rules)),
        details={"compared": compared},
    )


def conflicts(problem: Problem, cir: CIR, library: Mapping[str, Card]) -> Iterator[tuple[str, str]]:
    """Owners of numbers with what speaks against them."""
    yield from subject_conflicts(problem, cir, library)[0]


def subject_conflicts(
    problem: Problem, cir: CIR, library: Mapping[str, Card]
) -> tuple[tuple[tuple[str, str], ...], int]:
    """The conflicts, and how many groups of numbers could be compared with words."""
    if not problem.text.strip():
        return (), 0
    found: list[tuple[str, str]] = []
    compared = 0
    things = things_of(cir)
    for form in given_forms(cir, library):
        told = _form_told(form, problem)
        compared += told is not None
        if told:
            found.append((form.owner, told))
    limits = [item for item in single_limits(cir, library) if item.thing in things]
    places = {rule.id: _sentences(rule.id, cir, problem) for rule in cir.rules}
    for limit in limits:
        for sentence in places[limit.rule]:
            told = _limit_told(limit, sentence, problem, things)
            compared += told is not None
            if told:
                found.append((limit.rule, told))
    found += _exchanged(limits, places, problem, things)
    found += strangers(cir, library, places, things)
    found += reordered(problem, cir)
    for share in shares(cir, library):
        for sentence in places[share.rule]:
            told = _share_told(share, sentence, problem, things)
            compared += told is not None
            if told:
                found.append((share.rule, told))
    return tuple(dict.fromkeys(found)), compared


def _form_told(form: Given, problem: Problem) -> str | None:
    """What the words say of the numbers of a sum; empty if they agree, None if nothing is said."""
    values = list(form.amounts.values())
    if len(set(values)) < len(values):
        return None
    said = False
    for sentence in problem.sentences:
        named = form.things.in_order(sentence.text)
        numbers = _saying(values, sentence, problem)
        if len(named) == len(form.amounts) == len(numbers) and set(named) == set(form.amounts):
            meant = dict(zip(named, numbers, strict=True))
            if all(says(meant[name], value) for name, value in form.amounts.items()):
                said = True
            elif _only_here(form, values, sentence, problem):
                return _told_form(form, meant)
    if said:
        return ""
    return _one_by_one(form, problem)


def _one_by_one(form: Given, problem: Problem) -> str | None:
    """The same for each number, if the words tell what it is about wherever it is said."""
    agreed = False
    about = [pair for place in problem.sentences for pair in owned(place, problem, form.things)]
    cells = owned_in_tables(problem, form.things)
    outside = [item for place in problem.sentences for item in numbers_in(place, problem)]
    for name, value in form.amounts.items():
        said = sum(says(quantity, value) for quantity in outside)
        said += sum(abs(cell) == value for cell, _ in cells)
        told_of = [thing for quantity, thing in about if says(quantity, value)]
        told_of += [thing for cell, thing in cells if thing is not None and abs(cell) == value]
        if value == 1.0 or not said or len(told_of) < said:
            continue
        if name not in told_of:
            told = " and ".join(map(repr, dict.fromkeys(told_of)))
            return f"The words say {number(value)} of {told}, the {form.kind} of {name!r}."
        agreed = True
    return "" if agreed else None


def _only_here(form: Given, values: list[float], sentence: Sentence, problem: Problem) -> bool:
    """Whether the numbers are told of these things nowhere else, where they may mean another."""
    return not any(
        other.number != sentence.number
        and form.things.in_order(other.text)
        and _saying(values, other, problem)
        for other in problem.sentences
    )


def _told_form(form: Given, meant: Mapping[str, Quantity]) -> str:
    words = " and ".join(f"{meant[name].text} to {name!r}" for name in form.amounts)
    model = " and ".join(f"{number(value)} to {name!r}" for name, value in form.amounts.items())
    return f"The words give {words}, the {form.kind} gives {model}."


def _limit_told(limit: Single, sentence: Sentence, problem: Problem, things: Things) -> str | None:
    if not _saying([limit.value], sentence, problem):
        return None
    named = things.in_order(sentence.text)
    if not named:
        return None
    about = {
        name for quantity, name in owned(sentence, problem, things) if says(quantity, limit.value)
    }
    if limit.thing in (about or named):
        return ""
    if about:
        told = " and ".join(map(repr, sorted(about)))
        return (
            f"The words '{_line(sentence)}' say {number(limit.value)} of {told}, the rule "
            f"{limit.rule!r} of {limit.thing!r}."
        )
    told = " and ".join(map(repr, named))
    return (
        f"The words '{_line(sentence)}' name {told}, the rule {limit.rule!r} limits "
        f"{limit.thing!r}."
    )


def _exchanged(
    limits: list[Single],
    places: Mapping[str, list[Sentence]],
    problem: Problem,
    things: Things,
) -> Iterator[tuple[str, str]]:
    """Limits on several things of one sentence, each with the number of another."""
    at = [
        (sentence.number, sentence, limit)
        for limit in limits
        for sentence in places[limit.rule]
        if _saying([limit.value], sentence, problem)
    ]
    at.sort(key=lambda item: item[0])
    for _, group in groupby(at, key=lambda item: item[0]):
        held = list(group)
        sentence = held[0][1]
        amounts = {limit.thing: limit.value for _, _, limit in held}
        if len(amounts) < 2 or len(amounts) != len(held):
            continue
        named = things.in_order(sentence.text)
        numbers = _saying(list(amounts.values()), sentence, problem)
        if set(named) != set(amounts) or len(numbers) != len(named):
            continue
        meant = dict(zip(named, numbers, strict=True))
        for _, _, limit in held:
            if not says(meant[limit.thing], limit.value):
                yield (
                    limit.rule,
                    f"The words '{_line(sentence)}' say {meant[limit.thing].text} of "
                    f"{limit.thing!r}, the rule {limit.rule!r} {number(limit.value)}.",
                )


def _share_told(share: Share, sentence: Sentence, problem: Problem, things: Things) -> str | None:
    if not _saying([share.value], sentence, problem):
        return None
    named = things.in_order(sentence.text)
    if not named or share.part not in things:
        return None
    if share.part not in named:
        told = " and ".join(map(repr, named))
        return (
            f"The words '{_line(sentence)}' speak of a share of {told}, the rule "
            f"{share.rule!r} of one of {share.part!r}."
        )
    if named == (share.part,) and len(share.whole) == 1 and share.whole[0] in things:
        return (
            f"The words '{_line(sentence)}' do not name {share.whole[0]!r}, of which the rule "
            f"{share.rule!r} takes a share."
        )
    return ""


def _saying(values: list[float], sentence: Sentence, problem: Problem) -> list[Quantity]:
    """The numbers of a sentence that are among these; those of one unit if there are too many."""
    found = [
        item for item in numbers_in(sentence, problem) if any(says(item, value) for value in values)
    ]
    if len(found) <= len(values):
        return found
    units: dict[str | None, list[Quantity]] = {}
    for item in found:
        units.setdefault(item.unit, []).append(item)
    fitting = [held for held in units.values() if len(held) == len(values)]
    return fitting[0] if len(fitting) == 1 else found


def _sentences(rule: str, cir: CIR, problem: Problem) -> list[Sentence]:
    owner = next(item for item in owners(cir) if item.kind == "rule" and item.name == rule)
    span = words_of(owner, problem)
    if span is None:
        return []
    return [item for item in problem.sentences if item.span.overlaps(span)]


def _line(sentence: Sentence) -> str:
    words = " ".join(sentence.text.split())
    return words if len(words) <= 90 else f"{words[:87]}..."
