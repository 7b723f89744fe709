"""The questionnaire itself: forms and stars to print, the file to change, and another one to load."""

from __future__ import annotations

import streamlit as st

from quant import Instrument, parse_instrument
from workbench.i18n import get_language, label, t
from workbench.services import forms, instruments, surveys
from workbench.services.schemes import study_scheme
from workbench.services.studies import Study
from workbench.services.survey_tables import background_label, natural_order
from workbench.services.terms import term_label
from workbench.ui import session
from workbench.ui.tables import show_table
from workbench.ui.uploads import given_file

KEY = "page.questionnaire.instrument"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LANGUAGE_NAMES = {
    "da": "Dansk",
    "en": "English",
    "ar": "العربية",
    "fa": "فارسی",
    "so": "Soomaali",
    "ti": "ትግርኛ",
}


def show_instrument(study: Study, instrument: Instrument) -> None:
    """A newer version if there is one; printing to the left, the file to the right, the questions below."""
    _show_update(study)
    left, right = st.columns(2, gap="large")
    with left:
        _show_print(instrument)
        if surveys.answers_sources(study):
            _show_stars(study)
    with right:
        _show_file(study, instrument)
    show_table(instruments.items_table(instrument, language=get_language()))


def _show_update(study: Study) -> None:
    """The shipped questionnaire, where it is newer than the study's: what it changes, and a button."""
    wanted = instruments.newer_shipped(study)
    if wanted is None:
        return
    change = instruments.compare(study, wanted)
    with st.container(border=True):
        st.markdown(f"**{t('entry.update.heading')}**")
        st.markdown("\n".join(f"- {line}" for line in instruments.change_lines(change)))
        sure = not change.changes_answers or st.checkbox(t("entry.instrument.sure"), key=f"{KEY}.update_sure")
        if st.button(
            t("entry.update.button"), key=f"{KEY}.update", icon=":material/update:", disabled=not sure
        ):
            with session.shown_errors():
                instruments.update_instrument(study, actor=session.coder(), replace=sure)
                session.notify(t("entry.update.done"))
                st.rerun()


def _show_print(instrument: Instrument) -> None:
    st.subheader(t("entry.instrument.print"))
    st.caption(t("entry.instrument.print_text"))
    kind = st.segmented_control(
        t("entry.instrument.kind"),
        ["questions", "star"],
        format_func=lambda name: t(f"entry.instrument.kind_{name}"),
        default="questions",
        required=True,
        key=f"{KEY}.kind",
    )
    names = {each.id: label(each.label) for each in instrument.respondents}
    chosen = st.multiselect(
        t("entry.instrument.respondents"),
        list(names),
        default=list(names),
        format_func=lambda each: names[each],
        key=f"{KEY}.respondents",
    )
    languages = instrument.wording_languages()
    first = languages.index(get_language()) if get_language() in languages else 0
    wording = st.selectbox(
        t("entry.instrument.wording"),
        languages,
        index=first,
        format_func=lambda code: LANGUAGE_NAMES.get(code, code),
        key=f"{KEY}.wording",
    )
    scales = {"": t("entry.page.own_scale"), **{each.id: label(each.label) for each in instrument.variants}}
    variant = st.selectbox(
        t("entry.instrument.scale"), list(scales), format_func=lambda each: scales[each], key=f"{KEY}.variant"
    )
    choice = (kind, tuple(chosen), wording, variant, get_language())
    made = st.session_state.get(f"{KEY}.made")
    if st.button(t("entry.instrument.make"), key=f"{KEY}.make", type="primary", disabled=not chosen):
        with session.shown_errors():
            content = forms.printed_forms(
                instrument,
                kind="star" if kind == "star" else "questions",
                respondents=chosen,
                language=str(wording),
                variant=variant,
                office=get_language(),
            )
            made = st.session_state[f"{KEY}.made"] = (choice, content)
    if made and made[0] == choice:
        st.download_button(
            t("entry.instrument.download"),
            made[1],
            file_name=f"{instrument.id}_{kind}_{wording}.docx",
            mime=WORD,
            key=f"{KEY}.download",
            on_click="ignore",
        )


def _show_stars(study: Study) -> None:
    st.subheader(t("entry.instrument.stars"))
    answers, scheme = surveys.require_answers(study), study_scheme(study)
    columns = [str(column) for column in answers.persons.columns]
    by = st.selectbox(
        t("entry.instrument.stars_by"),
        ["", *columns],
        format_func=lambda name: (
            background_label(name, get_language(), scheme) if name else t("entry.instrument.stars_person")
        ),
        key=f"{KEY}.stars_by",
    )
    values = answers.persons[by].dropna().astype(str) if by else answers.persons.index.astype(str)
    value = st.selectbox(
        t("entry.instrument.stars_value"),
        sorted(set(values), key=natural_order),
        index=None,
        placeholder=t("entry.instrument.choose"),
        format_func=lambda name: term_label(scheme, name, get_language()) if by else name,
        key=f"{KEY}.stars_value.{by}",
    )
    made = st.session_state.get(f"{KEY}.stars")
    choice = (by, value, get_language())
    if st.button(t("entry.instrument.stars_make"), key=f"{KEY}.stars_make", disabled=value is None):
        with session.shown_errors():
            persons = forms.persons_of(study, by, str(value)) if by else [str(value)]
            content = forms.printed_stars(study, persons, language=get_language())
            made = st.session_state[f"{KEY}.stars"] = (choice, content)
    if made and made[0] == choice:
        st.download_button(
            t("entry.instrument.stars_download"),
            made[1],
            file_name=f"stars_{value}.docx",
            mime=WORD,
            key=f"{KEY}.stars_download",
            on_click="ignore",
        )


def _show_file(study: Study, instrument: Instrument) -> None:
    st.subheader(t("entry.instrument.file"))
    st.caption(t("entry.instrument.file_text"))
    row = st.container(horizontal=True)
    for ending in ("xlsx", "toml"):
        file = instruments.instrument_file(study, f"{instrument.id}.{ending}")
        row.download_button(
            t(f"entry.instrument.{ending}"), file.content, file_name=file.name, key=f"{KEY}.{ending}"
        )
    template = instruments.template_file("questionnaire_template.xlsx")
    row.download_button(
        t("entry.instrument.template"),
        template.content,
        file_name=template.name,
        key=f"{KEY}.template",
        type="tertiary",
    )
    upload = st.file_uploader(
        t("entry.instrument.upload"),
        type=["xlsx", "toml"],
        key=f"{KEY}.file.{st.session_state.get(f'{KEY}.loaded', 0)}",
    )
    if upload is None:
        return
    with session.shown_errors():
        file = given_file(upload)
        wanted = parse_instrument(file.content, file.name)
        change = instruments.compare(study, wanted)
        lines = "\n".join(f"- {line}" for line in instruments.change_lines(change))
        (st.warning if change.changes_answers else st.info)(f"**{label(wanted.label)}**\n\n{lines}")
        sure = not change.changes_answers or st.checkbox(t("entry.instrument.sure"), key=f"{KEY}.sure")
        if st.button(t("entry.instrument.replace"), key=f"{KEY}.replace", disabled=not sure):
            surveys.set_instrument(study, wanted, actor=session.coder(), keep_answers=True)
            st.session_state[f"{KEY}.loaded"] = st.session_state.get(f"{KEY}.loaded", 0) + 1
            session.notify(t("entry.instrument.replaced", name=label(wanted.label)))
            st.rerun()
