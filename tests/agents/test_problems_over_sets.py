"""Problems over sets: what tables hold, what headings limit, how amounts are spelled out."""

from __future__ import annotations

from itertools import combinations_with_replacement, count
from pathlib import Path

import pytest
from gbnf import admits, is_whole

from r2c.agents.choose_dialect import dialect_of
from r2c.agents.goal import read_goal
from r2c.agents.indexed.reader import Indexed
from r2c.agents.indexed.tables import data_of
from r2c.agents.indexed.totals import Totals
from r2c.agents.plain.reader import Plain
from r2c.agents.reading import Reading
from r2c.agents.roster import Choice
from r2c.cir.check import check
from r2c.cir.parse import parse
from r2c.cir.text import write_text
from r2c.errors import CIRError
from r2c.formulation import Trust
from r2c.problem.read import read_problem
from r2c.verdict.answer import solve

EXAMPLES = Path(__file__).parents[2] / "examples"
TRANSPORT = read_problem(
    (EXAMPLES / "transport" / "problem.txt").read_text(encoding="utf-8"),
    sorted((EXAMPLES / "transport").glob("*.csv")),
)
PIPES = read_problem("""A plant pumps water through pipes of limited capacity.

- From Tank 1 (Source): to Tank 2 (14 liters), and Tank 3 (6 liters).
- From Tank 2: to Tank 3 (3 liters) and Tank 4 (2 liters), back to Tank 1 (50 liters).
- From Tank 3: to Tank 4 (9 liters).
- Tank 4 (Sink) only receives.

What is the maximum amount of water that can be sent?""")


def over(problem: str, table: str) -> Indexed:
    return Indexed(read_problem(f"{problem}\n\n{table}"))


@pytest.mark.parametrize(
    ("table", "axes", "given"),
    [
        (
            "| plant | supply (t) |\n|--|--|\n| A | 1 |\n| B | 2 |",
            {"plant": "A B"},
            ["supply[plant]"],
        ),
        (
            "| plant \\ shop | X | Y |\n|--|--|--|\n| A | 1 | 2 |\n| B | 3 | 4 |",
            {"plant": "A B", "shop": "X Y"},
            ["cost[plant, shop]"],
        ),
        (
            "| from | to | hours |\n|--|--|--|\n| A | B | 1 |\n| B | C | 2 |\n| C | A | 2 |",
            {"place": "A B C", "to_place": "A B C"},
            ["hours[place, to_place]"],
        ),
        ("| day | crew |\n|--|--|\n| 1 | 4 |\n| 2 | 5 |", {"day": "1 2"}, ["crew[day]"]),
        ("| weight | price |\n|--|--|\n| 7 | 4 |\n| 7 | 5 |", {}, []),
    ],
)
def test_tables_hold_sets_and_parameters(
    table: str, axes: dict[str, str], given: list[str]
) -> None:
    data = data_of(read_problem(f"The cost of each way:\n\n{table}\n\nWhat is best?"))
    assert {name: " ".join(axis.members) for name, axis in data.axes.items()} == axes
    assert list(map(str, data.given.values())) == given


def test_files_with_pairs_are_read_over_sets_and_small_lists_are_not() -> None:
    assert isinstance(dialect_of(TRANSPORT), Indexed)
    small = "Desks and shelves are built.\n\n| item | price |\n|--|--|\n| desk | 1 |\n| shelf | 2 |"
    assert isinstance(dialect_of(read_problem(small)), Plain)


def test_tables_that_the_text_does_not_speak_of_do_not_count() -> None:
    rows = "\n".join(f"| kind {k} | {k} |" for k in range(40))
    table = f"| bread | flour |\n|--|--|\n{rows}"
    assert isinstance(dialect_of(read_problem(f"Buns and cakes are baked.\n\n{table}")), Plain)
    assert isinstance(dialect_of(read_problem(f"Bread is baked.\n\n{table}")), Indexed)


def test_headings_limit_amounts_and_a_closed_place_has_no_capacity() -> None:
    indexed = over(
        "Depots serve shops.",
        "| depot | capacity |\n|--|--|\n| E | 9 |\n| W | 8 |\n\n"
        "| shop | demand |\n|--|--|\n| P | 3 |\n| L | 4 |",
    )
    first, second = indexed.clauses[:2]
    ship = Choice("ship", "pallets shipped", ("depot", "shop"))
    gate = Choice("open", "1 if the depot is open", ("depot",))
    assert indexed.settled(first, [ship]) == "for each depot: ship <= capacity"
    assert indexed.settled(first, [ship, gate]) == "for each depot: ship <= capacity*open"
    assert indexed.settled(second, [ship]) == "for each shop: ship >= demand"
    assert indexed.settled(first, [gate]) == "none"


