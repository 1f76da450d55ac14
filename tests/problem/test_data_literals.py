"""Data pasted as Python or JSON becomes tables over named axes; what is irregular stays text."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from r2c.errors import InputError
from r2c.problem.data_literals import find_data_literals
from r2c.problem.grid import identifier
from r2c.problem.masking import masked
from r2c.problem.read import read_problem
from r2c.problem.schema import Table

BAKERY = """loaves: list, loaves each van carries, length is number of vans
demand: list, loaves each shop sells, length is number of shops
fuel: 2D list, fuel per trip of each van, dimensions are number of vans x number of shops
{'loaves': [80, 7.5], 'demand': [50, 1_000, 6], 'fuel': [[10, 20, -3], [15, 2.5e1, 4]], 'cash': 40}
"""
GARDEN = """weights = [4, 2, 3]  # Weights of the plants
  bed = 7   # room in the bed
beside = [[0, 1, 1],
          [1, 0, 1],   # second row
          [1, 1, 0]]
"""
NAMED = """{"drivers": ["Ida", "Olaf"], "pay": [12, 14], "skill": [[1, 0], [3, 4]],
 "routes": ['north', 'south'], "days": 3}
pay - pay of each driver
skill[i][j] is the skill of driver i on route j
"""
NESTED = """model = {"stalls": {"rent": [30, 45],  # per stall
    "names": ["Fig", "Oat"]}, "open": true, "fee": 9 # a year\n}"""
BULLETED = "- **load** = [3, 4, 5]\n- `reach`: [7, 8]\n* gain : [1.5, -2., +.5,]\n"


def tables(text: str) -> dict[str, Table]:
    return {table.name: table for table in find_data_literals(text)}


def heads(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def nouns(text: str) -> dict[str, str]:
    return {name: heads(table)[0] for name, table in tables(text).items() if len(heads(table)) > 1}


def left(text: str) -> str:
    return masked(text, [table.span for table in find_data_literals(text) if table.span])


def test_a_dict_gives_a_table_for_each_of_its_arrays_and_numbers() -> None:
    found = tables(BAKERY)
    assert list(found) == ["loaves", "demand", "fuel", "cash"]
    assert heads(found["loaves"]) == ["van", "loaves"]
    assert found["loaves"].rows == (("van 1", 80.0), ("van 2", 7.5))
    assert found["demand"].rows == (("shop 1", 50.0), ("shop 2", 1000.0), ("shop 3", 6.0))
    assert heads(found["fuel"]) == ["van", "shop 1", "shop 2", "shop 3"]
    assert found["fuel"].rows == (("van 1", 10.0, 20.0, -3.0), ("van 2", 15.0, 25.0, 4.0))
    assert [column.type for column in found["fuel"].columns] == ["text", *["number"] * 3]
    assert (heads(found["cash"]), found["cash"].rows) == (["cash"], ((40.0,),))


def test_assignments_may_have_comments_and_go_over_several_lines() -> None:
    found = tables(GARDEN)
    assert found["weights"].rows == (("plant 1", 4.0), ("plant 2", 2.0), ("plant 3", 3.0))
    assert found["bed"].rows == ((7.0,),)
    # Only one axis of three is known, so the matrix runs over it twice.
    assert heads(found["beside"]) == ["plant", "plant 1", "plant 2", "plant 3"]
    assert found["beside"].rows[1] == ("plant 2", 1.0, 0.0, 1.0)


def test_names_of_members_label_rows_and_columns_where_they_stand() -> None:
    found = tables(NAMED)
    assert list(found) == ["pay", "skill", "days"]
    assert found["pay"].rows == (("Ida", 12.0), ("Olaf", 14.0))
    assert heads(found["skill"]) == ["driver", "north", "south"]
    (ida, first, _), (olaf, _, _) = found["skill"].spans or ()
    assert [NAMED[span.start : span.end] for span in (ida, olaf, first)] == ["Ida", "Olaf", "1"]
    # A list just called names goes with the only axis of its length.
    assert tables(NESTED)["rent"].rows == (("Fig", 30.0), ("Oat", 45.0))
    # These do not tell members apart.
    assert nouns("{'kinds': ['big', 'Big'], 'cost': [5, 6]}") == {"cost": "item"}


@pytest.mark.parametrize("text", [
    "Take limit = 7 in this sentence.\na = [3, 5]", "limit: 7\na = [3, 5]",
    "{'limit': 7} a = [3, 5]", "{'limit': 7, a = [3, 5]", "a = [3, 5]\nlimit = 7 boxes",
    "a = [3, 5]\nlimit = 1e999", "a = [3, 5]\n# limit = 7",
])  # fmt: skip
def test_a_number_counts_only_alone_on_its_line_or_beside_an_array_in_braces(text: str) -> None:
    assert list(tables(text)) == ["a"]
    assert find_data_literals(text.replace("a = [3, 5]", "share = 0.5")) == []


@pytest.mark.parametrize(("doc", "expected"), [
    ("cap: list, length is the number of delivery boats", "delivery_boat"),
    ("cap - a list of length num_cities", "city"),
    ("* `cap`: tons that each ferry carries", "ferry"),
    ("cap = pay per hour for every worker who comes", "worker"), ("cap: tons per box", "box"),
    ("cap[i] is the load of ship i", "ship"), ("1. cap: sizes of the classes", "class"),
    ("cap: seats of all the people", "people"), ("cap: dollars per hour", "item"),
    ("cap: one number for each unit", "item"), ("Somewhere cap: for each ferry", "item"),
])  # fmt: skip
def test_what_is_said_of_a_list_gives_its_axis(doc: str, expected: str) -> None:
    assert nouns(f"{doc}\ncap = [30, 40]") == {"cap": expected}


@pytest.mark.parametrize("doc", [
    "t: 2D list, dimensions are number of mills x number of cities",
    "t: matrix of size mills by cities", "t: [num_mills x num_cities]",
    "t: matrix (NumMills × NumCities), in km", "t: days for each mill on each city",
    "t: days per mill and per city", "t: days of mill i in city j",
    "t[i][j] is what city j gets from mill i",
])  # fmt: skip
def test_what_is_said_of_a_matrix_gives_both_axes(doc: str) -> None:
    (table,) = find_data_literals(f"{doc}\nt = [[1, 2], [3, 4], [5, 6]]")
    assert heads(table) == ["mill", "city 1", "city 2"]


def test_a_comment_the_name_or_a_number_that_counts_may_say_the_axis() -> None:
    text = "a = [5, 6, 7]  # for each stop\nload_per_truck = [5, 6]"
    assert nouns(text) == {"a": "stop", "load_per_truck": "truck"}
    text = "num_trucks = 3\nstop_count = 2\nt = [[1, 2], [3, 4], [5, 6]]\nw = [8, 9]"
    assert heads(tables(text)["t"]) == ["truck", "stop 1", "stop 2"]
    assert nouns(text)["w"] == "stop"
    assert nouns("k: number of trucks\nk = 2\nw = [8, 9]") == {"w": "truck"}


def test_without_words_an_axis_follows_from_its_length() -> None:
    text = "a = [9, 8]\nt = [[1, 2, 3], [4, 5, 6]]\nb = [7, 7]\nc = [1, 1, 1, 1]\nd = [2, 2, 4]"
    assert nouns(text) == {"a": "item", "t": "item", "b": "item", "c": "c_item", "d": "t_column"}
    assert heads(tables(text)["t"])[1] == "t_column 1"
    assert heads(*find_data_literals("t = [[1, 2], [3, 4]]"))[:2] == ["t_row", "t_column 1"]


def test_a_noun_has_one_length_and_a_set_one_noun() -> None:
    text = "a: for each dock\nb: for each dock\na = [5, 6]\nb = [5, 6, 7]\nnum_docks = 3"
    assert nouns(text) == {"a": "item", "b": "dock"}
    text = "a: length is number of night guards\nb: for each guard\na = [5, 6]\nb = [7, 8]"
    assert nouns(text) == {"a": "guard", "b": "guard"}


@pytest.mark.parametrize("numbers", ["[1, 2, 3]", "[0, 1, 2]"])
def test_a_list_that_only_numbers_members_is_no_table(numbers: str) -> None:
    by_noun = f"tents = {numbers}\nrent = [5, 6, 7]  # for each tent\n"
    assert nouns(by_noun) == {"rent": "tent"}
    assert left(by_noun).strip() == ""
    assert nouns(f"rent: what is due by T\nrent = [5, 6, 7]\nT = {numbers}") == {"rent": "t"}
    # Nothing says that these are no data; the rank of each tent is.
    assert list(tables(f"rank = {numbers}\nrent = [5, 6, 7]")) == ["rank", "rent"]
    of_tents = f"rank: for each tent\nrent: by rank\nrank = {numbers}\nrent = [5, 6, 7]"
    assert list(tables(of_tents)) == ["rank", "rent"]


@pytest.mark.parametrize("text", [
    "a = [[1, 2], [3]]", "a = [[[1, 2], [3, 4]], [[1, 2], [3, 4]]]", "a = [1, 'two']",
    "a = [1, [2, 3]]", "a = [[2, 3], 1]", "a = [1, 2", "a = [1, 2}", "a = [1 2]", "a = [1,, 2]",
    "a = [, 1, 2]", "a = []", "a = [[], []]", "a = [5]", "a = [[1, 2]]", "a = [[1], [2]]",
    "a = [['x', 'y'], ['z', 'w']]", "a = [1, None]", "a = [1/2, 3]", "a = [1,000, 2,000]",
    "a = [1e999, 2]", "a = [1, 2] * 3", "a = [1, 2].sort()", "a = ['x', 'y']", "# a = [1, 2]",
    "Ratio: 3", "The ratio is 3, see [1, 2].", "As others found [1, 2], see also: [3, 4].",
    "x in [0, 1] and x <= [2, 3]", "if a == [1, 2]", r"Let $x_{ij} = 1$ and \frac{1}{2}.",
])  # fmt: skip
def test_irregular_literals_and_prose_are_left_alone_and_hide_nothing(text: str) -> None:
    assert find_data_literals(text) == []
    assert list(tables(f"b = [3, 4]\n{text}\nc = [5, 6]")) == ["b", "c"]
    text = "{'a': [3, 5], 'bad': [[1], [2, 3]], 'who': 'a: [1, 2]', 'on': false, 'x': 4}"
    assert list(tables(text)) == ["a", "x"]
    assert "'bad': [[1], [2, 3]]" in left(text)


def test_names_are_identifiers_and_told_apart() -> None:
    text = "{'max load (t)': [3, 4], 'class': [5, 6]}\ncap = [7, 8]\ncap = [9, 1]\nitem = [4, 4]"
    assert list(tables(text)) == ["max_load_t", "class_", "cap", "cap_2", "item"]
    assert heads(tables(text)["item"]) == ["item_2", "item"]


def check_places(text: str) -> None:
    found = find_data_literals(text)
    spans = [table.span for table in found if table.span]
    assert all(first.end <= second.start for first, second in pairwise(spans))
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    for table, span in zip(found, spans, strict=True):
        for row, places in zip(table.rows, table.spans or (), strict=True):
            for value, place in zip(row, places, strict=True):
                written = text[place.start : place.end]
                if isinstance(value, float):
                    assert float(written) == value and span.contains(place)
                else:
                    assert written == value or (written == "" and place.end == places[1].start)


@pytest.mark.parametrize("text", [BAKERY, GARDEN, NAMED, NESTED, BULLETED])
def test_cells_stand_where_their_spans_say_and_spans_take_the_literals_away(text: str) -> None:
    check_places(text)
    kept = left(text).replace("2D list", "").replace("[i][j]", "")
    assert kept != text and not any(mark in kept for mark in "0123456789[]='#")


PIECES = st.sampled_from([
    "a = ", "b: ", "'c': ", "{", "}", "[", "]", "[1, 2]", "[[1, 2], [3, 4]]", "['x', 'y']", ", ",
    "[1, 2, 3]", "\n", "# note", "7", "x = 7\n", "'k': 3,", "data = {", " and ", ";", "true", "'",
    "each b on each c", "num_a = 2\n", "a: for each d\n", "`", "**", "a_names = ", "- ", "\"",
])  # fmt: skip


@given(st.lists(PIECES, max_size=25).map("".join) | st.text("[]{},:='\"#\n a1.-"))
def test_cells_stand_where_their_spans_say_in_any_text(text: str) -> None:
    check_places(text)


NUMBERS = st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False)
ROWS = [st.lists(NUMBERS, min_size=width, max_size=width) for width in (2, 3, 4)]
LISTS = st.one_of(*ROWS, *(st.lists(row, min_size=2, max_size=4) for row in ROWS))
ARRAYS = st.dictionaries(st.from_regex(r"[a-z]{3,8}", fullmatch=True), LISTS, min_size=1)
SPACES = st.sampled_from(["", " ", "\n", "\n    ", "\t", "  # so far\n"])
ENDS = st.sampled_from(["\n", ";\n", "  # as told\n", " ; "])


def assert_read_back(arrays: dict[str, list], text: str) -> None:
    found = find_data_literals(text)
    assert [table.name for table in found] == [identifier(name) for name in arrays]
    for table, array in zip(found, arrays.values(), strict=True):
        rows = [row if isinstance(row, list) else [row] for row in array]
        assert [list(row[1:]) for row in table.rows] == rows
    assert not any(character in "[]{}=:,#" for character in left(text).replace("Given:", ""))


@given(ARRAYS, st.data())
def test_any_arrays_are_read_back_from_json_and_from_python(arrays, data) -> None:
    indent = data.draw(st.none() | st.integers(0, 4))
    assert_read_back(arrays, f"Here is the data.\n{json.dumps(arrays, indent=indent)}\nGo on.")
    lines = []
    for name, array in arrays.items():
        blanks = [data.draw(SPACES) for _ in range(3)]
        written = repr(array).replace(", ", f",{blanks[0]}").replace("[", f"[{blanks[1]}")
        lines += [f"{name} = ", written.replace("]", f"{blanks[2]}]"), data.draw(ENDS)]
    assert_read_back(arrays, "Given:\n" + "".join(lines) + "Go on.")


def test_long_literals_are_read_and_broken_or_too_many_are_not() -> None:
    for row in ("1, ", "[1, 2],\n"):
        (table,) = find_data_literals(f"a = [{row * 25_000}]")
        assert len(table.rows) == 25_000
    for piece in "[ a=[ a=[1, a=[[1,2], { {'a': a=[1,# a=[' ' a=[1,2]; {'a':b#".split():
        assert find_data_literals((piece * 200_000)[:200_000]) == []


def test_no_literal_takes_a_rule_away() -> None:
    inline = read_problem("Each crew must not exceed capacity = [8, 9]. What is best?")
    assert inline.tables == ()
    noted = read_problem("hours = [40, 38]  # at most these hours may be worked\n\nWhat is best?")
    assert [table.name for table in noted.tables] == ["hours"]
    assert any("at most these hours" in sentence.text for sentence in noted.sentences)


def test_a_pasted_matrix_with_too_many_columns_is_refused_with_the_limit() -> None:
    row = ", ".join(["1"] * 1001)
    text = f"There are 2 plants and 1001 shops.\n\ncost = [[{row}], [{row}]]\n"
    with pytest.raises(InputError, match="1002 columns; the limit is 1000") as caught:
        read_problem(text)
    assert caught.value.code == "R2C-P022"
