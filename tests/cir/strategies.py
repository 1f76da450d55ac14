"""Hypothesis strategies: expression texts with odd brackets, and the trees they stand for."""

from __future__ import annotations

from hypothesis import strategies as st

from r2c.cir.expr import Expr
from r2c.cir.parse import parse

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


def texts() -> st.SearchStrategy[str]:
    """Strings near the expression syntax; most can be read, some cannot."""
    return st.recursive(_atom(), _grown, max_leaves=14)


def _readable(text: str) -> bool:
    from r2c.errors import CIRError

    try:
        parse(text)
    except CIRError:
        return False
    return True


def trees() -> st.SearchStrategy[Expr]:
    """Every kind of tree that `parse` can make."""
    return texts().filter(_readable).map(parse)
