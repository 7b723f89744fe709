"""Word files: what the page shows with changes accepted, character by character."""

from __future__ import annotations

import io

import docx
import pytest

import interviews
from interviews.formats.docx import read_docx
from interviews.source import Source, StyledRun
from tests.interviews.word_files import (
    NAMESPACES,
    RELATIONS,
    in_list,
    numbering_part,
    packed,
    paragraph,
    run,
    word_file,
)


def read(body: str, **parts: str) -> Source:
    return read_docx(word_file(body, **parts), file="a.docx")


def texts(source: Source) -> list[str]:
    return ["|".join(one.cells) if one.kind == "row" else one.text for one in source.paragraphs]


def field_character(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def instruction(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def test_tracked_changes_are_accepted_and_a_deleted_mark_joins_two_paragraphs() -> None:
    deleted_mark = "<w:rPr><w:del w:id='9'/></w:rPr>"
    body = (
        paragraph("Ja ", "<w:ins w:id='1'>" + run("helt ") + "</w:ins>",
        "<w:del w:id='2'><w:r><w:delText>slet ikke"
                  "</w:delText></w:r></w:del>", "sikker", properties=deleted_mark)
        + paragraph(" på det.")
        + paragraph("<w:moveFrom w:id='3'>" + run("væk") + "</w:moveFrom>",
        "<w:moveTo w:id='4'>" + run("hertil")
                    + "</w:moveTo>")
        + paragraph("<w:moveFrom w:id='5'>" + run("flyttet") + "</w:moveFrom>",
                    properties="<w:rPr><w:moveFrom w:id='6'/></w:rPr>")
        + paragraph("sidst", properties=deleted_mark)
    )  # fmt: skip
    assert texts(read(body)) == ["Ja helt sikker på det.", "hertil", "sidst"]


def test_a_field_shows_its_result_and_never_its_instruction() -> None:
    nested = (
        field_character("begin") + instruction(' IF "') + field_character("begin")
        + instruction("MERGEFIELD x")
        + field_character("separate") + run("skjult værdi") + field_character("end") + instruction('" ...')
        + field_character("separate") + run("vist") + field_character("end")
    )  # fmt: skip
    simple = '<w:fldSimple w:instr="DATE"><w:fldData>AAAA</w:fldData>' + run("3. maj") + "</w:fldSimple>"
    link = field_character("begin") + instruction("HYPERLINK x") + field_character("separate") + run("her")
    body = (
        paragraph("a ", nested, " b ", simple)
        + paragraph(link)
        + paragraph(run("og"), field_character("end"))
    )
    assert texts(read(body)) == ["a vist b 3. maj", "her", "og"]


def test_a_field_that_never_ends_does_not_swallow_the_text() -> None:
    body = paragraph("før ", field_character("begin"), instruction("PAGE"), "efter") + paragraph("næste")
    assert texts(read(body)) == ["før efter", "næste"]


def test_form_fields_and_symbol_fields_show_what_the_page_shows() -> None:
    box = (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default '
        'w:val="0"/><w:checked/></w:checkBox>'
        "</w:ffData></w:fldChar></w:r>"
    )
    choice = (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/>'
        '<w:listEntry w:val="Mand"/><w:listEntry w:val="Kvinde"/></w:ddList></w:ffData></w:fldChar></w:r>'
    )
    smiley = (
        field_character("begin") + instruction(' SYMBOL 74 \\f "Wingdings" \\s 11 ') + field_character("end")
    )
    closed = field_character("end")
    body = paragraph(box, closed, " ja ", choice, closed, " ", smiley)
    assert texts(read(body)) == ["☒ ja Kvinde ☺"]


def test_marks_in_a_run_become_the_characters_that_the_page_shows() -> None:
    body = paragraph(
        run("e"), "<w:r><w:noBreakHyphen/><w:t>mail</w:t><w:tab/><w:t>med</w:t><w:softHyphen/><w:t>"
        "arbejder</w:t></w:r>",
        '<w:r><w:sym w:font="Wingdings" w:char="F04A"/><w:sym w:font="Symbol" w:char="F0B3"/></w:r>',
        "<w:r><w:br/><w:t>ny linje</w:t><w:br w:type='page'/><w:t>ny "
        "side</w:t><w:lastRenderedPageBreak/></w:r>",
    )  # fmt: skip
    assert texts(read(body)) == ["e-mail\tmedarbejder☺≥", "ny linje", "ny side"]


def test_words_in_an_indented_file_have_no_line_ends_of_the_indentation() -> None:
    body = "<w:p>\n <w:r>\n  <w:t>\n   Anna: ja\n   og nej\n  </w:t>\n </w:r>\n</w:p>"
    assert texts(read(body)) == ["Anna: ja og nej"]


def test_hidden_text_is_left_out_and_said() -> None:
    styles = (
        '<w:style w:type="character" w:styleId="H"><w:name '
        'w:val="skjult"/><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    body = (
        paragraph("ja ", run("ikke ", "<w:vanish/>"), run("her", "<w:vanish/>"), "nej")
        + paragraph(run("heller ikke", '<w:rStyle w:val="H"/>'), run(" men her",
        '<w:rStyle w:val="H"/><w:vanish w:val="0"/>'))
    )  # fmt: skip
    source = read(body, styles=styles)
    assert texts(source) == ["ja nej", " men her"]
    (warning,) = source.warnings
    assert isinstance(warning, interviews.ReadingWarning)
    assert (warning.reason, warning.values) == ("hidden_text", {"n": 2})


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    inside = "<w:txbxContent>" + paragraph("i boksen") + "</w:txbxContent>"
    box = (
        f"<w:r><mc:AlternateContent><mc:Choice "
        f"Requires='wps'><w:drawing><wps:txbx>{inside}</wps:txbx></w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback>"
        f"</mc:AlternateContent></w:r>"
    )
    only_old = (
        "<w:r><mc:AlternateContent><mc:Choice "
        "Requires='x'><w:drawing/></mc:Choice><mc:Fallback><w:pict><v:textbox>"
        "<w:txbxContent>" + paragraph("gammel boks") + "</w:txbxContent></v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    body = paragraph("før ", box, "efter") + paragraph(only_old) + paragraph("sidst")
    assert texts(read(body)) == ["før efter", "i boksen", "", "gammel boks", "sidst"]


def test_content_controls_links_tags_and_ruby_keep_their_words() -> None:
    body = (
        "<w:sdt><w:sdtPr><w:alias w:val='navn'/></w:sdtPr><w:sdtContent>" + paragraph("kontrol")
        + "</w:sdtContent></w:sdt>"
        + paragraph("<w:hyperlink r:id='x'>" + run("link") + "</w:hyperlink>", "<w:smartTag>" + run(" tag")
                    + "</w:smartTag>", "<w:sdt><w:sdtContent>" + run(" felt") + "</w:sdtContent></w:sdt>")
        + paragraph("<w:r><w:ruby><w:rt><w:r><w:t>kan</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>漢</w:t></w:r>"
                    "</w:rubyBase></w:ruby></w:r>")
        + paragraph("<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r>"
        "</m:den></m:f>"
                    "</m:oMath>", " af dem")
    )  # fmt: skip
    assert texts(read(body)) == ["kontrol", "link tag felt", "漢", "1/2 af dem"]


def test_headings_are_known_by_name_in_several_languages_by_level_and_by_descent() -> None:
    def style(identity: str, name: str, inner: str = "") -> str:
        return f'<w:style w:type="paragraph" w:styleId="{identity}"><w:name w:val="{name}"/>{inner}</w:style>'

    styles = (
        style("A", "heading 1") + style("B", "Overskrift 2") + style("C", "Überschrift 3") + style("D",
        "Titel")
        + style("E", "Tema", '<w:basedOn w:val="A"/>') + style("F", "Spørgsmål",
        '<w:pPr><w:outlineLvl w:val="2"/></w:pPr>')
        + style("G", "Svar", '<w:basedOn w:val="A"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr>')
        + style("I", "Titelblad tekst") + style("J", "rundt", '<w:basedOn w:val="J"/>')
    )  # fmt: skip
    body = "".join(paragraph(name, properties=f'<w:pStyle w:val="{name}"/>') for name in "ABCDEFGIJ")
    body += paragraph("K", properties='<w:outlineLvl w:val="0"/>') + paragraph(
        "L", properties='<w:outlineLvl w:val="9"/>'
    )
    kinds = {one.text: one.kind for one in read(body, styles=styles).paragraphs}
    assert [name for name, kind in kinds.items() if kind == "heading"] == list("ABCDEFK")
    assert [name for name, kind in kinds.items() if kind == "body"] == list("GIJL")


def test_list_numbers_are_counted_as_the_page_shows_them() -> None:
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    body = (
        paragraph("et", properties=in_list()) + paragraph("uden nummer") + paragraph("to",
        properties=in_list())
        + paragraph("under", properties=in_list(level=1)) + paragraph("tre", properties=in_list())
        + paragraph("forfra", properties=in_list(2)) + paragraph("videre", properties=in_list(2))
        + paragraph("slået fra", properties=in_list(0))
    )  # fmt: skip
    source = read(
        body, numbering=numbering_part(("decimal", "[%1]"), ("lowerLetter", "%2)"), restart=restart)
    )
    assert [(one.text, one.number) for one in source.paragraphs] == [
        ("et", 1), ("uden nummer", None), ("to", 2), ("under", None), ("tre", 3), ("forfra", 1),
        ("videre", 2),
        ("slået fra", None),
    ]  # fmt: skip


def test_a_list_mark_of_words_stands_before_the_text_and_a_bullet_does_not() -> None:
    body = paragraph("Hvordan?", properties=in_list()) + paragraph("Godt.", properties=in_list(level=1))
    labels = numbering_part(("none", "Interviewer:"), ("bullet", "o"))
    assert texts(read(body, numbering=labels)) == ["Interviewer: Hvordan?", "Godt."]
    guide = numbering_part(("decimal", "Spørgsmål %1"), ("lowerRoman", "%1.%2"))
    assert texts(read(body, numbering=guide)) == ["Spørgsmål 1 Hvordan?", "Godt."]


def test_a_style_can_number_its_paragraphs() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="N"><w:name w:val="Afsnit"/><w:pPr><w:numPr><w:numId '
        'w:val="1"/>'
        "</w:numPr></w:pPr></w:style>"
    )
    body = "".join(paragraph(text, properties='<w:pStyle w:val="N"/>') for text in "ab")
    source = read(body, styles=styles, numbering=numbering_part(("decimal", "%1.")))
    assert [one.number for one in source.paragraphs] == [1, 2]


def table(*rows: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def cell(*content: str, properties: str = "") -> str:
    inner = "".join(one if one.startswith("<") else paragraph(one) for one in content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def test_tables_keep_their_columns_with_merged_deleted_and_nested_cells() -> None:
    inner = table(cell("x") + cell("y"))
    body = table(
        cell("Taler") + cell("Tid") + cell("Tekst"),
        cell("Anna", properties='<w:vMerge w:val="restart"/>') + cell("1", "2") + cell("ja"),
        cell("", properties="<w:vMerge/>") + cell("flettet", properties='<w:gridSpan w:val="2"/>'),
        "<w:trPr><w:gridBefore w:val='2'/></w:trPr>" + cell("sidst"),
        "<w:trPr><w:del w:id='1'/></w:trPr>" + cell("slettet") + cell("") + cell(""),
        "<w:sdt><w:sdtContent>" + cell("Bo") + "</w:sdtContent></w:sdt>" + cell("3") + cell("før", inner, ""),
    )
    assert texts(read(body)) == [
        "Taler|Tid|Tekst", "Anna|1\n2|ja", "|flettet|", "||sidst", "Bo|3|før\nx\ty",
    ]  # fmt: skip


def test_a_table_of_one_column_is_read_as_paragraphs() -> None:
    source = read(table(cell("Anna: ja", run("")), cell(paragraph(run("Bo:", "<w:b/>"), " nej"))))
    assert [(one.kind, one.text, one.bold) for one in source.paragraphs if one.text] == [
        ("body", "Anna: ja", 0), ("body", "Bo: nej", 4),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("properties", "emphasis"),
    [("<w:b/>", "bold"), ("<w:i/>", "italic"), ('<w:u w:val="single"/>', "underline"),
     ('<w:color w:val="C00000"/>', "colour"), ('<w:color w:val="000000"/>', None), ('<w:u w:val="none"/>',
     None),
     ('<w:b w:val="0"/><w:i/>', "italic")],
)  # fmt: skip
def test_what_sets_a_whole_paragraph_apart_is_told(properties: str, emphasis: str | None) -> None:
    source = read(
        paragraph(
            run("Hvad ", properties), "<w:r><w:t xml:space='preserve'> </w:t></w:r>", run("så?", properties)
        )
        + paragraph(run("Hvad", properties), " så?")
    )
    whole, part = source.paragraphs
    assert (whole.emphasis, part.emphasis) == (emphasis, None)
    assert (whole.bold, part.bold) == ((9, 5) if emphasis == "bold" else (0, 5 if emphasis else 0))


def test_styles_make_bold_and_a_run_can_undo_it() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Q"><w:name w:val="Spm"/><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="R"><w:name w:val="Svar"/><w:basedOn '
        'w:val="Q"/><w:rPr><w:b w:val="0"/>'
        "</w:rPr></w:style>"
        '<w:style w:type="character" w:styleId="S"><w:name w:val="Stærk"/><w:rPr><w:b/></w:rPr></w:style>'
    )
    body = (
        paragraph("a", properties='<w:pStyle w:val="Q"/>') + paragraph("b",
        properties='<w:pStyle w:val="R"/>')
        + paragraph(run("c", '<w:b w:val="false"/>'), properties='<w:pStyle w:val="Q"/>')
        + paragraph(run("Anna:", '<w:rStyle w:val="S"/>'), " hej")
    )  # fmt: skip
    source = read(body, styles=styles)
    assert [one.emphasis for one in source.paragraphs] == ["bold", None, None, None]
    assert [one.bold for one in source.paragraphs] == [1, 0, 0, 6]


def test_every_line_of_a_paragraph_has_its_own_bold_start() -> None:
    body = paragraph(run("Anna:", "<w:b/>"), " ja", "<w:r><w:br/></w:r>", run("Bo:", "<w:b/>"), " nej")
    assert [(one.text, one.bold) for one in read(body).paragraphs] == [("Anna: ja", 6), ("Bo: nej", 4)]


def test_headers_and_footers_are_left_out() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Fortroligt"
    document.sections[0].footer.paragraphs[0].text = "Side 1"
    document.add_paragraph("Anna: ja")
    stream = io.BytesIO()
    document.save(stream)
    assert [one.text for one in read_docx(stream.getvalue(), file="a.docx").paragraphs] == ["Anna: ja"]


def test_parts_are_found_by_their_relations_and_the_strict_form_is_read() -> None:
    strict = "http://purl.oclc.org/ooxml/officeDocument/relationships"
    document = word_file_text(paragraph(run("Anna:", "<w:b/>"), " ja", properties='<w:pStyle w:val="H"/>'))
    styles = f'<w:styles {NAMESPACES}><w:style w:styleId="H"><w:name w:val="heading 1"/></w:style></w:styles>'

    def as_strict(text: str) -> str:
        return text.replace(
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        ).replace(RELATIONS, strict)

    data = packed(
        {
            "_rels/.rels": f'<R><r Id="1" Type="{strict}/officeDocument" Target="/word/document2.xml"/></R>',
            "word/_rels/document2.xml.rels": f'<R><r Id="1" Type="{strict}/styles" Target="pynt/stil.xml"/>'
            f'<r Id="2" Type="{strict}/hyperlink" Target="http://x" TargetMode="External"/></R>',
            "word/document2.xml": as_strict(document),
            "word/pynt/stil.xml": as_strict(styles),
        }
    )
    (only,) = read_docx(data, file="a.docx").paragraphs
    assert (only.text, only.kind, only.bold) == ("Anna: ja", "heading", 6)


def word_file_text(body: str) -> str:
    return f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"


@pytest.mark.parametrize(
    ("chunk", "expected", "warned"),
    [
        ("Anna: ja\nBo: nej", ["før", "Anna: ja", "Bo: nej", "efter"], False),
        (word_file(paragraph("indeni")), ["før", "indeni", "efter"], False),
        (b"PK\x03\x04 broken", ["før", "efter"], True),
    ],
    ids=["text", "word", "broken"],
)
def test_a_part_in_another_format_is_read_in_its_place_or_said(
    chunk: str | bytes, expected: list[str], warned: bool
) -> None:
    data = packed(
        {
            "word/document.xml": word_file_text(
                paragraph("før") + '<w:altChunk r:id="c1"/>' + paragraph("efter")
            ),
            "word/_rels/document.xml.rels": f'<R><r Id="c1" Type="{RELATIONS}/aFChunk" '
            f'Target="chunk.bin"/></R>',
            "word/chunk.bin": chunk,
        }
    )
    source = read_docx(data, file="a.docx")
    assert texts(source) == expected
    assert [str(one) for one in source.warnings] == (
        ["1 part of the file in another format could not be read"] if warned else []
    )


def test_styles_that_state_what_a_part_is_are_handed_on() -> None:
    styles = "".join(
        f'<w:style w:type="{kind}" w:styleId="{identity}"><w:name w:val="{name}"/></w:style>'
        for kind, identity, name in [
            ("paragraph", "A", "Transcript Answer"), ("character", "S", "Transcript Speaker"),
            ("character", "O", "Other"),
        ]
    )  # fmt: skip
    speaker = '<w:rStyle w:val="S"/>'
    body = paragraph(
        run("An", speaker), run("na", speaker), run(": ", '<w:rStyle w:val="O"/>'), "ja",
        properties='<w:pStyle w:val="A"/>',
    )  # fmt: skip
    (answer,) = read(body, styles=styles).paragraphs
    assert (answer.text, answer.style) == ("Anna: ja", "Transcript Answer")
    assert answer.runs == (StyledRun("Transcript Speaker", 0, 4),)


def test_a_title_over_the_whole_width_of_a_table_is_no_speaker() -> None:
    body = table(
        cell("Taler") + cell("Tid") + cell("Tekst"),
        cell("Anna") + cell("0:01") + cell("ja"),
        cell("Tema 2: sprog", properties='<w:gridSpan w:val="3"/>'),
        cell("Bo") + cell("0:03") + cell("nej"),
        cell("Anna") + cell("0:04") + cell(""),
    )
    transcript = interviews.read_bytes(word_file(body), "a.docx")
    assert [(turn.kind, turn.speaker, transcript.said(turn)) for turn in transcript.turns] == [
        ("speech", "Anna", "ja"), ("heading", None, "Tema 2: sprog"), ("speech", "Bo", "nej"),
    ]  # fmt: skip
