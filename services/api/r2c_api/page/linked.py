"""Words, rules and equations of a model, tied to each other: the three columns of the page.

Each rule and each goal has a link, a short name of the page; a piece of the text carries the links
of all that quote it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from r2c.archetypes.load import standard_library
from r2c.cir.check_quotes import words_of
from r2c.cir.nouns import Vocabulary, vocabulary
from r2c.cir.owners import owners
from r2c.cir.schema import CIR, Objective, Rule
from r2c.cir.words import statement, words
from r2c.formulation import Choice, Formulation
from r2c.problem.schema import Problem, Span
from r2c.telling.archetype import card_mark
from r2c.telling.equation import maths
from r2c.telling.written_model import WrittenModel, write_model
from r2c.verdict.quoted import quoted
from r2c_api.page.equations import MOST_ROWS, ShownEquation, shown_equations

_MOST_SENTENCES = 3


@dataclass(frozen=True)
class Piece:
    """A stretch of the text, with the links of the rules that quote it."""

    text: str
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A rule or a goal with all that is shown of it."""

    link: str
    name: str
    kind: str
    quote: str
    said: tuple[str, ...]
    equations: tuple[ShownEquation, ...]
    more: int = 0
    paradigm: str = ""
    reason: str = ""
    soft: str = ""
    placed: bool = False
    clashes: bool = False


@dataclass(frozen=True)
class Linked:
    """The three columns; `written` is whether the words are the user's, not the rules' quotes."""

    pieces: tuple[Piece, ...]
    lines: tuple[Line, ...]
    where: tuple[tuple[str, ShownEquation], ...]
    written: bool


def linked(answer: Formulation, cir: CIR) -> Linked:
    """The columns of an answer that has a model."""
    problem, told = answer.problem, cir
    if not problem.text:
        problem, told = quoted(answer.problem, cir)
    model = write_model(told, answer.problem)
    called = vocabulary(told)
    chosen = {choice.rule: choice for choice in answer.choices}
    against = set() if answer.conflict is None else set(answer.conflict.rules)
    spans: list[tuple[Span, str]] = []
    lines: list[Line] = []
    for number, goal in enumerate(told.objectives):
        lines.append(_goal(goal, f"goal-{number}", model, called))
    for number, rule in enumerate(told.rules):
        line = _rule(rule, f"rule-{number}", model, called, chosen.get(rule.id))
        lines.append(replace(line, clashes=rule.id in against))
    places = _places(told, problem)
    for place, line in enumerate(lines):
        if (span := places.get(line.link)) is not None and span.start < span.end:
            spans.append((span, line.link))
            lines[place] = replace(line, placed=True)
    where = [
        (item.name, shown_equations([(model.expansion.of(item.expr), item.forall)])[0])
        for item in model.expansion.listed
    ]
    return Linked(
        tuple(pieces(problem.text, spans)), tuple(lines), tuple(where), bool(answer.problem.text)
    )


def pieces(text: str, spans: Iterable[tuple[Span, str]]) -> list[Piece]:
    """The text cut wherever a quote begins or ends."""
    known = list(spans)
    cuts = sorted({0, len(text), *(end for span, _ in known for end in (span.start, span.end))})
    found: list[Piece] = []
    for start, end in pairwise(cuts):
        links = tuple(link for span, link in known if span.start <= start and end <= span.end)
        if links and not text[start:end].strip():
            links = ()
        found.append(Piece(text[start:end], links))
    return found


def _places(cir: CIR, problem: Problem) -> dict[str, Span | None]:
    """Where the words of each link stand."""
    found: dict[str, Span | None] = {}
    goals = [owner for owner in owners(cir) if owner.kind == "objective"]
    for number, owner in enumerate(goals):
        found[f"goal-{number}"] = words_of(owner, problem)
    for number, rule in enumerate(cir.rules):
        found[f"rule-{number}"] = words_of(rule, problem)
    return found


def _goal(goal: Objective, link: str, model: WrittenModel, called: Vocabulary) -> Line:
    expr = model.expansion.of(goal.expr)
    shown = shown_equations([(expr, None)])[0]
    verb = "maximize" if goal.sense == "max" else "minimize"
    size = "large" if goal.sense == "max" else "small"
    what = f"the {goal.meaning}" if goal.meaning else "this"
    said = f"Make {what} as {size} as possible: {words(expr, called)}."
    head = rf"\{goal.sense}\quad " if shown.latex else ""
    return Line(
        link, goal.meaning or "goal", "goal", goal.quote, (said,),
        (ShownEquation(head + shown.latex, f"{verb} {shown.plain}"),),
    )  # fmt: skip


def _rule(
    rule: Rule, link: str, model: WrittenModel, called: Vocabulary, choice: Choice | None
) -> Line:
    library = standard_library()
    card = library.get(rule.archetype)
    rows = model.rows(rule)
    if model.plain is None:
        rows = [(expr, rule.forall) for expr in rule.operands.values()]
    said = [_sentence(statement(expr, binder, called)) for expr, binder in rows[:_MOST_SENTENCES]]
    if card is not None and rule.archetype != "linear":
        said = [card.meaning] if len(rows) > _MOST_SENTENCES else [*said]
    paradigm = reason = ""
    if choice is not None and rule.archetype != "linear":
        paradigm = choice.paradigm.replace("_", " ")
        if choice.relation != "exact":
            paradigm += f" ({choice.relation})"
        reason = choice.reason
    soft = ""
    if rule.soft is not None:
        soft = f"may be broken at {maths(rule.soft.price)} per {rule.soft.per}"
    archetype = card.name if card is not None else rule.archetype
    if mark := card_mark(rule.archetype):
        archetype += f" ({mark})"
    return Line(
        link, rule.id, archetype, rule.quote,
        tuple(said), tuple(shown_equations(rows)), max(0, len(rows) - MOST_ROWS),
        paradigm, reason, soft,
    )  # fmt: skip


def _sentence(told: str) -> str:
    return f"{told[:1].upper()}{told[1:]}."
