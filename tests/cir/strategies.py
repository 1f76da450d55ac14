"""Hypothesis strategies: expression texts with odd brackets, and the trees they stand for."""

from __future__ import annotations

import keyword
from typing import Any

from hypothesis import strategies as st

from r2c.cir.expr import Binder, Expr, Loop, Name
from r2c.cir.parse import parse
from r2c.cir.provenance import NumberSource, Source
from r2c.cir.schema import (
    CIR,
    Assumption,
    Candidate,
    Decision,
    Definition,
    DenseValues,
    Entry,
    ExprValues,
    IndexSet,
    Objective,
    Parameter,
    Question,
    Rule,
    Soft,
    SparseValues,
    TableColumns,
    TableValues,
    WideValues,
)
from r2c.errors import CIRError
from r2c.problem.schema import Cell, Span

NAMES = ("x", "y", "cost", "Plants", "i", "t", "max_use", "größe")
OPERATORS = (*"+ - * / ** <= >= == < > !=".split(), " in ", " not in ", " and ", " or ")
LABELS = (
    "A",
    "Plant A",
    'say "hi"',
    "back\\slash",
    "two\nlines",
    "tab\t",
    "\r\u2028\x00",
    "日本",
    "'",
)


def _number() -> st.SearchStrategy[str]:
    whole = st.integers(0, 10**6).map(str)
    exact = st.floats(0, 1e300, allow_nan=False, allow_infinity=False).map(repr)
    return st.one_of(whole, exact, st.sampled_from(("0", "1", "2", "0.5", "1e-7", "3.0", "1e16")))


def _label() -> st.SearchStrategy[str]:
    anything = st.text(st.characters(codec="utf-8"), max_size=6)
    return st.one_of(st.sampled_from(LABELS), anything).map(repr)


def _atom() -> st.SearchStrategy[str]:
    return st.one_of(_number(), st.sampled_from(NAMES), _label())


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    bracketed = inner.map(lambda text: f"({text})")
    maybe = st.one_of(inner, bracketed)
    binary = st.sampled_from(OPERATORS)
    listed = st.lists(maybe, min_size=1, max_size=3).map(", ".join)
    binder = st.builds(
        lambda target, domain, where: (
            f"for {target} in {domain}" + (f" if {where}" if where else "")
        ),
        st.sampled_from(("i", "t", "(i, j)", "i, j")),
        st.one_of(st.sampled_from(("Plants", "T", "[1, 2]")), bracketed),
        st.one_of(st.just(""), maybe.map(lambda where: f" if {where}")),
    )
    return st.one_of(
        st.builds(lambda a, op, b: f"{a}{op}{b}", maybe, binary, maybe),
        st.builds(lambda op, a: f"{op}{a}", st.sampled_from(("-", "+", "not ", "--")), maybe),
        st.builds(lambda name, keys: f"{name}[{keys}]", st.sampled_from(NAMES), listed),
        st.builds(
            lambda name, args: f"{name}({args})",
            st.sampled_from(("abs", "min", "max", "sum", "first", "len", "implies")),
            listed,
        ),
        st.builds(
            lambda name, body, loops: f"{name}({body} {loops})",
            st.sampled_from(("sum", "min", "max", "count", "len")),
            maybe,
            st.lists(binder, min_size=1, max_size=2).map(" ".join),
        ),
        st.builds(lambda body, loops: f"[{body} {loops}]", maybe, binder),
        st.builds(lambda items: f"[{items}]", listed),
        st.builds(lambda items: f"({items},)", listed),
    )


def texts(leaves: int = 14) -> st.SearchStrategy[str]:
    """Strings near the expression syntax; most can be read, some cannot."""
    return st.recursive(_atom(), _grown, max_leaves=leaves)


def _readable(text: str) -> bool:
    try:
        parse(text)
    except CIRError:
        return False
    return True


def trees(leaves: int = 14) -> st.SearchStrategy[Expr]:
    """Every kind of tree that `parse` can make."""
    return texts(leaves).filter(_readable).map(parse)


SMALL = trees(3)


# Keywords are identifiers in form only: as loop variables they cannot be written.
IDENTIFIERS = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,5}", fullmatch=True).filter(
    lambda name: not keyword.iskeyword(name)
)
WORDS = st.one_of(
    st.sampled_from(
        ("", "plain words", ' "quoted', "# no comment", "two\nlines", "a: b = c -> d", "\r\t")
    ),
    st.text(st.characters(codec="utf-8"), max_size=8),
)
MAYBE_WORDS = st.none() | WORDS
FLOATS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-9, 9).map(float)
SPANS = st.builds(Span, start=st.integers(0, 99), end=st.integers(0, 99))
CELLS = st.builds(Cell, table=WORDS, row=st.integers(0, 9), column=WORDS)
SOURCES = st.builds(
    Source,
    kind=st.sampled_from(("text", "cell", "derived", "assumed", "answer")),
    spans=st.lists(SPANS, max_size=2).map(tuple),
    cells=st.lists(CELLS, max_size=2).map(tuple),
    note=MAYBE_WORDS,
)
LITERALS = st.lists(st.builds(NumberSource, value=FLOATS, source=SOURCES), max_size=2).map(tuple)
ELEMENTS = st.one_of(WORDS, st.integers(-99, 99))
NAME_LISTS = st.lists(IDENTIFIERS, max_size=2).map(tuple)


