"""The cards of a model, looked at before anything is printed: no page may end in its middle."""

from __future__ import annotations

from r2c.archetypes.changed import changed_cards
from r2c.archetypes.load import standard_library
from r2c.cir.schema import CIR
from r2c.errors import Fault
from r2c.formulation import Formulation


def check_cards(cir: CIR | None = None) -> None:
    """Read the cards of a model's rules, or only see that cards can be found.

    Raises:
        CardError: R2C-A006 if the folder of the setting `cards` is not there, R2C-A003 or R2C-A070
            for a file in it; what is wrong with a card of a rule.
        StoreError: R2C-X900.
    """
    library = standard_library()
    for rule in () if cir is None else cir.rules:
        library.get(rule.archetype)


def other_cards(answer: Formulation) -> Fault | None:
    """R2C-A073 if a rule of a saved answer now has another card than the answer was made with.

    Only cards of one's own are compared, and an answer that does not name them is taken as it is.
    """
    then = answer.manifest.get("own_cards")
    if answer.cir is None or not isinstance(then, dict):
        return None
    used = {rule.archetype for rule in answer.cir.rules}
    return changed_cards(used, then, standard_library().own_digests)
