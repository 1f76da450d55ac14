"""Index positions: as many keys as sets, keys from the right set, lags only over an order."""

from __future__ import annotations

from collections.abc import Mapping

from r2c.cir.expr import Add, Call, Compare, Expr, Item, Name, Neg, Num, Seq, Text, symbols
from r2c.cir.members import label
from r2c.cir.schema import CIR, IndexSet
from r2c.cir.scope import Symbol, closest
from r2c.cir.write import shown
from r2c.errors import CIRError, Fault, declare

WRONG_COUNT = declare(
    "R2C-C060", CIRError,
    what="{place} uses {name!r} with {found:index value}; it has {expected:index position}.",
    why="{name!r} has one value {over}.",
    remedy="Write {example!r}, inside a loop over each index that varies.",
)  # fmt: skip
NOT_A_MEMBER = declare(
    "R2C-C061", CIRError,
    what="{place} uses the label {key!r}, which is not a member of {index!r}.{hint}",
    why="The members of {index!r} are {members}.",
    remedy="Use one of these members.",
)  # fmt: skip
WRONG_SET = declare(
    "R2C-C062", CIRError,
    what="{place} uses {variable!r}, a member of {found!r}, as index of {name!r}, which needs a "
    "member of {expected!r}.",
    why="The two sets have no member in common.",
    remedy="Check the order of the index values of {name!r}: {example!r}.",
)  # fmt: skip
BAD_KEY = declare(
    "R2C-C063", CIRError,
    what="{place} uses {key!r} as an index value of {name!r}.",
    why="An index value is a loop variable, a quoted label, a whole number, or a lag such as t-1.",
    remedy="Loop over the set with `for`, or quote the label.",
)  # fmt: skip
NO_ORDER = declare(
    "R2C-C064", CIRError,
    what="{place} uses {key!r}, which needs an order, over the set {index!r} of kind {kind!r}.",
    why="Before and after have a meaning only in sets of kind ordered or time.",
    remedy="Declare {index!r} as ordered or time if its members follow each other.",
)  # fmt: skip
OUT_OF_RANGE = declare(
    "R2C-C065", CIRError,
    what="{place} uses {name!r} at {key!r}, which does not exist for the {end} member of "
    "{index!r}.",
    why="The set is not cyclic, and no condition leaves that member out.",
    remedy="Add a condition such as `if {variable} != {end}({index})`, state that case as a rule "
    "of its own, or make the set cyclic.",
)  # fmt: skip

Env = Mapping[str, str | None]


