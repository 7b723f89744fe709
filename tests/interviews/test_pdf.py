"""PDF pages written by hand: headers, footers and page numbers go, wrapped lines and pages are joined."""

from __future__ import annotations

import re
import textwrap

import pytest

import interviews
from interviews.formats.pdf import read_here

Placed = list[tuple[int, int, str]]
PAGE = "/MediaBox [0 0 595 842]"


def pdf(
    pages: list[Placed],
    *,
    box: str = PAGE,
    turned: int = 0,
    trailer_entries: str = "",
    objects_after: tuple[bytes, ...] = (),
) -> bytes:
    """Return a PDF with each text at its place (points from the lower left corner).

    box : entries of every page.     turned : degrees by which a square page of 842 points is shown turned.
    trailer_entries, objects_after : for a PDF that needs more.
    """
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    ]
    kids: list[str] = []
    for page in pages:
        drawn = "".join(
            f"BT /F1 10 Tf {_matrix(turned, x, y)} Tm ({text}) Tj ET\n" for x, y, text in page
        ).encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            b"<< /Type /Page /Parent 2 0 R %s /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
            % ((f"/MediaBox [0 0 842 842] /Rotate {turned}" if turned else box).encode(), len(objects))
        )
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    objects.extend(objects_after)
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    entries = trailer_entries.replace("LAST", str(size - 1)).encode()
    trailer = b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (size, entries, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer


def _matrix(turned: int, x: int, y: int) -> str:
    """Where text is drawn that stands upright at (x, y) once the page is turned."""
    return {
        0: f"1 0 0 1 {x} {y}",
        90: f"0 1 -1 0 {842 - y} {x}",
        180: f"-1 0 0 -1 {842 - x} {842 - y}",
        270: f"0 -1 1 0 {y} {842 - x}",
    }[turned]


def page(number: int, lines: list[str]) -> Placed:
    furniture = [(60, 810, "Projekt om samtaler"), (290, 30, f"Side {number} af 3")]
    return furniture + [(60, 770 - 12 * index, line) for index, line in enumerate(lines) if line]


def test_pages_are_read_as_one_text_without_their_furniture() -> None:
    pages = [
        ["Interviewer: Hvordan oplevede du dit allerforste mode med den medar-",
         "bejder, som tog imod dig?", "",
         "Borger: Det var godt, fordi vi talte sammen i lang tid om det IGU-",
         "forlob, som jeg gerne ville begynde paa,"],
        ["og som jeg fik til sidst.", "", "Interviewer: Godt.", "", "Borger: Ja."],
        ["Interviewer: Er der mere?", "", "Borger: Nej."],
    ]  # fmt: skip
    transcript = interviews.read_bytes(pdf([page(n, lines) for n, lines in enumerate(pages, 1)]), "a.pdf")
    assert [(turn.speaker, transcript.said(turn)) for turn in transcript.turns] == [
        ("Interviewer", "Hvordan oplevede du dit allerforste mode med den medarbejder, som tog imod dig?"),
        ("Borger", "Det var godt, fordi vi talte sammen i lang tid om det IGU-forlob, "
         "som jeg gerne ville begynde paa, og som jeg fik til sidst."),
        ("Interviewer", "Godt."), ("Borger", "Ja."), ("Interviewer", "Er der mere?"), ("Borger", "Nej."),
    ]  # fmt: skip


def test_a_question_that_comes_back_at_the_top_of_a_page_is_no_header() -> None:
    lines = ["Interviewer: Hvorfor det?", "", "Borger: Det ved jeg ikke.", "", "Interviewer: Nej?", "",
             "Borger: Nej.", "", "Interviewer: Tak.", "", "Borger: Selv tak."]  # fmt: skip
    pages = [lines, lines, ["Borger: Farvel."]]
    transcript = interviews.read_bytes(pdf([page(n, lines) for n, lines in enumerate(pages, 1)]), "a.pdf")
    said = [transcript.said(turn) for turn in transcript.turns]
    assert said.count("Hvorfor det?") == 2
    assert not any("Projekt" in words or "Side" in words for words in said)


def test_speakers_in_a_column_of_their_own() -> None:
    rows = [
        ("Anna:", "Hvordan gik det?"),
        ("Bo:", "Fint."),
        ("Anna:", "Og saa?"),
        ("Bo:", "Saa gik jeg hjem."),
    ]
    placed = [
        item
        for n, (who, what) in enumerate(rows)
        for item in ((60, 700 - 24 * n, who), (160, 700 - 24 * n, what))
    ]
    transcript = interviews.read_bytes(pdf([placed]), "a.pdf")
    assert [(turn.speaker, transcript.said(turn)) for turn in transcript.turns] == [
        (a.strip(":"), b) for a, b in rows
    ]


LEFT = [
    "Interviewer: Hvordan gik det med",
    "praktikken paa den nye arbejdsplads",
    "i de forste uger, hvor du var med?",
    "Borger: Det gik faktisk rigtig godt",
    "fordi jeg havde en mentor, som hver",
    "dag viste mig, hvad jeg skulle lave",
    "og hvor jeg kunne finde tingene, og",
]
RIGHT = [
    "det hjalp mig meget med sproget og",
    "med at laere de andre at kende her.",
    "Interviewer: Hvad var det svaereste",
    "ved at begynde et helt nyt sted?",
    "Borger: Det var at forstaa, hvad de",
    "sagde til hinanden i pauserne, naar",
    "de talte hurtigt og grinede sammen.",
]
IN_COLUMNS = [
    tuple(turn.split(": ")) for turn in re.split(r" (?=Interviewer:|Borger:)", " ".join(LEFT + RIGHT))
]


def said(data: bytes) -> list[tuple[str | None, str]]:
    transcript = interviews.read_bytes(data, "a.pdf")
    return [(turn.speaker, transcript.said(turn)) for turn in transcript.turns]


@pytest.mark.parametrize("order", ["columns", "rows"])
def test_two_columns_are_read_one_after_the_other(order: str) -> None:
    left = [(50, 700 - 12 * n, line) for n, line in enumerate(LEFT)]
    right = [(310, 700 - 12 * n, line) for n, line in enumerate(RIGHT)]
    placed = (
        left + right
        if order == "columns"
        else [one for pair in zip(left, right, strict=True) for one in pair]
    )
    assert said(pdf([placed])) == IN_COLUMNS


def test_a_heading_over_both_columns_stands_before_them() -> None:
    left = [(50, 700 - 12 * n, line) for n, line in enumerate(LEFT)]
    right = [(310, 700 - 12 * n, line) for n, line in enumerate(RIGHT)]
    title = [(60, 730, "Et interview om at begynde i praktik, optaget en onsdag i foraaret")]
    assert said(pdf([title + left + right]))[1:] == IN_COLUMNS


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_pages_that_are_turned_are_read_as_they_are_seen(turned: int) -> None:
    placed = [(60, 700 - 12 * n, line) for n, line in enumerate(LEFT + RIGHT)]
    assert said(pdf([placed], turned=turned)) == IN_COLUMNS


@pytest.mark.parametrize(
    ("box", "shift"),
    [
        ("/MediaBox [100 50 695 892]", 100),
        ("/MediaBox [0 0 900 900] /CropBox [40 40 635 882]", 40),
    ],
)
def test_pages_that_do_not_begin_at_the_origin_keep_all_their_lines(box: str, shift: int) -> None:
    lines = [
        "Anna: Hvad hedder du, og hvor kommer du fra?",
        "",
        "Bo: Jeg hedder Bo.",
        "",
        "Anna: Tak.",
        "",
        "Bo: Selv tak.",
    ]
    placed = [(60 + shift, 500 - 12 * n, line) for n, line in enumerate(lines) if line]
    assert said(pdf([placed], box=box))[1:] == [
        ("Bo", "Jeg hedder Bo."),
        ("Anna", "Tak."),
        ("Bo", "Selv tak."),
    ]


@pytest.mark.parametrize("every", [1, 5])
@pytest.mark.parametrize("restart", [True, False])
def test_line_numbers_in_the_margin_go_and_the_lines_are_joined(every: int, restart: bool) -> None:
    pages: list[Placed] = []
    number = 0
    for _ in range(2):
        number = 0 if restart else number
        placed: Placed = []
        for at, line in enumerate(LEFT + RIGHT):
            number += 1
            if number % every == 0:
                placed.append((50 - 6 * len(str(number)), 700 - 12 * at, str(number)))
            placed.append((70, 700 - 12 * at, line))
        pages.append(placed)
    assert said(pdf(pages)) == IN_COLUMNS * 2


def test_a_label_on_its_own_line_at_the_top_of_pages_is_no_header() -> None:
    answers = ["Det var i maj.", "Det ved jeg ikke.", "Ja, altid."]
    talks = [["Borger", answer, "", "Leder", "Ja.", "", "Borger", "Nej."] for answer in answers]
    pages = [[(60, 800 - 12 * n, line) for n, line in enumerate(talk) if line] for talk in talks]
    texts = [paragraph.text for paragraph in read_here(pdf(pages), "a.pdf").paragraphs]
    assert texts == [line for talk in talks for line in talk if line]


def test_headers_that_differ_on_left_and_right_pages_go() -> None:
    pages = []
    for number in range(1, 7):
        header = (
            (60, 810, "Bilag 4: Interview med en borger")
            if number % 2
            else (300, 810, "Institut for Samtaler")
        )
        lines = [
            f"Interviewer: Er det nu nummer {'abcdef'[number - 1]}?",
            "",
            f"Borger: Ja, det er {'abcdef'[number - 1]}.",
        ]
        pages.append(
            [header, (290, 30, f"- {number} -")]
            + [(60, 700 - 12 * n, line) for n, line in enumerate(lines) if line]
        )
    turns = said(pdf(pages))
    assert len(turns) == 12
    assert turns[:2] == [("Interviewer", "Er det nu nummer a?"), ("Borger", "Ja, det er a.")]
    assert turns[-1] == ("Borger", "Ja, det er f.")


def test_a_number_said_at_the_foot_of_a_page_is_kept() -> None:
    pages = [
        [(60, 700, "Anna: Hvor mange?"), (60, 676, "Bo: Vi var"), (60, 30, str(40 + 7 * number**2))]
        for number in range(4)
    ]
    assert said(pdf(pages))[1] == ("Bo", "Vi var\n40")


def test_a_first_line_set_in_opens_a_paragraph_also_after_a_full_line() -> None:
    said_at_length = " ".join(LEFT[1:3] + LEFT[4:] + RIGHT[:2])
    opening = ["Jeg", "Vi", "Og", "Ja", "Nej", "Men"]
    placed: Placed = []
    for index, word in enumerate(opening):
        lines = textwrap.wrap(f"{word} {said_at_length} {said_at_length}", 60, initial_indent="  ")
        lines[-1] = lines[-1].ljust(60, "x") if index % 3 == 0 else "slut."
        for line in lines:
            left = 60 + 6 * (len(line) - len(line.lstrip()))
            placed.append((left, 790 - 10 * len(placed), line.lstrip()))
    text = interviews.read_bytes(pdf([placed]), "a.pdf").text
    assert [paragraph.split()[0] for paragraph in text.split("\n")] == opening


def test_pages_of_pictures_among_pages_of_text_are_named() -> None:
    import io

    import pypdfium2

    document = pypdfium2.PdfDocument(pdf([[(60, 700, "Anna: Ja, og hvad saa?"), (60, 676, "Bo: Nej.")]]))
    bitmap = pypdfium2.PdfBitmap.new_native(8, 8, 2)
    picture = pypdfium2.PdfImage.new(document)
    picture.set_bitmap(bitmap)
    page = document.new_page(200, 200)
    page.insert_obj(picture)
    page.gen_content()
    document.new_page(200, 200)
    stream = io.BytesIO()
    document.save(stream)
    document.close()
    transcript = interviews.read_bytes(stream.getvalue(), "a.pdf")
    (warning,) = transcript.warnings
    assert (warning.reason, dict(warning.values)) == ("scanned_pages", {"n": 1, "pages": "2"})


def test_a_pdf_that_is_cut_off_says_so() -> None:
    whole = pdf([[(60, 700, "Anna: Ja, og hvad saa?"), (60, 676, "Bo: Nej.")]])
    transcript = interviews.read_bytes(whole[: whole.index(b"startxref")], "a.pdf")
    assert [warning.reason for warning in transcript.warnings] == ["pdf_cut_off"]


def protected(user: bytes, owner: bytes) -> bytes:
    """Return a PDF under the oldest protection (RC4, 40 bits), as PDF 1.7, 7.6.3 describes it."""
    import hashlib

    pad = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
    name = b"0123456789abcdef"
    o_key = hashlib.md5((owner + pad)[:32], usedforsecurity=False).digest()[:5]
    entry = rc4(o_key, (user + pad)[:32])
    rights = (-4).to_bytes(4, "little", signed=True)
    key = hashlib.md5((user + pad)[:32] + entry + rights + name, usedforsecurity=False).digest()[:5]
    handler = f"<< /Filter /Standard /V 1 /R 2 /O <{entry.hex()}> /U <{rc4(key, pad).hex()}> /P -4 >>"
    plain = pdf(
        [[]],
        trailer_entries=f"/ID [<{name.hex()}><{name.hex()}>] /Encrypt LAST 0 R",
        objects_after=(handler.encode(),),
    )
    drawn = b"BT /F1 10 Tf 60 700 Td (Anna: Ja.) Tj ET"
    own = hashlib.md5(key + b"\x04\x00\x00\x00\x00", usedforsecurity=False).digest()[:10]
    return plain.replace(
        b"<< /Length 0 >>\nstream\n\n", b"<< /Length %d >>\nstream\n%s\n" % (len(drawn), rc4(own, drawn))
    )


def rc4(key: bytes, data: bytes) -> bytes:
    box, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def test_a_password_to_open_is_asked_for_and_one_to_change_is_not() -> None:
    with pytest.raises(interviews.TranscriptError) as refused:
        interviews.read_bytes(protected(b"hemmelig", b"ejer"), "a.pdf")
    assert refused.value.reason == "encrypted"
    assert interviews.read_bytes(protected(b"", b"ejer"), "a.pdf").text.endswith("Ja.")
