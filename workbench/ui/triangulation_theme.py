"""One theme on the screen: who says it and in which words, beside the numbers with their intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import streamlit as st

from coding_schemes import Scheme
from workbench.i18n import label, t
from workbench.services import evidence_tables, theme_tables
from workbench.services.coding import Coding
from workbench.services.effects import list_estimates
from workbench.services.quotations import QuotationChoice, pin_quotation, quotation_choices, quoted_coding
from workbench.services.studies import Study
from workbench.triangulation import EvidenceItem, JointRow
from workbench.ui import session
from workbench.ui.coding_choice import choose
from workbench.ui.coding_side import focus_on
from workbench.ui.tables import show_table

KEY = "page.triangulation.quotation"
QUOTATION_WORDS = 60
CHOICE_LETTERS = 110
_STYLE = """<style>
.wb-counts{display:grid;grid-template-columns:max-content 1fr max-content;gap:.35rem .7rem;
  align-items:center;font-size:.9rem;font-variant-numeric:tabular-nums;margin:.2rem 0 .6rem}
.wb-counts div{background:rgba(128,135,142,.16);border-radius:3px;height:.8rem;overflow:hidden}
.wb-counts i{display:block;height:100%;border-radius:3px}
.wb-quote{border-left:3px solid rgba(128,135,142,.5);padding:.1rem 0 .1rem .9rem;margin:.4rem 0 .2rem}
.wb-quote footer{opacity:.75;font-size:.88rem;margin-top:.3rem}
.wb-wide{overflow-x:auto}
.wb-numbers{border-collapse:collapse;font-size:.9rem;line-height:1.3;font-variant-numeric:tabular-nums;
  width:100%}
.wb-numbers td,.wb-numbers th{border:0;border-bottom:1px solid rgba(128,135,142,.22);
  padding:.32rem .7rem .32rem .1rem;vertical-align:middle;text-align:left}
