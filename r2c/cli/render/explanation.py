"""An answer told in sentences: what each rule says, whether it binds, what it is worth."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from r2c.archetypes.load import standard_library
from r2c.cir.expr import Binder, Expr
from r2c.cir.nouns import Vocabulary, vocabulary
from r2c.cir.schema import Rule
from r2c.cir.words import statement, words
from r2c.cli.render.layout import INDENT, heading, paragraph, quoted
from r2c.cli.render.model import archetype_name, show_decisions, show_definitions
from r2c.cli.render.rows import part_of, telling_rows
from r2c.cli.render.solution import amount, key_text, limit_reached, show_solution, signed
from r2c.cli.render.verdict import show_verdict
from r2c.cli.streams import visible
from r2c.cli.written_model import WrittenModel, write_model
from r2c.errors import counted
from r2c.formulation import Formulation, RowReport

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
        heading(console, "Rules")
        for number, rule in enumerate(cir.rules):
            if number:
                console.print()
            _show_rule(console, written, rule, rows.get(rule.id, []))
        show_definitions(console, written)
        if answer.solution is not None:
            show_solution(console, cir, answer.solution, binding_too=False)
    show_verdict(console, answer)


def _show_goals(console: Console, written: WrittenModel) -> None:
    cir = written.cir
    for objective in sorted(cir.objectives, key=lambda item: item.tier):
        size = "large" if objective.sense == "max" else "small"
        name = f"the {objective.meaning}" if objective.meaning else "this"
        told = words(written.expansion.of(objective.expr), vocabulary(cir))
        paragraph(console, f"Make {name} as {size} as possible: {told}.")
    if not cir.objectives:
        paragraph(console, "None: any plan that keeps the rules will do.")


def _show_rule(console: Console, written: WrittenModel, rule: Rule, rows: list[RowReport]) -> None:
    name = Text.assemble((visible(rule.id), "bold"), (f"  {archetype_name(rule)}", "green"))
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
    for told in _standing(rows):
        paragraph(console, told, 2 * INDENT, "cyan")


def sentence(relation: Expr, binder: Binder | None, called: Vocabulary) -> str:
    """A relation as a sentence: for whom it holds, then what."""
    told = statement(relation, binder, called)
    return f"{told[:1].upper()}{told[1:]}."


def _standing(rows: list[RowReport]) -> list[str]:
    """How the plan stands to a rule: what is used up, what it is worth, or what is left."""
    tight = [row for row in rows if limit_reached(row) is not None]
    told = [_tight(row) for row in tight[:MOST_LIMITS]]
    if len(tight) > MOST_LIMITS:
        told.append(f"It binds in {counted(len(tight) - MOST_LIMITS, 'more place')}.")
    if rows and not tight:
        if len(rows) == 1:
            told.append(f"It does not bind: {_room(rows[0])}.")
        else:
            told.append("It binds nowhere.")
    return told


def _tight(row: RowReport) -> str:
    where = f" for {key_text(row.key)}" if row.key else ""
    if part := part_of(row):
        where += f" ({part})"
    end = limit_reached(row) or 0.0
    fixed = row.lower is not None and row.lower == row.upper
    kind = "It holds exactly" if fixed else "It binds"
    told = f"{kind}{where}, at {amount(end)}."
    if row.dual:
        told += f" One more unit would change the objective by {signed(row.dual)}."
    elif row.dual is not None and not fixed:
        told += " One more unit would change nothing."
    return told


def _room(row: RowReport) -> str:
    rooms = []
    if row.upper is not None:
        rooms.append(f"{amount(row.upper - row.activity)} below its limit of {amount(row.upper)}")
    if row.lower is not None:
        rooms.append(f"{amount(row.activity - row.lower)} above its least of {amount(row.lower)}")
    return f"the plan is {' and '.join(rooms)}" if rooms else "it has no limit"
