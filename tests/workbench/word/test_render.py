"""The sample report as Word, a lint and LibreOffice see it."""

from __future__ import annotations

import dataclasses
import io
import zipfile

import docx
import pypdfium2
import pytest
from lxml import etree

from tests.workbench.word.conftest import TITLES
from tests.workbench.word.docx_lint import W, faults
from tests.workbench.word.sample_report import QUOTATION, estimate_table, factor_table, sample_blocks
from workbench.display import Column, TableSpec, to_frame
from workbench.errors import ReportError
from workbench.i18n import set_language
from workbench.word import (
    BulletList,
    Contents,
    FigureBlock,
    Heading,
    LandscapeSection,
    PageBreak,
    Paragraph,
    Quotation,
    Reference,
    Table,
    Title,
    docx_text,
    render,
)
from workbench.word.pages import find_office, heading_pages, to_pdf

LANGUAGES = ("da", "en")


def part(document: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return archive.read(name).decode("utf-8")


def write(*blocks, language="da", **options) -> bytes:
    return render(blocks, language=language, title="Prøve", paginate=False, **options)


def small_table(title="Antal", key="t", rows=(("a", 1),)) -> TableSpec:
    return TableSpec(key, title, (Column("a", "A"), Column("b", "B", "integer")), rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sample_report_has_no_fault_that_word_would_repair(rendered, language):
    assert faults(rendered[language]) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_same_blocks_give_the_same_bytes(rendered, language):
    again = render(sample_blocks(language), language=language, title=TITLES[language], paginate=False)
    assert again == rendered[language]


def test_captions_are_numbered_by_chapter_and_references_follow(rendered):
    text = docx_text(rendered["da"])
    captions = [line for style, line in text.paragraphs if style == "Caption"]
    numbers = [caption.split("\u2002")[0].replace("\u00a0", " ") for caption in captions]
    assert numbers == [
        "Figur 1.1", "Tabel 1.1", "Tabel 2.1", "Figur 2.1", "Figur 2.2", "Tabel 3.1", "Tabel 3.2",
    ]  # fmt: skip
    assert "Se tabel\u00a02.1 og kapitel\u00a01." in text.text
    assert "Tabel\u00a02.1 viser resultaterne." in text.text


def test_english_references_keep_their_capital(rendered):
    assert "See Table\u00a02.1 and chapter\u00a01." in docx_text(rendered["en"]).text


def test_contents_hold_every_heading_with_its_number_and_a_page(rendered):
    entries = [line for style, line in docx_text(rendered["da"]).paragraphs if style.startswith("TOC")]
    words = [entry.split("\t")[:-1] for entry in entries[1:]]
    assert words == [
        ["Sammenfatning"], ["1", "Sprog"], ["1.1", "Hvem taler om det"], ["1.2", "Hvad tallene siger"],
        ["2", "Effekter"], ["3", "Temaer og tal"], ["Bilag"],
    ]  # fmt: skip
    assert entries[0] == "Indhold"
    pages = [int(entry.split("\t")[-1]) for entry in entries[1:]]
    assert pages == sorted(pages)
    assert pages[0] == 2


def test_word_is_not_told_to_ask_whether_to_update_fields(rendered):
    assert "updateFields" not in part(rendered["da"], "word/settings.xml")


@pytest.mark.parametrize("language", LANGUAGES)
def test_table_cells_are_those_of_the_screen(rendered, language):
    tables = docx_text(rendered[language]).tables
    for spec, header_rows in ((factor_table(language), 2), (estimate_table(language), 1)):
        shown = next(table for table in tables if table[header_rows - 1][-1] == to_frame(spec).columns[-1])
        body = [row for row in shown[header_rows:] if len(row) == len(spec.columns)]
        frame = to_frame(spec).iloc[:, -len(spec.columns) :]
        assert body == [tuple(row) for row in frame.to_numpy().tolist()]


def test_quotation_has_no_marks_and_ends_with_its_attribution(rendered):
    quotations = [line for style, line in docx_text(rendered["da"]).paragraphs if style == "Quote"]
    assert quotations == [f"{QUOTATION['da']} (Borger, kvinde, 34 år)"]
    marked = docx_text(write(Quotation("»Det går.«", "Leder"), Quotation('"Ja", sagde hun, "nej".', "Leder")))
    assert [line for _, line in marked.paragraphs] == ["Det går. (Leder)", '"Ja", sagde hun, "nej". (Leder)']


def test_notes_stand_below_in_the_order_of_the_genre(rendered):
    lines = [line for style, line in docx_text(rendered["da"]).paragraphs if style == "TableNote"]
    labels = [line.split(":")[0] for line in lines]
    assert labels[labels.index("Anm.") :][:3] == ["Anm.", "Note", "Kilde"]


def test_only_the_wide_table_stands_on_a_landscape_page(rendered):
    document = docx.Document(io.BytesIO(rendered["da"]))
    widths = [section.page_width > section.page_height for section in document.sections]
    assert widths == [False, True, False]
    assert [section.different_first_page_header_footer for section in document.sections] == [
        True,
        False,
        False,
    ]


def test_report_that_ends_landscape_has_no_empty_page_after_it():
    document = docx.Document(io.BytesIO(write(Heading(1, "A"), LandscapeSection((Table(small_table()),)))))
    assert [section.page_width > section.page_height for section in document.sections] == [False, True]


def test_neighbouring_landscape_sections_become_one():
    wide = LandscapeSection((Table(small_table()),))
    document = docx.Document(io.BytesIO(write(Heading(1, "A"), wide, wide, Paragraph("B"))))
    assert len(document.sections) == 3


def test_header_rows_repeat_and_rows_stay_whole_unless_a_cell_is_very_long():
    xml = part(write(Table(small_table(rows=(("a", 1), ("b" * 4000, 2))))), "word/document.xml")
    rows = list(etree.fromstring(xml.encode()).iter(f"{W}tr"))
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True, False, False]
    assert [row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows] == [True, True, False]


def test_decimals_meet_although_stars_and_brackets_hang():
    column = Column("e", "E", "estimate", 2)
    rows = ((0.25,), (0.5,), (12,))
    xml = part(write(Table(TableSpec("k", "T", (column,), rows))), "word/document.xml")
    cells = list(etree.fromstring(xml.encode()).iter(f"{W}tc"))[1:]
    indents = [cell.find(f"{W}p/{W}pPr/{W}ind") for cell in cells]
    assert indents[0].get(f"{W}right") == indents[1].get(f"{W}right")
    assert indents[2] is None


def test_figures_have_words_for_those_who_do_not_see_them(rendered):
    root = etree.fromstring(part(rendered["da"], "word/document.xml").encode())
    words = [each.get("descr") for each in root.iter("{*}docPr")]
    assert len(words) == 3
    assert words[0].startswith("Antal interview, hvor temaet forekommer")


def test_unknown_reference_is_refused_with_what_is_known():
    set_language("en")
    with pytest.raises(ReportError, match=r"'tabl'.*known: table"):
        write(Paragraph(("Se ", Reference("tabl"))), Table(small_table(), "table"))


def test_bookmark_used_twice_is_refused():
    set_language("en")
    with pytest.raises(ReportError, match="share the bookmark 'x'"):
        write(Table(small_table(), "x"), Heading(1, "A", bookmark="x"))


def test_caption_before_the_first_chapter_has_no_chapter_number():
    text = docx_text(write(Table(small_table(), "x"), Paragraph((Reference("x"),))))
    assert text.paragraphs[0][1] == "Tabel\u00a01\u2002Antal"
    assert [field.kind for field in text.fields] == ["SEQ", "REF"]


def test_control_characters_and_markup_signs_are_harmless():
    document = write(
        Title("A & <B>\x00"),
        Paragraph("x\x0bq\ud800<w:p/>"),
        Quotation("a\x1fb\nc", 'L & "M"'),
        Table(small_table(title='T "<&>\x01', rows=(("<i>\x02", 1),))),
    )
    assert faults(document) == []
    lines = [line for _, line in docx_text(document).paragraphs]
    assert lines[:3] == ["A & <B>", "xq<w:p/>", 'ab\nc (L & "M")']


def test_numbers_keep_their_units_on_the_line():
    text = docx_text(write(Paragraph("Jf. § 3 og nr. 5 gælder 12,5 pct. af 3 mio. kr., p < 0,05."))).text
    assert text == "Jf. §\u00a03 og nr.\u00a05 gælder 12,5\u00a0pct. af 3\u00a0mio. kr., p <\u00a00,05."


def test_quotation_keeps_its_own_spaces():
    assert docx_text(write(Quotation("Det var § 3.", "Leder"))).text == "Det var § 3. (Leder)"


def test_metadata_name_no_person_and_keep_what_was_given():
    document = write(Heading(1, "A"), metadata={"study": "IMMI & co", "created": "2026-02-03"})
    properties = docx.Document(io.BytesIO(document)).core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.title == "Prøve"
    assert properties.created.date().isoformat() == "2026-02-03"
    assert "IMMI &amp; co" in part(document, "docProps/custom.xml")
    assert faults(document) == []


def test_file_has_no_stale_parts_and_the_current_mode(rendered):
    names = zipfile.ZipFile(io.BytesIO(rendered["da"])).namelist()
    assert not [name for name in names if "Effects" in name or "thumbnail" in name or "customXml" in name]
    assert 'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"' in part(
        rendered["da"], "word/settings.xml"
    )


def test_page_break_begins_the_next_block_on_a_new_page():
    xml = part(write(Paragraph("a"), PageBreak(), Table(small_table())), "word/document.xml")
    paragraphs = list(etree.fromstring(xml.encode()).iter(f"{W}p"))
    assert [each.find(f"{W}pPr/{W}pageBreakBefore") is not None for each in paragraphs[:2]] == [False, True]


def test_empty_report_and_contents_without_headings_are_sound():
    assert faults(write()) == []
    assert faults(write(Contents(), BulletList(("a",)))) == []


def test_hundred_tables_are_written_in_step_with_their_number():
    rows = tuple((f"række {index}", index) for index in range(60))
    document = write(*(Table(small_table(f"T{index}", f"k{index}", rows)) for index in range(100)))
    assert len(docx_text(document).tables) == 100


def house_template() -> bytes:
    """A Danish template: ids differ from the names, a link leads outside, headings are its own."""
    template = docx.Document()
    for element in template.styles.element.iter():
        for name, value in element.attrib.items():
            if value == "Heading1":
                element.set(name, "Overskrift1")
    template.sections[0].header.paragraphs[0].text = "Husets hoved"
    template.part.relate_to("https://example.org/x", "http://example.org/rel", is_external=True)
    template.add_paragraph("Gammel tekst")
    buffer = io.BytesIO()
    template.save(buffer)
    return buffer.getvalue()


def test_house_template_keeps_its_styles_and_header_and_loses_its_links():
    document = write(*sample_blocks("da"), template=house_template())
    assert faults(document) == []
    text = docx_text(document)
    assert ("Overskrift1", "Sprog") in text.paragraphs
    assert "Gammel tekst" not in text.text
    assert docx.Document(io.BytesIO(document)).sections[0].header.paragraphs[0].text == "Husets hoved"
    assert "example.org" not in part(document, "word/_rels/document.xml.rels")


@pytest.mark.parametrize("template", [b"no document", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_template_is_refused_with_the_remedy(template):
    set_language("en")
    with pytest.raises(ReportError, match=r"save it in Word as \.docx"):
        write(Heading(1, "A"), template=template)


def test_reader_lists_numbers_as_written():
    text = docx_text(write(Paragraph("I 2018 var det −0,008 (0,007) af 6.296.")))
    assert text.numbers == ("2018", "−0,008", "0,007", "6.296")


def test_figure_wider_than_the_page_is_made_to_fit(rendered):
    block = next(each for each in sample_blocks("da") if isinstance(each, FigureBlock))
    wide = FigureBlock(dataclasses.replace(block.figure, width_cm=40.0))
    root = etree.fromstring(part(write(wide), "word/document.xml").encode())
    assert int(next(root.iter("{*}extent")).get("cx")) <= 16 * 360_000


@pytest.mark.office
@pytest.mark.parametrize("language", LANGUAGES)
def test_libreoffice_shows_every_page_and_the_cached_page_numbers(language):
    document = render(sample_blocks(language), language=language, title=TITLES[language])
    office = find_office()
    assert office is not None
    pdf = to_pdf(document, office=office)
    assert pdf is not None
    pages = pypdfium2.PdfDocument(pdf)
    try:
        assert len(pages) == 6
        # A caption counted by LibreOffice itself, chapter by chapter.
        shown = pages[2].get_textpage().get_text_bounded()
        assert {"da": "Tabel 2.1", "en": "Table 2.1"}[language] in shown.replace("\u00a0", " ")
    finally:
        pages.close()
    entries = [line for style, line in docx_text(document).paragraphs if style in {"TOC1", "TOC2"}]
    assert [int(entry.split("\t")[-1]) for entry in entries] == heading_pages(pdf)
