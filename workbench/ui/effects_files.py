"""The files of estimates: what each holds, and taking one out after confirmation."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from workbench.i18n import get_language, t
from workbench.services import effects
from workbench.services.effects import EstimatesSource
from workbench.services.studies import Study
from workbench.services.survey_tables import findings_table
from workbench.ui import session
from workbench.ui.choices import forget_choices
from workbench.ui.effects_import import show_import
from workbench.ui.markdown import escaped
from workbench.ui.tables import show_table

KEY = "page.effects.files"


def show_files(study: Study, sources: Sequence[EstimatesSource]) -> None:
    """A line a file with its findings and its removal, and below it the import of another."""
    for source in sources:
        _show_file(study, source)
    st.markdown(f"##### {t('effects.page.import_new')}")
    show_import(study)


def _show_file(study: Study, source: EstimatesSource) -> None:
    with st.container(border=True):
        words, actions = st.columns([5, 1], vertical_alignment="center")
        count = t("effects.page.count", n=source.estimates)
        nature = t(f"effects.nature.{source.nature}").lower()
        words.markdown(f"**{escaped(source.label)}**  \n{escaped(source.file_name)} · {count} · {nature}")
        with actions.popover(t("effects.page.remove"), icon=":material/delete:", width="stretch"):
            st.markdown(f"**{t('effects.page.remove_title', file=escaped(source.file_name))}**")
            st.markdown(t("effects.page.remove_text"))
            if st.button(t("effects.page.remove_confirm"), type="primary", key=f"{KEY}.remove.{source.id}"):
                _remove(study, source)
        if source.findings:
            with st.expander(t("effects.page.findings", n=sum(source.findings.values()))):
                show_table(
                    findings_table(source.findings, language=get_language(), topic="effects"), title=False
                )


def _remove(study: Study, source: EstimatesSource) -> None:
    with session.shown_errors():
        effects.remove_estimates(study, source.id, actor=session.coder())
        for part in ("list", "matrix"):
            forget_choices(f"page.effects.{part}.")
        session.notify(t("effects.page.removed", file=source.file_name))
        st.rerun()
