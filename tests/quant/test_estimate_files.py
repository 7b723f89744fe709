"""Estimates from elsewhere: printed tables of other programs, lists of Stata and R, workbooks, damage."""

from __future__ import annotations

import io
import zipfile
from html import escape
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from quant.errors import EstimatesError, QuantError
from quant.estimate_audit import audit_estimates
from quant.estimate_files import EstimateFile, read_document, read_estimate_file
from quant.estimates import Estimate, EstimateMapping, read_estimates
from tests.quant.printed_tables import CSV, FIXED, PRINTED


def read(text: str | bytes, name: str) -> EstimateFile:
    return read_estimate_file(text.encode() if isinstance(text, str) else text, name)


def estimates(found: EstimateFile) -> tuple[Estimate, ...]:
    assert found.mapping is not None
    return read_estimates(found.frame, found.mapping, source="file").estimates


def workbook(*rows: list[Any], merged: tuple[str, ...] = (), title: str = "Ark1") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word(body: str, *, part: str = "word/document.xml", declaration: str = "") -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        xml = f'{declaration}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
        archive.writestr(part, xml)
    return written.getvalue()


def paragraph(text: str) -> str:
    runs = "<w:br/>".join(f"<w:t>{escape(line)}</w:t>" for line in text.split("\n"))
    return f"<w:p><w:r>{runs}</w:r></w:p>"


