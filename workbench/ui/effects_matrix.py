"""Estimates as a regression table: periods down, outcomes across, for one subgroup and model."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from coding_schemes import Scheme
from workbench.i18n import get_language, t
from workbench.services.effect_tables import estimates_matrix
from workbench.services.effects import StoredEstimate
from workbench.services.terms import term_label
from workbench.ui.tables import download_table, show_table

KEY = "page.effects.matrix"


def show_matrix(estimates: Sequence[StoredEstimate], scheme: Scheme | None) -> None:
    """The choice of subgroup and model, and their table."""
    language = get_language()
    left, right, _ = st.columns([2, 2, 3])
    subgroup = left.selectbox(
        t("effects.subgroup"),
        list(dict.fromkeys(stored.value.subgroup for stored in estimates)),
        format_func=lambda name: term_label(scheme, name, language),
        key=f"{KEY}.subgroup",
        persist_state="session",
    )
    sizes: dict[str, int] = {}
    for stored in estimates:
        if stored.value.subgroup == subgroup:
            sizes[stored.value.model] = sizes.get(stored.value.model, 0) + 1
    model = right.selectbox(
        t("effects.model"),
        sorted(sizes, key=lambda name: sizes[name]),  # the pooled periods before the quarters
        format_func=lambda name: (
            t("effects.page.model_name", model=name) if name else t("effects.page.no_model")
        ),
        key=f"{KEY}.model.{subgroup}",
        persist_state="session",
    )
    table = estimates_matrix(estimates, subgroup=subgroup, model=model, language=language, scheme=scheme)
    show_table(table)
    download_table(table, name="estimates_matrix", key=f"{KEY}.xlsx")
