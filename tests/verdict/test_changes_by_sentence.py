"""A change names a number of a sentence: all that the model made of it follows, or it asks."""

from __future__ import annotations

import pytest

from r2c.cir.literals import trace_literals
from r2c.cir.schema import CIR
from r2c.cir.write import write
from r2c.errors import R2CError
from r2c.problem import read_problem
from r2c.problem.schema import Problem
from r2c.verdict.change import all_changed, changed, read_change

Model = tuple[CIR, Problem]


def model(
    text: str,
    names: str,
    rules: list[tuple[int, str]],
    goal: tuple[int, str],
    *,
    quoted: bool = True,
) -> Model:
    """A model whose rules, r1, r2, ..., and goal quote sentences by their numbers."""
    problem = read_problem(text)
    said = {0: "", **{item.number: item.text if quoted else "" for item in problem.sentences}}
    cir = CIR.model_validate(
        {
            "decisions": [{"name": name} for name in names.split()],
            "rules": [
                {"id": f"r{place}", "quote": said[number], "operands": {"relation": relation}}
                for place, (number, relation) in enumerate(rules, start=1)
            ],
            "objectives": [{"sense": "max", "expr": goal[1], "quote": said[goal[0]]}],
        }
    )
    return cir, problem


def lines(cir: CIR) -> list[str]:
    return [
        *(write(rule.operands["relation"]) for rule in cir.rules),
        *(write(goal.expr) for goal in cir.objectives),
    ]


PRESS = model(
    "A press makes 30 boards an hour. It runs at most 20 hours. At least 300 boards are ordered. "
    "A board earns 3 euros. Maximize the earnings.",
    "h",
    [(2, "h <= 20"), (3, "30*h >= 300")],
    (4, "90*h"),
)
POLISH = model(
    "A machine runs 8 hours a day on 5 days. A chair takes 40 minutes of polishing and 2 hours of "
    "work, a table 20 minutes of polishing and 1 hour of work. Polishing is available for 900 "
    "minutes. A chair earns 9 euros, a table 5 euros. Maximize the earnings.",
    "chair table",
    [(1, "2*chair + table <= 40"), (3, "40*chair + 20*table <= 900")],
    (4, "9*chair + 5*table"),
)
MACHINE = model(
    "Machine M runs 8 hours a day on 5 days. It makes 40 chairs or 30 stools an hour. At least 600 "
    "stools are ordered. A chair earns 2 euros and a stool earns 3 euros. At most 700 chairs can "
    "be sold. Maximize the earnings.",
    "hc hs",
    [(1, "hc + hs <= 40"), (3, "30*hs >= 600"), (5, "40*hc <= 700")],
    (4, "80*hc + 90*hs"),
)
PLANT = model(
    "A plant runs two lines for 8 hours a day on 5 days. Line one makes forty parts an hour, line "
    "two makes 1,200 parts a day. A part sells for $2.50 and 10% of all parts are scrapped. At "
    "most 2,000 parts can be sold in the week.",
    "h1 h2",
    [(1, "h1 <= 40"), (2, "h2 <= 6000"), (4, "0.9*(40*h1 + h2) <= 2000")],
    (3, "2.5*0.9*(40*h1 + h2)"),
)
TANK = model(
    "A tank holds 2 tons. A sack of flour weighs 50 kg and a sack of rye 2 times 20 kg. A sack of "
    "flour earns 9 euros and a sack of rye 8 euros.",
    "f r",
    [(1, "50*f + 40*r <= 2000")],
    (3, "9*f + 8*r"),
)
ROLLS = model(
    "A bakery sells at least twice as many rolls as loaves. Half of the 60 kg of flour go to "
    "rolls: a roll needs 0.5 kg. A loaf earns 4 euros, a roll a quarter of that.",
    "loaf roll",
    [(1, "roll >= 2*loaf"), (2, "0.5*roll <= 30")],
    (3, "4*loaf + 1*roll"),
)
KITES_TEXT = (
    "A shop sells 20 red and 20 blue kites at least. Each red kite takes 3 hours and each blue "
    "kite 3 hours; 180 hours are available. A red kite earns 5 euros, a blue kite {more} euros "
    "more than a red one. Maximize the earnings."
)
KITES_RULES = [(1, "red >= 20"), (1, "blue >= 20"), (2, "3*red + 3*blue <= 180")]
KITES = model(KITES_TEXT.format(more=5), "red blue", KITES_RULES, (3, "5*red + 10*blue"))
FLEET_TEXT = (
    "The firm is 10 years old. At most 10 trucks are available. At most 10 vans are available. A "
    "truck earns 10 euros and a van earns 7 euros a day. At most 15 drivers can be found."
)
FLEET_RULES = [(2, "truck <= 10"), (3, "van <= 10"), (5, "truck + van <= 15")]
FLEET_GOAL = (4, "10*truck + 7*van")
FLEET = model(FLEET_TEXT, "truck van", FLEET_RULES, FLEET_GOAL)
WORDLESS = model(FLEET_TEXT, "truck van", FLEET_RULES, FLEET_GOAL, quoted=False)
STORE = model(
    "A loaf needs 1 kg of flour and a tray 2 kg; 80 kg are in store. Between 5 and 30 trays are "
    "baked. At most 30 loaves of 30 cuts are made.",
    "loaves trays",
    [
        (1, "1*loaves + 2*trays <= 80"),
        (2, "5 <= trays <= 30"),
        (3, "30*loaves <= 7*trays"),
        (3, "loaves - 30 <= 0"),
    ],
    (0, "loaves + trays"),
)


