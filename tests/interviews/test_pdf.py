"""PDF pages written by hand: headers, footers and page numbers go, wrapped lines and pages are joined."""

from __future__ import annotations

import interviews

Placed = list[tuple[int, int, str]]


def pdf(pages: list[Placed]) -> bytes:
    """Return a PDF with each text at its place (points from the lower left corner)."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    ]
    kids: list[str] = []
    for page in pages:
        drawn = "".join(f"BT /F1 10 Tf {x} {y} Td ({text}) Tj ET\n" for x, y, text in page).encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer


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
