"""Typing paper in: the form, what happened to each questionnaire, duplicates to decide on, and undo."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import streamlit as st

from quant import Instrument
from workbench.display import Column, TableSpec
from workbench.errors import USER_ERRORS, error_text
from workbench.i18n import get_language, label, t
from workbench.services import entry
from workbench.services.entry import AlreadyThereError, StoredForm, TypedForm
from workbench.services.studies import Study
from workbench.services.survey_tables import background_label
from workbench.ui import entry_form, session
from workbench.ui.tables import show_table

KEY = "page.questionnaire.entry"
LISTED = 30
_ANSWERED, _DUPLICATES, _SAID, _RESTORE = (f"{KEY}.{n}" for n in ("done", "duplicates", "said", "restore"))


@session.fragment
def show_entry(study: Study, instrument: Instrument) -> None:
    """The form with everything about it; what the browser sent is stored before it is drawn again."""
    form_key = f"{KEY}.form.{study.study_id}"
    answered: list[str] = st.session_state.setdefault(_ANSWERED, [])
    duplicates: dict[str, dict[str, Any]] = st.session_state.setdefault(_DUPLICATES, {})
    for sent in entry_form.drain(form_key):
        if sent.get("op") not in answered:
            _store(study, sent, duplicates)
            answered.append(str(sent.get("op")))
    st.caption(t("entry.page.keys"))
    for op, sent in list(duplicates.items()):
        _ask(study, instrument, op, sent)
    entry_form.mount(
        key=form_key,
        instrument=instrument,
        backgrounds=[
            (name, background_label(name, language=get_language()))
            for name in instrument.rules.required_background
        ],
        language=get_language(),
        acknowledged=answered[-200:],
        said=st.session_state.pop(_SAID, ""),
        restore=st.session_state.get(_RESTORE),
    )
    _show_typed(study, instrument)


def _store(study: Study, sent: Mapping[str, Any], duplicates: dict[str, dict[str, Any]]) -> None:
    """Store what was sent; a duplicate waits for an answer, what cannot be stored goes back to the form."""
    op, person = str(sent.get("op", "")), str(sent.get("person", ""))
    try:
        entry.save_forms(study, _forms(sent), actor=session.coder(), operation_id=op)
    except AlreadyThereError:
        duplicates[op] = dict(sent)
    except USER_ERRORS as error:
        st.session_state[_SAID] = t("entry.page.not_saved", person=person, problem=error_text(error))
        st.session_state[_RESTORE] = dict(sent)
    else:
        st.session_state[_SAID] = t("entry.page.saved", person=person, round=sent["round"])


def _forms(sent: Mapping[str, Any]) -> list[TypedForm]:
    try:
        when = datetime.date.fromisoformat(sent["date"]) if sent.get("date") else None
    except ValueError:
        when = None
    background = {
        str(name): int(value) if str(value).isdecimal() else str(value)
        for name, value in dict(sent.get("background") or {}).items()
    }
    return [
        TypedForm(
            person=str(sent.get("person", "")),
            respondent=str(form["respondent"]),
            round=int(sent["round"]),
            values=dict(form["values"]),
            date=when,
            variant=str(form.get("variant", "")),
            background=background,
        )
        for form in sent["forms"]
    ]


def _ask(study: Study, instrument: Instrument, op: str, sent: dict[str, Any]) -> None:
    """Put what is stored beside what was typed, where they differ, and let the user choose."""
    there = [
        (form, found)
        for form in _forms(sent)
        if (found := entry.find_form(study, form.person, form.respondent, form.round)) is not None
    ]
    with st.container(border=True):
        place = ", ".join(dict.fromkeys(found.file_name or t("entry.typed_in") for _, found in there))
        words = t("entry.page.duplicate", person=sent["person"], round=sent["round"], place=place)
        st.markdown(f"**{words}**")
        for form, found in there:
            show_table(_comparison(instrument, form, found))
        row = st.container(horizontal=True)
        if row.button(t("entry.page.replace"), key=f"{KEY}.replace.{op}", type="primary"):
            entry.save_forms(study, _forms(sent), actor=session.coder(), replace=True)
            st.session_state[_SAID] = t("entry.page.saved", person=sent["person"], round=sent["round"])
            _decided(op)
        if row.button(t("entry.page.keep"), key=f"{KEY}.keep.{op}"):
            _decided(op)


def _decided(op: str) -> None:
    st.session_state[_DUPLICATES].pop(op, None)
    st.rerun()


def _comparison(instrument: Instrument, form: TypedForm, found: StoredForm) -> TableSpec:
    items = [instrument.item(each) for each in instrument.item_ids(form.respondent)]
    language = get_language()
    rows = tuple(
        (item.question(language), found.values.get(item.id), form.values.get(item.id))
        for item in items
        if found.values.get(item.id) != form.values.get(item.id)
    )
    return TableSpec(
        key="duplicate",
        title=label(instrument.respondent(form.respondent).label),
        columns=(
            Column("item", t("entry.page.item"), weight=3),
            Column("stored", t("entry.page.stored"), kind="decimal", decimals=0, missing="–"),
            Column("new", t("entry.page.new"), kind="decimal", decimals=0, missing="–"),
        ),
        rows=rows,
        language=language,
    )


def _show_typed(study: Study, instrument: Instrument) -> None:
    forms = entry.typed_forms(study)
    if not forms:
        return
    row = st.container(horizontal=True, vertical_alignment="center")
    row.caption(t("entry.page.count", n=len(forms)))
    if row.button(t("entry.page.undo"), key=f"{KEY}.undo", icon=":material/undo:"):
        with session.shown_errors():
            undone = entry.undo_last(study, actor=session.coder())
            words = (
                t("entry.page.undone", person=undone[0].person, round=undone[0].round)
                if undone
                else (t("errors.entry_nothing_to_undo"))
            )
            st.session_state[_SAID] = words
            st.rerun()
    with st.expander(t("entry.page.list")):
        show_table(_list_table(instrument, forms[:LISTED]), title=False)


def _list_table(instrument: Instrument, forms: list[StoredForm]) -> TableSpec:
    names = {variant.id: label(variant.label) for variant in instrument.variants}
    return TableSpec(
        key="typed",
        title=t("entry.page.list"),
        columns=(
            Column("person", t("entry.form.person"), weight=1.5),
            Column("respondent", t("entry.items.respondent"), weight=1.2),
            Column("round", t("entry.form.round"), kind="integer"),
            Column("date", t("entry.form.date"), missing="–"),
            Column("answers", t("entry.page.answers"), kind="integer"),
            Column("scale", t("entry.page.scale"), weight=1.2),
        ),
        rows=tuple(
            (
                form.person,
                label(instrument.respondent(form.respondent).label),
                form.round,
                form.date.isoformat() if form.date else None,
                len(form.values),
                names.get(form.variant, form.variant) or t("entry.page.own_scale"),
            )
            for form in forms
        ),
        language=get_language(),
    )