def word_table(*rows: list[str]) -> str:
    cells = ["".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


@pytest.mark.parametrize("name", PRINTED)
def test_the_same_two_models_are_read_from_every_way_of_printing_them(name: str) -> None:
    found = read(PRINTED[name], name)
    assert found.kind == "tables"
    read_rows = [
        (e.outcome, e.estimate, e.std_error, e.stars, e.n, "age" in e.model) for e in estimates(found)
    ]
    assert read_rows == [
        ("employment", 0.031, 0.012, "**", 3556, False),
        ("education", -0.012, 0.009, "", 3556, False),
        ("education", 0.004, 0.001, "***", 3556, True),
    ]
    assert list(found.frame["adjusted_r2"]) == ["0.013", "0.010", "0.010"]
    assert found.frame.attrs["star_levels"] == {"*": 0.05, "**": 0.01, "***": 0.001}
    assert audit_estimates(found.frame).empty


def test_the_place_of_an_estimate_is_its_table_row_and_column() -> None:
    (first, *_) = estimates(read(CSV, "esttab.csv"))
    assert first.place == "esttab, r3c2 (employment, (1), row treated)"
    assert first.model == "(1), row treated"
    titled = read(PRINTED["esttab.tex"], "a.tex")
    assert [table.name for table in titled.tables] == ["Table 2: Effects on work"]
    assert [table.estimates for table in titled.tables] == [3]


def test_a_heading_that_says_what_a_cell_holds_is_no_outcome() -> None:
    named = CSV.replace('"treated"', '"","b/se","b/se"\n"treated"')
    assert [e.outcome for e in estimates(read(named, "esttab.csv"))] == [
        "employment",
        "education",
        "education",
    ]


def test_statistics_in_parentheses_give_the_standard_error_and_say_so() -> None:
    printed = FIXED.replace("(0.012)", " (2.58)").replace("(0.009)", "(-1.33)").replace("(0.001)", " (4.00)")
    found = read(printed.replace("Standard errors", "t statistics"), "t.txt")
    assert found.mapping is not None
    table = read_estimates(found.frame, found.mapping, source="t.txt")
    assert table.estimates[0].std_error == pytest.approx(0.031 / 2.58)
    assert table.estimates[0].computed == {"std_error": "estimate / statistic"}
    assert table.findings.summary == {"std_error_from_statistic": 3}
    # without the note the negative number in parentheses says that it is no standard error
    silent = read(printed.replace("Standard errors in parentheses\n", ""), "t.txt")
    assert estimates(silent)[1].std_error == pytest.approx(0.009, abs=5e-5)


def test_estimates_beside_their_standard_errors_are_read() -> None:
    wide = """
--------------------------------------------------------------------
                      (1)                           (2)
               employment                     education
--------------------------------------------------------------------
treated             0.031**     (0.012)          -0.012      (0.009)
--------------------------------------------------------------------
N                    3556                          3556
--------------------------------------------------------------------
Standard errors in parentheses
"""
    assert [(e.outcome, e.estimate, e.std_error, e.n) for e in estimates(read(wide, "wide.txt"))] == [
        ("employment", 0.031, 0.012, 3556),
        ("education", -0.012, 0.009, 3556),
    ]


def test_intervals_in_brackets_are_read_as_intervals() -> None:
    text = CSV.replace('"(0.012)"', '"[0.007, 0.055]"').replace("(0.009)", "[-0.030, 0.006]")
    first = estimates(read(text.replace("(0.001)", "[0.002, 0.006]"), "ci.csv"))[0]
    assert (first.std_error, first.ci()) == (None, (0.007, 0.055))


def test_a_published_sheet_with_merged_headings_and_errors_below_is_read_to_the_cell() -> None:
    content = workbook(
        ["Tabel 5.3 Effekter"],
        [],
        ["", "Beskæftigelse", None, "Praktik", None],
        ["Periode", "Mænd", "Kvinder", "Mænd", "Kvinder"],
        [2017, "0,005\n(0,009)", "−0,001\n(0,006)", "0,038**\n(0,014)", 0.021],
        [None, None, None, None, "(0,011)"],
        ["2017-2018", "0,015", "-0,011#", "0,138***", "0,021"],
        ["", "(0,019)", "(0,006)", "(0,014)", "(0,011)"],
        ["N", "1.234", "1.100", "1.234", "1.100"],
        ["Anm.: # p < 0,10; * p < 0,05; ** p < 0,01; *** p < 0,001. Standardfejl i parentes."],
        merged=("B3:C3", "D3:E3"),
        title="Tabel 5.3",
    )
    found = read(content, "tabeller.xlsx")
    rows = [
        (e.outcome, e.subgroup, e.period, e.estimate, e.std_error, e.stars, e.n) for e in estimates(found)
    ]
    assert rows == [
        ("Beskæftigelse", "Mænd", "2017", 0.005, 0.009, "", 1234),
        ("Beskæftigelse", "Kvinder", "2017", -0.001, 0.006, "", 1100),
        ("Praktik", "Mænd", "2017", 0.038, 0.014, "**", 1234),
        ("Praktik", "Kvinder", "2017", 0.021, 0.011, "", 1100),
        ("Beskæftigelse", "Mænd", "2017-2018", 0.015, 0.019, "", 1234),
        ("Beskæftigelse", "Kvinder", "2017-2018", -0.011, 0.006, "#", 1100),
        ("Praktik", "Mænd", "2017-2018", 0.138, 0.014, "***", 1234),
        ("Praktik", "Kvinder", "2017-2018", 0.021, 0.011, "", 1100),
    ]
    assert estimates(found)[3].place == "Tabel 5.3 Effekter, Tabel 5.3!E5 (Kvinder, Praktik, 2017)"
    assert found.frame.attrs["star_levels"]["#"] == 0.10


def test_several_tables_of_a_file_are_named_and_can_be_chosen() -> None:
    first = [["Tabel 1"], ["", "y"], ["a", "0.10*"], ["", "(0.04)"], [], []]
    second = [["Tabel 2"], ["", "y"], ["a", "0.20*"], ["", "(0.08)"]]
    found = read(workbook(*first, *second), "to.xlsx")
    assert [(table.name, table.estimates) for table in found.tables] == [("Tabel 1", 1), ("Tabel 2", 1)]
    assert found.mapping is not None
    only = EstimateMapping(found.mapping.columns, found.mapping.model, only={"table": ("Tabel 2",)})
    (chosen,) = read_estimates(found.frame, only, source="to.xlsx").estimates
    assert (chosen.estimate, chosen.place) == (0.2, "Tabel 2, Ark1!B9 (y, a)")


def test_what_the_file_is_about_can_be_said_once_and_is_kept_with_the_mapping(tmp_path: Path) -> None:
    found = read(CSV, "esttab.csv")
    assert found.mapping is not None
    mapping = EstimateMapping(
        found.mapping.columns,
        found.mapping.model,
        constants={"subgroup": "men", "period": "2018"},
        only={"row": ("treated",)},
    )
    mapping.save(tmp_path / "m.toml")
    assert EstimateMapping.load(tmp_path / "m.toml") == mapping
    taken = read_estimates(found.frame, mapping, source="esttab.csv").estimates
    assert [(e.subgroup, e.period, e.outcome) for e in taken] == [
        ("men", "2018", "employment"),
        ("men", "2018", "education"),
    ]


def test_stata_and_r_lists_keep_p_values_and_degrees_of_freedom(tmp_path: Path) -> None:
    parmest = pd.DataFrame(
        {
            "parm": ["treated"],
            "estimate": [0.031],
            "stderr": [0.012],
            "dof": [57.0],
            "t": [2.583],
            "p": [0.0124],
            "min95": [0.007],
            "max95": [0.055],
        }
    )
    parmest.to_stata(tmp_path / "parmest.dta", write_index=False, version=118)
    (stata,) = estimates(read_estimate_file(tmp_path / "parmest.dta"))
    assert (stata.model, stata.std_error, stata.df, stata.p_value) == ("treated", 0.012, 57.0, 0.0124)
    assert (stata.ci_low, stata.ci_high) == (0.007, 0.055)

    broom = "term,estimate,std.error,statistic,p.value,conf.low,conf.high,nobs,df.residual\n"
    (tidy,) = estimates(read(f"{broom}treated,0.031,0.012,2.58,0.01,0.007,0.055,3556,3550\n", "broom.csv"))
    assert (tidy.model, tidy.p_value, tidy.n, tidy.df) == ("treated", 0.01, 3556, 3550)

    regsave = pd.DataFrame({"var": ["treated"], "coef": [0.031], "stderr": [0.012], "N": [3556], "r2": [0.1]})
    regsave.to_stata(tmp_path / "regsave.dta", write_index=False, version=118)
    (saved,) = estimates(read_estimate_file(tmp_path / "regsave.dta"))
    assert (saved.model, saved.estimate, saved.std_error, saved.n) == ("treated", 0.031, 0.012, 3556)


def test_value_labels_of_a_stata_file_stand_in_place_of_its_codes(tmp_path: Path) -> None:
    frame = pd.DataFrame({"outcome": [1, 2], "estimate": [0.1, 0.2], "stderr": [0.05, 0.05]})
    labels = {"outcome": {1: "employment", 2: "education"}}
    frame.to_stata(tmp_path / "l.dta", write_index=False, version=118, value_labels=labels)
    assert [e.outcome for e in estimates(read_estimate_file(tmp_path / "l.dta"))] == [
        "employment",
        "education",
    ]


def test_a_word_table_with_its_caption_and_notes_is_read() -> None:
    body = (
        paragraph("Tabel 4.2 Effekter for kvinder")
        + word_table(["Periode", "Job"], ["2018", "0,031*\n(0,012)\n[0,120]"])
        + paragraph("Anm.: * p < 0,05. Standardfejl i parentes. Indsatsgruppens gennemsnit i skarp parentes.")
        + paragraph("Teksten går videre.")
    )
    found = read(word(body), "rapport.docx")
    (estimate,) = estimates(found)
    assert (estimate.outcome, estimate.period, estimate.estimate) == ("Job", "2018", 0.031)
    assert (estimate.std_error, estimate.treated_mean, estimate.stars) == (0.012, 0.12, "*")
    assert estimate.place == "Tabel 4.2 Effekter for kvinder, r2c2 (Job, 2018)"
    document = read_document(word(body), "rapport.docx")
    assert document is not None
    assert [text for _, text in document.paragraphs][-1] == "Teksten går videre."


def test_tables_of_a_report_that_show_no_uncertainty_are_no_estimates() -> None:
    means = word_table(["Spørgsmål", "Runde 1"], ["Helbred", "3,19"], ["Jobtro", "4,35"])
    spread = word_table(["Spørgsmål", "Gns."], ["Helbred", "3,19 (1,02)"])
    shares = word_table(["Gruppe", "Antal"], ["Mænd", "1.007 (53 pct.)"])
    effects = word_table(["Periode", "Job"], ["2018", "0,031*\n(0,012)"])
    body = (
        paragraph("Tabel 1 Gennemsnit") + means
        + paragraph("Tabel 2 Spredning") + spread + paragraph("Anm.: Standardafvigelse i parentes.")
        + paragraph("Tabel 3 Personer") + shares
        + paragraph("Tabel 4 Effekter") + effects
    )  # fmt: skip
    assert [table.name for table in read(word(body), "r.docx").tables] == ["Tabel 4 Effekter"]


def test_deleted_text_and_field_codes_of_a_word_file_are_not_read() -> None:
    deleted = "<w:del><w:r><w:delText>0.9</w:delText></w:r></w:del>"
    cell = f"<w:tc><w:p>{deleted}<w:ins><w:r><w:t>0.031*</w:t></w:r></w:ins></w:p></w:tc>"
    row = f"<w:tr><w:tc>{paragraph('a')}</w:tc>{cell}</w:tr>"
    code = "<w:r><w:instrText>SEQ Table</w:instrText></w:r>"
    caption = f"<w:p><w:r><w:t>Table </w:t></w:r>{code}<w:r><w:t>7</w:t></w:r></w:p>"
    (estimate,) = estimates(read(word(f"{caption}<w:tbl>{row}</w:tbl>"), "r.docx"))
    assert (estimate.estimate, estimate.place) == (0.031, "Table 7, r1c2 (a)")


def test_a_file_without_estimates_says_what_was_expected() -> None:
    with pytest.raises(EstimatesError, match=r"r\.docx: no table of estimates among its 1 tables; expected"):
        read(word(word_table(["navn", "svar"], ["a", "ja"])), "r.docx")
    with pytest.raises(EstimatesError, match=r"r\.pdf: tables cannot be read from a PDF"):
        read(b"%PDF-1.7 ...", "r.pdf")
    with pytest.raises(EstimatesError, match="the file is empty"):
        read(b"", "tom.csv")
    found = read("navn,svar\na,ja\n", "svar.csv")
    assert found.mapping is None
    assert "no column looks like the estimate" in str(found.problem)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04word/document.xml cut", r"the Word file is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, r"from before 2007, or one with a password"),
        (word("<w:p>", declaration=""), r"the Word file is damaged"),
        (word("", declaration='<!DOCTYPE x [<!ENTITY a "b">]>'), r"has a document type definition"),
        (word(paragraph("x" * 40_000_000)), r"unpacks to more than 32 MB"),
    ],
    ids=["cut", "old", "open", "entity", "bomb"],
)
def test_a_damaged_or_hostile_word_file_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(EstimatesError, match=rf"r\.docx: .*{said}"):
        read(content, "r.docx")


def test_files_cut_short_anywhere_are_read_or_refused() -> None:
    for name, text in PRINTED.items():
        content = text.encode()
        for end in range(1, len(content), 41):
            try:
                read(content[:end], name)
            except QuantError:
                continue


def test_a_workbook_with_a_broken_directory_is_read_or_refused() -> None:
    content = workbook(["", "y"], ["a", "0.1*"], ["", "(0.04)"])
    start = content.rindex(b"PK\x05\x06")
    for place in range(start, len(content)):
        for byte in (0x00, 0x7F, 0xFF):
            broken = content[:place] + bytes([byte]) + content[place + 1 :]
            try:
                read(broken, "broken.xlsx")
            except QuantError:
                continue
