"""Checks that solve a changed model again: other paradigms, raised numbers, other data sets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from r2c.archetypes.card import Card
from r2c.archetypes.load import standard_library
from r2c.cir.instance import Instance, bind
from r2c.cir.parse import parse
from r2c.cir.read_text import read_text
from r2c.cir.schema import CIR
from r2c.formulation import Evidence, Outcome, Solution, Trust
from r2c.model.plain import PlainModel
from r2c.model.reformulate import reformulate
from r2c.problem import read_problem
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.solve.solve import solve_plain
from r2c.verdict.agreement import agreement
from r2c.verdict.alternative import Alternative
from r2c.verdict.extra_solves import ExtraSolves
from r2c.verdict.judge import judge, verdict_of
from r2c.verdict.other_optima import OtherOptima
from r2c.verdict.perturbation import perturbation
from r2c.verdict.renamed import renamed
from r2c.verdict.second_paradigm import second_paradigm

LIBRARY = standard_library()
LIMITS = Limits(seconds=20)
SHOP = """cir 1
parameters
  wood_available = 40
  minimum_chairs = 3
  cost_per_chair = 4
decisions
  chairs integer
    upper: 30
  tables integer
    upper: 30
rules
  wood: {wood}
    {use} = 2*chairs + 5*tables
    {limit} = wood_available
  promised: minimum_requirement
    amount = chairs
    least = minimum_chairs
  fixed: fixed_charge_activation
    activities = [tables]
    charge = 7
    active -> open_tables
objectives
  max 9*chairs + 20*tables - cost_per_chair*chairs
"""


@pytest.fixture(scope="module")
def process() -> Iterator[SolverProcess]:
    with SolverProcess() as started:
        yield started


def shop(*, flipped: bool = False) -> CIR:
    roles = {"wood": "minimum_requirement", "use": "amount", "limit": "least"}
    right = {"wood": "capacity_limit", "use": "use", "limit": "limit"}
    return read_text(SHOP.format(**(roles if flipped else right)))


class Solved:
    """A model with its answer, and solves to spend on it."""

    def __init__(self, cir: CIR, process: SolverProcess) -> None:
        self.cir, self.instance = cir, bind(cir)
        self._process = process
        self.solution = self.solve(reformulate(cir, LIBRARY, self.instance), self.instance)
        self.calls = 0

    def solve(self, model: PlainModel, instance: Instance, seconds: float = 60.0) -> Solution:
        self.calls = getattr(self, "calls", 0) + 1
        limits = replace(LIMITS, seconds=min(LIMITS.seconds, seconds))
        return solve_plain(model, instance, limits, process=self._process)

    def again(self, library: dict[str, Card] | None = None) -> ExtraSolves:
        return ExtraSolves(self.solution, library or LIBRARY, self.solve)

    def perturbed(self) -> Evidence:
        return perturbation(self.cir, self.solution, self.instance, self.again())


def test_more_of_a_limit_a_need_or_a_cost_moves_a_right_model_its_way(
    process: SolverProcess,
) -> None:
    found = Solved(shop(), process).perturbed()
    assert found.passed is True, found.message
    assert found.details["raised"] == ["wood_available", "minimum_chairs", "cost_per_chair"]


def test_a_stock_that_is_a_floor_is_found_by_raising_it(process: SolverProcess) -> None:
    words = shop(flipped=True)
    turned = words.model_copy(
        update={
            "objectives": (
                words.objectives[0].model_copy(
                    update={"sense": "min", "expr": parse("4*chairs + 9*tables")}
                ),
            )
        }
    )
    found = Solved(turned, process).perturbed()
    assert found.passed is False
    assert found.details["against"] == ["wood_available"]


def test_a_number_that_moves_nothing_is_named_and_no_fault(process: SolverProcess) -> None:
    slack = shop()
    parameters = tuple(
        item.model_copy(update={"value": 0.5}) if item.name == "minimum_chairs" else item
        for item in slack.parameters
    )
    found = Solved(slack.model_copy(update={"parameters": parameters}), process).perturbed()
    assert found.passed is True
    assert found.details["unmoved"] == ["minimum chairs"]


def test_names_that_tell_nothing_and_slow_models_are_left_alone(process: SolverProcess) -> None:
    plain = read_text("cir 1\nparameters\n  a = 4\ndecisions\n  x continuous\n    upper: a\n"
                      "objectives\n  max x\n")  # fmt: skip
    assert Solved(plain, process).perturbed().passed is None
    solved = Solved(shop(), process)
    before = solved.calls
    solved.solution = solved.solution.model_copy(update={"seconds": 9.0})
    found = solved.perturbed()
    assert found.passed is None
    assert "too long" in found.message
    assert solved.calls == before


def test_what_may_be_spent_has_an_end(process: SolverProcess) -> None:
    solved = Solved(shop(), process)
    again = replace(solved.again(), seconds=0.0)
    assert perturbation(solved.cir, solved.solution, solved.instance, again).passed is None


def test_two_exact_ways_to_write_rules_agree(process: SolverProcess) -> None:
    solved = Solved(shop(), process)
    found = second_paradigm(solved.cir, solved.solution, solved.instance, LIBRARY, solved.again())
    assert found.passed is True, found.message
    assert isinstance(found.details["ways"], dict)
    assert found.details["ways"]["wood"] == "leftover"


def test_a_card_with_a_wrong_paradigm_is_found(process: SolverProcess) -> None:
    card = LIBRARY["capacity_limit"]
    wrong = tuple(
        item.model_copy(update={"rows": {"limit": parse("use + unused == limit - 3")}})
        if item.name == "leftover"
        else item
        for item in card.paradigms
    )
    library = {**LIBRARY, "capacity_limit": card.model_copy(update={"paradigms": wrong})}
    solved = Solved(shop(), process)
    found = second_paradigm(
        solved.cir, solved.solution, solved.instance, library, solved.again(library)
    )
    assert found.passed is False
    assert found.rules
    assert verdict_of(Outcome.OPTIMAL, [found]).trust is Trust.SOLVER_SUSPECT


def test_rules_with_one_way_only_are_not_written_again(process: SolverProcess) -> None:
    cir = read_text(
        "cir 1\ndecisions\n  x continuous\nrules\n  most: linear\n    relation = x <= 4\n"
        "objectives\n  max x\n"
    )
    solved = Solved(cir, process)
    before = solved.calls
    found = second_paradigm(cir, solved.solution, solved.instance, LIBRARY, solved.again())
    assert found.passed is None
    assert solved.calls == before


def test_the_verdict_of_a_right_model_holds_all_three(process: SolverProcess) -> None:
    solved = Solved(shop(), process)
    found = judge(
        read_problem("Chairs and tables are made."),
        solved.cir,
        solved.solution,
        solved.instance,
        LIBRARY,
        solver=solved.solve,
    )
    by_check = {item.check: item.passed for item in found.evidence}
    assert by_check["second_paradigm"] is True
    assert by_check["perturbation"] is True
    assert by_check["replay"] is None


LUCKY = """cir 1
decisions
  jugs integer
  bowls integer