@pytest.mark.parametrize(
    ("told", "change", "after"),
    [
        # What it makes with others follows beside the number itself.
        (PRESS, "sentence 1: 30 -> 35", ["35*h >= 300", "105*h"]),
        (PRESS, "sentence 1: 35", ["35*h >= 300", "105*h"]),
        (PRESS, "sentence 4: 3 -> 4", ["120*h"]),
        (MACHINE, "sentence 2: 40 -> 50", ["50*hc <= 700", "100*hc + 90*hs"]),
        (MACHINE, "sentence 1: 5 -> 6", ["hc + hs <= 48"]),
        (ROLLS, "sentence 3: 4 -> 8", ["8*loaf + 2*roll"]),
        (ROLLS, "sentence 3: 0.25 -> 0.5", ["4*loaf + 2*roll"]),
        # What the own words make is not the equal number of another sentence.
        (POLISH, "sentence 2: 40 -> 60", ["60*chair + 20*table <= 900"]),
        (POLISH, "sentence 1: 5 -> 6", ["2*chair + table <= 48"]),
        (PLANT, "sentence 1: 5 -> 6", ["h1 <= 48", "h2 <= 7200"]),
        (PLANT, "sentence 3: 10% -> 20%", ["0.8*(40*h1 + h2) <= 2000", "2.5*0.8*(40*h1 + h2)"]),
        (TANK, "sentence 1: 2 -> 3", ["50*f + 40*r <= 3000"]),
        (TANK, "sentence 2: 2 -> 3", ["50*f + 60*r <= 2000"]),
        (FLEET, "sentence 2: 10 -> 12", ["truck <= 12"]),
        (WORDLESS, "sentence 4: 7 -> 8", ["10*truck + 8*van"]),
        # The limit is the number beside the sign.
        (STORE, "the limit in sentence 1 becomes 90", ["loaves + 2*trays <= 90"]),
        (STORE, "the limit in rule r1 becomes 90", ["loaves + 2*trays <= 90"]),
        (STORE, "the limit in sentence 3 becomes 40", ["loaves - 40 <= 0"]),
    ],
)
def test_all_that_the_model_made_of_a_number_follows_and_nothing_else(
    told: Model, change: str, after: list[str]
) -> None:
    made = changed(*told, change)
    assert [
        new for new, old in zip(lines(made), lines(told[0]), strict=True) if new != old
    ] == after


@pytest.mark.parametrize(
    ("told", "change", "code", "words"),
    [
        (KITES, "sentence 3: 5 -> 6", "R2C-V056", "objective '1'"),
        (KITES, "sentence 2: 3 -> 4", "R2C-V056", "`rule r3: 3 -> 4`"),
        (KITES, "sentence 1: 20 -> 25", "R2C-V056", "`rule r1: 20 -> 25`"),
        (ROLLS, "sentence 2: 0.5 -> 1", "R2C-V056", "`rule r2: 0.5 -> 1`"),
        (WORDLESS, "sentence 1: 10 -> 20", "R2C-V057", "sentence 2 (“At most 10 trucks"),
        (WORDLESS, "sentence 2: 10 -> 12", "R2C-V057", "`rule r1: 10 -> 12`"),
        (FLEET, "sentence 1: 10 -> 12", "R2C-V029", "no number 10"),
        (PRESS, "sentence 4: 4", "R2C-V029", "`sentence 4: 3 -> 4`"),
        (POLISH, "the limit in sentence 1 becomes 45", "R2C-V029", "`rule r1: 40 -> 45`"),
        (STORE, "the limit in sentence 2 becomes 9", "R2C-V030", "5 (rule 'r2'), 30 (rule 'r2')"),
    ],
)
def test_what_would_be_a_guess_is_refused_with_the_other_places(
    told: Model, change: str, code: str, words: str
) -> None:
    with pytest.raises(R2CError) as caught:
        changed(*told, change)
    assert caught.value.code == code
    assert words in str(caught.value)


