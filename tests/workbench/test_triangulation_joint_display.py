"""The joint display: what the rule proposes, and that nothing is lost on the way to JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

from coding_schemes import (
    Code,
    QuotationCandidate,
    Scheme,
    ThemeReading,
    load_scheme,
    presence_by_group,
    theme_readings,
)
from workbench.errors import InvalidRequestError
from workbench.i18n import LANGUAGES, set_language
from workbench.triangulation import (
    ConfirmedVerdict,
    EvidenceItem,
    EvidenceValue,
    JointRow,
    build_side_by_side,
    display_caveats,
    estimate_evidence,
    parse_target,
    propose,
    score_evidence,
    split_evidence,
)

LABEL = {"da": "Dansk", "en": "Danish"}
WOMEN, MEN = {"da": "Kvinder", "en": "Women"}, {"da": "Mænd", "en": "Men"}
INTERVIEWS = pd.DataFrame(
    {"interview": ["L1", "L2", "B1", "B2"], "group": ["leader", "leader", "citizen", "citizen"]}
)
CODINGS = pd.DataFrame(
    [
        ("L1", "language/lack_of_danish"),
        ("L2", "language/lack_of_danish"),
        ("L2", "language/lack_of_danish"),
        ("B1", "language/progress"),
        ("L1", "igu/drop_out"),
    ],
    columns=["interview", "code"],
)


def reading(direction: str = "negative", *, with_theme: int = 3, asked: int = 4) -> ThemeReading:
    negative, positive = {"negative": (3, 0), "positive": (0, 3), "mixed": (2, 2), "none": (0, 0)}[direction]
    return ThemeReading("language", LABEL, with_theme, asked, negative, positive, direction)  # type: ignore[arg-type]


def score(mean: float, std_error: float | None = 0.1, **options: object) -> EvidenceItem:
    return score_evidence(
        parse_target("factor:b_danish"),
        label=LABEL,
        mean=mean,
        std_error=std_error,
        scale_min=1,
        scale_max=7,
        **options,  # type: ignore[arg-type]
    )


def split(women: float, men: float, std_error: float | None = 0.1) -> EvidenceItem:
    return split_evidence(
        parse_target("factor:b_danish"),
        label=LABEL,
        first=EvidenceValue(women, std_error, 509, WOMEN),
        second=EvidenceValue(men, std_error, 498, MEN),
        scale_min=1,
        scale_max=7,
    )


def effect(estimate: float, std_error: float | None, **options: object) -> EvidenceItem:
    return estimate_evidence(
        parse_target("outcome:education"),
        label={"da": "Uddannelse", "en": "Education"},
        estimate=estimate,
        std_error=std_error,
        treated_mean=0.112,
        **options,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("mean", "std_error", "direction"),
    [
        (3.0, 0.1, "negative"),
        (5.0, 0.1, "positive"),
        (4.0, 0.1, "none"),
        (4.0, 0.5, "inconclusive"),
        (3.8, 0.2, "not_positive"),
        (4.2, 0.2, "not_negative"),
        (3.0, None, "inconclusive"),
    ],
)
def test_a_score_points_away_from_the_middle_of_its_scale(
    mean: float, std_error: float | None, direction: str
) -> None:
    assert score(mean, std_error).direction == direction


def test_a_scale_on_which_high_is_a_burden_is_turned() -> None:
    assert score(5.0, good="down").direction == "negative"
    assert score(4.2, 0.2, good="down").direction == "not_positive"


def test_a_split_points_the_way_of_its_difference() -> None:
    item = split(3.4, 4.7)
    assert item.direction == "negative"
    assert item.values[2].value == pytest.approx(-1.3)
    assert item.values[2].std_error == pytest.approx(0.1414, abs=5e-5)
    assert "Kvinder: 3,40; Mænd: 4,70; forskellen −1,30" in item.sentence("da")


def test_means_published_without_standard_errors_are_shown_but_point_nowhere() -> None:
    item = split(3.4, 4.7, None)
    assert item.direction == "inconclusive"
    assert "without standard errors" in item.sentence("en")


def test_an_empty_scale_is_refused() -> None:
    set_language("en")
    with pytest.raises(InvalidRequestError, match="upper end must be the larger"):
        score_evidence(parse_target("factor:x"), label=LABEL, mean=1, scale_min=7, scale_max=1)


def test_a_barrier_and_a_low_score_agree_although_one_is_a_lack_and_the_other_a_resource() -> None:
    proposal = propose(reading("negative"), [score(3.0), score(2.8)])
    assert proposal.verdict.id == "agreement"
    assert (proposal.supporting, proposal.conclusive, proposal.weighed) == (2, 2, 2)


def test_a_resource_and_a_low_score_differ_in_meaning_but_not_in_weight() -> None:
    proposal = propose(reading("positive"), [score(3.0)])
    assert (proposal.verdict.meaning, proposal.verdict.prominence) == ("different", "same")
    assert proposal.verdict.id == "partial"


def test_a_rare_resource_and_a_clear_low_score_are_dissonant() -> None:
    assert propose(reading("positive", with_theme=1), [score(3.0)]).verdict.id == "dissonance"


def test_a_barrier_is_supported_by_an_effect_that_is_not_positively_relevant() -> None:
    employment = estimate_evidence(
        parse_target("outcome:employment"),
        label={"en": "Employment"},
        estimate=-0.008,
        std_error=0.007,
        treated_mean=0.137,
    )
    proposal = propose(reading("negative"), [employment])
    assert proposal.verdict.meaning == "same"
    assert proposal.verdict.id == "partial"  # nothing points clearly, so the weight differs


def test_estimates_that_are_all_inconclusive_leave_the_theme_inconclusive() -> None:
    proposal = propose(reading("negative"), [effect(0.002, 0.009), effect(0.001, 0.02)])
    assert proposal.verdict.id == "inconclusive"
    assert proposal.quantitative_direction == "inconclusive"


def test_a_theme_without_numbers_is_silent_and_so_are_numbers_without_interviews() -> None:
    assert propose(reading(), []).verdict.as_dict("en")["coverage"] == "qual_only"
    assert propose(reading("none", with_theme=0), [score(3.0)]).verdict.coverage == "quant_only"
    assert propose(reading(), []).verdict.id == "silence"


def test_mixed_interviews_agree_with_numbers_that_point_both_ways() -> None:
    assert propose(reading("mixed"), [score(3.0), score(5.0)]).verdict.meaning == "same"
    assert propose(reading("mixed"), [score(4.0)]).verdict.meaning == "same"


@pytest.mark.parametrize("with_theme", [1, 4])
def test_numbers_that_show_one_side_of_mixed_interviews_are_partial_and_never_dissonance(
    with_theme: int,
) -> None:
    proposal = propose(reading("mixed", with_theme=with_theme), [score(3.0), score(3.1)])
    assert proposal.reason_id == "compared_one_side"
    assert (proposal.verdict.id, proposal.verdict.meaning, proposal.verdict.prominence) == (
        "partial",
        "same",
        "different",
    )


def test_what_lies_aside_is_shown_with_its_reason_and_does_not_weigh() -> None:
    before = effect(0.5, 0.1, aside="before", ref="e1")
    assert (before.weighs, before.aside, before.as_dict()["estimate_id"]) == (False, "before", "e1")
    assert effect(0.5, 0.1, good="open").aside == "open"
    assert score(5.0, level="person").aside == "level"
    assert score(3.0).aside is None
    assert propose(reading("negative"), [score(3.0), before]).weighed == 1


def test_passages_without_direction_are_left_to_a_person() -> None:
    proposal = propose(reading("none"), [score(3.0)])
    assert (proposal.verdict.id, proposal.reason_id) == ("inconclusive", "no_valence")


def test_half_of_the_numbers_are_not_enough_to_support_a_theme() -> None:
    assert propose(reading("negative"), [score(3.0), score(5.0)]).verdict.meaning == "different"


def test_inconclusive_estimates_take_no_weight_from_the_numbers_that_speak() -> None:
    uncertain = [effect(0.002, 0.009), effect(0.007, 0.011), effect(0.001, 0.009)]
    proposal = propose(reading("negative"), [score(3.0), *uncertain])
    assert proposal.verdict.id == "agreement"
    assert (proposal.clear, proposal.conclusive, proposal.weighed) == (1, 1, 4)


def test_numbers_shown_for_context_do_not_weigh() -> None:
    context = [
        score(5.0, weighs=False),
        effect(0.05, 0.01, good="open"),
        score(5.0, level="person"),
    ]
    assert [item.weighs for item in context] == [False, False, False]
    assert propose(reading("negative"), [score(3.0), *context]).verdict.id == "agreement"
    assert propose(reading("negative"), context).reason_id == "nothing_weighs"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_can_be_said_in_both_languages(language: str) -> None:
    cases = [
        propose(reading(), []),
        propose(reading("none", with_theme=0), [score(3.0)]),
        propose(reading(), [score(3.0, weighs=False)]),
        propose(reading(), [effect(0.0, 0.1)]),
        propose(reading("none"), [score(3.0)]),
        propose(reading(), [score(3.0)]),
        propose(reading("mixed"), [score(3.0)]),
        propose(reading("mixed"), [score(3.0), score(5.0)]),
    ]
    assert len({case.reason_id for case in cases}) == 8
    assert len({case.reason(language) for case in cases}) == 8  # type: ignore[arg-type]


def joint_rows(**options: object) -> tuple[JointRow, ...]:
    scheme = load_scheme("immi")
    words = " ".join(["ord"] * 20)
    return build_side_by_side(
        theme_readings(scheme, CODINGS, INTERVIEWS),
        presence_by_group(CODINGS, INTERVIEWS, [theme.path for theme in scheme.themes]),
        {
            "language": [
                QuotationCandidate(words, "B1", "citizen", ("language/progress", "language/school")),
                QuotationCandidate(words, "L1", "leader", ("language/lack_of_danish",), 4, 83),
            ],
            "igu": [
                QuotationCandidate(words, "L1", "leader", ("igu/drop_out",)),
                QuotationCandidate(words, "L2", "citizen", ("igu/drop_out",)),
            ],
        },
        {"language": [score(3.0), effect(0.002, 0.009, source="Table 5.1", place="education, 2017-2018")]},
        {"language": ConfirmedVerdict("agreement", "The passages say so.", "anna", "2026-03-01T10:00:00Z")},
        group_labels={"leader": {"da": "Leder", "en": "Leader"}},
        **options,  # type: ignore[arg-type]
    )


def test_a_row_holds_counts_in_interviews_quotation_numbers_and_verdicts() -> None:
    row = joint_rows(interpretations={"language": "Danish is the key."})[0]
    assert [(count.group, count.interviews_with, count.interviews_asked) for count in row.counts] == [
        ("leader", 2, 2),
        ("citizen", 1, 2),
    ]
    assert row.qualitative_direction == "negative"
    assert row.quantitative_direction == "negative"
    assert row.proposed.id == "agreement"
    assert row.confirmed is not None
    assert row.confirmed.rationale == "The passages say so."
    assert row.interpretation == "Danish is the key."
    assert row.levels == ("construct", "effect")


def test_the_quotation_says_what_the_row_says_and_groups_take_turns() -> None:
    rows = {row.theme: row for row in joint_rows()}
    assert rows["language"].quotation is not None
    assert rows["language"].quotation.interview == "L1"
    assert rows["language"].attribution("da") == "Leder"
    assert rows["igu"].quotation is not None
    assert rows["igu"].quotation.group == "citizen"
    assert rows["health"].quotation is None


def test_a_theme_with_no_counterpart_in_the_numbers_shows_as_silent() -> None:
    igu = joint_rows()[-1]
    assert (igu.theme, igu.proposed.id, igu.quantitative_direction) == ("igu", "silence", "silent")
    assert igu.confirmed is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_are_ready_for_json_in_both_languages(language: str) -> None:
    plain = [row.as_dict(language) for row in joint_rows()]  # type: ignore[arg-type]
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    item = plain[0]["evidence"][1]
    assert (item["values"][0]["value"], item["values"][0]["std_error"]) == (0.002, 0.009)
    assert (item["source"], item["place"], item["level"]) == ("Table 5.1", "education, 2017-2018", "effect")
    assert plain[0]["quotation"]["start"] == 4


def test_the_reservations_of_study_and_levels_are_printed_with_the_display() -> None:
    scheme = load_scheme("immi")
    texts = display_caveats(joint_rows(), study=scheme.caveats, language="en")
    assert scheme.caveats[0]["en"] in texts
    assert any("share a construct, not persons" in text for text in texts)
    assert not any("municipalit" in text for text in texts)
    assert len(set(texts)) == len(texts)


def test_another_study_without_crosswalk_and_danish_gives_silent_rows() -> None:
    scheme = Scheme(
        id="sleep", version="1", label={"en": "Sleep"}, languages=("en",),
        codes=(Code("naps", {"en": "Naps"}, valence=1), Code("noise", {"en": "Noise"}, valence=-1)),
    )  # fmt: skip
    codings = pd.DataFrame({"interview": ["n1"], "code": ["noise"]})
    interviews = pd.DataFrame({"interview": ["n1", "n2"], "group": ["nurse", "nurse"]})
    rows = build_side_by_side(
        theme_readings(scheme, codings, interviews),
        presence_by_group(codings, interviews, ["naps", "noise"]),
        {},
        {},
        {},
    )
    assert [(row.as_dict("da")["label"], row.proposed.id) for row in rows] == [
        ("Naps", "silence"),
        ("Noise", "silence"),
    ]
    assert rows[1].qualitative_direction == "negative"


def test_inputs_are_left_as_they_were() -> None:
    before, codings = reading(), CODINGS.copy(deep=True)
    propose(before, [score(3.0)])
    joint_rows()
    assert before == replace(before)
    pd.testing.assert_frame_equal(codings, CODINGS)
