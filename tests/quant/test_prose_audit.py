"""Claims of a report about estimates: true ones pass, false ones are flagged, the rest is listed."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from quant.estimates import Estimate
from quant.prose_audit import PROSE_COLUMNS, audit_prose
from quant.prose_sentences import sentences
from quant.prose_words import prose_words

DANISH = {
    "work": ["beskæftigelse", "job"],
    "internship": ["praktik", "virksomhedspraktik"],
    "men": ["mænd"],
    "women": ["kvinder"],
}
ENGLISH = {"work": ["employment"], "internship": ["internships"], "men": ["men"], "women": ["women"]}


def estimate(
    table: str, outcome: str, subgroup: str, period: str, b: float, se: float, stars: str
) -> Estimate:
    place = f"{table} ({subgroup}, {outcome}, {period})"
    return Estimate(outcome, subgroup, period, "2", b, se, stars, treated_mean=0.120, place=place)


ESTIMATES = [
    estimate("5.1", "work", "all", "2018", -0.013, 0.009, ""),
    estimate("5.1", "work", "all", "2017-2018", -0.008, 0.007, ""),
    estimate("5.1", "work", "all", "2018Q2", 0.021, 0.009, "*"),
    estimate("5.2", "internship", "all", "2018", 0.031, 0.012, "**"),
    estimate("5.3", "internship", "men", "2018", 0.038, 0.014, "**"),
    estimate("5.3", "internship", "women", "2018", 0.023, 0.012, "#"),
]


def danish(text: str, **options: Any) -> pd.DataFrame:
    return audit_prose(text, ESTIMATES, language="da", labels=DANISH, **options)


def english(text: str, **options: Any) -> pd.DataFrame:
    return audit_prose(text, ESTIMATES, language="en", labels=ENGLISH, **options)


def verdicts(flags: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(zip(flags["kind"], flags["status"], flags["reason"], strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "Virksomhedspraktikken stiger med 3,1 procentpoint i 2018 (tabel 5.2), 26 pct. af gennemsnittet.",
        "Effekten på praktik i 2018 er signifikant på 1 procent-niveau, jf. tabel 5.2.",
        "Effekten på praktik i 2018 er signifikant på 5-procentsniveau (tabel 5.2).",
        "Job falder med 0,8 procentpoint i 2017-2018 (tabel 5.1), men effekten er ikke signifikant.",
        "I tabel 5.3 er effekten på praktik i 2018 signifikant for mænd, mens der for kvinder er en tendens.",
        "Effekten på job i 2. kvartal 2018 er 0,021 og signifikant på fem procents niveau (tabel 5.1).",
        "Effekten for mænd er i 2018 knap 4 procentpoint (tabel 5.3).",
        "Ingen af estimaterne for beskæftigelse i 2017-2018 er signifikante (tabel 5.1).",
        "Effekten på praktik i 2018 er 0,031 (95 pct.-interval 0,007 til 0,055), jf. tabel 5.2.",
        "Effekten på praktik i 2018 ligger mellem +6 og +45 pct. af gennemsnittet (tabel 5.2).",
    ],
)
def test_true_danish_sentences_pass(text: str) -> None:
    assert danish(text).empty
    assert not danish(text, everything=True).empty


@pytest.mark.parametrize(
    ("text", "kind", "cell"),
    [
        (
            "Effekten på beskæftigelse i 2018 er signifikant på 5 procent-niveau (tabel 5.1).",
            "significance",
            "5.1",
        ),
        ("Effekten på praktik i 2018 er ikke signifikant (tabel 5.2).", "significance", "5.2"),
        (
            "For mænd er effekten på praktik i 2018 signifikant på 0,1 procent-niveau (tabel 5.3).",
            "significance",
            "5.3",
        ),
        ("Effekten på beskæftigelse i 2018 viser en tendens (tabel 5.1).", "significance", "5.1"),
        ("Brugen af praktik falder i 2018 (tabel 5.2).", "direction", "5.2"),
        ("Beskæftigelsen øges i 2017-2018, jf. tabel 5.1.", "direction", "5.1"),
        ("Praktik stiger med 4,1 procentpoint i 2018 (tabel 5.2).", "number", "5.2"),
        ("Effekten på praktik er 0,013 i 2018 (tabel 5.2).", "number", "5.2"),
        ("I 2018 stiger praktik, svarende til 36 pct. af gennemsnittet (tabel 5.2).", "number", "5.2"),
        ("Effekten på beskæftigelse er −0,8 procentpoint i andet kvartal 2018 (tabel 5.1).", "number", "5.1"),
    ],
)
def test_false_danish_sentences_are_flagged_with_their_cell(text: str, kind: str, cell: str) -> None:
    (flag,) = danish(text).to_dict("records")
    assert (flag["status"], flag["kind"], flag["place"], flag["sentence"]) == ("disagrees", kind, "¶1", text)
    assert flag["cell"].startswith(f"{cell} (")


@pytest.mark.parametrize(
    "text",
    [
        "Internships increase by 3.1 percentage points in 2018 (table 5.2), or 26 percent of the mean.",
        "The effect on internships in 2018 is significant at the 1 percent level (table 5.2).",
        "The effect on employment in the second quarter of 2018 is significant at the 5% level (table 5.1).",
        "In table 5.3 the effect on internships in 2018 is significant for men, but for women it is only "
        "marginally significant.",
        "The effect on employment in 2018 is -0.013 and statistically insignificant (table 5.1).",
    ],
)
def test_true_english_sentences_pass(text: str) -> None:
    assert english(text).empty


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            "The effect on employment in 2018 is significant at the 10 percent level (table 5.1).",
            "significance",
        ),
        ("The effect on internships in 2018 is not statistically significant (table 5.2).", "significance"),
        (
            "The effect on internships for men in 2018 is significant (p < 0.001), see table 5.3.",
            "significance",
        ),
        ("Internships decrease in 2018 (table 5.2).", "direction"),
        ("Internships increase by 1.3 percentage points in 2018 (table 5.2).", "number"),
    ],
)
def test_false_english_sentences_are_flagged(text: str, kind: str) -> None:
    assert verdicts(english(text)) == [(kind, "disagrees", kind)]


def test_a_flag_says_what_the_text_and_what_the_table_says() -> None:
    (flag,) = danish("Praktik stiger med 4,1 procentpoint i 2018 (tabel 5.2).").to_dict("records")
    assert (flag["found"], flag["expected"]) == ("4,1 procentpoint", "3.1")
    assert flag["message"] == "the text says 4,1 procentpoint, the table 3.1"
    assert tuple(danish("").columns) == PROSE_COLUMNS


def test_the_next_sentence_is_about_the_same_table_and_outcome() -> None:
    text = (
        "Tabel 5.3 viser effekten på praktik. For kvinder er effekten i 2018 signifikant på 5 procent-niveau."
    )
    (flag,) = danish(text).to_dict("records")
    assert (flag["status"], flag["cell"]) == ("disagrees", "5.3 (women, internship, 2018)")


def test_two_clauses_are_judged_each_by_its_own_group() -> None:
    text = (
        "I 2018 er effekten på praktik ikke signifikant for mænd, "
        "men signifikant på 1 procent-niveau for kvinder (tabel 5.3)."
    )
    flags = danish(text)
    assert list(flags["cell"]) == ["5.3 (men, internship, 2018)", "5.3 (women, internship, 2018)"]
    assert set(flags["status"]) == {"disagrees"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Effekten på uddannelse er signifikant (tabel 9.9).", "no_estimate"),
        ("Effekten på beskæftigelse er signifikant.", "not_cited"),
        ("Effekten på beskæftigelse er signifikant (tabel 5.1).", "several_estimates"),
        ("Effekten på praktik er højere for mænd end for kvinder i 2018 (tabel 5.3).", "comparison"),
        ("Forskellen mellem mænd og kvinder i 2018 er ikke signifikant (tabel 5.3).", "comparison"),
    ],
)
def test_what_cannot_be_decided_is_listed_and_not_flagged(text: str, reason: str) -> None:
    flags = danish(text)
    assert set(zip(flags["status"], flags["reason"], strict=True)) == {("not_checked", reason)}


@pytest.mark.parametrize(
    "text",
    [
        "Beskæftigelsen er lavere for kvinder end for mænd i Danmark.",
        "Beskæftigelsen faldt i hele landet i 2018.",
        "Kommunerne fandt forløbet positivt og gav det et løft.",
        "I 2018 deltog 12,4 procentpoint flere i undervisning.",
        "Deltagelsen ses i tabel 5.3. I 2018 er brugen af praktik lavere for mænd.",
    ],
)
def test_sentences_that_speak_of_no_estimate_are_left_alone(text: str) -> None:
    assert danish(text, everything=True).empty


def test_a_year_after_before_is_no_period_of_the_table() -> None:
    flags = danish("Ingen af effekterne på praktik før 2018 er signifikante (tabel 5.2).", everything=True)
    assert "5.2 (all, internship, 2018)" in set(flags["cell"])  # the only cell of the table
    assert danish("Effekten på beskæftigelse efter 2018 er positiv (tabel 5.1).")["reason"].tolist() == [
        "several_estimates"
    ]


def test_sentences_end_neither_after_abbreviations_nor_within_numbers() -> None:
    text = "Se f.eks. Tabel 5.3 i kap. 4. Effekten er 3,1 pct. Den falder ca. 2 pct. hvert år, jf. Tabel 2."
    assert list(sentences(text, prose_words("da"))) == [
        "Se f.eks. Tabel 5.3 i kap. 4. Effekten er 3,1 pct.",
        "Den falder ca. 2 pct. hvert år, jf. Tabel 2.",
    ]


def test_paragraphs_keep_the_place_that_the_caller_gives() -> None:
    sections = [("kapitel 5, afsnit 2", "Brugen af praktik falder i 2018 (tabel 5.2).")]
    assert list(danish(sections)["place"]) == ["kapitel 5, afsnit 2"]  # type: ignore[arg-type]
