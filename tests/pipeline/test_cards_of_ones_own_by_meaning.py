"""Cards of one's own are found by meaning too; only their texts are read, and not too many."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

import r2c.pipeline.shelf
from r2c.agents.indexed.archetypes import Shelf
from r2c.archetypes.documents import documents
from r2c.archetypes.encoder import Array, Encoder
from r2c.archetypes.index import _PROBE, INDEX_BUSY, CardIndex
from r2c.archetypes.load import Library, further_cards, standard_library
from r2c.archetypes.start import start_card
from r2c.llm.embedded.encoder import TENSORS, TOKENIZER, find_encoder, find_index
from r2c.pipeline.shelf import shelf
from r2c.resources import knowledge_base
from r2c.settings import load_settings

pytestmark = [pytest.mark.embedded, pytest.mark.timeout(900)]
CARDS = knowledge_base().joinpath("cards")
RIDES = (
    "No child rides the bus for more than 30 minutes.",
    "A pupil should be on the bus for at most 45 minutes.",
    "The ride of a child to class takes 40 minutes at the longest.",
    "Children must not sit in the van for over an hour.",
    "A ride of more than 35 minutes is too long for a pupil.",
    "The longest ride of any pupil is 50 minutes.",
    "Each child is driven for no more than 25 minutes.",
    "From door to class a ride lasts 30 minutes at most.",
)
NEW = len(RIDES) + 2
"""Texts of a card with these: its meaning and its cues begin with its name."""
SAID = "No schoolboy may travel longer than half an hour."


def weights(cache: Path) -> None:
    """Put the encoder into a cache."""
    find_encoder(load_settings().cache_dir)  # fetched once, by whichever test is first
    (cache / "weights").mkdir(parents=True)
    for item in (TENSORS, TOKENIZER):
        for file in (load_settings().cache_dir / "weights").glob(f"{item.file}*"):
            (cache / "weights" / file.name).symlink_to(file)


def as_in_another_process() -> None:
    r2c.pipeline.shelf._by_meaning.cache_clear()
    r2c.pipeline.shelf._by_words.cache_clear()


@pytest.fixture(autouse=True)
def read(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the encoder reads besides sentences that are searched for."""
    noted: list[str] = []
    encode = Encoder.encode

    def noting(self: Encoder, texts: Sequence[str]) -> Array:
        noted.extend(text for text in texts if text not in (_PROBE, SAID))
        return encode(self, texts)

    monkeypatch.setattr(Encoder, "encode", noting)
    as_in_another_process()
    yield noted
    as_in_another_process()


def write_card(folder: Path, id: str) -> None:
    """A card about rides, made of that of capacities; or in the place of that one."""
    path = start_card(id, "capacity_limit", folder, shadow=id == "capacity_limit")
    text = path.read_text(encoding="utf-8").partition("\nphrasings:\n")[0].rstrip()
    text = text.replace("name: Capacity limit", "name: Ride limit")
    told = "".join(f"\n  - {json.dumps(item)}" for item in RIDES)
    path.write_text(f"{text}\nphrasings:{told}\n", encoding="utf-8")


@pytest.fixture
def few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """The library is two cards of R2C and one of one's own."""
    for name in ("resource/capacity_limit", "routing/route_duration_limit"):
        (tmp_path / "few" / name).parent.mkdir(parents=True)
        shutil.copy(str(CARDS.joinpath(f"{name}.yaml")), tmp_path / "few" / f"{name}.yaml")
    write_card(tmp_path / "own", "longest_ride")
    return having(monkeypatch, tmp_path / "few", tmp_path / "own")


def having(monkeypatch: pytest.MonkeyPatch, *roots: Path) -> Library:
    library = Library(*roots)
    monkeypatch.setattr("r2c.pipeline.shelf.standard_library", lambda: library)
    as_in_another_process()
    return library


@pytest.fixture
def cache(few: Library, tmp_path: Path, read: list[str]) -> Path:
    """A cache in which the cards of R2C have been read, those of one's own not."""
    weights(tmp_path / "cache")
    find_index(tmp_path / "cache", Library(tmp_path / "few").values())
    read.clear()
    return tmp_path / "cache"


def found(shelf: Shelf, most: int = 3) -> list[str]:
    return [item.card for item in shelf.retriever.candidates(SAID, most)]


def vectors(shelf: Shelf) -> Array:
    index = shelf.retriever._index
    assert index is not None
    return index.vectors()


