"""Invented interviews in every layout of speaker labels that we know of."""

from __future__ import annotations

import pytest

import interviews

Spoken = list[tuple[str, str]]
LAYOUTS: dict[str, tuple[str, Spoken]] = {}

QUESTIONS = [
    ("Interviewer", "Hvordan kom du i gang med forløbet?"),
    ("Borger", "Jeg startede i august, og så fik jeg en mentor."),
    ("Interviewer", "Og hvad skete der så?"),
    ("Borger", "Der skete ikke så meget. Jeg ventede."),
    ("Interviewer", "Okay."),
    ("Borger", "Klokken 10:30 skulle jeg møde hver dag."),
]
NAMED = [("Anna" if s == "Interviewer" else "Bo Jensen", t) for s, t in QUESTIONS]


def clock(i: int) -> str:
    return f"00:{i:02d}:{(i * 7) % 60:02d}"


LAYOUTS["colon"] = "\n".join(f"{s}: {t}" for s, t in QUESTIONS), QUESTIONS
LAYOUTS["colon names"] = "\n\n".join(f"{s}: {t}" for s, t in NAMED), NAMED
LAYOUTS["time colon"] = "\n".join(f"[{clock(i)}] {s}: {t}" for i, (s, t) in enumerate(NAMED)), NAMED
LAYOUTS["bare time colon"] = "\n".join(f"{clock(i)} {s}: {t}" for i, (s, t) in enumerate(NAMED)), NAMED
LAYOUTS["name (time):"] = "\n".join(f"{s} ({clock(i)}): {t}" for i, (s, t) in enumerate(NAMED)), NAMED
LAYOUTS["name [time]:"] = "\n".join(f"{s} [{clock(i)}]: {t}" for i, (s, t) in enumerate(NAMED)), NAMED
LAYOUTS["name: [time]"] = "\n".join(f"{s}: [{clock(i)}] {t}" for i, (s, t) in enumerate(NAMED)), NAMED
LAYOUTS["name (m:s):own"] = "\n".join(f"{s} ({i:02d}:0{i}):\n{t}\n" for i, (s, t) in enumerate(NAMED)), NAMED
LAYOUTS["otter"] = "\n".join(f"{s}  {i}:{i:02d}  \n{t}\n" for i, (s, t) in enumerate(NAMED)), NAMED
LAYOUTS["time name own"] = "\n".join(f"{clock(i)} {s}\n{t}\n" for i, (s, t) in enumerate(NAMED)), NAMED
LAYOUTS["zoomish [name] time"] = (
    "\n".join(f"[{s}] {clock(i)}\n{t}\n" for i, (s, t) in enumerate(NAMED)),
    NAMED,
)
LAYOUTS["upper own"] = "\n".join(f"{s.upper()}\n{t}\n" for s, t in NAMED), [(s.upper(), t) for s, t in NAMED]
LAYOUTS["own"] = "\n".join(f"{s}\n{t}\n" for s, t in NAMED), NAMED
LAYOUTS["own colon"] = "\n".join(f"{s}:\n{t}\n" for s, t in NAMED), NAMED
LAYOUTS["bracket"] = "\n".join(f"[{s}] {t}" for s, t in NAMED), NAMED
LAYOUTS["bracketcolon"] = "\n".join(f"[{s}]: {t}" for s, t in NAMED), NAMED
LAYOUTS["angle"] = "\n".join(f"<{s}> {t}" for s, t in NAMED), NAMED
LAYOUTS["dash"] = "\n".join(f"{s} - {t}" for s, t in NAMED), NAMED
LAYOUTS["endash"] = "\n".join(f"{s} – {t}" for s, t in NAMED), NAMED
LAYOUTS["tab"] = "\n".join(f"{s}\t{t}" for s, t in NAMED), NAMED
LAYOUTS["colontab"] = "\n".join(f"{s}:\t{t}" for s, t in NAMED), NAMED
LAYOUTS["tab3"] = "\n".join(f"{clock(i)}\t{s}\t{t}" for i, (s, t) in enumerate(NAMED)), NAMED
LAYOUTS["tab3b"] = "\n".join(f"{s}\t{clock(i)}\t{t}" for i, (s, t) in enumerate(NAMED)), NAMED
LAYOUTS["tab3head"] = (
    "Taler\tTid\tTekst\n" + "\n".join(f"{s}\t{clock(i)}\t{t}" for i, (s, t) in enumerate(NAMED)),
    NAMED,
)
LAYOUTS["spaces"] = "\n".join(f"{s:12}{t}" for s, t in NAMED), NAMED
LAYOUTS["numbered"] = "\n".join(f"{i + 1}  {s}: {t}" for i, (s, t) in enumerate(NAMED)), NAMED
LAYOUTS["numbered."] = "\n".join(f"{i + 1}. {s}: {t}" for i, (s, t) in enumerate(NAMED)), NAMED
LAYOUTS["[12] Dan"] = "\n".join(f"[{i + 1}] {s}: {t}" for i, (s, t) in enumerate(NAMED)), NAMED
LAYOUTS["numtab"] = "\n".join(f"{i + 1}\t{s}:\t{t}" for i, (s, t) in enumerate(NAMED)), NAMED
LAYOUTS["f4"] = "\n".join(f"{s}: {t} #{clock(i)}-{i}#" for i, (s, t) in enumerate(NAMED)), NAMED
LAYOUTS["f4 start"] = "\n".join(f"#{clock(i)}-{i}# {s}: {t}" for i, (s, t) in enumerate(NAMED)), NAMED
LETTERS = [("Q" if s == "Interviewer" else "A", t) for s, t in QUESTIONS]
LAYOUTS["Q."] = "\n".join(f"{s}. {t}" for s, t in LETTERS), LETTERS
LAYOUTS["Q "] = "\n".join(f"{s}   {t}" for s, t in LETTERS), LETTERS
LAYOUTS["Q sp"] = "\n".join(f"{s} {t}" for s, t in LETTERS), LETTERS
LAYOUTS["Q:"] = "\n".join(f"{s}: {t}" for s, t in LETTERS), LETTERS
CODES = [("I" if s == "Interviewer" else "B", t) for s, t in QUESTIONS]
LAYOUTS["I:"] = "\n".join(f"{s}: {t}" for s, t in CODES), CODES
LAYOUTS["INT: IP:"] = (
    "\n".join(f"{'INT' if s == 'I' else 'IP'}: {t}" for s, t in CODES),
    [("INT" if s == "I" else "IP", t) for s, t in CODES],
)
LAYOUTS["Spørgsmål/svar"] = (
    "\n".join(f"{'Spørgsmål' if s == 'I' else 'Svar'}: {t}" for s, t in CODES),
    [("Spørgsmål" if s == "I" else "Svar", t) for s, t in CODES],
)
LAYOUTS[">> "] = "\n".join(f">> {s.upper()}: {t}" for s, t in NAMED), [(s.upper(), t) for s, t in NAMED]
LAYOUTS["chat *"] = (
    "\n".join(f"*{'INT' if s == 'I' else 'PAR'}:\t{t}" for s, t in CODES),
    [("INT" if s == "I" else "PAR", t) for s, t in CODES],
)
LAYOUTS["bullets"] = "\n".join(f"- {s}: {t}" for s, t in NAMED), NAMED
LAYOUTS["tight"] = "\n".join(f"{s}:{t}" for s, t in NAMED), NAMED
LAYOUTS["space colon"] = "\n".join(f"{s} : {t}" for s, t in NAMED), NAMED
LAYOUTS["header"] = (
    "Interview med borger 3\nDato: 3. maj 2021\nSted: Jobcentret\nInterviewer: Anna Holm\nRespondent: Bo\n\n"
    + "\n".join(f"{s}: {t}" for s, t in QUESTIONS),
    QUESTIONS,
)
LAYOUTS["teams docx"] = (
    "\n\n".join(f"0:0:{i}.0 --> 0:0:{i + 1}.120\n{s}\n{t}" for i, (s, t) in enumerate(NAMED)),
    NAMED,
)
LAYOUTS["name / time / text"] = "\n\n".join(f"{s}\n{clock(i)}\n{t}" for i, (s, t) in enumerate(NAMED)), NAMED
LAYOUTS["range bracket"] = (
    "\n".join(f"[{clock(i)} - {clock(i + 1)}] {s}: {t}" for i, (s, t) in enumerate(NAMED)),
    NAMED,
)
LAYOUTS["rangeown"] = (
    "\n".join(f"{clock(i)} - {clock(i + 1)}\n{s}: {t}\n" for i, (s, t) in enumerate(NAMED)),
    NAMED,
)
LAYOUTS["Speaker 1"] = (
    "\n".join(f"Speaker {1 if s == 'Anna' else 2} ({i:02d}:00)\n{t}\n" for i, (s, t) in enumerate(NAMED)),
    [(f"Speaker {1 if s == 'Anna' else 2}", t) for s, t in NAMED],
)
LAYOUTS["Speaker time"] = (
    "\n".join(f"Speaker {1 if s == 'Anna' else 2}  00:{i:02d}:00\n{t}\n" for i, (s, t) in enumerate(NAMED)),
    [(f"Speaker {1 if s == 'Anna' else 2}", t) for s, t in NAMED],
)
LAYOUTS["S1"] = (
    "\n".join(f"S{1 if s == 'Anna' else 2} {i:02d}:00 {t}\n" for i, (s, t) in enumerate(NAMED)),
    [(f"S{1 if s == 'Anna' else 2}", t) for s, t in NAMED],
)
LAYOUTS["zoom chat"] = (
    "\n".join(f"{clock(i)} From {s} to Everyone: {t}" for i, (s, t) in enumerate(NAMED)),
    NAMED,
)
GROUP = [
    ("Moderator", "Velkommen. Hvem vil begynde?"),
    ("P1", "Det vil jeg gerne."),
    ("P2", "Jeg er enig med P1: det var svært."),
    ("P3", "Nej."),
    ("Moderator", "Hvorfor ikke?"),
    ("P3", "Fordi: det er for dyrt."),
    ("P4", "Ja."),
]
LAYOUTS["focus"] = "\n".join(f"{s}: {t}" for s, t in GROUP), GROUP
LAYOUTS["md bold"] = "\n\n".join(f"**{s}:** {t}" for s, t in NAMED), NAMED
LAYOUTS["md bold2"] = "\n\n".join(f"**{s}**: {t}" for s, t in NAMED), NAMED
LAYOUTS["md it"] = "\n\n".join(f"*{s}*: {t}" for s, t in NAMED), NAMED
LAYOUTS["md head"] = "\n\n".join(f"### {s}\n\n{t}" for s, t in NAMED), NAMED
LAYOUTS["md bold own"] = "\n\n".join(f"**{s}**\n\n{t}" for s, t in NAMED), NAMED
LAYOUTS["md table"] = "| Taler | Tekst |\n|---|---|\n" + "\n".join(f"| {s} | {t} |" for s, t in NAMED), NAMED
LAYOUTS["cont"] = (
    "\n\n".join(f"{s}: {t}\n\nDet var sådan det var. Jeg sagde: det går ikke." for s, t in NAMED),
    [(s, t + "\nDet var sådan det var. Jeg sagde: det går ikke.") for s, t in NAMED],
)
LAYOUTS["semicolon typo"] = (
    "\n".join(f"{s}{';' if i == 2 else ':'} {t}" for i, (s, t) in enumerate(NAMED)),
    NAMED,
)
LAYOUTS["case var"] = (
    "\n".join(
        f"{s.upper() if i == 2 else s} {':' if i == 3 else ''}{'' if i == 3 else ':'} {t}"
        for i, (s, t) in enumerate(NAMED)
    ),
    NAMED,
)
LAYOUTS["pipe"] = "\n".join(f"{s} | {t}" for s, t in NAMED), NAMED
LAYOUTS["name, time"] = "\n".join(f"{s}, {clock(i)}\n{t}\n" for i, (s, t) in enumerate(NAMED)), NAMED
LAYOUTS["name time text"] = "\n".join(f"{s} {clock(i)} {t}" for i, (s, t) in enumerate(NAMED)), NAMED
LAYOUTS["name [time] text"] = "\n".join(f"{s} [{clock(i)}] {t}" for i, (s, t) in enumerate(NAMED)), NAMED
LAYOUTS["name time:text"] = "\n".join(f"{s} {clock(i)}: {t}" for i, (s, t) in enumerate(NAMED)), NAMED
LAYOUTS["(Anna) "] = "\n".join(f"({s}) {t}" for s, t in NAMED), NAMED
LAYOUTS["arabic"] = (
    "\n".join(f"{s}: {t}" for s, t in [("المحاور", "كيف حالك؟"), ("ليلى", "بخير")] * 3),
    [("المحاور", "كيف حالك؟"), ("ليلى", "بخير")] * 3,
)
LAYOUTS["lower"] = (
    "\n".join(f"{s.lower()}: {t}" for s, t in QUESTIONS),
    [(s.lower(), t) for s, t in QUESTIONS],
)
LAYOUTS["lower names"] = "\n".join(f"{s.lower()}: {t}" for s, t in NAMED), [(s.lower(), t) for s, t in NAMED]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_turns_and_speakers_are_right_in_every_layout(layout: str) -> None:
    text, expected = LAYOUTS[layout]
    transcript = interviews.read_bytes(
        text.encode(), "interview.md" if layout.startswith("md ") else "interview.txt"
    )
    spoken = [(turn.speaker, transcript.said(turn)) for turn in transcript.turns if turn.kind == "speech"]
    assert spoken == expected


