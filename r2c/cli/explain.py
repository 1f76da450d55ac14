"""`r2c explain`: a model and its answer told in words."""

from __future__ import annotations

from r2c.cli.options import Data, ModelFile


def explain(model: ModelFile, data: Data = None) -> None:
    """Tell the rules in plain words, which of them bind and what they are worth.

    A saved answer is explained as it is; a CIR is solved first. If the rules cannot all hold, the
    sentences that contradict each other are told.
    """
    from r2c.cir.schema import CIR
    from r2c.cli.render.explanation import show_explanation
    from r2c.cli.saved import Saved, read_answer
    from r2c.cli.solving import answer_to
    from r2c.cli.streams import result

    found = read_answer(model)
    if isinstance(found, CIR) or data:
        cir = found if isinstance(found, CIR) else found.cir
        if cir is not None:
            saved = Saved(cir, None if isinstance(found, CIR) else found)
            found = answer_to(saved, data)
    assert not isinstance(found, CIR)
    show_explanation(result(), found)
