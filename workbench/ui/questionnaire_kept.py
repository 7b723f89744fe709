"""Analyses kept with the study: a line each, with whether the data have changed since, and letting go."""

from __future__ import annotations

import streamlit as st

from workbench.i18n import t
from workbench.services import analyses
from workbench.services.analyses import Analysis, Kind
from workbench.services.studies import Study
from workbench.ui import session
from workbench.ui.moments import short_moment


def show_kept(study: Study, kind: Kind, *, key: str, text: str) -> None:
    """The analyses of a kind that have a name; nothing where there are none."""
    kept = [each for each in analyses.list_analyses(study, kind) if each.title != analyses.LAST_RUN]
    if not kept:
        return
    st.markdown(f"**{text}**")
    for each in kept:
        _show_line(study, each, kind, key)


def _show_line(study: Study, kept: Analysis, kind: Kind, key: str) -> None:
    row = st.container(horizontal=True, vertical_alignment="center")
    # The name is the user's: plain text, so that signs of Markdown in it stay as they were written.
    row.text(f"{kept.title} · {short_moment(kept.created_at)}", width="content")
    if kept.stale:
        row.caption(t("surveys.kept.stale"), width="content")
    if row.button(
        t("surveys.kept.remove"),
        key=f"{key}.remove.{kept.id}",
        type="tertiary",
        icon=":material/delete:",
    ):
        with session.shown_errors():
            analyses.remove_analysis(study, kind, kept.title, actor=session.coder())
            session.notify(t("surveys.kept.removed", name=kept.title))
            st.rerun()
