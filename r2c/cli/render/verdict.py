"""The two answers, never mixed: what the mathematics says, and how far to believe it."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from r2c.cir.schema import CIR
from r2c.cli.render.asked import show_questions
from r2c.cli.render.fault import show_fault
from r2c.cli.render.layout import heading, paragraph
from r2c.cli.render.lines import show
from r2c.cli.render.remedies import show_remedies
from r2c.cli.streams import plain, visible
from r2c.errors import Fault
from r2c.formulation import Conflict, Evidence, Formulation, Outcome, Trust, Usage
from r2c.telling.amounts import amount
from r2c.telling.worth import value_told

_OUTCOME_STYLE = {
    Outcome.OPTIMAL: "bold green",
    Outcome.FEASIBLE: "bold green",
    Outcome.INFEASIBLE: "bold yellow",
    Outcome.UNBOUNDED: "bold yellow",
}
_TRUST_STYLE = {
    Trust.VERIFIED: "bold green",
    Trust.PLAUSIBLE: "bold yellow",
    Trust.REJECTED: "bold red",
    Trust.SOLVER_SUSPECT: "bold red",
}
_MARKS = {True: ("✓", "green"), False: ("✗", "red"), None: ("–", "dim")}
_SAYS = {
    Outcome.INFEASIBLE: "the rules cannot all hold",
    Outcome.UNBOUNDED: "the objective can grow without end; a rule seems to be missing",
    Outcome.LIMIT: "a limit was reached before there was an answer",
    Outcome.UNSUPPORTED: "the model cannot be written or solved as it stands",
    Outcome.NEEDS_INPUT: "something only you can settle is missing",
}


def show_verdict(console: Console, answer: Formulation) -> None:
    """Conflict, questions and faults if there are any; outcome, trust with evidence, cost."""
    if answer.conflict is not None and answer.cir is not None:
        show_conflict(console, answer.conflict, answer.cir)
    show_questions(console, answer.questions)
    console.print()
    for fault in _faults(answer):
        show_fault(console, fault, "error" if _stopped(answer) else "note")
    show(console, _labelled("Outcome", _outcome(answer)))
    show(console, _labelled("Trust", _trust(answer)))
    _show_evidence(console, answer.evidence)
    show(console, _labelled("Cost", plain(cost(answer.usage))))


def _stopped(answer: Formulation) -> bool:
    """Whether the faults are why there is no plan, rather than remarks on an answer."""
    open_ = answer.outcome in (Outcome.UNSUPPORTED, Outcome.NEEDS_INPUT, Outcome.LIMIT)
    return open_ and not (answer.solution is not None and answer.solution.values)


def show_conflict(console: Console, conflict: Conflict, cir: CIR) -> None:
    """The rules that cannot all hold, in the words of the problem."""
    head, *lines = conflict.explanation.splitlines() or _told_by_rules(conflict, cir)
    heading(console, head.rstrip(":"))
    for line in lines:
        paragraph(console, line)
    show_remedies(console, conflict, cir)


def _told_by_rules(conflict: Conflict, cir: CIR) -> list[str]:
    quotes = {rule.id: rule.quote for rule in cir.rules}
    told = [f"“{quotes[id]}” ({id})" if quotes.get(id) else id for id in conflict.rules]
    return ["These cannot all hold:", *(f"- {line}" for line in (*told, *conflict.bounds))]


def cost(usage: Usage) -> str:
    """What the answer cost, in words."""
    seconds = f"{usage.seconds:.1f} s"
    if not usage.calls:
        return f"no language model; {seconds}"
    calls = "1 call" if usage.calls == 1 else f"{usage.calls} calls"
    cached = f" ({usage.cached_tokens} of them cached)" if usage.cached_tokens else ""
    return (
        f"{calls} of the language model, {usage.prompt_tokens} tokens in{cached}, "
        f"{usage.completion_tokens} out; {seconds}"
    )


def _outcome(answer: Formulation) -> Text:
    text = Text(answer.outcome.value, style=_OUTCOME_STYLE.get(answer.outcome, "bold red"))
    solution = answer.solution
    if solution is not None and solution.objective is not None:
        told = [value_told(answer.cir, solution, value) for value in solution.tiers]
        worth = ", then ".join(told) or amount(solution.objective)
        text.append(f", {visible(worth)}", style="bold")
        if solution.gap and solution.gap > 1e-6 and solution.bound is not None:
            text.append(f"; at best {amount(solution.bound)} ({solution.gap:.2%} away)", "yellow")
    elif answer.outcome is Outcome.OPTIMAL:
        text.append(": there is no objective, so any plan that keeps the rules will do", style="")
    elif answer.outcome in _SAYS:
        text.append(f": {_SAYS[answer.outcome]}", style="")
    return text


def _trust(answer: Formulation) -> Text:
    text = Text(answer.trust.value.replace("_", " "), style=_TRUST_STYLE[answer.trust])
    if answer.confidence is not None:
        text.append(f", confidence {answer.confidence:.2f}", style="")
    return text


def _show_evidence(console: Console, evidence: tuple[Evidence, ...]) -> None:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column()
    for item in evidence:
        mark, style = _MARKS[item.passed]
        name = item.check.replace("_", " ")
        quiet = "dim" if item.passed is None else ""
        table.add_row(Text(f"  {mark}", style), plain(name, quiet), plain(item.message, quiet))
    if evidence:
        show(console, table)


def _faults(answer: Formulation) -> list[Fault]:
    own = [] if answer.solution is None else [answer.solution.fault]
    found = {str(fault): fault for fault in (*answer.faults, *own) if fault is not None}
    return list(found.values())


def _labelled(label: str, text: Text) -> Text:
    return Text.assemble((label.ljust(9), "bold cyan"), text)
