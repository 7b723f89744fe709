"""Finding a quotation again: exact places by hand, held-out pairs made with fixed seeds."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import interviews
from interviews import QuotationIndex, compare, locate
from tests.interviews.quotation_pairs import (
    QuotationPair,
    absent_pairs,
    negated_pairs,
    true_pairs,
)
from workbench.demo.marked_text import parse_marked

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = ROOT.parent / "shared" / "transcripts"
HELD_OUT = (1, 3, 5)

TEXT = (
    "Kan du fortælle, hvad der sker i praktikken?\n"
    "Ja, altså, den første praktik var på et lager. Han sagde, at jeg ikke kunne sproget godt nok, ikke, og "
    "så blev jeg sat til at feje. Det er rigtig vigtigt, at medarbejderen taler med en, det gjorde de først "
    "efter tre uger.\n"
    "Og hvad skete der så?\n"
    "Så fik jeg en mentor. Hun lærte mig ordene for hver eneste skrue. Det er rigtig vigtigt. Nu kan jeg "
    "tale med kunderne i telefonen."
)


def said(quote: str, text: str = TEXT) -> str | None:
    """The words of the text that a quotation is found at."""
    match = locate(quote, text)
    return None if match is None else text[match.start : match.end]


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("den første praktik var på et lager", "den første praktik var på et lager"),
        ("”DEN FØRSTE PRAKTIK var på et   lager.”", "den første praktik var på et lager"),
        ("Hun lærte mig [...] hver eneste skrue", "Hun lærte mig ordene for hver eneste skrue"),
        ("Hun lærte mig (…) hver eneste skrue", "Hun lærte mig ordene for hver eneste skrue"),
        ("Hun lærte mig / ... / hver eneste skrue", "Hun lærte mig ordene for hver eneste skrue"),
        ("at medar-\nbejderen taler med en, det", "at medarbejderen taler med en, det"),
        (
            "Hun [mentoren] lærte mig ordene for hver eneste skrue",
            "Hun lærte mig ordene for hver eneste skrue",
        ),
        ("[Mentoren] lærte mig ordene for hver eneste skrue", "lærte mig ordene for hver eneste skrue"),
        (
            "Hun lærte mig, øh, ordene for, øhm, hver eneste skrue",
            "Hun lærte mig ordene for hver eneste skrue",
        ),
        ("det gjorde de først efter 3 uger", "det gjorde de først efter tre uger"),
        ("Hun lærte mig ordne for hver eneste skure", "Hun lærte mig ordene for hver eneste skrue"),
        (
            "Interviewer: Og hvad skete der så? Borger: Så fik jeg en mentor.",
            "Og hvad skete der så?\nSå fik jeg en mentor",
        ),
        (
            "jeg kunne ikke sproget godt nok og så blev jeg sat til at feje",
            "jeg ikke kunne sproget godt nok, ikke, og så blev jeg sat til at feje",
        ),
        ("sat til at feje", "sat til at feje"),
        ("sat til at fege", "sat til at feje"),
    ],
)
def test_the_words_are_found_from_the_first_to_the_last(quote: str, words: str) -> None:
    assert said(quote) == words


@pytest.mark.parametrize(
    "quote",
    [
        "",
        "  \n ",
        "[...] … (...)",
        "«»",
        "sat til at vaske",  # a short quotation with another word
        "Hun lærte mig ikke ordene for hver eneste skrue",  # the opposite
        "at jeg kunne sproget godt nok",  # the opposite, a negation less
        "Det er rigtig vigtigt, at kommunen finder et arbejde til dem, de kan leve af",  # a formula
        "Jeg kom i praktik på et lager, og der var en, som sagde, at sproget ikke var godt nok til kunderne",
    ],
)
def test_what_is_not_there_is_not_found(quote: str) -> None:
    assert locate(quote, TEXT) is None


def test_a_word_for_word_quotation_scores_one_and_a_misspelled_one_less() -> None:
    exact = locate("Hun lærte mig ordene for hver eneste skrue", TEXT)
    misspelled = locate("Hun lærte mig ordne for hver eneste skrue", TEXT)
    assert exact is not None
    assert misspelled is not None
    assert exact.score == 1
    assert 0.9 < misspelled.score < 1


def test_of_equal_places_the_first_is_given_and_the_others_are_named() -> None:
    match = locate("det er rigtig vigtigt", TEXT)
    assert match is not None
    first = TEXT.index("Det er rigtig vigtigt")
    second = TEXT.rindex("Det er rigtig vigtigt")
    assert (match.start, match.others) == (first, ((second, second + len("Det er rigtig vigtigt")),))


def test_no_text_holds_no_quotation() -> None:
    assert locate("ord", "") is None


def test_differences_are_told_word_by_word() -> None:
    quote = "Hun lærte mig [...] hver eneste skurre. Det er rigtig vigtigt"
    match = locate(quote, TEXT)
    assert match is not None
    pieces = compare(quote, TEXT, match)
    assert [(piece.same, piece.quoted, piece.said) for piece in pieces][:4] == [
        (True, "Hun lærte mig", "Hun lærte mig"),
        (False, "", "ordene for"),
        (True, "hver eneste", "hver eneste"),
        (False, "skurre", "skrue."),
    ]
    assert " ".join(piece.said for piece in pieces if piece.said) == (
        "Hun lærte mig ordene for hver eneste skrue. Det er rigtig vigtigt"
    )


def test_a_passage_of_pages_is_found() -> None:
    chance = random.Random(2)
    words = [f"ord{chance.randrange(3000)}" for _ in range(6000)]
    text = " ".join(words)
    quote = " ".join(words[1000:2200])
    match = locate(quote, text)
    assert match is not None
    assert text[match.start : match.end] == quote


@given(st.text(max_size=200), st.text(max_size=400))
def test_any_text_gives_a_place_within_it_or_none(quote: str, text: str) -> None:
    match = locate(quote, text)
    assert match is None or 0 <= match.start < match.end <= len(text)


@given(st.data())
def test_any_words_of_a_text_are_found_as_they_stand(data: st.DataObject) -> None:
    words = TEXT.split()
    first = data.draw(st.integers(0, len(words) - 6))
    last = data.draw(st.integers(first + 6, len(words)))
    quote = " ".join(words[first:last])
    match = locate(quote, TEXT)
    assert match is not None
    assert match.score == 1
    assert TEXT[match.start : match.end].split() == quote.strip(" .,?").split()


def danish() -> list[str]:
    """The invented interviews of the demonstration, four texts of 5,000-14,000 words."""
    files = sorted((ROOT / "workbench" / "demo" / "interviews").glob("*.txt"))
    spoken = []
    for file in files:
        marked = parse_marked(file.read_text(encoding="utf-8"), name=file.name)
        spoken.append("\n".join(paragraph.partition(": ")[2] or paragraph for paragraph in marked.paragraphs))
    return ["\n".join(spoken[place::4]) for place in range(4)]


def english() -> list[str]:
    """Four real interviews of 3,000-5,000 words."""
    if not ENGLISH.is_dir():
        pytest.skip("the real transcripts are not beside the repository")
    return [interviews.read(path).text for path in sorted(ENGLISH.glob("*.pdf"))]


@pytest.fixture(params=["da", "en"])
def held_out(request: pytest.FixtureRequest) -> list[QuotationPair]:
    """Pairs that the limits were not chosen by."""
    texts = danish() if request.param == "da" else english()
    pairs: list[QuotationPair] = []
    for place, text in enumerate(texts):
        other = texts[(place + 1) % len(texts)]
        for seed in HELD_OUT:
            pairs += true_pairs(text, seed=seed, each=1)
            pairs += absent_pairs(text, other, seed=seed + 100, each=1)
            pairs += negated_pairs(text, seed=seed + 200, language=request.param, each=2)
    # One of the transcripts is masked with the letter X: no place in it can be told from another.
    return [pair for pair in pairs if "XXX" not in pair.quote]


def test_held_out_quotations_are_found_and_no_other(held_out: list[QuotationPair]) -> None:
    present = [pair for pair in held_out if pair.span is not None]
    absent = [pair for pair in held_out if pair.span is None]
    assert len(present) >= 100
    assert len(absent) >= 100
    right = 0
    for pair in present:
        match = locate(pair.quote, pair.text)
        right += match is not None and pair.span in ((match.start, match.end), *match.others)
    assert right / len(present) >= 0.98
    assert [pair.quote for pair in absent if locate(pair.quote, pair.text) is not None] == []


def test_among_many_interviews_the_right_one_is_named() -> None:
    texts = dict(zip("abcd", danish(), strict=True))
    index = QuotationIndex(texts)
    right = wrong = 0
    for name, text in texts.items():
        for pair in true_pairs(text, seed=7, each=1):
            found = index.locate(pair.quote)
            places = [(each.name, each.start, each.end) for each in found]
            places += [(each.name, *span) for each in found for span in each.others]
            right += (name, *(pair.span or ())) in places
            wrong += not found
    assert (right, wrong) == (4 * 13, 0)


def test_an_index_of_no_texts_and_a_quotation_of_no_words_give_nothing() -> None:
    assert QuotationIndex({}).locate("noget at finde") == []
    assert QuotationIndex({"a": TEXT}).locate("[...]") == []
    assert QuotationIndex({"a": TEXT, "b": ""}).locate("helt andre ord fra et andet sted") == []


def test_a_formula_in_several_interviews_is_found_in_each() -> None:
    index = QuotationIndex({"a": TEXT, "b": "Noget helt andet. " + TEXT, "c": "Intet af det."})
    found = index.locate("det er rigtig vigtigt")
    assert [(each.name, len(each.others)) for each in found] == [("a", 1), ("b", 1)]
