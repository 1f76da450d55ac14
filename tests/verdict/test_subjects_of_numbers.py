"""Numbers that a model gives to another thing than its sentence does are found by names."""

from __future__ import annotations

import pytest

from r2c.archetypes.load import standard_library
from r2c.cir.schema import CIR
from r2c.problem import read_problem
from r2c.problem.schema import Problem
from r2c.verdict.answer import solve
from r2c.verdict.direction import direction
from r2c.verdict.left_out import left_out
from r2c.verdict.number_coverage import number_coverage
from r2c.verdict.owned_numbers import owned
from r2c.verdict.subjects import subjects
from r2c.verdict.things import things

LIBRARY = standard_library()
LAND = "A farm has 120 hectares of land for wheat and rye."
EARN = "Wheat earns 300 euros per hectare and rye 200 euros per hectare."
WORK = "A hectare of wheat needs 20 hours and one of rye needs 10 hours; 1500 hours are available."
SHARE = "At least 40% of the planted land must be rye."
MOST = "At most 60 hectares of wheat may be sown."
LEAST = "Because of a contract at least 15 hectares of wheat are sown."
FARM = read_problem(
    " ".join((LAND, EARN, WORK, SHARE, MOST, LEAST))
    + " How many hectares of each maximize the earnings?"
)
RIGHT = {
    "land": (LAND, "wheat + rye <= 120"),
    "work": (WORK, "20*wheat + 10*rye <= 1500"),
    "share": (SHARE, "rye >= 0.4*(wheat + rye)"),
    "most": (MOST, "wheat <= 60"),
    "least": (LEAST, "wheat >= 15"),
}


def farm(goal: str = "300*wheat + 200*rye", **changed: str | None) -> CIR:
    told = {rule: changed.get(rule, relation) for rule, (_, relation) in RIGHT.items()}
    return CIR.model_validate(
        {
            "decisions": [
                {"name": name, "unit": "hectare", "meaning": f"hectares of {name}"}
                for name in ("wheat", "rye")
            ],
            "rules": [
                {"id": rule, "quote": RIGHT[rule][0], "operands": {"relation": relation}}
                for rule, relation in told.items()
                if relation is not None
            ],
            "objectives": [{"sense": "max", "expr": goal, "quote": EARN}],
        }
    )


def test_a_right_model_gives_every_number_to_its_thing() -> None:
    found = subjects(FARM, farm(), LIBRARY)
    assert found.passed is True, found.message
    compared = found.details["compared"]
    assert isinstance(compared, int) and compared >= 4


@pytest.mark.parametrize(
    ("rule", "relation", "words"),
    [
        ("work", "10*wheat + 20*rye <= 1500", "20 to 'wheat' and 10 to 'rye'"),
        ("most", "rye <= 60", "say 60 of 'wheat', the rule 'most' of 'rye'"),
        ("least", "rye >= 15", "say 15 of 'wheat', the rule 'least' of 'rye'"),
        ("share", "wheat >= 0.4*(wheat + rye)", "a share of 'rye'"),
        ("share", "rye >= 0.4*wheat", "do not name 'wheat', of which"),
    ],
)
def test_a_number_on_the_wrong_thing_is_told(rule: str, relation: str, words: str) -> None:
    found = subjects(FARM, farm(**{rule: relation}), LIBRARY)
    assert found.passed is False
    assert found.rules == (rule,)
    assert words in found.message


def test_prices_that_changed_places_are_told_of_the_goal() -> None:
    found = subjects(FARM, farm(goal="200*wheat + 300*rye"), LIBRARY)
    assert found.passed is False
    assert "the goal gives 200 to 'wheat' and 300 to 'rye'" in found.message


MEAL = read_problem(
    "A cake takes 2 kg of flour and 3 eggs; a bread takes 1 kg of flour. There are 24 eggs. "
    "Plant A can make up to 500 boxes, Plant B up to 300."
)


