"""Tables written in the text: where they stand, what they are called, what their cells are."""

from __future__ import annotations

import pytest

from r2c.problem import Table, read_problem

BODY = (("North", 12.0, 30.0), ("South", 7.0, 9.0))
SAME_TABLE = {
    "markdown": "| site | rye | oats |\n|---|:-:|--:|\n| North | 12 | 30 |\n| South | 7 | 9 |",
    "bars without a rule": "| site | rye | oats |\n| North | 12 | 30 |\n| South | 7 | 9 |",
    "no outer bars": "site | rye | oats\n--- | --- | ---\nNorth | 12 | 30\nSouth | 7 | 9",
    "grid": "+---+---+---+\n| site | rye | oats |\n+===+===+===+\n| North | 12 | 30 |\n"
    "+---+---+---+\n| South | 7 | 9 |\n+---+---+---+",
    "tabs": "site\trye\toats\nNorth\t12\t30\nSouth\t7\t9",
    "blanks": "site    rye   oats\nNorth    12     30\nSouth     7      9",
    "commas": "site,rye,oats\nNorth,12,30\nSouth,7,9",
    "commas and blanks": "site, rye, oats\nNorth, 12, 30\nSouth, 7, 9",
    "semicolons": "site;rye;oats\nNorth;12;30\nSouth;7;9",
    "quoted": '"site","rye","oats"\n"North","12","30"\n"South","7","9"',
    "latex": "\\begin{tabular}{l|rr}\n\\hline site & rye & oats \\\\ \\hline\n"
    "North & 12 & 30 \\\\\nSouth & 7 & 9 \\\\ \\bottomrule\n\\end{tabular}",
    "html": "<table><tr><th>site</th><th>rye</th><th>oats</th></tr>"
    "<tr><td>North</td><td>12</td><td>30</td></tr><tr><td>South</td><td>7</td><td>9</td></table>",
}


def only_table(text: str) -> Table:
    (table,) = read_problem(text).tables
    return table


@pytest.mark.parametrize("form", SAME_TABLE)
def test_the_same_table_is_read_from_every_form(form: str) -> None:
    text = f"Stock per site is given.\n\n{SAME_TABLE[form]}\n\nKeep it low."
    problem = read_problem(text)
    (table,) = problem.tables
    assert [column.name for column in table.columns] == ["site", "rye", "oats"]
    assert [column.type for column in table.columns] == ["text", "number", "number"]
    assert table.rows == BODY
    assert table.origin == "text"
    assert table.spans is not None
    quoted = [[problem.quote(span) for span in row] for row in table.spans]
    assert quoted == [["North", "12", "30"], ["South", "7", "9"]]
    assert [s.text for s in problem.sentences] == ["Stock per site is given.", "Keep it low."]
    numbers = [(q.value, q.sentence) for q in problem.quantities]
    assert numbers == [(12, 1), (30, 1), (7, 1), (9, 1)]


def test_units_are_taken_from_cells_and_headers() -> None:
    table = only_table(
        "| item | price | share | load (kg) | time |\n|--|--|--|--|--|\n"
        "| A | $1,200 | 40% | 3 | 2 hours |\n| B | (50) | 0 | 4 | 1 hour |"
    )
    assert [column.unit for column in table.columns] == [None, "$", "%", "kg", "hours"]
    assert table.rows == (("A", 1200, 40, 3, 2), ("B", -50, 0, 4, 1))


def test_a_percent_cell_keeps_its_number_while_the_quantity_is_a_fraction() -> None:
    problem = read_problem("Shares:\n| item | share |\n|--|--|\n| A | 40% |\n| B | 60% |")
    assert problem.tables[0].column("share") == (40, 60)
    assert [q.value for q in problem.quantities] == [0.4, 0.6]


def test_missing_cells_are_none_and_short_rows_are_filled() -> None:
    table = only_table("| a | b | c |\n|--|--|--|\n| 1 | - | N/A |\n| 2 | 5 |")
    assert table.rows == ((1, None, None), (2, 5, None))
    assert [column.type for column in table.columns] == ["number", "number", "empty"]


def test_markup_around_cells_is_taken_off() -> None:
    table = only_table("| **site** | $n$ |\n|--|--|\n| `A` | $4$ |\n| **B** | \\$5 |")
    assert [column.name for column in table.columns] == ["site", "n"]
    assert table.rows == (("A", 4), ("B", 5))
    assert table.columns[1].unit == "$"


