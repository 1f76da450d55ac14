"""What numbers the reader finds in sentences, and what it takes them for."""

from __future__ import annotations

import pytest

from r2c.problem import read_problem

Found = tuple[str, float, str, str | None]

CASES: list[tuple[str, list[Found]]] = [
    # digits
    ("It holds 40 crates.", [("40", 40, "number", "crates")]),
    ("It holds 1,250,000 litres.", [("1,250,000", 1250000, "number", "litres")]),
    ("Loss is 3.75 per run.", [("3.75", 3.75, "number", None)]),
    ("Loss is .03 here.", [(".03", 0.03, "number", None)]),
    ("A budget of 1e6 is set.", [("1e6", 1e6, "number", None)]),
    (r"About $3 \times 10^4$ litres.", [(r"3 \times 10^4", 30000, "number", "litres")]),
    ("Keep 1{,}200 spare.", [("1{,}200", 1200, "number", None)]),
    ("Keep it at -5 degrees.", [("-5", -5, "number", "degrees")]),
    ("A gain of −7 units.", [("−7", -7, "number", "units")]),
    ("Take 5 - 3 of them.", [("5", 5, "number", None), ("3", 3, "number", None)]),
    ("It needs 5kg of salt.", [("5", 5, "number", "kg")]),
    ("A plate of 4x4.", [("4", 4, "number", None), ("4", 4, "number", None)]),
    ("Sizes [12,150,200] exist.", [(n, float(n), "number", None) for n in ("12", "150", "200")]),
    (
        "Sizes [1,200, 1,500] exist.",
        [("1,200", 1200, "number", None), ("1,500", 1500, "number", None)],
    ),
    # money
    ("Rent is $0.50 a day.", [("0.50", 0.5, "number", "$")]),
    (r"Rent is \$8,100.", [("8,100", 8100, "number", "$")]),
    (r"Rent is $\$90$.", [("90", 90, "number", "$")]),
    ("Rent is $90$ for all.", [("90", 90, "number", None)]),
    ("Rent is $5 and $7.", [("5", 5, "number", "$"), ("7", 7, "number", "$")]),
    ("A loss of -$5 follows.", [("-$5", -5, "number", "$")]),
    ("It costs 50 € or £30.", [("50", 50, "number", "€"), ("30", 30, "number", "£")]),
    ("It costs USD 300.", [("300", 300, "number", "USD")]),
    ("It raised $2M.", [("2M", 2e6, "number", "$")]),
    # large numbers
    ("Some 1.5 million litres.", [("1.5 million", 1.5e6, "number", "litres")]),
    ("They sold 10K units.", [("10K", 10000, "number", "units")]),
    ("It costs 2 to 3 million.", [("2", 2e6, "number", None), ("3 million", 3e6, "number", None)]),
    # percent
    ("At least 60% must be rye.", [("60%", 0.6, "percent", "%")]),
    (r"At least 60\% must be rye.", [(r"60\%", 0.6, "percent", "%")]),
    ("Add 12.5 percent.", [("12.5 percent", 0.125, "percent", "%")]),
    ("Add sixty per cent.", [("sixty per cent", 0.6, "percent", "%")]),
    ("Add 20-30% of it.", [("20", 0.2, "percent", "%"), ("30%", 0.3, "percent", "%")]),
    ("Between 20 and 30% of it.", [("20", 0.2, "percent", "%"), ("30%", 0.3, "percent", "%")]),
    # fractions, multiples, ratios
    ("At most 2/3 of it.", [("2/3", 2 / 3, "fraction", None)]),
    ("It takes 1 1/2 hours.", [("1 1/2", 1.5, "fraction", "hours")]),
    ("It takes 2½ hours.", [("2½", 2.5, "fraction", "hours")]),
    (r"Use $3~{\frac{1}{4}}~\mathrm{kg}$.", [(r"3~{\frac{1}{4}}", 3.25, "fraction", "kg")]),
    (
        "Half of it, half an hour.",
        [("Half", 0.5, "fraction", None), ("half", 0.5, "fraction", "hour")],
    ),
    ("A third of the rye.", [("A third", 1 / 3, "fraction", None)]),
    (
        "Two thirds or three-quarters.",
        [("Two thirds", 2 / 3, "fraction", None), ("three-quarters", 0.75, "fraction", None)],
    ),
    ("In the next two quarters.", [("two", 2, "word", "quarters")]),
    ("At most twice as many.", [("twice", 2, "multiplier", None)]),
    ("It is double the rye.", [("double", 2, "multiplier", None)]),
    ("A double bed costs more.", []),
    ("It is 5 times the rye.", [("5 times", 5, "multiplier", None)]),
    ("It is three times as long.", [("three times", 3, "multiplier", None)]),
    ("It is washed 5 times a day.", [("5", 5, "number", "times")]),
    ("A tenfold rise.", [("tenfold", 10, "multiplier", None)]),
    ("Exactly once per week, once done.", [("once", 1, "multiplier", None)]),
    ("A ratio of 2:1 holds.", [("2", 2, "number", None), ("1", 1, "number", None)]),
    ("Mix in a ratio of 1:30.", [("1", 1, "number", None), ("30", 30, "number", None)]),
    # words
    (
        "It is fifteen point five times the rent.",
        [("fifteen point five times", 15.5, "multiplier", None)],
    ),
    ("Zero point two five of it is gone.", [("Zero point two five", 0.25, "word", None)]),
    ("The two point at a map.", [("two", 2, "word", "point")]),
    ("We own twenty-five carts.", [("twenty-five", 25, "word", "carts")]),
    ("We own one hundred and twenty carts.", [("one hundred and twenty", 120, "word", "carts")]),
    (
        "Between one hundred and two hundred.",
        [("one hundred", 100, "word", None), ("two hundred", 200, "word", None)],
    ),
    ("Two hundred forty thousand six.", [("Two hundred forty thousand six", 240006, "word", None)]),
    (
        "A dozen eggs, two dozen eggs.",
        [("A dozen", 12, "word", "eggs"), ("two dozen", 24, "word", "eggs")],
    ),
    ("Half a dozen eggs per dozen.", [("Half a dozen", 6, "word", "eggs")]),
    ("A pair of shoes; 30 pairs.", [("A pair", 2, "word", None), ("30", 30, "number", "pairs")]),
    ("It costs a hundred dollars.", [("a hundred", 100, "word", "dollars")]),
    ("Two and a half tons.", [("Two and a half", 2.5, "word", "tons")]),
    ("Twenty one-hour visits.", [("Twenty", 20, "word", None), ("one", 1, "word", "hour")]),
    # one
    ("One cart moves.", [("One", 1, "word", "cart")]),
    ("At least one of them moves.", [("one", 1, "word", None)]),
    ("Each one moves, the small one too.", []),
    ("One of the carts moves.", []),
    ("From one site to another.", []),
    ("A one-way road called One Source.", []),
    # ordinals
    ("The first and the 3rd day.", [("first", 1, "ordinal", None), ("3rd", 3, "ordinal", None)]),
    ("It turns 30 times per second.", [("30", 30, "number", "times per second")]),
    # names
    ("See Table 5-2.", [("5-2", 5, "label", None)]),
    ("Machine 1 and type 2.", [("1", 1, "label", None), ("2", 2, "label", None)]),
    ("Types 1, 2, and 3 are sold.", [(n, float(n), "label", None) for n in "123"]),
    (
        "Give x1 and B12 to A-19.",
        [("1", 1, "label", None), ("12", 12, "label", None), ("19", 19, "label", None)],
    ),
    ("Sites F1-F5 open.", [("1", 1, "label", None), ("5", 5, "label", None)]),
    ("Lamp No. 7 and #9.", [("7", 7, "label", None), ("9", 9, "label", None)]),
    ("It opens from 9 am to 14:30.", [("9", 9, "label", None), ("14:30", 14.5, "label", None)]),
    (
        "In 2019 it sold 2000 jars.",
        [("2019", 2019, "label", None), ("2000", 2000, "number", "jars")],
    ),
    ("Due 2024-05-01.", [("2024-05-01", 2024, "label", None)]),
    (
        "It takes 3 hours on machine 2 and 4 hours on machine 3.",
        [
            ("3", 3, "number", "hours"),
            ("2", 2, "label", None),
            ("4", 4, "number", "hours"),
            ("3", 3, "label", None),
        ],
    ),
    # not names
    ("We process 30 orders.", [("30", 30, "number", "orders")]),
    (
        "Each machine 5 hours, per day 8 hours.",
        [("5", 5, "number", "hours"), ("8", 8, "number", "hours")],
    ),
    (
        "In Period 0, 160 MW and in Period 1, 170 MW.",
        [
            ("0", 0, "label", None),
            ("160", 160, "number", "MW"),
            ("1", 1, "label", None),
            ("170", 170, "number", "MW"),
        ],
    ),
    # units
    ("It takes 30 minutes per batch.", [("30", 30, "number", "minutes per batch")]),
    ("It takes 5 kg/box.", [("5", 5, "number", "kg/box")]),
    ("A 50-meter pool.", [("50", 50, "number", "meter")]),
    ("Use 10-20 units.", [("10", 10, "number", "units"), ("20", 20, "number", "units")]),
    ("There are 5 old mail vans.", [("5", 5, "number", "old mail vans")]),
    ("There are 5 available vans.", [("5", 5, "number", "vans")]),
    ("Link 8 small data hubs.", [("8", 8, "number", "small data hubs")]),
    ("The limit is 12, the rest is free.", [("12", 12, "number", None)]),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_a_number_is_found_with_its_value_kind_and_unit(text: str, expected: list[Found]) -> None:
    found = [(q.text, q.value, q.kind, q.unit) for q in read_problem(text).quantities]
    assert [(text, kind, unit) for text, _, kind, unit in found] == [
        (text, kind, unit) for text, _, kind, unit in expected
    ]
    assert [value for _, value, _, _ in found] == pytest.approx([v for _, v, _, _ in expected])


def test_list_markers_are_labels_and_belong_to_the_sentence_they_announce() -> None:
    problem = read_problem("Rules:\n1. Load 5 crates.\n2) Rest 6 hours.")
    assert [(q.text, q.kind, q.sentence) for q in problem.quantities] == [
        ("1", "label", 2),
        ("5", "number", 2),
        ("2", "label", 3),
        ("6", "number", 3),
    ]


def test_bracketed_numbers_are_enumerators_only_when_they_count_from_one() -> None:
    counted = read_problem("Ensure (1) 5 crates, (2) 6 bags.").quantities
    assert [q.kind for q in counted] == ["label", "number", "label", "number"]
    loads = read_problem("Rye (15) and oats (20) are in stock.").quantities
    assert [q.kind for q in loads] == ["number", "number"]


def test_a_noun_numbered_with_a_capital_makes_a_name_in_lower_case_too() -> None:
    problem = read_problem("There are Gizmo 1 and Gizmo 2. While gizmo 1 falls, gizmo 2 gains 3.")
    assert [q.kind for q in problem.quantities] == ["label"] * 4 + ["number"]


def test_a_number_too_long_to_count_is_a_name() -> None:
    (quantity,) = read_problem("Scan " + "7" * 60 + " now.").quantities
    assert quantity.kind == "label"


def test_a_number_beyond_floating_point_is_left_out() -> None:
    assert read_problem("Take 1e999 steps.").quantities == ()


def test_a_number_with_a_unit_behind_one_of_a_kind_is_no_label() -> None:
    told = read_problem("A chair takes 2 hours and a table 4 hours. Table 4 shows the plan.")
    assert [(item.value, item.kind) for item in told.quantities] == [
        (2, "number"),
        (4, "number"),
        (4, "label"),
    ]
