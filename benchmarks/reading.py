"""How fast files of word processors are read, beside other readers of the same file in the same run.

Run `python benchmarks/reading.py [--json]`. Each figure stands beside its limit as a ratio (below 1 is
within). The figures of one file are of 2.7 million characters; python-docx opens the file and joins its
paragraphs, and striprtf takes the codes out of the same words in RTF. A batch is 44 interviews of 10,000
words.
"""

from __future__ import annotations

import io
import json
import statistics
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
from striprtf.striprtf import rtf_to_text

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from interviews.formats.docx import read_docx  # noqa: E402 - a script finds the project by its own place
from interviews.formats.odt import read_odt  # noqa: E402
from interviews.formats.rtf import read_rtf  # noqa: E402

REPEATS = 5
SENTENCE = "Det var svært i starten, fordi jeg ikke kendte nogen, men min mentor hjalp mig hver dag. "
TURNS = 6_000
BATCH, BATCH_TURNS = 44, 120
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ODF = "urn:oasis:names:tc:opendocument:xmlns"


def spoken(turns: int) -> list[tuple[str, str]]:
    """Turns of about 470 characters: label and words."""
    return [("Interviewer:" if at % 2 else "Borger:", f" {SENTENCE * 5}{at}") for at in range(turns)]


def word_file(turns: int) -> bytes:
    """The turns as a Word file with bold labels."""
    body = "".join(
        f"<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{label}</w:t></w:r>"
        f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:p>'
        for label, words in spoken(turns)
    )
    stream = io.BytesIO()
    docx.Document().save(stream)
    packed = io.BytesIO()
    with zipfile.ZipFile(stream) as empty, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in empty.namelist():
            content = empty.read(name)
            if name == "word/document.xml":
                content = f"<w:document {W}><w:body>{body}</w:body></w:document>".encode()
            archive.writestr(name, content)
    return packed.getvalue()


def rtf_file(turns: int) -> bytes:
    """The turns as RTF, letters beyond ASCII by their code."""
    lines = "\\par\n".join(f"\\pard\\plain{{\\b {label}}}{words}" for label, words in spoken(turns))
    escaped = "".join(one if one.isascii() else f"\\'{ord(one):02x}" for one in lines)
    return f"{{\\rtf1\\ansi\\ansicpg1252\\deff0{{\\fonttbl{{\\f0 Arial;}}}}{escaped}\\par}}".encode("ascii")


def odt_file(turns: int) -> bytes:
    """The turns as an OpenDocument text."""
    lines = "".join(
        f"<text:p><text:span>{label}</text:span>{words}</text:p>" for label, words in spoken(turns)
    )
    content = (
        f'<office:document-content xmlns:office="{ODF}:office:1.0" xmlns:text="{ODF}:text:1.0"><office:body>'
        f"<office:text>{lines}</office:text></office:body></office:document-content>"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", content)
    return packed.getvalue()


def seconds(work: Callable[[], object]) -> float:
    """The median of some runs."""
    taken = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def megabytes(data: bytes) -> float:
    """What reading a Word file adds to the largest memory of a process of its own (Linux)."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from interviews.formats.docx import read_docx\n"
        "def peak():\n"
        "    status = open('/proc/self/status').read().split()\n"
        "    return int(status[status.index('VmHWM:') + 1])\n"
        "data = sys.stdin.buffer.read(); before = peak(); source = read_docx(data, file='a.docx')\n"
        "print((peak() - before) / 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT)], input=data, capture_output=True, check=True
    )
    return float(done.stdout)


def measured() -> list[dict[str, float | str]]:
    """Every figure: what, the value, its limit, and their ratio."""
    word, rtf, odt = word_file(TURNS), rtf_file(TURNS), odt_file(TURNS)
    batch = [word_file(BATCH_TURNS), rtf_file(BATCH_TURNS)]

    def with_python_docx() -> str:
        return "\n".join(one.text for one in docx.Document(io.BytesIO(word)).paragraphs)

    peer = seconds(with_python_docx)
    rows: list[tuple[str, float, float]] = [
        ("docx, seconds; limit: python-docx", seconds(lambda: read_docx(word, file="a.docx")), peer),
        ("odt, seconds; limit: python-docx on docx", seconds(lambda: read_odt(odt, file="a.odt")), peer),
        (
            "rtf, seconds; limit: striprtf",
            seconds(lambda: read_rtf(rtf, file="a.rtf")),
            seconds(lambda: rtf_to_text(rtf.decode("ascii"))),
        ),
        ("docx, megabytes; limit: 100", megabytes(word), 100.0),
        (
            f"{BATCH} docx, seconds; limit: {BATCH} of 2.4 s, by ten",
            seconds(lambda: [read_docx(batch[0], file="a.docx") for _ in range(BATCH)]),
            BATCH * 2.4 / 10,
        ),
        (
            f"{BATCH} rtf, seconds; limit: {BATCH} of 2.4 s, by ten",
            seconds(lambda: [read_rtf(batch[1], file="a.rtf") for _ in range(BATCH)]),
            BATCH * 2.4 / 10,
        ),
    ]
    return [
        {"what": what, "value": round(value, 4), "limit": round(limit, 4), "ratio": round(value / limit, 3)}
        for what, value, limit in rows
    ]


def main() -> None:
    """Print the figures; end with 1 when one is over its limit."""
    rows = measured()
    if "--json" in sys.argv[1:]:
        print(json.dumps({"reading": rows}))
    else:
        for row in rows:
            print(f"{row['ratio']:>7}  {row['value']:>9} of {row['limit']:<9} {row['what']}")
    raise SystemExit(any(float(row["ratio"]) > 1 for row in rows))


if __name__ == "__main__":
    main()