.wb-numbers th{font-weight:600;padding-top:.7rem}
.wb-numbers .wb-value{white-space:nowrap}
.wb-interval{position:relative;width:7.5rem;height:1rem}
@media(max-width:1250px){.wb-interval{width:3rem}.wb-numbers td{padding-right:.4rem}}
.wb-interval i{position:absolute;left:50%;top:0;bottom:0;border-left:1px solid rgba(128,135,142,.75)}
.wb-interval b{position:absolute;top:calc(50% - 1.5px);height:3px;border-radius:2px;background:#3d86a3}
.wb-interval u{position:absolute;top:calc(50% - 4px);margin-left:-4px;width:8px;height:8px;border-radius:4px;
  background:#3d86a3}
</style>"""


def show(study: Study, scheme: Scheme, row: JointRow, *, page: Callable[[str], Any]) -> None:
    """Words on the left, numbers on the right, and below them every number of the theme when asked for."""
    words, numbers = st.columns([2, 3], gap="large")
    with words:
        st.markdown(f"##### {t('triangulation_page.words')}")
        st.html(counts_html(row, scheme))
        _show_quotation(study, row, page)
    with numbers:
        st.markdown(f"##### {t('triangulation_page.numbers')}")
        _show_numbers(row)
    tables = evidence_tables.evidence_tables(row, list_estimates(study), scheme, language=session.language())
    if tables:
        with st.expander(
            t("triangulation_page.all_numbers", n=len(row.evidence)), icon=":material/table_rows:"
        ):
            for table in tables:
                show_table(table)


def counts_html(row: JointRow, scheme: Scheme) -> str:
    """A bar an actor group: interviews with the theme of those asked."""
    language = session.language()
    color = escape(scheme.code(row.theme).color)
    bars = [
        (
            theme_tables.group_label(scheme, count.group, language),
            count.interviews_with,
            count.interviews_asked,
        )
        for count in row.counts
    ]
    bars.append((t("themes.all_groups"), row.reading.interviews_with, row.reading.interviews_asked))
    cells = "".join(
        f"<span>{escape(name)}</span>"
        f'<div><i style="width:{100 * k / n if n else 0:.0f}%;background:{color}"></i></div>'
        f"<span>{k}/{n}</span>"
        for name, k, n in bars
    )
    direction = t(f"reporting.themes.direction.{row.qualitative_direction}")
    return f'{_STYLE}<div class="wb-counts">{cells}</div><div>{escape(direction)}</div>'


def numbers_html(items: Sequence[EvidenceItem]) -> str:
    """A line a number: its name, its interval drawn about zero, its value and how it reads."""
    parts = []
    for relation in ("score", "split", "effect"):
        mine = [item for item in items if item.relation == relation]
        if not mine:
            continue
        reach = max(_reach(item) for item in mine) or 1.0
        parts.append(f'<tr><th colspan="4">{escape(_heading(mine[0]))}</th></tr>')
        for item in mine:
            parts.append(
                f"<tr><td>{escape(label(item.label))}</td><td>{_interval_html(item, reach)}</td>"
                f'<td class="wb-value">{escape(_short_value(item))}</td>'
                f"<td>{escape(_first_words(item))}</td></tr>"
            )
    body = "".join(parts)
    return f'{_STYLE}<div class="wb-wide"><table class="wb-numbers"><tbody>{body}</tbody></table></div>'


def _show_numbers(row: JointRow) -> None:
    if not row.evidence:
        st.markdown(t("themes.joint.silent"))
        return
    weighing = [item for item in row.evidence if item.weighs]
    st.html(numbers_html(weighing or row.evidence))
    if weighing and len(weighing) < len(row.evidence):
        st.caption(t("triangulation_page.more_below", n=len(row.evidence) - len(weighing)))


def _show_quotation(study: Study, row: JointRow, page: Callable[[str], Any]) -> None:
    language = session.language()
    if row.quotation is None:
        st.caption(t("themes.joint.no_quotation"))
        return
    shown = theme_tables.shortened_quotation(row.quotation.quote, QUOTATION_WORDS, language)
    st.html(
        f'{_STYLE}<blockquote class="wb-quote">{escape(shown)}'
        f"<footer>{escape(row.attribution(language))}</footer></blockquote>"
    )
    with st.container(horizontal=True):
        coding = quoted_coding(study, row)
        if coding is not None and st.button(
            t("triangulation_page.open_interview"),
            icon=":material/open_in_new:",
            type="tertiary",
            key=f"{KEY}.open.{row.theme}",
        ):
            _go_to(coding, page)
        with st.popover(t("triangulation_page.other_quotation"), icon=":material/format_quote:"):
            _choose_quotation(study, row)


def _go_to(coding: Coding, page: Callable[[str], Any]) -> None:
    choose(coding.transcript_id)
    focus_on(coding.id)
    st.switch_page(page("coding"))


def _choose_quotation(study: Study, row: JointRow) -> None:
    choices = quotation_choices(study, row.theme, language=session.language())
    by_id = {choice.coding.id: choice for choice in choices}
    pinned = next((choice.coding.id for choice in choices if choice.pinned), None)
    chosen = st.selectbox(
        t("triangulation_page.choose_quotation"),
        list(by_id),
        index=list(by_id).index(pinned) if pinned is not None else None,
        format_func=lambda name: _choice_text(by_id[name]),
        placeholder=t("triangulation_page.choose_placeholder"),
        key=f"{KEY}.choice.{row.theme}",
        width=560,
    )
    if chosen is not None:
        st.html(f'{_STYLE}<blockquote class="wb-quote">{escape(by_id[chosen].coding.quote)}</blockquote>')
    with st.container(horizontal=True):
        use = st.button(
            t("triangulation_page.use_quotation"),
            type="primary",
            disabled=chosen is None or chosen == pinned,
            key=f"{KEY}.use.{row.theme}",
        )
        free = pinned is not None and st.button(
            t("triangulation_page.free_quotation"), key=f"{KEY}.free.{row.theme}"
        )
    if use or free:
        with session.shown_errors():
            pin_quotation(study, row.theme, None if free else chosen, actor=session.coder())
            st.session_state.pop(f"{KEY}.choice.{row.theme}", None)
            session.notify(t("triangulation_page.quotation_stored"))
            st.rerun()


def _choice_text(choice: QuotationChoice) -> str:
    quote = " ".join(choice.coding.quote.split())
    short = quote if len(quote) <= CHOICE_LETTERS else quote[:CHOICE_LETTERS].rstrip() + " …"
    return f"{choice.attribution}: {short}"


def _heading(item: EvidenceItem) -> str:
    if item.relation == "split":
        first, second = (label(value.label) for value in item.values[:2])
        return t(
            "triangulation_page.heading_split",
            first=evidence_tables.lowered(first),
            second=evidence_tables.lowered(second),
        )
    return t(f"triangulation_page.heading_{item.relation}")


def _first_words(item: EvidenceItem) -> str:
    """The reading without what it leaves open; the table below says all of it."""
    return evidence_tables.reading_words(item, language=session.language()).split(";")[0]


def _short_value(item: EvidenceItem) -> str:
    return evidence_tables.value_text(item, language=session.language(), difference_only=True)


def _from_zero(item: EvidenceItem) -> tuple[float, float, float]:
    """Value and interval as distances from the zero of the item's kind."""
    value = item.values[-1] if item.relation == "split" else item.values[0]
    zero = item.midpoint or 0.0
    low = value.value if value.ci_low is None else value.ci_low
    high = value.value if value.ci_high is None else value.ci_high
    return value.value - zero, low - zero, high - zero


def _reach(item: EvidenceItem) -> float:
    return max(abs(end) for end in _from_zero(item))


def _interval_html(item: EvidenceItem, reach: float) -> str:
    """The interval as a bar about the line of zero, the value as a dot; in percent of the drawn width."""
    middle, low, high = (50 + 47 * end / reach for end in _from_zero(item))
    return (
        f'<div class="wb-interval"><i></i><b style="left:{low:.1f}%;width:{high - low:.1f}%"></b>'
        f'<u style="left:{middle:.1f}%"></u></div>'
    )
