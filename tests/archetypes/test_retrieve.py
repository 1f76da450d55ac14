"""A sentence finds its card by words, by its frame, by meaning, and best by all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_encoder import small_encoder

from r2c.archetypes.card import Card
from r2c.archetypes.documents import Document, documents
from r2c.archetypes.frame import frame_features
from r2c.archetypes.index import CardIndex
from r2c.archetypes.lexical import WordIndex, word_features
from r2c.archetypes.load import standard_library
from r2c.archetypes.retrieve import AWAY, Retriever

LIBRARY = standard_library()
FEW = [LIBRARY[id] for id in ("capacity_limit", "minimum_requirement", "mutual_exclusion_conflict")]


@pytest.fixture(scope="module")
def by_words() -> Retriever:
    return Retriever(LIBRARY.values())


def test_every_phrasing_of_a_card_finds_it(by_words):
    lost = [
        (card.id, text)
        for card in LIBRARY.values()
        for text in card.phrasings
        if card.id not in [found.card for found in by_words.candidates(text, 5)]
    ]
    assert lost == []


def test_words_that_no_card_has_find_nothing(by_words):
    assert by_words.candidates("zzz 42 !?") == []
    assert by_words.candidates("") == []


def test_by_words_only_cards_that_share_one_are_found(by_words):
    found = by_words.candidates("hyperbole")
    assert found == []
    few = by_words.candidates("a transshipment", 88)
    assert 0 < len(few) < 88
    assert all(item.words > 0 for item in few)


def test_candidates_are_ordered_and_as_many_as_wanted(by_words):
    found = by_words.candidates("No truck takes more than 20 pallets.", 7)
    assert len(found) == 7
    assert [item.score for item in found] == sorted((item.score for item in found), reverse=True)
    assert all(item.frame is item.meaning is None for item in found)
    assert all(item.score == item.words for item in found)


def test_where_a_card_does_not_apply_the_other_one_is_described():
    texts = documents(LIBRARY.values())
    elsewhere = {(text.card, text.text) for text in texts if text.part == "elsewhere"}
    pointed = {
        (item.instead, item.situation)
        for card in LIBRARY.values()
        for item in card.does_not_apply_when
        if item.instead
    }
    assert elsewhere == pointed


def test_the_order_of_the_cards_does_not_matter():
    one, other = Retriever(FEW), Retriever(reversed(FEW))
    said = "They must not both be chosen."
    assert one.candidates(said) == other.candidates(said)


def test_with_an_index_words_frame_and_meaning_add_up(tmp_path: Path):
    index = CardIndex(tmp_path / "index", documents(FEW), small_encoder(tmp_path))
    found = Retriever(FEW, index).candidates("at least a tonnes each day")
    assert {item.card for item in found} == {card.id for card in FEW}
    for item in found:
        assert item.frame is not None and item.meaning is not None
        assert item.score == pytest.approx(item.words + item.frame + item.meaning)
    unknown = Retriever(FEW, index).candidates("zzz")
    assert all(item.words == item.frame == 0 for item in unknown)


def test_a_card_is_further_from_where_it_says_that_it_does_not_apply(tmp_path: Path):
    """Both situations are told either way and point to the third card: only by whom differs."""
    said, apart = "at capacity limit of a plant each day", "most"
    exception = FEW[0].does_not_apply_when[0]

    def telling(card: Card, *situations: str) -> Card:
        told = [
            exception.model_copy(update={"situation": text, "instead": FEW[2].id})
            for text in situations
        ]
        return card.model_copy(update={"does_not_apply_when": tuple(told)})

    found = []
    for first, second in ((said, apart), (apart, said)):
        cards = [telling(FEW[0], first), telling(FEW[1], second), telling(FEW[2])]
        index = CardIndex(tmp_path / first, documents(cards), small_encoder(tmp_path))
        candidates = Retriever(cards, index).candidates(said)
        found.append({item.card: item.meaning or 0.0 for item in candidates})
    one, other = found
    assert one[FEW[0].id] == pytest.approx(other[FEW[0].id] - 2 * AWAY)
    assert other[FEW[1].id] == pytest.approx(one[FEW[1].id] - 2 * AWAY)


def test_a_text_is_as_like_itself_as_can_be():
    texts = [
        Document("a", "use", "at most 9 tonnes of coal"),
        Document("b", "use", "at least 9 tonnes of coal"),
        Document("c", "use", "no coal"),
    ]
    index = WordIndex(texts)
    for place, text in enumerate(texts):
        likeness = index.likeness(text.text)
        assert likeness[place] == pytest.approx(1)
        assert likeness.argmax() == place


@pytest.mark.parametrize(
    ("one", "other"),
    [("The plants are limited.", "limit on the plant"), ("Costs, CAPPED", "a capped cost")],
)
def test_endings_and_case_do_not_matter(one, other):
    assert {item for item in word_features(one) if " " not in item} == {
        item for item in word_features(other) if " " not in item
    }


def test_a_frame_is_what_other_trades_would_say_alike():
    port = list(frame_features("Each vessel must leave berth 7 before 18 h, or pay a fee."))
    clinic = list(frame_features("Each nurse must leave ward 12 before 6 h, or pay a fee."))
    assert port == clinic
    assert {"befor #", "must leav _", "pay a fee"} <= set(port)
    assert {"vessel", "nurs", "_", "a"}.isdisjoint(port)


def test_words_of_a_trade_in_a_row_are_one_gap():
    assert set(frame_features("no grain silo")) == set(frame_features("no silo"))
    assert list(frame_features("grain silo")) == ["^ _", "_ $", "^ _ $"]


def test_where_all_words_are_of_a_trade_the_frame_tells_cards_apart():
    texts = [
        Document("a", "use", "If the kiln burns, the fan has to run."),
        Document("b", "use", "Either the kiln burns or the fan has to run."),
    ]
    index = WordIndex(texts, frame_features)
    likeness = index.likeness("If a baker comes, a driver has to leave.")
    assert likeness[0] > 2 * likeness[1] > 0
    assert index.likeness("zzz").tolist() == [0, 0]


def test_a_sentence_without_a_word_finds_nothing_by_meaning_either(tmp_path: Path):
    index = CardIndex(tmp_path / "index", documents(FEW), small_encoder(tmp_path))
    found = Retriever(FEW, index)
    assert found.candidates("") == found.candidates(" !? 42") == []
    assert found.candidates("at most \udcff tonnes") != []  # a byte that is no UTF-8


def test_frames_know_numbers_in_words_and_short_negations():
    assert set(frame_features("At least two kilns burn")) == set(
        frame_features("At least 2 kilns burn")
    )
    assert set(frame_features("It can't run")) == set(frame_features("It can not run"))
    assert "not _" in set(frame_features("A kiln won’t heat"))
    assert set(frame_features("exactly one kiln")) != set(frame_features("exactly 1 kiln"))