def model(decisions: dict[str, str], **rules: tuple[str, str]) -> CIR:
    return CIR.model_validate(
        {
            "decisions": [
                {"name": name, "domain": "integer", "meaning": meaning}
                for name, meaning in decisions.items()
            ],
            "rules": [
                {"id": rule, "quote": quote, "operands": {"relation": relation}}
                for rule, (quote, relation) in rules.items()
            ],
            "objectives": [{"sense": "max", "expr": " + ".join(decisions)}],
        }
    )


@pytest.mark.parametrize(("relation", "passed"), [("3*cake <= 24", True), ("3*bread <= 24", False)])
def test_what_a_clause_says_of_one_thing_is_not_said_of_another(
    relation: str, passed: bool
) -> None:
    cir = model({"cake": "", "bread": ""}, eggs=("There are 24 eggs.", relation))
    assert subjects(MEAL, cir, LIBRARY).passed is passed


@pytest.mark.parametrize(("first", "second"), [("500", "300"), ("300", "500")])
def test_limits_of_one_sentence_keep_their_places(first: str, second: str) -> None:
    quote = "Plant A can make up to 500 boxes, Plant B up to 300."
    cir = model(
        {"a": "boxes made in Plant A", "b": "boxes made in Plant B"},
        one=(quote, f"a <= {first}"),
        two=(quote, f"b <= {second}"),
    )
    found = subjects(MEAL, cir, LIBRARY)
    assert found.passed is (first == "500"), found.message


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Bread brings 4 euros.", ["bread"]),
        ("Bread brings 4 euros and cake brings 9 euros.", ["bread", "cake"]),
        ("We get 4 euros for a bread and 9 euros for a cake.", ["bread", "cake"]),
        ("Bread and cake bring 4 and 9 euros.", []),
        ("Bread brings 4 euros and 9 euros are brought by cake.", []),
        ("The oven holds 12 tins.", []),
    ],
)
def test_numbers_are_about_what_stands_beside_them(text: str, about: list[str]) -> None:
    problem = read_problem(text)
    known = things({"bread": ("bread", ""), "cake": ("cake", "")})
    told = owned(problem.sentences[0], problem, known)
    assert [name for _, name in told] == about


def test_a_letter_behind_another_noun_names_nothing_for_sure() -> None:
    known = things({"a": ("a", "kg of fertilizer A"), "b": ("b", "kg of fertilizer B")})
    assert known.in_order("It has 6 units of vitamin A.") == ()
    assert known.in_order("Fertilizer B has 6 units of vitamin A.") == ("b",)
    assert known.in_order("Of fertilizers A and B we mix 9 kg.") == ("a", "b")


@pytest.mark.parametrize(
    "land",
    [
        "A farm grows wheat and rye on 100 hectares.",
        LAND,
        "There are 120 hectares of land.",
    ],
)
def test_what_there_is_to_use_is_no_background(land: str) -> None:
    problem = read_problem(FARM.text.replace(LAND, land))
    found = number_coverage(problem, farm(land=None))
    assert found.passed is False
    assert f"of the sentence '{land}'" in found.message


def test_things_that_are_only_counted_stay_background() -> None:
    problem = read_problem(f"There are 2 crops that can be sown. {FARM.text}")
    assert number_coverage(problem, farm()).passed is True


def test_a_lost_maximum_is_no_question_about_the_minimum() -> None:
    answer = solve(farm(most=None), problem=FARM)
    assert answer.questions == ()
    failed = {item.check for item in answer.evidence if item.passed is False}
    assert {"number_coverage", "sentence_coverage"} <= failed


def test_no_text_tells_nothing() -> None:
    assert subjects(Problem(text=""), farm(), LIBRARY).passed is None


FIELD = read_problem(
    "She grows at most twice as many tomatoes as potatoes. If peppers are grown, then so are "
    "tomatoes. At most 70 rows of potatoes and 50 rows of tomatoes are possible. Experiment 1 "
    "needs 3 litres and experiment 2 needs 5 litres."
)
RATIO, IF_THEN, ROWS, _ = (" ".join(item.text.split()) for item in FIELD.sentences)


