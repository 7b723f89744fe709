"""The panels of the study: what each is and how it came about; adding, building, taking off."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from workbench.display import format_number
from workbench.i18n import get_language, t
from workbench.services import panel_files, panels
from workbench.services.panel_files import StudyPanel
from workbench.services.panels import SavedPanel
from workbench.services.studies import Study
from workbench.settings import load_settings
from workbench.ui import session
from workbench.ui.choices import forget_choices
from workbench.ui.effects_panel_building import show_building, show_made
from workbench.ui.effects_panels import KEY, show_adding
from workbench.ui.markdown import escaped


def show_panels(study: Study) -> None:
    """A box a panel, and below them the two ways to another."""
    listed = panel_files.study_panels(study)
    if not listed:
        st.info(t("panels.page.none"), icon=":material/table:")
    for panel in listed:
        _show_panel(study, panel)
    with st.expander(t("panels.page.add"), icon=":material/upload_file:", expanded=not listed):
        show_adding(study, "panels")
    show_building(study)


def _show_panel(study: Study, panel: StudyPanel) -> None:
    with st.container(border=True):
        words, actions = st.columns([5, 1], vertical_alignment="center")
        line = t(
            "panels.page.line",
            rows=_rows(panel),
            nature=t(f"effects.nature.{panel.nature}").lower(),
            made=t(f"panels.list.{'built' if panel.built else 'added'}"),
        )
        label = f"  \n{escaped(panel.label)}" if panel.label != panel.name else ""
        words.markdown(f"**{escaped(panel.name)}**{label}  \n{escaped(line)}")
        with actions.popover(t("effects.page.remove"), icon=":material/delete:", width="stretch"):
            _show_removal(study, panel.name)
        if panel.built:
            _show_account(panels.panel_account(study, panel, home=load_settings().home), panel)


def _rows(panel: StudyPanel) -> str:
    if panel.rows is None:
        return t("panels.page.rows_unknown")
    return t("panels.page.rows_known", rows=format_number(panel.rows, 0, get_language()))


def _show_account(account: SavedPanel | None, panel: StudyPanel) -> None:
    with st.expander(t("panels.page.account"), icon=":material/account_tree:"):
        if account is None:
            st.caption(t("panels.page.account_gone"))
            return
        show_made(account)
        st.markdown(f"**{t('panels.page.rules_of')}**")
        rules = json.dumps(_said(account.rules), ensure_ascii=False, indent=2)
        st.code(rules, language="json", height=320)
        st.download_button(
            t("panels.page.rules_of"),
            rules,
            file_name=f"{panel.name.removesuffix('.parquet')}.json",
            mime="application/json",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
            key=f"{KEY}.rules.{panel.name}",
        )


def _said(rules: Any) -> Any:
    """The rules without what they leave open."""
    if isinstance(rules, dict):
        return {name: _said(value) for name, value in rules.items() if value not in (None, [], {})}
    return [_said(each) for each in rules] if isinstance(rules, list) else rules


def _show_removal(study: Study, name: str) -> None:
    st.markdown(f"**{t('panels.page.remove_title', name=escaped(name))}**")
    st.markdown(t("did.page.remove_text"))
    if st.button(t("did.page.remove"), type="primary", key=f"{KEY}.remove.{name}"):
        with session.shown_errors():
            panel_files.remove_panel(study, name, actor=session.coder())
            forget_choices(f"{KEY}.")
            session.notify(t("did.page.removed", name=name))
            st.rerun()
