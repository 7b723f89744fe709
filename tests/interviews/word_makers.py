"""The same talk as people format it in Word: tabs, styles, tables, lists, line breaks, colours, comments."""

from __future__ import annotations

import io
from collections.abc import Callable

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_BREAK
from docx.shared import Cm, RGBColor

Talk = list[tuple[str, str]]
TALK = [
    ("I", "Hvordan begyndte det?"),
    ("L", "Det begyndte i 2018, da vi fik nye regler."),
    ("I", "Hvilke regler?"),
    ("L", "Dem om løntilskud. De sagde: nu må I finde virksomheder. Og det gjorde vi."),
    ("I", "Mm."),
    ("L", "Ja, og så gik det stærkt."),
    ("I", "Hvad var det sværeste?"),
    ("L", "Tiden: vi havde tre uger."),
    ("I", "Og i dag?"),
    ("L", "I dag kører det af sig selv."),
    ("I", "Tak."),
    ("L", "Selv tak."),
]
WAYS: dict[str, tuple[Callable[[WordDocument, Talk], None], tuple[str, str]]] = {}
ROLES = ("Interviewer", "Leder")
UNNAMED = ("Interviewer", "Respondent")


def way(names: tuple[str, str] = ROLES) -> Callable[[Callable[[WordDocument, Talk], None]], None]:
    def keep(form: Callable[[WordDocument, Talk], None]) -> None:
        WAYS[form.__name__] = (form, names)

    return keep


def written(name: str) -> tuple[bytes, Talk]:
    """Return a Word file and the turns in it."""
    form, names = WAYS[name]
    talk = [(names[0] if who == "I" else names[1], words) for who, words in TALK]
    document = Document()
    form(document, talk)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue(), talk


def _rows(document: WordDocument, rows: list[tuple[str, ...]]) -> None:
    table = document.add_table(0, len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


@way()
def bold_label_tab_and_hanging_indent(document: WordDocument, talk: Talk) -> None:
    document.add_heading("Interview 3", 1)
    for who, words in talk:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.left_indent = Cm(3)
        paragraph.paragraph_format.first_line_indent = Cm(-3)
        paragraph.add_run(who).bold = True
        paragraph.add_run("\t")
        paragraph.add_run(words)


@way(("Interviewer", "Respondent"))
def styles_named_after_speakers(document: WordDocument, talk: Talk) -> None:
    for who in ("Interviewer", "Respondent"):
        document.styles.add_style(who, 1)
    for who, words in talk:
        document.add_paragraph(words, style=who)


@way(("Spørgsmål", "Respondent"))
def style_of_questions_only(document: WordDocument, talk: Talk) -> None:
    document.styles.add_style("Spørgsmål", 1)
    document.add_paragraph("Udskrift")
    for who, words in talk:
        document.add_paragraph(words, style="Spørgsmål" if who == "Spørgsmål" else None)


@way()
def table_of_two_after_a_line(document: WordDocument, talk: Talk) -> None:
    document.add_paragraph("Udskrift, leder i Kolding")
    _rows(document, list(talk))


@way()
def table_with_remarks(document: WordDocument, talk: Talk) -> None:
    rows = [(who, words, "ser væk" if words.startswith("Dem om") else "") for who, words in talk]
    _rows(document, [("Taler", "Tekst", "Bemærkninger"), *rows])


@way()
def table_with_number_and_time(document: WordDocument, talk: Talk) -> None:
    _rows(document, [(str(i + 1), f"00:{i:02d}:10", *turn) for i, turn in enumerate(talk)])


@way()
def facts_in_a_table_first(document: WordDocument, talk: Talk) -> None:
    _rows(document, [("Dato", "3. maj 2020"), ("Sted", "Vejle"), ("Interviewer", "Mette Holm")])
    for who, words in talk:
        document.add_paragraph(f"{who}: {words}")


@way()
def line_breaks_within_one_paragraph(document: WordDocument, talk: Talk) -> None:
    paragraph = document.add_paragraph()
    for index, (who, words) in enumerate(talk):
        if index:
            paragraph.add_run().add_break(WD_BREAK.LINE)
        paragraph.add_run(f"{who}: ").bold = True
        paragraph.add_run(words)


@way()
def italic_labels_page_breaks_and_a_comment(document: WordDocument, talk: Talk) -> None:
    for index, (who, words) in enumerate(talk):
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{who}:").italic = True
        run = paragraph.add_run(f" {words}")
        if index in {3, 7}:
            paragraph.add_run().add_break(WD_BREAK.PAGE)
        if index == 5:
            document.add_comment([run], text="Husk at spørge igen", author="MH")


@way()
def numbered_by_the_program(document: WordDocument, talk: Talk) -> None:
    for who, words in talk:
        document.add_paragraph(f"{who}: {words}", style="List Number")


@way()
def bullets_before_labels(document: WordDocument, talk: Talk) -> None:
    for who, words in talk:
        document.add_paragraph(f"{who}: {words}", style="List Bullet")


@way(UNNAMED)
def bullets_instead_of_labels(document: WordDocument, talk: Talk) -> None:
    document.add_paragraph("Samtale med Pia")
    for _, words in talk:
        document.add_paragraph(words, style="List Bullet")


@way(UNNAMED)
def questions_in_a_colour(document: WordDocument, talk: Talk) -> None:
    for who, words in talk:
        run = document.add_paragraph().add_run(words)
        if who == "Interviewer":
            run.font.color.rgb = RGBColor(0x1F, 0x4E, 0x79)


@way(("Interviewer", "Bente"))
def coloured_label_and_dash(document: WordDocument, talk: Talk) -> None:
    for who, words in talk:
        paragraph = document.add_paragraph()
        paragraph.add_run(who).font.color.rgb = RGBColor(0xFF, 0, 0)
        paragraph.add_run(f" – {words}")


@way(("Mette Holm", "Peter J."))
def names_as_headings(document: WordDocument, talk: Talk) -> None:
    for who, words in talk:
        document.add_heading(who, 3)
        document.add_paragraph(words)


@way(("Mette", "Ole Berg"))
def underlined_label_on_its_line(document: WordDocument, talk: Talk) -> None:
    for who, words in talk:
        paragraph = document.add_paragraph()
        paragraph.add_run(who).underline = True
        paragraph.add_run().add_break()
        paragraph.add_run(words)
