from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from quant import (
    Answers,
    AnswersError,
    ColumnMapping,
    Instrument,
    answers_from_frame,
    guess_mapping,
    parse_instrument,
    read_answers,
    read_table,
)

WIDE = """person;round;gender;citizen_date;caseworker_date;b_health;b_hope;s_health;s_trouble
p1;1;women;2017-03-02;2017-03-30;5;4;4;2
p2;1;men;02-03-2017;01.04.2017;6;6;5;1
p3;1;men;2017-03-02;2017-03-03;9;4;x;2
p4;1;;2017-03-02;2017-03-03;1;2;3;4
p5;1;women;2017-03-02;;3;3;;
p1;2;women;2017-08-02;2017-08-03;6;5;5;2
p1;2;women;2017-08-02;2017-08-03;7;7;7;7
p6;3;women;2017-08-02;2017-08-03;7;7;7;7
;1;women;2017-08-02;2017-08-03;7;7;7;7
p7;1;women;soon;2017-08-03;4,5;7;7;7
"""


def read(text: str, instrument: Instrument, **changes: Any) -> Answers:
    frame = read_table(text.encode(), "svar.csv")
    return read_answers(frame, instrument, guess_mapping(frame.columns, instrument))


@pytest.fixture
def answers(dyad: Instrument) -> Answers:
    return read(WIDE, dyad)


def test_answers_are_long_with_one_row_an_answer(answers: Answers) -> None:
    assert list(answers.frame.columns) == ["person", "respondent", "round", "date", "item", "value"]
    mine = answers.frame[(answers.frame["person"] == "p1") & (answers.frame["round"] == 1)]
    assert dict(zip(mine["item"], mine["value"], strict=True)) == {
        "b_health": 5.0,
        "b_hope": 4.0,
        "s_health": 4.0,
        "s_trouble": 2.0,
    }
    assert set(mine["date"].dt.strftime("%Y-%m-%d")) == {"2017-03-02", "2017-03-30"}


def test_every_exclusion_is_a_finding_with_its_row(answers: Answers) -> None:
    found = answers.report.frame
    rows = {kind: sorted(found.loc[found["kind"] == kind, "row"]) for kind in found["kind"].unique()}
    assert rows == {
        "other_month": [3, 3, 11, 11],
        "out_of_range": [4],
        "not_a_number": [4],
        "incomplete": [4, 4],
        "no_background": [5, 5],
        "unpaired": [6],
        "duplicate_answer": [8, 8],
        "unknown_round": [9],
        "no_person": [10],
        "unreadable_date": [11],
        "between_points": [11],
    }
    outside = answers.report.of_kind("out_of_range").iloc[0]
    assert (outside["column"], outside["person"], outside["value"]) == ("b_health", "p3", "9")


def test_summary_counts_the_findings_by_kind(answers: Answers) -> None:
    assert answers.report.summary["duplicate_answer"] == 2
    assert sum(answers.report.summary.values()) == len(answers.report.frame)


def test_flow_narrows_from_collected_to_the_analysis_sample(answers: Answers) -> None:
    assert answers.flow.to_dict("records") == [
        {"stage": "collected", "round": 1, "citizen": 6, "caseworker": 5},
        {"stage": "collected", "round": 2, "citizen": 1, "caseworker": 1},
        {"stage": "both_in_same_month", "round": 1, "citizen": 3, "caseworker": 3},
        {"stage": "both_in_same_month", "round": 2, "citizen": 1, "caseworker": 1},
        {"stage": "analysis_sample", "round": 1, "citizen": 1, "caseworker": 1},
        {"stage": "analysis_sample", "round": 2, "citizen": 1, "caseworker": 1},
    ]


def test_flow_and_findings_add_up(answers: Answers) -> None:
    """Every questionnaire that leaves a stage is one finding."""
    total = answers.flow.groupby("stage")[["citizen", "caseworker"]].sum().sum(axis=1)
    counts = answers.report.summary
    assert total["collected"] - counts["unpaired"] - counts["other_month"] == total["both_in_same_month"]
    left = total["both_in_same_month"] - counts["incomplete"] - counts["no_background"]
    assert left == total["analysis_sample"]


