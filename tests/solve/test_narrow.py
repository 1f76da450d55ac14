from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from r2c.solve.narrow import narrowed

items = st.integers(0, 9)


@given(st.sets(st.frozensets(items, min_size=1, max_size=3), min_size=1, max_size=4))
def test_what_is_left_conflicts_and_without_any_of_it_does_not(clashes):
    def conflict(kept):
        return any(clash <= kept for clash in clashes)

    kept, settled = narrowed([range(5), range(5, 10)], conflict)
    assert settled
    assert conflict(kept)
    assert not any(conflict(kept - {item}) for item in kept)


@given(st.frozensets(items, min_size=1), st.integers(0, 12))
def test_what_no_question_answered_is_kept_and_not_called_needed(clash, answers):
    asked = []

    def conflict(kept):
        asked.append(kept)
        return clash <= kept if len(asked) <= answers else None

    kept, settled = narrowed([range(10)], conflict)
    assert clash <= kept
    assert not settled or kept == clash


def test_what_stayed_open_is_asked_again_when_fewer_others_are_left():
    # Beside 2 nothing is ever answered for lack of time; 0 and 1 clash.
    def conflict(kept):
        if 2 in kept and len(kept) < 3:
            return None
        return {0, 1} <= kept

    assert narrowed([[0], [1], [2]], conflict) == (frozenset({0, 1}), True)


def test_the_first_group_is_spared_first():
    assert narrowed([["far"], ["near"]], lambda kept: bool(kept))[0] == frozenset({"near"})
