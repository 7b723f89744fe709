"""One table value, several renderings of the same numbers."""

import io
import json

import openpyxl
import pytest

from workbench.display import (
    Column,
    CountCell,
    EstimateCell,
    TableSpec,
    column_titles,
    to_frame,
    to_records,
    to_xlsx,
)


def table(**changes) -> TableSpec:
    values = {
        "key": "effects",
        "title": "Effekter",
        "columns": (
            Column("outcome", "Udfald"),
            Column("effect", "Effekt", "estimate", 3),
            Column("interviews", "Interview", "integer"),
            Column("share", "Andel", "percent", 1),
        ),
        "rows": (
            ("Praktik", EstimateCell(0.031, 0.012, "**", 0.12), CountCell(6, 8), 75.0),
            ("Job", EstimateCell(-0.0081, 0.0074), CountCell(12, 20), None),
            ("N", 124356, None, float("nan")),
        ),
        "notes": ("Standardfejl i parentes.",),
        "source": "Egne beregninger.",
        "remarks": ("Model 2.",),
    }
    return TableSpec(**{**values, **changes})


def test_screen_frame_shows_estimates_with_errors_below_and_counts_with_their_base():
    frame = to_frame(table())
    assert list(frame.columns) == ["Udfald", "Effekt", "Interview", "Andel (pct.)"]
    assert frame["Effekt"].tolist() == ["0,031**\n(0,012)\n[0,120]", "−0,008\n(0,007)", "124.356"]
    assert frame["Interview"].tolist() == ["6/8", "12/20", ""]
    assert frame["Andel (pct.)"].tolist() == ["75,0", "", ""]


def test_records_keep_raw_numbers_that_json_can_hold():
    records = to_records(table())
    assert records[0]["effect"] == {"estimate": 0.031, "std_error": 0.012, "stars": "**", "mean": 0.12}
    assert records[1] == {
        "outcome": "Job",
        "effect": {"estimate": -0.0081, "std_error": 0.0074, "stars": ""},
        "interviews": {"k": 12, "n": 20},
        "share": None,
    }
    assert json.loads(json.dumps(records, allow_nan=False))[2]["share"] is None


def test_english_table_uses_points_and_its_own_labels():
    english = table(language="en")
    assert to_frame(english)["Effekt"][0] == "0.031**\n(0.012)\n[0.120]"
    assert [label for label, _ in english.below] == ["Remark:", "Note:", "Source:"]


def test_what_stands_below_is_remark_note_source_in_this_order():
    assert table().below == (
        ("Anm.:", "Model 2."),
        ("Note:", "Standardfejl i parentes."),
        ("Kilde:", "Egne beregninger."),
    )


def test_sections_stand_in_front_of_frame_and_records():
    spec = table(sections=((0, "Alle"), (2, "Model")))
    assert to_frame(spec)[""].tolist() == ["Alle", "Alle", "Model"]
    assert [record["section"] for record in to_records(spec)] == ["Alle", "Alle", "Model"]


def test_headings_carry_their_group_and_stay_apart():
    columns = (
        Column("a", "Niveau", group="Borger"),
        Column("b", "Niveau", group="Borger"),
        Column("c", "Niveau"),
    )
    spec = TableSpec("k", "T", columns, ())
    assert column_titles(spec) == ("Borger: Niveau", "Borger: Niveau (2)", "Niveau")
    assert spec.column_groups == (("Borger", 2), ("", 1))


def test_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="row 0: 1 cells, expected 4"):
        table(rows=(("Praktik",),))


def test_columns_with_one_key_are_refused():
    with pytest.raises(ValueError, match="share a key"):
        TableSpec("k", "T", (Column("a", "A"), Column("a", "B")), ())


def test_workbook_holds_raw_numbers_in_columns_of_their_own():
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx([table()])))
    sheet = book["effects"]
    assert [cell.value for cell in sheet[3]] == [
        "Udfald", "Effekt", "Effekt: standardfejl", "Effekt: signifikans", "Effekt: gennemsnit", "Interview",
        "Interview: ud af", "Andel (pct.)",
    ]  # fmt: skip
    assert [cell.value for cell in sheet[4]] == ["Praktik", 0.031, 0.012, "**", 0.12, 6, 8, 75]
    assert [cell.value for cell in sheet[5]] == ["Job", -0.0081, 0.0074, None, None, 12, 20, None]
    assert sheet["B4"].number_format == "#,##0.000"
    assert sheet["F4"].number_format == "#,##0"
    assert sheet.freeze_panes == "B4"
    assert [sheet.cell(row, 1).value for row in (8, 9, 10)] == [
        "Anm.: Model 2.", "Note: Standardfejl i parentes.", "Kilde: Egne beregninger.",
    ]  # fmt: skip


def test_workbook_never_turns_text_into_a_formula():
    spec = TableSpec("k", "T", (Column("a", "A"),), (("=1+1",),))
    cell = openpyxl.load_workbook(io.BytesIO(to_xlsx([spec])))["k"]["A4"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_sheets_of_tables_with_one_key_get_names_of_their_own():
    spec = table(key="a" * 40)
    names = openpyxl.load_workbook(io.BytesIO(to_xlsx([spec, spec]))).sheetnames
    assert names == ["a" * 31, "a" * 29 + " 2"]


def test_same_tables_give_the_same_workbook():
    assert to_xlsx([table()]) == to_xlsx([table()])
