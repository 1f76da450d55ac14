"""Numbers whose spelling changes their value by a factor or a sign, and words that are none."""

from __future__ import annotations

import pytest

from r2c.problem import read_problem

Found = list[tuple[str, float]]

SCALES: list[tuple[str, Found]] = [
    ("It costs one and a half million.", [("one and a half million", 1.5e6)]),
    ("Over two point five million litres.", [("two point five million", 2.5e6)]),
    ("It needs two thousand million.", [("two thousand million", 2e9)]),
    ("Some three thousand dozen.", [("three thousand dozen", 36000)]),
    ("It needs 5 hundred thousand.", [("5 hundred thousand", 5e5)]),
    ("It needs 1 million 500 thousand dollars.", [("1 million 500 thousand", 1.5e6)]),
    ("It needs 1 million, 500 thousand less.", [("1 million", 1e6), ("500 thousand", 5e5)]),
    ("It needs a million and a half.", [("a million and a half", 1.5e6)]),
    ("It raised 2.5bn.", [("2.5bn", 2.5e9)]),
    ("It raised $2.5 bn, then €5 Mio.", [("2.5 bn", 2.5e9), ("5 Mio", 5e6)]),
    ("It raised $5M, then $5 M.", [("5M", 5e6), ("5 M", 5e6)]),
    ("It raised 3m USD and 4 k€.", [("3m", 3e6), ("4 k", 4000)]),
    ("Some 5M people.", [("5M", 5e6)]),
    ("Stock of 10**6 or 3×10⁶ nails.", [("10**6", 1e6), ("3×10⁶", 3e6)]),
    # no scale
    ("The hall is 5 m long.", [("5", 5)]),
    ("The hall is 5 M long.", [("5", 5)]),
    ("It stores 5MB at 7 MW.", [("5", 5), ("7", 7)]),
    ("Room 5B.", [("5", 5)]),
    ("A costs $5 B is free.", [("5", 5)]),
]
GROUPS: list[tuple[str, Found]] = [
    ("We sell 1 000 and 12 000 jars.", [("1 000", 1000), ("12 000", 12000)]),
    ("We sell 12\u202f000 and 7\u00a0500 jars.", [("12\u202f000", 12000), ("7\u00a0500", 7500)]),
    ("It costs 1 250 euros.", [("1 250", 1250)]),
    ("It has 1 200 seats and 12 000 fans.", [("1 200", 1200), ("12 000", 12000)]),
    ("It has 1 234 567 kg.", [("1 234 567", 1234567)]),
    ("It costs 10'000 or 12’500 francs.", [("10'000", 10000), ("12’500", 12500)]),
    ("It costs 1.000,50 euros.", [("1.000,50", 1000.5)]),
    ("It costs €1.234,50 and weighs 12.000 kg.", [("1.234,50", 1234.5), ("12.000", 12000)]),
    ("It costs 1.000.000 euros.", [("1.000.000", 1e6)]),
    ("It takes 1,5 hours.", [("1,5", 1.5)]),
    ("It costs € 1 234,50.", [("1 234,50", 1234.5)]),
    ("It costs 1,50,000 rupees.", [("1,50,000", 150000)]),
    # two numbers, or a name
    ("In period 1 200 units are made.", [("1", 1), ("200", 200)]),
    ("Sizes 100 200 300.", [("100", 100), ("200", 200), ("300", 300)]),
    ("Three 100 kg bags, 3 100-kg bags.", [("Three", 3), ("100", 100), ("3", 3), ("100", 100)]),
    ("Arcs (1,2) take 1,5 hours.", [("1", 1), ("2", 2), ("1,5", 1.5)]),
    ("Use 1,5 kg, then 2.5 kg.", [("1", 1), ("5", 5), ("2.5", 2.5)]),
    ("It weighs 12.000 kg.", [("12.000", 12)]),
    ("Version 1.200.300 runs.", [("1.200.300", 1)]),
]
SIGNS: list[tuple[str, Found]] = [
    ("minus 5", [("minus 5", -5)]),
    ("Keep it at minus 5 degrees.", [("minus 5", -5)]),
    ("Keep it above minus twenty degrees.", [("minus twenty", -20)]),
    ("The change is -5 or - 6.", [("-5", -5), ("6", 6)]),
    ("The change is - 5.", [("- 5", -5)]),
    ("From -5 to 5.", [("-5", -5), ("5", 5)]),
    ("Between minus 5 and minus 3.", [("minus 5", -5), ("minus 3", -3)]),
    ("A rate of negative 5.", [("negative 5", -5)]),
    ("Points (4.3, -2.7) and (-8, -2).", [("4.3", 4.3), ("-2.7", -2.7), ("-8", -8), ("-2", -2)]),
    ("3 -5 2", [("3", 3), ("-5", -5), ("2", 2)]),
    # no sign
    ("Profit is revenue minus 5.", [("5", 5)]),
    ("Revenue, minus 5 for shipping.", [("5", 5)]),
    ("Off by plus or minus 5 mm.", [("5", 5)]),
    ("Use 0 -100 of it.", [("0", 0), ("100", 100)]),
    ("- 5 crates\n- 6 bags", [("5", 5), ("6", 6)]),
]
LISTS: list[tuple[str, Found]] = [
    (
        "They get 40, 25, 55 and 30 million.",
        [("40", 4e7), ("25", 2.5e7), ("55", 5.5e7), ("30 million", 3e7)],
    ),
    ("They get $2, $3, and $4 million.", [("2", 2e6), ("3", 3e6), ("4 million", 4e6)]),
    ("Mix 20, 30 and 50% of it.", [("20", 0.2), ("30", 0.3), ("50%", 0.5)]),
    ("Two or three hundred carts.", [("Two", 200), ("three hundred", 300)]),
    ("From 5 to 10k units.", [("5", 5000), ("10k", 10000)]),
    ("Some $2 to $3 million.", [("2", 2e6), ("3 million", 3e6)]),
    ("They get 2 and 3 million, respectively.", [("2", 2e6), ("3 million", 3e6)]),
    # each for itself
    ("A staff of 20 and 3 million dollars.", [("20", 20), ("3 million", 3e6)]),
    ("Between 500 and 2 thousand.", [("500", 500), ("2 thousand", 2000)]),
    ("Fifty or one hundred carts.", [("Fifty", 50), ("one hundred", 100)]),
    ("Has 3 plants, 4 shops and 5 million.", [("3", 3), ("4", 4), ("5 million", 5e6)]),
    ("Machines 1, 2 and 3 million bolts.", [("1", 1), ("2", 2), ("3 million", 3e6)]),
]
PARTS: list[tuple[str, Found]] = [
    ("No more than a third may be rye.", [("a third", 1 / 3)]),
    ("At most a third can be rye.", [("a third", 1 / 3)]),
    ("No more than a third each.", [("a third", 1 / 3)]),
    ("A quarter of it, two-fifths of that.", [("A quarter", 0.25), ("two-fifths", 0.4)]),
    ("Only 1/3 of it, then 2 thirds of it.", [("1/3", 1 / 3), ("2 thirds", 2 / 3)]),
    ("Keep a twentieth of it.", [("a twentieth", 0.05)]),
    ("One in five is late, 1 in 4 customers.", [("One in five", 0.2), ("1 in 4", 0.25)]),
    ("Then 3 out of 4 are late.", [("3 out of 4", 0.75)]),
    ("At least 2 out of every 3 are.", [("2 out of every 3", 2 / 3)]),
    ("Half an hour, one and a half hours.", [("Half", 0.5), ("one and a half", 1.5)]),
    ("An hour and a half.", [("An hour and a half", 1.5)]),
    ("It takes 2 hours and a half.", [("2 hours and a half", 2.5)]),
    ("One and a quarter hours.", [("One and a quarter", 1.25)]),
    ("Two and three quarters, 5 and 3/4.", [("Two and three quarters", 2.75), ("5 and 3/4", 5.75)]),
    ("A quarter of a million.", [("A quarter of a million", 250000)]),
    ("A dozen and a half eggs.", [("A dozen and a half", 18)]),
    ("Two and a half dozen, half-dozen.", [("Two and a half dozen", 30), ("half-dozen", 6)]),
    ("A score of ships, three score and ten.", [("A score", 20), ("three score and ten", 70)]),
    ("Ten per cent, 5 pct.", [("Ten per cent", 0.1), ("5 pct", 0.05)]),
    (
        "Rises 50 basis points, half a percent.",
        [("50 basis points", 0.005), ("half a percent", 0.005)],
    ),
    ("About 5‰ of it.", [("5‰", 0.005)]),
    ("It is twice and a half the rent.", [("twice and a half", 2.5)]),
    ("The twenty-first day.", [("twenty-first", 21)]),
    # both numbers, or an ordinal
    ("Choose 3 out of 4 sites.", [("3", 3), ("4", 4)]),
    ("At least 3 out of 4 sites stay.", [("3", 3), ("4", 4)]),
    ("It makes 1 in 5 days.", [("1", 1), ("5", 5)]),
    ("The third shift, a third shift.", [("third", 3), ("third", 3)]),
    ("Two run and a third is planned.", [("Two", 2), ("third", 3)]),
    ("Take x3 and half of x4.", [("3", 3), ("half", 0.5), ("4", 4)]),
    ("A score of 80 points.", [("80", 80)]),
]
VAGUE = [
    "Several dozen eggs.",
    "A few dozen eggs.",
    "A couple of dozen eggs.",
    "A few hundred trucks.",
    "Dozens of eggs, hundreds of workers.",
    "Many thousands of them.",
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [*SCALES, *GROUPS, *SIGNS, *LISTS, *PARTS],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_spelling_gives_its_value(text: str, expected: Found) -> None:
    found = [(quantity.text, quantity.value) for quantity in read_problem(text).quantities]
    assert [words for words, _ in found] == [words for words, _ in expected]
    assert [value for _, value in found] == pytest.approx([value for _, value in expected])


@pytest.mark.parametrize("text", VAGUE)
def test_an_unknown_amount_is_no_number(text: str) -> None:
    assert read_problem(text).quantities == ()


def test_parts_and_portions_count_as_fractions_and_keep_their_noun() -> None:
    text = "One in five workers. At most a third may go. Rates rise 50 basis points."
    assert [(q.kind, q.unit) for q in read_problem(text).quantities] == [
        ("fraction", "workers"),
        ("fraction", None),
        ("percent", "%"),
    ]


def test_a_table_reads_its_cells_as_the_text_is_read() -> None:
    problem = read_problem(
        "| Site | Cost | Area |\n|---|---|---|\n| A | 1 500 | $2M |\n| B | 2 000 | $1.5 M |"
    )
    (table,) = problem.tables
    assert table.rows == (("A", 1500.0, 2e6), ("B", 2000.0, 1.5e6))
    assert [q.value for q in problem.quantities] == [1500.0, 2e6, 2000.0, 1.5e6]
