"""Quotations of an earlier report: taken from a file, found in the interviews, coded there."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.shared import Cm

from interviews import QuotationIndex, TranscriptError
from workbench.errors import InvalidRequestError, NotFoundError
from workbench.services import coding, earlier_reports, editing, locating
from workbench.services.files import GivenFile
from workbench.services.importing import import_transcripts
from workbench.services.studies import Study, create_study

AMIRA = (
    "Interviewer: Hvad med sproget?\n"
    "Amira: Jeg kom hertil uden et ord dansk, og det tog fire år, før jeg kunne tale med nogen på trappen.\n"
)
YONAS = (
    "Interviewer: Og praktikken?\n"
    "Yonas: Det er altid samme lager. Ikke samme firma, men samme lager. Tretten uger, så fire uger mere.\n"
)
QUOTE = "Jeg kom hertil uden et ord dansk [...] før jeg kunne tale med nogen"
OTHER = "Det er altid samme lager, ikke samme firma men samme lager"
FOREIGN = "Kommunen har besluttet at lukke biblioteket i den gamle bydel"
CODE = "language/lack_of_danish"


@pytest.fixture
def study(study_reference: str) -> Study:
    """A study with two short interviews."""
    made = create_study(study_reference, scheme="immi", actor="Anna")
    files = [GivenFile("amira.txt", AMIRA.encode()), GivenFile("yonas.txt", YONAS.encode())]
    import_transcripts(made, files, actor="Anna")
    return made


def report(*paragraphs: tuple[str, str, float]) -> GivenFile:
    """A Word file of paragraphs: text, style, indent in centimetres."""
    document = docx.Document()
    for text, style, indent in paragraphs:
        paragraph = document.add_paragraph(text, style=style)
        if indent:
            paragraph.paragraph_format.left_indent = Cm(indent)
    out = io.BytesIO()
    document.save(out)
    return GivenFile("rapport.docx", out.getvalue())


def test_each_quotation_is_found_in_its_interview_or_said_to_be_nowhere(study: Study) -> None:
    located = locating.locate_quotations(study, [QUOTE, FOREIGN, OTHER])
    assert [each.state for each in located] == ["found", "missing", "found"]
    place = located[0].places[0]
    assert (place.transcript, place.speaker, place.status) == ("amira", "Amira", "verbatim")
    assert place.words == (
        "Jeg kom hertil uden et ord dansk, og det tog fire år, før jeg kunne tale med nogen"
    )
    assert not place.word_for_word
    assert located[2].places[0].word_for_word
    assert [piece.said for piece in place.pieces if not piece.same] == ["og det tog fire år,"]


def test_places_are_coded_as_one_action_and_only_once(study: Study) -> None:
    places = [each.places[0] for each in locating.locate_quotations(study, [QUOTE, OTHER])]
    assert locating.code_places(study, places, CODE, actor="Ida") == 2
    assert locating.code_places(study, places, CODE, actor="Ida") == 0
    assert [(each.transcript, each.code, each.coder) for each in coding.list_codings(study)] == [
        ("amira", CODE, "Ida"),
        ("yonas", CODE, "Ida"),
    ]
    coding.undo(study, actor="Ida")
    assert coding.list_codings(study) == []


def test_an_unknown_code_codes_nothing(study: Study) -> None:
    places = [each.places[0] for each in locating.locate_quotations(study, [QUOTE])]
    with pytest.raises(NotFoundError):
        locating.code_places(study, places, "language/klingon", actor="Ida")
    assert coding.list_codings(study) == []


def test_a_phrase_in_two_interviews_is_said_to_stand_in_several(study: Study) -> None:
    import_transcripts(
        study,
        [GivenFile("samuel.txt", YONAS.replace("Yonas", "Samuel").replace("Tretten", "Fire").encode())],
        actor="Anna",
    )
    located = locating.locate_quotations(study, [OTHER])[0]
    assert located.state == "several"
    assert [place.transcript for place in located.places] == ["yonas", "samuel"]


def test_a_study_without_interviews_has_no_quotation(study_reference: str) -> None:
    empty = create_study(study_reference, scheme="immi", actor="Anna")
    assert locating.locate_quotations(empty, [QUOTE])[0].state == "missing"


def test_a_report_gives_its_quotation_paragraphs_and_texts_in_marks() -> None:
    file = report(
        ("Kapitel 1 om sprog og alt det andet, som rapporten handler om i det hele taget.", "Normal", 0),
        (f"{QUOTE}. (Borger, kvinde, 34 år)", "Quote", 0),
        (OTHER, "Normal", 1.5),
        ("Som en leder siger: ”Vi har fyrre i gang lige nu”, og det er mange.", "Normal", 0),
        ("Et punkt på en liste med mange ord i", "List Bullet", 1.5),
    )
    assert earlier_reports.quotations_in(file) == [f"{QUOTE}.", OTHER, "Vi har fyrre i gang lige nu"]


def test_a_report_without_any_gives_its_long_paragraphs() -> None:
    file = report((OTHER, "Normal", 0), ("Kort linje", "Normal", 0))
    assert earlier_reports.quotations_in(file) == [OTHER]


def test_text_files_and_tables_give_quotations() -> None:
    text = GivenFile("citater.txt", f"Overskrift\n\n{OTHER}\n\n{OTHER}\n".encode())
    assert earlier_reports.quotations_in(text) == [OTHER]
    table = GivenFile("citater.csv", f"Nr;Citat\n1;{OTHER}\n2;sat til at feje\n".encode())
    assert earlier_reports.quotations_in(table) == [OTHER, "sat til at feje"]
    unnamed = GivenFile("citater.csv", f"a;b\n1;{OTHER}\n2;{FOREIGN}\n".encode())
    assert earlier_reports.quotations_in(unnamed) == [OTHER, FOREIGN]


def test_pasted_quotations_are_one_a_paragraph_or_one_a_line() -> None:
    assert earlier_reports.quotations_of(f"{QUOTE}\n\n{OTHER}\nog mere\n") == [QUOTE, f"{OTHER}\nog mere"]
    assert earlier_reports.quotations_of(f"{QUOTE}\n{OTHER}\n") == [QUOTE, OTHER]
    assert earlier_reports.quotations_of(" \n \n") == []


def test_files_without_quotations_are_refused_by_name() -> None:
    with pytest.raises(InvalidRequestError, match=r"tabel\.csv"):
        earlier_reports.quotations_in(GivenFile("tabel.csv", b"a;b\n1;2\n3;4\n"))
    with pytest.raises(InvalidRequestError, match=r"billede\.png"):
        earlier_reports.quotations_in(GivenFile("billede.png", b"x"))
    with pytest.raises(InvalidRequestError, match=r"kort\.txt"):
        earlier_reports.quotations_in(GivenFile("kort.txt", b"to ord"))


def test_a_broken_word_file_is_refused() -> None:
    with pytest.raises(TranscriptError, match=r"rapport\.docx"):
        earlier_reports.quotations_in(GivenFile("rapport.docx", b"PK\x03\x04 and then nothing"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "something else")
    with pytest.raises(InvalidRequestError, match=r"rapport\.docx"):
        earlier_reports.quotations_in(GivenFile("rapport.docx", out.getvalue()))


def test_an_index_is_used_again_until_a_text_changes(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = locating.StudyQuotations(study)
    made = []
    monkeypatch.setattr(locating, "QuotationIndex", lambda texts: made.append(texts) or QuotationIndex(texts))
    coding.add_coding(study, "amira", start=0, end=4, code=CODE, actor="Anna")
    assert locating.locate_quotations(study, [QUOTE], indexed=kept)[0].state == "found"
    assert made == []
    gone = [editing.TurnEdit(1, "change", words="Noget ganske andet.")]
    editing.edit_turns(study, "amira", gone, actor="Anna", based_on=1)
    assert locating.locate_quotations(study, [QUOTE], indexed=kept)[0].state == "missing"
    assert len(made) == 1
