"""Runs kept with the study on the effects page: the last one and those with a title, to look at or let go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

import streamlit as st

from workbench.i18n import t
from workbench.services import analyses
from workbench.services.analyses import LAST_RUN, Kind
from workbench.services.studies import Study
from workbench.ui import session
from workbench.ui.choices import forget_choices


class Kept(Protocol):
    """A run that is kept; title LAST_RUN for the last one."""

    @property
    def title(self) -> str:
        """What it is called."""


Run = TypeVar("Run", bound=Kept)


def choose_kept(study: Study, kept: Sequence[Run], *, kind: Kind, key: str) -> Run:
    """The run that is shown: the last one at first. One with a title can be taken out of the study."""
    ordered = sorted(kept, key=lambda run: run.title != LAST_RUN)
    if len(ordered) == 1 and not ordered[0].title:
        return ordered[0]
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    titles = [run.title for run in ordered]
    chosen = left.selectbox(
        t("did.page.kept_run"),
        titles,
        format_func=lambda title: title or t("did.page.last_run"),
        key=f"{key}.kept.{len(titles)}",
    )
    if chosen:
        with right.popover(t("did.page.let_go"), icon=":material/delete:", width="stretch"):
            st.markdown(t("did.page.let_go_text"))
            if st.button(t("did.page.let_go"), key=f"{key}.let_go.{chosen}"):
                with session.shown_errors():
                    analyses.remove_analysis(study, kind, chosen, actor=session.coder())
                    forget_choices(f"{key}.kept.")
                    session.notify(t("did.page.let_gone", name=chosen))
                    st.rerun()
    return ordered[titles.index(chosen)]