def test_a_sum_that_only_comparing_words_make_follows() -> None:
    told = model(KITES_TEXT.format(more=3), "red blue", KITES_RULES, (3, "5*red + 8*blue"))
    assert lines(changed(*told, "sentence 3: 5 -> 6"))[-1] == "6*red + 9*blue"
    assert lines(changed(*told, "sentence 3: 3 -> 4"))[-1] == "5*red + 9*blue"


def test_a_factor_of_one_that_the_model_does_not_write_is_refused() -> None:
    cir, problem = ROLLS
    goal = CIR.model_validate(
        cir.model_dump(mode="json") | {"objectives": [{"sense": "max", "expr": "4*loaf + roll",
                                                       "quote": problem.sentences[2].text}]}
    )  # fmt: skip
    with pytest.raises(R2CError) as caught:
        changed(goal, problem, "sentence 3: 4 -> 8")
    assert caught.value.code == "R2C-V058"


def test_equal_numbers_of_two_sentences_go_with_the_things_that_these_name() -> None:
    text = "A desk takes 5 hours. A lamp takes 5 hours. There are 40 hours."
    told = model(text, "desks lamps", [(0, "5*lamps + 5*desks <= 40")], (0, "desks + lamps"))
    assert lines(changed(*told, "sentence 2: 5 -> 6"))[0] == "6*lamps + 5*desks <= 40"


def test_a_parameter_may_come_from_any_sentence_that_says_its_number() -> None:
    cir = CIR.model_validate(
        {
            "parameters": [{"name": "cap", "value": 10}],
            "decisions": [{"name": "truck"}],
            "rules": [{"id": "r1", "operands": {"relation": "truck <= cap"}}],
        }
    )
    with pytest.raises(R2CError) as caught:
        changed(cir, FLEET[1], "sentence 2: 10 -> 12")
    assert caught.value.code == "R2C-V057"
    assert "`cap = 12`" in str(caught.value)


def test_sources_that_were_found_before_are_not_taken_for_told_ones() -> None:
    saved = trace_literals(WORDLESS[0], WORDLESS[1])
    with pytest.raises(R2CError) as caught:
        changed(saved, WORDLESS[1], "sentence 2: 10 -> 12")
    assert caught.value.code == "R2C-V057"
    kept = trace_literals(*POLISH), POLISH[1]
    assert lines(changed(*kept, "sentence 1: 5 -> 6"))[0] == "2*chair + table <= 48"


def test_a_factor_between_units_may_be_a_number_of_the_words() -> None:
    told = model(
        "A tray holds 60 rolls and takes 30 minutes. The oven runs 8 hours.",
        "trays",
        [(2, "30*trays <= 60*8")],
        (0, "60*trays"),
    )
    with pytest.raises(R2CError) as caught:
        changed(*told, "sentence 1: 60 -> 70")
    assert caught.value.code == "R2C-V057"
    assert lines(changed(*told, "sentence 2: 8 -> 9"))[0] == "30*trays <= 60*9"


def test_a_share_beside_a_count_makes_no_hidden_factor() -> None:
    told = model(
        "We bake 4 kinds of bread, and at least 25% of the pieces are rolls.",
        "rolls bread",
        [(1, "rolls >= 0.25*(rolls + bread)")],
        (0, "bread"),
    )
    made = changed(*told, "sentence 1: 25% -> 50%")
    assert lines(made)[0] == "rolls >= 0.5*(rolls + bread)"


def test_changes_of_several_numbers_hold_together() -> None:
    both = all_changed(*PRESS, ["sentence 1: 30 -> 35", "sentence 4: 3 -> 4"])
    assert lines(both) == ["h <= 20", "35*h >= 300", "140*h"]
    week = all_changed(*POLISH, ["sentence 1: 8 -> 9", "sentence 1: 5 -> 6"])
    assert lines(week)[0] == "2*chair + table <= 54"


def test_a_number_that_becomes_an_equal_one_does_not_change_twice() -> None:
    told = model(KITES_TEXT.format(more=3), "red blue", KITES_RULES, (3, "5*red + 8*blue"))
    assert lines(changed(*told, "sentence 3: 5 -> 8"))[-1] == "8*red + 11*blue"


@pytest.mark.parametrize("place", ["sentence 3", "rule r3"])
def test_a_limit_is_told_as_it_is_written(place: str) -> None:
    text = f"the limit in {place} becomes 90"
    assert str(read_change(text)) == text
    assert read_change(text) != read_change(text.replace("limit", "number"))
