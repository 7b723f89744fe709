"""Exported files on their way back: into the same study, edited, into another study, with new comments."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

import interviews
from interviews import Annotation
from workbench.errors import InvalidRequestError
from workbench.services import coding, editing, importing, studies, transcripts
from workbench.services.coded_plans import plan_return
from workbench.services.coded_returns import returned_text, take_back
from workbench.services.exporting import ExportOptions, export_transcript
from workbench.services.files import GivenFile
from workbench.services.reviewing import codings_to_review
from workbench.services.studies import Study

SAID = (
    "[0:00:03] Interviewer: Hvordan går det?\n"
    "[0:00:09.500] Leder: Sproget er svært & langt <her> 🌍.\nDet andet afsnit.\n"
    "[0:01:00] Interviewer: Og så?\n"
    "[0:01:04] Leder: Så går det.\n"
)
FORMATS = ("docx", "html")


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """One interview, coded by two, with codings that overlap, nest, are equal and run over turns."""
    made = studies.create_study(tmp_path / "s", title="S", scheme="immi", actor="Ida")
    importing.import_transcripts(made, [GivenFile("leder_01.txt", SAID.encode())], actor="Ida")
    text = transcripts.get_transcript(made, "leder_01").text
    for words, code, coder, weight, memo in (
        ("Sproget er svært", "language", "Ida", None, ""),
        ("svært & langt <her>", "health", "Bo Bak", 2, "Husk:\n\n  se <side> 3"),
        ("roget er sv", "language/progress", "Bo Bak", 0, ""),
        ("Sproget er svært", "language", "Bo Bak", None, ""),
        ("🌍.\nDet andet afsnit.\nOg så?\nSå", "motivation", "Ida", 3, "[ikke en kode]"),
    ):
        start = text.index(words)
        coding.add_coding(
            made, "leder_01", start=start, end=start + len(words), code=code, actor=coder, weight=weight,
            memo=memo,
        )  # fmt: skip
    return made


def exported(study: Study, wanted: str, **options: object) -> GivenFile:
    content = export_transcript(study, "leder_01", wanted, options=ExportOptions(**options))  # type: ignore[arg-type]
    return GivenFile(f"leder_01.{wanted}", content)


def state(study: Study) -> list[tuple[object, ...]]:
    return [
        (one.start, one.end, one.quote, one.code, one.coder, one.weight, one.memo)
        for one in sorted(
            coding.list_codings(study), key=lambda one: (one.start, -one.end, one.code, one.coder)
        )
    ]


def edited(file: GivenFile, *changes: tuple[str, str]) -> GivenFile:
    """The file with stretches of its XML or HTML changed, as if somebody had edited it."""
    if file.name.endswith("html"):
        text = file.content.decode()
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        return replace(file, content=text.encode())
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file.content)) as source, zipfile.ZipFile(packed, "w") as target:
        parts = {name: source.read(name).decode() for name in source.namelist()}
        for old, new in changes:
            assert any(old in part for part in parts.values()), old
            parts = {name: part.replace(old, new) for name, part in parts.items()}
        for name, part in parts.items():
            target.writestr(name, part)
    return replace(file, content=packed.getvalue())


@pytest.mark.parametrize("wanted", FORMATS)
def test_nothing_changes_where_a_file_comes_back_untouched(study: Study, wanted: str) -> None:
    before = state(study)
    report = take_back(study, exported(study, wanted), actor="Ida")
    assert (report.same, report.added, report.changed, report.missing) == (5, 0, 0, ())
    assert (report.text_changed, report.version) == (False, 1)
    assert state(study) == before


@pytest.mark.parametrize("wanted", FORMATS)
def test_another_study_gets_text_turns_and_codings_exactly(study: Study, wanted: str, tmp_path: Path) -> None:
    other = studies.create_study(tmp_path / "o", title="O", scheme="immi", actor="Kim")
    file = exported(study, wanted)
    report = take_back(other, file, actor="Kim")
    assert (report.added, report.unknown, report.imported is not None) == (5, {}, True)
    here, there = (transcripts.get_transcript(each, "leder_01") for each in (study, other))
    assert there.text == here.text
    assert there.turns == here.turns
    assert state(other) == state(study)
    again = take_back(other, file, actor="Kim")
    assert (again.same, again.added) == (5, 0)
    assert state(other) == state(study)


@pytest.mark.parametrize("wanted", FORMATS)
def test_codings_move_with_the_words_that_were_edited_outside(study: Study, wanted: str) -> None:
    file = edited(exported(study, wanted), ("Hvordan ", "Goddag. Hvordan "), ("ært", "ært nok"))
    plan = plan_return(study, file)
    assert plan is not None
    assert plan.text is not None
    assert state(study)[0][2] == "Sproget er svært"
    report = take_back(study, file, actor="Ida")
    assert (report.text_changed, report.version, report.missing) == (True, 2, ())
    text = transcripts.get_transcript(study, "leder_01").text
    assert text.startswith("Goddag. Hvordan går det?\nSproget er svært nok & langt <her> 🌍.")
    assert all(text[one.start : one.end] == one.quote for one in coding.list_codings(study))
    assert {one.quote for one in coding.list_codings(study) if one.code == "language"} == {
        "Sproget er svært nok"
    }


@pytest.mark.parametrize("wanted", FORMATS)
def test_weight_memo_and_code_changed_in_a_comment_are_taken_over(study: Study, wanted: str) -> None:
    file = edited(
        exported(study, wanted),
        ("[health 2 #", "[health/physical 3 #"),
        ("Husk:", "Husk nu:"),
    )
    report = take_back(study, file, actor="Kim")
    assert (report.same, report.changed) == (4, 1)
    [changed] = [one for one in coding.list_codings(study) if one.code == "health/physical"]
    assert (changed.weight, changed.memo, changed.coder) == (3, "Husk nu:\n\n  se <side> 3", "Bo Bak")


def test_what_changed_in_the_study_meanwhile_is_not_overwritten(study: Study) -> None:
    file = exported(study, "docx")
    health = next(one for one in coding.list_codings(study) if one.code == "health")
    coding.write_memo(study, health.id, "Nyt notat", actor="Ida")
    gone = next(one for one in coding.list_codings(study) if one.code == "motivation")
    coding.remove_coding(study, gone.id, actor="Ida")
    report = take_back(study, file, actor="Ida")
    assert (report.same, report.added, report.changed, report.removed_here) == (4, 0, 0, 1)
    assert next(one for one in coding.list_codings(study) if one.code == "health").memo == "Nyt notat"


@pytest.mark.parametrize("wanted", FORMATS)
def test_codings_whose_words_were_edited_outside_are_told_to_wait(study: Study, wanted: str) -> None:
    report = take_back(study, edited(exported(study, wanted), ("ært", "ært nok")), actor="Ida")
    waiting = len(codings_to_review(study, "leder_01"))
    assert (waiting > 0, report.waiting) == (True, waiting)
    assert "venter på et kig" in returned_text(report)


def test_a_file_from_before_an_edit_finds_the_new_places(study: Study) -> None:
    file = exported(study, "docx")
    old = transcripts.get_transcript(study, "leder_01")
    new = replace(
        interviews.read_bytes(SAID.replace("Hvordan", "Nå. Hvordan").encode(), "a.txt"), name="leder_01"
    )
    editing.replace_text(study, old.facts.id, new, actor="Ida")
    before = state(study)
    report = take_back(study, file, actor="Ida")
    assert (report.text_changed, report.same, report.changed) == (False, 5, 0)
    assert state(study) == before


def without_comment(file: GivenFile, code: str) -> GivenFile:
    """The Word file without the comment of a code, as deleting it in Word leaves it."""
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        comments = archive.read("word/comments.xml").decode()
        document = archive.read("word/document.xml").decode()
    [comment] = [
        one for one in re.findall(r"<w:comment .*?</w:comment>", comments, re.DOTALL) if f"[{code} " in one
    ]
    number = re.search(r'w:id="(\d+)"', comment)
    assert number is not None
    marks = re.findall(rf'<w:comment(?:RangeStart|RangeEnd|Reference) w:id="{number[1]}"/>', document)
    assert len(marks) == 3
    return edited(file, (comment, ""), *((mark, "") for mark in marks))


def test_a_comment_deleted_outside_is_offered_for_removal_and_not_removed(study: Study) -> None:
    file = without_comment(exported(study, "docx"), "health")
    plan = plan_return(study, file)
    assert plan is not None
    assert [one.code for one in plan.missing] == ["health"]
    report = take_back(study, file, actor="Ida")
    assert (len(report.missing), report.removed, len(state(study))) == (1, 0, 5)
    report = take_back(study, file, actor="Ida", remove_missing=True)
    assert (report.removed, len(state(study))) == (1, 4)
    coding.undo(study, actor="Ida")
    assert len(state(study)) == 5


def test_codings_that_were_not_exported_are_not_missed(study: Study) -> None:
    file = exported(study, "html", coders=("Ida",), codes=("language",))
    plan = plan_return(study, file)
    assert plan is not None
    assert (plan.counts, plan.missing) == ({"same": 1}, ())


def with_comment(file: GivenFile, words: str, said: str, author: str = "Eva") -> GivenFile:
    """The Word file with a new comment on words of one run."""
    comment = f'<w:comment w:id="900" w:author="{author}"><w:p><w:r><w:t>{said}</w:t></w:r></w:p></w:comment>'
    begun = '<w:commentRangeStart w:id="900"/>'
    ended = '<w:commentRangeEnd w:id="900"/><w:r><w:commentReference w:id="900"/></w:r>'
    run = f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'
    return edited(file, ("</w:comments>", f"{comment}</w:comments>"), (run, f"{begun}{run}{ended}"))


@pytest.mark.parametrize("named", ["Helbred", "health", " HELBRED. ", "Helbred › Fysisk helbred"])
def test_a_new_comment_that_names_a_code_becomes_a_coding(study: Study, named: str) -> None:
    file = with_comment(exported(study, "docx"), "Hvordan går det?", named)
    report = take_back(study, file, actor="Ida")
    assert (report.added, report.same, report.text_changed) == (1, 5, False)
    [new] = [one for one in coding.list_codings(study) if one.coder == "Eva"]
    assert (new.quote, new.memo) == ("Hvordan går det?", "")
    assert new.code == ("health/physical" if "›" in named else "health")
    assert take_back(study, file, actor="Ida").added == 0


def test_another_new_comment_stays_a_comment_of_the_transcript(study: Study) -> None:
    file = with_comment(exported(study, "docx"), "Hvordan går det?", "Er det nu rigtigt?")
    take_back(study, file, actor="Ida")
    found = transcripts.get_transcript(study, "leder_01")
    assert [(one.text, one.author) for one in found.annotations] == [("Er det nu rigtigt?", "Eva")]
    assert len(found.codings) == 5


@pytest.mark.parametrize("wanted", FORMATS)
def test_comments_of_the_transcript_come_back_as_what_they_were(study: Study, wanted: str) -> None:
    old = transcripts.get_transcript(study, "leder_01")
    notes = (
        Annotation(0, 7, "Sprog", "comment", "Eva", "2019-05-03T10:00:00Z"),
        Annotation(8, 8, "Et punkt", "comment", "", ""),
        Annotation(8, 12, "En note", "footnote", "", ""),
        Annotation(20, 22, "[language #12345678]", "comment", "Eva", ""),
    )
    new = interviews.read_bytes(SAID.encode(), "a.txt")
    editing.replace_text(study, old.facts.id, replace(new, annotations=notes), actor="Ida")
    assert transcripts.get_transcript(study, "leder_01").annotations == notes
    file = exported(study, wanted)
    report = take_back(study, file, actor="Ida")
    assert (report.text_changed, report.same, report.added) == (False, 5, 0)
    assert transcripts.get_transcript(study, "leder_01").annotations == notes


def test_codes_that_the_study_lacks_are_listed_refused_or_created(study: Study, tmp_path: Path) -> None:
    other = studies.create_study(tmp_path / "o", title="O", scheme="immi", actor="Kim")
    file = edited(
        exported(study, "docx"), ("[health 2 #", "[health/new_one 2 #"), ("Helbred", "Helbred › Nyt")
    )
    with pytest.raises(InvalidRequestError, match="health/new_one"):
        take_back(other, file, actor="Kim", unknown="refuse")
    assert transcripts.list_transcripts(other) == []
    report = take_back(other, file, actor="Kim")
    assert (report.added, report.unknown) == (4, {"health/new_one": 1})
    report = take_back(other, file, actor="Kim", unknown="create")
    assert (report.added, report.same, report.created_codes) == (1, 4, ("health/new_one",))
    assert {one.code for one in coding.list_codings(other)} >= {"health/new_one"}


def test_a_file_that_was_not_exported_is_refused_with_the_remedy(study: Study) -> None:
    file = GivenFile("a.txt", SAID.encode())
    assert plan_return(study, file) is None
    with pytest.raises(InvalidRequestError, match=r"a\.txt"):
        take_back(study, file, actor="Ida")


def test_a_file_without_the_facts_for_its_way_back_still_finds_its_codings(study: Study) -> None:
    content = exported(study, "docx").content
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            if name != "docProps/custom.xml":
                target.writestr(name, source.read(name))
    report = take_back(study, GivenFile("andet navn.docx", packed.getvalue()), actor="Ida")
    assert (report.same, report.added, report.missing, report.imported) == (5, 0, (), None)


def test_the_import_with_a_look_takes_codings_along(study: Study, tmp_path: Path) -> None:
    other = studies.create_study(tmp_path / "o", title="O", scheme="immi", actor="Kim")
    [draft] = importing.draft_transcripts(other, [exported(study, "docx")])
    assert draft.transcript is not None
    assert draft.transcript.annotations == ()
    draft = importing.correct_draft(draft, labels={"Leder": "Chef"}, name="Chefen")
    [line] = importing.save_transcripts(other, [draft], actor="Kim")
    assert (line.status, line.name) == ("imported", "Chefen")
    stored = transcripts.get_transcript(other, "Chefen")
    assert {turn.speaker for turn in stored.turns} == {"Interviewer", "Chef"}
    assert state(other) == state(study)
