"""The catalogue of archetypes as pages for a browser: `python docs/generate/catalogue.py [FOLDER]`.

One page a card, equations as MathML (from the same LaTeX that answers show), and an index that can
be searched. Pages are made anew from the cards at any time, so they are not kept in the repository.
"""

from __future__ import annotations

import re
import sys
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from latex2mathml.converter import convert
from markupsafe import Markup

from places import ROOT
from r2c.archetypes.card import Card, Role
from r2c.archetypes.load import standard_library
from r2c.cir.expr import Binder, Each, Expr
from r2c.cir.latex import latex, latex_binder

HERE = Path(__file__).parent / "catalogue"
FAMILIES = (
    *("resource", "quantity", "logic", "selection", "network", "routing", "scheduling"),
    *("workforce", "multiperiod", "piecewise", "objective", "structure"),
)
"""From what is asked for most to what is asked for least."""
_LETTERS = re.compile(r"<mrow>((?:<m[io][^>]*>[^<]*</m[io]>)+)</mrow>")
_ONE = re.compile(r'<mi mathvariant="italic">([^<]*)</mi>|<mo>&#x0005F;</mo>|<mi>_</mi>')


def pages() -> dict[str, str]:
    """Every page and the style sheet, by file name."""
    jinja = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    library = standard_library()
    cards = list(library.values())
    page, index = jinja.get_template("page.html"), jinja.get_template("index.html")
    tools = {"maths": maths, "relation": relation, "loops": loops, "kind": kind, "words": words}
    names = {card.id: card.name for card in cards}
    made = {f"{card.id}.html": page.render(card=card, names=names, **tools) for card in cards}
    ordered = sorted(cards, key=lambda card: (FAMILIES.index(card.family), card.name))
    families = {name: list(group) for name, group in groupby(ordered, key=lambda c: c.family)}
    ways = sum(len(card.paradigms) for card in cards)
    made["index.html"] = index.render(cards=cards, families=families, ways=ways, **tools)
    made["style.css"] = (HERE / "style.css").read_text(encoding="utf-8")
    return made


def maths(expr: Expr) -> Markup:
    """An expression as MathML."""
    return _mathml(latex(expr))


def relation(expr: Expr) -> Markup:
    """A relation, and for whom it holds."""
    if not isinstance(expr, Each):
        return Markup('<div class="eq">{}</div>').format(maths(expr))
    told = Markup('<div class="eq">{}<span class="loops">{}</span></div>')
    return told.format(relation_body(expr), loops(expr.binder))


def relation_body(expr: Each) -> Markup:
    """The relation without its loops."""
    return maths(expr.body)


def loops(binder: Binder) -> Markup:
    """The loops as `for all`."""
    return _mathml(rf"\forall {latex_binder(binder)}")


def kind(role: Role) -> str:
    """What fills a role, in a few words."""
    told = {"indexed": f"by {role.keys} key{'s' if role.keys > 1 else ''}", "number": "data"}
    parts = [told.get(role.kind, role.kind)]
    if role.words:
        parts.append(" or ".join(role.words))
    if not role.required:
        parts.append("optional" if role.default is None else f"{_plain(role.default)} if not given")
    return f"({', '.join(parts)})"


def words(card: Card) -> str:
    """What a search looks through."""
    parts = [card.id, card.name, card.meaning, *card.cues, *card.phrasings]
    return " ".join(parts).lower()


def _plain(expr: Expr) -> str:
    from r2c.cir.write import write

    return write(expr)


def _mathml(text: str) -> Markup:
    # The converter leaves the escapes of LaTeX in plain words.
    found = re.sub(r"(?<=<mtext>).*?(?=</mtext>)", _unescaped, convert(text))
    return Markup(_LETTERS.sub(_name, found))


def _unescaped(match: re.Match[str]) -> str:
    return re.sub(r"\\([{}$%&#_])", r"\1", match[0])


def _name(match: re.Match[str]) -> str:
    """Letters of one name as one identifier, so that it is not set as a product of letters."""
    parts = _ONE.findall(match[1])
    if _ONE.sub("", match[1]):
        return match[0]
    return f'<mi class="name">{"".join(part or "_" for part in parts)}</mi>'


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "catalogue"
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    print(f"written     {folder / 'index.html'} and {len(made) - 2} pages")


if __name__ == "__main__":
    main()
