"""Every archetype of the bench has instances that can be solved, and its exact paradigms agree."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from r2c.archetypes.load import standard_library
from r2c.cir.check import check
from r2c.cir.instance import bind
from r2c.errors import InputError
from r2c.solve.process import SolverProcess
from r2c_benchmarks.paradigms.agreement import require_agreement
from r2c_benchmarks.paradigms.instances import archetypes, instances_of
from r2c_benchmarks.paradigms.measure import Subject, measure, picked, subject
from r2c_benchmarks.paradigms.measurement import Place

LIMIT = 20.0

every_archetype = pytest.mark.parametrize("archetype", archetypes())


@pytest.fixture(scope="module")
def process() -> Iterator[SolverProcess]:
    with SolverProcess() as started:
        yield started


def test_the_instances_are_those_of_the_folder() -> None:
    assert len(archetypes()) >= 12
    assert set(archetypes()) <= set(standard_library())
    with pytest.raises(InputError, match="R2C-B080"):
        instances_of("parts")


@every_archetype
def test_there_are_three_growing_sizes_and_several_exact_paradigms(archetype: str) -> None:
    sizes = instances_of(archetype).SIZES
    assert len(sizes) == 3 and list(sizes) == sorted(set(sizes))
    assert len(subject(Place(archetype, sizes[0], 0), LIMIT).paradigms) >= 2


@every_archetype
def test_instances_of_all_sizes_bind_without_a_fault_and_use_the_archetype(archetype: str) -> None:
    module = instances_of(archetype)
    for size in module.SIZES:
        cir = module.instance(size, seed=3)
        assert bind(cir).faults == ()
        assert check(cir) == ()
        assert {rule.archetype for rule in cir.rules} > {archetype} or len(cir.rules) == 1
        assert any(rule.archetype == archetype for rule in cir.rules)


@every_archetype
def test_an_instance_depends_on_size_and_seed_alone(archetype: str) -> None:
    module = instances_of(archetype)
    first, second = module.SIZES[:2]
    assert module.instance(first, 1) == module.instance(first, 1)
    assert module.instance(first, 1) != module.instance(first, 2)
    assert module.instance(first, 1) != module.instance(second, 1)


@every_archetype
@pytest.mark.parametrize("seed", [0, 1])
def test_all_exact_paradigms_find_the_same_optimum_on_the_smallest_instances(
    archetype: str, seed: int, process: SolverProcess
) -> None:
    item = subject(Place(archetype, instances_of(archetype).SIZES[0], seed), LIMIT)
    found = [measure(item, paradigm, process) for paradigm in item.paradigms]
    require_agreement(found)
    assert picked(item) in {one.paradigm for one in found}
    for one in found:
        assert one.possible and one.finished, one
        assert one.objective == pytest.approx(found[0].objective, rel=1e-5)
        assert one.objective and one.relaxed is not None
        assert one.variables > 0 and one.rows > 0
        assert one.nodes is not None and one.nodes >= 0
        better = one.objective - one.relaxed if one.sense == "min" else one.relaxed - one.objective
        assert better >= -1e-6 * abs(one.objective)


def test_a_paradigm_whose_preconditions_fail_is_told_as_impossible(process: SolverProcess) -> None:
    item = subject(Place("no_overlap_on_a_machine", 5, 0), LIMIT)
    rules = tuple(
        rule.model_copy(
            update={"operands": {k: v for k, v in rule.operands.items() if k != "moments"}}
        )
        for rule in item.cir.rules
    )
    poorer = Subject(item.place, item.cir.model_copy(update={"rules": rules}), item.card, LIMIT)
    paradigm = item.card.paradigm("time_indexed")
    assert paradigm is not None
    assert poorer.digest(paradigm) != item.digest(paradigm)
    found = measure(poorer, paradigm, process)
    assert not found.possible and "moments is not given" in found.reason


def test_a_measurement_stays_good_when_a_card_only_corrects_its_tightness() -> None:
    item = subject(Place("bin_packing", 8, 0), LIMIT)
    first, second = item.paradigms[:2]
    looser = first.model_copy(update={"tightness": 1, "size": second.size})
    assert item.digest(looser) == item.digest(first) != item.digest(second)
