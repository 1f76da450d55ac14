"""Every story can be told in all its words, names known archetypes, and is fit for all levels."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from r2c.archetypes.load import standard_library
from r2c_benchmarks.rulebench.frames import REGISTERS, frames
from r2c_benchmarks.rulebench.phrase import Phrasing, phrases_of
from r2c_benchmarks.rulebench.select import LEVELS, RULES, Selection, most_rules, select
from r2c_benchmarks.rulebench.story import Ordained, Story, stories, story_of

STORIES = list(stories())
FRAMES = frames()


def whole(story: Story) -> Selection:
    """A selection in which every rule of the story is."""
    found = select(story, 2, Random(0))
    return Selection(story, 2, story.rules, found.members, {}, {}, laws=story.beyond)


def wordings(rule: Ordained) -> list[str]:
    known = FRAMES.get(rule.archetype)
    told = [*rule.said, *rule.implicit]
    if known is not None and set(known.phrases) <= set(rule.phrases):
        told += [frame for register in REGISTERS for frame in known.of(register)]
    return told


@pytest.mark.parametrize("name", STORIES)
def test_every_wording_of_a_story_can_be_said_and_leaves_no_mark(name: str) -> None:
    story = story_of(name)
    selection = whole(story)
    for choice in range(3):  # of the wordings in brackets
        phrasing = Phrasing(selection, Random(choice))
        told = [phrasing.said(text, rule) for rule in story.rules for text in wordings(rule)]
        plain = [*story.intro, *story.aim.said, *story.beside]
        plain += [text for law in story.beyond for text in law.said]
        plain += [text for term in selection.terms for text in term.said]
        plain += [text for wanted in selection.decisions for text in wanted.kind]
        told += [phrasing.said(text) for text in plain]
        for vague in story.vague:
            doubtful = replace(selection, rules=(*story.rules, vague.rule))
            told += [Phrasing(doubtful, Random(0)).said(text) for text in vague.rule.said]
        for pieces in told:
            words = "".join(piece if isinstance(piece, str) else "9" for piece in pieces)
            assert not set(words) & set("{}<>[]") - {"<", ">"}, words
            assert "  " not in words and words == words.strip(), words


@pytest.mark.parametrize("name", STORIES)
def test_every_rule_of_a_story_can_be_told_to_the_bench_and_for_training(name: str) -> None:
    story = story_of(name)
    for rule in story.rules:
        for for_training in (False, True):
            own = rule.said[for_training::2]
            assert not rule.implicit or rule.implicit[for_training::2]
            known = FRAMES.get(rule.archetype)
            framed = known is not None and set(known.phrases) <= set(rule.phrases)
            assert own or framed, f"{name}.{rule.id}"


@pytest.mark.parametrize("name", STORIES)
def test_an_exemption_is_told_by_every_wording_of_a_rule_that_may_have_one(name: str) -> None:
    for rule in story_of(name).rules:
        if rule.spare is None:
            continue
        for text in wordings(rule):
            for phrase in phrases_of(text):
                text = text.replace("{" + phrase + "}", rule.phrases.get(phrase, ""))
            marks = [f"<{rule.spare}>", f"<{rule.spare}:a>"]
            assert any(mark in text for mark in marks), f"{name}.{rule.id}: {text}"


@pytest.mark.parametrize("name", STORIES)
def test_a_story_names_known_archetypes_and_rules_and_goes_up_to_the_highest_level(
    name: str,
) -> None:
    story = story_of(name)
    ids = {rule.id for rule in story.rules}
    assert {rule.archetype for rule in story.rules} <= set(standard_library())
    assert all({*rule.needs, *rule.excludes} <= ids for rule in story.rules)
    for vague in story.vague:
        assert vague.rule.id not in ids and {*vague.rule.needs, *vague.rule.excludes} <= ids
        assert vague.rule.operands != vague.other.operands or vague.rule.forall
        assert vague.says != vague.other.says
    assert sum(rule.always for rule in story.rules) <= RULES[1][1]
    assert most_rules(story) >= RULES[LEVELS[-1]][0]


def test_frames_use_the_phrases_they_declare_and_no_others() -> None:
    for id, found in FRAMES.items():
        assert id == found.archetype
        for register in REGISTERS:
            for frame in found.of(register):
                assert phrases_of(frame) == set(found.phrases), f"{id}: {frame}"


def test_the_stories_use_most_of_the_vocabulary() -> None:
    used = {rule.archetype for name in STORIES for rule in story_of(name).rules}
    assert len(used) >= 60


def test_vague_rules_of_every_story_and_laws_of_seven_are_told_on_either_side() -> None:
    assert sum(bool(story_of(name).beyond) for name in STORIES) >= 7
    for name in STORIES:
        story = story_of(name)
        always = {rule.id for rule in story.rules if rule.always}
        assert any(always.isdisjoint(one.rule.excludes) for one in story.vague)
        for told in (*(one.rule.said for one in story.vague), *(one.said for one in story.beyond)):
            assert len(told[0::2]) >= 2 and len(told[1::2]) >= 2
        assert all(law.data for law in story.beyond)  # told with numbers


def test_a_law_over_whole_amounts_is_refused_since_it_has_an_exact_linear_model() -> None:
    story = story_of("pottery")
    whole = story.decisions[0].model_copy(update={"domain": "integer"})
    told = story.model_dump(mode="json", exclude_unset=True)
    told["decisions"][0] = whole.model_dump(mode="json", exclude_unset=True)
    with pytest.raises(ValueError, match="exact linear model"):
        Story.model_validate(told)


def test_an_archetype_is_told_in_several_ways_on_either_side() -> None:
    ways: dict[str, list[int]] = {}
    for name in STORIES:
        for rule in story_of(name).rules:
            told = wordings(rule)
            for side in (0, 1):
                ways.setdefault(rule.archetype, [0, 0])[side] += len(told[side::2])
    few = {id: count for id, count in ways.items() if min(count) < 3}
    assert not few
    assert sum(min(count) >= 5 for count in ways.values()) >= 0.8 * len(ways)
