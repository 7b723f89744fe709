"""Auditing on the effects page: the study's estimates, and a report or a file of estimates against them."""

from __future__ import annotations

import streamlit as st

from quant import QuantError
from workbench.errors import error_text
from workbench.i18n import get_language, t
from workbench.services import auditing
from workbench.services.auditing import Audit
from workbench.services.studies import Study
from workbench.ui.tables import download_table, show_table
from workbench.ui.uploads import given_file

KEY = "page.effects.audit"
TYPES = ["docx", "txt", "md", "csv", "xlsx", "rtf", "tex", "html", "dta"]


def show_audit(study: Study) -> None:
    """What contradicts itself among the estimates of the study, and in a file that is chosen."""
    language = get_language()
    _show(auditing.audit_study(study, language=language), name="audit")
    st.divider()
    upload = st.file_uploader(
        t("audit.page.file"), type=TYPES, help=t("audit.page.file_help"), key=f"{KEY}.file"
    )
    if upload is None:
        return
    try:
        with st.spinner(t("audit.page.reading", file=upload.name)):
            found = auditing.audit_file(study, given_file(upload), language=language)
    except QuantError as error:
        st.error(error_text(error), icon=":material/error:")
        return
    _show(found, name="audit_file")


def _show(found: Audit, *, name: str) -> None:
    """The counts, then the tables of what was found."""
    language = get_language()
    wrong = len(found.flags) + sum(claim["status"] == "disagrees" for claim in found.claims)
    say = st.warning if wrong else st.success
    if found.estimates:
        say(
            t("audit.counted", estimates=found.estimates, flags=len(found.flags)),
            icon=":material/rule:" if wrong else ":material/check:",
        )
    tables = []
    if found.flags:
        tables.append(auditing.flags_table(found, language=language))
    if found.paragraphs:
        disagree = sum(claim["status"] == "disagrees" for claim in found.claims)
        unchecked = len(found.claims) - disagree
        st.markdown(t("audit.read", paragraphs=found.paragraphs, flags=disagree, unchecked=unchecked))
    if found.claims:
        tables.append(auditing.claims_table(found, language=language))
    for table in tables:
        show_table(table)
    if tables:
        download_table(tables, name=name, key=f"{KEY}.{name}.xlsx")
