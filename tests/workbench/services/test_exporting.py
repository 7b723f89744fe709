"""A transcript as txt, docx and html: the words, the speakers, and the codings where the format has room."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest

from workbench.errors import InvalidRequestError
from workbench.services import coding, importing, studies
from workbench.services.exporting import export_transcript
from workbench.services.files import GivenFile
from workbench.services.schemes import code_uses
from workbench.services.studies import Study

SAID = "Interviewer: Hvordan går det?\nLeder: Sproget er svært & langt <her> 🌍.\n"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """One interview in which two codings overlap."""
    study = studies.create_study(tmp_path / "s", title="S", scheme="immi", actor="Ida")
    importing.import_transcripts(study, [GivenFile("leder_01.txt", SAID.encode())], actor="Ida")
    for words, code, memo in (("Sproget er svært", "language", ""), ("svært & langt", "health", "Husk")):
        text = "Hvordan går det?\nSproget er svært & langt <her> 🌍."
        start = text.index(words)
        coding.add_coding(
            study, "leder_01", start=start, end=start + len(words), code=code, actor="Ida", memo=memo
        )
    return study


def test_text_holds_the_words_with_their_speakers(study: Study) -> None:
    text = export_transcript(study, "leder_01", "txt").decode("utf-8")
    assert text == "Interviewer: Hvordan går det?\n\nLeder: Sproget er svært & langt <her> 🌍.\n"


def test_html_marks_the_codings_and_escapes_the_words(study: Study) -> None:
    html = export_transcript(study, "leder_01", Path("a/b.html"), language="da").decode("utf-8")
    assert 'title="Sprog (Ida)">Sproget er </mark>' in html
    assert 'title="Sprog (Ida); Helbred (Ida)">svært</mark>' in html
    assert "langt</mark> &lt;her&gt; 🌍." in html


def test_word_has_bold_speakers_and_codings_as_comments(study: Study) -> None:
    content = export_transcript(study, "leder_01", "docx", language="en")
    document = docx.Document(io.BytesIO(content))
    assert [p.text for p in document.paragraphs][1:] == [
        "Interviewer: Hvordan går det?",
        "Leder: Sproget er svært & langt <her> 🌍.",
    ]
    assert document.paragraphs[1].runs[0].bold
    assert [(c.author, c.text) for c in document.comments] == [("Ida", "Language"), ("Ida", "Health\nHusk")]
    assert content == export_transcript(study, "leder_01", "docx", language="en")


def test_another_ending_is_refused_with_the_endings_that_are_written(study: Study) -> None:
    with pytest.raises(InvalidRequestError, match=r"report\.pdf: .* txt, docx, html"):
        export_transcript(study, "leder_01", "report.pdf")


def test_codes_are_listed_with_the_number_of_their_codings(study: Study) -> None:
    uses = {use.code.path: use for use in code_uses(study)}
    assert (uses["language"].codings, uses["health"].codings, uses["women"].codings) == (1, 1, 0)
    assert not any(use.retired for use in uses.values())
