"""OpenDocument text: what the page shows with changes accepted, character by character."""

from __future__ import annotations

import pytest

import interviews
from interviews.formats.odt import read_odt
from interviews.source import Source
from tests.interviews.test_docx_notes import marked
from tests.interviews.word_files import packed

NAMESPACES = " ".join(
    f'xmlns:{short}="{uri}"'
    for short, uri in {
        **{
            name: f"urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"
            for name, long in {
                "office": "office", "style": "style", "text": "text", "table": "table", "draw": "drawing",
                "fo": "xsl-fo-compatible", "svg": "svg-compatible",
            }.items()
        },
        "dc": "http://purl.org/dc/elements/1.1/",
    }.items()
)  # fmt: skip
STYLES = (
    '<style:style style:name="B" style:family="text"><style:text-properties '
    'fo:font-weight="bold"/></style:style>'
    '<style:style style:name="N" style:family="text"><style:text-properties '
    'fo:font-weight="normal"/></style:style>'
    '<style:style style:name="H" style:family="text"><style:text-properties '
    'text:display="none"/></style:style>'
    '<style:style style:name="Q" style:family="paragraph"><style:text-properties '
    'fo:font-style="italic"/></style:style>'
    '<style:style style:name="R" style:family="paragraph" style:parent-style-name="Q"/>'
    '<style:style style:name="T_20_1" style:display-name="Title" style:family="paragraph"/>'
    '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1" '
    'style:num-suffix="."/>'
    '<text:list-level-style-bullet text:level="2" text:bullet-char="•"/></text:list-style>'
    '<text:list-style style:name="I"><text:list-level-style-number text:level="1" style:num-format="" '
    'style:num-prefix="Interviewer:"/></text:list-style>'
)  # fmt: skip


def odt_file(body: str, *, flat: bool = False, **parts: str) -> bytes:
    inner = (
        f"<office:automatic-styles>{STYLES}</office:automatic-styles><office:body><office:text>"
        f"{body}</office:text>"
        "</office:body>"
    )
    if flat:
        return f'<?xml version="1.0"?><office:document {NAMESPACES}>{inner}</office:document>'.encode()
    content = f"<office:document-content {NAMESPACES}>{inner}</office:document-content>"
    return packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, **parts})


def read(body: str) -> Source:
    return read_odt(odt_file(body), file="a.odt")


def texts(source: Source) -> list[str]:
    return ["|".join(one.cells) if one.kind == "row" else one.text for one in source.paragraphs]


def test_blanks_tabs_and_breaks_are_those_of_the_page() -> None:
    body = (
        '<text:p>\n  Anna: <text:s text:c="2"/>to\n  og <text:span text:style-name="B"> '
        "tre</text:span><text:tab/> fire"
        "<text:line-break/>ny<text:soft-page-break/> side\n</text:p><text:p/>"
    )
    assert texts(read(body)) == ["Anna:   to og tre\t fire", "ny side", ""]


def test_headings_lists_and_looks_are_kept() -> None:
    body = (
        '<text:h text:outline-level="1">Samtalen</text:h><text:p text:style-name="T_20_1">Titel</text:p>'
        '<text:p><text:span text:style-name="B">Anna:</text:span> ja</text:p><text:p '
        'text:style-name="R">Hvad så?</text:p>'
        "<text:list "
        'text:style-name="L"><text:list-item><text:p>et</text:p><text:list><text:list-item><text:p>'
        "under</text:p>"
        "</text:list-item></text:list></text:list-item><text:list-item><text:p>to</text:p><text:p>"
        "mere</text:p>"
        '</text:list-item></text:list><text:list text:style-name="L" '
        'text:continue-numbering="true"><text:list-item>'
        '<text:p>tre</text:p></text:list-item></text:list><text:list text:style-name="I"><text:list-item>'
        "<text:p>Hvordan?</text:p></text:list-item></text:list>"
    )
    found = [(one.kind, one.text, one.bold, one.emphasis, one.number) for one in read(body).paragraphs]
    assert found == [
        ("heading", "Samtalen", 0, None, None), ("heading", "Titel", 0, None, None), ("body", "Anna: ja", 6,
        None, None),
        ("body", "Hvad så?", 0, "italic", None), ("body", "et", 0, None, 1), ("body", "under", 0, None, None),
        ("body", "to", 0, None, 2), ("body", "mere", 0, None, None), ("body", "tre", 0, None, 3),
        ("body", "Interviewer: Hvordan?", 0, None, None),
    ]  # fmt: skip


