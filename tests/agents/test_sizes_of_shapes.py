"""Texts that ask for the size of a shape are refused, others about shapes and sizes are not."""

from __future__ import annotations

import pytest

from r2c.agents.shape_sizes import size_of_a_shape
from r2c.problem.read import read_problem


@pytest.mark.parametrize(
    "text",
    [
        "A tank is a closed cylinder of 90 litres. Find the dimensions with the least surface.",
        "A goat run is a rectangle along a hedge. There are 24 m of netting for three sides. "
        "Maximize the area of the run.",
        "A tray with an open top is made by folding up the sides of a sheet of 60 by 30 cm. "
        "What height gives the largest volume?",
        "What is the smallest perimeter of a rectangular pool of 50 square metres?",
        "Which sides must a rectangular run have so that its area is largest?",
        "A funnel is a cone with a rim of 30 cm. Its volume is to be as large as possible: "
        "determine its height.",
    ],
)
def test_the_size_of_a_shape_is_not_read(text):
    fault = size_of_a_shape(read_problem(text))
    assert fault is not None
    assert fault.code == "R2C-G023"
    assert fault.details["quote"] in text


@pytest.mark.parametrize(
    "text",
    [
        "Cylinders bring $8 and cones $5. A cylinder takes 3 minutes, a cone 2, and there are "
        "600 minutes. How many of each make the most money?",
        "A farm has 90 hectares of rectangular plots. Wheat brings 300 and rye 200 a hectare. "
        "Maximize the area that is sown.",
        "Rectangular parcels of 3 by 2 and 4 by 1 are laid on a strip of 5. "
        "Find the smallest height.",
        "Find the largest circle within the lines through (0, 1), (4, 10) and (11, 4).",
        "Give a linear formulation for the largest area of a rectangular lawn.",
        "We sell lamps in cylindrical tins. What is the largest profit with 40 tins at $3?",
        "Choose the rectangular site of largest area.\n\n| site | area | price |\n"
        "| --- | --- | --- |\n| a | 30 | 4 |\n| b | 50 | 9 |\n\nWe can pay 9.",
    ],
)
def test_other_texts_with_shapes_are_read(text):
    assert size_of_a_shape(read_problem(text)) is None
