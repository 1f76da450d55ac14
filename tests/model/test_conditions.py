"""Conditions over choices become comparisons that hold for the same plans, whatever joins them."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from r2c.archetypes.load import standard_library
from r2c.cir.evaluate import Evaluator
from r2c.cir.expr import And, Compare, Expr, Name, Not, Num, Or
from r2c.cir.instance import bind
from r2c.cir.parse import parse
from r2c.cir.schema import CIR
from r2c.cir.write import write
from r2c.formulation import Outcome
from r2c.model.build import build
from r2c.model.conditions import as_relation
from r2c.model.meaning import meaning
from r2c.model.reformulate import NotReformulated, attempt, reformulate
from r2c.model.symbols import Symbols
from r2c.solve.ask import ask
from r2c.solve.limits import Limits
from r2c.solve.matrix import matrix_of
from r2c.solve.process import SolverProcess
from r2c.solve.solve import solve_plain

LIBRARY = standard_library()
CHOICES = ("a", "b", "c", "d")
Key = tuple[str | int, ...]


def model(condition: str, consequence: str, **goal: object) -> CIR:
    decisions = [{"name": name, "domain": "binary"} for name in CHOICES]
    decisions += [{"name": "n", "domain": "integer", "upper": "3"}, {"name": "x", "upper": "5"}]
    operands = {"condition": condition, "consequence": consequence}
    rule = {"id": "r", "archetype": "if_then_implication", "operands": operands}
    goal = goal or {"sense": "min", "expr": "0"}
    return CIR.model_validate({"decisions": decisions, "rules": [rule], "objectives": [goal]})


def truth(expr: Expr, point: dict[str, float]) -> bool:
    """What a formula says, by the plainest reading there is."""
    match expr:
        case And(args):
            return all(truth(arg, point) for arg in args)
        case Or(args):
            return any(truth(arg, point) for arg in args)
        case Not(arg):
            return not truth(arg, point)
        case Compare((op,), (left, right)):
            first, second = value(left, point), value(right, point)
            return {
                "<=": first <= second, ">=": first >= second, "==": first == second,
                "<": first < second, ">": first > second, "!=": first != second,
            }[op]  # fmt: skip
    return value(expr, point) >= 1


def value(expr: Expr, point: dict[str, float]) -> float:
    match expr:
        case Num(number):
            return number
        case Name(name):
            return point[name]
    raise AssertionError(expr)


def _formulas() -> st.SearchStrategy[str]:
    said = st.builds(
        lambda name, op, number: f"{name} {op} {number}",
        st.sampled_from(CHOICES), st.sampled_from(("==", ">=", "<=", "!=")), st.sampled_from("01"),
    ).filter(lambda text: not text.endswith((">= 0", "<= 1")))  # fmt: skip
    leaves = st.sampled_from(CHOICES) | said
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds("({} and {})".format, inner, inner),
            st.builds("({} or {})".format, inner, inner),
            st.builds("(not {})".format, inner),
        ),
        max_leaves=6,
    )


@settings(max_examples=300, deadline=None)
@given(_formulas())
def test_a_formula_over_choices_is_a_list_of_comparisons_with_the_same_truth_table(text):
    formula = parse(text)
    cir = model("a", "b")
    relation = as_relation(formula, Symbols(cir))
    if isinstance(relation, str):
        assert "rows would be needed" in relation
        return
    instance = bind(cir).require()
    for values in product((0.0, 1.0), repeat=len(CHOICES)):
        point = dict(zip(CHOICES, values, strict=True))
        known: dict[str, dict[Key, float]] = {name: {(): n} for name, n in point.items()}
        evaluator: Evaluator[float] = Evaluator(instance, known)
        parts = relation.args if isinstance(relation, And) else (relation,)
        found = all(_holds(evaluator, part) for part in parts)
        assert found == truth(formula, point), (text, write(relation), point)


def _holds(evaluator: Evaluator[float], part: Expr) -> bool:
    assert isinstance(part, Compare)
    [(_, sides)] = evaluator.relations(part, None)
    left, right = sides
    return {"<=": left <= right, ">=": left >= right, "==": left == right}[part.ops[0]]


@pytest.fixture(scope="module")
def process():
    with SolverProcess() as running:
        yield running


@pytest.mark.parametrize(
    ("condition", "consequence"),
    [
        ("a and b", "c"),
        ("a", "b and c"),
        ("a and b", "c and d"),
        ("a or b", "c"),
        ("a", "b or c"),
        ("a or b", "c or d"),
        ("not a", "b"),
        ("a", "not b"),
        ("not (a and b)", "c and not d"),
        ("not (a or b)", "not (c and d)"),
        ("a and (b or not c)", "d"),
        ("a == 1 and b", "not c and d == 1"),
        ("a != 0 or b == 1", "c <= 0"),
        ("a and n >= 2", "b"),
        ("a and not b and n <= 1", "c or d"),
        ("a and b", "n >= 2 and c"),
        ("not (n >= 2)", "a"),
        ("a", "not (n >= 2) and b"),
        ("n and a", "b"),
    ],
)
def test_the_rows_of_an_implication_leave_exactly_the_plans_that_it_allows(
    condition, consequence, process
):
    first, then = parse(condition), parse(consequence)
    told, faults = meaning(model(condition, consequence), LIBRARY, bind(model("a", "b")).require())
    assert faults == ()
    allowed = set()
    names = (*CHOICES, "n")
    for values in product((0, 1), (0, 1), (0, 1), (0, 1), range(4)):
        point = dict(zip(names, map(float, values), strict=True))
        if not truth(first, point) or truth(then, point):
            allowed.add(values)
        by_key: dict[tuple[str, Key], float] = {(name, ()): n for name, n in point.items()}
        by_key["x", ()] = 0.0
        broken = next(told.broken(by_key), None) is not None
        assert broken == (values not in allowed), (condition, consequence, point)
    assert solved(condition, consequence, process) == allowed


def solved(condition: str, consequence: str, process: SolverProcess) -> set[tuple[int, ...]]:
    """The plans that the rows allow, found by fixing every decision in turn."""
    cir = model(condition, consequence)
    instance = bind(cir).require()
    plain = reformulate(cir, LIBRARY, instance)
    built = build(plain, instance)
    matrix = matrix_of(built)
    columns = {entry.symbol: j for j, entry in enumerate(built.map.variables)}
    found: set[tuple[int, ...]] = set()
    names = (*CHOICES, "n")
    for values in product((0, 1), (0, 1), (0, 1), (0, 1), range(4)):
        for name, number in zip(names, values, strict=True):
            matrix.lower[columns[name]] = matrix.upper[columns[name]] = float(number)
        answer = ask(process, matrix, None, Limits(), seconds=20)
        if answer.reading != "infeasible":
            assert answer.point is not None
            found.add(values)
    return found


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        ("a or n >= 2", "not a yes-or-no choice"),
        ("a or x", "not a yes-or-no choice"),
        ("not x", "said of an amount"),
        ("not (n == 2)", "broken in two ways"),
    ],
)
def test_what_cannot_be_a_condition_is_a_coded_fault_that_says_why(condition, problem):
    cir = model(condition, "b")
    _, faults = attempt(cir, LIBRARY, bind(cir).require())
    assert [fault.code for fault in faults] == ["R2C-M103"]
    assert problem in faults[0].what


def test_a_formula_that_would_need_very_many_rows_is_refused_at_once():
    names = [f"c{k}" for k in range(40)]
    cir = CIR.model_validate({"decisions": [{"name": name, "domain": "binary"} for name in names]})
    pairs = zip(names[::2], names[1::2], strict=True)
    problem = as_relation(parse(" or ".join(f"{a} and {b}" for a, b in pairs)), Symbols(cir))
    assert isinstance(problem, str)
    assert "more than 64 rows would be needed" in problem


def test_plain_relations_joined_by_or_over_choices_are_one_row_and_others_are_refused():
    def linear(relation: str) -> CIR:
        rule = {"id": "r", "operands": {"relation": relation}}
        return model("a", "b").model_copy(
            update={"rules": CIR.model_validate({"rules": [rule]}).rules}
        )

    cir = linear("a == 1 or b == 1")
    [row] = reformulate(cir, LIBRARY, bind(cir).require()).rows
    assert write(row.relation) == "a + b >= 1"
    for refused in ("x <= 1 or x >= 3", "a and b", "a"):
        cir = linear(refused)
        with pytest.raises(NotReformulated) as caught:
            reformulate(cir, LIBRARY, bind(cir).require())
        assert caught.value.code == "R2C-M103"


def test_an_indexed_choice_and_a_choice_that_a_rule_creates_can_be_joined(process):
    cir = CIR.model_validate(
        {
            "sets": [{"name": "P", "elements": ["u", "v"]}],
            "decisions": [
                {"name": "open", "over": ["P"], "domain": "binary"},
                {"name": "make", "upper": "9"},
            ],
            "rules": [
                {"id": "start", "archetype": "fixed_charge_activation",
                 "operands": {"activities": "make", "charge": "1"}, "outputs": {"active": "on"}},
                {"id": "both", "archetype": "if_then_implication", "forall": "for p in P",
                 "operands": {"condition": "on and not open[p]", "consequence": "make <= 4"}},
            ],
            "objectives": [{"sense": "max", "expr": "make - 2*sum(open[p] for p in P)"}],
        }
    )  # fmt: skip
    instance = bind(cir).require()
    solution = solve_plain(reformulate(cir, LIBRARY, instance), instance, process=process)
    assert solution.outcome is Outcome.OPTIMAL
    assert solution.objective == pytest.approx(9 - 2 * 2 - 1)
