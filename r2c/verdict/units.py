"""Units through the meanings of the rules: no kilograms plus euros, no minutes under hours."""

from __future__ import annotations

from collections.abc import Mapping

from r2c.archetypes.card import Card
from r2c.cir.expr import Expr
from r2c.cir.schema import CIR, ExprValues
from r2c.cir.unit_table import PHYSICAL, Unit, read_unit
from r2c.cir.units import Mismatch, compare_units, declared_units
from r2c.formulation import Evidence
from r2c.model.reformulate import draft_rules
from r2c.verdict.wording import counted

NAME = "units"
Measure = frozenset[tuple[str, int]]
"""Powers of physical quantities and of money."""
_MONEY = frozenset({"$", "€", "£", "¥", "yuan"})


def units(cir: CIR, library: Mapping[str, Card]) -> Evidence:
    """Whether what is added and compared is of one kind, as far as units are given.

    A noun that only one side knows ("loaf" against "rye loaf") is a doubt and no failure: units
    are words of people.
    """
    if not declared_units(cir):
        return Evidence(check=NAME, passed=None, message="No units are given.")
    found, compared = compare_units(_spelled_out(cir, library))
    if not compared:
        return Evidence(
            check=NAME, passed=None, message="Nowhere do two amounts with known units meet."
        )
    nouns = _nouns(cir)
    told = list(dict.fromkeys(item.fault().what for item in found if _is_sure(item, nouns)))
    doubts = list(dict.fromkeys(item.fault().what for item in found if not _is_sure(item, nouns)))
    places = counted(compared, "sum or comparison", "sums and comparisons")
    return Evidence(
        check=NAME,
        passed=not told,
        message=" ".join(told) or f"The units agree in {places}{_doubting(doubts)}.",
        rules=tuple(
            dict.fromkeys(
                item.owner.name
                for item in found
                if item.owner.kind == "rule" and _is_sure(item, nouns)
            )
        ),
        details={"compared": compared, "conflicts": list(told), "doubts": list(doubts)},
    )


def _doubting(doubts: list[str]) -> str:
    return f", with {counted(len(doubts), 'doubt')}" if doubts else ""


def _spelled_out(cir: CIR, library: Mapping[str, Card]) -> CIR:
    """The rules with their meanings as operands, so that sides in different roles meet."""
    drafts, _ = draft_rules(cir, library)
    rules = []
    for draft in drafts:
        clauses = [(name, condition) for name, condition, _ in draft.clauses()]
        if len(clauses) == 1:
            named: dict[str, Expr] = {"meaning": clauses[0][1]}
        else:
            named = {f"{name} ({k})": part for k, (name, part) in enumerate(clauses, 1)}
        rules.append(draft.rule.model_copy(update={"operands": named}))
    # Numbers written out have the unit of their parameter; there may be very many of them.
    parameters = tuple(
        item if isinstance(item.value, ExprValues) else item.model_copy(update={"value": 0.0})
        for item in cir.parameters
    )
    return cir.model_copy(update={"rules": tuple(rules), "parameters": parameters})


def _nouns(cir: CIR) -> frozenset[str]:
    """The nouns that decisions are counted in, unless they tell a measure ("machine hour")."""
    found = [read_unit(item.unit) for item in cir.decisions]
    return frozenset(
        noun for unit in found if unit is not None for noun in unit.counted if not _measures(noun)
    )


def _measures(noun: str) -> bool:
    """Whether a word of the noun is itself a measure."""
    units = [read_unit(word) for word in noun.replace("-", " ").replace("_", " ").split()]
    return any(unit is not None and _measured(unit) for unit in units)


def _measured(unit: Unit) -> dict[str, int]:
    """Powers of what is measured: physical bases and money."""
    return {base: times for base, times in unit.powers if _is_measure(base)}


def measure_of(unit: Unit | None) -> Measure:
    """What an amount with the unit measures: weight, time per money; empty if it counts things."""
    return frozenset() if unit is None else frozenset(_measured(unit).items())


def _is_measure(base: str) -> bool:
    return base in PHYSICAL or base in _MONEY


def _is_sure(item: Mismatch, nouns: frozenset[str]) -> bool:
    """Whether no unknown noun can explain the mismatch away."""
    ratio = item.left_unit / item.right_unit
    unknown = {base for base, _ in ratio.powers if not _is_measure(base)} - nouns
    if not unknown:
        return True
    if not _measured(item.left_unit) or not _measured(item.right_unit):
        return False
    known = Unit(ratio.scale, tuple(sorted(_measured(ratio).items())))
    return bool(known.powers) and not known.period
