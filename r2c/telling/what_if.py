"""What changes do to a plan, a sentence for each fact, in the words of the model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from r2c.formulation import Outcome
from r2c.supposition import Bound, GoalChange, Moved, Standing, WhatIf
from r2c.telling.amounts import amount, key_text, signed

MOST_MEMBERS = 6
ADDED = re.compile(r"\b(what_if|wish)_\d+\b")
NO_PLAN = {
    Outcome.INFEASIBLE: "the rules cannot all hold",
    Outcome.UNBOUNDED: "the goal has no limit",
    Outcome.LIMIT: "the time was up before there was a plan",
    Outcome.UNSUPPORTED: "the model cannot be solved",
    Outcome.NEEDS_INPUT: "data are missing",
}


def goal_sentences(told: WhatIf) -> Iterator[str]:
    """What becomes of the goals, where there is a plan before and after."""
    if not told.goals:
        yield "There still is a plan that keeps all rules; the model has no goal."
    for place, goal in enumerate(told.goals):
        order = "" if len(told.goals) == 1 else "Then, the" if place else "First of all, the"
        yield _goal_sentence(goal, order or "The")
    if told.judgement == "equal" and told.moved:
        yield "The plan is another one of the same worth; the one before may still do."
    elif told.goals and not told.moved:
        yield "The plan stays as it is."


def _goal_sentence(goal: GoalChange, start: str) -> str:
    name = f"{start} {goal.meaning or 'goal'}"
    unit = f" {goal.unit}" if goal.unit else ""
    if goal.judgement == "equal":
        return f"{name} stays at {amount(goal.after)}{unit}."
    verb = "rises" if goal.difference > 0 else "falls"
    change = f"{amount(abs(goal.difference))} {goal.judgement}"
    return f"{name} {verb} from {amount(goal.before)} to {amount(goal.after)}{unit}: {change}."


def worth_told(standing: Standing) -> str:
    """What a plan is worth, as the end of a sentence; empty without a goal."""
    if standing.objective is None:
        return ""
    unit = f" {standing.unit}" if standing.unit else ""
    return f", and the {standing.meaning or 'goal'} is {amount(standing.objective)}{unit}"


def standing_told(standing: Standing) -> str:
    """How a model stands, as a clause."""
    if not standing.has_plan:
        return NO_PLAN[standing.outcome]
    if standing.objective is None:
        return "there is a plan"
    unit = f" {standing.unit}" if standing.unit else ""
    return f"the {standing.meaning or 'goal'} is {amount(standing.objective)}{unit}"


def called(rule: str) -> str:
    """A rule by its id; one that was added by a change has none that the reader knows."""
    found = ADDED.fullmatch(rule)
    return rule if found is None else "the wish" if found[1] == "wish" else "the change"


def conflict_lines(told: WhatIf) -> Iterator[str]:
    """What cannot all hold, then how far the wish or change could go, where that is known."""
    if told.conflict is None:
        return
    for line in told.conflict.explanation.splitlines():
        yield ADDED.sub(lambda found: called(found[0]), line)
    for way in told.conflict.remedies:
        if all(ADDED.fullmatch(change.rule) for change in way.changes):
            steps = " and ".join(
                f"{amount(change.eased)} instead of {amount(change.stated)}"
                for change in way.changes
            )
            then = told.before.model_copy(update={"objective": way.objective})
            yield f"With {steps} there is a plan{worth_told(then)}."


def step_told(item: Moved) -> str:
    """From which value a decision goes to which."""
    was, now = (_value(value) for value in (item.before, item.after))
    unit = f" {item.unit}" if item.unit else ""
    if item.before is None:
        return f"{now}{unit}"
    return f"from {was} to {now}{unit} ({signed(item.change)})"


def _value(value: float | None) -> str:
    return "none" if value is None else amount(value)


def bound_sentences(bounds: Sequence[Bound], verb: str, *, limits: bool) -> Iterator[str]:
    """Which limits bind now, or do no longer; `limits` tells where they are."""
    rules: dict[tuple[str, str], list[Bound]] = {}
    for item in bounds:
        rules.setdefault((item.rule, item.part), []).append(item)
    for (rule, part), items in rules.items():
        quote = " ".join(items[0].quote.split())
        name = f"“{quote}” ({rule})" if quote else rule
        where = [key_text(item.key) for item in items if item.key]
        shown = where[:MOST_MEMBERS]
        if len(where) > MOST_MEMBERS:
            shown.append(f"{len(where) - MOST_MEMBERS} more")
        members = f" for {'; '.join(shown)}" if where else ""
        end = items[0].limit if limits and len(items) == 1 else None
        limit = "" if end is None else f", at {amount(end)}"
        yield f"{name} {verb}{f' ({part})' if part else ''}{members}{limit}."
