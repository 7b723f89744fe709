"""What the stored answers are: flow from collected to analysis, findings of the file, and a new file."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from quant import Instrument
from workbench.i18n import get_language, t
from workbench.services import surveys
from workbench.services.studies import Study
from workbench.services.survey_tables import findings_detail, findings_table, flow_table
from workbench.services.surveys import AnswersSource
from workbench.ui.questionnaire_import import show_import
from workbench.ui.tables import download_table, show_table

KEY = "page.questionnaire.material"
ROWS_SHOWN = 50


def show_material(study: Study, instrument: Instrument, source: AnswersSource) -> None:
    """The flow, below it what was found, the single findings and the import of another file."""
    language = get_language()
    flow = flow_table(source.flow, instrument, language=language, source=source.label)
    show_table(flow)
    download_table(flow, name="flow", key=f"{KEY}.flow")
    if source.findings:
        show_table(findings_table(source.findings, language=language))
        _show_detail(study, instrument, source)
    else:
        st.caption(t("surveys.page.no_findings"))
    with st.expander(t("surveys.page.replace"), icon=":material/upload_file:"):
        show_import(study, instrument, source)


def _show_detail(study: Study, instrument: Instrument, source: AnswersSource) -> None:
    frame = surveys.findings_of(study, source.id)
    detail = findings_detail(frame, instrument, language=get_language())
    row = st.container(horizontal=True)
    with row:
        download_table(
            detail, name="findings", key=f"{KEY}.findings", text=t("surveys.page.download_findings")
        )
    with row.popover(t("surveys.page.details"), type="tertiary", icon=":material/list:"):
        if len(detail.rows) > ROWS_SHOWN:
            st.caption(t("surveys.page.first_rows", n=ROWS_SHOWN, total=len(detail.rows)))
        show_table(replace(detail, rows=detail.rows[:ROWS_SHOWN]), title=False)
