"""The report on an import: how many files came to what, the table of all, and files to take away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from workbench.display import to_xlsx
from workbench.i18n import t
from workbench.services.import_reports import report_csv, report_table
from workbench.services.importing import ImportedTranscript
from workbench.ui import session
from workbench.ui.counts import count_text
from workbench.ui.tables import XLSX
from workbench.ui.transcripts_list import go_to_list

REPORT = "page.import.report"
ROW_HEIGHT, HEAD_HEIGHT, MOST_HEIGHT = 35, 38, 480


def show_report(report: Sequence[ImportedTranscript]) -> None:
    """What became of each file."""
    counts = Counter(line.status for line in report)
    stored = [line for line in report if line.status in ("imported", "replaced")]
    said = t(
        "transcripts.import.imported", n=len(stored), words=count_text(sum(line.words for line in stored))
    )
    st.success(said, icon=":material/check:") if stored else st.info(said, icon=":material/info:")
    if counts["cancelled"]:
        st.warning(t("transcripts.import.cancelled", n=counts["cancelled"]), icon=":material/info:")
    if any(line.codings.get("changed", 0) + line.codings.get("lost", 0) for line in report):
        st.info(t("transcripts.report.replaced_where"), icon=":material/rate_review:")
    _show_lines(report)
    spec = report_table(report, language=session.language())
    with st.container(horizontal=True):
        st.button(t("transcripts.import.see"), type="primary", on_click=_leave, key="page.import.see")
        st.button(t("transcripts.import.more"), on_click=_end, key="page.import.more")
        for name, data, kind in (
            ("xlsx", lambda: to_xlsx([spec]), XLSX),
            ("csv", lambda: report_csv(spec), "text/csv"),
        ):
            st.download_button(
                t(f"transcripts.report.{name}"),
                data,
                file_name=f"{t('transcripts.report.file')}.{name}",
                mime=kind,
                key=f"page.import.report.{name}",
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
            )


def _show_lines(report: Sequence[ImportedTranscript]) -> None:
    import pandas as pd

    spec = report_table(report, language=session.language())
    shown = ("status", "file", "name", "turns", "words", "speakers", "codings", "remarks")
    place = {column.key: number for number, column in enumerate(spec.columns)}
    frame = pd.DataFrame(
        [{spec.columns[place[key]].title: row[place[key]] for key in shown} for row in spec.rows]
    )
    if not frame[spec.columns[place["codings"]].title].any():
        frame = frame.drop(columns=spec.columns[place["codings"]].title)
    numbers = [spec.columns[place[key]].title for key in ("turns", "words")]
    st.dataframe(
        frame.style.format(dict.fromkeys(numbers, count_text)),
        hide_index=True,
        placeholder="",
        height=min(HEAD_HEIGHT + ROW_HEIGHT * len(frame), MOST_HEIGHT),
        column_config={spec.columns[place["remarks"]].title: st.column_config.Column(width="large")},
        key="page.import.report.lines",
    )


def _end() -> None:
    st.session_state.pop(REPORT, None)


def _leave() -> None:
    _end()
    go_to_list()
