"""The triangulation page: all themes at a glance, one theme with words and numbers, and the links."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from coding_schemes import Scheme
from workbench.i18n import label, t
from workbench.services import evidence_tables, theme_tables
from workbench.services.effects import list_estimates
from workbench.services.schemes import study_scheme
from workbench.services.studies import Study
from workbench.services.transcripts import list_transcripts
from workbench.services.triangulating import JointDisplay, joint_display
from workbench.triangulation import VOCABULARIES, Vocabulary
from workbench.ui import session, triangulation_links, triangulation_theme, triangulation_verdict
from workbench.ui.tables import download_table, show_table

VIEWS = ("display", "links")
VIEW = "page.triangulation.view"
THEME = "page.triangulation.theme"
VOCABULARY = "page.triangulation.vocabulary"


def show(study: Study, *, page: Callable[[str], Any]) -> None:
    """The page as far as the study has come."""
    st.title(t("pages.triangulation"))
    scheme = study_scheme(study)
    if scheme is None:
        st.info(t("triangulation_page.no_scheme"), icon=":material/account_tree:")
        st.page_link(page("scheme"))
        return
    if not list_transcripts(study):
        st.info(t("triangulation_page.no_transcripts"), icon=":material/forum:")
        st.page_link(page("transcripts"))
        return
    view = st.segmented_control(
        t("triangulation_page.view"),
        VIEWS,
        default=VIEWS[0],
        key=VIEW,
        format_func=lambda name: t(f"triangulation_page.view_{name}"),
        label_visibility="collapsed",
        required=True,
    )
    with session.shown_errors():
        if view == "links":
            triangulation_links.show(study, scheme)
        else:
            _show_display(study, scheme, page)


def _show_display(study: Study, scheme: Scheme, page: Callable[[str], Any]) -> None:
    language = session.language()
    display = joint_display(study, language=language)
    vocabulary = _vocabulary()
    show_table(theme_tables.overview_table(display, language=language, vocabulary=vocabulary), title=False)
    _download(study, scheme, display, vocabulary)
    themes = {row.theme: row for row in display.rows}
    chosen = st.segmented_control(
        t("triangulation_page.theme"),
        list(themes),
        default=next(iter(themes)),
        key=THEME,
        format_func=lambda theme: label(themes[theme].label, language=language),
        required=True,
    )
    row = themes[chosen or next(iter(themes))]
    triangulation_theme.show(study, scheme, row, page=page)
    stale = row.theme in display.stale
    triangulation_verdict.show(study, row, stale=stale, vocabulary=vocabulary)
    with st.expander(t("triangulation_page.caveats"), icon=":material/info:"):
        st.markdown("\n".join(f"- {text}" for text in display.caveats))


def _vocabulary() -> Vocabulary:
    language = session.language()
    return (
        st.segmented_control(
            t("triangulation_page.vocabulary"),
            VOCABULARIES,
            default=VOCABULARIES[0],
            key=VOCABULARY,
            format_func=lambda name: t(f"triangulation.vocabulary.{name}", language=language),
            help=t("triangulation_page.vocabulary_help"),
            required=True,
        )
        or VOCABULARIES[0]
    )


def _download(study: Study, scheme: Scheme, display: JointDisplay, vocabulary: Vocabulary) -> None:
    """One workbook with the overview, presence, the joint display and every theme's numbers."""
    language = session.language()
    estimates = list_estimates(study)
    tables = [
        theme_tables.overview_table(display, language=language, vocabulary=vocabulary),
        theme_tables.presence_table(display.presence, scheme, language=language),
        theme_tables.joint_table(display, scheme, language=language, vocabulary=vocabulary),
    ]
    for row in display.rows:
        tables += evidence_tables.evidence_tables(row, estimates, scheme, language=language)
    download_table(
        tables,
        name=t("triangulation_page.file_name"),
        key="page.triangulation.xlsx",
        text=t("triangulation_page.download"),
    )