@pytest.mark.parametrize(
    ("amount", "each", "spelled"),
    [
        ("ship", (), "sum(ship[plant, shop] for (plant, shop) in Lanes)"),
        (
            "ship",
            ("plant",),
            "sum(ship[plant, shop] for (plant_, shop) in Lanes if plant_ == plant)",
        ),
        ("ship", ("plant", "shop"), "ship[plant, shop]"),
        (
            "cost*ship",
            ("shop",),
            "sum(cost[plant, shop]*ship[plant, shop] for (plant, shop_) in Lanes if shop_ == shop)",
        ),
        ("2*supply - demand", ("plant", "shop"), "2*supply[plant] + -1*(demand[shop])"),
        ("supply", (), "sum(supply[plant] for plant in Plants)"),
    ],
)
def test_what_a_rule_does_not_fix_is_added_up(
    amount: str, each: tuple[str, ...], spelled: str
) -> None:
    data = data_of(TRANSPORT)
    axes = {name: given.axes for name, given in data.given.items()}
    totals = Totals(data, {**axes, "ship": ("plant", "shop")})
    assert totals.spelled(parse(amount), each) == spelled


@pytest.mark.parametrize("amount", ["max(ship, cost)", "ship/2", "[ship]", "ship <= cost"])
def test_other_expressions_are_no_amounts(amount: str) -> None:
    with pytest.raises(CIRError, match="R2C-G012"):
        Totals(data_of(TRANSPORT), {"ship": ("plant", "shop")}).spelled(parse(amount), ())


def test_the_transport_example_from_words_and_files_has_its_known_optimum() -> None:
    indexed = dialect_of(TRANSPORT)
    roster = [Choice("ship", "number of pallets", ("plant", "shop"))]
    readings = [
        Reading(clause, indexed.settled(clause, roster) or "none") for clause in indexed.clauses
    ]
    cir = indexed.assemble(roster, readings, "minimize cost*ship")
    assert check(cir) == ()
    answer = solve(cir, problem=TRANSPORT)
    assert answer.objective == pytest.approx(2585.0)
    # Each rule comes from the sentence that names its limit, or else speaks of its table.
    first, *others = cir.rules
    assert all("plants.csv gives what each plant" in rule.quote for rule in others), cir.rules
    assert first.quote == "A lane carries no more than its capacity."


def test_what_flows_into_a_place_flows_out_of_it_except_at_the_ends() -> None:
    indexed = dialect_of(PIPES)
    roster = [Choice("flow", "liters of water", ("tank", "to_tank"))]
    readings = [
        Reading(clause, indexed.settled(clause, roster) or "none") for clause in indexed.clauses
    ]
    (goal,) = indexed.suggested_goals(roster, [])
    cir = indexed.assemble(roster, readings, goal)
    assert "flow_conservation" in write_text(cir)
    # Tank 4 can take 2 from Tank 2 and 9 from Tank 3, which gets 6 and 3.
    assert solve(cir, problem=PIPES).objective == pytest.approx(11.0)


@pytest.mark.parametrize(("surplus", "op"), [(9, "=="), (20, ">=")])
def test_what_places_have_and_need_moves_through_a_network(surplus: int, op: str) -> None:
    problem = read_problem(f"""Yard 1 has a surplus of {surplus} wagons. Yard 2 needs 4 wagons. Yard
3 has 1 wagon and needs 6.

Moving a wagon from Yard 1 to Yard 2 costs 2, to Yard 3 costs 9. From Yard 2 it costs 2 to Yard 1
and 1 to Yard 3. From Yard 3 it costs 3 to Yard 1 and 1 to Yard 2.

How should the wagons be moved at the least cost?""")
    indexed = Indexed(problem)
    roster = [Choice("move", "number of wagons moved", ("yard", "to_yard"))]
    readings = [Reading(one, indexed.settled(one, roster) or "none") for one in indexed.clauses]
    said = {reading.text for reading in readings}
    assert f"at each place: move in + supply {op} move out + demand" in said
    cir = indexed.assemble(roster, readings, "minimize cost*move")
    assert check(cir) == ()
    # Yard 3 is served through Yard 2: 9 wagons pay 2, of which 5 go on for 1.
    assert solve(cir, problem=problem).objective == pytest.approx(9 * 2 + 5)


