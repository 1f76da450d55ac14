"""The index answers from disk, reads only new texts, belongs to its encoder, survives damage."""

from __future__ import annotations

import logging
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from chromadb.api.shared_system_client import SharedSystemClient
from filelock import FileLock
from small_encoder import small_encoder

import r2c.archetypes.index as index_module
from r2c.archetypes.documents import Document
from r2c.archetypes.encoder import Encoder
from r2c.archetypes.index import _PROBE, CardIndex
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
    (file,) = (tmp_path / "index").glob("*.vectors")
    return file


class ManyTexts(Encoder):
    """An encoder whose vectors are drawn by the text."""

    def __init__(self) -> None:
        self.id = "drawn"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        drawn = [np.random.default_rng(list(text.encode())).normal(size=64) for text in texts]
        vectors = np.array(drawn, np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


MANY = tuple(Document(f"card_{k % 50}", "use", f"text {k}") for k in range(2000))


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


PROGRAM = (
    "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[2])\n"
    "from small_encoder import small_encoder\n"
    "from test_index import TEXTS, CardIndex\n"
    "folder = Path(sys.argv[1])\n"
    "encoder = small_encoder(folder / sys.argv[3])\n"
    "index = CardIndex(folder / 'index', TEXTS, encoder, lambda *_: print('made'))\n"
    "hits = index.nearest(index.direction('no plant'), 3)\n"
    "print([hit.document.card for hit in hits])\n"
)


def started(tmp_path: Path, own: str = ".") -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", PROGRAM, str(tmp_path), str(Path(__file__).parent), own]
    return subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )  # fmt: skip


def test_another_process_answers_from_the_same_files(opened, tmp_path):
    index, _ = opened()
    out, err = started(tmp_path).communicate(timeout=120)
    assert out.strip() == str(cards(index, "no plant")), err


def test_of_processes_that_start_at_once_one_makes_it_and_all_answer(opened, tmp_path):
    for own in "ab":
        (tmp_path / own).mkdir()
    ended = [child.communicate(timeout=120) for child in [started(tmp_path, c) for c in "ab"]]
    said = sorted(line for out, _ in ended for line in out.splitlines())
    index, made = opened()
    expected = str(cards(index, "no plant"))
    assert (said, made) == ([expected, expected, "made"], False), ended


def test_what_is_there_is_opened_without_the_lock(opened, tmp_path, monkeypatch):
    opened()
    monkeypatch.setattr("r2c.archetypes.index._WAIT", 0.1)
    with FileLock(tmp_path / "index" / "making.lock"):
        assert not opened()[1]
        with pytest.raises(StoreError) as caught:
            opened((*TEXTS, Document("capacity_limit", "use", "of plant")))
    assert caught.value.code == "R2C-A031"


