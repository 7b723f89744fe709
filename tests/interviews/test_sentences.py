"""Words, sentences and shortened quotations."""

from __future__ import annotations

import pytest

import interviews


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Jeg er på IGU-forløb.", 4),
        ("3,5 pct. – ja!", 3),
        ("don't", 1),
        ("øh ... mm 😀", 2),
        ("ja,nej", 2),
    ],
)
def test_words_are_counted_as_documented(text: str, count: int) -> None:
    assert interviews.words(text) == count


def cut(text: str, language: str = "da") -> list[str]:
    return [text[start:end] for start, end in interviews.sentences(text, language)]


def test_abbreviations_and_ordinals_end_no_sentence() -> None:
    assert cut("Jeg kom kl. 10 d. 3. maj, bl.a. for f.eks. at tale. Ca. Otte gik! Hvorfor?") == [
        "Jeg kom kl. 10 d. 3. maj, bl.a. for f.eks. at tale.",
        "Ca. Otte gik!",
        "Hvorfor?",
    ]
    assert cut("I met Dr. Smith, e.g. at work. He left.", "en") == [
        "I met Dr. Smith, e.g. at work.",
        "He left.",
    ]


def test_a_line_break_and_a_closing_quote_end_a_sentence() -> None:
    assert cut("Han sagde: ”Gå hjem.” Så gik jeg\nog kom igen") == [
        "Han sagde: ”Gå hjem.”",
        "Så gik jeg",
        "og kom igen",
    ]


def test_a_long_quotation_is_shortened_to_whole_sentences() -> None:
    text = "Et to tre. Fire fem seks. Syv otte ni."
    assert interviews.excerpt(text, 0, len(text), max_words=7) == "Et to tre. Fire fem seks. [...]"
    assert interviews.excerpt(text, 0, len(text), max_words=9) == text
    assert interviews.excerpt(text, 0, len(text), max_words=2) == "Et to [...]"
    assert interviews.excerpt("a\nb", 0, 3) == "a b"
    with pytest.raises(ValueError, match="do not fit"):
        interviews.excerpt(text, 5, 400)
