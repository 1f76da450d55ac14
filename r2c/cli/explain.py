"""`r2c explain`: a model and its answer told in words."""

from __future__ import annotations

import typer

from r2c.cli.options import Data, Json, ModelFile


def explain(model: ModelFile, data: Data = None, json: Json = False) -> None:
    """Tell the rules in plain words, which of them bind and what more or less of them is worth.

    A saved answer is explained as it is; a CIR is solved first. If the rules cannot all hold, the
    sentences that contradict each other are told, and what would let them hold. What more or less
    of a number would do is found by solving again. A CIR that could not be solved is told as far as
    it goes, and the exit status is that of `r2c solve`. With --json the explanation is the field
    `explanation` of the answer, and its solution has `sensitivity`, `cost_ranges` and
    `bounds_reached`.
    """
    from r2c.cir.schema import CIR
    from r2c.cli.check_cards import check_cards, other_cards
    from r2c.cli.exit_codes import code_of_answer
    from r2c.cli.render.explanation import show_explanation
    from r2c.cli.render.fault import show_fault
    from r2c.cli.saved import Saved, read_answer
    from r2c.cli.solving import answer_to
    from r2c.cli.streams import errors, result, told, write_json
    from r2c.formulation import Outcome
    from r2c.settings import load_settings
    from r2c.solve.limits import Limits
    from r2c.verdict.with_sensitivity import with_sensitivity

    found = read_answer(model)
    solved = False
    if isinstance(found, CIR) or data:
        cir = found if isinstance(found, CIR) else found.cir
        if cir is not None:
            saved = Saved(cir, None if isinstance(found, CIR) else found)
            found, solved = answer_to(saved, data), True
    assert not isinstance(found, CIR)
    check_cards(found.cir)
    if (changed := other_cards(found)) is not None:
        show_fault(errors(), changed, "note")
    found = with_sensitivity(found, Limits.of(load_settings()))
    if json:
        page = told(lambda console: show_explanation(console, found))
        write_json({**found.model_dump(mode="json"), "explanation": page})
    else:
        show_explanation(result(), found)
    if solved and found.outcome in (Outcome.UNSUPPORTED, Outcome.NEEDS_INPUT, Outcome.LIMIT):
        raise typer.Exit(code_of_answer(found, given=True))
