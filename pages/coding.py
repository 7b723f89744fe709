"""Coding: read an interview, select in it and put codes on it."""

from __future__ import annotations

import streamlit as st

from workbench.i18n import t
from workbench.navigation import page
from workbench.services.schemes import study_scheme
from workbench.services.transcripts import list_transcripts
from workbench.ui import coding_page, session

study = session.require_study()
scheme = study_scheme(study)
facts = list_transcripts(study)
if scheme is None:
    st.title(t("pages.coding"))
    st.info(t("coding.no_scheme"), icon=":material/account_tree:")
    st.page_link(page("scheme"))
elif not facts:
    st.title(t("pages.coding"))
    st.info(t("coding.no_transcripts"), icon=":material/forum:")
    st.page_link(page("transcripts"))
else:
    coding_page.show(study, scheme, facts, interviews_page=page("transcripts"))
