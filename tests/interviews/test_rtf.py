"""Rich Text Format: letters in every encoding, what the page shows, notes where they stood."""

from __future__ import annotations

import pytest
from striprtf.striprtf import rtf_to_text

import interviews
from interviews.formats.rtf import read_rtf
from interviews.source import Source
from tests.interviews.test_docx_notes import marked

FONTS = (
    r"{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fnil\fcharset238 Arial CE;}{\f2\fnil\fcharset204 Cyr;}"
    r"{\f3\fnil\fcharset2 Wingdings;}{\f4\fnil\fcharset77 Geneva;}{\f5\fnil\fcharset128 Gothic;}}"
    r"{\colortbl;\red0\green0\blue0;\red192\green0\blue0;}"
    r"{\stylesheet{\ql Normal;}{\s1\b heading 1;}{\s2\b Overskrift 2;}{\*\cs10 Default Font;}}"
)


def rtf(body: str, start: str = r"\ansi\ansicpg1252\deff0") -> bytes:
    return ("{\\rtf1" + start + FONTS + body + "}").encode("latin-1")


def read(body: str, start: str = r"\ansi\ansicpg1252\deff0") -> Source:
    return read_rtf(rtf(body, start), file="a.rtf")


def texts(source: Source) -> list[str]:
    return ["|".join(one.cells) if one.kind == "row" else one.text for one in source.paragraphs]


@pytest.mark.parametrize(
    ("body", "start", "expected"),
    [
        (r"\'e6\'f8\'e5 \'93hej\'94", r"\ansi\ansicpg1252", "æøå “hej”"),
        (r"\'be\'bf\'8c", r"\mac", "æøå"),
        (r"\'91\'9b\'86", r"\pca", "æøå"),
        (r"{\f1 \'b3\'9c}\'e6", r"\ansi\ansicpg1252\deff0", "łśæ"),
        (r"{\f2 \'e4\'e0}", r"\ansi\ansicpg1252\deff0", "да"),
        (r"{\f5 \'82\'b1\'82\'f1}", r"\ansi\ansicpg1252\deff0", "こん"),
        (r"{\f4 \'be}", r"\ansi\ansicpg1252\deff0", "æ"),
        (r"\u230\'e6\u248 ?\uc0\u229 x{\uc2\u8364 ab}c", r"\ansi", "æøåx€c"),
        (r"\u-10179?\u-8694?", r"\ansi", "😊"),
        (r"\u55357 ?x", r"\ansi", "x"),
        (r"{\f3 J}\u61514 ?{\f3\u61692 ?}", r"\ansi\deff0", "☺\uf04a✓"),
        (r"a\~b\_c\-d\emdash e\lquote f\rquote\tab g\{h\}\\", r"\ansi", "a\u00a0b-cd—e‘f’\tg{h}\\"),
    ],
    ids=["cp1252", "mac", "dos", "central", "cyrillic", "japanese", "geneva", "uc", "emoji", "half",
    "symbol", "signs"],
)  # fmt: skip
def test_letters(body: str, start: str, expected: str) -> None:
    assert texts(read(body + r"\par", start)) == [expected]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_letters_that_stand_unescaped_are_read_as_what_they_are(encoding: str) -> None:
    data = "{\\rtf1\\ansi\\ansicpg1252 Får du æ, ø å?\\par}".encode(encoding)
    assert texts(read_rtf(data, file="a.rtf")) == ["Får du æ, ø å?"]


def test_paragraphs_lines_and_wrapped_source() -> None:
    body = "\\pard Anna: ja\r\n og nej\\line ny linje\\par\\pard Bo\\\nmed\\page side\\par sidst"
    assert texts(read(body)) == ["Anna: ja og nej", "ny linje", "Bo", "med", "side", "sidst"]


