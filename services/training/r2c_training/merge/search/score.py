"""Runs the user's command on a merged model and reads the number that it prints."""

from __future__ import annotations

import shlex
import subprocess
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from r2c.errors import InputError, declare

NO_PLACE = declare(
    "R2C-T056", InputError,
    what="The scoring command {command!r} cannot be used: {reason}.",
    why="It is told which merged model to score by the folder that takes the place of {{}}.",
    remedy="Write {{}} where the folder belongs: --score 'python score.py --model {{}}'.",
)  # fmt: skip

_TOLD = 400


@dataclass(frozen=True)
class Scored:
    """What a command said: a number, or why there is none."""

    score: float | None
    problem: str = ""


@dataclass(frozen=True)
class ScoringCommand:
    """A command line; its program is started without a shell unless `shell` is set.

    Args:
        text: The command, with {} where the folder belongs.
        seconds: How long it may take; None for as long as it likes.
        shell: Whether a shell reads the text. The folder is quoted for it.
    """

    text: str
    seconds: float | None = None
    shell: bool = False

    def check(self) -> None:
        """See that there is a place for the folder.

        Raises:
            InputError: R2C-T056.
        """
        if "{}" not in self.text:
            raise NO_PLACE(command=self.text, reason="it has no {}")
        if not self.shell:
            self._words()

    def score(self, folder: Path) -> Scored:
        """Run it; the score is the last word that it prints."""
        place = str(folder)
        line: str | list[str]
        if self.shell:
            line = self.text.replace("{}", shlex.quote(place))
        else:
            line = [word.replace("{}", place) for word in self._words()]
        try:
            done = subprocess.run(
                line, shell=self.shell, capture_output=True, text=True, errors="replace",
                timeout=self.seconds, check=False, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return Scored(None, f"it took longer than {self.seconds:g} s")
        except OSError as error:
            return Scored(None, str(error))
        if done.returncode:
            return Scored(None, f"it ended with {done.returncode}: {done.stderr[-_TOLD:].strip()}")
        words = done.stdout.split()
        try:
            number = float(words[-1])
        except (IndexError, ValueError):
            return Scored(None, f"its last word is no number: {done.stdout[-_TOLD:].strip()!r}")
        if not isfinite(number):
            return Scored(None, f"it gave {words[-1]}")
        return Scored(number)

    def _words(self) -> list[str]:
        try:
            return shlex.split(self.text)
        except ValueError as error:
            raise NO_PLACE(command=self.text, reason=str(error)) from error