class IndexCheck:
    """Checks keys against the sets of a CIR."""

    def __init__(self, cir: CIR, table: Mapping[str, Symbol]) -> None:
        self._sets = {item.name: item for item in cir.sets}
        self._table = table
        self._labels = {
            item.name: {label(member): None for member in item.elements}
            for item in cir.sets
            if item.elements is not None and item.dim == 1
        }

    def count(self, symbol: Symbol, found: int, where: str, faults: list[Fault]) -> bool:
        """Whether the number of keys fits; a fault is added if not."""
        expected = len(symbol.positions)
        if found == expected:
            return True
        over = "x".join(name or "(unknown)" for name in symbol.positions)
        faults.append(
            WRONG_COUNT.fault(
                place=where,
                name=symbol.name,
                found=found,
                expected=expected,
                over=f"for each member of {over}" if expected else "and no index",
                example=_example(symbol),
            )
        )
        return False

    def key(
        self,
        symbol: Symbol,
        position: int,
        key: Expr,
        env: Env,
        free: frozenset[str],
        where: str,
        faults: list[Fault],
    ) -> None:
        """Check one key; `free` are loop variables that no condition restricts."""
        index = symbol.positions[position]
        match key:
            case Text(value):
                self._member(value, index, where, faults)
            case Num(value):
                self._member(value, index, where, faults)
            case Name(name) if name in env:
                self._variable(symbol, name, env[name], index, where, faults)
            case Add((Name(name), step)) if name in env and _is_step(step):
                self._ordered(env[name], key, where, faults)
                self._variable(symbol, name, env[name], index, where, faults)
                if name in free and _steps(step):
                    self._range(symbol, name, key, _steps(step), (env[name], index), where, faults)
            case Call("prev" | "next" | "first" | "last"):
                self.order(key, env, free, where, faults)
            case _:
                faults.append(BAD_KEY.fault(place=where, key=shown(key), name=symbol.name))

    def order(
        self, call: Call, env: Env, free: frozenset[str], where: str, faults: list[Fault]
    ) -> None:
        """Check that first, last, ord, prev and next have a set with an order."""
        for arg in call.args[:1]:
            if isinstance(arg, Name):
                self._ordered(env.get(arg.id, arg.id), call, where, faults)

    def labels(self, relation: Compare, env: Env, where: str, faults: list[Fault]) -> None:
        """Check labels that a loop variable is compared with."""
        for left, right in zip(relation.args, relation.args[1:], strict=False):
            for variable, other in ((left, right), (right, left)):
                if isinstance(variable, Name) and env.get(variable.id):
                    for item in other.items if isinstance(other, Seq) else (other,):
                        if isinstance(item, Text):
                            self._member(item.value, env[variable.id], where, faults)

    def _member(self, key: str | float, index: str | None, where: str, faults: list[Fault]) -> None:
        known = self._labels.get(index or "")
        if known is None or label(key) in known:
            return
        members = ", ".join(repr(item) for item in list(known)[:20])
        faults.append(
            NOT_A_MEMBER.fault(
                place=where,
                key=label(key),
                index=index,
                hint=closest(label(key), known),
                members=members if len(known) <= 20 else members + ", ...",
            )
        )

    def _variable(
        self,
        symbol: Symbol,
        name: str,
        found: str | None,
        expected: str | None,
        where: str,
        faults: list[Fault],
    ) -> None:
        mine, needed = self._labels.get(found or ""), self._labels.get(expected or "")
        if not mine or not needed or mine.keys() & needed.keys():
            return
        faults.append(
            WRONG_SET.fault(
                place=where,
                variable=name,
                found=found,
                name=symbol.name,
                expected=expected,
                example=_example(symbol),
            )
        )

    def _ordered(self, index: str | None, key: Expr, where: str, faults: list[Fault]) -> None:
        item = self._sets.get(index or "")
        if item is not None and not self._has_order(item):
            faults.append(NO_ORDER.fault(place=where, key=shown(key), index=index, kind=item.kind))

    def _has_order(self, item: IndexSet) -> bool:
        return item.kind in ("ordered", "time")

    def _range(
        self,
        symbol: Symbol,
        variable: str,
        key: Expr,
        steps: float,
        sets: tuple[str | None, str | None],
        where: str,
        faults: list[Fault],
    ) -> None:
        found, expected = sets
        item = self._sets.get(found or "")
        if item is None or found != expected or item.cyclic or not self._has_order(item):
            return
        faults.append(
            OUT_OF_RANGE.fault(
                place=where,
                name=symbol.name,
                key=shown(key),
                end="first" if steps < 0 else "last",
                index=found,
                variable=variable,
            )
        )


def _is_step(expr: Expr) -> bool:
    # A lag may be a number or a whole-valued parameter, such as a lead time.
    match expr:
        case Num(value):
            return value.is_integer()
        case Neg(inner):
            return _is_step(inner)
        case Name() | Item():
            return bool(symbols(expr))
        case _:
            return False


def _steps(expr: Expr) -> float:
    return expr.value if isinstance(expr, Num) else 0.0


def _example(symbol: Symbol) -> str:
    if not symbol.positions:
        return symbol.name
    keys = ", ".join((name or "k")[0].lower() for name in symbol.positions)
    return f"{symbol.name}[{keys}]"