def test_a_list_of_those_present_is_no_speaker() -> None:
    said = "Anna: Goddag.\nBo: Hej.\nAnna: Er I klar?\nDeltagere: Ja, det er vi."
    transcript = interviews.read_bytes(f"Fokusgruppe\nDeltagere: Anna, Bo\n\n{said}".encode(), "a.txt")
    spoken = [(turn.speaker, transcript.said(turn)) for turn in transcript.turns if turn.kind == "speech"]
    assert spoken == [
        ("Anna", "Goddag."), ("Bo", "Hej."), ("Anna", "Er I klar?"), ("Deltagere", "Ja, det er vi."),
    ]  # fmt: skip


def test_labels_in_bold_are_read_in_a_file_called_txt() -> None:
    text = (
        "**Interviewer:** Hello\n\n**Jane:** Hi. I think **so**.\n\n**Interviewer:** Good\n\n**Jane:** Ok\n"
    )

    transcript = interviews.read_bytes(text.encode(), "talk.txt")

    assert [turn.speaker for turn in transcript.turns] == ["Interviewer", "Jane", "Interviewer", "Jane"]
    assert transcript.said(transcript.turns[1]) == "Hi. I think so."


def test_a_role_inside_a_bracketed_label_is_part_of_the_label() -> None:
    text = (
        "[Ali (Gæst)] 10:01:12\nGoddag.\n\n[Mette] 10:01:20\nHej Ali?\n\n"
        "[Ali (Gæst)] 10:01:30\nTak.\n\n[Mette] 10:01:40\nGodt.\n"
    )

    transcript = interviews.read_bytes(text.encode(), "meeting.txt")

    assert [turn.speaker for turn in transcript.turns] == ["Ali (Gæst)", "Mette", "Ali (Gæst)", "Mette"]
    assert transcript.text == "Goddag.\nHej Ali?\nTak.\nGodt."
