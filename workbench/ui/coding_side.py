"""Beside the surface: codings by theme, the list of codings to go to, and what is known of the interview."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from coding_schemes import Scheme
from workbench.display import format_number
from workbench.i18n import get_language, label, t
from workbench.services.coding import Coding
from workbench.services.reviewing import waiting_counts
from workbench.services.studies import Study
from workbench.services.terms import term_label
from workbench.services.transcripts import TranscriptFacts
from workbench.ui import editing_review, session
from workbench.ui.actor_groups import group_label
from workbench.ui.coding_filter import Narrowed
from workbench.ui.coding_material import CodeList
from workbench.ui.coding_surface import SurfaceFocus

VIEW = "page.coding.view"
VIEWS = ("codings", "interview", "review")
LIST = "page.coding.list"
LISTED = "page.coding.listed"
FOCUS = "page.coding.focus"
QUOTE_SHOWN = 90
LIST_HEIGHT = 380
REVIEW_HEIGHT = 470
WIDTHS = {"code": 120, "quote": 200, "memo": 200, "coder": 80}

_STYLE = """<style>
.wb-themes{display:grid;grid-template-columns:auto 1fr auto;gap:.3rem .55rem;align-items:center;
  font-size:.9rem;
  font-variant-numeric:tabular-nums}
.wb-themes i{width:.7rem;height:.7rem;border-radius:.2rem}
.wb-themes b{font-weight:600;text-align:right}
.wb-themes s{grid-column:2/4;height:3px;border-radius:2px;opacity:.75;margin-top:-.2rem}
.wb-facts{display:grid;grid-template-columns:auto 1fr;gap:.3rem .9rem;font-size:.9rem;margin:0}
.wb-facts dt{opacity:.72}
.wb-facts dd{margin:0}
</style>"""


def show(
    study: Study,
    scheme: Scheme,
    codes: CodeList,
    facts: TranscriptFacts,
    codings: Sequence[Coding],
    narrowed: Narrowed,
) -> None:
    """The whole column."""
    st.html(_themes_html(codes, codings))
    waiting = waiting_counts(study).get(facts.id, 0)
    view = st.segmented_control(
        t("coding.view"),
        VIEWS,
        key=VIEW,
        default=VIEWS[0],
        format_func=lambda name: (
            t("editing.review_n", n=waiting) if name == "review" else t(f"coding.view_{name}")
        ),
        label_visibility="collapsed",
        required=True,
        width="stretch",
        wrap=True,
    )
    if view == "interview":
        st.html(_facts_html(scheme, facts, codings))
    elif view == "review":
        with st.container(height=REVIEW_HEIGHT, border=False):
            editing_review.show(study, facts.id, codes, go_to=focus_on)
    else:
        _show_list(codes, facts, [coding for coding in codings if narrowed.shows(coding)])


def show_edit_link(interviews_page: Any, facts: TranscriptFacts) -> None:
    """To the correction of this interview's text."""
    st.page_link(
        interviews_page,
        label=t("editing.view_edit"),
        icon=":material/edit:",
        query_params={"transcript": str(facts.number), "view": "edit"},
    )


def wanted_focus() -> SurfaceFocus | None:
    """Where the surface is to go: the coding that was clicked last."""
    asked = st.session_state.get(FOCUS)
    return None if asked is None else SurfaceFocus(at=asked[0], token=str(asked[1]))


def focus_on(coding_id: str) -> None:
    """Callback: let the surface go to this coding, again if it was there before."""
    before = st.session_state.get(FOCUS)
    st.session_state[FOCUS] = (coding_id, before[1] + 1 if before else 1)


def _themes_html(codes: CodeList, codings: Sequence[Coding]) -> str:
    counts = Counter(coding.code.split("/")[0] for coding in codings)
    most = max(counts.values(), default=1)
    language = session.language()
    rows = "".join(
        f'<i style="background:{escape(codes.colors[theme])}"></i><span>{escape(codes.label(theme))}</span>'
        f"<b>{format_number(counts[theme], 0, language)}</b>"
        f'<s style="width:{100 * counts[theme] / most:.0f}%;background:{escape(codes.colors[theme])}"></s>'
        for theme in codes.themes
    )
    return f'{_STYLE}<div class="wb-themes" role="list">{rows}</div>'


def _show_list(codes: CodeList, facts: TranscriptFacts, codings: Sequence[Coding]) -> None:
    if not codings:
        st.caption(t("coding.no_codings"))
        return
    st.session_state[LISTED] = [coding.id for coding in codings]
    titles = {name: t(f"coding.column.{name}") for name in ("code", "quote", "memo", "coder")}
    rows = [
        {
            titles["code"]: codes.label(coding.code),
            titles["quote"]: _short(coding.quote),
            titles["memo"]: coding.memo,
            titles["coder"]: coding.coder,
        }
        for coding in codings
    ]
    # One list an interview: a row that was selected in another would be shown as selected here.
    key = f"{LIST}.{facts.id}"
    st.dataframe(
        rows,
        key=key,
        hide_index=True,
        height=min(38 + 35 * len(rows), LIST_HEIGHT),
        on_select=partial(_go_to_selected, key),
        selection_mode="single-cell",
        # Widths that are given need no measuring of the rows whenever a coding is made.
        column_config={
            title: st.column_config.TextColumn(width=WIDTHS[name]) for name, title in titles.items()
        },
    )
    st.caption(t("coding.list_hint"))


def _go_to_selected(key: str) -> None:
    """Callback: to the row that was clicked, in the list as it stood when it was drawn."""
    cells = st.session_state[key]["selection"]["cells"]
    listed = st.session_state.get(LISTED) or []
    if cells and cells[0][0] < len(listed):
        focus_on(listed[cells[0][0]])


def _short(quote: str) -> str:
    words = " ".join(quote.split())
    return words if len(words) <= QUOTE_SHOWN else words[: QUOTE_SHOWN - 1].rstrip() + "…"


def _facts_html(scheme: Scheme, facts: TranscriptFacts, codings: Sequence[Coding]) -> str:
    language = session.language()
    groups = {group.id: label(group.label) for group in scheme.actor_groups}
    lines = [
        (t("coding.fact.group"), group_label(facts.actor_group, groups)),
        (t("coding.fact.type"), t(f"transcripts.type.{facts.type}")),
        (t("coding.fact.persons"), ", ".join(facts.persons)),
        (t("coding.fact.held_on"), _day(facts.held_on) if facts.held_on else ""),
        (t("coding.fact.words"), format_number(facts.words, 0, language)),
        (t("coding.fact.codings"), format_number(len(codings), 0, language)),
        (t("coding.fact.coders"), ", ".join(sorted({coding.coder for coding in codings}))),
        *(
            (_capital(term_label(scheme, name, language)), term_label(scheme, value, language))
            for name, value in facts.attributes.items()
        ),
        (t("coding.fact.source"), facts.source_name),
    ]
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in lines if value)
    return f'{_STYLE}<dl class="wb-facts">{rows}</dl>'


def _day(day: date) -> str:
    return (
        f"{day:%d.%m.%Y}"
        if get_language() == "da"
        else f"{day.day} {calendar.month_abbr[day.month]} {day.year}"
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