@pytest.mark.parametrize("flat", [False, True])
def test_tracked_changes_are_accepted_in_both_forms_of_the_format(flat: bool) -> None:
    deletion = '<text:changed-region text:id="d1"><text:deletion>{}</text:deletion></text:changed-region>'
    stored = deletion.format("" if flat else "<text:p>væk</text:p>")
    gone = (
        '<text:change-start text:change-id="d1"/>væk</text:p><text:p>også væk<text:change-end '
        'text:change-id="d1"/>'
        if flat
        else '<text:change text:change-id="d1"/>'
    )
    body = (
        f"<text:tracked-changes>{stored}<text:changed-region "
        f'text:id="i1"><text:insertion/></text:changed-region>'
        f"</text:tracked-changes><text:p>Ja {gone}"
        '<text:change-start text:change-id="i1"/>indsat<text:change-end text:change-id="i1"/></text:p>'
    )
    assert texts(read_odt(odt_file(body, flat=flat), file="a.odt")) == ["Ja indsat"]


def test_comments_and_notes_stand_where_they_stood() -> None:
    body = (
        "<text:p>a <office:annotation "
        'office:name="c1"><dc:creator>Bo</dc:creator><dc:date>2024-05-03T10:00:00</dc:date>'
        "<text:p>hvem?</text:p><text:p>og hvor</text:p></office:annotation>bc</text:p><text:p>d"
        '<office:annotation-end office:name="c1"/> e<text:note '
        'text:note-class="footnote"><text:note-citation>1'
        "</text:note-citation><text:note-body><text:p> fod</text:p></text:note-body></text:note> f"
        "<office:annotation><text:p>punkt</text:p></office:annotation></text:p>"
    )
    source = read(body)
    assert [(one.kind, one.text) for one in source.paragraphs] == [
        ("body", "a bc"),
        ("body", "d e f"),
        ("note", "fod"),
    ]
    assert [(one.kind, marked(source, one), one.text, one.author,
    one.written_at) for one in source.notes] == [
        ("comment", "bc\nd", "hvem?\nog hvor", "Bo", "2024-05-03T10:00:00"), ("footnote", "", "fod", "", ""),
        ("comment", "", "punkt", "", ""),
    ]  # fmt: skip


def test_tables_boxes_fields_and_sections_are_read_and_hidden_text_is_said() -> None:
    body = (
        "<text:sequence-decls><text:sequence-decl/></text:sequence-decls><table:table>"
        "<table:table-header-rows>"
        "<table:table-row><table:table-cell "
        'table:number-columns-spanned="2"><text:p>over</text:p></table:table-cell>'
        "<table:covered-table-cell/><table:table-cell><text:p>c</text:p></table:table-cell></table:table-row>"
        "</table:table-header-rows><table:table-row><table:table-cell><text:p>1</text:p><text:p>"
        "2</text:p></table:table-cell>"
        '<table:table-cell table:number-columns-repeated="999999999"/></table:table-row></table:table>'
        "<text:p>før "
        "<draw:frame><draw:text-box><text:p>boks</text:p></draw:text-box><svg:title>navn</svg:title>"
        "</draw:frame>"
        "<text:date>3. "
        "maj</text:date><text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>kan</text:ruby-text>"
        '</text:ruby></text:p><text:section text:name="s"><text:p>i afsnit<text:span '
        'text:style-name="H"> skjult</text:span>'
        '</text:p></text:section><text:section text:display="none"><text:p>væk</text:p></text:section>'
        "<text:table-of-content><text:table-of-content-source><text:index-title-template>skabelon"
        "</text:index-title-template></text:table-of-content-source><text:index-body><text:p>Indhold</text:p>"
        "</text:index-body></text:table-of-content>"
    )
    source = read(body)
    rows = [one.cells for one in source.paragraphs if one.kind == "row"]
    assert rows[0] == ("over", "", "c")
    assert rows[1][0] == "1\n2"
    assert len(rows[1]) <= 300
    assert texts(source)[2:] == ["før 3. maj漢", "boks", "i afsnit", "Indhold"]
    (warning,) = source.warnings
    assert isinstance(warning, interviews.ReadingWarning)
    assert (warning.reason, warning.values) == ("hidden_text", {"n": 2})


def test_a_password_is_said_and_a_missing_document_too() -> None:
    manifest = (
        "<manifest:manifest "
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry>'
        "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    )
    protected = odt_file("<text:p>x</text:p>", **{"META-INF/manifest.xml": manifest})
    empty = packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"})
    for data, reason, detail in [(protected, "encrypted", "odt_password"), (empty, "damaged", None)]:
        with pytest.raises(interviews.TranscriptError) as refused:
            interviews.read_bytes(data, "a.odt")
        assert refused.value.reason == reason
        assert detail in {None, refused.value.detail}


@pytest.mark.parametrize("name", ["a.odt", "a.fodt"])
def test_a_transcript_is_read_from_either_form(name: str) -> None:
    body = (
        "<text:p>Anna: Hvordan?</text:p><text:p>Bo: Godt.</text:p><text:p>Anna: "
        "Ja</text:p><text:p>Bo: Nej</text:p>"
    )
    transcript = interviews.read_bytes(odt_file(body, flat=name.endswith("fodt")), name)
    assert [turn.speaker for turn in transcript.turns] == ["Anna", "Bo", "Anna", "Bo"]
    assert (transcript.source_format, transcript.warnings) == ("odt", ())
