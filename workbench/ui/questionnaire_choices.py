"""Choices that several tabs of the questionnaire share: split, level, clusters, smallest group."""

from __future__ import annotations

from contextlib import AbstractContextManager

import streamlit as st

from coding_schemes import Scheme
from quant import Instrument
from workbench.i18n import get_language, label, t
from workbench.services import descriptions, surveys
from workbench.services.studies import Study
from workbench.services.survey_tables import background_label
from workbench.ui import session

# As a table of groups stays readable.
MAX_GROUPS = 25
SPLIT_WIDTH = 220


def choice_row() -> AbstractContextManager[object]:
    """A row for choices that goes on in the next line where the page is narrow."""
    return st.container(horizontal=True, vertical_alignment="bottom", gap="medium")


def choose_split(study: Study, scheme: Scheme | None, key: str) -> str | None:
    """A background column with few enough groups, None for no split."""
    persons = surveys.require_answers(study).persons
    names = [name for name in surveys.backgrounds(study) if 1 < persons[name].nunique() <= MAX_GROUPS]
    chosen: str | None = st.selectbox(
        t("surveys.means.by"),
        names,
        index=None,
        placeholder=t("surveys.means.no_split"),
        format_func=lambda name: background_label(name, get_language(), scheme),
        key=f"{key}.by",
        persist_state="session",
        width=SPLIT_WIDTH,
    )
    return chosen


def choose_respondent(instrument: Instrument, key: str) -> str:
    """Whose answers the figure shows."""
    ids = [respondent.id for respondent in instrument.respondents]
    chosen: str | None = st.segmented_control(
        t("surveys.means.respondent"),
        ids,
        default=ids[0],
        required=True,
        format_func=lambda name: label(instrument.respondent(name).label),
        key=f"{key}.respondent",
        persist_state="session",
    )
    return chosen or ids[0]


def choose_options(study: Study, scheme: Scheme | None, key: str, *, clusters: bool = True) -> str | None:
    """Behind one button: what intervals are clustered by (the answer), and the smallest group shown."""
    persons = surveys.require_answers(study).persons
    columns = [name for name in surveys.backgrounds(study) if 1 < persons[name].nunique() < len(persons)]
    cluster: str | None = None
    with st.popover(t("surveys.factors.options"), icon=":material/tune:"):
        if clusters:
            cluster = st.selectbox(
                t("descriptions.cluster.label"),
                columns,
                index=None,
                placeholder=t("descriptions.cluster.none"),
                format_func=lambda name: background_label(name, get_language(), scheme),
                help=t("descriptions.cluster.help"),
                key=f"{key}.cluster",
                persist_state="session",
            )
        limit = descriptions.small_limit(study)
        wanted = st.number_input(
            t("descriptions.limit.label"),
            min_value=1,
            max_value=100,
            value=limit,
            help=t("descriptions.limit.help"),
            key=f"{key}.limit.{limit}",
        )
        if wanted is not None and int(wanted) != limit:
            descriptions.set_small_limit(study, int(wanted), actor=session.coder())
            session.notify(t("descriptions.limit.saved", n=int(wanted)))
            st.rerun()
    return cluster