def test_a_sentence_that_can_limit_nothing_may_only_say_none() -> None:
    indexed = over(
        "A mill blends feeds. Weights in the plan may be fractional. At most 90 tonnes are made. "
        "How much of each feed should be made to maximize the income?",
        "| bin | volume |\n|--|--|\n| A | 7 |\n| B | 9 |",
    )
    forms = {
        clause.text: indexed.clause_form(clause, [Choice("mix", "tonnes", ("bin",))], []).grammar
        for clause in indexed.clauses
    }
    assert all(grammar and is_whole(grammar) for grammar in forms.values())
    empty = indexed.clause_form(indexed.clauses[0], [], []).grammar
    assert empty == 'root ::= "none"\n'


def test_a_table_of_usage_limits_each_resource_over_all_products() -> None:
    problem = read_problem("""Three breads share two ovens; each oven has its hours.

Hours of a batch:

| bread | Oven 1 | Oven 2 |
|-------|--------|--------|
| rye   | 2      | 1      |
| white | 1      | 3      |
| spelt | 2      | 2      |

| oven   | hours left | shelf |
|--------|------------|-------|
| Oven 1 | 10         | 4     |
| Oven 2 | 9          | 5     |

How many batches of each bread should be baked, at most, in the hours of each oven?""")
    indexed = Indexed(problem)
    roster = [Choice("bake", "number of batches", ("bread",))]
    clause = next(one for one in indexed.clauses if one.table is None)
    usage = next(g.name for g in indexed.data.given.values() if len(g.axes) == 2)
    limit = f"for each oven: {usage}*bake <= hours_left"
    grammar = indexed.clause_form(clause, roster, []).grammar or ""
    assert admits(grammar, limit)
    assert not admits(grammar, limit.replace("each oven", "each bread"))
    readings = [Reading(one, limit if one is clause else "none") for one in indexed.clauses]
    cir = indexed.assemble(roster, readings, "maximize bake")
    # Four of rye and one of white take 9 and 7 hours; no six batches fit.
    assert solve(cir, problem=problem).objective == pytest.approx(5.0)


def test_who_has_to_be_reached_within_a_limit_needs_a_chosen_place_near_enough() -> None:
    problem = read_problem("""Fire posts are chosen among three sites so that each village is
reached within 12 minutes from at least one of them. As few posts as possible should be built.

Travel time in minutes:

| site | Elm | Oak | Ash | Fir |
|------|-----|-----|-----|-----|
| A    | 5   | 12  | 30  | 20  |
| B    | 20  | 13  | 9   | 25  |
| C    | 40  | 22  | 11  | 8   |

Where should posts be built?""")
    indexed = Indexed(problem)
    (given,) = indexed.data.given.values()
    site, village = given.axes
    roster = [Choice("build", "1 if a post is built at the site", (site,))]
    readings = [Reading(one, indexed.settled(one, roster) or "none") for one in indexed.clauses]
    assert f"for each {village}: some build with {given.name} <= 12" in {r.text for r in readings}
    cir = indexed.assemble(roster, readings, "minimize build")
    assert check(cir) == ()
    # A reaches Elm and Oak, C the other two; no single site reaches all.
    assert solve(cir, problem=problem).objective == pytest.approx(2.0)


@pytest.mark.slow
def test_the_model_is_told_names_and_a_few_members_of_a_table_of_100_000_rows(
    tmp_path: Path,
) -> None:
    lanes = tmp_path / "lanes.csv"
    rows = (f"P{i},S{j},{(7 * i + j) % 97}" for i in range(250) for j in range(400))
    lanes.write_text("plant,shop,cost\n" + "\n".join(rows), encoding="utf-8")
    text = "Every shop gets 5 tons. lanes.csv gives the cost from each plant to each shop."
    indexed = dialect_of(read_problem(text, lanes))
    assert isinstance(indexed, Indexed)
    told = indexed.ask_roster().content
    assert "plant: P0, P1, P2, P3, ... (250)" in told
    assert "cost[plant, shop]" in told
    assert len(told) < 600


def test_a_rule_said_by_a_sentence_and_a_heading_is_one_rule() -> None:
    indexed = dialect_of(TRANSPORT)
    roster = [Choice("ship", "number of pallets", ("plant", "shop"))]
    lanes = "for each plant, shop: ship <= capacity"
    readings = [
        Reading(clause, indexed.settled(clause, roster) or lanes) for clause in indexed.clauses
    ]
    cir = indexed.assemble(roster, readings, "minimize cost*ship")
    assert len(cir.rules) == 3