def _binders() -> st.SearchStrategy[Binder]:
    targets = st.lists(IDENTIFIERS, min_size=1, max_size=2, unique=True).map(tuple)
    loop = st.builds(Loop, targets, IDENTIFIERS.filter(_readable).map(Name))
    return st.builds(Binder, st.lists(loop, min_size=1, max_size=2).map(tuple), st.none() | SMALL)


def _values() -> st.SearchStrategy[object]:
    nested = st.recursive(
        FLOATS, lambda inner: st.lists(inner, max_size=2).map(tuple), max_leaves=4
    )
    return st.one_of(
        FLOATS,
        st.builds(DenseValues, values=st.lists(nested, max_size=3).map(tuple)),
        st.builds(SparseValues, entries=st.lists(
            st.builds(Entry, key=st.lists(ELEMENTS, max_size=2).map(tuple), value=FLOATS),
            max_size=2).map(tuple)),
        st.builds(TableValues, table=WORDS, keys=st.lists(WORDS, max_size=2).map(tuple),
                  value=WORDS, aggregate=st.sampled_from((None, "sum", "first"))),
        st.builds(WideValues, table=WORDS, key=WORDS,
                  columns=st.none() | st.lists(WORDS, max_size=2).map(tuple)),
        st.builds(ExprValues, indices=NAME_LISTS, expr=SMALL),
    )  # fmt: skip


def _sets() -> st.SearchStrategy[IndexSet]:
    members = st.one_of(ELEMENTS, st.lists(ELEMENTS, max_size=2).map(tuple))
    return st.builds(
        IndexSet, name=IDENTIFIERS,
        kind=st.sampled_from(("labels", "ordered", "time", "scenario")), dim=st.integers(1, 6),
        elements=st.none() | st.lists(members, max_size=3).map(tuple),
        table=st.none() | st.builds(
            TableColumns, table=WORDS,
            columns=st.lists(WORDS, min_size=1, max_size=2).map(tuple)),
        within=NAME_LISTS, where=st.none() | _binders(), cyclic=st.booleans(),
        step=st.none() | FLOATS, unit=MAYBE_WORDS,
        probability=st.none() | st.lists(FLOATS, max_size=2).map(tuple),
        meaning=WORDS, source=st.none() | SOURCES,
    )  # fmt: skip


def _rules() -> st.SearchStrategy[Rule]:
    soft = st.builds(Soft, price=SMALL, per=st.sampled_from(("unit", "occurrence")),
                     tier=st.integers(0, 3))  # fmt: skip
    return st.builds(
        Rule, id=IDENTIFIERS, quote=WORDS, span=st.none() | SPANS, archetype=WORDS,
        forall=st.none() | _binders(), operands=st.dictionaries(IDENTIFIERS, SMALL, max_size=2),
        outputs=st.dictionaries(IDENTIFIERS, IDENTIFIERS, max_size=2),
        candidates=st.lists(
            st.builds(Candidate, paradigm=WORDS, reason=WORDS), max_size=2).map(tuple),
        chosen=MAYBE_WORDS, soft=st.none() | soft, note=WORDS, literals=LITERALS,
    )  # fmt: skip


def cirs() -> st.SearchStrategy[CIR]:
    """Records with every field filled in every way; most of them make no sense as a model."""
    return st.builds(
        CIR, title=WORDS,
        sets=_few(_sets()),
        parameters=_few(st.builds(
            Parameter, name=IDENTIFIERS, over=NAME_LISTS, value=_values(),
            default=st.none() | FLOATS, unit=MAYBE_WORDS, meaning=WORDS,
            source=st.none() | SOURCES, literals=LITERALS)),
        definitions=_few(st.builds(
            Definition, name=IDENTIFIERS, forall=st.none() | _binders(), expr=SMALL,
            unit=MAYBE_WORDS, meaning=WORDS, literals=LITERALS)),
        decisions=_few(st.builds(
            Decision, name=IDENTIFIERS, over=NAME_LISTS, indices=NAME_LISTS,
            where=st.none() | SMALL, domain=st.sampled_from(("continuous", "integer", "binary")),
            domain_reason=WORDS, lower=st.none() | SMALL, upper=st.none() | SMALL,
            unit=MAYBE_WORDS, meaning=WORDS, stage=st.integers(0, 3),
            source=st.none() | SOURCES, literals=LITERALS)),
        rules=_few(_rules()),
        objectives=_few(st.builds(
            Objective, sense=st.sampled_from(("min", "max")), expr=SMALL,
            tier=st.integers(0, 3), weight=FLOATS, target=st.none() | FLOATS, quote=WORDS,
            span=st.none() | SPANS, unit=MAYBE_WORDS, meaning=WORDS, literals=LITERALS)),
        assumptions=_few(st.builds(
            Assumption, text=WORDS, about=MAYBE_WORDS, confirmed=st.booleans())),
        questions=_few(st.builds(
            Question, id=IDENTIFIERS, text=WORDS, default=MAYBE_WORDS, consequence=WORDS,
            about=MAYBE_WORDS)),
    )  # fmt: skip


def _few(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(items, max_size=2).map(tuple)
