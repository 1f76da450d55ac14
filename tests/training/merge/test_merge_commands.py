"""`r2c merge ...` from the terminal."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from merge_family import Family, weights
from typer.testing import CliRunner

from r2c.errors import R2CError
from r2c_training.merge.adapter import is_adapter
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.command import app
from r2c_training.merge.execute.contents import with_contents
from r2c_training.merge.execute.staging import Staging
from r2c_training.merge.plan.limit_words import read_limits
from r2c_training.merge.plan.plan import Plan
from r2c_training.merge.plan.plan_file import read_plan


def invoke(*words: object) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exception is not None:
        raise result.exception
    assert result.exit_code == 0
    return result.output


@pytest.fixture
def recipe(family: Family, tmp_path: Path) -> Path:
    return write_recipe(family, tmp_path, "task_arithmetic", "weight: 0.4")


def write_recipe(family: Family, folder: Path, method: str, options: str) -> Path:
    lines = [f"merge_method: {method}", f"base_model: {family.base}", "models:"]
    names = [*family.experts, f"{family.base}+{family.adapter}"]
    for name in names:
        lines += [f"  - model: {name}", f"    parameters: {{{options}}}"]
    path = folder / f"{method}.yaml"
    path.write_text("\n".join(lines) + "\n")
    return path


def kept_plan(path: Path, store: Path) -> Plan:
    """A plan from its file, as a run knows it."""
    plan = read_plan(path)
    with Catalog(store) as catalog:
        return with_contents(plan, catalog, "buffered", lambda _: None)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def test_a_merge_goes_from_plan_to_explanation(recipe: Path, store: Path, tmp_path: Path) -> None:
    invoke("analyse", recipe, "--store", store)
    told = invoke(
        "plan", recipe, "--store", store, "--budget", "40%", "--save", tmp_path / "p.json"
    )
    assert "The weights differ from the full merge by at most" in told
    assert "unknown before the first merge" in told
    invoke("run", tmp_path / "p.json", tmp_path / "out", "--store", store)
    found = json.loads(invoke("verify", tmp_path / "out", "--all", "--json", "--store", store))
    assert 0 < found["error"] <= found["bound"]
    assert found["replayed"] == found["compared"] > 20
    told = invoke("explain", tmp_path / "out", "--store", store, "--tensor", "lm_head.weight")
    assert "Elements of each expert" in told
    invoke("run", recipe, tmp_path / "second", "--store", store, "--budget", "40%")
    assert f"expert0 of {tmp_path / 'out'}" in invoke(
        "explain", tmp_path / "second", "--store", store
    )
    first, second = (
        (tmp_path / name / "r2c_merge.json").read_bytes() for name in ("out", "second")
    )
    assert first == second


@pytest.mark.parametrize(
    ("method", "options"),
    [
        ("ties", "weight: 0.5, density: 0.4"),
        ("dare_linear", "weight: 0.5, density: 0.4"),
        ("model_stock", ""),
    ],
)
def test_operators_of_every_reach_stream_and_replay(
    family: Family, store: Path, tmp_path: Path, method: str, options: str
) -> None:
    path = write_recipe(family, tmp_path, method, options)
    invoke("run", path, tmp_path / "out", "--store", store)
    found = json.loads(
        invoke("verify", tmp_path / "out", "--blocks", 9, "--json", "--store", store)
    )
    assert found["replayed"] == 9
    assert found["error"] == 0


def test_models_merge_without_a_base(family: Family, store: Path, tmp_path: Path) -> None:
    """The first of them serves as reference; its own delta is zero and is not read."""
    path = tmp_path / "linear.yaml"
    models = "".join(f"  - {{model: {e}, parameters: {{weight: 1}}}}\n" for e in family.experts)
    path.write_text(f"merge_method: linear\nmodels:\n{models}")
    invoke("run", path, tmp_path / "out", "--store", store, "--budget", "100%")
    merged, models_ = weights(tmp_path / "out"), [weights(e) for e in family.experts]
    for name, value in merged.items():
        mean = sum(model[name] for model in models_) / np.float32(4)
        assert np.allclose(value, mean, rtol=2**-8, atol=1e-6), name
    found = json.loads(invoke("verify", tmp_path / "out", "--all", "--json", "--store", store))
    assert found["error"] == 0


def test_models_that_are_no_updates_merge_as_they_are(
    family: Family, store: Path, tmp_path: Path
) -> None:
    path = tmp_path / "karcher.yaml"
    models = "".join(f"  - model: {expert}\n" for expert in family.experts[:2])
    path.write_text(f"merge_method: karcher\nmodels:\n{models}")
    for method, code in (("karcher", "T144"), ("multislerp", "T022")):  # one may have a base
        asked = tmp_path / f"{method}-budget.yaml"
        options = "\nparameters: {weight: 1}" if method == "multislerp" else ""
        asked.write_text(f"merge_method: {method}\nmodels:\n{models}{options}")
        with pytest.raises(R2CError, match=f"R2C-{code}"):
            invoke("plan", asked, "--store", store, "--budget", "50%")
    invoke("run", path, tmp_path / "out", "--store", store)
    found = json.loads(invoke("verify", tmp_path / "out", "--json", "--store", store))
    assert found["error"] == 0


def test_a_run_without_its_analysis_analyses_first(
    recipe: Path, store: Path, tmp_path: Path
) -> None:
    with pytest.raises(R2CError, match="R2C-T021"):
        invoke("plan", recipe, "--store", store, "--budget", "40%")
    invoke("run", recipe, tmp_path / "out", "--store", store, "--budget", "40%")
    assert "asked for" not in invoke("plan", recipe, "--store", store, "--budget", "40%")


def test_a_merge_is_verified_where_its_inputs_lie_now(
    family: Family, store: Path, tmp_path: Path
) -> None:
    old, new = tmp_path / "o=ld", tmp_path / "new"
    shutil.copytree(family.base.parent, old)
    below = Family(
        old / family.base.name,
        tuple(old / expert.name for expert in family.experts),
        old / family.adapter.name,
    )
    recipe = write_recipe(below, tmp_path, "task_arithmetic", "weight: 0.4")
    invoke("run", recipe, tmp_path / "out", "--store", store, "--budget", "40%")
    old.rename(new)
    words = ("verify", tmp_path / "out", "--all", "--json", "--store", store)
    with pytest.raises(R2CError, match="R2C-T00"):
        invoke(*words)
    found = json.loads(invoke(*words, "--moved", f"{old}={new}"))
    assert found["replayed"] > 20 and 0 < found["error"] <= found["bound"]
    with pytest.raises(R2CError, match=r"R2C-T142.*no input lay there"):
        invoke(*words, "--moved", f"{new}={old}")
    with pytest.raises(R2CError, match=r"R2C-T142.*no two folders"):
        invoke(*words, "--moved", str(new))


def test_a_changed_output_does_not_verify(recipe: Path, store: Path, tmp_path: Path) -> None:
    invoke("run", recipe, tmp_path / "out", "--store", store)
    weights = tmp_path / "out" / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-3] ^= 64
    weights.write_bytes(data)
    with pytest.raises(R2CError, match="R2C-T040"):
        invoke("verify", tmp_path / "out", "--store", store)


def test_a_budget_for_a_plan_that_is_made_is_refused(
    recipe: Path, store: Path, tmp_path: Path
) -> None:
    invoke("plan", recipe, "--store", store, "--save", tmp_path / "p.json")
    for words in (("--budget", "5%"), ("--max-error", "0.1")):
        with pytest.raises(R2CError, match="R2C-T127"):
            invoke("run", tmp_path / "p.json", tmp_path / "out", "--store", store, *words)
    assert not (tmp_path / "out").exists()


def test_a_model_that_is_not_there_is_told_with_its_line(
    recipe: Path, store: Path, family: Family
) -> None:
    recipe.write_text(recipe.read_text().replace(str(family.experts[1]), "nowhere/at/all"))
    with pytest.raises(R2CError, match=r"yaml, line 6: .*nowhere/at/all"):
        invoke("plan", recipe, "--store", store)


def test_a_merge_is_checked_with_a_store_that_does_not_know_its_models(
    family: Family, recipe: Path, store: Path, tmp_path: Path
) -> None:
    invoke("run", recipe, tmp_path / "out", "--store", store)
    words = ("verify", tmp_path / "out", "--blocks", 5, "--json")
    assert json.loads(invoke(*words, "--store", tmp_path / "other"))["replayed"] == 5
    invoke("run", recipe, tmp_path / "packed", "--store", store, "--budget", "30%")
    with pytest.raises(R2CError, match="this store holds no packed blocks"):
        invoke("verify", tmp_path / "packed", "--store", tmp_path / "other")


def test_an_output_that_is_there_is_not_replaced(recipe: Path, store: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(R2CError, match="R2C-T033"):
        invoke("run", recipe, tmp_path / "out", "--store", store)
    with pytest.raises(R2CError, match="R2C-T034"):
        invoke("resume", tmp_path / "nothing", "--store", store)


def test_the_same_merge_twice_is_one_merge(recipe: Path, store: Path, tmp_path: Path) -> None:
    first = invoke("run", recipe, tmp_path / "out", "--store", store)
    second = invoke("run", recipe, tmp_path / "out", "--store", store)
    assert first.splitlines()[0] == second.splitlines()[0]


def test_two_runs_into_one_output_do_not_meet(recipe: Path, store: Path, tmp_path: Path) -> None:
    with Staging(tmp_path / "out").locked(), pytest.raises(R2CError, match="R2C-T031"):
        invoke("run", recipe, tmp_path / "out", "--store", store)


def test_another_plan_does_not_go_on_with_a_merge(
    recipe: Path, store: Path, tmp_path: Path
) -> None:
    invoke("plan", recipe, "--store", store, "--save", tmp_path / "p.json")
    staging = Staging(tmp_path / "out")
    staging.folder.mkdir()
    plan = kept_plan(tmp_path / "p.json", store)
    staging.begin(plan, plan.seen)
    with pytest.raises(R2CError, match="R2C-T032"):
        invoke("run", recipe, tmp_path / "out", "--store", store, "--budget", "10%")
    invoke("resume", tmp_path / "out", "--store", store)
    assert not staging.folder.exists()


def test_a_merge_does_not_go_on_with_models_that_were_written_to(
    family: Family, recipe: Path, store: Path, tmp_path: Path
) -> None:
    invoke("plan", recipe, "--store", store, "--save", tmp_path / "p.json")
    plan = kept_plan(tmp_path / "p.json", store)
    staging = Staging(tmp_path / "out")
    staging.folder.mkdir()
    staging.begin(plan, [*plan.seen[:-1], "as it was before"])
    with pytest.raises(R2CError, match="R2C-T037"):
        invoke("resume", tmp_path / "out", "--store", store)
    assert not (tmp_path / "out").exists()


def test_a_method_that_needs_data_is_refused(family: Family, store: Path, tmp_path: Path) -> None:
    recipe = write_recipe(family, tmp_path, "regmean", "")
    with pytest.raises(R2CError, match="R2C-T027"):
        invoke("plan", recipe, "--store", store)


@pytest.mark.parametrize(
    "text", ["", "many", "5 apples", "-3MB", "1e9", "10%%", "9" * 40, "0.25", "0.5B"]
)
def test_a_budget_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(R2CError, match="R2C-T025"):
        read_limits(text, None)


def test_budgets_are_read_as_they_are_written() -> None:
    assert read_limits("25%", None).budget_share == 0.25
    assert read_limits("1.5GiB", None).budget_bytes == 3 << 29
    assert read_limits("800 MB", None).budget_bytes == 800_000_000
    assert read_limits(None, 0.05).max_error == 0.05


def test_an_adapter_is_taken_out_of_a_tuned_model_and_what_it_misses_is_told(
    family: Family, tmp_path: Path
) -> None:
    words = ("extract-lora", family.base, family.experts[0])
    found = json.loads(invoke(*words, tmp_path / "a", "--rank", 2, "--json"))
    assert 0 < found["error"] < 1
    assert max(found["ranks"].values()) == 2
    assert is_adapter(tmp_path / "a")
    told = invoke(*words, tmp_path / "b", "--rank", 64)
    assert f"{len(found['ranks'])} modules, ranks" in told
    assert "cannot be adapted" in told
    with pytest.raises(R2CError, match="R2C-T122"):
        invoke(*words, tmp_path / "b")


def test_what_appears_at_the_output_during_a_merge_is_told_and_kept(
    recipe: Path, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output, publish = tmp_path / "out", Staging.publish

    def late(self: Staging) -> None:
        output.mkdir()
        (output / "mine").touch()
        publish(self)

    monkeypatch.setattr(Staging, "publish", late)
    with pytest.raises(R2CError, match="R2C-T033"):
        invoke("run", recipe, output, "--store", store)
    assert [path.name for path in output.iterdir()] == ["mine"]


def test_a_tensor_that_the_plan_has_not_is_not_explained(
    recipe: Path, store: Path, tmp_path: Path
) -> None:
    invoke("plan", recipe, "--store", store, "--save", tmp_path / "p.json")
    with pytest.raises(R2CError, match="R2C-T140"):
        invoke("explain", tmp_path / "p.json", "--store", store, "--tensor", "lm_haed.weight")


def test_merges_that_are_no_longer_in_their_place_are_counted_and_not_named(
    recipe: Path, store: Path, tmp_path: Path
) -> None:
    for name in ("kept", "gone", "told"):
        invoke("run", recipe, tmp_path / name, "--store", store)
    shutil.rmtree(tmp_path / "gone")
    told = invoke("explain", tmp_path / "told", "--store", store)
    assert f"base of {tmp_path / 'kept'}" in told
    assert str(tmp_path / "gone") not in told
    assert "base went into 1 more that are no longer in their place" in told


@pytest.mark.parametrize(
    "words",
    [
        ["plan", "RECIPE", "--store", "STORE", "--save", "FILE/p.json"],
        ["plan", "RECIPE", "--store", "FILE/store"],
        ["run", "RECIPE", "FILE/out", "--store", "STORE"],
        ["extract-lora", "BASE", "TUNED", "FILE/adapter"],
        ["search", "RECIPE", "FILE/s", "--store", "STORE", "--over", "weight=1", "--score", "x {}"],
    ],
    ids=["plan", "store", "run", "extract-lora", "search"],
)
def test_a_place_that_cannot_be_written_is_told(
    words: list[str], recipe: Path, store: Path, family: Family, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    places = {
        "RECIPE": recipe, "STORE": store, "FILE": tmp_path / "file",
        "BASE": family.base, "TUNED": family.experts[0],
    }  # fmt: skip
    for name, place in places.items():
        words = [word.replace(name, str(place)) for word in words]
    with pytest.raises(R2CError, match="R2C-T141"):
        invoke(*words)


def test_of_a_merge_that_was_refused_nothing_stays(
    recipe: Path, store: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(R2CError, match="R2C-T033"):
        invoke("run", recipe, tmp_path / "out", "--store", store)
    assert not list(tmp_path.glob(".out*"))


def test_a_run_tells_what_is_odd_about_its_models(
    family: Family, store: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(family.experts[0], tmp_path / "other"))
    config = other / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"rope_theta": 1e6}))
    path = tmp_path / "recipe.yaml"
    path.write_text(
        f"merge_method: task_arithmetic\nbase_model: {family.base}\n"
        f"models: [{{model: {other}, parameters: {{weight: 1}}}}]\n"
    )
    told = invoke("run", path, tmp_path / "out", "--store", store)
    assert "note: other has rope_theta 1000000.0" in told
