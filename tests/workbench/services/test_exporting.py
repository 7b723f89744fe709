"""A transcript as txt, docx and html: the words, the speakers, and the codings where the format has room."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import interviews
from scripts.programs import find_libreoffice
from workbench.errors import InvalidRequestError, NotFoundError
from workbench.services import coding, importing, studies, transcripts
from workbench.services.coded_files import coded_file_of, read_coded
from workbench.services.coded_plans import plan_return
from workbench.services.exporting import (
    ExportOptions,
    export_contents,
    export_transcript,
    export_zip,
    file_name,
)
from workbench.services.exporting_docx import docx_of
from workbench.services.exporting_html import html_of
from workbench.services.exporting_parts import (
    ExportedComment,
    ExportedTranscript,
    annotation_comment,
    lines_of,
)
from workbench.services.files import GivenFile
from workbench.services.schemes import code_uses
from workbench.services.studies import Study
from workbench.store.tables import TurnRow

SAID = "Interviewer: Hvordan går det?\nLeder: Sproget er svært & langt <her> 🌍.\n"
FORMATS = ("docx", "html")


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
    assert 'padding-bottom: 4px">Sproget er </mark>' in html
    assert 'class="k0 k1" aria-describedby="t0 t1"' in html
    assert ">svært</mark>" in html
    assert '<b>Helbred</b> <span class="by">Ida</span><br>Husk</span>' in html
    assert '</mark><i data-to="1"></i> &lt;her&gt; 🌍.</p>' in html
    assert "<script" not in html
    assert "http" not in html


def test_what_a_coding_says_stands_in_one_tip_however_many_pieces_it_has(study: Study) -> None:
    coding.add_coding(study, "leder_01", start=0, end=30, code="health", actor="Bo", memo="Kun én gang")
    html = export_transcript(study, "leder_01", "html", language="da").decode("utf-8")
    assert html.count("Kun én gang") == 2  # the tip and the list of codings
    assert html.count("k0") > 2
    for number in range(3):
        assert html.count(f'id="t{number}"') == 1


def test_word_has_styles_and_codings_as_comments(study: Study) -> None:
    content = export_transcript(study, "leder_01", "docx", language="en")
    document = docx.Document(io.BytesIO(content))
    said = [(p.style.name, p.text) for p in document.paragraphs]
    assert ("Transcript Title", "leder_01") in said
    assert ("Transcript Facts", "Coded by: Ida") in said
    assert ("Transcript Question", "Interviewer: Hvordan går det?") in said
    assert ("Transcript Answer", "Leder: Sproget er svært & langt <her> 🌍.") in said
    [speaker] = {p.runs[0].style.name for p in document.paragraphs if p.text.startswith("Leder:")}
    assert speaker == "Transcript Speaker Leder"
    marks = {one.code: one.id[:8] for one in coding.list_codings(study)}
    assert [(c.author, c.initials, c.text) for c in document.comments] == [
        ("Ida", "I", f"Language\n[language #{marks['language']}]"),
        ("Ida", "I", f"Health\nHusk\n[health #{marks['health']}]"),
    ]
    assert content == export_transcript(study, "leder_01", "docx", language="en")


def test_plain_files_hold_no_codings(study: Study) -> None:
    options = ExportOptions(codings=False)
    document = docx.Document(io.BytesIO(export_transcript(study, "leder_01", "docx", options=options)))
    assert list(document.comments) == []
    assert "<mark" not in export_transcript(study, "leder_01", "html", options=options).decode()


def test_codings_of_one_coder_or_of_one_branch_of_the_scheme(study: Study) -> None:
    coding.add_coding(study, "leder_01", start=0, end=7, code="language/progress", actor="Bo")
    assert export_contents(study, "leder_01").codings == {"Ida": 2, "Bo": 1}
    assert export_contents(study, "leder_01", options=ExportOptions(coders=("Bo",))).codings == {"Bo": 1}
    chosen = ExportOptions(codes=("language",))
    assert export_contents(study, "leder_01", options=chosen).codings == {"Bo": 1, "Ida": 1}
    with pytest.raises(NotFoundError, match="Eva"):
        export_transcript(study, "leder_01", "docx", options=ExportOptions(coders=("Eva",)))
    with pytest.raises(NotFoundError, match="sprog"):
        export_transcript(study, "leder_01", "docx", options=ExportOptions(codes=("sprog",)))


def test_all_transcripts_go_into_one_archive_under_safe_names(study: Study) -> None:
    other = GivenFile("LEDER_01.txt", b"Leder: Et andet.\n")
    importing.import_transcripts(study, [other], actor="Ida", changed="new")
    content = export_zip(study, "txt")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["leder_01.txt", "LEDER_01 (2).txt"]
    assert content == export_zip(study, "txt")
    assert file_name('Borger 3: "a/b"?.', "docx") == "Borger 3 a b.docx"


def test_another_ending_is_refused_with_the_endings_that_are_written(study: Study) -> None:
    with pytest.raises(InvalidRequestError, match=r"report\.pdf: .* txt, docx, html"):
        export_transcript(study, "leder_01", "report.pdf")


def test_codes_are_listed_with_the_number_of_their_codings(study: Study) -> None:
    uses = {use.code.path: use for use in code_uses(study)}
    assert (uses["language"].codings, uses["health"].codings, uses["women"].codings) == (1, 1, 0)
    assert not any(use.retired for use in uses.values())


# ---- any transcript comes back as it went out

LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cn"), exclude_characters="\ufeff\u00ad")
WORDS = st.text(st.one_of(st.sampled_from("aæ :[]#<&>\t\u00a0🌍é\u0301مB"), LETTERS), max_size=12)
LABELS = st.text(st.one_of(st.sampled_from("Bo (1):"), LETTERS), min_size=1, max_size=12).filter(
    lambda label: label.strip() == label and "\t" not in label
)
TURNS = st.lists(
    st.tuples(
        st.lists(WORDS, min_size=1, max_size=3).filter(lambda lines: any(line for line in lines)),
        st.none() | LABELS,
        st.none() | st.integers(0, 40_000_000).map(lambda thousandths: thousandths / 1000),
        st.sampled_from(("speech", "speech", "heading", "note")),
        st.sampled_from(("verbatim", "summary", "interpreted", "translation", "notes")),
        st.none() | LABELS,
    ),
    min_size=1,
    max_size=5,
)
SPANS = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400), st.booleans()), max_size=8)


def made(turns: list[tuple], spans: list[tuple[int, int, bool]]) -> tuple[ExportedTranscript, list[TurnRow]]:
    """Parts to export: turns joined as the store has them, and comments anywhere in the text."""
    rows, texts, position = [], [], 0
    for place, (lines, speaker, seconds, kind, status, speaks_for) in enumerate(turns):
        said = "\n".join(lines)
        rows.append(
            TurnRow(
                version_id="v", ordinal=place, start=position, end=position + len(said), speaker=speaker,
                time_seconds=seconds, kind=kind, status=status, speaks_for=speaks_for,
            )
        )  # fmt: skip
        texts.append(said)
        position += len(said) + 1
    text = "\n".join(texts)
    comments = []
    for number, (one, other, is_coding) in enumerate(spans):
        start, end = sorted((one % (len(text) + 1), other % (len(text) + 1)))
        if is_coding and start < end:
            lines = (f"Sprog · vægt {number % 4}", " memo ", f"[language {number % 4} #{number:08x}]")
            comments.append(
                ExportedComment(start, end, lines, "Bo Bak", "", "#123456", "Sprog", f"{number:08x}")
            )
        else:
            note = interviews.Annotation(
                start, end, f"Note {number}", "comment", "Eva", "2019-05-03T10:00:00Z"
            )
            comments.append(annotation_comment(note, frozenset()))
    comments.sort(key=lambda comment: (comment.start, -comment.end))
    exported = ExportedTranscript(
        name="Navn", facts=(("Dato", "2019-05-03"),), lines=tuple(lines_of(text, rows, True, "da")),
        comments=tuple(comments), legend=(), language="da", study_id="s", transcript_id="t", version=1,
        text=text,
    )  # fmt: skip
    return exported, rows


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(turns=TURNS, spans=SPANS, wanted=st.sampled_from(FORMATS))
def test_any_transcript_comes_back_exactly(
    turns: list[tuple], spans: list[tuple[int, int, bool]], wanted: str
) -> None:
    exported, rows = made(turns, spans)
    content = docx_of(exported) if wanted == "docx" else html_of(exported).encode()
    file = GivenFile(f"a.{wanted}", content)
    transcript = interviews.read_bytes(content, file.name)
    assert transcript.text == exported.text
    fields = ("start", "end", "speaker", "time_seconds", "kind", "status", "speaks_for")
    assert [tuple(getattr(turn, name) for name in fields) for turn in transcript.turns] == [
        tuple(getattr(row, name) for name in fields) for row in rows
    ]
    coded = coded_file_of(file, transcript, {})
    assert coded is not None
    assert sorted((one.mark, one.start, one.end, one.weight, one.memo) for one in coded.codings) == sorted(
        (one.mark, one.start, one.end, int(one.mark, 16) % 4, " memo ")
        for one in exported.comments
        if one.mark
    )
    assert sorted((one.start, one.end, one.text) for one in coded.transcript.annotations) == sorted(
        (one.start, one.end, one.lines[0]) for one in exported.comments if not one.mark
    )


@pytest.mark.parametrize("wanted", FORMATS)
def test_every_interview_of_the_demonstration_comes_back_exactly(
    demonstration_study: Callable[[Path], Study], tmp_path: Path, wanted: str
) -> None:
    study = demonstration_study(tmp_path)
    for facts in transcripts.list_transcripts(study)[::7]:
        stored = transcripts.get_transcript(study, facts.id)
        file = GivenFile(f"{facts.name}.{wanted}", export_transcript(study, facts.id, wanted))
        coded = read_coded(file)
        assert coded is not None
        assert coded.transcript.text == stored.text
        turns = [asdict(turn) for turn in stored.turns]
        assert [asdict(turn) for turn in coded.transcript.turns] == [
            {name: value for name, value in turn.items() if name != "role"} for turn in turns
        ]
        roles = {speaker.label: speaker.role for speaker in coded.transcript.speakers}
        assert roles == {turn.speaker: turn.role for turn in stored.turns if turn.speaker}
        plan = plan_return(study, file)
        assert plan is not None
        assert (plan.counts, plan.missing, plan.text) == ({"same": len(stored.codings)}, (), None)


@pytest.mark.office
def test_nothing_is_lost_when_libreoffice_saves_the_word_file(
    demonstration_study: Callable[[Path], Study], tmp_path: Path
) -> None:
    study = demonstration_study(tmp_path)
    source = tmp_path / "out" / "Leder 1.docx"
    source.parent.mkdir()
    source.write_bytes(export_transcript(study, "Leder 1", "docx"))
    folder = tmp_path / "saved"
    command = [
        str(find_libreoffice()), f"-env:UserInstallation={(tmp_path / 'office').as_uri()}", "--headless",
        "--convert-to", "docx", "--outdir", str(folder), str(source),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    file = GivenFile.from_path(folder / source.name)
    assert file.content != source.read_bytes()
    plan = plan_return(study, file)
    assert plan is not None
    stored = transcripts.get_transcript(study, "Leder 1")
    assert plan.file.sent is not None
    assert (plan.counts, plan.missing, plan.text) == ({"same": len(stored.codings)}, (), None)
    assert [asdict(turn) for turn in plan.file.transcript.turns] == [
        {name: value for name, value in asdict(turn).items() if name != "role"} for turn in stored.turns
    ]