rules
  clay: capacity_limit
    use = 3*jugs + 2*bowls
    limit = 60
  shelf: capacity_limit
    use = {use}
    limit = {limit}
objectives
  max 7*jugs + 3*bowls
"""


def test_models_that_agree_by_luck_differ_with_other_numbers(process: SolverProcess) -> None:
    problem = read_problem("Jugs take 3 kg of clay and bowls 2 kg.")
    right = read_text(LUCKY.format(use="jugs", limit=20))
    lucky = read_text(LUCKY.format(use="bowls", limit=20))
    one, other = (Solved(cir, process).solution.objective for cir in (right, lucky))
    assert one == other
    optima = OtherOptima(problem, right, process, LIMITS)
    assert optima.apart(lucky)
    same = read_text(LUCKY.format(use="2*jugs", limit="2*20"))
    assert not optima.apart(same)


def test_a_model_with_other_names_and_turned_rows_is_the_same() -> None:
    problem = read_problem("Jugs take 3 kg of clay and bowls 2 kg.")
    one = read_text(LUCKY.format(use="jugs", limit=20))
    other = read_text(
        LUCKY.replace("bowls", "pots").format(use="-2*jugs", limit=-40).replace(
            "shelf: capacity_limit\n    use", "shelf: minimum_requirement\n    amount"
        ).replace("    limit = -40", "    least = -40")
    )  # fmt: skip
    assert renamed(one, other, problem) == {"jugs": "jugs", "bowls": "pots"}
    assert renamed(one, read_text(LUCKY.format(use="bowls", limit=20)), problem) is None


def test_agreement_by_luck_is_told_and_counts(process: SolverProcess) -> None:
    solved = Solved(shop(), process)
    same = Alternative("other", solved.solution.objective, Outcome.OPTIMAL, 2.0)
    assert "other numbers" not in agreement(solved.cir, solved.solution, [same]).message
    found = agreement(solved.cir, solved.solution, [replace(same, apart=True)])
    assert found.passed is True
    assert found.details["by_luck"] == pytest.approx(2 / 3, abs=1e-4)
    assert "With other numbers 2 of them would come to another answer." in found.message


def test_without_time_nothing_is_told_apart(process: SolverProcess) -> None:
    problem = read_problem("Jugs take 3 kg of clay and bowls 2 kg.")
    right, lucky = (read_text(LUCKY.format(use=name, limit=20)) for name in ("jugs", "bowls"))
    assert not OtherOptima(problem, right, process, LIMITS, deadline=0.0).apart(lucky)