class Counted(ManyTexts):
    """Notes which texts it read."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.read += [text for text in texts if text != _PROBE]
        return super().encode(texts)


def test_only_texts_that_are_new_are_read_and_the_vectors_are_the_same(tmp_path):
    CardIndex(tmp_path / "index", MANY[:70], ManyTexts())
    other = (*MANY[10:40], Document("own", "use", "ours"), *MANY[50:60], MANY[3])
    encoder = Counted()
    index = CardIndex(tmp_path / "index", other, encoder)
    assert encoder.read == ["ours"]
    whole = CardIndex(tmp_path / "whole", other, ManyTexts())
    assert np.array_equal(index.vectors(), whole.vectors())
    encoder = Counted()
    again = CardIndex(tmp_path / "index", other, encoder)
    assert encoder.read == []
    assert np.array_equal(again.vectors(), whole.vectors())
    CardIndex(tmp_path / "index", MANY[:70], encoder)  # those that the other cards lack stayed
    assert encoder.read == []


def test_a_text_that_several_cards_have_is_read_once(tmp_path):
    encoder = Counted()
    texts = [Document(card, "use", "the same") for card in "abc"]
    vectors = CardIndex(tmp_path / "index", texts, encoder).vectors()
    assert encoder.read == ["the same"]
    assert np.array_equal(vectors[0], vectors[2])


def test_more_texts_than_wanted_are_not_read_unless_they_are_kept(tmp_path):
    encoder = Counted()
    with pytest.raises(StoreError) as caught:
        CardIndex(tmp_path / "index", MANY[:9], encoder, most=8)
    assert (caught.value.code, encoder.read) == ("R2C-A033", [])
    CardIndex(tmp_path / "index", MANY[:1], encoder)
    CardIndex(tmp_path / "index", MANY[:9], encoder, most=8)
    CardIndex(tmp_path / "index", MANY[:9], encoder, most=0)
    assert encoder.read == [text.text for text in MANY[:9]]


def test_of_other_cards_only_so_many_texts_stay_those_read_last(tmp_path, monkeypatch):
    monkeypatch.setattr("r2c.archetypes.index._KEPT_TEXTS", 6)
    for start in (0, 4, 8, 12):
        CardIndex(tmp_path / "index", MANY[start : start + 4], ManyTexts())
    encoder = Counted()
    CardIndex(tmp_path / "index", (*MANY[4:16], MANY[0]), encoder)
    assert len(encoder.read) == 3  # two of the second four, and one of the first
    assert not {text.text for text in MANY[8:16]} & set(encoder.read)


def test_chroma_lets_go_of_cards_that_nobody_searches(tmp_path):
    def held() -> set[str]:
        names = {item.name for item in index_module._client().list_collections()}
        return {name for name in names if name.startswith("r2c-cards-")}

    first = CardIndex(tmp_path / "index", MANY[:5], ManyTexts())
    second = CardIndex(tmp_path / "index", MANY[:6], ManyTexts())
    assert {first._name, second._name} <= held()
    gone = first._name
    del first
    third = CardIndex(tmp_path / "index", MANY[:7], ManyTexts())
    assert {second._name, third._name} <= held() and gone not in held()
    assert second.nearest(second.direction("text 5"), 1)[0].place == 5


def test_chroma_finds_the_nearest_texts_and_misses_none(tmp_path):
    index = CardIndex(tmp_path / "index", MANY, ManyTexts())
    for sentence in ("a", "b", "c"):
        vector = index.direction(sentence)
        likeness = index.vectors() @ vector
        hits = index.nearest(vector, 600)
        assert {hit.place for hit in hits} == set(np.argsort(-likeness)[:600].tolist())
        assert [hit.likeness for hit in hits] == pytest.approx(-np.sort(-likeness)[:600], abs=1e-5)


@pytest.mark.parametrize("change", ["text", "card", "encoder"])
def test_other_cards_or_another_encoder_are_found_beside_the_first(opened, tmp_path, change):
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
    assert made == (change != "card")
    assert cards(index, texts[2].text)[0] == texts[2].card
    assert not opened()[1]  # the first one is still there


def overwritten(start: float, with_: bytes | None = None):
    def damage(file: Path) -> None:
        raw = bytearray(file.read_bytes())
        place = int(start * len(raw))
        end = min(place + 100, len(raw))
        raw[place:end] = with_ * (end - place) if with_ else random.Random(1).randbytes(end - place)
        file.write_bytes(bytes(raw))

    return damage


def cut(share: float):
    def damage(file: Path) -> None:
        file.write_bytes(file.read_bytes()[: int(share * file.stat().st_size)])

    return damage


def one_bit_turned(file: Path) -> None:
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(bytes(raw))


def lengthened(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"\0" * 4)


def mistaken_for_another(file: Path) -> None:
    """The whole file of other texts, under the name of this one."""
    other = CardIndex(file.parent / "other", MANY[:5], ManyTexts())
    file.write_bytes(other._file.read_bytes())


def without_a_row(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: -32 - 4 * 24])


DAMAGES = {
    "random head": overwritten(0.0),
    "random middle": overwritten(0.5),
    "0xff in the middle": overwritten(0.6, b"\xff"),
    "zeros in the middle": overwritten(0.6, b"\0"),
    "emptied": cut(0.0),
    "only a head": cut(0.001),
    "half": cut(0.5),
    "nearly whole": cut(0.99),
    "one bit": one_bit_turned,
    "lengthened": lengthened,
    "another's": mistaken_for_another,
    "lost a row": without_a_row,
    "gone": Path.unlink,
}


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_index_is_made_anew_once(opened, tmp_path, how, caplog):
    index, _ = opened()
    expected = cards(index, "no plant")
    DAMAGES[how](store(tmp_path))
    assert cards(index, "no plant") == expected  # what is open does not notice
    SharedSystemClient.clear_system_cache()  # as in another process, whose memory is empty
    index, made = opened()
    assert made
    assert bool(caplog.records) == (how != "gone")
    assert cards(index, "no plant") == expected
    assert not opened()[1]


DAMAGING = """
import sys; from pathlib import Path; sys.path.insert(0, sys.argv[2])
from test_index import DAMAGES, MANY, CardIndex, ManyTexts, SharedSystemClient
folder = Path(sys.argv[1])
def opened():
    SharedSystemClient.clear_system_cache()
    steps = []
    index = CardIndex(folder, MANY, ManyTexts(), lambda done, of: steps.append(done))
    places = [[hit.place for hit in index.nearest(index.direction(s), 50)] for s in "abc"]
    return steps and "made", places, index.vectors().tobytes()
