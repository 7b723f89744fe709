"""Web pages as browsers, office programs and transcription services write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import interviews
from interviews import TranscriptError


def read(page: str | bytes, name: str = "a.html") -> interviews.Transcript:
    return interviews.read_bytes(page.encode() if isinstance(page, str) else page, name)


def said(transcript: interviews.Transcript) -> list[tuple[str | None, str]]:
    return [(turn.speaker, transcript.said(turn)) for turn in transcript.turns]


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def test_paragraphs_headings_lists_and_line_breaks_in_their_order() -> None:
    transcript = read(
        page(
            "<h1>Samtalen</h1>\n<p>Interviewer: Hvad\n   så?</p><p>Leder: Fint.<br>Rigtig <b>fint</b>.</p>"
            "<p>Interviewer: Og?</p><ul><li>et</li><li>to</li></ul>"
            "<blockquote><p>Leder: Slut &amp; færdig&nbsp;😀</p></blockquote>"
        )
    )
    assert transcript.turns[0].kind == "heading"
    assert said(transcript) == [
        (None, "Samtalen"),
        ("Interviewer", "Hvad så?"),
        ("Leder", "Fint.\nRigtig fint."),
        ("Interviewer", "Og?\net\nto"),
        ("Leder", "Slut & færdig\u00a0😀"),
    ]


def test_what_a_page_does_not_show_is_left_out() -> None:
    transcript = read(
        page(
            "<nav>Forside | Om</nav><script>var x = 'Eva: nej';</script><style>p{}</style>"
            "<p>Interviewer: Ja<span style='display: none'> skjult</span>.</p><p hidden>Eva: skjult</p>"
            "<!-- Eva: kommentar --><template><p>Eva: skabelon</p></template><p>Leder: Nej.</p>"
            "<svg><text>Eva: tegning</text></svg><button>Del</button>",
            "<title>Titel</title>",
        )
    )
    assert said(transcript) == [("Interviewer", "Ja."), ("Leder", "Nej.")]
    assert [str(warning) for warning in transcript.warnings] == ["2 passages of hidden text were left out"]


def test_the_mark_of_bytes_then_utf8_then_what_the_page_says_decides_about_letters() -> None:
    text = page(
        "<p>Interviewer: Vil du have blåbærgrød?</p><p>Leder: Ja, jeg bor på Ærø.</p>", '<meta charset="{}">'
    )
    for codec, name in (("utf-8", "utf-8"), ("cp1252", "windows-1252"), ("cp1252", "iso-8859-1")):
        transcript = read(text.format(name).encode(codec))
        assert said(transcript) == [
            ("Interviewer", "Vil du have blåbærgrød?"),
            ("Leder", "Ja, jeg bor på Ærø."),
        ], name
    assert said(read(text.format("utf-8").encode("utf-16")))[0] == ("Interviewer", "Vil du have blåbærgrød?")
    assert said(read(text.format("no-such-thing").encode("cp1252")))[0] == (
        "Interviewer",
        "Vil du have blåbærgrød?",
    )
    declared = '<?xml version="1.0" encoding="ISO-8859-1"?>\n' + text.format("iso-8859-1")
    assert said(read(declared.encode("cp1252")))[0] == ("Interviewer", "Vil du have blåbærgrød?")


def test_a_page_that_word_saved_loses_its_comments_list_marks_and_deletions() -> None:
    transcript = read(
        page(
            "<div class=WordSection1><p class=MsoNormal><b>Interviewer:</b> Hvad<o:p></o:p> så?"
            "<span class=MsoCommentReference><a class=msocomanchor href='#_msocom_1'>[EH1]</a></span></p>"
            "<p class=MsoListParagraph><![if !supportLists]><span style='mso-list:Ignore'>1.&nbsp;</span>"
            "<![endif]><b>Leder:</b> Fint<del>slettet</del><ins> indsat</ins>.</p></div>"
            "<div style='mso-element:comment-list'><div style='mso-element:comment'><p>Leder: Nej</p></div>"
            "</div>",
            "<!--[if gte mso 9]><xml><w:WordDocument/></xml><![endif]-->",
        )
    )
    assert said(transcript) == [("Interviewer", "Hvad så?"), ("Leder", "Fint indsat.")]
    assert [warning.reason for warning in transcript.warnings] == ["comments_left_out"]  # type: ignore[attr-defined]


def test_a_table_of_speaker_time_and_words_gives_turns() -> None:
    rows = (
        ("Speaker", "Time", "Text"),
        ("Interviewer", "0:05", "Hvad så?"),
        ("Leder", "0:09", "Fint.<br>Ja."),
    )
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    transcript = read(page(f"<table><tbody>{table}</tbody></table>"))
    assert said(transcript) == [("Interviewer", "Hvad så?"), ("Leder", "Fint.\nJa.")]
    assert [turn.time_seconds for turn in transcript.turns] == [5.0, 9.0]


def test_terms_that_come_back_in_a_definition_list_are_speakers() -> None:
    pairs = (("Interviewer", "Hvad så?"), ("Leder", "Fint."), ("Interviewer", "Godt."), ("Leder", "Ja."))
    listed = "".join(f"<dt>{term}:</dt><dd>{words}</dd>" for term, words in pairs)
    assert said(read(page(f"<dl>{listed}</dl>"))) == list(pairs)
    facts = "<dl><dt>Dato</dt><dd>3. maj 2019</dd><dt>Sted</dt><dd>Aarhus</dd></dl>"
    transcript = read(
        page(f"{facts}<p>Interviewer: Hej</p><p>Leder: Hej</p><p>Interviewer: Ja</p><p>Leder: Ja</p>")
    )
    assert "Dato" not in {turn.speaker for turn in transcript.turns}
    assert said(transcript)[-4:] == [
        ("Interviewer", "Hej"),
        ("Leder", "Hej"),
        ("Interviewer", "Ja"),
        ("Leder", "Ja"),
    ]


def test_lines_of_preformatted_text_stay_lines() -> None:
    assert said(
        read(page("<pre>Interviewer: Hvad?\nLeder: Det\n  her.\nInterviewer: Nå.\nLeder: Ja.</pre>"))
    ) == [
        ("Interviewer", "Hvad?"),
        ("Leder", "Det\nher."),
        ("Interviewer", "Nå."),
        ("Leder", "Ja."),
    ]


def test_name_time_and_words_in_boxes_of_their_own() -> None:
    boxes = "".join(
        f"<div class=e><div class=s>{who}</div><div class=t>{time}</div><div class=w>{words}</div></div>"
        for who, time, words in (
            ("Anna Holm", "0:01", "Hvad så?"), ("Bo Krog", "0:07", "Fint."), ("Anna Holm", "0:12", "Godt."),
        )
    )  # fmt: skip
    transcript = read(page(boxes))
    assert said(transcript) == [("Anna Holm", "Hvad så?"), ("Bo Krog", "Fint."), ("Anna Holm", "Godt.")]
    assert [turn.time_seconds for turn in transcript.turns] == [1.0, 7.0, 12.0]


def test_a_web_archive_gives_its_page() -> None:
    archive = (
        "From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=XX\r\n\r\n"
        "--XX\r\nContent-Type: text/html; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        "<html><body><p>Interviewer: Bl=C3=A5b=C3=A6r?</p><p>Leder: Ja=\r\n tak.</p></body></html>\r\n"
        "--XX\r\nContent-Type: image/png\r\n\r\nxx\r\n--XX--\r\n"
    )
    for name in ("a.mhtml", "a.mht", "a.html"):
        assert said(read(archive.encode(), name)) == [("Interviewer", "Blåbær?"), ("Leder", "Ja tak.")]
    with pytest.raises(TranscriptError, match="no page in the web archive"):
        read(archive.replace("text/html", "text/css").encode(), "a.mhtml")


def test_a_page_is_known_by_its_content() -> None:
    transcript = read("<!-- x -->\n<html><p>Interviewer: Hej</p><p>Leder: Hej</p></html>", "a.txt")
    assert transcript.source_format == "html"
    assert said(transcript) == [("Interviewer", "Hej"), ("Leder", "Hej")]


def test_deep_nesting_is_refused_and_many_paragraphs_are_read() -> None:
    with pytest.raises(TranscriptError) as caught:
        read(page("<div>" * 100_000 + "dybt"))
    assert (caught.value.reason, caught.value.detail) == ("unsafe", "nested_too_deeply")
    assert said(read(page("<div>" * 200 + "<p>Interviewer: Her</p>" + "</div>" * 200 + "<p>Leder: Ja</p>")))[
        0
    ] == (
        "Interviewer",
        "Her",
    )
    many = read(page("".join(f"<p>{'AB'[n % 2]}: Linje {n}</p>" for n in range(20_000))))
    assert len(many.turns) == 20_000
    assert many.said(many.turns[-1]) == "Linje 19999"


def test_a_page_without_words_is_empty() -> None:
    with pytest.raises(TranscriptError) as caught:
        read(page("<script>x</script>"))
    assert caught.value.reason == "empty"


@given(st.text(st.sampled_from("<>/=\"' abpdivtrlhæ&;#!-\n"), max_size=200))
def test_any_broken_page_is_read_or_refused(broken: str) -> None:
    try:
        transcript = read(f"<html>{broken}")
    except TranscriptError:
        return
    assert all(transcript.said(turn).strip() for turn in transcript.turns)
