"""Transcripts as other programs export them: sheets and texts, told apart by their content."""

from __future__ import annotations

import datetime
import io
import textwrap

import openpyxl
import pytest

import interviews

Said = list[tuple[str | None, str, float | None]]


def said(content: str | bytes, name: str) -> Said:
    data = content.encode() if isinstance(content, str) else content
    transcript = interviews.read_bytes(data, name)
    return [(turn.speaker, transcript.said(turn), turn.time_seconds) for turn in transcript.turns]


ASKED, ANSWERED = "Hvordan gik det?", "Fint, tak."


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_sheet_of_time_words_and_speaker_is_read_below_what_stands_above_it() -> None:
    rows: list[list[object]] = [
        ["Interview 3 på rådhuset"],
        [],
        ["Timespan", "Content", "Speaker"],
        [datetime.timedelta(seconds=0.5), ASKED, "Anna"],
        [datetime.time(0, 1, 2), "Fint, tak.\nVirkelig.", "Bo"],
        [None, "Og mere.", None],
    ]
    data = workbook({"Om": [["Dette ark er kun et forord"]], "Samtale": rows, "Mere": rows})
    transcript = interviews.read_bytes(data, "a.xlsx")
    assert [(turn.kind, turn.speaker, transcript.said(turn)) for turn in transcript.turns] == [
        ("note", None, "Interview 3 på rådhuset"),
        ("speech", "Anna", ASKED),
        ("speech", "Bo", "Fint, tak.\nVirkelig.\nOg mere."),
    ]
    assert [turn.time_seconds for turn in transcript.turns] == [None, 0.5, 62.0]
    (warning,) = transcript.warnings
    assert (warning.reason, warning.values["sheet"], warning.values["others"]) == (
        "one_sheet_read",
        "Samtale",
        "Mere",
    )


@pytest.mark.parametrize(
    "rows",
    [
        [["id", "kommune", "q1", "q2"], [1, "Aarhus", 4, 5], [2, "Ribe", 3, 2]],
        [["Navn", "Rolle", "Kommune"], ["Anna Holm", "leder", "Aarhus"], ["Bo Krag", "borger", "Ribe"]],
        [
            ["id", "navn", "alder", "svar"],
            [1, "Anna", 34, "Jeg synes det var godt"],
            [2, "Bo", 23, "Det var meget svært"],
        ],
        [["a"]],
    ],
    ids=["survey", "participants", "open answers", "one cell"],
)
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_sheet_that_is_no_transcript_says_so(rows: list[list[object]], kind: str) -> None:
    text = "\n".join(";".join(map(str, row)) for row in rows)
    data = workbook({"Ark1": rows}) if kind == "xlsx" else text.encode()
    with pytest.raises(interviews.TranscriptError) as refused:
        interviews.read_bytes(data, f"a.{kind}")
    assert (refused.value.reason, refused.value.detail) == ("unsupported", "sheet_no_transcript")


@pytest.mark.parametrize(
    "content",
    [
        (
            'Timespan,Content,Speaker\n0:00.5 - 0:02.0,"Hvordan gik det, '
            '""egentlig""?",Anna\n0:03.2 - 0:04.0,Fint nok og tak.,Bo\n'
        ),
        (
            'start;end;speaker;text\n500;2000;Anna;"Hvordan gik det, '
            '""egentlig""?"\n3200;4000;Bo;Fint nok og tak.\n5000;6000;;\n'
        ),
        'speaker\tstart\ttext\nAnna\t0.5\tHvordan gik det, "egentlig"?\nBo\t3.2\tFint nok og tak.\n',
    ],
    ids=["clocks", "thousandths", "seconds"],
)
def test_csv_with_any_sign_between_and_any_time(content: str) -> None:
    assert said(content, "a.csv") == [
        ("Anna", 'Hvordan gik det, "egentlig"?', 0.5),
        ("Bo", "Fint nok og tak.", 3.2),
    ]


def test_tiers_one_after_another_are_put_in_order_of_time() -> None:
    rows = [
        ("Anna", 1, "Hvordan gik det nu?"),
        ("Anna", 6, "Og hvad så med det?"),
        ("Bo", 3, "Det gik fint nok."),
        ("Bo", 8, "Nå ja for søren."),
    ]
    content = "".join(
        f"{who}\t\t00:00:0{at}.000\t00:00:0{at + 1}.500\t00:00:01.500\t{words}\n" for who, at, words in rows
    )
    transcript = interviews.read_bytes(content.encode(), "elan.txt")
    assert [(turn.speaker, turn.time_seconds) for turn in transcript.turns] == [
        ("Anna", 1),
        ("Bo", 3),
        ("Anna", 6),
        ("Bo", 8),
    ]
    assert [warning.reason for warning in transcript.warnings] == ["rows_by_time"]


