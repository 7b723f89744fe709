"""Correcting what is known of one interview: name, group, type, date, and details of it and its person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import streamlit as st

from workbench.i18n import t
from workbench.services.studies import Study
from workbench.services.transcripts import TranscriptFacts, update_interview
from workbench.ui import session
from workbench.ui.actor_groups import group_label, group_options
from workbench.ui.attributes import attribute_label
from workbench.ui.moments import EARLIEST, date_format

SAVED = "page.correct.saved"
KINDS = ("individual", "group")


def show_correction(study: Study, facts: TranscriptFacts, labels: Mapping[str, str]) -> None:
    """The form, closed at first; what is saved can be undone."""
    saved = st.session_state.get(f"{SAVED}.{facts.id}", 0)
    key = f"page.correct.{facts.id}" + (f".{saved}" if saved else "")
    with st.expander(t("transcripts.correct"), icon=":material/edit:"), st.form(key):
        name = st.text_input(t("transcripts.column.name"), value=facts.name, key=f"{key}.name")
        group = st.selectbox(
            t("transcripts.column.group"),
            options := group_options(labels, facts.actor_group),
            index=options.index(facts.actor_group or ""),
            format_func=lambda each: group_label(each, labels),
            key=f"{key}.group",
        )
        kind = st.selectbox(
            t("transcripts.column.type"),
            KINDS,
            index=KINDS.index(facts.type),
            format_func=lambda each: t(f"transcripts.type.{each}"),
            key=f"{key}.kind",
        )
        held_on: date | None = st.date_input(
            t("transcripts.review.held_on"),
            value=facts.held_on,
            min_value=EARLIEST,
            format=date_format(),
            key=f"{key}.held_on",
        )
        attributes = {
            each: st.text_input(attribute_label(each), value=value, key=f"{key}.attribute.{each}")
            for each, value in facts.attributes.items()
        }
        gone = []
        if attributes:
            gone = st.multiselect(
                t("transcripts.remove_attributes"),
                list(attributes),
                format_func=attribute_label,
                placeholder=t("transcripts.remove_no_attribute"),
                key=f"{key}.remove",
            )
        new_name = st.text_input(t("transcripts.new_attribute"), key=f"{key}.new_name").strip()
        new_value = st.text_input(t("transcripts.its_value"), key=f"{key}.new_value")
        if not st.form_submit_button(t("transcripts.save")):
            return
        if new_name:
            attributes[new_name] = new_value
        attributes |= dict.fromkeys(gone, "")
        with session.shown_errors():
            update_interview(
                study,
                facts.id,
                actor=session.coder(),
                name=name,
                actor_group=group,
                kind=kind,
                held_on=held_on or "",
                attributes={
                    each: value.strip()
                    for each, value in attributes.items()
                    if value.strip() != facts.attributes.get(each, "")
                },
            )
            # What was filled in belongs to what was known before: the next form begins anew.
            st.session_state[f"{SAVED}.{facts.id}"] = saved + 1
            session.notify(t("transcripts.saved", name=name.strip()))
            st.rerun()
