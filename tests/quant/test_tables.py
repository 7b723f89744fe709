from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from quant import AnswersError, read_table
from quant.tables import as_numbers


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_delimiter_and_encoding_are_found(delimiter: str, encoding: str) -> None:
    text = delimiter.join(["navn", "køn", "svar"]) + "\n" + delimiter.join(["a", "kvinde på æ", "3"]) + "\n"
    frame = read_table(text.encode(encoding), "svar.csv")
    assert list(frame.columns) == ["navn", "køn", "svar"]
    assert frame["køn"].iloc[0] == "kvinde på æ"


def test_decimal_commas_do_not_hide_a_semicolon() -> None:
    frame = read_table(b"a;b\n1,5;2,5\n3,5;4,5\n", "x.csv")
    assert as_numbers(frame["b"]).tolist() == [2.5, 4.5]


def test_the_index_gives_the_row_number_in_the_file_across_blank_rows() -> None:
    frame = read_table(b"a,b\n1,2\n,\n\n3,4\n", "x.csv")
    assert [i + 2 for i in frame.index] == [2, 5]


def test_a_workbook_is_read_with_its_first_filled_sheet() -> None:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.add_worksheet("tom")
        sheet = book.add_worksheet("svar")
        sheet.write_row(0, 0, ["person", "svar"])
        sheet.write_row(1, 0, ["p1", 4])
    frame = read_table(buffer.getvalue(), "svar.xlsx")
    assert frame.to_dict("records") == [{"person": "p1", "svar": 4.0}]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"  \n ", "the file is empty"),
        (b"a,b\n", "column names and no rows"),
        (b"a,a\n1,2\n", "two columns are called 'a'"),
        (b"a,b\n1,2\n1,2,3\n", "row 3: 3 cells under 2 column names"),
        (b"\x89PNG\x00\x01", "not a text table"),
        (b"PK\x03\x04broken", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "remove its password"),
    ],
)
def test_a_broken_file_gets_one_message_with_its_name(content: bytes, message: str) -> None:
    with pytest.raises(AnswersError, match=message) as caught:
        read_table(content, "svar.csv")
    assert str(caught.value).startswith("svar.csv")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(AnswersError, match=r"gone\.csv: there is no such file"):
        read_table(tmp_path / "gone.csv")


def test_numbers_are_read_with_point_comma_and_minus_sign() -> None:
    numbers = as_numbers(pd.Series(["1.5", "1,5", "−2", "x", "", "1e-3", "inf"]))
    assert numbers.dropna().tolist() == [1.5, 1.5, -2.0, 0.001]


def test_a_cell_far_outside_a_table_is_refused_before_memory_is_asked_for() -> None:
    content = BytesIO()
    with xlsxwriter.Workbook(content) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write("A1", "person")
        sheet.write("XFD1048576", 1)
    with pytest.raises(AnswersError, match=r"far\.xlsx: a sheet has a cell so far out") as raised:
        read_table(content.getvalue(), "far.xlsx")
    assert raised.value.reason == "cell_far_out"