def test_a_card_of_ones_own_is_found_among_all_by_a_sentence_of_other_words(
    tmp_path: Path, read: list[str]
) -> None:
    kept = load_settings().cache_dir
    find_index(kept, standard_library().values())
    read.clear()
    weights(tmp_path / "cache")
    shutil.copytree(kept / "cards", tmp_path / "cache" / "cards")
    write_card(tmp_path / "own", "longest_ride")
    with further_cards(tmp_path / "own"):
        by_meaning = shelf(tmp_path / "cache")
        assert by_meaning.remark is None
        assert "longest_ride" in found(by_meaning)
        by_words = r2c.pipeline.shelf._by_words(standard_library())
        assert "longest_ride" not in found(by_words, 8)
    assert len(read) <= NEW  # the cache of whoever runs this may know them
    assert "longest_ride" not in shelf(tmp_path / "cache").cards


def test_the_vectors_are_those_of_a_reading_of_all_and_the_next_start_reads_nothing(
    few: Library, cache: Path, tmp_path: Path, read: list[str]
) -> None:
    first = shelf(cache)
    assert (len(read), first.retriever.by_meaning) == (NEW, True)
    as_in_another_process()
    again = shelf(cache)
    assert len(read) == NEW
    weights(tmp_path / "other")
    whole = find_index(tmp_path / "other", few.values())
    assert len(read) > 2 * NEW
    assert np.array_equal(vectors(first), whole.vectors())
    assert np.array_equal(vectors(again), whole.vectors())


def test_a_card_in_the_place_of_one_of_r2c_replaces_its_texts(
    cache: Path, tmp_path: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    few, own = tmp_path / "few", tmp_path / "shadow"
    write_card(own, "capacity_limit")
    before = having(monkeypatch, few)
    assert found(shelf(cache))[0] == "route_duration_limit"
    now = having(monkeypatch, few, own)
    assert found(shelf(cache))[0] == "capacity_limit"
    assert len(read) == NEW
    assert len(vectors(shelf(cache))) == len(documents(now.values()))
    weights(tmp_path / "other")
    whole = find_index(tmp_path / "other", now.values())
    assert np.array_equal(vectors(shelf(cache)), whole.vectors())
    read.clear()
    having(monkeypatch, few)  # without the card all is as it was
    assert found(shelf(cache))[0] == "route_duration_limit"
    assert (len(vectors(shelf(cache))), read) == (len(documents(before.values())), [])


def test_a_damaged_file_is_made_anew(few: Library, cache: Path, read: list[str]) -> None:
    before = vectors(shelf(cache))
    (file,) = (cache / "cards").glob("*.vectors")
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    as_in_another_process()
    read.clear()
    assert np.array_equal(vectors(shelf(cache)), before)
    assert set(read) == {text.text for text in documents(few.values())}


def test_too_many_texts_are_not_read_in_a_job_until_they_were_read_outside_one(
    few: Library, cache: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("r2c.pipeline.shelf.MOST_READ", NEW - 1)
    by_words = shelf(cache)
    assert (by_words.retriever.by_meaning, read) == (False, [])
    assert "R2C-A033" in (by_words.remark or "")
    assert "r2c cards search --meaning WORDS" in (by_words.remark or "")
    assert found(by_words)
    find_index(cache, few.values())  # as that command does, in another process
    read.clear()
    by_meaning = shelf(cache)
    assert (by_meaning.remark, by_meaning.retriever.by_meaning, read) == (None, True, [])


def test_an_encoder_that_could_not_be_asked_is_asked_for_the_next_job(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> CardIndex:
        raise INDEX_BUSY(folder=str(cache), seconds=1)

    with monkeypatch.context() as patched:
        patched.setattr("r2c.pipeline.shelf.find_index", busy)
        assert "R2C-A031" in (shelf(cache).remark or "")
    assert shelf(cache).remark is None


def test_many_cards_of_ones_own_are_read_with_few_new_texts(
    few: Library, cache: Path, tmp_path: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("r2c.pipeline.shelf.MOST_READ", NEW - 1)
    find_index(cache, few.values())
    read.clear()
    file = tmp_path / "own" / "resource" / "longest_ride.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "  - No ride is long.\n", encoding="utf-8")
    having(monkeypatch, tmp_path / "few", tmp_path / "own")
    assert shelf(cache).retriever.by_meaning
    assert read == ["No ride is long."]