def test_looks_headings_and_list_numbers() -> None:
    body = (
        r"\pard\plain\s1\b Samtalen\par\pard\plain\s2 Tema\par\pard\plain\outlinelevel0 Niveau\par"
        r"\pard\plain {\b Anna:} ja\par{\i Hvad s\'e5?}\par\plain\cf2 r\'f8d\cf1\par\plain\ul "
        r"streg\ulnone\par"
        r"{\listtext\f0 1.\tab}et\par{\pntext\f3 \'b7\tab}punkt\par{\listtext Interviewer:\tab}Hvad?\par"
    )
    found = [(one.kind, one.text, one.bold, one.emphasis, one.number) for one in read(body).paragraphs]
    assert found == [
        ("heading", "Samtalen", 8, "bold", None), ("heading", "Tema", 0, None, None),
        ("heading", "Niveau", 0, None, None), ("body", "Anna: ja", 6, None, None),
        ("body", "Hvad så?", 0, "italic", None), ("body", "rød", 0, "colour", None),
        ("body", "streg", 0, "underline", None), ("body", "et", 0, None, 1), ("body", "punkt", 0, None, None),
        ("body", "Interviewer: Hvad?", 0, None, None),
    ]  # fmt: skip


def test_colours_are_counted_from_the_first_of_the_table() -> None:
    table = rb"{\colortbl\red9\green9\blue9;\red0\green0\blue0;}"
    data = rb"{\rtf1" + table + rb"\pard usual\par\cf0 gr\'e5\par\cf1 sort\par}"
    assert [one.emphasis for one in read_rtf(data, file="a.rtf").paragraphs] == [None, "colour", None]


def test_deleted_and_hidden_text_and_what_is_not_on_the_page_is_left_out() -> None:
    picture = r"{\pict\bin6 }{\\}}x}"
    body = (
        r"{\info{\title Skjult titel}}{\header sidehoved}{\footer {\b side}}Ja {\deleted nej\par stadig "
        r"nej }tak{\v hemmeligt}"
        r"{\*\ukendt gemt {indeni}}" + picture + r"{\*\bkmkstart m}{\xe{\v register}}\par {\deleted "
        r"mere\par}slut\par"
    )  # fmt: skip
    source = read(body)
    assert texts(source) == ["Ja tak", "slut"]
    (warning,) = source.warnings
    assert isinstance(warning, interviews.ReadingWarning)
    assert (warning.reason, warning.values) == ("hidden_text", {"n": 1})


def test_a_field_shows_its_result_and_a_text_box_is_read_once() -> None:
    body = (
        r'{\field{\*\fldinst HYPERLINK "http://x"}{\fldrslt {\ul her}}} og '
        r'{\field{\*\fldinst SYMBOL 74 \\f "Wingdings" \\s 11}{\fldrslt\f3 J}}'
        r'{\field{\*\fldinst {SYMBOL 74 \\f "Wingdings"}}}'
        r"{\shp{\*\shpinst\shpleft1{\sp{\sn navn}{\sv 3}}{\shptxt\pard i boksen\par}}{\shprslt{\pard i "
        r"boksen\par}}}\par efter"
    )
    assert texts(read(body)) == ["her og ☺☺", "i boksen", "efter"]


def test_tables_of_one_and_more_columns_and_tables_in_cells() -> None:
    row = r"\trowd\cellx1\cellx2\pard\intbl Anna\cell ja\par tak\cell\row"
    nested = (
        r"\trowd\cellx1\cellx2\pard\intbl Bo\cell f\'f8r\par\pard\intbl\itap2 x\nestcell y\nestcell"
        r"{\*\nesttableprops\trowd\cellx1\cellx2\nestrow}{\nonesttables\par}\pard\intbl\itap1 \cell\row"
    )
    single = r"\trowd\cellx1\pard\intbl {\b Bo:} nej\cell\row"
    source = read(row + nested + r"\pard imellem\par" + single + r"\pard slut\par")
    assert texts(source) == ["Anna|ja\ntak", "Bo|før\nx\ty", "imellem", "Bo: nej", "slut"]
    assert [one.table for one in source.paragraphs] == [0, 0, -1, -1, -1]
    assert source.paragraphs[3].bold == 4


