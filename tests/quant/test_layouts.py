"""Files of answers as they come: layouts, words for numbers, statistics files, headings, totals."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
import xlsxwriter

from quant import Answers, AnswersError, ColumnMapping, Instrument, guess_mapping, read_answers, read_table
from quant.answers import read_dates
from quant.column_endings import round_endings, without_endings
from quant.statistics_files import COLUMN_LABELS
from quant.tables import sheet_names

WIDE = """person;round;gender;citizen_date;caseworker_date;b_health;b_hope;s_health;s_trouble
p1;1;women;2017-03-02;2017-03-30;5;4;4;2
p1;2;women;2017-08-02;2017-08-03;6;5;5;1
p2;1;men;2017-03-02;2017-03-30;6;;5;1
"""


def answers_of(frame: pd.DataFrame, instrument: Instrument) -> Answers:
    labels = frame.attrs.get(COLUMN_LABELS)
    return read_answers(frame, instrument, guess_mapping(frame.columns, instrument, labels=labels))


def values(answers: Answers) -> dict[tuple[str, int, str], float]:
    table = answers.frame
    return dict(
        zip(zip(table["person"], table["round"], table["item"], strict=True), table["value"], strict=True)
    )


@pytest.fixture
def expected(dyad: Instrument) -> dict[tuple[str, int, str], float]:
    return values(answers_of(read_table(WIDE.encode(), "svar.csv"), dyad))


def test_a_row_an_answer_gives_the_same_as_a_row_a_person_and_round(
    dyad: Instrument, expected: dict[tuple[str, int, str], float]
) -> None:
    lines = ["Borger-id;Runde;Køn;Dato;Spørgsmål;Svar"]
    gender = {"p1": "women", "p2": "men"}
    for (person, number, item), value in expected.items():
        lines.append(f"{person};{number};{gender[person]};2017-0{number}-02;{item};{value:g}")
    frame = read_table("\n".join(lines).encode("cp1252"), "svar.csv")
    mapping = guess_mapping(frame.columns, dyad)
    assert (mapping.item, mapping.value, mapping.items) == ("Spørgsmål", "Svar", {})
    answers = read_answers(frame, dyad, mapping)
    assert values(answers) == expected
    assert answers.persons["gender"].to_dict() == gender


def test_in_a_row_an_answer_the_row_of_the_answer_is_named(dyad: Instrument) -> None:
    text = "id;runde;item;svar\np;1;b_health;5\np;1;b_hope;x\np;1;b_health;6\np;1;weather;3\np;1;Jobtro;2\n"
    found = answers_of(read_table(text.encode(), "svar.csv"), dyad).report.frame
    rows = {kind: sorted(part["row"]) for kind, part in found.groupby("kind")}
    assert rows["not_a_number"] == [3]
    assert rows["duplicate_item"] == [4, 6]
    assert rows["unknown_item"] == [5]


def test_rounds_side_by_side_give_the_same(
    dyad: Instrument, expected: dict[tuple[str, int, str], float]
) -> None:
    text = (
        "person;gender;citizen_date_r1;citizen_date_r2;caseworker_date_r1;caseworker_date_r2;"
        "b_health_r1;b_health_r2;b_hope_r1;b_hope_r2;s_health_r1;s_health_r2;s_trouble_r1;s_trouble_r2\n"
        "p1;women;2017-03-02;2017-08-02;2017-03-30;2017-08-03;5;6;4;5;4;5;2;1\n"
        "p2;men;2017-03-02;;2017-03-30;;6;;;;5;;1;\n"
    )
    frame = read_table(text.encode(), "svar.csv")
    mapping = guess_mapping(frame.columns, dyad)
    assert mapping.endings == {"1": "_r1", "2": "_r2"}
    assert mapping.items["b_health"] == "b_health"
    assert mapping.fits(frame.columns)
    answers = read_answers(frame, dyad, mapping)
    assert values(answers) == expected
    assert answers.flow.to_dict("records")[0] == {
        "stage": "collected",
        "round": 1,
        "citizen": 2,
        "caseworker": 2,
    }
    assert set(answers.report.frame["row"]) == {3}


def test_endings_are_found_only_where_columns_share_them() -> None:
    assert round_endings(["b1_r1", "b1_r2", "b2_r1", "b2_r2", "id"]) == {"1": "_r1", "2": "_r2"}
    assert round_endings(["a runde 1", "a runde 2", "b runde 1", "b runde 2"]) == {
        "1": " runde 1",
        "2": " runde 2",
    }
    assert round_endings(["q1", "q2", "q3"]) == {}
    assert round_endings(["x_1", "x_2", "y"]) == {}
    assert without_endings(["id", "b1_r1", "b1_r2"], {"1": "_r1", "2": "_r2"}) == ["id", "b1"]


@pytest.mark.parametrize("name", ["mapping.toml", "mapping.json"])
def test_mappings_of_every_layout_are_saved_and_loaded(tmp_path: Path, name: str) -> None:
    long = ColumnMapping("id", {}, item="item", value="svar", item_values={"helbred": "b_health"})
    abreast = ColumnMapping("id", {"b_health": "b"}, endings={"1": "_r1"}, value_labels={"helt enig": 7.0})
    for mapping in (long, abreast):
        mapping.save(tmp_path / name)
        assert ColumnMapping.load(tmp_path / name) == mapping


def test_answers_in_words_are_read_and_said(dyad: Instrument) -> None:
    text = (
        "person;round;b_health;b_hope\n"
        "p1;1;7 - helt enig;7,0\np2;1;Helt enig;1 (slet ikke)\n"
        "p3;1;slet ikke;4: hverken-eller\np4;1;meget;5\n"
    )
    answers = answers_of(read_table(text.encode(), "svar.csv"), dyad)
    assert values(answers) == {
        ("p1", 1, "b_health"): 7,
        ("p1", 1, "b_hope"): 7,
        ("p2", 1, "b_health"): 7,
        ("p2", 1, "b_hope"): 1,
        ("p3", 1, "b_hope"): 4,
        ("p4", 1, "b_hope"): 5,
    }
    found = answers.report.frame
    assert found.loc[found["kind"] == "from_words", "value"].tolist() == ["Helt enig = 7"]
    assert sorted(found.loc[found["kind"] == "not_a_number", "value"]) == ["meget", "slet ikke"]
    frame = read_table(text.encode(), "svar.csv")
    mapping = replace(guess_mapping(frame.columns, dyad), value_labels={"Slet ikke": 1, "meget": 6})
    assert len(read_answers(frame, dyad, mapping).frame) == 8


def test_an_answer_with_two_numbers_is_not_guessed(dyad: Instrument) -> None:
    text = "person;round;b_health;b_hope\np1;1;3 af 7;5\np2;1;3-4;5\n"
    answers = answers_of(read_table(text.encode(), "svar.csv"), dyad)
    assert answers.report.summary["not_a_number"] == 2


@pytest.fixture
def labelled() -> pd.DataFrame:
    return pd.DataFrame(
        {"id": ["p1", "p2", "p3"], "runde": [1.0, 1.0, 1.0], "v1": [5.0, 99.0, 7.0], "v2": [3.0, 98.0, None]}
    )


LABELS = {"id": "Borger", "runde": "Runde", "v1": "Helbred", "v2": "Jobtro"}
WORDS = {"v1": {1.0: "slet ikke", 7.0: "helt enig", 99.0: "ved ikke"}}


def test_spss_labels_name_the_columns_and_declared_codes_keep_their_reason(
    tmp_path: Path, labelled: pd.DataFrame, dyad: Instrument
) -> None:
    path = tmp_path / "svar.sav"
    ranges = {"v1": [99], "v2": [{"lo": 90, "hi": 99}]}
    pyreadstat.write_sav(
        labelled, str(path), column_labels=LABELS, variable_value_labels=WORDS, missing_ranges=ranges
    )
    frame = read_table(path)
    answers = answers_of(frame, dyad)
    assert values(answers) == {("p1", 1, "b_health"): 5, ("p3", 1, "b_health"): 7, ("p1", 1, "b_hope"): 3}
    found = answers.report.of_kind("declared_missing")
    assert sorted(found["value"]) == ["98", "99 = ved ikke"] or sorted(found["value"]) == ["99 = ved ikke"]


def test_a_questionnaire_of_declared_codes_alone_is_still_told(
    tmp_path: Path, labelled: pd.DataFrame, dyad: Instrument
) -> None:
    path = tmp_path / "svar.sav"
    pyreadstat.write_sav(labelled, str(path), column_labels=LABELS, missing_ranges={"v1": [99], "v2": [98]})
    found = answers_of(read_table(path), dyad).report.of_kind("declared_missing")
    assert found[["row", "column", "value"]].to_dict("records") == [
        {"row": 3, "column": "v1", "value": "99"},
        {"row": 3, "column": "v2", "value": "98"},
    ]


def test_stata_files_with_labels_are_read(tmp_path: Path, labelled: pd.DataFrame, dyad: Instrument) -> None:
    path = tmp_path / "svar.dta"
    labelled["v1"] = [5.0, "a", 7.0]
    pyreadstat.write_dta(
        labelled,
        str(path),
        column_labels=LABELS,
        missing_user_values={"v1": ["a"]},
        variable_value_labels={"v1": {"a": "ved ikke"}},
    )
    answers = answers_of(read_table(path), dyad)
    assert values(answers)[("p3", 1, "b_health")] == 7
    assert answers.report.of_kind("declared_missing")["value"].iloc[0].startswith(".a")


def test_parquet_gives_the_same_as_csv(
    tmp_path: Path, dyad: Instrument, expected: dict[tuple[str, int, str], float]
) -> None:
    table = pd.read_csv(io.StringIO(WIDE), sep=";", parse_dates=["citizen_date", "caseworker_date"])
    table.astype({"gender": "category"}).to_parquet(tmp_path / "svar.parquet")
    assert values(answers_of(read_table(tmp_path / "svar.parquet"), dyad)) == expected


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"$FL2garbage", "svar.sav"),
        (b"<stata_dta>garbage", "svar.dta"),
        (b"PAR1garbage", "svar.parquet"),
        (b"this is text", "svar.sav"),
        (b"\x73rest", "svar.dta"),
    ],
)
def test_a_damaged_statistics_file_gets_one_message(content: bytes, name: str) -> None:
    with pytest.raises(AnswersError, match=rf"{name}: the \w+ file is damaged"):
        read_table(content, name)


def test_two_rows_of_headings_are_one(dyad: Instrument) -> None:
    text = ";;Borger;;Sagsbehandler;\nperson;runde;b_health;b_hope;s_health;s_trouble\np1;1;5;4;4;2\n"
    frame = read_table(text.encode(), "svar.csv")
    assert list(frame.columns) == ["person", "runde", "b_health", "b_hope", "s_health", "s_trouble"]
    assert [i + 2 for i in frame.index] == [3]
    repeated = ";;Borger;;Sagsbehandler;\nperson;runde;Helbred;Jobtro;Helbred;Problemer\np1;1;5;4;4;2\n"
    frame = read_table(repeated.encode(), "svar.csv")
    assert list(frame.columns)[2:] == ["Borger Helbred", "Jobtro", "Sagsbehandler Helbred", "Problemer"]


def test_titles_above_the_table_are_passed_over() -> None:
    frame = read_table(b"Udtraek fra fagsystem\n\nperson;runde;b_health\np1;1;5\n", "svar.csv")
    assert list(frame.columns) == ["person", "runde", "b_health"]
    assert [i + 2 for i in frame.index] == [4]


def test_a_plain_table_of_words_keeps_its_header() -> None:
    frame = read_table(b"person,gender,answer\np1,women,yes\np2,men,no\n", "svar.csv")
    assert list(frame.columns) == ["person", "gender", "answer"]
    assert len(frame) == 2


def test_totals_below_the_rows_are_left_out_and_told(dyad: Instrument) -> None:
    text = WIDE + "I alt;;;;;17;9;14;4\nGennemsnit;;;;;5,7;4,5;4,7;1,3\n"
    answers = answers_of(read_table(text.encode(), "svar.csv"), dyad)
    found = answers.report.of_kind("totals_row")
    assert found[["row", "value"]].to_dict("records") == [
        {"row": 5, "value": "I alt"},
        {"row": 6, "value": "Gennemsnit"},
    ]


def test_serial_numbers_of_a_workbook_are_dates() -> None:
    dates = read_dates(pd.Series(["42796", 42796.0, "42796,25", "7", "2017-03-02"]))
    assert dates.dt.strftime("%Y-%m-%d").fillna("").tolist() == ["2017-03-02"] * 3 + ["", "2017-03-02"]


def test_sheets_of_a_workbook_are_named_and_chosen() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for title, number in (("2018", 4), ("tom", None), ("2019", 5)):
            sheet = book.add_worksheet(title)
            if number:
                sheet.write_row(0, 0, ["person", "svar"])
                sheet.write_row(1, 0, ["p1", number])
    content = buffer.getvalue()
    assert sheet_names(content, "svar.xlsx") == ["2018", "2019"]
    assert read_table(content, "svar.xlsx", sheet="2019")["svar"].tolist() == [5.0]
    assert sheet_names(b"a,b\n1,2\n", "svar.csv") == []
