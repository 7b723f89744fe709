"""Passages found again in a corrected text: kept, moved, changed or lost, and never guessed."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviews import Reanchored, reanchor


def found(old: str, new: str, *quotes: str) -> list[tuple[str, str | None]]:
    """Status and new words of each quote, which stands once in the old text."""
    spans = [(old.index(quote), old.index(quote) + len(quote)) for quote in quotes]
    results = reanchor(spans, old, new)
    return [(each.status, new[slice(*each.span)] if each.span else None) for each in results]


def test_words_beside_an_edit_are_kept_and_words_in_it_changed() -> None:
    old = "Jeg kan ikke finde arbejde uden dansk.\nDet er svært."
    new = "Jeg kan slet ikke finde et arbejde, uden dansk.\nDet er meget svært."
    assert found(old, new, "Jeg kan", "ikke finde arbejde", "uden dansk.", "svært", "Det er svært") == [
        ("kept", "Jeg kan"),
        ("changed", "ikke finde et arbejde"),
        ("kept", "uden dansk."),
        ("kept", "svært"),
        ("changed", "Det er meget svært"),
    ]


def test_what_is_put_in_at_an_edge_stays_outside() -> None:
    assert reanchor([(0, 2), (3, 5), (0, 5)], "ab cd", "ab xx cd")[:2] == [
        Reanchored((0, 2), "kept"),
        Reanchored((6, 8), "kept"),
    ]
    assert reanchor([(0, 5)], "ab cd", "xx ab cd yy") == [Reanchored((3, 8), "kept")]


def test_a_corrected_spelling_takes_the_whole_word_and_half_a_word_stays_half() -> None:
    old, new = "min medarbeder er god", "min medarbejder er god"
    assert found(old, new, "medarbeder", "min medarb", "beder er", "er god") == [
        ("changed", "medarbejder"),
        ("kept", "min medarb"),
        ("changed", "bejder er"),
        ("kept", "er god"),
    ]
    assert found("et integrations forløb nu", "et integrationsforløb nu", "integrations forløb") == [
        ("changed", "integrationsforløb")
    ]


def test_another_word_in_its_place_is_not_the_same_passage() -> None:
    assert found("jeg har en hund hjemme", "jeg har en kat hjemme", "hund", "en hund", "en hund hjemme") == [
        ("lost", None),
        ("changed", "en kat"),
        ("changed", "en kat hjemme"),
    ]


@pytest.mark.parametrize("new", ["DET VAR GODT", "det, var godt!", "det  var\ngodt"])
def test_capitals_signs_and_white_space_are_edits_of_words_that_stay(new: str) -> None:
    [result] = reanchor([(0, 12)], "det var godt", new)
    assert result.status == "changed"
    assert result.span is not None
    assert new[slice(*result.span)].rstrip("!") == new.rstrip("!")


def test_signs_of_several_characters_stay_whole() -> None:
    teacher, accent, patience = "👩🏽‍🏫", "cafe\u0301", "الصَّبر"
    old = f"hun sagde {teacher} og {accent} og {patience} æøå"
    new = f"Ja, hun sagde nu {teacher} og {accent} og {patience}. Æøå"
    assert found(old, new, teacher, accent, patience) == [
        ("kept", teacher),
        ("kept", accent),
        ("kept", patience),
    ]
    assert found(f"se {teacher} her", "se 👩🏽 her", f"se {teacher} her") == [("changed", "se 👩🏽 her")]


PARAGRAPHS = (
    "Vi begyndte med en praktik på plejehjemmet i foråret.",
    "Sproget var det sværeste, men kollegerne hjalp os hver dag.",
    "Kommunen ringede aldrig tilbage, og så gik der tre måneder.",
    "Til sidst fik jeg en fast stilling på nedsat tid.",
)


def test_a_paragraph_that_was_moved_is_found_again() -> None:
    old = "\n".join(PARAGRAPHS)
    new = "\n".join((PARAGRAPHS[0], PARAGRAPHS[3], PARAGRAPHS[1], PARAGRAPHS[2]))
    statuses = found(old, new, *PARAGRAPHS, "fast stilling", "kollegerne hjalp os")
    assert [words for _, words in statuses] == [*PARAGRAPHS, "fast stilling", "kollegerne hjalp os"]
    assert {status for status, _ in statuses} == {"kept", "moved"}
    assert statuses[3] == ("moved", PARAGRAPHS[3])


def test_a_paragraph_that_was_moved_and_edited_is_found_again_as_changed() -> None:
    old = "\n".join(PARAGRAPHS)
    edited = PARAGRAPHS[0].replace("plejehjemmet", "børnehjemmet")
    new = "\n".join((*PARAGRAPHS[1:], edited))
    assert found(old, new, "en praktik på plejehjemmet", PARAGRAPHS[0]) == [
        ("changed", "en praktik på børnehjemmet"),
        ("changed", edited),
    ]


def test_two_equal_places_elsewhere_are_not_chosen_between() -> None:
    old = "\n".join(PARAGRAPHS)
    moved = "\n".join(("Indledning uden videre betydning.", *PARAGRAPHS[1:]))
    doubled = moved + "\n" + PARAGRAPHS[0] + "\n" + PARAGRAPHS[0]
    assert found(old, doubled, PARAGRAPHS[0]) == [("lost", None)]


def test_like_lines_of_which_one_went_are_lost_and_a_stutter_is_not() -> None:
    old = "Ja.\nHvad?\nJa.\nNej."
    assert reanchor([(0, 3)], old, "Ja.\nNej.") == [Reanchored(None, "lost")]
    assert reanchor([(0, 2)], "ja ja det er", "ja det er") == [Reanchored((0, 2), "kept")]
    assert reanchor([(3, 12)], "ja ja det er", "ja det er") == [Reanchored((0, 9), "kept")]


def test_a_few_common_words_elsewhere_are_no_move() -> None:
    old = "Det er en god ting.\nVi talte om vejret hele dagen."
    new = "Vi talte om vejret hele dagen.\nHan sagde: det er en anden sag."
    assert found(old, new, "Det er en") == [("lost", None)]


def test_words_in_common_by_chance_do_not_hold_a_passage() -> None:
    old = "Hvordan gik det?\nDet gik godt med det hele i starten af året.\nTak for det."
    new = "Hvordan gik det?\nJeg ved ikke om det kan siges at være sådan.\nTak for det."
    assert found(old, new, "det hele", "godt med det hele i starten") == [("lost", None), ("lost", None)]
    assert found(old, new, "Tak for det.") == [("kept", "Tak for det.")]


def test_empty_texts_points_and_whole_texts() -> None:
    assert reanchor([(0, 0)], "", "noget") == [Reanchored((0, 0), "kept")]
    assert reanchor([(0, 5), (2, 2)], "noget", "") == [Reanchored(None, "lost"), Reanchored(None, "lost")]
    assert reanchor([(0, 5)], "noget", "noget") == [Reanchored((0, 5), "kept")]
    assert reanchor([(3, 3), (4, 4)], "her. Der", "Nu her. Der") == [
        Reanchored((6, 6), "kept"),
        Reanchored((7, 7), "kept"),
    ]
    assert reanchor([], "a", "b") == []


def test_a_span_outside_the_text_is_refused() -> None:
    for span in ((0, 4), (-1, 2), (2, 1)):
        with pytest.raises(ValueError, match="does not lie in the text of 3 characters"):
            reanchor([span], "abc", "abcd")


def test_200_word_edits_keep_every_span_that_touches_none() -> None:
    chance = random.Random(7)
    common = ["og", "det", "er", "ikke", "jeg", "så", "vi", "men", "sprog", "arbejde", "kommune", "dansk"]
    words = [chance.choice(common) for _ in range(9000)]
    words += [f"ord{number}" for number in range(1000)]
    chance.shuffle(words)
    edited = set(chance.sample(range(len(words)), 200))
    starts, place = [], 0
    for word in words:
        starts.append(place)
        place += len(word) + 1
    old = " ".join(words)
    new = " ".join(f"rettet {word}" if number in edited else word for number, word in enumerate(words))
    new = new.replace("rettet ord", "rettede")
    spans, touched = [], []
    for _ in range(500):
        first = chance.randrange(len(words) - 20)
        last = first + chance.randrange(1, 20)
        spans.append((starts[first], starts[last] + len(words[last])))
        # A word put in right before the first one stays outside, unless the word itself was changed.
        inside = [n for n in range(first, last + 1) if n in edited]
        touched.append(any(n > first or words[n].startswith("ord") for n in inside))
    results = reanchor(spans, old, new)
    for span, result, edit in zip(spans, results, touched, strict=True):
        assert result.span is not None
        if not edit:
            assert result.status == "kept"
            assert new[slice(*result.span)] == old[slice(*span)]


SOME_WORDS = st.lists(
    st.sampled_from(
        ["ja", "nej", "det", "Det", "svært.", "svært", "👩🏽‍🏫", "e\u0301", "الصبر", "æøå", "\n", " ", ""]
    ),
    max_size=30,
).map(" ".join)


@settings(max_examples=300)
@given(
    data=st.data(),
    old=st.one_of(SOME_WORDS, st.text(max_size=40)),
    new=st.one_of(SOME_WORDS, st.text(max_size=40)),
)
def test_whatever_the_texts_a_result_lies_in_the_new_one_and_keeps_its_promise(
    data: st.DataObject, old: str, new: str
) -> None:
    if data.draw(st.booleans()):
        cut = sorted(data.draw(st.tuples(st.integers(0, len(old)), st.integers(0, len(old)))))
        new = old[: cut[0]] + new[:8] + old[cut[1] :]
    spans = [
        tuple(sorted(pair))
        for pair in data.draw(
            st.lists(st.tuples(st.integers(0, len(old)), st.integers(0, len(old))), max_size=5)
        )
    ]
    for (start, end), result in zip(spans, reanchor(spans, old, new), strict=True):
        assert (result.span is None) == (result.status == "lost")
        if result.span is None:
            continue
        assert 0 <= result.span[0] <= result.span[1] <= len(new)
        assert (result.span[0] == result.span[1]) == (start == end)
        if result.status in ("kept", "moved") and start < end:
            assert new[slice(*result.span)] == old[start:end]
