"""Plain text and Markdown: lines to paragraphs, wrapped lines marked, Markdown's signs read and taken
away."""

from __future__ import annotations

import re

from interviews.characters import clean_text, decode, refuse_too_long, refuse_too_many
from interviews.formats.line_numbers import without_line_numbers
from interviews.formats.sheets import table_paragraphs
from interviews.line_joins import wrapped_lines
from interviews.source import Paragraph, ReadingWarning, Source

_PAGE_LINE = re.compile(r"^\s*(?:page|side)\s+\d{1,4}(?:\s*(?:of|af|/)\s*\d{1,4})?\s*$", re.IGNORECASE)
_BRACKETED_NAME = re.compile(
    r"^\s*\[(?P<name>[^\[\]\d][^\[\]]{0,60})\]\s+(?P<time>\d{1,2}:\d\d(?::\d\d)?)\s*$"
)
_ATX = re.compile(r"^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_UNDERLINE = re.compile(r"^ {0,3}(?:=+|-{3,})\s*$")
_RULE = re.compile(r"^ {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_QUOTE = re.compile(r"^ {0,3}(?:>(?!>)\s?)+")
_BULLET = re.compile(r"^ {0,3}[-*+]\s+(?=\S)")
_EMPHASIS = re.compile(r"(?<![\w*_\\])(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=\S)\1(?![\w*_])")
_BOLD_START = re.compile(r"^\s*(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_WHOLE_EMPHASIS = re.compile(r"^\s*(?P<mark>\*{1,3}|_{1,3})(?=[^\s*_])[^*_]+(?<=[^\s*_])(?P=mark)\s*$")
_MARKED_LABEL = re.compile(r"^\s*(\*{1,2}|__)(?=[^\s*])[^*_]{1,60}(?::\1|\1\s*:)")
_WHOLE_BOLD = re.compile(r"^\s*\*\*(?=[^\s*])[^*]+(?<=[^\s*])\*\*\s*$")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>|])")


def read_text(data: bytes, *, file: str) -> Source:
    """Return the lines of a text file as paragraphs; blank lines part paragraphs and are not kept."""
    text, encoding, warnings = _text_of(data, file)
    if _is_marked(text):
        return read_markdown(data, file=file)
    numbering = without_line_numbers(
        [_time_after_name(line) for line in text.split("\n") if not _PAGE_LINE.match(line)]
    )
    lines = numbering.lines
    by_page = numbering.kind == "pages"
    paragraphs = tuple(
        _row_or_body(line, continues=run_on or (by_page and index > 0 and bool(lines[index - 1].strip())))
        for index, (line, run_on) in enumerate(zip(lines, wrapped_lines(lines), strict=True))
        if line.strip()
    )
    rows, told = _rows_if_regular(paragraphs)
    return Source(rows, "txt", encoding, (*warnings, *told))


def read_markdown(data: bytes, *, file: str) -> Source:
    """Return the paragraphs of a Markdown file: headings, tables and emphasis around labels are
    understood."""
    text, encoding, warnings = _text_of(data, file)
    lines = text.split("\n")
    follows = wrapped_lines(lines)
    paragraphs: list[Paragraph] = []
    for index, line in enumerate(lines):
        if _UNDERLINE.match(line) and index and lines[index - 1].strip() and paragraphs:
            paragraphs[-1] = Paragraph(paragraphs[-1].text, kind="heading")
        elif line.strip() and not _is_rule(line):
            paragraphs.append(_markdown_line(line, continues=follows[index]))
    return Source(tuple(paragraphs), "md", encoding, warnings)


def _is_rule(line: str) -> bool:
    return len(line) < 1_000 and bool(_RULE.match(line) or _TABLE_RULE.match(line))


def _text_of(data: bytes, file: str) -> tuple[str, str, tuple[str, ...]]:
    refuse_too_many(data.count(b"\n"), what="lines", file=file)
    text, encoding, warnings = decode(data, file=file)
    refuse_too_long(len(text), file=file)
    text = clean_text(text, file=file)
    refuse_too_many(text.count("\n"), what="lines", file=file)
    return text, encoding, warnings


def _is_marked(text: str) -> bool:
    """Whether a text file is Markdown by its looks: many lines begin with a label in `*` or `**`, or several
    stand in `**` as a whole."""
    lines = [line[:400] for line in text.split("\n") if line.strip()]
    labels = sum(bool(_MARKED_LABEL.match(line)) for line in lines)
    whole = sum(bool(_WHOLE_BOLD.match(line)) for line in lines)
    return len(lines) > 1 and (labels >= max(2, 0.25 * len(lines)) or whole >= max(2, 0.1 * len(lines)))


def _time_after_name(line: str) -> str:
    """`[Anna Holm] 10:23:45` on a line of its own, as Zoom saves it, without the brackets."""
    found = _BRACKETED_NAME.match(line[:90])
    return f"{found['name']} {found['time']}" if found and len(line) < 90 else line


def _row_or_body(line: str, *, continues: bool) -> Paragraph:
    return Paragraph(line.strip(" "), continues=continues)


def _rows_if_regular(
    paragraphs: tuple[Paragraph, ...],
) -> tuple[tuple[Paragraph, ...], tuple[ReadingWarning, ...]]:
    """Lines that nearly all have the same two or more tabs are the rows of one table."""
    counts = [paragraph.text.count("\t") for paragraph in paragraphs]
    usual = max(set(counts), key=counts.count, default=0)
    if usual < 2 or counts.count(usual) < max(2, 0.8 * len(counts)):
        return paragraphs, ()
    rows = [tuple(cell.strip() for cell in paragraph.text.split("\t")) for paragraph in paragraphs]
    if counts.count(usual) == len(counts) and (table := table_paragraphs(rows)):
        return table
    resolved = tuple(
        Paragraph("", kind="row", cells=row, table=0) if count == usual else paragraph
        for paragraph, row, count in zip(paragraphs, rows, counts, strict=True)
    )
    return resolved, ()


def _markdown_line(line: str, *, continues: bool) -> Paragraph:
    heading = _ATX.match(line)
    if heading:
        return Paragraph(_plain(heading.group(1)), kind="heading")
    if line.strip().startswith("|") and line.strip().endswith("|") and line.count("|") > 2:
        cells = tuple(_plain(cell.strip()) for cell in line.strip().strip("|").split("|"))
        return Paragraph("", kind="row", cells=cells, table=0)
    line = _BULLET.sub("", _QUOTE.sub("", line[:200])) + line[200:]
    bold = _BOLD_START.match(line[:200])
    whole = _WHOLE_EMPHASIS.match(line)
    return Paragraph(
        _plain(line.strip()),
        bold=len(_plain(bold.group(2))) if bold else 0,
        continues=continues,
        emphasis=None if whole is None else "bold" if len(whole.group("mark")) > 1 else "italic",
    )


def _plain(text: str) -> str:
    """Take emphasis marks and backslashes away, from the outside in."""
    for _ in range(3):
        plainer = _EMPHASIS.sub(r"\2", text)
        if plainer == text:
            break
        text = plainer
    return _ESCAPE.sub(r"\1", text)
