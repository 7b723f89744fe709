"""The questionnaire page: choosing an instrument, importing answers, and what is computed from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from quant import Instrument
from workbench.display import format_number
from workbench.i18n import get_language, label, t
from workbench.services import surveys
from workbench.services.schemes import study_scheme
from workbench.services.studies import Study
from workbench.services.surveys import AnswersSource
from workbench.ui import (
    questionnaire_agreement,
    questionnaire_changes,
    questionnaire_choice,
    questionnaire_entry,
    questionnaire_factors,
    questionnaire_import,
    questionnaire_instrument,
    questionnaire_material,
    questionnaire_means,
    questionnaire_missing,
    questionnaire_notes,
    questionnaire_progression,
    questionnaire_regressions,
    questionnaire_star,
    session,
)

TABS = (
    "material",
    "entry",
    "instrument",
    "means",
    "progression",
    "agreement",
    "missing",
    "factors",
    "indices",
    "regressions",
    "star",
    "notes",
)
KEY = "page.questionnaire.tab"


def show(study: Study) -> None:
    """The page as far as the study has come."""
    st.title(t("pages.questionnaire"))
    instrument = surveys.study_instrument(study)
    if instrument is None:
        questionnaire_choice.show_choice(study)
        return
    sources = surveys.answers_sources(study)
    if not sources:
        st.caption(f"{label(instrument.label)} · {questionnaire_choice.describe(instrument)}")
        st.info(t("surveys.page.no_answers"), icon=":material/upload_file:")
        _show_first_tabs(study, instrument)
        return
    st.caption(_lead(instrument, sources[-1]))
    _show_tabs(study, instrument, sources[-1])


def _lead(instrument: Instrument, source: AnswersSource) -> str:
    language = get_language()
    counts = t(
        "surveys.page.answers",
        persons=format_number(source.persons, 0, language),
        responses=format_number(source.responses, 0, language),
    )
    nature = t(f"surveys.nature.{source.nature}").lower()
    return f"{label(instrument.label)} · {counts} · {nature} · {source.label}"


def _show_first_tabs(study: Study, instrument: Instrument) -> None:
    """Before there are answers: import them or type them in, print the form. The tabs are those of later."""
    tabs = _tabs()
    with session.shown_errors():
        for name, tab in tabs.items():
            if name in ("entry", "instrument") or not tab.open:
                continue
            with tab:
                if name == "material":
                    questionnaire_import.show_import(study, instrument, None)
                else:
                    st.info(t("surveys.page.no_answers"), icon=":material/upload_file:")
        _show_entry_and_instrument(study, instrument, tabs)


def _tabs() -> dict[str, Any]:
    names = [t(f"surveys.page.tab_{name}") for name in TABS]
    return dict(zip(TABS, st.tabs(names, key=f"{KEY}.{get_language()}", on_change="rerun"), strict=True))


def _show_entry_and_instrument(study: Study, instrument: Instrument, tabs: Mapping[str, Any]) -> None:
    if tabs["entry"].open:
        with tabs["entry"]:
            questionnaire_entry.show_entry(study, instrument)
    if tabs["instrument"].open:
        with tabs["instrument"]:
            questionnaire_instrument.show_instrument(study, instrument)


def _show_tabs(study: Study, instrument: Instrument, source: AnswersSource) -> None:
    """Only the open tab is computed."""
    tabs = _tabs()
    cited = f"{source.label} ({t(f'surveys.nature.{source.nature}').lower()})"
    scheme = study_scheme(study)
    with session.shown_errors():
        if tabs["material"].open:
            with tabs["material"]:
                questionnaire_material.show_material(study, instrument, source)
        if tabs["means"].open:
            with tabs["means"]:
                questionnaire_means.show_means(study, instrument, scheme, cited)
        if tabs["progression"].open:
            with tabs["progression"]:
                questionnaire_progression.show_progression(study, instrument, scheme, cited)
        if tabs["agreement"].open:
            with tabs["agreement"]:
                questionnaire_agreement.show_agreement(study, instrument, scheme, cited)
        if tabs["missing"].open:
            with tabs["missing"]:
                questionnaire_missing.show_missing(study, instrument, scheme, cited)
        if tabs["factors"].open:
            with tabs["factors"]:
                questionnaire_factors.show_factors(study, instrument, cited)
        if tabs["indices"].open:
            with tabs["indices"]:
                questionnaire_means.show_indices(study, instrument, scheme, cited)
                questionnaire_changes.show_changes(study, instrument, cited)
        if tabs["regressions"].open:
            with tabs["regressions"]:
                questionnaire_regressions.show_regressions(study, instrument, scheme)
        if tabs["star"].open:
            with tabs["star"]:
                questionnaire_star.show_star(study, cited)
        if tabs["notes"].open:
            with tabs["notes"]:
                questionnaire_notes.show_notes(study)
        _show_entry_and_instrument(study, instrument, tabs)
