"""The catalogue of archetypes as pages for a browser: `python docs/generate/catalogue.py [FOLDER]`.

One page a card, equations as MathML (from the same LaTeX that answers show), and an index that can
be searched. Pages are made anew from the cards at any time, so they are not kept in the repository.
"""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from algebra import algebra
from mathml import loops, maths, relation
from places import ROOT
from r2c.archetypes.card import Card, Role
from r2c.archetypes.load import standard_library
from r2c.cir.write import write
from tiny_instance import tiny
from ways import LARGE, SMALL, in_words, method_in_words, ways

HERE = Path(__file__).parent / "catalogue"
FAMILIES = (
    *("resource", "quantity", "logic", "selection", "network", "routing", "scheduling"),
    *("workforce", "multiperiod", "piecewise", "objective", "structure"),
)
"""From what is asked for most to what is asked for least."""


def pages() -> dict[str, str]:
    """Every page and the style sheet, by file name."""
    jinja = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    library = standard_library()
    cards = list(library.values())
    page, index = jinja.get_template("page.html"), jinja.get_template("index.html")
    tools = {
        "maths": maths, "relation": relation, "loops": loops, "kind": kind, "words": words,
        "algebra": algebra, "method_in_words": method_in_words, "small": SMALL, "large": LARGE,
        "in_words": in_words, "names": {card.id: card.name for card in cards},
    }  # fmt: skip
    made = {
        f"{card.id}.html": page.render(
            card=card, ways=ways(card), tiny=tiny(card, library), **tools
        )
        for card in cards
    }
    ordered = sorted(cards, key=lambda card: (FAMILIES.index(card.family), card.name))
    families = {name: list(group) for name, group in groupby(ordered, key=lambda c: c.family)}
    count = sum(len(card.paradigms) for card in cards)
    made["index.html"] = index.render(cards=cards, families=families, ways=count, **tools)
    made["style.css"] = (HERE / "style.css").read_text(encoding="utf-8")
    return made


def kind(role: Role) -> str:
    """What fills a role, in a few words."""
    told = {"indexed": f"by {role.keys} key{'s' if role.keys > 1 else ''}", "number": "data"}
    parts = [told.get(role.kind, role.kind)]
    if role.words:
        parts.append(" or ".join(role.words))
    if not role.required:
        parts.append("optional" if role.default is None else f"{write(role.default)} if not given")
    return f"({', '.join(parts)})"


def words(card: Card) -> str:
    """What a search looks through."""
    parts = [card.id, card.name, card.meaning, *card.cues, *card.phrasings]
    return " ".join(parts).lower()


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "catalogue"
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    print(f"written     {folder / 'index.html'} and {len(made) - 2} pages")


if __name__ == "__main__":
    main()
