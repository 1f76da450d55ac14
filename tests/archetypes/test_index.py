"""The index answers from disk, belongs to its cards and encoder, and survives damage."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from chromadb.api.shared_system_client import SharedSystemClient
from small_encoder import small_encoder

from r2c.archetypes.documents import Document
from r2c.archetypes.encoder import Encoder
from r2c.archetypes.index import CardIndex
from r2c.errors import StoreError

TEXTS = (
    Document("capacity_limit", "meaning", "at most capacity of plant"),
    Document("minimum_requirement", "meaning", "at least a tonnes each day"),
    Document("mutual_exclusion_conflict", "use", "no truck"),
)


@pytest.fixture
def encoder(tmp_path: Path) -> Encoder:
    return small_encoder(tmp_path)


@pytest.fixture
def opened(tmp_path: Path, encoder: Encoder):
    """Opens the index; the second value says whether it had to be made."""

    def open_(texts=TEXTS, by=encoder, folder=tmp_path / "index") -> tuple[CardIndex, bool]:
        steps: list[int] = []
        index = CardIndex(folder, texts, by, lambda done, of: steps.append(done))
        return index, bool(steps)

    return open_


def cards(index: CardIndex, sentence: str) -> list[str]:
    return [hit.document.card for hit in index.nearest(index.direction(sentence), 3)]


def store(tmp_path: Path) -> Path:
    (pointer,) = (tmp_path / "index").glob("*.json")
    return pointer.parent / json.loads(pointer.read_text())["folder"]


def test_a_text_finds_itself_first(opened):
    index, _ = opened()
    for text in TEXTS:
        first, *others = index.nearest(index.direction(text.text), 9)
        assert first.document == text
        assert first.likeness == pytest.approx(1, abs=1e-4)
        assert len(others) == 2
        assert all(hit.likeness < 0.999 for hit in others)


def test_it_gives_the_vectors_of_its_texts_in_their_order(opened):
    index, _ = opened()
    again, _ = opened()
    told = np.array([index.direction(text.text) for text in TEXTS])
    assert np.allclose(index.vectors(), told, atol=1e-4)
    assert np.array_equal(again.vectors(), index.vectors())


def test_it_is_made_once_and_answers_from_disk(opened):
    first, made = opened()
    again, made_again = opened()
    assert (made, made_again) == (True, False)
    assert cards(first, "no plant") == cards(again, "no plant")


def test_another_process_answers_from_the_same_files(opened, tmp_path):
    index, _ = opened()
    program = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[2])\n"
        "from small_encoder import small_encoder\n"
        "from test_index import TEXTS, CardIndex\n"
        "folder = Path(sys.argv[1])\n"
        "encoder = small_encoder(folder)\n"
        "index = CardIndex(folder / 'index', TEXTS, encoder, lambda *_: print('made'))\n"
        "hits = index.nearest(index.direction('no plant'), 3)\n"
        "print([hit.document.card for hit in hits])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path), str(Path(__file__).parent)],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.stdout.strip() == str(cards(index, "no plant")), done.stderr


@pytest.mark.parametrize("change", ["text", "card", "encoder"])
def test_other_cards_or_another_encoder_have_an_index_of_their_own(opened, tmp_path, change):
    opened()
    (tmp_path / "other").mkdir()
    texts, by = TEXTS, small_encoder(tmp_path / "other", seed=1)
    if change == "text":
        texts = (*TEXTS[:2], Document("mutual_exclusion_conflict", "use", "no truck at most"))
    elif change == "card":
        texts = (*TEXTS[:2], Document("exactly_one_choice", "use", "no truck"))
    else:
        by = small_encoder(tmp_path / "other", seed=2)
    index, made = opened(texts, by)
    assert made
    assert cards(index, texts[2].text)[0] == texts[2].card
    assert not opened()[1]  # the first one is still there


def emptied(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            file.write_bytes(b"")


def garbled(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            raw = bytearray(file.read_bytes())
            raw[:100] = b"\xff" * min(100, len(raw))
            file.write_bytes(bytes(raw))


def beheaded(folder: Path) -> None:
    for file in folder.rglob("chroma.sqlite3"):
        file.unlink()


def misdirected(folder: Path) -> None:
    (pointer,) = folder.parent.glob("*.json")
    pointer.write_text('{"folder": "gone"}')


def scribbled(folder: Path) -> None:
    (pointer,) = folder.parent.glob("*.json")
    pointer.write_text("{")


@pytest.mark.parametrize("damage", [emptied, garbled, beheaded, misdirected, scribbled])
def test_a_damaged_index_is_made_anew(opened, tmp_path, damage):
    expected = cards(opened()[0], "no plant")
    damage(store(tmp_path))
    SharedSystemClient.clear_system_cache()  # as in another process, which has no file open yet
    index, made = opened()
    assert made
    assert cards(index, "no plant") == expected
    assert not opened()[1]


def test_an_index_that_lost_a_text_is_made_anew(opened, tmp_path):
    index, _ = opened()
    index._collection.delete(ids=["1"])
    assert opened()[1]


def test_what_was_left_by_a_killed_process_is_no_index_and_goes(opened, tmp_path):
    index, _ = opened()
    (pointer,) = (tmp_path / "index").glob("*.json")
    half = tmp_path / "index" / f"{index.key}-half"
    half.mkdir()
    (half / "chroma.sqlite3").write_bytes(b"half")
    pointer.unlink()
    assert opened()[1]
    assert not half.exists()


def test_a_folder_that_cannot_be_written_is_told(opened, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError) as caught:
        opened(folder=tmp_path / "file")
    assert caught.value.code == "R2C-A032"


def test_whatever_the_store_throws_is_told(opened, monkeypatch):
    def broken(place: Path) -> None:
        raise RuntimeError("disk I/O error.")

    monkeypatch.setattr("r2c.archetypes.index._client", broken)
    with pytest.raises(StoreError, match="disk I/O error") as caught:
        opened()
    assert caught.value.code == "R2C-A032"


def test_of_other_cards_only_the_latest_collections_stay(opened, tmp_path):
    for number in range(6):
        opened((*TEXTS, Document("capacity_limit", "use", f"plant {number}")))
    stores = [file for file in (tmp_path / "index").iterdir() if file.is_dir()]
    assert len(stores) == len(list((tmp_path / "index").glob("*.json"))) == 4
