"""Units as written by people: "$/chair", "hours per week", "kWh", "tons of steel per day".

A unit is a scale times powers of bases. Bases are the physical ones, each currency, and every word
that is not a known unit (a counted noun such as chair or truck).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

PHYSICAL = frozenset({"second", "gram", "metre", "watt", "month", "kelvin"})
"""Bases with a dimension; `month` stands apart because it has no fixed number of days."""

_TIME = {"second": "1", "minute": "60", "hour": "3600", "day": "86400", "week": "604800"}
_WORDS: dict[str, tuple[str, Mapping[str, int]]] = {
    **{name: (scale, {"second": 1}) for name, scale in _TIME.items()},
    **{"sec": ("1", {"second": 1}), "min": ("60", {"second": 1}), "hr": ("3600", {"second": 1})},
    **{"s": ("1", {"second": 1}), "h": ("3600", {"second": 1}), "d": ("86400", {"second": 1})},
    **{"month": ("1", {"month": 1}), "quarter": ("3", {"month": 1})},
    **{"year": ("12", {"month": 1}), "yr": ("12", {"month": 1})},
    **{"g": ("1", {"gram": 1}), "gram": ("1", {"gram": 1}), "mg": ("1/1000", {"gram": 1})},
    **{"kg": ("1000", {"gram": 1}), "kilogram": ("1000", {"gram": 1})},
    **{"kilo": ("1000", {"gram": 1}), "tonne": ("1000000", {"gram": 1})},
    **{"t": ("1000000", {"gram": 1})},
    **{"lb": ("453.59237", {"gram": 1}), "pound": ("453.59237", {"gram": 1})},
    **{"oz": ("28.349523125", {"gram": 1}), "ounce": ("28.349523125", {"gram": 1})},
    **{"m": ("1", {"metre": 1}), "metre": ("1", {"metre": 1}), "meter": ("1", {"metre": 1})},
    **{"km": ("1000", {"metre": 1}), "kilometre": ("1000", {"metre": 1})},
    **{"kilometer": ("1000", {"metre": 1}), "cm": ("1/100", {"metre": 1})},
    **{"mm": ("1/1000", {"metre": 1}), "mile": ("1609.344", {"metre": 1})},
    **{"ft": ("0.3048", {"metre": 1}), "foot": ("0.3048", {"metre": 1})},
    **{"feet": ("0.3048", {"metre": 1}), "inch": ("0.0254", {"metre": 1})},
    **{"yard": ("0.9144", {"metre": 1}), "hectare": ("10000", {"metre": 2})},
    **{"ha": ("10000", {"metre": 2}), "acre": ("4046.8564224", {"metre": 2})},
    **{"l": ("1/1000", {"metre": 3}), "litre": ("1/1000", {"metre": 3})},
    **{"liter": ("1/1000", {"metre": 3}), "ml": ("1/1000000", {"metre": 3})},
    **{"millilitre": ("1/1000000", {"metre": 3}), "milliliter": ("1/1000000", {"metre": 3})},
    **{"w": ("1", {"watt": 1}), "kw": ("1000", {"watt": 1}), "mw": ("1000000", {"watt": 1})},
    **{"watt": ("1", {"watt": 1}), "kilowatt": ("1000", {"watt": 1})},
    **{"megawatt": ("1000000", {"watt": 1})},
    **{"wh": ("3600", {"watt": 1, "second": 1}), "kwh": ("3600000", {"watt": 1, "second": 1})},
    **{"mwh": ("3600000000", {"watt": 1, "second": 1})},
    **{"j": ("1", {"watt": 1, "second": 1}), "kj": ("1000", {"watt": 1, "second": 1})},
    **{"$": ("1", {"$": 1}), "usd": ("1", {"$": 1}), "dollar": ("1", {"$": 1})},
    **{"cent": ("1/100", {"$": 1}), "€": ("1", {"€": 1}), "eur": ("1", {"€": 1})},
    **{"euro": ("1", {"€": 1}), "£": ("1", {"£": 1}), "gbp": ("1", {"£": 1})},
    **{"¥": ("1", {"¥": 1}), "yen": ("1", {"¥": 1}), "yuan": ("1", {"yuan": 1})},
    **{"%": ("1/100", {}), "percent": ("1/100", {}), "dozen": ("12", {}), "ratio": ("1", {})},
    **{"fraction": ("1", {}), "share": ("1", {}), "dimensionless": ("1", {}), "1": ("1", {})},
}
_PERIODS = (
    (Fraction(86400), {"second": 1}), (Fraction(604800), {"second": 1}),
    (Fraction(1), {"month": 1}), (Fraction(3), {"month": 1}), (Fraction(12), {"month": 1}),
)  # fmt: skip
_SCALES = {
    **dict.fromkeys(("thousand", "thousands", "k"), Fraction(10**3)),
    **dict.fromkeys(("million", "millions", "mn", "mio"), Fraction(10**6)),
    **dict.fromkeys(("billion", "billions", "bn"), Fraction(10**9)),
}
_CURRENCY = re.compile(r"[$€£¥]")
_TOKEN = re.compile(r"\s*(?:(\*\*|\^|[*/·×()])|(-?\d+)|([$€£¥%]|[^\W\d_]+(?:[ _-][^\W\d_]+)*))")
_DIGITS = {"²": "^2", "³": "^3"}


@dataclass(frozen=True)
class Unit:
    """A scale and the power of each base, sorted by base."""

    scale: Fraction
    powers: tuple[tuple[str, int], ...]
    text: str = field(default="", compare=False)

    def __mul__(self, other: Unit) -> Unit:
        powers = dict(self.powers)
        for base, times in other.powers:
            powers[base] = powers.get(base, 0) + times
        text = "*".join(part for part in (self.text, other.text) if part)
        return _unit(self.scale * other.scale, powers, text)

    def __truediv__(self, other: Unit) -> Unit:
        result = self * other.power(-1)
        below = f"({other.text})" if re.search(r"[*/ ]", other.text) else other.text
        text = f"{self.text or 1}/{below}" if below else self.text
        return _unit(result.scale, dict(result.powers), text)

    def power(self, times: int) -> Unit:
        """The unit to a whole power."""
        text = self.text if times == 1 else f"({self.text})^{times}" if self.text else ""
        return _unit(self.scale**times, {base: times * own for base, own in self.powers}, text)

    def __str__(self) -> str:
        return self.text or "no unit"

    @property
    def counted(self) -> dict[str, int]:
        """Powers of counted nouns and currencies alone."""
        return {base: times for base, times in self.powers if base not in PHYSICAL}

    @property
    def period(self) -> bool:
        """Whether it is a day, week, month, quarter or year, or one over it."""
        return any(
            self in (_unit(scale, powers), _unit(scale, powers).power(-1))
            for scale, powers in _PERIODS
        )

    def matches(self, other: Unit) -> bool:
        """Whether amounts in the two units may be added or compared.

        Counted nouns add up to a count ("chairs" and "tables"), and a rate per planning period is
        commonly written for the amount in the period ("kg" and "kg per week").
        """
        if self == other:
            return True
        ratio = self / other
        if ratio.period:
            return True
        mine, others = self.counted, other.counted
        nouns = not any(map(_is_currency, (*mine, *others)))
        return (
            nouns
            and ratio.scale == 1
            and list(mine.values()) == list(others.values()) == [1]
            and not any(base in PHYSICAL for base, _ in ratio.powers)
        )


ONE = Unit(Fraction(1), ())
"""No unit: ratios, shares, counts of nothing in particular."""


def read_unit(text: str | None) -> Unit | None:
    """The unit that the words name; None if there are none or they follow no form of a unit."""
    if text is None or not text.strip() or len(text) > 80:
        return None
    written = " ".join(text.split())
    for sign, plain in _DIGITS.items():
        text = text.replace(sign, plain)
    text = re.sub(r"\bper\b", "/", text, flags=re.IGNORECASE)
    # "hours of labour" are hours; what they are hours of is told by the words around.
    text = re.sub(r"\bof\b[^/*()]*", " ", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:an?|each|every|in)\b", " ", text, flags=re.IGNORECASE)
    try:
        return replace(_Reader(text).read(), text=written)
    except (ValueError, OverflowError):
        return None


def _unit(scale: Fraction, powers: Mapping[str, int], text: str = "") -> Unit:
    kept = tuple(sorted((base, times) for base, times in powers.items() if times))
    return Unit(scale, kept, text if kept or scale != 1 else "")


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens: list[str] = []
        place = 0
        while place < len(text.rstrip()):
            match = _TOKEN.match(text, place)
            if match is None:
                raise ValueError(text)
            self._tokens.append(match[0].strip())
            place = match.end()

    def read(self) -> Unit:
        result = ONE
        dividing = False
        expected = True
        for token in self._joined():
            if token in ("*", "·", "×", "/"):
                if expected and not (token == "/" and result == ONE):
                    raise ValueError(token)
                # "$/chair/week" divides twice; a product after a quotient stays below it.
                dividing = dividing or token == "/"
                expected = True
                continue
            name, _, power = token.partition("^")
            unit = named(name).power(int(power or 1))
            result = result / unit if dividing else result * unit
            expected = False
        if expected:
            raise ValueError("nothing follows the sign")
        return result

    def _joined(self) -> list[str]:
        found: list[str] = []
        tokens = [token for token in self._tokens if token not in ("(", ")")]
        place = 0
        while place < len(tokens):
            token = tokens[place]
            if token in ("^", "**"):
                if not found or place + 1 == len(tokens) or abs(int(tokens[place + 1])) > 9:
                    raise ValueError(token)
                found[-1] += f"^{int(tokens[place + 1])}"
                place += 1
            elif token.lstrip("-").isdigit() and token != "1":
                raise ValueError(token)
            else:
                found.append(token)
            place += 1
        return found


def named(name: str) -> Unit:
    """The unit of one word or counted noun, plural or not."""
    folded = name.casefold()
    candidates = (folded, *_singulars(folded))
    for candidate in candidates:
        if candidate in _WORDS:
            scale, powers = _WORDS[candidate]
            return _unit(Fraction(scale), powers)
    if folded in _SCALES:
        return _unit(_SCALES[folded], {}, name)
    first, _, rest = folded.replace("_", " ").replace("-", " ").partition(" ")
    if rest and first in _SCALES:
        return _unit(_SCALES[first], {}) * named(rest)
    if rest and (unit := _known(first)) is not None:
        # "hours labour" or "kg flour" is an amount in the first word's unit; "USD million" is not.
        larger = _SCALES.get(rest.partition(" ")[0])
        return unit if larger is None else _unit(larger, {}) * unit
    return _unit(Fraction(1), {candidates[-1]: 1})


def _known(word: str) -> Unit | None:
    for candidate in (word, *_singulars(word)):
        if candidate in _WORDS:
            scale, powers = _WORDS[candidate]
            return _unit(Fraction(scale), powers)
    return None


def _singulars(word: str) -> tuple[str, ...]:
    if word.endswith("ies") and len(word) > 4:
        return (word[:-3] + "y",)
    if re.search(r"(?:ss|us|x|ch|sh|z)es$", word):
        return (word[:-2],)
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 2:
        return (word[:-1],)
    return ()


def _is_currency(base: str) -> bool:
    return bool(_CURRENCY.fullmatch(base)) or base == "yuan"
