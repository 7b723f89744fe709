"""The coding scheme: read it, replace it, take it away as a file."""

from __future__ import annotations

import streamlit as st

from workbench.i18n import t
from workbench.services.schemes import study_scheme
from workbench.ui import scheme_crosswalk, scheme_loading, scheme_tree, session

study = session.require_study()
st.title(t("pages.scheme"))
scheme = study_scheme(study)
scheme_loading.show_last_change()
if scheme is None:
    st.info(t("scheme.none_yet"), icon=":material/account_tree:")
    scheme_loading.show(study)
else:
    view = scheme_tree.choose_view()
    if view == "codes":
        scheme_tree.show(study, scheme)
    elif view == "crosswalk":
        scheme_crosswalk.show(study, scheme)
    else:
        scheme_loading.show_downloads(scheme)
        scheme_loading.show(study)
