"""Zip bombs, and Word files built to hurt."""

from __future__ import annotations

from collections.abc import Callable

from tests.interviews import sample_files as sample
from tests.interviews.archives import MEGABYTE, Entry, archive, exploding, raw_archive
from tests.interviews.hostile import ENTITY, LAUGHS, OUTSIDE, OUTSIDE_DTD, PARAGRAPHS, Hostile, nested
from tests.interviews.sample_files import W, word_paragraph


def _word(document: str, **parts: str | bytes) -> bytes:
    return archive({"word/document.xml": document, **parts})


def _document(body: str, before: str = "") -> str:
    return f"{before}<w:document {W}><w:body>{body}</w:body></w:document>"


def zip_bombs(part: str, extension: str) -> list[Hostile]:
    """The bombs that any zip document can be made into. part : the one that holds its words."""

    def flat() -> bytes:
        return raw_archive([Entry(part, packed=exploding(900), size=900 * MEGABYTE)])

    def lying() -> bytes:
        return raw_archive([Entry(part, packed=exploding(900), size=500)])

    def declared() -> bytes:
        return raw_archive([Entry(part, b"<x/>", size=2**32 + 5)])

    def immense() -> bytes:
        return raw_archive([Entry(part, b"<x/>", size=2**60, packed_size=2**59)])

    def overlapping() -> bytes:
        kernel = exploding(20)
        first = Entry(part, packed=kernel, size=20 * MEGABYTE)
        return raw_archive(
            [
                first,
                *(Entry(f"media/{n}.bin", packed=kernel, size=20 * MEGABYTE, offset=0) for n in range(40)),
            ]
        )

    def many() -> bytes:
        return raw_archive(
            [Entry(part, b"<x/>"), *(Entry(f"m/{n}", packed=b"\x03\x00") for n in range(60_000))]
        )

    def miscounted() -> bytes:
        entries = [Entry(part, b"<x/>"), *(Entry(f"m/{n}", packed=b"\x03\x00") for n in range(60_000))]
        return raw_archive(entries, count=1)

    def doubled() -> bytes:
        return raw_archive([Entry(part, b"<x/>"), Entry(part, b"<y/>")])

    def locked() -> bytes:
        return raw_archive([Entry(part, b"<x/>", flags=0x801)])

    def unknown_packing() -> bytes:
        return raw_archive([Entry(part, b"<x/>", method=97)])

    def past_the_end() -> bytes:
        return raw_archive([Entry(part, b"<x/>", offset=2**31)])

    made: list[tuple[str, Callable[[], bytes], tuple[str, ...]]] = [
        ("flat bomb", flat, ("unsafe",)),
        ("lying bomb", lying, ("damaged", "unsafe")),
        ("4 GB declared", declared, ("unsafe",)),
        ("2^60 bytes declared", immense, ("unsafe", "damaged")),
        ("overlapping entries", overlapping, ("unsafe",)),
        ("60,000 entries", many, ("unsafe",)),
        ("60,000 entries, one stated", miscounted, ("unsafe", "damaged")),
        ("one name twice", doubled, ("unsafe",)),
        ("password on the archive", locked, ("encrypted",)),
        ("packed in a way nobody knows", unknown_packing, ("damaged",)),
        ("entry past the end", past_the_end, ("damaged",)),
    ]
    return [
        Hostile(f"{extension}: {name}", f"a.{extension}", make, "refused", why) for name, make, why in made
    ]


