"""Outcomes from registers on the questionnaire page: an extract and its rules in, what was made out."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from coding_schemes import Scheme
from workbench.errors import USER_ERRORS, error_text
from workbench.i18n import get_language, t
from workbench.services import outcomes
from workbench.services.outcome_tables import outcomes_table
from workbench.services.studies import Study
from workbench.services.surveys import Nature
from workbench.ui import session
from workbench.ui.tables import show_table
from workbench.ui.uploads import given_file

KEY = "page.questionnaire.outcomes"
EXAMPLE = """# Rules that make outcomes of a register extract: a row a person and month (or week).
unit = "month"            # or "week"
# key = "person"          # column of the person; guessed if left out
# period = "month"        # column of the period (2019-03, 2019W14, 2019-03-25); guessed if left out

[[outcomes]]
id = "employment_rate"    # mean over the six months after the last measurement
column = "status"
codes = ["111", "112"]    # status codes that count; leave out for columns with 0/1 or shares
statistic = "mean"        # mean, any, at_least, sum
window = "measurement"    # measurement, quarter, all
start = 1
length = 6
missing = "exclude"       # exclude, zero, available (with min_periods)

[[outcomes]]
id = "education"
column = "status"
codes = ["200"]
statistic = "at_least"
at_least = 2
"""


def show_outcomes(study: Study, scheme: Scheme | None) -> None:
    """What outcomes there are, and importing an extract."""
    sources = outcomes.outcomes_sources(study)
    if sources:
        show_table(outcomes_table(sources, language=get_language(), scheme=scheme))
    with st.expander(
        t("regressions.page.outcomes_heading"), expanded=not sources, icon=":material/upload_file:"
    ):
        _import(study)


def _import(study: Study) -> None:
    st.caption(t("regressions.page.outcomes_help"))
    left, right = st.columns(2)
    records = left.file_uploader(
        t("regressions.page.records"), type=["csv", "xlsx", "txt", "tsv"], key=f"{KEY}.records"
    )
    rules = right.file_uploader(t("regressions.page.rules"), type=["toml", "json"], key=f"{KEY}.rules")
    right.download_button(
        t("regressions.page.rules_example"),
        EXAMPLE,
        file_name="outcomes.toml",
        mime="text/plain",
        key=f"{KEY}.example",
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
    )
    nature: Nature = left.selectbox(
        t("regressions.page.nature"),
        get_args(Nature),
        format_func=lambda name: t(f"surveys.nature.{name}"),
        key=f"{KEY}.nature",
    )
    ready = records is not None and rules is not None
    if not st.button(t("regressions.page.store"), disabled=not ready, type="primary", key=f"{KEY}.store"):
        return
    if records is None or rules is None:
        return
    extract = given_file(records)
    try:
        made = outcomes.draft_outcomes(study, extract, given_file(rules))
        source = outcomes.save_outcomes(study, extract, made, actor=session.coder(), nature=nature)
    except USER_ERRORS as error:
        st.error(error_text(error), icon=":material/error:")
        return
    session.notify(t("regressions.page.stored", n=source.values, file=source.file_name))
    st.rerun()
