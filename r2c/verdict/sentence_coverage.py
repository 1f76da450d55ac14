"""Sentences that announce a rule, and that nothing in the model quotes or draws on."""

from __future__ import annotations

import re

from r2c.cir.schema import CIR
from r2c.formulation import Evidence
from r2c.problem.rule_words import RULE
from r2c.problem.schema import Problem, Sentence
from r2c.verdict.cues import announces_rule, senses, states_goal
from r2c.verdict.member_counts import counts_members
from r2c.verdict.named_numbers import names_used_number
from r2c.verdict.quotes import misquoted
from r2c.verdict.sources import Drawn, drawn
from r2c.verdict.task_words import is_beside_the_rules, without_task
from r2c.verdict.wording import counted

NAME = "sentence_coverage"
_TO_AN_END = re.compile(r"\bto\s+(?:a|the)\s+(?:minimum|maximum)\b", re.IGNORECASE)
_MENTIONED = re.compile(r"\b(?:budget|capacity|requirements?)\b", re.IGNORECASE)
_SAYS_MORE = re.compile(
    r"\d|\b(?:within|exceed\w*|above|below|under|over|cover\w*|than|respect\w*|keep\w*|stay\w*"
    r"|out\s+of|fits?|only|no|not|up\s+to|each|every|total)\b",
    re.IGNORECASE,
)
_FILE = re.compile(r"\b([\w-]+)\.(?:csv|tsv|xlsx|json)\b", re.IGNORECASE)


def uncovered(problem: Problem, cir: CIR, source: Drawn | None = None) -> tuple[Sentence, ...]:
    """The sentences with the words of a rule that no part of the model comes from."""
    used = source or drawn(cir, problem)
    spans = (*used.spans, *used.quotes)
    return tuple(
        sentence
        for sentence in problem.sentences
        if announces_rule(said := _said(sentence, problem, used))
        and not _only_mentions(said)
        and not sentence.text.rstrip().endswith("?")
        and not any(span.overlaps(sentence.span) for span in spans)
        and not _leads_to_data(sentence, problem, used)
        and not _is_the_goal(sentence, cir)
        and not is_beside_the_rules(sentence.text)
        and not names_used_number(sentence.text, used.traced)
    )


def _only_mentions(words: str) -> bool:
    """Whether the words name a budget or a need in passing and say nothing of how much."""
    bare = _MENTIONED.sub(" ", words)
    return not announces_rule(bare) and _SAYS_MORE.search(words) is None


def _is_the_goal(sentence: Sentence, cir: CIR) -> bool:
    """Whether a sentence without numbers says no more than which way the goal of the model goes."""
    sought = {goal.sense for goal in cir.objectives}
    return (
        states_goal(sentence.text)
        and senses(sentence.text) == sought
        and re.search(r"\d", sentence.text) is None
        and not announces_rule(_TO_AN_END.sub(" ", sentence.text))
    )


def _said(sentence: Sentence, problem: Problem, used: Drawn) -> str:
    """The words without the task, and without counts of members that read like limits."""
    words = sentence.text
    for quantity in problem.quantities:
        if quantity.sentence == sentence.number and counts_members(quantity, problem, used.traced):
            words = re.sub(rf"\bup\s+to\s+{re.escape(quantity.text)}", quantity.text, words)
    return without_task(words)


def _leads_to_data(sentence: Sentence, problem: Problem, used: Drawn) -> bool:
    """Whether the sentence only announces a table that the model reads: "The costs are:"."""
    named = {name.lower() for name in _FILE.findall(sentence.text)}
    if named & {name.lower() for name, _ in used.columns}:
        return True
    if not sentence.text.rstrip().endswith(":") or RULE.search(sentence.text):
        return False
    follows = (
        table
        for table in problem.tables
        if table.span is not None
        and table.span.start >= sentence.span.end
        and not problem.text[sentence.span.end : table.span.start].strip()
    )
    return any(name == table.name for table in follows for name, _ in used.columns)


def sentence_coverage(problem: Problem, cir: CIR, source: Drawn | None = None) -> Evidence:
    """Whether every sentence that announces a rule went into the model, and quotes are real."""
    if not problem.sentences:
        return Evidence(check=NAME, passed=None, message="There is no text to compare rules with.")
    left = uncovered(problem, cir, source)
    wrong = misquoted(problem, cir)
    parts = []
    if left:
        parts.append("No rule comes from " + ", ".join(f"'{item.text}'" for item in left) + ".")
    if wrong:
        verb = "is" if len(wrong) == 1 else "are"
        parts.append(f"{counted(len(wrong), 'quote')} {verb} not the words of the problem.")
    return Evidence(
        check=NAME,
        passed=not left and not wrong,
        message=" ".join(parts) or "Every sentence that announces a rule went into the model.",
        details={
            "uncovered": [{"sentence": item.number, "words": item.text} for item in left],
            "misquoted": [fault.what for fault in wrong],
        },
    )
