"""Which sets the dimensions of pasted arrays run over, so that numbers find their members.

What the text says of an array is believed first, then lists of members and counts, then lengths
alone. A noun that would have two lengths is not believed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from r2c.problem.grid import identifier, unique
from r2c.problem.masking import masked
from r2c.problem.schema import Span
from r2c.problem.vocabulary import FUNCTION_WORDS, IRREGULAR_PLURALS, PERIODS, UNITS

_DOC_LENGTH, _DOCS = 400, 3
_DOC_LINE = re.compile(
    r"[\s>*•–\-\d.)(\"'`$]*(?P<name>[^\W\d]\w*)[\"'`*]*(?:\s*(?:\[[^\]]*\]|\([^)]*\)))*"
    r"\s*(?:[:=,–—-]|\b(?:is|are)\b)"
)
_LEAD = r"(?:of )?(?:the |these |all )?(?:other |different |given )?(?:(?:type|kind)s? of )?"
_COUNT = r"(?:(?:total )?(?:number|num|nb|count) |n |# ?)"
_SIDE = rf"(?:the )?{_COUNT}?{_LEAD}"
_WORDS, _FEW_WORDS = r"([a-z]{2,}(?: [a-z]{2,}){0,2})", r"([a-z]{2,}(?: [a-z]{2,}){0,2}?)"
_IS = r"[^a-z\[(]*(?:(?:is|are|of|equals?) )?"
_SIZES = re.compile(
    rf"(?:\b(?:dimensions?|size|shape)\b{_IS}[\[(]? ?|[\[(] ?){_SIDE}{_FEW_WORDS}"
    rf"(?: by | x | ?[×*] ?){_SIDE}{_WORDS}"
)
_LENGTH = re.compile(rf"\b(?:length|size|dimension)\b{_IS}(?:the )?{_COUNT}{_LEAD}{_WORDS}")
_EACH = re.compile(rf"\b(each|every|per) {_LEAD}(?={_WORDS})")
_MEMBER = re.compile(r"\b([a-z]{2,}) ([i-nq-t])\b")
_INDEX = re.compile(r"[\[,] ?([a-z]) ?(?=[\],])")
_OF_MANY = re.compile(rf"\bof (?:all the|the|all|these) (?={_WORDS})")
_COUNTED = re.compile(
    rf"^{_COUNT}{_LEAD}{_WORDS}$|^{_FEW_WORDS} count$"
    rf"|(?:^|[:=–—-] ?|\bis )(?:the )?(?:total )?number of {_LEAD}{_WORDS}"
)
_NAMED = re.compile(r"(?:\b(?:in|over|by|of|each|every|per|from) |[`'\"∈])(?=(\w+))")
_LIST_TAIL = re.compile(r"(?:^| )(?:names?|labels?|ids?|list|set)$")
_NO_MEMBERS = UNITS.union(
    "array column data element entry index list matrix number pair row value".split()
).difference(PERIODS, "item piece box people person men women children block".split())
Shape = tuple[int, ...]
Pair = tuple[str, int]  # the noun of a set and the number of its members
Said = Mapping[int, tuple[Pair, ...]]  # what each array runs over, as far as that is said


@dataclass(frozen=True, slots=True)
class DataLiteral:
    """A named literal of a text; a single number has the shape (), a list (n,), a matrix (n, m).

    `values` and `places` are row by row; `comment` is what stands behind it on its line.
    """

    name: str
    shape: Shape
    values: tuple[float | str, ...]
    places: tuple[Span, ...]
    span: Span
    comment: str


@dataclass(frozen=True, slots=True)
class Axes:
    """The nouns of each array of numbers, one for each dimension, by its place among the literals.

    A list of numbers without nouns only numbers members. `names` are lists of strings, by noun.
    """

    nouns: Mapping[int, tuple[str, ...]]
    names: Mapping[str, DataLiteral]

    def members(self, noun: str, length: int) -> list[tuple[str, Span | None]]:
        """The members of a set in order, each with its place if the text names it."""
        if (named := self.names.get(noun)) is not None:
            return [(str(v), at) for v, at in zip(named.values, named.places, strict=True)]
        return [(f"{noun} {number}", None) for number in range(1, length + 1)]


def find_axes(text: str, literals: Sequence[DataLiteral]) -> Axes:
    """What the dimensions of the arrays run over, by the literals and what the text says."""
    docs = _docs(text, literals)
    shapes = {k: n.shape for k, n in enumerate(literals) if n.shape and type(n.values[0]) is float}
    said = {k: tuple(zip(_said(docs[k], n), n, strict=True)) for k, n in shapes.items()}
    given = [pair for pair in map(_counted, literals, docs) if pair]
    for k in [*_numbering(literals, docs, said, given)]:
        del shapes[k], said[k]
    lists = [one for k, one in enumerate(literals) if one.shape and k not in shapes]
    lists = [one for one in lists if len({str(v).lower() for v in one.values}) == one.shape[0]]
    given += [(_list_noun(one.name), one.shape[0]) for one in lists]
    # The same set may be called delivery trucks in one place and just trucks in another.
    tails = {(s, n): (s.rsplit("_", 1)[-1], n) for s, n in {*given, *chain(*said.values())}}
    short = {pair: tail if tail in tails else pair for pair, tail in tails.items()}
    said = {k: tuple(short[pair] for pair in pairs) for k, pairs in said.items()}
    nouns, axes = _resolved(literals, shapes, said, [short[pair] for pair in given])
    names: dict[str, DataLiteral] = {}
    for one in lists:
        noun = short[_list_noun(one.name), one.shape[0]][0] or _sole(axes, one.shape[0]) or ""
        if type(one.values[0]) is str and axes.get(noun) == one.shape[0]:
            names.setdefault(noun, one)
    return Axes(nouns, names)


def _resolved(
    literals: Sequence[DataLiteral], shapes: Mapping[int, Shape], said: Said, given: list[Pair]
) -> tuple[dict[int, tuple[str, ...]], dict[str, int]]:
    """The nouns of each array, and the length of each noun."""
    axes = _of_one_length(chain(*said.values()))
    spare = {noun: n for noun, n in _of_one_length(given).items() if axes.get(noun, n) == n}
    nouns = {
        k: tuple(noun if noun in axes else _sole(spare, n) or "" for noun, n in said[k])
        for k in shapes
    }
    axes |= {noun: n for k in shapes for noun, n in zip(nouns[k], shapes[k], strict=True) if noun}
    for k, shape in shapes.items():
        nouns[k] = tuple(
            noun or _sole(axes, n) or _invented(literals[k], place, axes)
            for place, (noun, n) in enumerate(zip(nouns[k], shape, strict=True))
        )
        axes |= dict(zip(nouns[k], shape, strict=True))
    return nouns, axes


def _of_one_length(pairs: Iterable[Pair]) -> dict[str, int]:
    distinct = sorted(set(pairs))
    often = Counter(noun for noun, _ in distinct)
    return {noun: length for noun, length in distinct if noun and often[noun] == 1}


def _sole(axes: Mapping[str, int], length: int) -> str | None:
    fitting = [noun for noun, n in axes.items() if n == length]
    return fitting[0] if len(fitting) == 1 else None


def _invented(one: DataLiteral, place: int, axes: Mapping[str, int]) -> str:
    if len(one.shape) == 1 and axes.get("item", one.shape[0]) == one.shape[0]:
        return "item"
    part = ("row", "column")[place] if len(one.shape) == 2 else "item"
    taken = [noun for noun, n in axes.items() if n != one.shape[place]]
    return unique(f"{identifier(one.name).lower()}_{part}", taken)


def _docs(text: str, literals: Sequence[DataLiteral]) -> list[list[str]]:
    """What is said of each literal: lines that begin with its name, its comment, its name."""
    lines: dict[str, list[str]] = {}
    for line in masked(text, [one.span for one in literals]).split("\n"):
        if match := _DOC_LINE.match(line[:_DOC_LENGTH]):
            lines.setdefault(match["name"], []).append(line[:_DOC_LENGTH])
    return [[*lines.get(one.name, [])[:_DOCS], one.comment, one.name] for one in literals]


def _numbering(
    literals: Sequence[DataLiteral], docs: Sequence[list[str]], said: Said, given: list[Pair]
) -> Iterator[int]:
    """Lists of 0, 1, 2 ... or 1, 2, 3 ... whose name is the noun of others or in their docs."""
    texts = [(one.name, " ".join(own)) for one, own in zip(literals, docs, strict=True)]
    words = {word for name, own in texts for word in set(_NAMED.findall(own)) - {name}}
    nouns = Counter(given) + Counter(pair for pairs in said.values() for pair in set(pairs))
    for k, one in enumerate(literals):
        counted = [*range(len(one.values) + 1)]
        if len(one.shape) == 1 and list(one.values) in (counted[1:], counted[:-1]):
            pair = (_list_noun(one.name), len(one.values))
            # What is said to belong to the members of another set is data.
            named = one.name in words and said[k][0][0] in ("", pair[0])
            if named or (pair[0] and nouns[pair] > (pair in said[k])):
                yield k


def _said(docs: Sequence[str], shape: Shape) -> tuple[str, ...]:
    """A noun for each dimension of an array; they are empty if its docs do not say them all."""
    read = _sides if len(shape) == 2 else _side
    return next(filter(None, (read(_plain(doc)) for doc in docs)), ("",) * len(shape))


def _sides(doc: str) -> tuple[str, ...]:
    match = _SIZES.search(doc)
    sizes = [noun for words in match.groups() if (noun := _noun(words))] if match else []
    told = (sizes, _members(doc), [noun for _, noun in _each(doc)])
    return next((tuple(nouns[:2]) for nouns in told if len(nouns) > 1), ())


def _side(doc: str) -> tuple[str, ...]:
    told = [_noun(match[1]) for match in _LENGTH.finditer(doc)]
    # "Pay per job of each crew" is of the crews.
    told += [noun for _, noun in sorted(_each(doc), key=lambda found: found[0] == "per")]
    told += _members(doc)
    told += [_noun(match[1], "many") for match in _OF_MANY.finditer(doc)]
    return tuple(noun for noun in told if noun)[:1]


def _each(doc: str) -> list[tuple[str, str]]:
    found = [(match[1], _noun(match[2], "one")) for match in _EACH.finditer(doc)]
    return [(how, noun) for how, noun in found if noun and not (how == "per" and noun in PERIODS)]


def _members(doc: str) -> list[str]:
    """The nouns of "pay of crew i on job j", in the order of `[i][j]` if that is written."""
    found = [(match[2], _noun(match[1], "one")) for match in _MEMBER.finditer(doc)]
    nouns = {index: noun for index, noun in found if noun}
    order = dict.fromkeys(_INDEX.findall(doc))
    return [nouns[index] for index in order or nouns if index in nouns]


def _noun(words: str, number: str = "any") -> str | None:
    """The noun for one of what a few words begin with; None if it counts no members."""
    kept: list[str] = []
    plural = False
    for word in words.split():
        plural = _singular(word) != word or word in IRREGULAR_PLURALS
        verb = word.endswith(("ing", "ed")) or (plural and number == "one")
        if word in FUNCTION_WORDS or (kept and verb):
            plural = False
            break
        kept.append(_singular(word))
        if plural:
            break
    noun = "_".join(kept)
    missed = number == "many" and (not plural or noun in PERIODS)
    return None if missed or not noun or noun in _NO_MEMBERS else noun


def _singular(word: str) -> str:
    if len(word) < 4 or word in ("series", "species", "news") or word.endswith(("ss", "us", "is")):
        return word
    return re.sub(r"(?<=[cs]h|ss|.x)es$|(?<=^bus)es$|s$", "", re.sub("(?<=..)ies$", "ys", word))


def _plain(doc: str) -> str:
    """Words with single blanks: `numCrews` and `num_crews` are "num crews"."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", doc)
    return " ".join(re.sub(r"[_`'\"$\\]|(?<=\w)-(?=\w)", " ", spaced).lower().split())


def _list_noun(name: str) -> str:
    """The noun that a list of members is named after; empty for a bare `names`."""
    words = _LIST_TAIL.sub("", _plain(name)).split()
    return identifier("_".join([*words[:-1], _singular(words[-1])])) if words else ""


def _counted(one: DataLiteral, docs: Sequence[str]) -> Pair | None:
    """The set whose members a number counts, as `num_crews` does."""
    matches = [match for doc in docs if (match := _COUNTED.search(_plain(doc)))]
    nouns = [_noun(next(filter(None, match.groups()))) for match in matches]
    whole = not one.shape and float(one.values[0]).is_integer()
    return next(((noun, int(one.values[0])) for noun in nouns if noun and whole), None)
