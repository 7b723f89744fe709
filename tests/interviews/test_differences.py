"""What differs between two texts, word by word."""

from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from interviews import Difference, differences

TEXTS = st.text(alphabet="ab æ.\n", max_size=40)


def test_the_same_text_is_one_stretch() -> None:
    assert differences("Sproget er svært.", "Sproget er svært.") == (
        Difference(True, "Sproget er svært.", "Sproget er svært."),
    )
    assert differences("", "") == ()


def test_a_word_that_was_corrected_stands_alone() -> None:
    assert differences("Min medarbeder kom.", "Min medarbejder kom.") == (
        Difference(True, "Min ", "Min "),
        Difference(False, "medarbeder", "medarbejder"),
        Difference(True, " kom.", " kom."),
    )


def test_words_beside_each_other_are_one_difference() -> None:
    assert differences("jeg vil gerne hjem", "jeg skal bare hjem") == (
        Difference(True, "jeg ", "jeg "),
        Difference(False, "vil gerne", "skal bare"),
        Difference(True, " hjem", " hjem"),
    )


def test_words_put_in_and_left_out() -> None:
    assert differences("a c", "a b c") == (
        Difference(True, "a ", "a "),
        Difference(False, "", "b "),
        Difference(True, "c", "c"),
    )
    assert differences("a b c", "a c")[1] == Difference(False, "b ", "")


def test_capitals_and_signs_count() -> None:
    assert [piece for piece in differences("ja, det er", "Ja det er") if not piece.same] == [
        Difference(False, "ja,", "Ja")
    ]


@given(TEXTS, TEXTS)
def test_the_stretches_make_up_both_texts(old: str, new: str) -> None:
    pieces = differences(old, new)
    assert "".join(piece.old for piece in pieces) == old
    assert "".join(piece.new for piece in pieces) == new
    assert all((piece.old == piece.new) == piece.same for piece in pieces)
    assert all(one.same != two.same for one, two in pairwise(pieces))


def test_a_long_text_shows_the_words_that_were_edited_and_no_others() -> None:
    rng = random.Random(5)
    words = [f"ord{rng.randrange(900)}" for _ in range(10_000)]
    lines = [" ".join(words[first : first + 25]) for first in range(0, 10_000, 25)]
    edited = list(lines)
    edited[7] = edited[7].replace(" ", " rettet ", 1)
    edited[300] = "helt ny linje"
    pieces = differences("\n".join(lines), "\n".join(edited))
    gone = [piece for piece in pieces if not piece.same]
    assert [piece.new.strip() for piece in gone] == ["rettet", "helt ny linje"]
    assert gone[1].old.strip() == lines[300]
