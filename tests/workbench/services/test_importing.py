"""From files to transcripts in a study: formats, refusals, guesses, sheets of participants, cancelling."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
import xlsxwriter

from workbench.i18n import set_language
from workbench.services import importing, studies, transcripts
from workbench.services.files import GivenFile
from workbench.services.studies import Study

SHARED = Path(__file__).resolve().parents[4] / "shared" / "transcripts"
SAID = "Interviewer: Hvordan går det?\n\nLeder: Sproget er svært.\n"
WORDS = ["Hvordan går det?", "Sproget er svært."]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what a .docx with a password begins with
VTT = """WEBVTT

00:00:01.000 --> 00:00:03.000
<v Interviewer>Hvordan går det?</v>

00:01:23.000 --> 00:01:26.000
<v Leder>Sproget er svært.</v>
"""
SRT = """1
00:00:01,000 --> 00:00:03,000
Interviewer: Hvordan går det?

2
00:01:23,000 --> 00:01:26,000
Leder: Sproget er svært.
"""


@pytest.fixture
def study(tmp_path: Path) -> Study:
    set_language("en")
    return studies.create_study(tmp_path / "s", title="S", scheme="immi", actor="Ida")


def _docx() -> bytes:
    document = docx.Document()
    for paragraph in SAID.split("\n\n"):
        document.add_paragraph(paragraph.strip())
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _pdf() -> bytes:
    """A PDF of one page with two lines in a standard font (WinAnsi: å and æ as in Latin-1)."""
    lines = [line for line in SAID.splitlines() if line]
    drawn = b"BT /F1 12 Tf 72 720 Td 24 TL " + b" ".join(
        b"(" + line.encode("latin-1") + b") Tj T*" for line in lines
    )
    drawn += b" ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (
            table,
            len(out),
        )
    )


def _names(study: Study) -> list[str]:
    return [facts.name for facts in transcripts.list_transcripts(study)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", SAID.encode()),
        ("a.txt", SAID.encode("cp1252")),
        ("a.txt", SAID.replace("\n", "\r\n").encode("utf-16")),
        ("a.md", SAID.replace("Interviewer:", "**Interviewer:**").replace("Leder:", "**Leder:**").encode()),
        ("a.docx", _docx()),
        ("a.pdf", _pdf()),
        ("a.vtt", VTT.encode()),
        ("a.srt", SRT.encode()),
    ],
    ids=["utf-8", "cp1252", "utf-16 crlf", "md", "docx", "pdf", "vtt", "srt"],
)
def test_every_format_gives_the_same_turns(study: Study, name: str, content: bytes) -> None:
    [line] = importing.import_transcripts(study, [GivenFile(name, content)], actor="Ida")
    assert (line.status, line.turns, line.words) == ("imported", 2, 6)
    stored = transcripts.get_transcript(study, "a")
    said = [(turn.speaker, stored.text[turn.start : turn.end].strip()) for turn in stored.turns]
    assert said == [("Interviewer", WORDS[0]), ("Leder", WORDS[1])]
    assert [turn.role for turn in stored.turns] == ["interviewer", "respondent"]
    assert "\r" not in stored.text


def test_time_stamps_are_kept_with_their_turns(study: Study) -> None:
    importing.import_transcripts(study, [GivenFile("a.vtt", VTT.encode())], actor="Ida")
    assert [turn.time_seconds for turn in transcripts.get_transcript(study, "a").turns] == [1, 83]


def test_files_that_cannot_be_read_are_named_and_the_rest_imported(study: Study, tmp_path: Path) -> None:
    huge = tmp_path / "huge.docx"
    with huge.open("wb") as file:
        file.truncate(101 * 1024 * 1024)  # sparse: takes no room on the disk
    whole = _docx()
    files = [
        GivenFile("empty.txt", b""),
        GivenFile("cut.docx", whole[: len(whole) // 2]),
        GivenFile("secret.docx", OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")),
        GivenFile("picture.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50),
        GivenFile("broken.pdf", b"%PDF-1.4\nnothing more"),
        GivenFile("blank.vtt", b"WEBVTT\n\n"),
        huge,
        tmp_path / "absent.txt",
        GivenFile("good.txt", SAID.encode()),
    ]
    report = importing.import_transcripts(study, files, actor="Ida")
    assert [line.status for line in report] == ["failed"] * 8 + ["imported"]
    for line in report[:8]:
        assert line.file_name in line.message
        assert "\n" not in line.message
    assert "password" in report[2].message
    assert len({line.message for line in report[:8]}) == 8
    assert _names(study) == ["good"]


def test_the_same_file_is_stored_once_and_the_same_name_twice(study: Study) -> None:
    other = SAID.replace("svært", "let")
    report = importing.import_transcripts(
        study,
        [
            GivenFile("a.txt", SAID.encode()),
            GivenFile("copy of a.txt", SAID.encode()),
            GivenFile("a.txt", other.encode()),
        ],
        actor="Ida",
    )
    assert [(line.status, line.name) for line in report] == [
        ("imported", "a"),
        ("same_file", "a"),
        ("imported", "a (2)"),
    ]
    [draft] = importing.draft_transcripts(study, [GivenFile("again.txt", SAID.encode())])
    assert draft.duplicate_of == "a"


@pytest.mark.parametrize(
    ("name", "said", "group"),
    [
        ("leder_01.txt", "A: Ja?\nB: Nej.\n", "leader"),
        ("Interview med virksomhed 3.txt", "A: Ja?\nB: Nej.\n", "company"),
        ("x.txt", "Interviewer: Ja?\nSagsbehandler 1: Nej.\nSagsbehandler 2: Jo.\n", "caseworker"),
        ("x.txt", "Interviewer: Ja?\nBorger: Nej.\n", "citizen"),
        ("x.txt", "Interviewer: Ja?\nAnna: Nej.\n", None),
    ],
)
def test_the_actor_group_is_guessed_from_names_and_labels(
    study: Study, name: str, said: str, group: str | None
) -> None:
    [draft] = importing.draft_transcripts(study, [GivenFile(name, said.encode())])
    assert draft.actor_group == group
    assert ("actor_group" in draft.guesses) == (group is not None)


def test_a_given_actor_group_stands_over_every_guess(study: Study) -> None:
    [draft] = importing.draft_transcripts(
        study, [GivenFile("leder_01.txt", SAID.encode())], actor_group="company"
    )
    assert (draft.actor_group, draft.guesses) == ("company", {})


def test_several_respondents_make_one_group_interview_of_several_persons(study: Study) -> None:
    said = "Interviewer: Ja?\nSagsbehandler 1: Nej.\nSagsbehandler 2: Jo.\nTolk: Ja.\n"
    importing.import_transcripts(study, [GivenFile("g.txt", said.encode())], actor="Ida")
    [facts] = transcripts.list_transcripts(study)
    assert facts.type == "group"
    assert {"Sagsbehandler 1", "Sagsbehandler 2"} <= set(facts.persons)
    assert studies.describe_study(study).interviews == 1


def test_an_interpreter_is_no_respondent_once_corrected(study: Study) -> None:
    said = "Interviewer: Ja?\nBorger: نعم\nTolk: Hun siger ja.\n"
    [draft] = importing.draft_transcripts(study, [GivenFile("borger.txt", said.encode())])
    draft = importing.correct_draft(draft, roles={"Tolk": "unknown", "Borger": "respondent"})
    assert draft.respondents == ("Borger",)
    draft = importing.correct_draft(draft, kind="individual", labels={"Borger": "Amal"})
    importing.save_transcripts(study, [draft], actor="Ida")
    stored = transcripts.get_transcript(study, "borger")
    assert stored.facts.persons == ("Amal",)
    assert [turn.speaker for turn in stored.turns] == ["Interviewer", "Amal", "Tolk"]
    assert stored.text.split("\n")[1] == "نعم"


def _csv_sheet() -> GivenFile:
    text = "fil;gruppe;gender;age\nborger_1.docx;citizen;women;34\nborger_2;citizen;men;51\n"
    return GivenFile("deltagere.csv", text.encode("cp1252"))


def _xlsx_sheet() -> GivenFile:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Navn", "Actor_group", "gender", "age"])
        sheet.write_row(1, 0, ["borger_1", "citizen", "women", 34])
        sheet.write_row(2, 0, ["borger_2", "citizen", "men", 51])
    return GivenFile("deltagere.xlsx", out.getvalue())


@pytest.mark.parametrize("sheet", [_csv_sheet(), _xlsx_sheet()], ids=["csv", "xlsx"])
def test_a_sheet_of_participants_gives_groups_and_attributes(study: Study, sheet: GivenFile) -> None:
    said = "A: Ja?\nB: Nej {}.\n"
    files = [GivenFile(f"borger_{n}.txt", said.format(n).encode()) for n in (2, 1, 12)]
    importing.import_transcripts(study, files, actor="Ida", participants=sheet)
    found = {
        facts.name: (facts.actor_group, dict(facts.attributes))
        for facts in transcripts.list_transcripts(study)
    }
    assert found["borger_1"] == ("citizen", {"gender": "women", "age": "34"})
    assert found["borger_2"] == ("citizen", {"gender": "men", "age": "51"})
    # Nearly the same name, but another number: another person.
    assert found["borger_12"][1] == {}


def test_cancelling_while_files_are_read_stores_nothing(study: Study) -> None:
    files = [GivenFile(f"{n}.txt", f"A: Ja?\nB: Nej {n}.\n".encode()) for n in range(5)]

    def cancel(done: int, total: int) -> None:
        assert total == 5
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing.import_transcripts(study, files, actor="Ida", on_step=cancel)
    assert _names(study) == []


def test_cancelling_while_saving_keeps_what_was_saved_whole(study: Study) -> None:
    files = [GivenFile(f"{n}.txt", f"A: Ja?\nB: Nej {n}.\n".encode()) for n in range(5)]
    drafts = importing.draft_transcripts(study, files)

    def cancel(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing.save_transcripts(study, drafts, actor="Ida", on_step=cancel)
    assert _names(study) == ["0", "1"]
    assert all(facts.turns == 2 for facts in transcripts.list_transcripts(study))


def test_every_import_is_in_the_log(study: Study) -> None:
    importing.import_transcripts(study, [GivenFile("a.txt", SAID.encode())], actor="Bo")
    newest = studies.list_history(study)[0]
    assert (newest.actor, newest.action, newest.before) == ("Bo", "transcript.import", None)
    assert newest.after is not None
    assert (newest.after["name"], newest.after["words"], newest.after["turns"]) == ("a", 6, 2)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real transcripts are not beside the repository")
def test_the_real_transcripts_are_stored_with_all_their_turns(study: Study) -> None:
    report = importing.import_transcripts(study, sorted(SHARED.glob("*.pdf")), actor="Ida")
    assert [line.status for line in report] == ["imported"] * 4
    stored = transcripts.list_transcripts(study)
    # Paragraphs numbered in print, less the heading and lines in brackets, which nobody said.
    assert [facts.turns for facts in stored] == [94, 165, 121, 109]
    assert [facts.persons for facts in stored] == [("Participant",)] * 4
    assert [facts.type for facts in stored] == ["individual"] * 4
