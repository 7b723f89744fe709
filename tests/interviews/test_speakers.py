"""What is a speaker and what is not; roles, near-equal labels and corrections."""

from __future__ import annotations

import pytest

import interviews
from interviews.speakers import likeness


def read(text: str, name: str = "interview.txt") -> interviews.Transcript:
    return interviews.read_bytes(text.encode(), name)


def speech(transcript: interviews.Transcript) -> list[tuple[str | None, str]]:
    return [(turn.speaker, transcript.said(turn)) for turn in transcript.turns if turn.kind == "speech"]


def test_sentences_with_a_colon_are_no_speakers() -> None:
    transcript = read(
        "Jeg sagde: nu går det ikke mere.\n\nJeg sagde: farvel.\n\nKlokken 10:30 tog jeg hjem.\n\n"
        "Problemet: der er ingen."
    )
    assert transcript.layout == "paragraphs"
    assert {turn.speaker for turn in transcript.turns} == {None}
    assert len(transcript.turns) == 4


@pytest.mark.parametrize(
    "text", ["Fordele: billigt\nUlemper: langsomt\nFordele: igen", "A. Første\nB. Andet\nC. Tredje"]
)
def test_lists_are_no_interviews(text: str) -> None:
    assert read(text).speakers == ()


def test_paragraphs_without_a_label_belong_to_the_turn_above() -> None:
    transcript = read("Anna: Ja?\n\nBo: Ja.\n\nJeg sagde: det går ikke.\n\nAnna: Nå?\n\nBo: Nej.")
    assert speech(transcript)[1] == ("Bo", "Ja.\nJeg sagde: det går ikke.")


def test_facts_about_the_interview_are_notes() -> None:
    transcript = read(
        "Dato: 3. maj\nInterviewer: Mette Holm\nBorger: Bo\n\nInterviewer: Hvordan går det?\nBorger: Det går."
    )
    assert speech(transcript) == [("Interviewer", "Hvordan går det?"), ("Borger", "Det går.")]
    assert transcript.turns[0].kind == "note"


def test_guide_questions_are_headings_and_bracketed_lines_are_notes() -> None:
    transcript = read("Spørgsmål 1: Hvordan?\n\nAnna: Godt.\n\nBo: Ja.\n\n[griner]\n\nAnna: Nå.\n\nBo: Jo.")
    assert [turn.kind for turn in transcript.turns] == [
        "heading",
        "speech",
        "speech",
        "note",
        "speech",
        "speech",
    ]


def test_one_who_speaks_once_in_a_group_is_a_speaker() -> None:
    transcript = read("Anna: Hvem?\nBo: Mig.\nAnna: Og du?\nFatima: Også mig.\nBo: Ja.\nAnna: Tak.")
    assert [speaker.label for speaker in transcript.speakers] == ["Anna", "Bo", "Fatima"]


def test_a_hearing_has_named_speakers_beside_question_and_answer() -> None:
    transcript = read(
        " THE COURT: Good morning.\n MR. SMITH: Good morning.\n BY MR. SMITH:\n Q. State your name.\n"
        " A. Jane Doe.\n Q. Where do you live?\n A. In Ohio.\n THE COURT: Speak up.\n THE WITNESS: Yes."
    )
    assert [turn.speaker for turn in transcript.turns] == [
        "THE COURT", "MR. SMITH", None, "Q", "A", "Q", "A", "THE COURT", "THE WITNESS",
    ]  # fmt: skip


def test_labels_that_differ_in_case_and_spacing_are_one_speaker_and_near_equal_ones_are_offered() -> None:
    transcript = read(
        "Sagsbehandler 1: Ja.\nInterviewer: Hvorfor?\nSagsbeh. 1: Fordi.\nINTERVIEWER : Ok?\n"
        "Sagsbehandler 2: Nej.\nInterviewer: Tak.\nSagsbehandler 1: Jo."
    )
    assert [speaker.label for speaker in transcript.speakers] == [
        "Sagsbehandler 1", "Interviewer", "Sagsbeh. 1", "Sagsbehandler 2",
    ]  # fmt: skip
    assert [(merge.label, merge.into) for merge in transcript.speaker_merges] == [
        ("Sagsbeh. 1", "Sagsbehandler 1")
    ]


