"""Directions in which the texts of one card scatter count less than those that part the cards."""

from __future__ import annotations

import numpy as np
import pytest

from r2c.archetypes.discriminant import SHRINKAGE, Discriminant


def drawn(seed: int, cards: int, texts: int, width: int, scatter: np.ndarray) -> np.ndarray:
    made = np.random.default_rng(seed)
    means = made.normal(size=(cards, width))
    held = np.repeat(means, texts, axis=0) + made.normal(size=(cards * texts, width)) * scatter
    return held.astype(np.float32)


def test_the_score_is_the_likelihood_of_a_card_up_to_a_constant() -> None:
    width, cards, texts = 5, 4, 30
    vectors = drawn(3, cards, texts, width, np.array([0.1, 0.5, 1.0, 2.0, 0.3]))
    found = Discriminant(vectors, [texts] * cards)
    means = vectors.reshape(cards, texts, width).mean(axis=1, dtype=np.float64)
    about = vectors - np.repeat(means, texts, axis=0)
    spread = about.T @ about / len(vectors)
    drawn_in = (1 - SHRINKAGE) * spread + SHRINKAGE * np.trace(spread) / width * np.eye(width)
    inverse = np.linalg.inv(drawn_in)
    asked = np.random.default_rng(4).normal(size=width).astype(np.float32)
    likely = np.array([-(asked - mean) @ inverse @ (asked - mean) / 2 for mean in means])
    scores = found.scores(asked)
    assert scores - scores[0] == pytest.approx(likely - likely[0], abs=1e-6)


def test_a_direction_that_scatters_within_cards_does_not_mislead() -> None:
    # The second direction is the trade: it says nothing of the card, and yet is far the largest.
    vectors = np.array(
        [[1, 9], [1, -9], [1.1, 8], [0.9, -8], [-1, 9], [-1, -9], [-1.1, -8], [-0.9, 8]], np.float32
    )
    found = Discriminant(vectors, [4, 4])
    first, second = found.scores(np.array([0.8, -9], np.float32))
    assert first > second
    first, second = found.scores(np.array([-0.8, 9], np.float32))
    assert second > first


def test_cards_of_one_text_each_are_told_apart() -> None:
    vectors = np.eye(3, dtype=np.float32)
    found = Discriminant(vectors, [1, 1, 1])
    assert [int(np.argmax(found.scores(vector))) for vector in vectors] == [0, 1, 2]


def test_cards_of_different_sizes_keep_their_order() -> None:
    vectors = drawn(5, 3, 4, 6, np.full(6, 0.1))[[0, 4, 5, 6, 7, 8, 9]]
    found = Discriminant(vectors, [1, 4, 2])
    asked = [int(np.argmax(found.scores(vectors[place]))) for place in (0, 2, 6)]
    assert asked == [0, 1, 2]
