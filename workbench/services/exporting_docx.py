"""A transcript as a Word file: styles for what each paragraph is, codings as comments.

The comments are written in one go: added one by one, each would look through all before it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from interviews import stated
from workbench.i18n import t
from workbench.services.exporting_parts import (
    ExportedComment,
    ExportedLine,
    ExportedTranscript,
    LabelPart,
)
from workbench.services.exporting_return import return_properties
from workbench.word.markup import attribute, clean

if TYPE_CHECKING:
    from docx.document import Document

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?")
# Dark enough on white to be read; a speaker keeps one throughout.
_SPEAKER_COLORS = ("1F4E5F", "8A3B12", "2E6B34", "6A3A7C", "7A5C00", "8C2F4B", "30577D", "4B5320")


def docx_of(exported: ExportedTranscript) -> bytes:
    """The content of a .docx file; the same parts give the same bytes."""
    from docx.oxml import parse_xml

    from workbench.word.package import new_document, set_metadata, to_bytes

    document = new_document(exported.language)
    set_metadata(
        document, title=exported.name, language=exported.language, metadata=return_properties(exported)
    )
    speakers = _speaker_styles(exported.lines)
    for style in _styles(speakers):
        document.styles.element.append(parse_xml(style))
    body = "".join(_body(exported, speakers))
    end = document.element.body.find(f"{{{_W[9:-1]}}}sectPr")
    for paragraph in parse_xml(f"<w:body {_W}>{body}</w:body>"):
        end.addprevious(paragraph)
    _write_comments(document, exported.comments)
    return to_bytes(document)


def _speaker_styles(lines: Sequence[ExportedLine]) -> dict[str, str]:
    """A character style for each speaker, in the order in which they speak."""
    labels = [part.text for line in lines for part in line.label if part.style == stated.SPEAKER]
    names: dict[str, str] = {}
    for speaker in dict.fromkeys(labels):
        plain = " ".join(re.sub(r"[^\w-]+", " ", speaker).split())[:60].strip() or str(len(names) + 1)
        name, number = f"{stated.SPEAKER} {plain}", 2
        while name.casefold() in {taken.casefold() for taken in names.values()}:
            name, number = f"{stated.SPEAKER} {plain} {number}", number + 1
        names[speaker] = name
    return names


def _style_id(name: str) -> str:
    """Ids hold no blanks; letters beyond a-z and marks are written as their numbers."""
    return "".join(
        sign if sign.isascii() and sign.isalnum() else f"u{ord(sign):x}" for sign in name.replace(" ", "")
    )


def _styles(speakers: dict[str, str]) -> Iterator[str]:
    answer = '<w:spacing w:before="0" w:after="120" w:line="300" w:lineRule="auto"/>'
    follow = stated.CONTINUED
    question = "Question", answer, '<w:color w:val="4A5A66"/>', follow
    for name, paragraph, run, after in (
        question,
        ("Answer", answer, "", follow),
        ("Speech", answer, "", follow),
        ("Continued", answer, "", follow),
        ("Plain", answer, "", f"{stated.FAMILY} Plain"),
        ("Note", answer, '<w:i/><w:color w:val="4A5A66"/>', follow),
        (
            "Heading",
            '<w:keepNext/><w:spacing w:before="280" w:after="100"/><w:outlineLvl w:val="1"/>',
            '<w:b/><w:color w:val="1F4E5F"/><w:sz w:val="25"/>',
            f"{stated.FAMILY} Answer",
        ),
        ("Title", '<w:keepNext/><w:spacing w:before="0" w:after="120"/>',
         '<w:b/><w:color w:val="1F4E5F"/><w:sz w:val="36"/>', f"{stated.FAMILY} Facts"),
        ("Facts", '<w:spacing w:before="0" w:after="20"/>', '<w:color w:val="4A5A66"/>',
         f"{stated.FAMILY} Facts"),
        ("Legend Heading", '<w:keepNext/><w:spacing w:before="480" w:after="120"/><w:outlineLvl w:val="1"/>',
         '<w:b/><w:color w:val="1F4E5F"/><w:sz w:val="25"/>', f"{stated.FAMILY} Legend"),
        ("Legend", '<w:spacing w:before="0" w:after="80"/><w:ind w:left="340" w:hanging="340"/>', "",
         f"{stated.FAMILY} Legend"),
    ):  # fmt: skip
        yield _style("paragraph", f"{stated.FAMILY} {name}", paragraph, run, base="Normal", after=after)
    yield _style("character", stated.SPEAKER, "", "<w:b/>")
    for place, name in enumerate(speakers.values()):
        color = _SPEAKER_COLORS[place % len(_SPEAKER_COLORS)]
        yield _style("character", name, "", f'<w:color w:val="{color}"/>', base=_style_id(stated.SPEAKER))
    grey = '<w:color w:val="5B6B76"/>'
    yield _style("character", stated.TIME, "", f'{grey}<w:sz w:val="17"/>')
    for name in (stated.GLUE, stated.SPEAKS_FOR, *stated.STATUS):
        yield _style("character", name, "", grey)
    yield _style(
        "paragraph", "annotation text", "", '<w:sz w:val="20"/>', base="Normal", own_id="CommentText"
    )
    yield _style("character", "annotation reference", "", '<w:sz w:val="16"/>', own_id="CommentReference")


def _style(
    kind: str, name: str, paragraph: str, run: str, *, base: str = "", after: str = "", own_id: str = ""
) -> str:
    custom = "" if own_id else ' w:customStyle="1"'
    return (
        f'<w:style {_W} w:type="{kind}"{custom} w:styleId="{own_id or _style_id(name)}">'
        f"<w:name w:val={attribute(name)}/>"
        + (f'<w:basedOn w:val="{base}"/>' if base else "")
        + (f'<w:next w:val="{_style_id(after)}"/>' if after else "")
        + ("" if own_id else "<w:qFormat/>")
        + (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "")
        + (f"<w:rPr>{run}</w:rPr>" if run else "")
        + "</w:style>"
    )


def _body(exported: ExportedTranscript, speakers: dict[str, str]) -> Iterator[str]:
    yield _paragraph(stated.TITLE, _run(exported.name))
    for place, (name, value) in enumerate(exported.facts, start=1):
        after = '<w:spacing w:after="320"/>' if place == len(exported.facts) else ""
        yield _paragraph(stated.FACTS, _run(f"{name}: {value}"), after)
    marks = _Marks(exported.comments)
    for line in exported.lines:
        label = "".join(_label_run(part, speakers) for part in line.label)
        if line.label:
            label += _run(" ")
        yield _paragraph(line.style, label + "".join(marks.around(line)))
    if exported.legend:
        yield _paragraph(stated.APART[2], _run(t("exporting.legend_title", language=exported.language)))
    for entry in exported.legend:
        color = f'<w:color w:val="{entry.color.lstrip("#")}"/>'
        count = t("exporting.n_codings", language=exported.language, n=entry.codings)
        said = f" {entry.label} [{entry.path}], {count}"
        definition = f". {entry.definition}" if entry.definition else ""
        yield _paragraph(stated.APART[3], _run("■", color) + _run(said, "<w:b/>") + _run(definition))


def _label_run(part: LabelPart, speakers: dict[str, str]) -> str:
    style = speakers[part.text] if part.style == stated.SPEAKER else part.style
    return _run(part.text, f'<w:rStyle w:val="{_style_id(style)}"/>')


def _paragraph(style: str, content: str, properties: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{_style_id(style)}"/>{properties}</w:pPr>{content}</w:p>'


def _run(text: str, properties: str = "") -> str:
    if not text:
        return ""
    rpr = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    parts = re.split(r"([\n\t])", clean(text))
    tags = {"\n": "<w:br/>", "\t": "<w:tab/>"}
    inner = "".join(
        tags.get(part) or f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in parts if part
    )
    return f"<w:r>{rpr}{inner}</w:r>"


class _Marks:
    """Puts the two ends of every comment between the words."""

    def __init__(self, comments: Sequence[ExportedComment]) -> None:
        numbered = list(enumerate(comments))
        self._comments = comments
        self._starts = sorted(numbered, key=lambda one: (one[1].start, -one[1].end))
        self._ends = sorted(numbered, key=lambda one: (one[1].end, -one[1].start))
        self._started = self._ended = 0

    def around(self, line: ExportedLine) -> Iterator[str]:
        """The words of a line, cut where a comment begins or ends. Lines come in the order of the text."""
        position = line.start
        while True:
            place = min(
                self._next(self._starts, self._started), self._next(self._ends, self._ended, end=True)
            )
            if place > line.end:
                break
            yield _run(line.text[position - line.start : place - line.start])
            position = max(position, place)
            yield from self._at(place)
        yield _run(line.text[position - line.start :])

    def _next(self, marks: Sequence[tuple[int, ExportedComment]], index: int, *, end: bool = False) -> int:
        if index >= len(marks):
            return sys.maxsize
        return marks[index][1].end if end else marks[index][1].start

    def _at(self, place: int) -> Iterator[str]:
        """All that stands at one place: what ends here first, then what begins, then what does both."""
        while self._ended < len(self._ends) and self._ends[self._ended][1].end == place:
            number, comment = self._ends[self._ended]
            if comment.start == place:
                break
            self._ended += 1
            yield _end(number)
        while self._started < len(self._starts) and self._starts[self._started][1].start == place:
            number, _ = self._starts[self._started]
            self._started += 1
            yield f'<w:commentRangeStart w:id="{number}"/>'
        while self._ended < len(self._ends) and self._ends[self._ended][1].end == place:
            number, _ = self._ends[self._ended]
            self._ended += 1
            yield _end(number)


def _end(number: int) -> str:
    reference = (
        f'<w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:commentReference w:id="{number}"/></w:r>'
    )
    return f'<w:commentRangeEnd w:id="{number}"/>{reference}'


def _write_comments(document: Document, comments: Sequence[ExportedComment]) -> None:
    from docx.oxml import parse_xml

    if not comments:
        return
    element: Any = document.part._comments_part.element
    written = "".join(_comment(number, comment) for number, comment in enumerate(comments))
    for comment in parse_xml(f"<w:comments {_W}>{written}</w:comments>"):
        element.append(comment)


def _comment(number: int, comment: ExportedComment) -> str:
    initials = "".join(word[0] for word in comment.author.split())[:3]
    date = f' w:date="{comment.written_at}"' if _MOMENT.fullmatch(comment.written_at) else ""
    reference = '<w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:annotationRef/></w:r>'
    paragraphs = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="CommentText"/></w:pPr>{"" if place else reference}'
        f"{_run(line, _line_properties(place, comment))}</w:p>"
        for place, line in enumerate(comment.lines)
    )
    return (
        f'<w:comment w:id="{number}" w:author={attribute(comment.author)} '
        f"w:initials={attribute(initials)}{date}>{paragraphs}</w:comment>"
    )


def _line_properties(place: int, comment: ExportedComment) -> str:
    if not comment.color:
        return ""
    if place == 0:
        return "<w:b/>"
    return '<w:color w:val="808080"/><w:sz w:val="16"/>' if place == len(comment.lines) - 1 else ""
