"""Words that announce a rule, a goal or data of the decision, against mere background."""

from __future__ import annotations

import re

from r2c.problem.rule_words import LAW

_RULE = re.compile(
    r"\b(?:at\s+least|at\s+most|exactly|no\s+more|no\s+less|no\s+fewer|not\s+more|not\s+less"
    r"|not\s+exceed|cannot|can\s+not|can't|must|mustn't|has\s+to|have\s+to|needs?\s+to|should"
    r"|required\s+to|up\s+to(?!\s+(?:us|you|me|them|it|him|her)\b)|between\s+(?=[^.;]{0,12}?\d)|limited\s+to|limit|maximum\s+of|minimum\s+of|a\s+maximum"
    r"|a\s+minimum|more\s+than|less\s+than|fewer\s+than|only\s+if|either|available|capacity"
    r"|budget|in\s+(?:store|stock)|on\s+hand|or\s+more|or\s+less|or\s+fewer|requirements?"
    r"|shall|precisely|larger\s+than|smaller\s+than|higher\s+than|lower\s+than|just\s+one|only\s+not"
    r"|falls?\s+due|demands?|not\s+be|may\s+not|at\s+the\s+same\s+time|simultaneously|regulations?)\b",
    re.IGNORECASE,
)
_DATA = re.compile(
    r"\b(?:costs?|profits?|prices?|priced|revenues?|earns?|earning|brings?|sells?|sold|pays?|paid"
    r"|needs?|requires?|requiring|takes?|uses?|using|consumes?|contains?|contributes?|produces?"
    r"|yields?|makes?|provides?|generates?|holds?|carry|carries|transports?|supply|supplies"
    r"|delivers?|mix|mixes|creates?|causes?|emits?|each|every|per|returns?|spends?|invests?|hours?|minutes?|rate|ratio|weighs?)\b"
    r"|[$€£%]",
    re.IGNORECASE,
)
_MAXIMIZE = re.compile(
    r"\bmaximi[sz]\w*|\bto\s+(?:a|the)\s+maximum\b|\bas\s+(?:much|many|large|high)\b.{0,60}?\bas\s+possible"
    r"|\b(?:largest|highest|greatest)\b|\bmost\s+profit\w*|\b(?:earns?|makes?|gains?)\s+the\s+most\b",
    re.IGNORECASE | re.DOTALL,
)
_MINIMIZE = re.compile(
    r"\bminimi[sz]\w*|\bas\s+(?:little|few|small|low|cheap\w*)\b.{0,60}?\bas\s+possible"
    r"|\b(?:down\s+)?to\s+(?:a|the)\s+minimum\b|\bcheapest\b|\b(?:lowest|smallest)\b|\bleast\s+(?:\w+\s+)?(?:cost|expens)\w*",
    re.IGNORECASE | re.DOTALL,
)


_GOAL = re.compile(
    r"\?|\b(?:goals?|aims?|objectives?|maximi[sz]\w*|minimi[sz]\w*|as\s+possible|cheapest"
    r"|wish(?:es)?|find|determine|to\s+a\s+(?:maximum|minimum))\b",
    re.IGNORECASE,
)


def states_goal(text: str) -> bool:
    """Whether a sentence may say what makes one plan better than another."""
    return _GOAL.search(text) is not None and bool(senses(text))


def announces_rule(text: str) -> bool:
    """Whether the words announce a limit, a requirement, a condition or a law of growth."""
    return _RULE.search(text) is not None or LAW.search(text) is not None


def concerns_decision(text: str) -> bool:
    """Whether the words give a rule, a goal or data that a rule or goal needs."""
    return announces_rule(text) or _DATA.search(text) is not None or bool(senses(text))


def senses(text: str) -> frozenset[str]:
    """The senses, min or max, in which the words ask for the best plan."""
    found = (("max", _MAXIMIZE), ("min", _MINIMIZE))
    return frozenset(sense for sense, pattern in found if pattern.search(text))
