"""A TableSpec as one XML string: ruled as in print, numbers aligned on the decimal, header rows repeated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from workbench.display import Column, TableSpec, cell_lines, column_title
from workbench.i18n import Language
from workbench.word.columns import (
    Layout,
    decimal_parts,
    estimated_points,
    has_decimals,
    table_layout,
    text_twips,
)
from workbench.word.markup import Markup, attribute, hold_together

HEADER_TINT = "EAF1F4"
RULE, HAIRLINE = "1F4E5F", "C9D3D8"
# A taller table may break over pages; held together it would leave half a page empty.
HELD_TOGETHER_POINTS = 330
LONGEST_UNBROKEN_CELL = 1500
_SMALL = '<w:sz w:val="14"/><w:szCs w:val="14"/>'


@dataclass(frozen=True)
class _Place:
    """How the lines of one column stand.

    Numbers stand to the right, each line indented so far that the decimal signs meet and the column is
    centred. A decimal tab would follow the decimal sign of the reader's computer instead.
    """

    align: str
    indent: int = 0
    after: int = 0
    language: Language = "da"
    scale: float = 1.0

    def header(self) -> tuple[str, ...]:
        """Paragraph properties of the heading."""
        return () if self.align == "left" else ('<w:jc w:val="center"/>',)

    def body(self, line: str) -> tuple[str, ...]:
        """Paragraph properties of one line of a cell."""
        if self.align == "left":
            return ()
        if self.align == "center":
            return ('<w:jc w:val="center"/>',)
        own = decimal_parts([line], self.language)[1] if self.align == "decimal" else 0
        if self.after and not has_decimals(line, self.language):
            # A count (N) below coefficients: centred, it would stand out to the left.
            return ('<w:jc w:val="center"/>',)
        indent = int((self.indent + self.after - own) * self.scale)
        return (f'<w:ind w:right="{indent}"/>', '<w:jc w:val="right"/>')


def table_xml(spec: TableSpec, markup: Markup, *, text_width: int, alt_text: str) -> str:
    """The table as a w:tbl string.

    text_width : width between the margins in twips; the table fills it.
    alt_text : description for those who do not see the table.
    """
    layout = table_layout(spec, text_width)
    widths = layout.widths
    if layout.scale < 1:
        markup = replace(markup, run_properties=_SMALL)
    lines = [
        [cell_lines(cell, column, spec.language) for cell, column in zip(row, spec.columns, strict=True)]
        for row in spec.rows
    ]
    places = [
        _place(column, [row[index] for row in lines], index, layout, spec.language)
        for index, column in enumerate(spec.columns)
    ]
    held = estimated_points(spec, layout) <= HELD_TOGETHER_POINTS
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = [*_header_rows(spec, markup, widths, places)]
    for index, row in enumerate(lines):
        heading = spec.section_before(index)
        if heading is not None:
            rows.append(_section_row(heading, markup, widths))
        last = index == len(lines) - 1
        rows.append(_body_row(spec, index, row, markup, widths, places, keep=held and not last))
    properties = _table_properties(spec, markup, sum(widths), alt_text)
    return f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _table_properties(spec: TableSpec, markup: Markup, width: int, alt_text: str) -> str:
    return (
        f'<w:tblPr><w:tblStyle w:val="{markup.style("Workbench Table")}"/>'
        f'<w:tblW w:w="{width}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        'w:noHBand="0" w:noVBand="1"/>'
        f"<w:tblCaption w:val={attribute(spec.title)}/>"
        f"<w:tblDescription w:val={attribute(alt_text)}/></w:tblPr>"
    )


def _header_rows(
    spec: TableSpec, markup: Markup, widths: Sequence[int], places: Sequence[_Place]
) -> Iterator[str]:
    if spec.column_groups:
        cells, start = [], 0
        for group, span in spec.column_groups:
            width = sum(widths[start : start + span])
            rule = _borders(bottom=(4, RULE)) if group else _borders(bottom=None)
            content = markup.paragraph(
                "Table Header",
                markup.run(group),
                properties=("<w:keepNext/>", '<w:jc w:val="center"/>'),
            )
            cells.append(_cell(content, width, span=span, borders=rule, tint=HEADER_TINT, valign="bottom"))
            start += span
        yield _row("".join(cells), header=True)
    cells = []
    for column, width, place in zip(spec.columns, widths, places, strict=True):
        title = markup.run(hold_together(column_title(column, spec.language)))
        content = markup.paragraph("Table Header", title, properties=("<w:keepNext/>", *place.header()))
        cells.append(
            _cell(content, width, borders=_borders(bottom=(8, RULE)), tint=HEADER_TINT, valign="bottom")
        )
    yield _row("".join(cells), header=True)


def _section_row(heading: str, markup: Markup, widths: Sequence[int]) -> str:
    content = markup.paragraph("Table Section", markup.run(heading), properties=("<w:keepNext/>",))
    return _row(_cell(content, sum(widths), span=len(widths)))


def _body_row(
    spec: TableSpec,
    index: int,
    row: Sequence[tuple[str, ...]],
    markup: Markup,
    widths: Sequence[int],
    places: Sequence[_Place],
    *,
    keep: bool,
) -> str:
    borders = _borders(top=(6, RULE)) if index == spec.summary_from else ""
    keep_next = ("<w:keepNext/>",) if keep else ()
    cells = []
    for column, lines, width, place in zip(spec.columns, row, widths, places, strict=True):
        emphasis = {"strong": "<w:b/>", "italic": "<w:i/>", "": ""}[column.emphasis]
        content = "".join(
            markup.paragraph(
                "Table Text",
                markup.run(line, properties=emphasis),
                properties=(*keep_next, *place.body(line)),
            )
            for line in lines
        )
        cells.append(_cell(content, width, borders=borders))
    unbroken = all(sum(map(len, lines)) <= LONGEST_UNBROKEN_CELL for lines in row)
    return _row("".join(cells), unbroken=unbroken)


def _row(cells: str, *, header: bool = False, unbroken: bool = True) -> str:
    split = "<w:cantSplit/>" if unbroken else ""
    repeat = "<w:tblHeader/>" if header else ""
    properties = f"<w:trPr>{split}{repeat}</w:trPr>" if split or repeat else ""
    return f"<w:tr>{properties}{cells}</w:tr>"


def _cell(
    content: str, width: int, *, span: int = 1, borders: str = "", tint: str = "", valign: str = ""
) -> str:
    parts = [f'<w:tcW w:w="{width}" w:type="dxa"/>']
    if span > 1:
        parts.append(f'<w:gridSpan w:val="{span}"/>')
    parts.append(borders)
    if tint:
        parts.append(f'<w:shd w:val="clear" w:color="auto" w:fill="{tint}"/>')
    if valign:
        parts.append(f'<w:vAlign w:val="{valign}"/>')
    return f"<w:tc><w:tcPr>{''.join(parts)}</w:tcPr>{content}</w:tc>"


def _borders(*, top: tuple[int, str] | None = None, bottom: tuple[int, str] | None = (0, "")) -> str:
    """Borders of a cell; a size of 0 leaves the side to the table style, None removes it."""
    sides = []
    if top:
        sides.append(f'<w:top w:val="single" w:sz="{top[0]}" w:space="0" w:color="{top[1]}"/>')
    if bottom is None:
        sides.append('<w:bottom w:val="nil"/>')
    elif bottom[0]:
        sides.append(f'<w:bottom w:val="single" w:sz="{bottom[0]}" w:space="0" w:color="{bottom[1]}"/>')
    return f"<w:tcBorders>{''.join(sides)}</w:tcBorders>" if sides else ""


def _place(
    column: Column, cells: Sequence[tuple[str, ...]], index: int, layout: Layout, language: Language
) -> _Place:
    lines = [line for cell in cells for line in cell if line]
    if column.alignment == "decimal":
        decimals = [line for line in lines if has_decimals(line, language)]
        before, after = decimal_parts(decimals or lines, language)
    else:
        before, after = max((text_twips(line) for line in lines), default=0), 0
    indent = max(0, (layout.inner(index) - before - after) // 2)
    return _Place(column.alignment, indent, after, language, layout.scale)


def table_alt_text(spec: TableSpec, rows_and_columns: str) -> str:
    """Alternative text of a table: its title, its size and its headings."""
    headings = ", ".join(column_title(column, spec.language) or column.key for column in spec.columns)
    return f"{spec.title}. {rows_and_columns} {headings}."