def test_a_corner_may_be_left_empty() -> None:
    table = only_table("Costs:\n        East   West\nNorth     3      4\nSouth     5      6")
    assert [column.name for column in table.columns] == ["column1", "East", "West"]
    assert table.rows == (("North", 3, 4), ("South", 5, 6))


def test_a_bare_matrix_gets_numbered_columns_and_loses_no_row() -> None:
    table = only_table("The grid is this.\n  3  4 -1\n -6  1  9\n")
    assert [column.name for column in table.columns] == ["column1", "column2", "column3"]
    assert table.rows == ((3, 4, -1), (-6, 1, 9))


def test_a_first_row_like_all_others_is_data_and_not_a_header() -> None:
    table = only_table("Food:\nPlum cake   400   3\nCoffee       20   1\nPear         90   2")
    assert table.rows[0] == ("Plum cake", 400, 3)
    assert [column.name for column in table.columns] == ["column1", "column2", "column3"]


def test_counted_columns_are_named_by_their_numbers() -> None:
    table = only_table("Need:\nWeek   1   2   3\nRye   40  50  60\nOats   7   8   9")
    assert [column.name for column in table.columns] == ["Week", "1", "2", "3"]


def test_repeated_headers_are_told_apart() -> None:
    table = only_table("| a | a |\n|--|--|\n| 1 | 2 |")
    assert [column.name for column in table.columns] == ["a", "a_2"]


def test_yes_and_no_become_truth_values() -> None:
    assert only_table("| a | b |\n|--|--|\n| 1 | yes |\n| 2 | No |").column("b") == (True, False)


NAMES = [
    ("Table 2: Site costs\n", "site_costs"),
    ("Table 5-2\n", "table_5_2"),
    ("**Site Costs (in $)**\n\n", "site_costs"),
    ("## Site costs\n", "site_costs"),
    ("Site costs:\n", "site_costs"),
    ("The costs of all sites are listed below:\n", "table1"),
    ("We now give what every one of the sites charges.\n", "table1"),
    ("", "table1"),
]


@pytest.mark.parametrize(("caption", "name"), NAMES)
def test_a_table_is_named_after_the_caption_above_it(caption: str, name: str) -> None:
    assert only_table(f"{caption}| a | b |\n|--|--|\n| x | 2 |").name == name


def test_names_of_tables_are_unique() -> None:
    table = "| a | b |\n|--|--|\n| x | 2 |\n\n"
    problem = read_problem(f"Costs:\n{table}Costs:\n{table}", {"costs": {"a": [1]}})
    assert [table.name for table in problem.tables] == ["costs", "costs_2", "costs_3"]


def test_a_latex_table_takes_its_caption_and_hides_its_frame() -> None:
    problem = read_problem(
        "Go.\n\\begin{table}\\caption{Saw times}\\begin{tabular}{cc}a & b \\\\ 1 & 2"
        "\\end{tabular}\\end{table}\nStop."
    )
    assert problem.tables[0].name == "Saw_times".lower()
    assert [s.text for s in problem.sentences] == ["Go.", "Stop."]


@pytest.mark.parametrize(
    "text",
    [
        "Keep |x - y| <= 5 and |y| <= 3.\nAlso |x| <= 9 and |z| <= 2.",
        "Two blanks.  Then more.  And more.\nAgain so.  Then 5 more.  And so on.",
        "In May, June, and July we sell.\nIn rain, sun, and fog we rest.",
        "- Mill: 5 h, 6 kg\n- Saw: 7 h, 8 kg",
        "Choose rye | oats.",
        "<table><tr><td>never closed",
        "\\begin{tabular}{c} never closed",
    ],
)
def test_prose_is_not_taken_for_a_table(text: str) -> None:
    assert read_problem(text).tables == ()


def test_numbers_in_headers_are_names_unless_they_measure() -> None:
    problem = read_problem("| site | 1 | Hub 2 | price per 100 kg |\n|-|-|-|-|\n| A | 5 | 6 | 7 |")
    kinds = {q.text: q.kind for q in problem.quantities}
    assert kinds == {
        "1": "label",
        "2": "label",
        "100": "number",
        "5": "number",
        "6": "number",
        "7": "number",
    }