_, *whole = opened()
assert {file.suffix for file in folder.rglob("*")} <= {".vectors", ".lock"}
for how, damage in DAMAGES.items():
    for file in folder.glob("*.vectors"):
        damage(file)
    assert opened() == ("made", *whole), how
    assert opened() == ([], *whole), how
print("answered")
"""


def test_no_damage_on_disk_ends_the_process(tmp_path):
    """Native code may end a process for what its files hold, so this is another one."""
    done = subprocess.run(
        [sys.executable, "-c", DAMAGING, str(tmp_path / "many"), str(Path(__file__).parent)],
        capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, "answered"), done.stderr


def test_an_encoder_that_makes_other_vectors_makes_the_index_anew(tmp_path):
    class Changed(ManyTexts):
        def encode(self, texts: Sequence[str]) -> np.ndarray:
            return super().encode([f"{text}!" for text in texts])

    folder = tmp_path / "index"
    before = CardIndex(folder, MANY[:5], ManyTexts())
    after = CardIndex(folder, MANY[:5], Changed())
    assert np.array_equal(after.vectors(), Changed().encode([text.text for text in MANY[:5]]))
    CardIndex(folder, MANY[5:7], ManyTexts())  # and nothing of the other is kept beside its own
    assert (
        CardIndex(folder, MANY[:7], ManyTexts()).vectors()[:5].tolist() == before.vectors().tolist()
    )
    for index in (before, after):  # both are asked for what they were made of
        (hit,) = index.nearest(index.direction("text 3"), 1)
        assert hit.place == 3
        assert hit.likeness == pytest.approx(1, abs=1e-5)


def test_a_collection_that_lost_a_text_is_filled_anew(opened):
    index, _ = opened()
    index._collection.delete(ids=["1"])
    index, made = opened()
    assert not made  # the file has them all
    assert {hit.place for hit in index.nearest(index.direction("no plant"), 3)} == {0, 1, 2}


def lost_in_memory(index: CardIndex) -> None:
    """Chroma raises whatever the index is asked."""
    from r2c.archetypes.index import _client

    _client().delete_collection(index._collection.name)


def test_chroma_that_fails_in_use_is_given_the_cards_anew(opened, caplog):
    index, _ = opened()
    expected = cards(index, "no plant")
    lost_in_memory(index)
    assert cards(index, "no plant") == expected
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert cards(index, "no plant") == expected
    assert len(caplog.records) == 1


def test_two_indexes_of_the_same_cards_do_not_take_the_collection_from_each_other(opened, caplog):
    (one, _), (other, _) = opened(), opened()
    lost_in_memory(one)
    one._collection = one._filled(afresh=True)
    for _ in range(3):
        assert cards(one, "no plant") == cards(other, "no plant")
    assert len(caplog.records) <= 1  # the other one looks for the new collection once


def test_chroma_that_fails_in_use_again_is_told(opened, monkeypatch):
    index, _ = opened()
    lost_in_memory(index)

    def broken() -> None:
        raise RuntimeError("out of memory.")

    monkeypatch.setattr("r2c.archetypes.index._client", broken)
    with pytest.raises(StoreError, match="out of memory") as caught:
        index.nearest(index.direction("no plant"), 3)
    assert caught.value.code == "R2C-A032"


def test_what_was_left_by_a_killed_process_is_no_index_and_goes(opened, tmp_path):
    opened()
    half = store(tmp_path).with_suffix(".new")
    store(tmp_path).rename(half)
    assert opened()[1]
    assert not half.exists()


def test_a_folder_that_cannot_be_written_is_told(opened, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError) as caught:
        opened(folder=tmp_path / "file")
    assert caught.value.code == "R2C-A032"


def test_whatever_the_store_throws_is_told(opened, monkeypatch):
    def broken() -> None:
        raise RuntimeError("disk I/O error.")

    monkeypatch.setattr("r2c.archetypes.index._client", broken)
    with pytest.raises(StoreError, match="disk I/O error") as caught:
        opened()
    assert caught.value.code == "R2C-A032"


def test_of_other_encoders_only_the_latest_files_stay(opened, tmp_path):
    for seed in range(6):
        opened(TEXTS, small_encoder(tmp_path, seed))
    assert len(list((tmp_path / "index").glob("*.vectors"))) == 4
    assert not opened(TEXTS, small_encoder(tmp_path, 5))[1]
