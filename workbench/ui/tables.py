"""A TableSpec on the screen as a real table (headings, sections, notes below), and its file to take away."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from html import escape

import streamlit as st

from workbench.display import Cell, Column, TableSpec, cell_lines, column_title, to_xlsx
from workbench.i18n import t
from workbench.services.mapped_answers import with_remark

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SCROLL_FROM_ROWS = 24
WORDS_FROM = 20
# currentColor and translucent lines hold on light and dark ground alike.
_STYLE = """<style>
.wb-table{overflow:auto;max-width:100%}
.wb-table.wb-scroll{max-height:34rem}
.wb-table table{border-collapse:collapse;font-size:.9rem;line-height:1.35;font-variant-numeric:tabular-nums}
.wb-table caption{caption-side:top;text-align:left;font-weight:600;padding:0 0 .45rem}
.wb-table th,.wb-table td{padding:.3rem .6rem .3rem .1rem;vertical-align:top;border:0;text-align:left;
  border-bottom:1px solid rgba(128,135,142,.22);max-width:30rem}
.wb-table thead th{font-weight:600;vertical-align:bottom;border-bottom:1px solid rgba(128,135,142,.6)}
.wb-table thead tr.wb-groups th{border-bottom:0;padding-bottom:0}
.wb-table thead tr.wb-groups th[colspan]:not([colspan="1"]){text-align:center}
.wb-table td:first-child{min-width:6rem}
.wb-table .wb-number{text-align:right;white-space:nowrap;padding-left:.5rem}
.wb-table td.wb-words{min-width:7.5rem}
.wb-table thead th.wb-number{white-space:normal;max-width:11rem}
.wb-table .wb-section th{padding-top:.8rem;font-weight:600}
.wb-table .wb-under td:first-child{padding-left:.9rem}
.wb-table tr.wb-rule td{border-top:1px solid rgba(128,135,142,.6)}
.wb-below{font-size:.84rem;opacity:.78;margin:.45rem 0 0;max-width:62rem}
</style>"""


_REMARK: ContextVar[str] = ContextVar("remark", default="")


@contextmanager
def remarked(remark: str) -> Iterator[None]:
    """All tables shown within carry this remark, on the screen and in their files; "" for none."""
    token = _REMARK.set(remark)
    try:
        yield
    finally:
        _REMARK.reset(token)


def show_table(
    spec: TableSpec, *, strong: Collection[tuple[int, str]] = frozenset(), title: bool = True
) -> None:
    """The table with its notes; long ones scroll.

    strong : `(row, column key)` of cells set in bold.   title : whether its title stands above it.
    """
    st.html(table_html(with_remark(spec, _REMARK.get()), strong=strong, title=title))


def download_table(specs: TableSpec | Sequence[TableSpec], *, name: str, key: str, text: str = "") -> None:
    """A button that gives the tables as a workbook; it is made when asked for."""
    listed = (specs,) if isinstance(specs, TableSpec) else tuple(specs)
    wanted = tuple(with_remark(spec, _REMARK.get()) for spec in listed)
    st.download_button(
        text or t("surveys.xlsx"),
        lambda: to_xlsx(wanted),
        file_name=f"{name}.xlsx",
        mime=XLSX,
        key=key,
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )


def table_html(
    spec: TableSpec, *, strong: Collection[tuple[int, str]] = frozenset(), title: bool = True
) -> str:
    """The table as HTML, all text escaped."""
    caption = f"<caption>{escape(spec.title)}</caption>" if title else ""
    scroll = " wb-scroll" if len(spec.rows) > SCROLL_FROM_ROWS else ""
    below = "".join(
        f'<p class="wb-below"><em>{escape(name)}</em> {escape(text)}</p>' for name, text in spec.below
    )
    return (
        f'{_STYLE}<div class="wb-table{scroll}" tabindex="0"><table>{caption}'
        f"<thead>{_head(spec)}</thead><tbody>{_body(spec, strong)}</tbody></table></div>{below}"
    )


def _head(spec: TableSpec) -> str:
    groups = "".join(
        f'<th colspan="{width}" scope="colgroup">{escape(name)}</th>' for name, width in spec.column_groups
    )
    titles = "".join(
        f'<th scope="col"{_class(column)}>{escape(column_title(column, spec.language))}</th>'
        for column in spec.columns
    )
    return (f'<tr class="wb-groups">{groups}</tr>' if groups else "") + f"<tr>{titles}</tr>"


def _body(spec: TableSpec, strong: Collection[tuple[int, str]]) -> str:
    parts = []
    for number, row in enumerate(spec.rows):
        section = spec.section_before(number)
        if section is not None:
            width = len(spec.columns)
            parts.append(
                f'<tr class="wb-section"><th colspan="{width}" scope="rowgroup">{escape(section)}</th></tr>'
            )
        names = ["wb-under"] if spec.sections else []
        names += ["wb-rule"] if number == spec.summary_from else []
        cells = "".join(
            _cell(cell, column, spec, (number, column.key) in strong)
            for cell, column in zip(row, spec.columns, strict=True)
        )
        parts.append(f'<tr class="{" ".join(names)}">{cells}</tr>' if names else f"<tr>{cells}</tr>")
    return "".join(parts)


def _cell(cell: Cell, column: Column, spec: TableSpec, strong: bool) -> str:
    text = "<br>".join(escape(line) for line in cell_lines(cell, column, spec.language))
    return f"<td{_class(column, len(text))}>{f'<strong>{text}</strong>' if strong else text}</td>"


def _class(column: Column, length: int = 0) -> str:
    """The class of a cell: numbers stand to the right, long words get room beside many numbers."""
    if column.alignment != "left":
        return ' class="wb-number"'
    return ' class="wb-words"' if length > WORDS_FROM else ""