def test_the_first_of_two_questionnaires_counts(answers: Answers) -> None:
    second = answers.frame[(answers.frame["person"] == "p1") & (answers.frame["round"] == 2)]
    assert sorted(second["value"]) == [2.0, 5.0, 5.0, 6.0]


def test_persons_carry_background_once(answers: Answers) -> None:
    assert answers.persons["gender"].to_dict()["p2"] == "men"
    assert "p6" not in answers.persons.index


def test_wide_gives_one_row_a_person_and_round_for_factor_analysis(answers: Answers) -> None:
    wide = answers.wide(["b_health", "s_health"])
    assert wide.to_dict("index") == {
        ("p1", 1): {"b_health": 5.0, "s_health": 4.0},
        ("p1", 2): {"b_health": 6.0, "s_health": 5.0},
    }


def test_one_row_a_respondent_gives_the_same_answers(dyad: Instrument) -> None:
    text = (
        "id;måling;besvaret af;dato;helbred;jobtro;problemer\n"
        "p1;1. måling;Borger;2017-03-02;5;4;\n"
        "p1;1. måling;sagsbehandler;2017-03-30;4;;2\n"
        "p2;1. måling;nabo;2017-03-30;4;;2\n"
    )
    frame = read_table(text.encode(), "svar.csv")
    items = {"b_health": "helbred", "b_hope": "jobtro", "s_health": "helbred", "s_trouble": "problemer"}
    mapping = ColumnMapping("id", items, "måling", "besvaret af", {"": "dato"})
    answers = read_answers(frame, dyad, mapping)
    assert dict(zip(answers.frame["item"], answers.frame["value"], strict=True)) == {
        "b_health": 5.0,
        "b_hope": 4.0,
        "s_health": 4.0,
        "s_trouble": 2.0,
    }
    assert answers.report.summary == {"unknown_respondent": 1, "background_not_mapped": 1}
    assert answers.flow.set_index("stage").loc["analysis_sample", ["citizen", "caseworker"]].tolist() == [
        1,
        1,
    ]


def test_another_questionnaire_without_pairs_or_rounds_is_read() -> None:
    items = "".join(
        f'[[items]]\nid = "q{n}"\nrespondent = "pupil"\nscale_min = 1\nscale_max = 5\n' for n in (1, 2, 3)
    )
    mood = parse_instrument(f'id = "mood"\n[[respondents]]\nid = "pupil"\n{items}'.encode(), "mood.toml")
    answers = read("id,q1,q2,q3\n1,1,2,3\n2,5,5,6\n3,,,\n", mood)
    assert answers.flow.to_dict("records") == [
        {"stage": "collected", "round": 1, "pupil": 2},
        {"stage": "analysis_sample", "round": 1, "pupil": 1},
    ]
    assert answers.report.summary == {"no_answers": 1, "out_of_range": 1, "incomplete": 1}


def test_stored_answers_get_the_same_samples_again(answers: Answers, dyad: Instrument) -> None:
    again = answers_from_frame(answers.frame, answers.persons, dyad)
    pd.testing.assert_frame_equal(again.flow, answers.flow)
    pd.testing.assert_frame_equal(again.wide(), answers.wide())


def test_reading_does_not_change_the_frame(dyad: Instrument) -> None:
    frame = read_table(WIDE.encode(), "svar.csv")
    before = frame.copy(deep=True)
    read_answers(frame, dyad, guess_mapping(frame.columns, dyad))
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        (ColumnMapping("who", {"b_health": "b_health"}), "column 'who', which the file lacks"),
        (ColumnMapping("person", {"b_helth": "b_health"}), "item 'b_helth'"),
        (ColumnMapping("person", {"b_health": "b_health"}, dates={"boss": "round"}), "respondent 'boss'"),
        (ColumnMapping("person", {"b_health": "gender"}), "no valid answer"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(
    dyad: Instrument, mapping: ColumnMapping, message: str
) -> None:
    frame = read_table(WIDE.encode(), "svar.csv")
    with pytest.raises(AnswersError, match=message):
        read_answers(frame, dyad, mapping)
