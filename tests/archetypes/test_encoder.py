"""Vectors are what the published network makes of a text, alone or among others."""

from __future__ import annotations

import numpy as np
import pytest
from small_encoder import WORDS, by_hand, small_encoder, small_tensors, write_small_encoder

from r2c.archetypes.encoder import Encoder
from r2c.errors import StoreError

TEXTS = [
    "each truck at most",
    "no plant",
    "capacity of each plant at least a tonnes day at most no limit of each truck",
    "unheard words",
]


@pytest.fixture
def encoder(tmp_path):
    return small_encoder(tmp_path)


@pytest.mark.parametrize("text", TEXTS)
def test_a_vector_is_the_one_computed_by_hand(encoder, text):
    tokens = [WORDS.index(word) if word in WORDS else 1 for word in text.split()]
    (found,) = encoder.encode([text])
    assert found == pytest.approx(by_hand(tokens, small_tensors()), abs=1e-5)


def test_a_text_has_the_same_vector_alone_and_among_longer_ones(encoder):
    together = encoder.encode(TEXTS * 9)
    for text, vector in zip(TEXTS * 9, together, strict=True):
        assert np.array_equal(vector, encoder.encode([text])[0])
    assert np.linalg.norm(together, axis=1) == pytest.approx(1)


def test_of_a_long_text_the_beginning_counts(encoder):
    long = "plant " * 256
    assert encoder.encode([long + "truck " * 99])[0] == pytest.approx(encoder.encode([long])[0])


def test_no_texts_are_no_vectors(encoder):
    assert encoder.encode([]).shape == (0, encoder.width)


def test_other_weights_are_another_encoder(tmp_path, encoder):
    assert small_encoder(tmp_path, seed=2).id != encoder.id


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"short",
        (1 << 60).to_bytes(8, "little") + b"{}",
        (4).to_bytes(8, "little") + b"{..}",
        (2).to_bytes(8, "little") + b"{}",
        (2).to_bytes(8, "little") + b"[]",
        (64).to_bytes(8, "little")
        + b'{"encoder.layer.0.x":{"dtype":"F32","shape":[9],"data_offsets":[0,4]}}'[:64],
    ],
)
def test_a_damaged_file_is_told_and_nothing_else_happens(tmp_path, raw):
    weights, tokenizer = write_small_encoder(tmp_path)
    weights.write_bytes(raw)
    with pytest.raises(StoreError) as caught:
        Encoder(weights, tokenizer)
    assert caught.value.code == "R2C-A030"


def test_a_damaged_tokenizer_is_told(tmp_path):
    weights, tokenizer = write_small_encoder(tmp_path)
    tokenizer.write_text('{"model": 3}', encoding="utf-8")
    with pytest.raises(StoreError) as caught:
        Encoder(weights, tokenizer)
    assert caught.value.code == "R2C-A030"
