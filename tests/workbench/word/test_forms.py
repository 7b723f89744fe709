"""Printed forms: every question and point is there, in the language and direction asked for."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from pathlib import Path

import pytest

from quant import Instrument, InstrumentError, load_instrument
from tests.pages.numbers_material import numbers_study
from workbench.errors import InvalidRequestError
from workbench.services.forms import persons_of, printed_forms, printed_stars
from workbench.word import docx_text
from workbench.word.form_drawings import empty_star, face, numbered_circle
from workbench.word.forms import render_forms

FIP = load_instrument("fip")


def document_xml(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("word/document.xml").decode()


def in_arabic(instrument: Instrument) -> Instrument:
    items = tuple(
        dataclasses.replace(i, wording={**i.wording, "ar": f"سؤال {i.order}"}) for i in instrument.items
    )
    scales = tuple(dataclasses.replace(s, low={"ar": "لا"}, high={"ar": "نعم"}) for s in instrument.scales)
    return dataclasses.replace(instrument, items=items, scales=scales)


def test_each_respondent_has_a_page_with_every_question_and_seven_targets() -> None:
    content = printed_forms(FIP)
    text, xml = docx_text(content).text, document_xml(content)
    assert [item.wording["da"] in text for item in FIP.items] == [True] * 22
    assert xml.count("<w:drawing") == 22 * 7
    assert xml.count("<w:pageBreakBefore/>") == 1
    assert all(words in text for words in ("Passer slet ikke", "Passer helt", "Runde", "Dato", "ikke CPR"))


def test_a_simplified_scale_has_its_faces_and_is_named_at_the_foot() -> None:
    content = printed_forms(FIP, respondents=["citizen"], language="en", variant="faces3", office="en")
    assert document_xml(content).count("<w:drawing") == 11 * 3
    assert "fip 1, citizen, 3 faces" in docx_text(content).text
    assert "I am on time." in docx_text(content).text


def test_who_may_not_use_the_simplified_scale_keeps_the_own_one() -> None:
    content = printed_forms(FIP, respondents=["caseworker"], variant="faces3")
    assert document_xml(content).count("<w:drawing") == 11 * 7


def test_arabic_runs_from_right_to_left_with_its_scale() -> None:
    xml = document_xml(printed_forms(in_arabic(FIP), respondents=["citizen"], language="ar"))
    assert xml.count("<w:bidiVisual/>") == 1  # the questions; the boxes are the office's
    assert '<w:rtl/><w:lang w:val="ar-SA" w:bidi="ar-SA"/>' in xml
    assert "سؤال 1" in xml
    assert "<w:bidiVisual/>" not in document_xml(printed_forms(FIP))


def test_a_language_in_which_nothing_is_worded_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidRequestError, match="so; det findes på: da, en"):
        printed_forms(FIP, language="so")
    with pytest.raises(InstrumentError, match="no simplified scale"):
        printed_forms(FIP, variant="stars")


def test_the_same_form_gives_the_same_bytes() -> None:
    assert printed_forms(FIP, kind="star") == printed_forms(FIP, kind="star")
    with pytest.raises(ValueError, match="no forms"):
        render_forms([], language="da")


def test_a_star_to_draw_on_has_a_spoke_an_item_and_a_mark_a_point() -> None:
    svg = empty_star(["A & B", "C", "D"], (1, 5), alt_text="star", width_cm=10).svg()
    assert svg.count("<line ") == 3
    assert svg.count("<circle ") == 3 * 5
    assert svg.count("<polygon ") == 5
    assert "A &amp; B" in svg
    with pytest.raises(ValueError, match="three spokes"):
        empty_star(["A", "B"], (1, 5), alt_text="star", width_cm=10)


def test_faces_differ_in_the_mouth_and_pictures_are_png() -> None:
    sad, straight, glad = (face(share, alt_text="", width_cm=1).svg() for share in (0, 0.5, 1))
    assert len({sad, straight, glad}) == 3
    assert "M 28 66.0 Q 50 66.0 72 66.0" in straight
    assert numbered_circle(4, alt_text="4", width_cm=1).png().startswith(b"\x89PNG")


def test_filled_stars_of_a_caseload_are_a_page_each(tmp_path: Path) -> None:
    study = numbers_study(tmp_path)
    text = docx_text(printed_stars(study, ["P01", "P02"], language="da")).text
    assert "Stjerne for P01" in text
    assert "Stjerne for P02" in text
    assert persons_of(study, "gender", "men")[:2] == ["P00", "P02"]
    with pytest.raises(InvalidRequestError, match="der er valgt 0 personer"):
        printed_stars(study, [], language="da")
