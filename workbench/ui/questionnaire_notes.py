"""Status notes on the page: a unit, what its note says, the Word files, stars to print, and goals."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from workbench.i18n import get_language, t
from workbench.services import caseload_stars, descriptions, goals, note_documents, status_notes
from workbench.services.schemes import study_scheme
from workbench.services.status_notes import StatusNote
from workbench.services.studies import Study
from workbench.services.survey_tables import background_label
from workbench.ui import session
from workbench.ui.charts import show_figure
from workbench.ui.tables import download_table, show_table
from workbench.ui.uploads import given_file

if TYPE_CHECKING:
    from workbench.figures import Figure

KEY = "page.questionnaire.notes"


def show_notes(study: Study) -> None:
    """The note of one unit with its downloads; below it stars to print, and the goals."""
    columns = status_notes.unit_columns(study)
    if not columns:
        st.info(t("notes.page.no_units"), icon=":material/groups:")
        return
    with session.shown_errors():
        _show_note(study, columns)
    with st.expander(t("notes.page.stars_title"), icon=":material/print:"), session.shown_errors():
        _show_stars(study)
    with st.expander(t("notes.page.goals_title"), icon=":material/flag:"), session.shown_errors():
        _show_goals(study)


def _show_note(study: Study, columns: tuple[str, ...]) -> None:
    found = goals.study_goals(study)
    quarters = found.quarters() if found is not None else ()
    places = st.columns([1.2, 1.2, 1, 1])
    with places[0]:
        by = _column_choice(study, columns, t("notes.page.unit_column"), "by")
    with places[1]:
        unit = st.selectbox(t("notes.page.unit"), status_notes.units_of(study, by), key=f"{KEY}.unit.{by}")
    with places[2]:
        limit = int(
            st.number_input(
                t("notes.page.limit"),
                1,
                50,
                descriptions.small_limit(study),
                key=f"{KEY}.limit",
            )
        )
    with places[3]:
        quarter = (
            st.selectbox(t("notes.page.quarter"), quarters[::-1], key=f"{KEY}.quarter") if quarters else None
        )
    if unit is None:
        return
    note = status_notes.status_note(study, unit, by=by, quarter=quarter, limit=limit, language=get_language())
    _show_preview(note)
    _downloads(study, note)


def _show_preview(note: StatusNote) -> None:
    st.subheader(note_documents.note_title(note))
    st.markdown("\n".join(f"- {sentence}" for sentence in note.sentences))
    for number, figure in enumerate((note.star(), note.goal_figure())):
        if figure is not None:
            show_figure(partial(_same, figure), key=f"{KEY}.figure.{number}")
    for table in note.tables:
        show_table(table)
    st.caption(" ".join((*note.small_print, t("notes.source", source=note.source))))


def _same(figure: Figure) -> Figure:
    return figure


def _downloads(study: Study, note: StatusNote) -> None:
    one, every, numbers = st.columns([1, 1, 1])
    with one:
        st.download_button(
            t("notes.page.download"),
            lambda: note_documents.note_docx(note),
            file_name=note_documents.file_name(note),
            mime=note_documents.DOCX,
            key=f"{KEY}.docx",
            type="primary",
            icon=":material/description:",
            on_click="ignore",
        )
    with every:
        units = status_notes.units_of(study, note.by)
        st.download_button(
            t("notes.page.download_all", n=len(units)),
            lambda: note_documents.notes_zip(
                status_notes.status_notes(
                    study, by=note.by, quarter=note.quarter, limit=note.limit, language=note.language
                )
            ),
            file_name=f"{t('notes.file')}_{note.by}.zip",
            mime="application/zip",
            key=f"{KEY}.zip",
            icon=":material/folder_zip:",
            on_click="ignore",
        )
    with numbers:
        download_table(
            note.tables,
            name=note_documents.file_name(note, "").rstrip("."),
            key=f"{KEY}.xlsx",
            text=t("notes.page.numbers"),
        )


def _show_stars(study: Study) -> None:
    st.markdown(t("notes.page.stars_text"))
    columns = caseload_stars.caseload_columns(study)
    left, right = st.columns(2)
    with left:
        by = _column_choice(study, columns, t("notes.page.stars_by"), "stars.by")
    with right:
        unit = st.selectbox(
            t("notes.page.stars_one"), status_notes.units_of(study, by), key=f"{KEY}.stars.unit.{by}"
        )
    language = get_language()
    st.download_button(
        t("notes.page.stars_download"),
        lambda: caseload_stars.stars_docx(
            caseload_stars.caseloads(study, by=by, unit=unit, language=language), language=language
        ),
        file_name=f"{t('notes.stars.file')}_{unit}.docx",
        mime=note_documents.DOCX,
        key=f"{KEY}.stars.docx",
        icon=":material/print:",
        on_click="ignore",
        disabled=unit is None,
    )


def _show_goals(study: Study) -> None:
    st.markdown(t("notes.page.goals_text"))
    found = goals.study_goals(study)
    if found is None:
        st.caption(t("notes.page.goals_none"))
    else:
        nature = t(f"surveys.nature.{found.nature}").lower()
        st.caption(t("notes.page.goals_now", n=len(found.goals), register=found.label, nature=nature))
        show_table(goals.goals_table(found, language=get_language()), title=False)
    left, right = st.columns(2)
    with left:
        given = st.file_uploader(t("notes.page.goals_file"), type=["toml", "xlsx"], key=f"{KEY}.goals.file")
    with right:
        register = st.file_uploader(
            t("notes.page.register_file"), type=["csv", "xlsx"], key=f"{KEY}.goals.register"
        )
    if st.button(
        t("notes.page.goals_save"), key=f"{KEY}.goals.save", disabled=given is None or register is None
    ):
        assert given is not None
        assert register is not None
        goals.import_goals(study, given_file(given), given_file(register), actor=session.coder())
        session.notify(t("notes.page.goals_saved"))
        st.rerun()


def _column_choice(study: Study, columns: tuple[str, ...], text: str, key: str) -> str:
    scheme = study_scheme(study)
    chosen: str = st.selectbox(
        text,
        columns,
        format_func=lambda name: background_label(name, get_language(), scheme),
        key=f"{KEY}.{key}",
    )
    return chosen