def test_comments_and_notes_stand_where_they_stood() -> None:
    date = 30 | 10 << 6 | 3 << 11 | 5 << 16 | 124 << 20
    body = (
        r"a {\*\atrfstart 7}bc\par d{\*\atrfend 7}{\*\atnid B}{\*\atnauthor "
        r"Bo}\chatn{\*\annotation{\*\atnref 7}"
        rf"{{\*\atndate {date}}}\pard\plain hvem?\par og hvor}} e"
        r"{\super\chftn{\footnote\pard\plain{\super\chftn} fod\'f8}} f{\super\chftn{\footnote\ftnalt slut}}"
        r"{\*\atnauthor Mette}\chatn{\*\annotation\pard punkt}\par"
    )
    source = read(body)
    assert [(one.kind, one.text) for one in source.paragraphs] == [
        ("body", "a bc"), ("body", "d e f"), ("note", "fodø"), ("note", "slut"),
    ]  # fmt: skip
    assert [(one.kind, marked(source, one), one.text, one.author,
    one.written_at) for one in source.notes] == [
        ("comment", "bc\nd", "hvem?\nog hvor", "Bo", "2024-05-03T10:30:00"), ("footnote", "", "fodø", "", ""),
        ("endnote", "", "slut", "", ""), ("comment", "", "punkt", "Mette", ""),
    ]  # fmt: skip


def test_a_file_that_ends_in_the_middle_is_read_and_said() -> None:
    source = read_rtf(rtf(r"\pard Anna: ja\par {\b Bo: n")[:-1], file="a.rtf")
    assert texts(source) == ["Anna: ja", "Bo: n"]
    assert [one.reason for one in source.warnings if isinstance(one, interviews.ReadingWarning)] == [
        "cut_off"
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"{\\rtf1 " + b"{" * 20_000, "unsafe"), (b"hej", "damaged"), (b"{\\rtf1}", None), (b"{\\rtf1\\u", None),
     (b"{\\rtf1\\cell\\row\\nestrow\\par}}}}", None), (b"{\\rtf1\\bin99999999 x}", None),
     (b"{\\rtf1\\u99999999 ?\\'", None), (b"{\\rtf1{\\fonttbl\\f0\\cpg-5;}\\f0\\'ff\\cf-3 x}", None)],
)  # fmt: skip
def test_odd_files_are_refused_or_read(data: bytes, reason: str | None) -> None:
    if reason is None:
        assert read_rtf(data, file="a.rtf").source_format == "rtf"
        return
    with pytest.raises(interviews.TranscriptError) as refused:
        read_rtf(data, file="a.rtf")
    assert refused.value.reason == reason


def test_a_transcript_of_f4_keeps_its_times() -> None:
    body = (
        r"\pard I: Hvordan var det? #00:00:05-2#\par B: Det var godt. #00:00:09-1#\par I: Og s\'e5? "
        r"#00:00:11-0#\par"
    )
    transcript = interviews.read_bytes(rtf(body), "f4.rtf")
    assert [(turn.speaker, turn.time_seconds) for turn in transcript.turns] == [
        ("I", 5.2),
        ("B", 9.1),
        ("I", 11.0),
    ]
    assert transcript.text == "Hvordan var det?\nDet var godt.\nOg så?"


def test_the_words_are_those_of_another_reader() -> None:
    body = (
        r"\pard\plain {\b Interviewer:} Hvad sagde l\'e6reren?\par {\b Borger:} \'93Jo\'94 \u8211\'96 ikke "
        r"{\i n\'f8dvendigvis}\emdash men\~100 %\par\pard slut\line her\tab nu\par"
    )
    other = rtf_to_text(rtf(body).decode("latin-1")).rstrip("\n")
    assert "\n".join(texts(read(body))).rstrip("\n") == other
