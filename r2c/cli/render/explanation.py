"""An answer told in sentences: what each rule says, whether it binds, what it is worth."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from r2c.archetypes.load import standard_library
from r2c.cir.expr import Binder, Expr, Neg
from r2c.cir.nouns import Vocabulary, vocabulary
from r2c.cir.schema import CIR, Rule
from r2c.cir.words import statement, words
from r2c.cli.render.assumed import show_assumed
from r2c.cli.render.bounds import show_bounds
from r2c.cli.render.goals import NO_GOAL, TierGoal, tier_goals
from r2c.cli.render.layout import INDENT, heading, paragraph, quoted
from r2c.cli.render.model import archetype_name, show_decisions, show_definitions
from r2c.cli.render.sensitivity import show_cost_ranges
from r2c.cli.render.solution import show_solution
from r2c.cli.render.verdict import show_verdict
from r2c.cli.render.worth import show_worth
from r2c.cli.streams import visible
from r2c.errors import counted
from r2c.formulation import Formulation, RowReport, RuleCost, Sensitivity
from r2c.telling.amounts import amount, key_text, signed
from r2c.telling.as_stated import as_stated, states_its_end
from r2c.telling.limits_reached import limit_reached
from r2c.telling.sensitivity import sensitivity_told
from r2c.telling.worth import how_far
from r2c.telling.written_model import WrittenModel, write_model
from r2c.verdict.kept_rows import kept_rows
from r2c.verdict.telling_rows import part_of, telling_rows

MOST_SENTENCES = 4
MOST_LIMITS = 6


def show_explanation(console: Console, answer: Formulation) -> None:
    """Print the explanation."""
    if answer.cir is not None:
        cir = answer.cir
        written = write_model(cir, answer.problem)
        show_decisions(console, cir, first=True)
        heading(console, "Goal")
        _show_goals(console, written)
        rows: dict[str, list[RowReport]] = {}
        solved = () if answer.solution is None else answer.solution.rows
        for row in telling_rows(solved, cir, answer.choices):
            rows.setdefault(row.rule, []).append(row)
        costs = () if answer.solution is None else answer.solution.costs
        heading(console, "Rules")
        for number, rule in enumerate(cir.rules):
            if number:
                console.print()
            paid = [cost for cost in costs if cost.rule == rule.id]
            moving = () if answer.solution is None else answer.solution.sensitivity
            own = tuple(item for item in moving if item.rule == rule.id)
            _show_rule(console, written, rule, rows.get(rule.id, []), paid, own)
        show_definitions(console, written)
        show_assumed(console, cir)
        if answer.solution is not None:
            show_solution(console, cir, answer.solution, binding_too=False)
            show_bounds(console, answer.solution.bounds_reached, cir)
            show_worth(console, cir, answer.solution)
            show_cost_ranges(console, answer.solution.cost_ranges, cir)
    show_verdict(console, answer)


def _show_goals(console: Console, written: WrittenModel) -> None:
    found = tier_goals(written)
    for place, item in enumerate(found):
        for told in _goal_sentences(written, item, "" if len(found) < 2 else _ORDER[place > 0]):
            paragraph(console, told)
    if not found:
        paragraph(console, f"None: {NO_GOAL}.")


_ORDER = ("First of all, ", "Then, of the plans that are left, ")


def _goal_sentences(written: WrittenModel, item: TierGoal, order: str) -> Iterator[str]:
    """One sentence for what is made large or small, and one for each thing added to it."""
    called = vocabulary(written.cir)
    for place, (expr, name) in enumerate(item.terms(written)):
        if not place:
            size = "large" if item.sense == "max" else "small"
            what = f"the {name}" if name else "this"
            make = f"{order}make {what} as {size} as possible: {words(expr, called)}."
            yield make[:1].upper() + make[1:]
            continue
        taken = isinstance(expr, Neg)
        told = words(expr.term if isinstance(expr, Neg) else expr, called)
        yield f"{'Take from it' if taken else 'Add to it'} {f'the {name}: ' if name else ''}{told}."


def _show_rule(
    console: Console,
    written: WrittenModel,
    rule: Rule,
    rows: list[RowReport],
    costs: list[RuleCost],
    moving: tuple[Sensitivity, ...],
) -> None:
    name = Text.assemble((visible(rule.id), "bold"), "  ", archetype_name(rule))
    paragraph(console, name)
    if rule.quote:
        quoted(console, rule.quote, 2 * INDENT)
    card = standard_library().get(rule.archetype)
    if card is not None and rule.archetype != "linear":
        paragraph(console, card.meaning, 2 * INDENT, "dim")
    relations = written.rows(rule)
    called = vocabulary(written.cir)
    for relation, binder in relations[:MOST_SENTENCES]:
        paragraph(console, sentence(relation, binder, called), 2 * INDENT)
    if len(relations) > MOST_SENTENCES:
        more = len(relations) - MOST_SENTENCES
        paragraph(console, f"… and {counted(more, 'more equation')}", 2 * INDENT, "dim")
    if written.plain is None:
        for role, expr in rule.operands.items():
            paragraph(console, f"{role}: {sentence(expr, rule.forall, called)}", 2 * INDENT)
    if rule.soft is not None:
        price = f"{words(rule.soft.price, called)} per {rule.soft.per}"
        paragraph(console, f"It may be broken, at a price of {price}.", 2 * INDENT)
    standing = _standing(kept_rows(rows, costs), moving, written.cir)
    for told in (*_paid(written.cir, costs), *standing):
        paragraph(console, told, 2 * INDENT, "cyan")


def sentence(relation: Expr, binder: Binder | None, called: Vocabulary) -> str:
    """A relation as a sentence: for whom it holds, then what."""
    told = statement(relation, binder, called)
    return f"{told[:1].upper()}{told[1:]}."


def _paid(cir: CIR, costs: list[RuleCost]) -> Iterator[str]:
    """What the plan pays because of a rule: how far it is broken, and what it charges."""
    for cost in costs[:MOST_LIMITS]:
        where = f" for {key_text(cost.key)}" if cost.key else ""
        if cost.broken is None:
            yield f"Its charge{where} is {amount(cost.cost)}."
        else:
            yield f"It is broken{where} {how_far(cir, cost)}, which costs {amount(cost.cost)}."
    if len(costs) > MOST_LIMITS:
        yield f"It costs something in {counted(len(costs) - MOST_LIMITS, 'more place')}."


def _standing(rows: list[RowReport], moving: tuple[Sensitivity, ...], cir: CIR) -> Iterator[str]:
    """How the plan stands to a rule: what is used up, what it is worth, or what is left."""
    rows = [as_stated(row) for row in rows]
    tight = [row for row in rows if limit_reached(row) is not None]
    for row in tight[:MOST_LIMITS]:
        own = [item for item in moving if item.row == row.row]
        # Where it is known how far a dual holds, that is told; one unit may be further.
        dual = None if own else row.dual
        yield f"{_tight(row, dual)} {sensitivity_told(own, cir)}".rstrip()
    if len(tight) > MOST_LIMITS:
        yield f"It binds in {counted(len(tight) - MOST_LIMITS, 'more place')}."
    if rows and not tight:
        told = f"It does not bind: {_room(rows[0])}." if len(rows) == 1 else "It binds nowhere."
        yield f"{told}{_NEARLY}" if _nearly(rows, cir) else told
    decided = {item.row for item in moving if item.value != 0}
    for row in [row for row in rows if row.row in decided and row not in tight][:MOST_LIMITS]:
        # Whole numbers may stop a little before a limit that decides all the same.
        where = f"For {key_text(row.key)}, at {amount(row.activity)}: " if row.key else ""
        yield where + sensitivity_told([item for item in moving if item.row == row.row], cir)


_NEARLY = " The plan comes in whole numbers: a change of this limit may matter all the same."
_NEAR = 0.1
"""Room that is a smaller share of a limit than this may be what whole numbers leave."""


def _nearly(rows: list[RowReport], cir: CIR) -> bool:
    """Whether whole numbers may have stopped the plan just before a limit."""
    if all(item.domain == "continuous" for item in cir.decisions):
        return False
    return any(
        abs(row.activity - end) <= _NEAR * abs(end)
        for row in rows
        for end in (row.lower, row.upper)
        if end
    )


def _tight(row: RowReport, dual: float | None) -> str:
    where = f" for {key_text(row.key)}" if row.key else ""
    if part := part_of(row):
        where += f" ({part})"
    fixed = row.lower is not None and row.lower == row.upper
    told = f"{'It holds exactly' if fixed else 'It binds'}{where}"
    if stated := states_its_end(row):
        told += f", at {amount(limit_reached(row) or 0.0)}"
    more = "A little more" if stated else "A little more on its right side"
    if dual:
        return f"{told}. {more} would change the objective by {signed(dual)} a unit."
    if dual is not None and not fixed:
        return f"{told}. {more} would change nothing."
    return f"{told}."


def _room(row: RowReport) -> str:
    if not states_its_end(row):
        ends = [end for end in (row.lower, row.upper) if end is not None]
        return f"there is room for {amount(min(abs(row.activity - end) for end in ends))}"
    rooms = []
    if row.upper is not None:
        rooms.append(f"{amount(row.upper - row.activity)} below its limit of {amount(row.upper)}")
    if row.lower is not None:
        rooms.append(f"{amount(row.activity - row.lower)} above its least of {amount(row.lower)}")
    return f"the plan is {' and '.join(rooms)}" if rooms else "it has no limit"
