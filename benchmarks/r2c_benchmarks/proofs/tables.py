"""The proofs as a result: a table by family, every card, where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pydantic import JsonValue

from r2c_benchmarks.proofs.run import Proof
from r2c_evaluation.intervals import wilson

_NOTE = (
    "Every card is solved by brute force over its meaning, on its tiny instance and {instances} "
    "random ones of each of its generators: {tried} instances in all. Agreed: models of an exact "
    "paradigm whose optimum is that of the meaning, by a plan that the meaning admits, of all that "
    "could be written{fewer}. Bound kept: models of another paradigm that err to the side that "
    "they promise; an approximation promises a plan only. Errors seen: usual mistakes that change "
    "the optimum of an instance. {proven} of {cards} cards are proven. {machine}; commit {commit}."
)


def document(
    proofs: Sequence[Proof], instances: int, seed: str, start: dict[str, JsonValue]
) -> dict[str, JsonValue]:
    """Everything that the results file holds.

    Args:
        proofs: One for each card.
        instances: Random instances of each generator.
        seed: That of the random instances.
        start: Command, commit, versions and machine, from `provenance.start_note`.
    """
    families = sorted({proof.card.family for proof in proofs})
    done, count = sum(proof.report.proven for proof in proofs), len(proofs)
    summary: list[JsonValue] = [
        _row(family, [proof for proof in proofs if proof.card.family == family])
        for family in families
    ]
    return {
        "summary": [*summary, _row("all", proofs)],
        "note": _NOTE.format(
            instances=instances,
            tried=sum(proof.report.instances for proof in proofs),
            fewer=_fewer(proofs, instances),
            proven=done,
            cards=count,
            machine=str(start["machine"]).rpartition(", load ")[0],
            commit=start["commit"] or "unknown",
        ),
        "measurements": [
            {
                "name": "cards that are proven",
                "unit": "share",
                "value": done / count,
                "spread": list(wilson(done, count)),
                "count": count,
                "instances": instances,
                "seed": seed,
                "starts": [start],
            }
        ],
        "cards": [_card(proof) for proof in proofs],
    }


def _fewer(proofs: Sequence[Proof], instances: int) -> str:
    """The exact paradigms that fitted fewer instances than one generator has."""
    rare = [
        f"{proof.card.id} {name} {count}"
        for proof in proofs
        for name, count in proof.exact.items()
        if count < instances
    ]
    return f" (fewer than {instances} by {', '.join(rare)})" if rare else ""


def _row(name: str, proofs: Sequence[Proof]) -> dict[str, JsonValue]:
    errors = sum(len(proof.card.errors) for proof in proofs)
    seen = sum(proof.report.seen for proof in proofs)
    return {
        "family": name,
        "cards": len(proofs),
        "proven": sum(proof.report.proven for proof in proofs),
        "exact paradigms": sum(len(proof.exact) for proof in proofs),
        "agreed": _kept((proof, proof.exact) for proof in proofs),
        "other paradigms": sum(len(proof.others) for proof in proofs),
        "bound kept": _kept((proof, proof.others) for proof in proofs),
        "errors seen": f"{seen} of {errors}",
        "s": round(sum(proof.seconds for proof in proofs), 1),
    }


def _kept(found: Iterable[tuple[Proof, Mapping[str, int]]]) -> str:
    """Of how many solved models all claims held."""
    several = [(proof.report.failed[name], count) for proof, runs in found
               for name, count in runs.items()]  # fmt: skip
    count = sum(runs for _, runs in several)
    return f"{count - sum(failed for failed, _ in several)} of {count}"


def _card(proof: Proof) -> dict[str, JsonValue]:
    report = proof.report
    return {
        "card": proof.card.id,
        "family": proof.card.family,
        "proven": report.proven,
        "instances": report.instances,
        "exact": dict(proof.exact),
        "others": dict(proof.others),
        "failed": {name: count for name, count in report.failed.items() if count},
        "errors": len(proof.card.errors),
        "errors_seen": report.seen,
        "failures": [f"{check.claim}: {check.detail}" for check in report.failures],
        "seconds": round(proof.seconds, 2),
    }