@pytest.mark.parametrize(
    ("one", "other"), [("P1", "P2"), ("Leder 1", "Leder 2"), ("Ida", "Ib"), ("P1", "P11")]
)
def test_labels_with_other_numbers_are_never_alike(one: str, other: str) -> None:
    assert likeness(one, other) < 84


@pytest.mark.parametrize(
    ("one", "other"),
    [("Sagsbehandler 1", "Sagsbeh. 1"), ("Interviewer", "Interveiwer"), ("Sagsbehandler", "Sagsbehadnler"),
     ("Anne Sofie Holm", "Anne Sofie"), ("Respondent 2", "Resp. 2"), ("Fatima", "Fatma"), ("Anna", "Hanna")],
)  # fmt: skip
def test_near_equal_labels_are_offered_and_stay_apart(one: str, other: str) -> None:
    transcript = read(
        f"{one}: Ja.\nXenia: Hvad?\n{other}: Nej.\nXenia: Og?\n{one}: Jo.\n{other}: Jo.\n{one}: Ja."
    )
    assert {one.rstrip("."), other.rstrip(".")} < {speaker.label for speaker in transcript.speakers}
    offers = [(merge.label, merge.into) for merge in transcript.speaker_merges]
    assert offers == [(other.rstrip("."), one)]


def test_one_question_does_not_make_an_interviewer() -> None:
    turns = ["SPEAKER 1: Tell me?", "SPEAKER 2: I weld."] * 4
    transcript = read("\n".join([*turns, "SPEAKER 3: Coffee?", "SPEAKER 2: Please."]))
    assert [(s.label, s.role) for s in transcript.speakers] == [
        ("SPEAKER 1", "interviewer"), ("SPEAKER 2", "respondent"), ("SPEAKER 3", "respondent"),
    ]  # fmt: skip


def test_the_interviewer_is_known_by_word_or_by_questions() -> None:
    by_word = read("Moderator: Hvem?\nP1: Mig?\nP2: Mig?\nModerator: Tak.")
    assert [speaker.role for speaker in by_word.speakers] == ["interviewer", "respondent", "respondent"]
    by_questions = read("Anna: Hvem?\nBo: Mig.\nAnna: Hvor?\nBo: Her.\nAnna: Tak.")
    assert [speaker.role for speaker in by_questions.speakers] == ["interviewer", "respondent"]


def test_corrections_rename_merge_and_take_back_speakers() -> None:
    transcript = read("Anna: Hvem?\nBo: Mig.\nAna: Hvor?\nBo: Her.\nAnna: Tak.\nRadio: Slut.\nBo: Ja.")
    assert "Radio" in {speaker.label for speaker in transcript.speakers}
    merged = transcript.with_speakers(
        {"Ana": "Anna", "Bo": "Borger", "Radio": None}, roles={"Borger": "unknown"}
    )
    assert [(speaker.label, speaker.role, speaker.turns) for speaker in merged.speakers] == [
        ("Anna", "interviewer", 3),
        ("Borger", "unknown", 3),
    ]
    assert merged.text.endswith("Tak.\nRadio: Slut.\nJa.")
    assert merged.said(merged.turns[4]) == "Tak.\nRadio: Slut."
    with pytest.raises(ValueError, match="no speaker is called Karl"):
        transcript.with_speakers({"Karl": "Bo"})


@pytest.mark.parametrize(
    ("mark", "seconds"),
    [("[00:01:23]", 83.0), ("(1:23)", 83.0), ("00:01:23.500", 83.5), ("#00:01:23-4#", 83.4),
     ("[00.01.23]", 83.0),
     ("[01:01:23 - 01:02:00]", 3683.0), ("[1m23s]", 83.0)],
)  # fmt: skip
def test_times_of_every_style_are_read(mark: str, seconds: float) -> None:
    transcript = read(f"{mark} Anna: Ja?\n{mark} Bo: Nej.")
    assert [turn.time_seconds for turn in transcript.turns] == [seconds, seconds]
    assert transcript.text == "Ja?\nNej."