def test_who_starts_a_turn_is_on_duty_until_it_ends_and_weeks_repeat() -> None:
    problem = read_problem("""A museum needs guards every day. Guards work four consecutive days and
then rest for three. The number of guards should be as small as possible.

| day       | guards needed |
|-----------|---------------|
| Monday    | 2             |
| Tuesday   | 3             |
| Wednesday | 1             |
| Thursday  | 4             |
| Friday    | 2             |
| Saturday  | 5             |
| Sunday    | 4             |

How many guards are needed?""")
    indexed = dialect_of(problem)
    assert isinstance(indexed, Indexed)
    roster = indexed.settled_roster()
    assert roster is not None
    readings = [Reading(one, indexed.settled(one, roster) or "none") for one in indexed.clauses]
    assert "for each day: start in the last 4 >= guards_needed" in {one.text for one in readings}
    cir = indexed.assemble(roster, readings, "minimize start")
    assert check(cir) == ()
    needed = [2, 3, 1, 4, 2, 5, 4]
    answer = solve(cir, problem=problem)
    assert answer.objective == pytest.approx(fewest_guards(needed, turn=4))
    assert answer.trust is not Trust.REJECTED


def fewest_guards(needed: list[int], turn: int) -> int:
    """By trying all rosters of so many guards, more and more of them."""
    days = range(len(needed))
    for guards in count(max(needed)):
        for starts in combinations_with_replacement(days, guards):
            on = [sum((day - start) % len(needed) < turn for start in starts) for day in days]
            if all(have >= need for have, need in zip(on, needed, strict=True)):
                return guards
    raise AssertionError


def test_an_objective_that_leaves_out_what_the_question_names_loses_to_one_that_has_it() -> None:
    indexed = over(
        "Trucks go from depots to shops. Keep the total cost as small as possible: minimize it.",
        "Cost:\n\n| depot \\ shop | P | L |\n|--|--|--|\n| E | 9 | 2 |\n| W | 8 | 3 |",
    )
    roster = [Choice("trips", "cost of going from depot to shop", ("depot", "shop"))]
    (suggested,) = indexed.suggested_goals(roster, [])
    assert suggested == "minimize cost*trips"
    assert indexed.goal_cost(read_goal(suggested), roster) == 0
    # Even all five samples do not outweigh it.
    assert indexed.goal_cost(read_goal("minimize trips"), roster) > 5


@pytest.mark.parametrize(
    "said",
    [
        "No area may be reached from an open post within 30 minutes.",
        "Every area is reached within 2 hours.",
        "At least 2 posts reach every area within 30 minutes.",
    ],
)
def test_who_is_reached_is_left_to_the_model_if_the_words_say_more(said: str) -> None:
    rows = "\n".join(f"| {site} | 10 | 35 | 20 | 5 |" for site in "ABC")
    indexed = over(
        f"Posts are built. {said}",
        "Travel time in minutes:\n\n"
        f"| post | Area 1 | Area 2 | Area 3 | Area 4 |\n|-|-|-|-|-|\n{rows}",
    )
    (given,) = indexed.data.given.values()
    roster = [Choice("build", "1 if the post is built", given.axes[:1])]
    assert all(indexed.settled(one, roster) in (None, "none") for one in indexed.clauses)


def test_legs_of_a_tour_carry_no_supply() -> None:
    indexed = over(
        "A tour joins all yards.",
        "| yard | demand | supply |\n|-|-|-|\n| A | 3 | 0 |\n| B | 1 | 4 |\n| C | 0 | 0 |\n\n"
        "| from | to | cost |\n|-|-|-|\n| A | B | 1 |\n| B | C | 2 |\n| C | A | 2 |",
    )
    pairs = next(space.axes for space in indexed.data.spaces if len(space.axes) == 2)
    roster = [Choice("legs", "1 if the tour goes this way", pairs)]
    said = [indexed.settled(one, roster) or "" for one in indexed.clauses]
    assert not any("at each place" in text for text in said)


CREWS = """Each crew takes one job.

| crew | dig | lay |
|------|-----|-----|
| A    | 3   | 4   |
| B    | 5   | 2   |

"""


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("The hours required by each crew to do each job are shown in Table 1-4.", False),
        ("The required hours are listed in the following table.", False),
        ("The hours that each crew needs at most are given in the table.", True),
        ("Every crew does one job, and the hours are shown in Table 2.", True),
        ("The hours of each crew are given in the table; each crew must rest.", True),
        ("The crews cover each job once and the hours are listed in the table.", True),
        ("All crews receive the hours that are listed in Table 3.", True),
        ("All crews work on each job once and the hours are shown in Table 1.", True),
        ("The supply of each crew and the demand of each job are given in Table 2.", True),
    ],
)
def test_a_sentence_that_only_says_where_data_are_is_no_rule(words: str, read: bool) -> None:
    indexed = Indexed(read_problem(CREWS + words))
    assert any(words.startswith(clause.text[:20]) for clause in indexed.clauses) == read
