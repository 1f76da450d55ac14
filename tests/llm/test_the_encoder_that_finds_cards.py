"""The encoder is fetched as two checked files of one wheel, and tells sentences apart."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from r2c.archetypes.load import standard_library
from r2c.archetypes.retrieve import Retriever
from r2c.errors import LanguageModelError
from r2c.llm.embedded.encoder import TENSORS, TOKENIZER, find_encoder, find_index
from r2c.settings import load_settings


def test_another_wheel_is_refused_and_nothing_of_it_stays(tmp_path: Path) -> None:
    downloads: list[int] = []

    def download(parts: object, folder: Path) -> None:
        downloads.append(1)
        name = TENSORS.parts[0].wheel_pattern.replace("-*", "-py3-none-any")
        with zipfile.ZipFile(folder / name, "w") as archive:
            for item in (TENSORS, TOKENIZER):
                archive.writestr(item.parts[0].member, b"something else")

    with pytest.raises(LanguageModelError) as caught:
        find_encoder(tmp_path, download=download)
    assert caught.value.code == "R2C-L131"
    assert "R2C-L105" in str(caught.value)
    assert [file.suffix for file in (tmp_path / "weights").iterdir() if "MiniLM" in file.name] == [
        ".part"
    ]
    assert downloads == [1]


def test_without_the_extra_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("r2c.llm.embedded.encoder.find_spec", lambda name: None)
    with pytest.raises(LanguageModelError, match="rule2constraint\\[agents\\]") as caught:
        find_index(tmp_path, [])
    assert caught.value.code == "R2C-L130"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.embedded
def test_the_real_encoder_makes_the_published_vectors_and_finds_cards() -> None:
    cache = load_settings().cache_dir
    encoder = find_encoder(cache)
    said = ["That is a happy person", "That is a happy dog", "That is a very happy person",
            "Today is a sunny day"]  # fmt: skip
    vectors = encoder.encode(said)
    # As the makers' own library computes them.
    assert vectors[0] @ vectors[1:].T == pytest.approx([0.6946, 0.9429, 0.2569], abs=2e-4)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    library = standard_library()
    retriever = Retriever(library.values(), find_index(cache, library.values()))
    found = retriever.candidates("In a week the mill cannot grind more than 400 tonnes of grain.")
    assert "capacity_limit" in [item.card for item in found[:3]]
