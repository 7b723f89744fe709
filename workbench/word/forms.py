"""Forms to print and fill in by hand: a page a respondent with big targets, and the star to draw on.

Gets words and scales as values; which ones is composed in `services.forms`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from workbench.i18n import Language
from workbench.word.form_drawings import Drawing, empty_star, face, numbered_circle
from workbench.word.markup import LANGUAGE_TAGS, TWIPS_PER_CM, Markup
from workbench.word.package import new_document, set_metadata, style_ids, to_bytes
from workbench.word.pictures import drawing_xml

TAGS: dict[str, str] = {
    "da": LANGUAGE_TAGS["da"],
    "en": LANGUAGE_TAGS["en"],
    "ar": "ar-SA",
    "fa": "fa-IR",
    "so": "so-SO",
    "ti": "ti-ER",
}
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_PAGE_WIDTH, _PAGE_HEIGHT, _MARGIN = 11906, 16838, 851
_TEXT_CM = (_PAGE_WIDTH - 2 * _MARGIN) / TWIPS_PER_CM
_ROW_LEAST, _ROW_MOST, _ROWS_HEIGHT = 860, 1150, 11000
_BORDER = '<w:{side} w:val="single" w:sz="8" w:space="0" w:color="5B6770"/>'
_MUTED = '<w:color w:val="5B6770"/>'


@dataclass(frozen=True)
class FormQuestion:
    """A question with its points; `low` and `high` are the words at the ends, `labels` those under points."""

    text: str
    points: tuple[int, ...]
    low: str = ""
    high: str = ""
    labels: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[object, ...]:
        """What must be equal for two questions to share the words above the points."""
        return self.points, self.low, self.high, self.labels


@dataclass(frozen=True)
class PaperForm:
    """One respondent's form.

    language : of the questions; any tag that Word knows (`TAGS` has the common ones).
    boxes : what is written by hand at the top (number, round, date), in the language of the office.
    mark : stands below the questions and tells who types it in which form and scale it is.
    """

    title: str
    respondent: str
    introduction: str
    questions: tuple[FormQuestion, ...]
    boxes: tuple[str, ...]
    mark: str
    language: str
    drawn: Literal["numbers", "faces"] = "numbers"
    point_alt: str = "{point} / {high}"

    @property
    def right_to_left(self) -> bool:
        """Whether the questions run from right to left, and the scale with them."""
        return self.language.split("-")[0] in RIGHT_TO_LEFT


@dataclass(frozen=True)
class StarForm:
    """A star to draw on: `labels` are its spokes, in the order of the questionnaire."""

    title: str
    respondent: str
    introduction: str
    labels: tuple[str, ...]
    scale: tuple[int, int]
    low: str
    high: str
    boxes: tuple[str, ...]
    mark: str
    language: str
    alt_text: str

    @property
    def right_to_left(self) -> bool:
        """Whether the words run from right to left."""
        return self.language.split("-")[0] in RIGHT_TO_LEFT


def render_forms(forms: Sequence[PaperForm | StarForm], *, language: Language) -> bytes:
    """The forms as a .docx file, each beginning a page of its own (A4); the same forms give the same bytes.

    language : of the office: document properties and spelling of the boxes.
    Raises ValueError if there are no forms.
    """
    if not forms:
        raise ValueError("no forms to print")
    document = new_document(language)
    writer = _FormWriter(document, Markup(language, style_ids(document)))
    page: Any = document.sections[0]._sectPr
    _set_page(page)
    for place, form in enumerate(forms):
        for element in _parsed(writer.form(form, first=place == 0)):
            page.addprevious(element)
    set_metadata(document, title=forms[0].title, language=language, metadata={})
    return to_bytes(document)


@dataclass
class _FormWriter:
    document: Document
    markup: Markup
    drawings: int = 0

    def form(self, form: PaperForm | StarForm, *, first: bool) -> str:
        words = _Words(self.markup, form.language, form.right_to_left)
        head = words.paragraph(form.title, size=40, bold=True, after=20, break_before=not first)
        head += words.paragraph(form.respondent, size=26, colour=_MUTED, after=140)
        head += self._boxes(form) + words.paragraph("", size=8, after=60)
        if form.introduction:
            head += words.paragraph(form.introduction, size=25, after=160)
        content = self._star(form, words) if isinstance(form, StarForm) else self._questions(form, words)
        office = _Words(self.markup, self.markup.language, False)
        return head + content + office.paragraph(form.mark, size=15, colour=_MUTED, after=0, align="end")

    def _boxes(self, form: PaperForm | StarForm) -> str:
        """Cells to write in, their names small above the line."""
        office = _Words(self.markup, self.markup.language, False)
        width = int(_TEXT_CM * TWIPS_PER_CM / len(form.boxes))
        borders = "".join(_BORDER.format(side=side) for side in ("top", "left", "bottom", "right", "insideV"))
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            f"{office.paragraph(name, size=17, colour=_MUTED, after=0)}</w:tc>"
            for name in form.boxes
        )
        row = (
            f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="760" w:hRule="atLeast"/></w:trPr>{cells}</w:tr>'
        )
        return _table([width] * len(form.boxes), row, borders=borders)

    def _questions(self, form: PaperForm, words: _Words) -> str:
        parts: list[str] = []
        at = 0
        while at < len(form.questions):
            end = at
            while end < len(form.questions) and form.questions[end].columns == form.questions[at].columns:
                end += 1
            parts.append(self._block(form, words, form.questions[at:end], first_number=at + 1))
            at = end
        return words.paragraph("", size=12, after=60).join(parts) + words.paragraph("", size=12, after=0)

    def _block(
        self, form: PaperForm, words: _Words, questions: Sequence[FormQuestion], *, first_number: int
    ) -> str:
        """Questions with the same points: the words of the poles above, a row a question."""
        points = questions[0].points
        point_cm = max(1.5, min(3.2, 10.6 / len(points)))
        widths = [int((_TEXT_CM - point_cm * len(points)) * TWIPS_PER_CM)]
        widths += [int(point_cm * TWIPS_PER_CM)] * len(points)
        rows = self._poles(words, questions[0], widths)
        # As high as one page allows, and never so low that targets touch.
        height = max(_ROW_LEAST, min(_ROW_MOST, _ROWS_HEIGHT // len(form.questions)))
        for number, question in enumerate(questions, first_number):
            text = words.paragraph(f"{number}. {question.text}", size=25, after=0)
            shaded = number % 2 == 1
            cells = [_cell(widths[0], text, shaded=shaded)]
            for place, point in enumerate(points):
                drawing = self._target(form, question, place, point)
                label = question.labels[place] if question.labels else ""
                target = words.picture(drawing, label)
                cells.append(_cell(widths[place + 1], target, centred=True, shaded=shaded))
            rows += (
                f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{height}" w:hRule="atLeast"/></w:trPr>'
                f"{''.join(cells)}</w:tr>"
            )
        return _table(widths, rows, right_to_left=form.right_to_left)

    def _poles(self, words: _Words, question: FormQuestion, widths: Sequence[int]) -> str:
        if not question.low and not question.high:
            return ""
        left = (len(widths) - 1) // 2
        spans = (left, len(widths) - 1 - left)
        low_width, high_width = sum(widths[1 : 1 + left]), sum(widths[1 + left :])
        low = words.paragraph(question.low, size=21, bold=True, after=40, keep=True)
        high = words.paragraph(question.high, size=21, bold=True, after=40, keep=True, align="end")
        cells = _cell(widths[0], words.paragraph("", size=21, after=0, keep=True))
        cells += _cell(low_width, low, span=spans[0], bottom=True)
        cells += _cell(high_width, high, span=spans[1], bottom=True)
        return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>"

    def _target(self, form: PaperForm, question: FormQuestion, place: int, point: int) -> str:
        alt = form.point_alt.format(point=point, high=question.points[-1])
        if form.drawn == "faces":
            share = place / (len(question.points) - 1)
            drawing = face(share, alt_text=alt, width_cm=1.4)
        else:
            drawing = numbered_circle(point, alt_text=alt, width_cm=1.2)
        return self._drawn(drawing)

    def _star(self, form: StarForm, words: _Words) -> str:
        drawing = empty_star(
            form.labels,
            form.scale,
            alt_text=form.alt_text,
            width_cm=_TEXT_CM,
            right_to_left=form.right_to_left,
        )
        low, high = form.scale
        poles = [f"{point}: {text}" for point, text in ((low, form.low), (high, form.high)) if text]
        below = "".join(words.paragraph(pole, size=24, bold=True, after=0, align="center") for pole in poles)
        return words.picture(self._drawn(drawing), "") + below

    def _drawn(self, drawing: Drawing) -> str:
        self.drawings += 1
        figure: Any = drawing  # as a figure: key, alternative text, pictures and width
        return drawing_xml(self.document, figure, number=self.drawings, max_width_cm=_TEXT_CM)


@dataclass(frozen=True)
class _Words:
    """Paragraphs in the language of a form, in its direction."""

    markup: Markup
    language: str
    right_to_left: bool

    def paragraph(
        self,
        text: str,
        *,
        size: int,
        after: int,
        bold: bool = False,
        colour: str = "",
        align: Literal["start", "center", "end"] = "start",
        keep: bool = False,
        break_before: bool = False,
    ) -> str:
        """A paragraph; `size` in half points, `after` in twips."""
        return (
            f"<w:p><w:pPr>{self._style()}{'<w:keepNext/>' if keep else ''}"
            f"{'<w:pageBreakBefore/>' if break_before else ''}{self._direction()}"
            f'<w:spacing w:before="0" w:after="{after}" w:line="240" w:lineRule="auto"/>'
            f'<w:jc w:val="{align}"/></w:pPr>{self._run(text, size=size, bold=bold, colour=colour)}</w:p>'
        )

    def picture(self, drawing: str, label: str) -> str:
        """A centred paragraph with a picture, and a word under it."""
        below = self.paragraph(label, size=16, after=0, align="center") if label else ""
        return (
            f'<w:p><w:pPr>{self._style()}<w:spacing w:before="40" w:after="40" w:line="240" '
            f'w:lineRule="auto"/><w:jc w:val="center"/></w:pPr><w:r>{drawing}</w:r></w:p>{below}'
        )

    def _style(self) -> str:
        return f'<w:pStyle w:val="{self.markup.style("Normal")}"/>'

    def _direction(self) -> str:
        return "<w:bidi/>" if self.right_to_left else ""

    def _run(self, text: str, *, size: int, bold: bool, colour: str) -> str:
        if not text:
            return ""
        tag = TAGS.get(self.language, self.language)
        weight = "<w:b/><w:bCs/>" if bold else ""
        direction = "<w:rtl/>" if self.right_to_left else ""
        language = f'<w:lang w:val="{tag}" w:bidi="{tag}"/>'
        run = self.markup.run(text)
        own = (
            f'<w:rPr><w:rFonts w:cs="Arial"/>{weight}{colour}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
            f"{direction}{language}</w:rPr>"
        )
        start, end = run.index("<w:rPr>"), run.index("</w:rPr>") + len("</w:rPr>")
        return run[:start] + own + run[end:]


def _cell(
    width: int,
    content: str,
    *,
    centred: bool = False,
    span: int = 1,
    bottom: bool = False,
    shaded: bool = False,
) -> str:
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="F3F5F6"/>' if shaded else ""
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    place = "bottom" if bottom else "center"
    margins = (
        '<w:tcMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tcMar>' if centred else ""
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}{shade}{margins}'
        f'<w:vAlign w:val="{place}"/></w:tcPr>{content}</w:tc>'
    )


def _table(widths: Sequence[int], rows: str, *, borders: str = "", right_to_left: bool = False) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    visual = "<w:bidiVisual/>" if right_to_left else ""
    lines = f"<w:tblBorders>{borders}</w:tblBorders>" if borders else ""
    return (
        f'<w:tbl><w:tblPr>{visual}<w:tblW w:w="{sum(widths)}" w:type="dxa"/>{lines}'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )


def _parsed(xml: str) -> list[Any]:
    names = nsdecls("w", "r", "a", "pic", "wp")
    return list(parse_xml(f"<w:body {names}>{xml}</w:body>"))


def _set_page(section: Any) -> None:
    size, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
    size.set(qn("w:w"), str(_PAGE_WIDTH))
    size.set(qn("w:h"), str(_PAGE_HEIGHT))
    for side in ("top", "bottom", "left", "right"):
        margins.set(qn(f"w:{side}"), str(_MARGIN))
    for side in ("header", "footer"):
        margins.set(qn(f"w:{side}"), "454")