def word_files() -> list[Hostile]:
    few = "".join(map(word_paragraph, ("Anna: Ja", "Bo: Nej", "Anna: Nå")))
    one = word_paragraph("Anna: Ja")

    def styles_in_a_chain() -> bytes:
        chain = "".join(
            f'<w:style w:styleId="s{n}"><w:basedOn w:val="s{n + 1}"/></w:style>' for n in range(30_000)
        )
        return _word(_document(few), **{"word/styles.xml": f"<w:styles {W}>{chain}</w:styles>"})

    def attributes() -> bytes:
        return _word(_document("<w:p " + " ".join(f'a{n}="1"' for n in range(300_000)) + "/>" + one))

    def namespaces() -> bytes:
        return _word(_document("<w:p " + " ".join(f'xmlns:n{n}="u{n}"' for n in range(30_000)) + "/>" + one))

    def deep(opening: str, closing: str, depth: int) -> Callable[[], bytes]:
        return lambda: _word(_document(nested(opening, one, closing, depth)))

    def declared(before: str, name: str = "&a;") -> Callable[[], bytes]:
        return lambda: _word(_document(word_paragraph(f"Anna: Ja {name}"), before))

    def in_part(part: str, content: str) -> Callable[[], bytes]:
        return lambda: sample.docx(few, **{part: content})

    def wide_table() -> bytes:
        return _word(_document("<w:tbl><w:tr>" + "<w:tc><w:p/></w:tc>" * 1_000_000 + "</w:tr></w:tbl>" + one))

    def long_table() -> bytes:
        row = "<w:tr>" + "<w:tc><w:p/></w:tc>" * 10 + "</w:tr>"
        return _word(_document("<w:tbl>" + row * 100_000 + "</w:tbl>" + one))

    def many_paragraphs() -> bytes:
        return _word(
            _document("".join(word_paragraph(f"{'AB'[n % 2]}: svar {n}") for n in range(PARAGRAPHS)))
        )

    def dense() -> bytes:
        return _word(_document("<w:p/>" * 5_000_000))

    def utf16_laughs() -> bytes:
        return archive({"word/document.xml": _document(word_paragraph("&a9;"), LAUGHS).encode("utf-16")})

    def table_in_cells() -> bytes:
        inside = one
        for _ in range(60):
            inside = f"<w:tbl><w:tr><w:tc>{inside}</w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>"
        return _word(_document(inside))

    def one_line() -> bytes:
        return _word(_document(word_paragraph("Anna: " + "ord " * 1_250_000)))

    def away(target: str) -> Callable[[], bytes]:
        return lambda: archive({"_rels/.rels": sample.relations(target), "word/document.xml": _document(few)})

    def macro() -> bytes:
        return sample.docx(few, **{"word/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(5000)})

    def picture() -> bytes:
        svg = LAUGHS + '<svg xmlns="http://www.w3.org/2000/svg"><text>&a9;</text></svg>'
        return sample.docx(few, **{"word/media/image1.svg": svg})

    def bomb_inside() -> bytes:
        inner = raw_archive([Entry("x", packed=exploding(900), size=900 * MEGABYTE)])
        return sample.docx(few, **{"word/embeddings/a.zip": inner})

    def mac_fields() -> bytes:
        field = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        return _word(_document(f"<w:p>{field * 100_000}</w:p>" + one))

    return [
        Hostile("docx: styles in a chain", "a.docx", styles_in_a_chain, "read"),
        Hostile("docx: 300,000 attributes", "a.docx", attributes, "either"),
        Hostile("docx: 30,000 namespaces", "a.docx", namespaces, "either"),
        Hostile("docx: billion laughs", "a.docx", declared(LAUGHS, "&a11;"), "refused", ("unsafe",)),
        Hostile("docx: billion laughs in UTF-16", "a.docx", utf16_laughs, "refused", ("unsafe",)),
        Hostile("docx: entity from a file", "a.docx", declared(OUTSIDE), "refused", ("unsafe",)),
        Hostile("docx: DTD from elsewhere", "a.docx", declared(OUTSIDE_DTD), "refused", ("unsafe",)),
        Hostile(
            "docx: one long entity",
            "a.docx",
            declared(ENTITY.format(value="x" * 100_000), "&a;" * 50_000),
            "refused",
            ("unsafe",),
        ),
        Hostile(
            "docx: DTD in the styles",
            "a.docx",
            in_part("word/styles.xml", f"{LAUGHS}<w:styles {W}>&a11;</w:styles>"),
            "refused",
            ("unsafe",),
        ),
        Hostile("docx: svg that laughs inside", "a.docx", picture, "read"),
        Hostile("docx: zip bomb inside", "a.docx", bomb_inside, "read"),
        Hostile("docx: macros inside", "a.docx", macro, "read"),
        Hostile(
            "docx: tables 10,000 deep",
            "a.docx",
            deep("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", 10_000),
            "refused",
        ),
        Hostile(
            "docx: controls 200,000 deep",
            "a.docx",
            deep("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>", 200_000),
            "refused",
        ),
        Hostile(
            "docx: runs 100 deep",
            "a.docx",
            lambda: _word(
                _document(
                    "<w:p>" + nested("<w:ins>", "<w:r><w:t>Anna: Ja</w:t></w:r>", "</w:ins>", 100) + "</w:p>"
                )
            ),
            "read",
        ),
        Hostile("docx: tables 60 deep", "a.docx", table_in_cells, "read"),
        Hostile("docx: 100,000 fields that never end", "a.docx", mac_fields, "either"),
        Hostile("docx: a row of 1,000,000 cells", "a.docx", wide_table, "either"),
        Hostile("docx: 1,000,000 cells", "a.docx", long_table, "either"),
        Hostile("docx: 100,000 paragraphs", "a.docx", many_paragraphs, "read"),
        Hostile("docx: 5,000,000 empty paragraphs", "a.docx", dense, "refused"),
        Hostile("docx: one line of 5 MB", "a.docx", one_line, "read"),
        Hostile("docx: document outside the archive", "a.docx", away("../../../etc/hostname"), "either"),
        Hostile("docx: document at an address", "a.docx", away("http://localhost:9/x"), "either"),
        Hostile("docx: no document", "a.docx", lambda: archive({"word/styles.xml": "<x/>"}), "refused"),
        Hostile(
            "docx: binary document",
            "a.docx",
            lambda: archive({"word/document.xml": bytes(range(256)) * 50}),
            "refused",
            ("damaged",),
        ),
    ]
