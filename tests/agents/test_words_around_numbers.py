"""What the words around a number settle, by sentences that no prompt has seen."""

from __future__ import annotations

import pytest

from r2c.agents.clauses import goal_sentence, question
from r2c.agents.plain.clauses import clauses
from r2c.problem.read import read_problem

Expected = list[tuple[float, str | None, bool, bool]]
"""For each number its value, its side, whether it is data per unit, whether it is a factor."""


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("At least 20 crates must be loaded.", [(20, ">=", False, False)]),
        ("No more than 45 minutes may be spent on polishing.", [(45, "<=", False, False)]),
        ("There must be exactly 14 guards on duty.", [(14, "==", False, False)]),
        ("The number of trams cannot exceed 9.", [(9, "<=", False, False)]),
        ("Up to 70 visitors fit into the hall.", [(70, "<=", False, False)]),
        ("It adds up to 70 visitors.", [(70, None, False, False)]),
        ("He needs a minimum of 200 calories.", [(200, ">=", False, False)]),
        ("The mix must contain 40 grams of fat or more.", [(40, ">=", False, False)]),
        ("The budget is $5000.", [(5000, "<=", False, False)]),
        ("There are 400 seats available.", [(400, "<=", False, False)]),
        (
            "The workshop has 80 kg of steel and 30 liters of paint.",
            [(80, "<=", False, False), (30, "<=", False, False)],
        ),
        (
            "They must make at least 30 and at most 90 scarves.",
            [(30, ">=", False, False), (90, "<=", False, False)],
        ),
        (
            "Between 10 and 30 tents are to be put up.",
            [(10, ">=", False, False), (30, "<=", False, False)],
        ),
        ("At most 25% of the shifts may be night shifts.", [(0.25, "<=", False, True)]),
        (
            "There should be at least three times as many oaks as birches.",
            [(3, ">=", False, True)],
        ),
        ("Half of the guests must be seated.", [(0.5, None, False, True)]),
        (
            "Each lamp requires 3 screws and 2 bulbs.",
            [(3, None, True, False), (2, None, True, False)],
        ),
        (
            "A lorry carries 12 pallets and a van carries 5 pallets.",
            [(12, None, True, False), (5, None, True, False)],
        ),
        (
            "Pears cost $3 per kilogram and plums cost $4 per kilogram.",
            [(3, None, True, False), (4, None, True, False)],
        ),
        ("One batch of red dye requires 2 grams of iron.", [(2, None, True, False)]),
        (
            "It takes 3 minutes on the lathe and 5.5 minutes on the press to make a hinge.",
            [(3, None, True, False), (5.5, None, True, False)],
        ),
        ("The mason has a contract requiring 500 hours of work.", [(500, ">=", False, False)]),
        ("They need to transport 900 parcels.", [(900, ">=", False, False)]),
        ("After the storm the town needs 300 hours of work.", [(300, ">=", False, False)]),
        ("The yard must cut 520 pounds of steel a day.", [(520, ">=", False, False)]),
        (
            "At most 9 vans can be hired, since one can't drive half a van.",
            [(9, "<=", False, False)],
        ),
        ("The vans cannot use more than half of the yard.", [(0.5, "<=", False, True)]),
        ("The hall wants to have 400 visitors per hour.", [(400, ">=", False, False)]),
        (
            "A 4-seater costs $9, a 2-seater costs $7; the 4-seater outsells the 2-seater.",
            [(9, None, True, False), (7, None, True, False)],
        ),
        (r"The sum of both cannot exceed \$10,000 a month.", [(10000, "<=", False, False)]),
        (r"At least $\$2,000$ must be spent on radio.", [(2000, ">=", False, False)]),
        (
            "The maximum number of crates for the van is 70 and for the truck is 50.",
            [(70, "<=", False, False), (50, "<=", False, False)],
        ),
        (
            "Each hectare that is planted with beans and peas next year brings a yield that is put "
            "at 7 and 3 tons respectively.",
            [(7, None, True, False), (3, None, True, False)],
        ),
        (
            "The maximum demand for hats is 50 units, for caps is 40 units, and for bags is 30.",
            [(50, "<=", False, False), (40, "<=", False, False), (30, "<=", False, False)],
        ),
        ("The first two ovens cannot exceed 30 hours.", [(30, "<=", False, False)]),
        (
            "The day shift cannot exceed 24 hours and the night shift cannot exceed 8 hours.",
            [(24, "<=", False, False), (8, "<=", False, False)],
        ),
        ("The trees in the north are capped at 30.", [(30, "<=", False, False)]),
        ("The cost of both cannot surpass 30.", [(30, "<=", False, False)]),
        ("All shares together must equal $100.", [(100, "==", False, False)]),
        ("The company can only rent a total of 50 vans.", [(50, "<=", False, False)]),
        (
            "The total cost is to be kept low, with costs being 5 and 4 euros for hats and caps.",
            [(5, None, True, False), (4, None, True, False)],
        ),
        (
            "Hats have a maximum limit of 500 units, while for caps it is 400 units.",
            [(500, "<=", False, False), (400, "<=", False, False)],
        ),
        ("The budget for repairs is $700.", [(700, "<=", False, False)]),
        ("The mill only operates for 80 hours.", [(80, "<=", False, False)]),
        ("The shop is open for 900 minutes.", [(900, "<=", False, False)]),
        ("The fair can only give out 200 tickets.", [(200, "<=", False, False)]),
        (
            "The radio limits the number of spots of a company to 80.",
            [(80, "<=", False, False)],
        ),
        (
            "This week 50 kg of wood and 40 kg of glue are available.",
            [(50, "<=", False, False), (40, "<=", False, False)],
        ),
        (
            "50 kg of wood, 40 kg of glue and 30 nails are left.",
            [(50, "<=", False, False), (40, "<=", False, False), (30, "<=", False, False)],
        ),
        (
            "The inn must feed at least 12 guests and can make available 50 chairs.",
            [(12, ">=", False, False), (50, "<=", False, False)],
        ),
        (
            "The profit per jacket is $40 and the profit per coat is $65.",
            [(40, None, True, False), (65, None, True, False)],
        ),
        # What the words leave open is left to the model.
        (
            "The van takes 2 hours while the lorry takes 3 hours.",
            [(2, None, False, False), (3, None, False, False)],
        ),
    ],
)
def test_a_sentence_settles_this_about_its_numbers(sentence: str, expected: Expected) -> None:
    (clause,) = clauses(read_problem(sentence))
    found = [(s.quantity.value, s.side, s.per_unit, s.factor) for s in clause.slots]
    assert found == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "The two workshops make 3 types of chairs.",
        "A bakery makes buns and cakes.",
        "In recent years, business was good.",
        "How many of each should be made?",
    ],
)
def test_a_sentence_that_says_nothing_about_the_plan_is_not_read(sentence: str) -> None:
    assert clauses(read_problem(sentence)) == ()


def test_one_number_for_each_of_several_things_is_shared() -> None:
    (clause,) = clauses(read_problem("Each machine can run at most 16 hours."))
    assert clause.shared


def test_data_is_read_before_the_limits_that_refer_to_it() -> None:
    text = "At most 60 minutes are left. Each bun takes 2 minutes. At least 3 buns are needed."
    assert [clause.sentence for clause in clauses(read_problem(text))] == [2, 1, 3]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "A shop sells hats. How many hats should it sell to maximize its profit?",
            "How many hats should it sell to maximize its profit?",
        ),
        (
            "A shop sells hats. If a hat earns $3, how many should be sold to earn as much as "
            "possible?",
            "how many should be sold to earn as much as possible?",
        ),
        ("A shop sells hats. Minimize the cost of hats.", "Minimize the cost of hats."),
        ("Which hats?", "Which hats?"),
    ],
)
def test_the_question_is_found(text: str, asked: str) -> None:
    problem = read_problem(text)
    assert question(problem) == asked
    sentence = goal_sentence(problem)
    assert sentence is not None and asked in sentence.text
