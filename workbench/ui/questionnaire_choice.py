"""Choosing the study's questionnaire: one of those included, or a file."""

from __future__ import annotations

import streamlit as st

from quant import Instrument, list_instruments, load_instrument, parse_instrument
from workbench.i18n import label, t
from workbench.services import surveys
from workbench.services.studies import Study
from workbench.ui import session
from workbench.ui.uploads import given_file

KEY = "page.questionnaire.choice"


def show_choice(study: Study) -> None:
    """What stands here until the study has a questionnaire."""
    st.subheader(t("surveys.page.choose_title"))
    st.markdown(t("surveys.page.choose_text"))
    included, own = st.columns(2, gap="large")
    with included:
        _show_included(study)
    with own:
        _show_own(study)


def describe(instrument: Instrument) -> str:
    """The questionnaire's size in words: questions and respondents."""
    names = ", ".join(label(respondent.label).lower() for respondent in instrument.respondents)
    return t("surveys.page.questions", n=len(instrument.items), respondents=names)


def _show_included(study: Study) -> None:
    shipped = {name: load_instrument(name) for name in list_instruments()}
    name = st.selectbox(
        t("surveys.page.shipped"),
        list(shipped),
        format_func=lambda name: label(shipped[name].label),
        key=f"{KEY}.shipped",
    )
    st.caption(describe(shipped[name]))
    if st.button(t("surveys.page.use_shipped"), type="primary", key=f"{KEY}.use_shipped"):
        _choose(study, shipped[name])


def _show_own(study: Study) -> None:
    upload = st.file_uploader(t("surveys.page.own_file"), type=["toml", "xlsx"], key=f"{KEY}.file")
    if upload is None:
        return
    with session.shown_errors():
        file = given_file(upload)
        instrument = parse_instrument(file.content, file.name)
        st.caption(f"{label(instrument.label)}: {describe(instrument)}")
        if st.button(t("surveys.page.use_own"), type="primary", key=f"{KEY}.use_own"):
            _choose(study, instrument)


def _choose(study: Study, instrument: Instrument) -> None:
    with session.shown_errors():
        surveys.set_instrument(study, instrument, actor=session.coder())
        session.notify(t("surveys.page.chosen", name=label(instrument.label)))
        st.rerun()
