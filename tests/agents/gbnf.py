"""Matches text against the subset of GBNF that the forms use: a set of places after each part."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Matcher = Callable[[str, int], Iterator[int]]

_TOKEN = re.compile(
    r'"(?:[^"\\]|\\.)*"|\[(?:[^\]\\]|\\.)*\]|\{\d+(?:,\d*)?\}|[a-zA-Z][\w-]*|[()|*+?]'
)


def admits(grammar: str, text: str) -> bool:
    """Whether the grammar derives the whole text from `root`."""
    return len(text) in set(_Grammar(grammar).rule("root")(text, 0))


def is_whole(grammar: str) -> bool:
    """Whether each rule has a body and each name a rule: some servers refuse what has not."""
    rules = [line.partition("::=") for line in grammar.splitlines() if line.strip()]
    names = {name.strip() for name, _, _ in rules}
    used = {
        token
        for _, _, body in rules
        for token in _TOKEN.findall(body)
        if re.fullmatch(r"[a-zA-Z][\w-]*", token)
    }
    return "root" in names and used <= names and all(body.strip() for _, _, body in rules)


class _Grammar:
    def __init__(self, grammar: str) -> None:
        self._bodies: dict[str, str] = {}
        for line in grammar.splitlines():
            if line.strip():
                name, _, body = line.partition("::=")
                assert name.strip() not in self._bodies, f"{name} is defined twice"
                self._bodies[name.strip()] = body
        self._made: dict[str, Matcher] = {}

    def rule(self, name: str) -> Matcher:
        """The matcher of a rule."""

        def match(text: str, place: int) -> Iterator[int]:
            if name not in self._made:
                tokens = _TOKEN.findall(self._bodies[name])
                assert "".join(tokens) == re.sub(
                    r'("(?:[^"\\]|\\.)*"|\[(?:[^\]\\]|\\.)*\])|\s+',
                    lambda found: found[1] or "",
                    self._bodies[name],
                ), f"{self._bodies[name]!r} is not in the subset"
                self._made[name] = self._either(tokens)
                assert not tokens, f"{name} has more than is understood: {tokens}"
            return self._made[name](text, place)

        return match

    def _either(self, tokens: list[str]) -> Matcher:
        ways = [self._row(tokens)]
        while tokens and tokens[0] == "|":
            tokens.pop(0)
            ways.append(self._row(tokens))

        def match(text: str, place: int) -> Iterator[int]:
            yield from {end for way in ways for end in way(text, place)}

        return match

    def _row(self, tokens: list[str]) -> Matcher:
        parts: list[Matcher] = []
        while tokens and tokens[0] not in ")|":
            parts.append(self._repeated(tokens))

        def match(text: str, place: int) -> Iterator[int]:
            places = {place}
            for part in parts:
                places = {end for start in places for end in part(text, start)}
            yield from places

        return match

    def _repeated(self, tokens: list[str]) -> Matcher:
        part = self._single(tokens.pop(0), tokens)
        sign = tokens[0] if tokens and re.fullmatch(r"[*+?]|\{.*\}", tokens[0]) else ""
        if not sign:
            return part
        tokens.pop(0)
        low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(sign) or _bounds(sign)

        def match(text: str, place: int) -> Iterator[int]:
            places, times = {place}, 0
            found = {place} if low == 0 else set[int]()
            while places and (high is None or times < high):
                places = {end for start in places for end in part(text, start)} - found
                times += 1
                if times >= low:
                    found |= places
            yield from found

        return match

    def _single(self, token: str, tokens: list[str]) -> Matcher:
        if token == "(":
            inner = self._either(tokens)
            assert tokens.pop(0) == ")"
            return inner
        if token.startswith('"'):
            words = token[1:-1].replace("\\n", "\n").replace('\\"', '"').replace("\\\\", "\\")
            return lambda text, at: iter([at + len(words)] if text.startswith(words, at) else [])
        if token.startswith("["):
            one = re.compile(token)
            return lambda text, at: iter([at + 1] if one.match(text, at) else [])
        return self.rule(token)


def _bounds(sign: str) -> tuple[int, int | None]:
    low, comma, high = sign[1:-1].partition(",")
    return int(low), (int(high) if high else None) if comma else int(low)