TEXTS = {
    "otter": "Anna Holm  0:03\nHvordan gik det?\n\nBo  0:12\nFint, tak.\n\nAnna Holm  1:02:03\nGodt.\n",
    "zoom": (
        "[Anna Holm] 00:00:03\nHvordan gik det?\n\n[Bo] 00:00:12\nFint, tak.\n\n[Anna Holm] 01:02:03\nGodt.\n"
    ),
    "teams": "0:0:3.0 --> 0:0:5.5\nAnna Holm\nHvordan gik det?\n\n0:0:12.0 --> 0:0:14.5\nBo\nFint, tak.\n\n"
    "1:2:3.0 --> 1:2:4.5\nAnna Holm\nGodt.\n",
    "f4": (
        "Anna Holm: Hvordan gik det? #00:00:03-0#\n\nBo: Fint, tak. "
        "#00:00:12-0#\n\nAnna Holm: Godt. #01:02:03-0#\n"
    ),
    "inqscribe": (
        "[00:00:03.00] Anna Holm: Hvordan gik det?\n\n[00:00:12.00] "
        "Bo: Fint, tak.\n\n[01:02:03.00] Anna Holm: Godt.\n"
    ),
    "trint": (
        "Anna Holm [00:00:03]\nHvordan gik det?\n\nBo [00:00:12]\nFint, tak.\n\nAnna Holm [01:02:03]\nGodt.\n"
    ),
    "happy scribe": (
        "[00:00:03.00] - Anna Holm\nHvordan gik det?\n\n"
        "[00:00:12.00] - Bo\nFint, tak.\n\n[01:02:03.00] - Anna Holm\nGodt.\n"
    ),
    "sonix": (
        "Anna Holm\n00:00:03\nHvordan gik det?\n\nBo\n00:00:12\nFint, tak.\n\nAnna Holm\n01:02:03\nGodt.\n"
    ),
    "rev": (
        "Anna Holm (00:03):\nHvordan gik det?\n\nBo (00:12):\nFint, tak.\n\nAnna Holm (01:02:03):\nGodt.\n"
    ),
}


@pytest.mark.parametrize("program", TEXTS)
def test_texts_of_programs(program: str) -> None:
    expected = [("Anna Holm", ASKED, 3.0), ("Bo", ANSWERED, 12.0), ("Anna Holm", "Godt.", 3723.0)]
    assert said(TEXTS[program], "a.txt") == expected


@pytest.mark.parametrize(
    "line",
    [
        "Transcribed by https://otter.ai",
        "Transcribed with Good Tape",
        "Transskriberet med f4",
        "Generated by example.com",
    ],
)
def test_the_program_that_names_itself_at_the_end_is_a_note(line: str) -> None:
    transcript = interviews.read_bytes((TEXTS["otter"] + f"\n{line}\n").encode(), "a.txt")
    last = transcript.turns[-1]
    assert (last.kind, last.speaker, transcript.said(last)) == ("note", None, line)
    assert transcript.said(transcript.turns[-2]) == "Godt."


@pytest.mark.parametrize(
    "line", ["Vi var lavet af et andet stof i Ribe dengang.", "Made in Denmark, sagde hun."]
)
def test_a_last_line_that_somebody_said_is_none(line: str) -> None:
    transcript = interviews.read_bytes((TEXTS["otter"] + f"\n{line}\n").encode(), "a.txt")
    assert transcript.said(transcript.turns[-1]) == f"Godt.\n{line}"


TALK = [
    (
        "Interviewer",
        "Kan du fortælle lidt om hvordan du oplevede det første møde med din sagsbehandler og de andre?",
    ),
    (
        "Borger",
        "Ja altså, jeg kom jo ind ad døren og jeg kendte slet ingen "
        "mennesker der, så jeg satte mig bare ned og "
        "ventede på at nogen ville sige noget til mig, og det gjorde de så heldigvis til sidst.",
    ),
    ("Interviewer", "Hvad så?"),
    (
        "Borger",
        (
            "Så gik jeg hjem og tænkte over det hele, og næste dag kom "
            "jeg igen for at spørge om jeg måtte begynde."
        ),
    ),
] * 3


@pytest.mark.parametrize("numbers", ["on every line", "again on each page", "on every fifth line"])
def test_numbers_of_lines_go_and_the_lines_are_joined(numbers: str) -> None:
    lines = [line for who, words in TALK for line in textwrap.wrap(f"{who}: {words}", 60)]
    shown = {
        "on every line": [f"{n:>3}  {line}" for n, line in enumerate(lines, 1)],
        "again on each page": [f"{(n - 1) % 12 + 1:>3}  {line}" for n, line in enumerate(lines, 1)],
        "on every fifth line": [f"{n if n % 5 == 0 else '':>3}  {line}" for n, line in enumerate(lines, 1)],
    }[numbers]
    assert [turn[:2] for turn in said("\n".join(shown), "a.txt")] == TALK


def test_numbers_of_paragraphs_stay_apart_from_the_text() -> None:
    content = "".join(f"{n}  {who}: {words}\n" for n, (who, words) in enumerate(TALK, 1))
    transcript = interviews.read_bytes(content.encode(), "a.txt")
    assert [(turn.speaker, transcript.said(turn)) for turn in transcript.turns] == TALK
    assert transcript.layout == "numbered colon"