def field(id: str, quote: str, archetype: str, **operands: str) -> CIR:
    return CIR.model_validate(
        {
            "decisions": [
                {"name": name, "domain": "integer"} for name in ("tomatoes", "potatoes", "peppers")
            ],
            "rules": [{"id": id, "quote": quote, "archetype": archetype, "operands": operands}],
            "objectives": [{"sense": "max", "expr": "tomatoes + potatoes + peppers"}],
        }
    )


def ratio(part: str, whole: str) -> CIR:
    given = {"part": part, "whole": whole, "share": "2", "sense": '"at_most"'}
    return field("r", RATIO, "ratio_percentage_share", **given)


@pytest.mark.parametrize(
    ("cir", "words"),
    [
        (ratio("tomatoes", "tomatoes"), "name 'potatoes' as well"),
        (ratio("peppers", "potatoes"), "is about 'peppers'"),
        (
            field("r", IF_THEN, "if_then_implication",
                  condition="peppers >= 1", consequence="potatoes >= 1"),
            "is about 'potatoes'",
        ),
        (
            field("r", ROWS, "capacity_limit", use="tomatoes", limit="70"),
            "say 70 of 'potatoes', the rule 'r' of 'tomatoes'",
        ),
        (field("r", ROWS, "capacity_limit", use="tomatoes + tomatoes", limit="50"), "to itself"),
    ],
)  # fmt: skip
def test_a_rule_is_about_what_its_sentence_names(cir: CIR, words: str) -> None:
    found = subjects(FIELD, cir, LIBRARY)
    assert found.passed is False
    assert words in found.message


def test_a_ratio_of_the_things_that_are_named_is_right() -> None:
    assert subjects(FIELD, ratio("tomatoes", "potatoes"), LIBRARY).passed is not False


@pytest.mark.parametrize(("one", "two", "passed"), [(3, 5, True), (5, 3, False)])
def test_things_with_numbers_for_names_are_told_apart(one: int, two: int, passed: bool) -> None:
    cir = CIR.model_validate(
        {
            "decisions": [{"name": "experiment_1"}, {"name": "experiment_2"}],
            "objectives": [{"sense": "min", "expr": f"{one}*experiment_1 + {two}*experiment_2"}],
        }
    )
    assert subjects(FIELD, cir, LIBRARY).passed is passed


@pytest.mark.parametrize(("bread", "cake", "passed"), [(4, 9, True), (9, 4, False)])
def test_rows_of_tables_give_their_numbers_to_their_things(
    bread: int, cake: int, passed: bool
) -> None:
    text = "We sell both.\n\n| item | price |\n|---|---|\n| Bread | 4 |\n| Cake | 9 |\n"
    cir = CIR.model_validate(
        {
            "decisions": [{"name": "bread"}, {"name": "cake"}],
            "objectives": [{"sense": "max", "expr": f"{bread}*bread + {cake}*cake"}],
        }
    )
    assert subjects(read_problem(text), cir, LIBRARY).passed is passed


ORDERED = read_problem(
    "If peppers are grown, then so are tomatoes. The number of tomatoes must be larger than the "
    "number of potatoes. There cannot be more peppers than potatoes. At least twice as many "
    "tomatoes as peppers are grown. At most three times the rows of peppers are potatoes."
)
IMPLIES, LARGER, NO_MORE, TWICE, THREE = (" ".join(item.text.split()) for item in ORDERED.sentences)


def relation(quote: str, text: str) -> CIR:
    return field("r", quote, "linear", relation=text)


def multiple(quote: str, part: str, whole: str) -> CIR:
    given = {"part": part, "whole": whole, "share": "2", "sense": '"at_least"'}
    return field("r", quote, "ratio_percentage_share", **given)


