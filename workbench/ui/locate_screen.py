"""Find quotations: pasted or out of an earlier report, shown where they stand, and coded there."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from workbench.i18n import t
from workbench.services.earlier_reports import FORMATS, quotations_in, quotations_of
from workbench.services.locating import (
    LocatedQuotation,
    QuotationPlace,
    StudyQuotations,
    code_places,
    locate_quotations,
    texts_stamp,
)
from workbench.services.studies import Study
from workbench.ui import session
from workbench.ui.code_choice import choose_code
from workbench.ui.segments_label import status_tag
from workbench.ui.uploads import given_file

KEY = "page.locate"
FOUND = "page.locate.found"
A_PAGE = 25
STATES = ("found", "several", "missing")
_ICONS = {"found": ":material/check_circle:", "several": ":material/help:", "missing": ":material/cancel:"}

_STYLE = """<style>
.wb-found { max-width: 52rem; line-height: 1.55; margin: 0 0 .2rem 0; }
.wb-found del { text-decoration: line-through; opacity: .6; margin-right: .25em; }
.wb-found ins { text-decoration: none; border-bottom: 2px solid currentColor; padding-bottom: 1px; }
.wb-found footer { font-size: .85rem; opacity: .75; margin-top: .15rem; }
</style>"""


def show(study: Study) -> None:
    """The whole view."""
    st.caption(t("locate.explain"))
    pasted = st.text_area(
        t("locate.paste"), key=f"{KEY}.text", height=150, placeholder=t("locate.paste_hint")
    )
    upload = st.file_uploader(t("locate.upload"), type=list(FORMATS), key=f"{KEY}.file")
    if st.button(t("locate.find"), type="primary", icon=":material/search:", key=f"{KEY}.find"):
        st.session_state.pop(FOUND, None)
        with session.shown_errors():
            quotes = quotations_of(pasted)
            if upload is not None:
                quotes += [quote for quote in quotations_in(given_file(upload)) if quote not in quotes]
            if not quotes:
                st.info(t("locate.nothing_given"), icon=":material/format_quote:")
                return
            bar = st.progress(0.0, t("locate.searching"))

            def on_step(done: int, total: int) -> None:
                bar.progress(done / total, t("locate.searching"))

            st.session_state[FOUND] = locate_quotations(
                study, quotes, on_step=on_step, indexed=_indexed(study, texts_stamp(study))
            )
            bar.empty()
            # A new list of results has widgets of its own.
            token = st.session_state.get(f"{KEY}.token", 0) + 1
            st.session_state[f"{KEY}.token"] = token
    located: list[LocatedQuotation] | None = st.session_state.get(FOUND)
    if located:
        _show_found(study, located)


@st.cache_resource(max_entries=1, show_spinner=False)
def _indexed(_study: Study, stamp: str) -> StudyQuotations:
    """The index of the texts that a stamp stands for; one is kept, of about 8 bytes a character."""
    return StudyQuotations(_study)


def _show_found(study: Study, located: Sequence[LocatedQuotation]) -> None:
    counts = {state: sum(each.state == state for each in located) for state in STATES}
    st.subheader(" · ".join(t(f"locate.count.{state}", n=n) for state, n in counts.items() if n))
    token = st.session_state[f"{KEY}.token"]
    pages = (len(located) + A_PAGE - 1) // A_PAGE
    first = 0
    if pages > 1:
        chosen = st.selectbox(
            t("locate.page"),
            range(pages),
            format_func=lambda n: f"{n * A_PAGE + 1}–{min((n + 1) * A_PAGE, len(located))}",
            key=f"{KEY}.page.{token}",
            width=200,
        )
        first = chosen * A_PAGE
    for number, quotation in enumerate(located[first : first + A_PAGE], start=first):
        _show_one(quotation, f"{KEY}.{token}.{number}")
    _show_coding(study, located, token)


def _show_one(quotation: LocatedQuotation, key: str) -> None:
    with st.container(border=True):
        if not quotation.places:
            st.markdown(f"{_ICONS['missing']} **{t('locate.state.missing')}**")
            st.html(f'{_STYLE}<p class="wb-found">{escape(quotation.quote)}</p>')
            return
        place = quotation.places[0]
        if len(quotation.places) > 1:
            place = quotation.places[
                st.selectbox(
                    t("locate.which_place"),
                    range(len(quotation.places)),
                    format_func=lambda n: _place_name(quotation.places[n]),
                    key=f"{key}.place",
                )
            ]
        sure = quotation.state == "found"
        st.checkbox(f"**{_place_name(place)}**", value=sure, key=f"{key}.take")
        tag = status_tag(place.status, None)
        how = t("locate.word_for_word") if place.word_for_word else t("locate.differs")
        st.html(
            f'{_STYLE}<div class="wb-found">{_marked(place)}'
            f"<footer>{escape(' · '.join(part for part in (how, tag) if part))}</footer></div>"
        )


def _place_name(place: QuotationPlace) -> str:
    percent = round(100 * place.score)
    parts = [place.transcript, place.speaker or "", t("locate.likeness", percent=percent)]
    return " · ".join(part for part in parts if part)


def _marked(place: QuotationPlace) -> str:
    """The words of the interview; struck out what only the quotation has, underlined what it lacks."""
    parts = []
    for piece in place.pieces:
        if piece.same:
            parts.append(escape(piece.said))
            continue
        if piece.quoted:
            parts.append(f"<del>{escape(piece.quoted)}</del>")
        if piece.said:
            parts.append(f"<ins>{escape(piece.said)}</ins>")
    return " ".join(parts)


def _show_coding(study: Study, located: Sequence[LocatedQuotation], token: int) -> None:
    places = _taken(located, token)
    code = choose_code(study, action=t("locate.code_them", n=len(places)), ready=bool(places), key=KEY)
    if code is not None:
        with session.shown_errors():
            coded = code_places(study, places, code, actor=session.coder())
            session.notify(t("locate.coded", n=coded) if coded else t("locate.coded_before"))
            st.rerun()


def _taken(located: Sequence[LocatedQuotation], token: int) -> list[QuotationPlace]:
    """The places that are ticked, on this page and on others."""
    taken = []
    for number, quotation in enumerate(located):
        key = f"{KEY}.{token}.{number}"
        if quotation.places and st.session_state.get(f"{key}.take", quotation.state == "found"):
            taken.append(quotation.places[st.session_state.get(f"{key}.place", 0)])
    return taken
