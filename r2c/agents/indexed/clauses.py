"""What is read one by one in a problem over sets: its tables, then its sentences."""

from __future__ import annotations

import re
from pathlib import Path

from r2c.agents.clauses import Clause, without_question
from r2c.agents.indexed.data import Data
from r2c.agents.indexed.windows import turn_of
from r2c.agents.slots import slots_in
from r2c.problem.rule_words import LAW, RULE
from r2c.problem.schema import Problem, Sentence, Span, Table

_CUE = re.compile(
    r"\b(?:each|every|all|any|no|none|must|cannot|can't|may|at most|at least|exactly|only|once"
    r"|more than|less than|up to|exceed\w*|meets?|met|satisf\w+|cover\w*|fulfil\w*|limit\w*"
    r"|capacit\w+|whenever|not possible|impossible|ruled out|forbidden"
    r"|demands?|suppl\w+|requir\w+|needs?|receives?|assigned|budget)\b",
    re.IGNORECASE,
)


_MORE = re.compile(r"\b(?:each|every|that|needs? to|which)\b", re.IGNORECASE)
_DATA = (
    r"(?:data|figures|values|details|hours|times?|minutes|costs?|prices?|profits?|distances?|yields?"
    r"|returns?|weights?|durations?|rates?)"
)
_SHOWN = re.compile(
    rf"\W*(?:the|its|their|our|all)\s+(?:[a-z-]+\s+){{0,2}}?{_DATA}(?P<of>\s[^.;:,]{{1,140}}?)?\s+"
    r"(?:is|are)\s+(?:also\s+|all\s+)?(?:shown|given|listed|presented|summari[sz]ed|provided"
    r"|displayed|recorded|tabulated|set\s+out|found)\s+(?:in|by)\s+(?:the\s+)?"
    r"(?:(?:following|above|accompanying)\s+)?table(?:\s+[\d.-]{1,8})?(?:\s+(?:below|above))?\W*",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?:and|or|that|which|who|whose|once|only|is|are|was|has|have|needs|takes|can|will|be|at"
    r"|up to|total|minimum|maximum|most|least|demands?|suppl\w+|capacit\w+|limit\w*|budgets?)\b",
    re.IGNORECASE,
)
_COUNTS = re.compile(r"[\s*#-]*(?:the\s+)?number of [^.:]*:\**\s*\d+\W*$", re.IGNORECASE)


def clauses(problem: Problem, data: Data) -> tuple[Clause, ...]:
    """The tables that hold parameters, then the sentences that may state a rule."""
    used = {given.table for given in data.given.values()}
    tables = [_of_table(problem, data, table) for table in problem.tables if table.name in used]
    turn = turn_of(problem, data)
    told = 0 if turn is None else turn.sentence
    sentences = [
        found
        for item in problem.sentences
        if (found := _of_sentence(problem, item, wanted=item.number == told))
    ]
    return (*tables, *sentences)


def has_cue(words: str) -> bool:
    """Whether a sentence has a word of a rule."""
    return _CUE.search(words) is not None


def _of_table(problem: Problem, data: Data, table: Table) -> Clause:
    held = ", ".join(str(given) for given in data.given.values() if given.table == table.name)
    text = f"Table {table.name}: {held}"
    told = _about(problem, table)
    if told is not None:
        return Clause(told.number, told.span, text, (), table.name)
    span = table.span or Span(start=0, end=0)
    before = [item.number for item in problem.sentences if item.span.start <= span.start]
    return Clause(max(before, default=1), span, text, (), table.name)


def _about(problem: Problem, table: Table) -> Sentence | None:
    """The sentence that speaks of a table by its name or its file."""
    names = [table.name.replace("_", " ")]
    for name in [Path(table.path).name, *names] if table.path else names:
        said = re.compile(rf"\b{re.escape(name)}\b", re.IGNORECASE)
        for sentence in problem.sentences:
            inside = table.span is not None and table.span.overlaps(sentence.span)
            if not inside and said.search(sentence.text):
                return sentence
    return None


def _of_sentence(problem: Problem, sentence: Sentence, *, wanted: bool) -> Clause | None:
    if any(
        table.span is not None and table.span.overlaps(sentence.span) for table in problem.tables
    ):
        return None
    rule = RULE.search(sentence.text) is not None
    counts = _COUNTS.match(sentence.text) and not rule and not _MORE.search(sentence.text)
    if _leads_to_table(problem, sentence) or _points_to_table(problem, sentence) or counts:
        return None
    if any(_describes(sentence, table) for table in problem.tables):
        return None  # it says what pasted data are
    span = without_question(problem, sentence)
    if span is None:
        return None
    words = problem.quote(span).strip(" ,\n")
    slots = tuple(slots_in(problem, span))
    if not wanted and not _CUE.search(words) and not LAW.search(words):
        return None
    return Clause(sentence.number, sentence.span, words, slots)


def _describes(sentence: Sentence, table: Table) -> bool:
    """Whether a sentence only says what pasted data are: "hours: a list, hours of each crew"."""
    starts = sentence.text.startswith(f"{table.name}:")
    return starts and table.origin == "text" and not RULE.search(sentence.text)


def _points_to_table(problem: Problem, sentence: Sentence) -> bool:
    """Whether it only says where data are: "The hours of each worker are shown in Table 2."."""
    match = _SHOWN.fullmatch(sentence.text.strip())
    plain = match is not None and not _SAYS.search(match["of"] or "")
    return plain and bool(problem.tables) and not RULE.search(sentence.text)


def _leads_to_table(problem: Problem, sentence: Sentence) -> bool:
    """Whether the sentence only announces the table below: "The costs are as follows:"."""
    if not sentence.text.rstrip(" *_").endswith(":") or RULE.search(sentence.text):
        return False
    starts = (table.span.start for table in problem.tables if table.span is not None)
    after = (start for start in starts if start >= sentence.span.end)
    return any(not problem.text[sentence.span.end : start].strip(" \n*_-#") for start in after)
