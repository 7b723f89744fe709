"""One code for many passages: a list of the codes, and beside it the button that gives the code."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from workbench.i18n import t
from workbench.services.studies import Study
from workbench.ui.coding_material import read_codes


def choose_code(study: Study, *, action: str, ready: bool, key: str) -> str | None:
    """The path of the code in the run in which the button is pressed, else None.

    action : what the button says; ready : whether there is anything to code.
    """
    codes = read_codes(study)
    paths = [use.code.path for use in codes.uses if not use.retired]
    if not paths:
        st.info(t("locate.no_codes"), icon=":material/account_tree:")
        return None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        code = st.selectbox(
            t("locate.choose_code"),
            paths,
            index=None,
            format_func=lambda path: _code_name(codes.labels, path),
            placeholder=t("locate.choose_code_hint"),
            key=f"{key}.code",
            width=420,
        )
        pressed = st.button(
            action, type="primary", disabled=code is None or not ready, key=f"{key}.code_them"
        )
    return code if pressed else None


def _code_name(labels: Mapping[str, str], path: str) -> str:
    """A code with the codes above it."""
    steps = path.split("/")
    paths = ["/".join(steps[: depth + 1]) for depth in range(len(steps))]
    return " › ".join(labels.get(each, each) for each in paths)