def implies(condition: str, consequence: str) -> CIR:
    given = {"condition": f"{condition} >= 1", "consequence": f"{consequence} >= 1"}
    return field("r", IMPLIES, "if_then_implication", **given)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (implies("peppers", "tomatoes"), implies("tomatoes", "peppers")),
        (
            relation(LARGER, "tomatoes >= potatoes + 1"),
            relation(LARGER, "tomatoes <= potatoes + 1"),
        ),
        (relation(NO_MORE, "peppers <= potatoes"), relation(NO_MORE, "peppers >= potatoes")),
        (multiple(TWICE, "tomatoes", "peppers"), multiple(TWICE, "peppers", "tomatoes")),
    ],
)
def test_what_is_compared_keeps_its_order(right: CIR, wrong: CIR) -> None:
    assert subjects(ORDERED, right, LIBRARY).passed is not False
    assert subjects(ORDERED, wrong, LIBRARY).passed is False


NEEDS = read_problem(
    "The meal must have at least 93 grams of protein, 165 grams of carbohydrates, and 1553 "
    "calories. The bakery has 900 grams of batter and 400 grams of milk to use. It has orders "
    "for 20 cakes."
)


@pytest.mark.parametrize(
    ("sentence", "relation", "passed"),
    [
        (0, "buns >= 1553", True),
        (0, "buns <= 1553", False),
        (0, "buns <= 165", False),
        (1, "buns <= 400", True),
        (1, "buns >= 400", False),
        (1, "buns >= 900", False),
        (2, "buns >= 20", None),
    ],
)
def test_a_side_is_carried_on_along_a_list(
    sentence: int, relation: str, passed: bool | None
) -> None:
    quote = " ".join(NEEDS.sentences[sentence].text.split())
    cir = CIR.model_validate(
        {
            "decisions": [{"name": "buns"}],
            "rules": [{"id": "r", "quote": quote, "operands": {"relation": relation}}],
        }
    )
    assert direction(NEEDS, cir, LIBRARY).passed is passed


GRILLS = "Minimize the total number of grills that are needed."


@pytest.mark.parametrize(("goal", "passed"), [("gas + electric", True), ("gas", False)])
def test_a_goal_counts_all_that_its_words_count(goal: str, passed: bool) -> None:
    cir = CIR.model_validate(
        {
            "decisions": [
                {"name": "gas", "meaning": "number of gas grills"},
                {"name": "electric", "meaning": "number of electric grills"},
            ],
            "objectives": [{"sense": "min", "expr": goal, "quote": GRILLS}],
        }
    )
    assert left_out(
        read_problem(f"We buy gas grills and electric grills. {GRILLS}"), cir
    ).passed is (passed)


def lists(members: list[str], contract: list[int]) -> CIR:
    value = {"kind": "dense", "values": contract}
    return CIR.model_validate(
        {
            "sets": [{"name": "Nurses", "elements": members}],
            "parameters": [{"name": "contract", "over": ["Nurses"], "value": value}],
            "decisions": [{"name": "work", "over": ["Nurses"]}],
        }
    )


ROTA = read_problem(
    "The contract is 37 hours for nurse 1, 36 hours for nurse 2 and 19 hours for nurse 3. "
    "Each nurse works at most the contract."
)


@pytest.mark.parametrize(
    ("contract", "passed"), [([37, 36, 19], True), ([36, 37, 19], False), ([37, 19, 36], False)]
)
def test_a_list_keeps_the_order_in_which_it_is_told(contract: list[int], passed: bool) -> None:
    found = subjects(ROTA, lists(["nurse 1", "nurse 2", "nurse 3"], contract), LIBRARY)
    assert (found.passed is not False) is passed, found.message


def test_a_list_may_follow_the_order_of_the_members() -> None:
    cir = lists(["nurse 2", "nurse 1", "nurse 3"], [36, 37, 19])
    assert subjects(ROTA, cir, LIBRARY).passed is not False
