"""A model without one of its rules, or without what a sentence says."""

from __future__ import annotations

from dataclasses import dataclass

from r2c.cir.check_quotes import words_of
from r2c.cir.schema import CIR, Rule
from r2c.cir.scope import closest
from r2c.errors import InputError, declare
from r2c.problem.schema import Problem, Sentence, Span

NO_SENTENCES = declare(
    "R2C-V025", InputError,
    what="There is no sentence {number}: the model comes without the words it was made from.",
    why="Sentences are counted in the problem text, which only a saved answer holds.",
    remedy="Give the answer that `r2c formulate --json` wrote, or name the rule: "
    "`rule r3: 120`, `without r3`. The rules are {rules}.",
)  # fmt: skip
NO_SUCH_SENTENCE = declare(
    "R2C-V026", InputError,
    what="There is no sentence {number}: the problem has {count:sentence}.",
    why="Sentences, list items and headings are counted from 1.",
    remedy="Choose one of these: {sentences}",
)  # fmt: skip
NO_SUCH_RULE = declare(
    "R2C-V027", InputError,
    what="The model has no rule {rule!r}.{hint}",
    why="A change names a rule by its id.",
    remedy="Name one of the rules {rules}.",
)  # fmt: skip
NO_RULE_FROM = declare(
    "R2C-V028", InputError,
    what="No rule is quoted from sentence {number}: {sentence!r}.",
    why="Only a rule can be left out, and none of the model comes from these words.",
    remedy="{remedy}",
)  # fmt: skip
_CUT = 60


@dataclass(frozen=True, slots=True)
class WithoutRule:
    """`without r3`."""

    rule: str

    def __str__(self) -> str:
        return f"without {self.rule}"

    def applied(self, cir: CIR, problem: Problem) -> CIR:
        """The model without the rule.

        Raises:
            InputError: R2C-V027.
        """
        gone = rule_named(cir, self.rule)
        return _without(cir, {gone.id})


@dataclass(frozen=True, slots=True)
class WithoutSentence:
    """`without sentence 4`: every rule that is quoted from it goes."""

    number: int

    def __str__(self) -> str:
        return f"without sentence {self.number}"

    def applied(self, cir: CIR, problem: Problem) -> CIR:
        """The model without the rules of the sentence.

        Raises:
            InputError: R2C-V025, R2C-V026, R2C-V028.
        """
        sentence = sentence_numbered(problem, self.number, cir)
        gone = {rule.id for rule in cir.rules if stands_in(words_of(rule, problem), sentence)}
        if not gone:
            numbers = sorted(
                {
                    item.number
                    for item in problem.sentences
                    for rule in cir.rules
                    if stands_in(words_of(rule, problem), item)
                }
            )
            told = "Rules are quoted from the sentences " + ", ".join(map(str, numbers))
            raise NO_RULE_FROM(
                number=self.number,
                sentence=sentence.text,
                remedy=f"{told}." if numbers else "Name a rule by its id: `without r3`.",
            )
        return _without(cir, gone)


def rule_named(cir: CIR, name: str) -> Rule:
    """The rule of that id.

    Raises:
        InputError: R2C-V027.
    """
    for rule in cir.rules:
        if rule.id == name:
            return rule
    known = [rule.id for rule in cir.rules]
    raise NO_SUCH_RULE(rule=name, hint=closest(name, set(known)), rules=known)


def sentence_numbered(problem: Problem, number: int, cir: CIR) -> Sentence:
    """The sentence of that number.

    Raises:
        InputError: R2C-V025 if there are none, R2C-V026.
    """
    if not problem.sentences:
        raise NO_SENTENCES(number=number, rules=[rule.id for rule in cir.rules])
    for sentence in problem.sentences:
        if sentence.number == number:
            return sentence
    told = "; ".join(f"{item.number} “{_cut(item.text)}”" for item in problem.sentences)
    raise NO_SUCH_SENTENCE(number=number, count=len(problem.sentences), sentences=told)


def stands_in(span: Span | None, sentence: Sentence) -> bool:
    """Whether any of the words stand in the sentence."""
    return span is not None and span.overlaps(sentence.span)


def _without(cir: CIR, gone: set[str]) -> CIR:
    return cir.model_copy(
        update={"rules": tuple(rule for rule in cir.rules if rule.id not in gone)}
    )


def _cut(text: str) -> str:
    return text if len(text) <= _CUT else text[: _CUT - 1] + "…"
