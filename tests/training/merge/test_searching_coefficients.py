"""`r2c merge search`: a grid of options, each merge scored by a command."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from merge_family import Family, weights
from typer.testing import CliRunner, Result

from r2c.errors import InputError
from r2c_training.merge.command import app
from r2c_training.merge.execute.manifest import read_manifest
from r2c_training.merge.search.axes import points, read_axes
from r2c_training.merge.search.score import ScoringCommand

SCORER = """
import sys
from pathlib import Path

import ml_dtypes
from safetensors.numpy import load_file

def weights(folder):
    for file in Path(folder).glob("*.safetensors"):
        found = load_file(file)
        if (name := "model.layers.0.mlp.up_proj.weight") in found:
            return found[name].astype("float32")

with Path({log!r}).open("a") as log:
    log.write(sys.argv[1] + "\\n")
print("distance")
print(float(abs(weights(sys.argv[1]) - weights({wanted!r})).mean()))
"""


class Search:
    """A recipe of two experts, and a scorer that measures how far a merge is from the second."""

    def __init__(self, family: Family, folder: Path) -> None:
        self.recipe, self.folder = folder / "recipe.yaml", folder / "search"
        self.log, self.store, self._scorer = folder / "log", folder / "store", folder / "score.py"
        lines = ["merge_method: task_arithmetic", f"base_model: {family.base}", "models:"]
        for expert in family.experts[:2]:
            lines += [f"  - model: {expert}", "    parameters: {weight: 0.4}"]
        self.recipe.write_text("\n".join(lines) + "\n")
        self._scorer.write_text(
            SCORER.format(
                log=str(self.log),
                wanted=str(family.experts[1]),
            )
        )

    @property
    def score(self) -> str:
        return f"{sys.executable} {self._scorer} {{}}"

    def words(self, *more: object, score: str | None = None) -> list[str]:
        return [
            "search", str(self.recipe), str(self.folder), "--store", str(self.store),
            "--score", score or self.score, *map(str, more),
        ]  # fmt: skip

    def run(self, *more: object, score: str | None = None) -> Result:
        result = CliRunner().invoke(app, self.words(*more, score=score))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def scored(self) -> int:
        return len(self.log.read_text().splitlines()) if self.log.exists() else 0


@pytest.fixture
def grid(family: Family, tmp_path: Path) -> Search:
    return Search(family, tmp_path)


AXES = ("--over", "1.weight=0,0.5", "--over", "expert1.weight=0.5,1", "--least")


def test_the_best_of_a_grid_is_found_kept_and_drawn(grid: Search, family: Family) -> None:
    told = json.loads(grid.run(*AXES, "--json").stdout)
    assert told["points"][0]["values"] == {"1.weight": 0, "expert1.weight": 1}
    scores = [point["score"] for point in told["points"]]
    assert scores == sorted(scores)
    assert grid.scored() == 4
    best = Path(told["best"])
    name = "model.layers.1.mlp.down_proj.weight"
    assert abs(weights(best)[name] - weights(family.experts[1])[name]).max() < 2e-2
    assert read_manifest(best).hash == told["points"][0]["manifest"]
    assert len(ElementTree.parse(told["picture"]).getroot().findall("{*}circle")) == 8
    assert not list((grid.folder / "merged").iterdir())


def test_the_recipe_of_the_best_makes_the_same_merge(grid: Search, tmp_path: Path) -> None:
    told = json.loads(grid.run(*AXES, "--json").stdout)
    again = CliRunner().invoke(
        app,
        [
            "run",
            str(grid.folder / "best.yaml"),
            str(tmp_path / "again"),
            "--store",
            str(grid.store),
        ],
    )
    assert again.exit_code == 0
    assert read_manifest(tmp_path / "again").hash == told["points"][0]["manifest"]


def test_a_search_goes_on_and_takes_what_it_knows(grid: Search) -> None:
    grid.run("--over", "weight=0.2,0.4", "--least")
    assert grid.scored() == 2
    told = grid.run("--over", "weight=0.2,0.4,0.6", "--least").stdout
    assert grid.scored() == 3
    assert told.splitlines()[0].split() == ["score", "weight"]
    assert "best.yaml" in told


def test_another_command_scores_anew(grid: Search) -> None:
    grid.run("--over", "weight=0.2,0.4", "--least")
    grid.run("--over", "weight=0.2,0.4", "--least", score=f"{grid.score} again")
    assert grid.scored() == 4


def test_under_a_budget_experts_are_analysed_once(grid: Search) -> None:
    told = json.loads(grid.run(*AXES, "--budget", "30%", "--json").stdout)
    plan = read_manifest(Path(told["best"])).plan
    assert plan.budget is not None
    assert plan.expert_bytes <= plan.budget
    assert len(list((grid.store / "packs").iterdir())) == 2


@pytest.mark.slow
def test_two_processes_share_a_grid_and_score_each_point_once(grid: Search) -> None:
    words = grid.words("--over", "weight=0.1,0.2,0.3,0.4,0.5,0.6", "--least")
    program = (
        f"import sys; sys.path[:0] = {sys.path!r}\n"
        f"from r2c_training.merge.command import app; app({words!r})"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    errors = [process.communicate()[1].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0], errors
    assert grid.scored() == 6
    grid.run("--over", "weight=0.1,0.2,0.3,0.4,0.5,0.6", "--least")
    assert grid.scored() == 6


def test_a_line_that_a_crash_cut_off_costs_its_own_point_alone(grid: Search) -> None:
    grid.run("--over", "weight=0.2,0.4", "--least")
    path = grid.folder / "points.jsonl"
    path.write_bytes(path.read_bytes()[:-40])
    grid.run("--over", "weight=0.2,0.4", "--least")
    assert grid.scored() == 3


def test_a_command_that_fails_says_why_and_leaves_the_others(grid: Search) -> None:
    guarded = f"test -e {grid.log} && exit 3; {grid.score}"
    told = json.loads(
        grid.run("--over", "weight=0.2,0.4", "--json", "--shell", score=guarded).stdout
    )
    assert [point["score"] is None for point in told["points"]] == [False, True]
    assert "ended with 3" in told["points"][1]["problem"]


def test_a_point_without_a_score_is_tried_again_by_the_next_call(
    grid: Search, tmp_path: Path
) -> None:
    ready = tmp_path / "ready"
    guarded = f"test -e {ready} || exit 3; {grid.score}"
    with pytest.raises(InputError, match="R2C-T057"):
        grid.run("--over", "weight=0.2,0.4", "--shell", score=guarded)
    ready.touch()
    told = json.loads(
        grid.run("--over", "weight=0.2,0.4", "--json", "--shell", score=guarded).stdout
    )
    assert all(point["score"] is not None for point in told["points"])
    assert grid.scored() == 2


def test_a_search_without_any_score_is_an_error(grid: Search) -> None:
    with pytest.raises(InputError, match=r"R2C-T057.*no number"):
        grid.run("--over", "weight=0.2,0.4", score="echo {} nothing")


@pytest.mark.parametrize(
    ("over", "score", "code"),
    [
        ("weight", "echo {}", "T055"),
        ("weight=1,1", "echo {}", "T055"),
        ("weight=nan", "echo {}", "T055"),
        ("weight=1,,2", "echo {}", "T055"),
        ("nobody.weight=1", "echo {}", "T055"),
        ("wait=1", "echo {}", "T112"),
        ("weight=heavy", "echo {}", "T111"),
        ("weight=1", "echo", "T056"),
        ("weight=1", "echo '{}", "T056"),
    ],
)
def test_what_cannot_be_searched_is_refused_before_anything_is_merged(
    grid: Search, over: str, score: str, code: str
) -> None:
    with pytest.raises(InputError, match=code):
        grid.run("--over", over, score=score)
    assert not (grid.folder / "merged").exists()


def test_a_command_without_a_shell_is_given_its_words_as_they_are(tmp_path: Path) -> None:
    place = tmp_path / "a b; echo 7 #"
    program = f"{sys.executable} -c 'import sys; print(len(sys.argv), 5)' {{}}"
    assert ScoringCommand(program).score(place).score == 5
    assert ScoringCommand(program, shell=True).score(place).score == 5


def test_a_command_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    program = f"{sys.executable} -c 'import time; time.sleep(60)' {{}}"
    found = ScoringCommand(program, seconds=0.5).score(tmp_path)
    assert "longer than 0.5 s" in found.problem


@given(
    st.dictionaries(
        st.sampled_from(["weight", "1.density", "a.b.weight"]),
        st.lists(st.floats(-9, 9, allow_nan=False), min_size=1, max_size=4, unique=True),
        min_size=1,
    )
)
def test_a_grid_has_every_combination_once(told: dict[str, list[float]]) -> None:
    axes = read_axes([f"{name}={','.join(map(repr, values))}" for name, values in told.items()])
    found = [tuple(point[axis.name] for axis in axes) for point in points(axes)]
    wanted = 1
    for values in told.values():
        wanted *= len(values)
    assert len(found) == len(set(found)) == wanted
