"""Which card a vector is likeliest to belong to: directions that tell cards apart count more.

Cosines take every direction alike. But the texts of one card differ most in the trade they come
from (a bakery, a port), so the spread within the cards says which directions tell nothing. Linear
discriminant analysis (Fisher 1936, The Use of Multiple Measurements) divides by that spread; with a
few dozen texts a card it is drawn towards a sphere (Friedman 1989, Regularized Discriminant
Analysis, eq. 18). Closed form: a new card needs no training.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from r2c.archetypes.encoder import Array
from r2c.archetypes.lexical import Floats

SHRINKAGE = 0.1
"""How far the spread is drawn towards a sphere; 0.05 to 0.4 find much the same."""


class Discriminant:
    r"""Scores of cards for a vector.

    With the mean \(\mu_c\) of a card's texts and the spread \(\Sigma\) of all texts about the mean
    of their card, \(\mu_c^T \Sigma^{-1} x - \frac{1}{2} \mu_c^T \Sigma^{-1} \mu_c\): up to a
    constant the logarithm of how likely the card is, if texts scatter alike about all cards.

    Args:
        vectors: One a text, shape (texts, width).
        sizes: How many texts each card has; the texts lie card by card.
    """

    def __init__(self, vectors: Array, sizes: Sequence[int]) -> None:
        texts = vectors.astype(np.float64)
        starts = np.cumsum([0, *sizes[:-1]])
        counts = np.array(sizes, np.float64)[:, None]
        means = np.add.reduceat(texts, starts, axis=0) / counts
        about = texts - np.repeat(means, sizes, axis=0)
        spread = about.T @ about / len(texts)
        width = len(spread)
        sphere = np.trace(spread) / width or 1.0
        drawn = (1 - SHRINKAGE) * spread + SHRINKAGE * sphere * np.eye(width)
        self._slopes = np.linalg.solve(drawn, means.T).T
        self._offsets: Floats = np.einsum("cw,cw->c", self._slopes, means) / 2

    def scores(self, vector: Array) -> Floats:
        """One score a card, in the order of the cards; only differences mean something."""
        found: Floats = self._slopes @ vector.astype(np.float64) - self._offsets
        return found
