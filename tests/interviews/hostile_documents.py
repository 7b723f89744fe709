"""OpenDocument texts, workbooks and PDF files built to hurt."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from tests.interviews import sample_files as sample
from tests.interviews.archives import archive
from tests.interviews.hostile import LAUGHS, OUTSIDE, PARAGRAPHS, Hostile, nested
from tests.interviews.sample_files import XLSX


def office_files() -> list[Hostile]:
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{space}:office:1.0" xmlns:text="{space}:text:1.0">'
        "<office:body><office:text>{}</office:text></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/>'
        "</manifest:file-entry></manifest:manifest>"
    )
    cell = "<table:table-cell><text:p>x</text:p></table:table-cell>"
    return [
        Hostile(
            "odt: billion laughs",
            "a.odt",
            lambda: archive({"content.xml": LAUGHS + content.format("<text:p>&a11;</text:p>")}),
            "refused",
        ),
        Hostile(
            "odt: entity from a file",
            "a.odt",
            lambda: archive({"content.xml": OUTSIDE + content.format("<text:p>&a;</text:p>")}),
            "refused",
        ),
        Hostile(
            "odt: password",
            "a.odt",
            lambda: archive({"content.xml": bytes(range(255, 0, -1)) * 9, "META-INF/manifest.xml": manifest}),
            "refused",
        ),
        Hostile(
            "odt: lists 10,000 deep",
            "a.odt",
            lambda: sample.odt(
                nested(
                    "<text:list><text:list-item>",
                    "<text:p>Anna: ja</text:p>",
                    "</text:list-item></text:list>",
                    10_000,
                )
            ),
            "refused",
        ),
        Hostile(
            "odt: a space repeated 2,000,000,000 times",
            "a.odt",
            lambda: sample.odt(
                '<text:p>Anna: ja<text:s text:c="2000000000"/></text:p><text:p>Bo: Nej</text:p>'
            ),
            "either",
        ),
        Hostile(
            "odt: a cell repeated 2,000,000,000 times",
            "a.odt",
            lambda: sample.odt(
                '<table:table><table:table-row table:number-rows-repeated="2000000000"><table:table-cell '
                'table:number-columns-repeated="2000000000"><text:p>x</text:p></table:table-cell></table:table-row>'
                "</table:table><text:p>Bo: Nej</text:p>"
            ),
            "either",
        ),
        Hostile(
            "odt: a number that is none",
            "a.odt",
            lambda: sample.odt(
                f'<text:p>Anna: ja<text:s text:c="{"9" * 5000}"/></text:p><text:p>Bo: Nej</text:p>'
            ),
            "either",
        ),
        Hostile(
            "odt: 1,000,000 cells",
            "a.odt",
            lambda: sample.odt(
                "<table:table>"
                + ("<table:table-row>" + cell * 10 + "</table:table-row>") * 100_000
                + "</table:table>"
            ),
            "either",
        ),
        Hostile(
            "odt: 100,000 paragraphs",
            "a.odt",
            lambda: sample.odt(
                "".join(f"<text:p>{'AB'[n % 2]}: svar {n}</text:p>" for n in range(PARAGRAPHS))
            ),
            "either",
        ),
        Hostile(
            "xlsx: 1,000,000 cells",
            "a.xlsx",
            lambda: sample.xlsx(
                sample.sheet_row("Speaker", "Text") + ("<row>" + "<c><v>1</v></c>" * 10 + "</row>") * 100_000
            ),
            "either",
        ),
        Hostile(
            "xlsx: a cell in row 1,048,576, column XFD",
            "a.xlsx",
            lambda: sample.xlsx(
                '<row r="1"><c r="A1" t="inlineStr"><is><t>Speaker</t></is></c></row><row r="1048576">'
                '<c r="XFD1048576"><v>1</v></c></row>'
            ),
            "either",
        ),
        Hostile(
            "xlsx: billion laughs in the sheet",
            "a.xlsx",
            lambda: sample.xlsx(
                **{
                    "xl/worksheets/sheet1.xml": LAUGHS
                    + f'<worksheet xmlns="{XLSX}"><sheetData>&a11;</sheetData></worksheet>'
                }
            ),
            "refused",
        ),
        Hostile(
            "xlsx: entity in the shared strings",
            "a.xlsx",
            lambda: sample.xlsx(
                **{"xl/sharedStrings.xml": OUTSIDE + f'<sst xmlns="{XLSX}"><si><t>&a;</t></si></sst>'}
            ),
            "either",
        ),
        Hostile(
            "xlsx: macros inside",
            "a.xlsm",
            lambda: sample.xlsx(**{"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(5000)}),
            "either",
        ),
    ]


def pdf_files() -> list[Hostile]:
    def explodes(layers: int, megabytes: int) -> Callable[[], bytes]:
        def make() -> bytes:
            packer = zlib.compressobj(9)
            unit = b"BT /F1 9 Tf (x) Tj ET " * 48_000
            data = b"".join(packer.compress(unit) for _ in range(megabytes)) + packer.flush()
            for _ in range(layers - 1):
                data = zlib.compress(data, 9)
            filters = "/FlateDecode" * layers
            head = f"<</Length {len(data)}/Filter[{filters}]>>\nstream\n".encode()
            return sample.pdf(stream=head + data + b"\nendstream")

        return make

    def tree_of_itself() -> bytes:
        return sample.pdf_of(
            [
                b"<</Type/Catalog/Pages 2 0 R>>",
                b"<</Type/Pages/Count 100/Kids[2 0 R 3 0 R]/Parent 3 0 R>>",
                b"<</Type/Pages/Count 100/Kids[2 0 R 2 0 R 3 0 R]/Parent 2 0 R>>",
            ]
        )

    def form_of_itself() -> bytes:
        forms = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>/Length 12>>\n"
        return sample.pdf_of(
            [
                b"<</Type/Catalog/Pages 2 0 R>>",
                b"<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 99 99]>>",
                b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>",
                b"<</Length 5>>\nstream\n/X Do\nendstream",
                forms + b"stream\n/X Do /X Do \nendstream",
            ]
        )

    def forms_that_double() -> bytes:
        objects = [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 99 99]>>",
            b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</X 6 0 R>>/Font<</F1 5 0 R>>>>>>",
            b"<</Length 5>>\nstream\n/X Do\nendstream",
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ]
        for level in range(24):
            inside = f"<</XObject<</X {7 + level} 0 R>>/Font<</F1 5 0 R>>>>"
            drawn = b"/X Do /X Do" if level < 23 else b"BT /F1 9 Tf (ja) Tj ET"
            objects.append(
                f"<</Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources{inside}/Length {len(drawn)}>>\n"
                "stream\n".encode()
                + drawn
                + b"\nendstream"
            )
        return sample.pdf_of(objects)

    def deep_arrays() -> bytes:
        return sample.pdf(extra="/Deep " + "[" * 200_000 + "]" * 200_000)

    def xref_of_itself() -> bytes:
        return sample.pdf().replace(b"trailer<<", b"trailer<</Prev 10 ")

    script = "/OpenAction<</S/JavaScript/JS(while(1){app.alert\\(1\\)})>>"
    return [
        Hostile("pdf: 10,000 pages", "a.pdf", lambda: sample.pdf(pages=10_000), "refused", ("too_large",)),
        Hostile("pdf: a page tree of itself", "a.pdf", tree_of_itself, "refused"),
        Hostile("pdf: a form of itself", "a.pdf", form_of_itself, "refused"),
        Hostile("pdf: forms that double 24 times", "a.pdf", forms_that_double, "either"),
        Hostile("pdf: a stream of 300 MB", "a.pdf", explodes(1, 300), "either"),
        Hostile("pdf: a stream packed three times", "a.pdf", explodes(3, 300), "either"),
        Hostile("pdf: arrays 200,000 deep", "a.pdf", deep_arrays, "either"),
        Hostile("pdf: a script", "a.pdf", lambda: sample.pdf(extra=script), "read"),
        Hostile("pdf: a table of itself", "a.pdf", xref_of_itself, "either"),
        Hostile(
            "pdf: a million pages stated",
            "a.pdf",
            lambda: sample.pdf().replace(b"/Count 1/", b"/Count 1000000/"),
            "either",
        ),
        Hostile(
            "pdf: a page as large as the moon",
            "a.pdf",
            lambda: sample.pdf().replace(b"0 0 595 842", b"0 0 1e30 1e30"),
            "either",
        ),
        Hostile(
            "pdf: 100,000 lines",
            "a.pdf",
            lambda: sample.pdf(
                b"BT /F1 9 Tf 1 TL 9 800 Td " + b"(Anna: ja) Tj T* (Bo: nej) Tj T* " * 50_000 + b"ET"
            ),
            "either",
        ),
        Hostile(
            "pdf: one line of 5 MB",
            "a.pdf",
            lambda: sample.pdf(b"BT /F1 9 Tf 9 800 Td (" + b"Anna: ja " * 550_000 + b") Tj ET"),
            "either",
        ),
    ]
