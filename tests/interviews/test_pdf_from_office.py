"""PDF files printed by LibreOffice, in one to three columns, justified, with line numbers and headers."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

import interviews

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]

ANSWER = (
    "Altså, jeg begyndte i integrationsprogrammet om foråret, og sagsbehandleren fandt et IGU-forløb til "
    "mig, hvor jeg både havde dag- og natarbejde. Medarbejderudviklingssamtalen kom først bagefter, og "
    "det var svært!"
)
TURNS = [
    turn
    for number in range(1, 26)
    for turn in (
        ("Interviewer", f"Hvad skete der så i uge {number}?"),
        ("Borger", f"{ANSWER} Det var uge {number}."),
    )
]


@pytest.mark.parametrize(
    ("columns", "justified", "numbered"),
    [(1, True, True), (2, False, False), (2, True, False), (3, False, False)],
)
def test_turns_of_a_printed_interview(tmp_path: Path, columns: int, justified: bool, numbered: bool) -> None:
    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "Interview om integration – fortroligt"
    footer = section.footer.paragraphs[0]
    footer.add_run("Side ")
    footer._p.append(
        parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    )
    section._sectPr.find(qn("w:cols")).set(qn("w:num"), str(columns))
    if numbered:
        section._sectPr.append(
            parse_xml(f'<w:lnNumType {nsdecls("w")} w:countBy="1" w:restart="continuous"/>')
        )
    for speaker, words in TURNS:
        paragraph = document.add_paragraph(f"{speaker}: {words}")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY if justified else WD_ALIGN_PARAGRAPH.LEFT
    document.save(str(tmp_path / "interview.docx"))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf",
         "--outdir", str(tmp_path), str(tmp_path / "interview.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    transcript = interviews.read(tmp_path / "interview.pdf")
    assert [(turn.speaker, transcript.said(turn)) for turn in transcript.turns] == TURNS
