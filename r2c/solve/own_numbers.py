"""Rules whose numbers stand in rows of their own only.

`x <= 10*active` says what another rule makes of x. Where that rule's number is moved in its own row
alone, the old number still stands here, and whatever solving gives is not true of the rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from r2c.archetypes.card import Card
from r2c.archetypes.load import standard_library
from r2c.cir.instance import Instance
from r2c.model.plain import PlainModel
from r2c.solve.fewer_rules import FewerRules


@dataclass(frozen=True)
class OwnNumbers:
    """Says of the rules of one model whether their numbers can be moved in their own rows."""

    plain: PlainModel
    instance: Instance
    library: Mapping[str, Card] | None = None
    _known: dict[str, bool] = field(default_factory=dict)

    def of(self, rule: str) -> bool:
        """Whether all other rules write the same rows when this one is gone.

        A model without choices was written by hand, row by row; nothing follows from anything.
        """
        if not self.plain.choices:
            return True
        if rule not in self._known:
            self._known[rule] = self._spared(rule)
        return self._known[rule]

    def _spared(self, rule: str) -> bool:
        others = {item.id for item in self.plain.cir.rules} - {rule}
        library = self.library or standard_library()
        fewer = FewerRules(self.plain, self.instance, library).written(others)
        if fewer is None:
            return False
        rows = tuple(item for item in self.plain.rows if item.rule != rule)
        made = tuple(item for item in self.plain.variables if item.rule != rule)
        return fewer.rows == rows and tuple(v for v in fewer.variables if v.rule != rule) == made
