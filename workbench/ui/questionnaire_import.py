"""Importing answers: the file, its columns, what would be read, and saving it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from quant import AnswersError, ColumnMapping, Instrument, QuantError, read_table
from quant.column_endings import without_endings
from quant.tables import sheet_names
from workbench.errors import error_text
from workbench.i18n import get_language, t
from workbench.services import surveys
from workbench.services.files import GivenFile
from workbench.services.studies import Study
from workbench.services.survey_tables import findings_detail, findings_table, flow_table
from workbench.services.surveys import AnswersDraft, AnswersSource
from workbench.ui import session
from workbench.ui.choices import forget_choices
from workbench.ui.questionnaire_mapping import edit_mapping
from workbench.ui.tables import download_table, show_table
from workbench.ui.uploads import Upload, given_file, on_disk

KEY = "page.questionnaire.import"
# Counters behind widget keys: raising one empties the uploader, or begins the column choices anew.
ROUND, LOADED = f"{KEY}.round", f"{KEY}.loaded"
WORDS, MOST_WORDS = f"{KEY}.words", 24
NATURES = ("measured", "simulated", "published", "invented")


def show_import(study: Study, instrument: Instrument, stored: AnswersSource | None) -> None:
    """The form for a file of answers; nothing is stored before the last button."""
    if stored is not None:
        st.caption(t("surveys.page.replace_note", file=stored.file_name))
    upload = st.file_uploader(
        t("surveys.import.file"),
        type=["csv", "txt", "xlsx", "xls", "ods", "sav", "zsav", "dta", "parquet"],
        help=t("surveys.import.help"),
        key=f"{KEY}.file.{st.session_state.get(ROUND, 0)}",
    )
    if upload is None:
        return
    file = given_file(upload)
    try:
        with st.spinner(t("surveys.import.reading", file=file.name)):
            sheet = _choose_sheet(file)
            columns, base = _columns_and_guess(study, file, instrument, sheet)
            mapping = _with_words(_mapping_form(columns, instrument, base, file))
            draft = _draft(study, file, mapping, sheet)
    except QuantError as error:
        st.error(error_text(error), icon=":material/error:")
        return
    if draft is None:
        st.info(t("surveys.import.pick_person"), icon=":material/rule:")
    elif draft.answers is None:
        st.error(f"{t('surveys.import.not_readable')}. {draft.problem}", icon=":material/error:")
    else:
        _show_preview(draft, instrument)
        _show_words(draft)
    _show_buttons(study, draft, mapping, instrument)


def _choose_sheet(file: GivenFile) -> str | None:
    """The sheet of a workbook that has several; None for other files."""
    names = sheet_names(file.content, file.name)
    if len(names) < 2:
        return None
    chosen: str = st.selectbox(
        t("descriptions.import.sheet"), names, key=f"{KEY}.sheet.{file.sha256[:8]}", width=360
    )
    return chosen


def _with_words(mapping: ColumnMapping) -> ColumnMapping:
    """The mapping with the numbers that the user has written beside answers in words."""
    given = {
        word: float(number)
        for word in st.session_state.get(WORDS, ())
        if (number := st.session_state.get(f"{KEY}.word.{word}")) is not None
    }
    return replace(mapping, value_labels={**mapping.value_labels, **given})


def _show_words(draft: AnswersDraft) -> None:
    """A box a word: answers that are no number stay missing until it says which they stand for."""
    assert draft.answers is not None
    unread = draft.answers.report.of_kind("not_a_number")["value"].astype(str)
    words = list(dict.fromkeys([*st.session_state.get(WORDS, ()), *unread.value_counts().index]))[:MOST_WORDS]
    st.session_state[WORDS] = words
    if not words:
        return
    with st.expander(t("descriptions.import.words"), icon=":material/spellcheck:"):
        st.caption(t("descriptions.import.words_help"))
        for start in range(0, len(words), 4):
            for place, word in zip(st.columns(4), words[start : start + 4], strict=False):
                place.number_input(word, value=None, step=1.0, format="%g", key=f"{KEY}.word.{word}")


def _columns_and_guess(
    study: Study, file: GivenFile, instrument: Instrument, sheet: str | None
) -> tuple[list[str], ColumnMapping]:
    """Columns of the file, and the mapping to begin with: loaded, guessed, or empty where no guess fits."""
    known = st.session_state.get(f"{KEY}.guess")
    if known is None or known[0] != (file.sha256, instrument.id, sheet):
        table = read_table(file.content, file.name, sheet=sheet)
        try:
            guess, reused = surveys.guess_columns(study, table)
        except AnswersError:
            guess, reused = ColumnMapping(person="", items={}), ""
        columns = without_endings([str(column) for column in table.columns], guess.endings)
        known = ((file.sha256, instrument.id, sheet), columns, guess, reused)
        st.session_state[f"{KEY}.guess"] = known
        st.session_state.pop(f"{KEY}.base", None)
        st.session_state.pop(WORDS, None)
    _, columns, guess, reused = known
    if reused:
        st.caption(t("descriptions.import.reused", file=reused))
    return columns, st.session_state.get(f"{KEY}.base", guess)


def _mapping_form(
    columns: list[str], instrument: Instrument, base: ColumnMapping, file: GivenFile
) -> ColumnMapping:
    st.markdown(f"##### {t('surveys.import.mapping_title')}")
    version = f"{file.sha256[:8]}.{st.session_state.get(LOADED, 0)}"
    return edit_mapping(columns, instrument, base, key=f"{KEY}.map.{version}")


def _draft(study: Study, file: GivenFile, mapping: ColumnMapping, sheet: str | None) -> AnswersDraft | None:
    """What the file gives with this mapping; None while it names no person or no question."""
    if not mapping.person or not (mapping.items or (mapping.item and mapping.value)):
        return None
    made_from = (file.sha256, sheet, mapping.as_dict())
    known = st.session_state.get(f"{KEY}.draft")
    if known is None or known[0] != made_from:
        known = (made_from, surveys.draft_answers(study, file, mapping=mapping, sheet=sheet))
        st.session_state[f"{KEY}.draft"] = known
    draft: AnswersDraft = known[1]
    return draft


def _show_preview(draft: AnswersDraft, instrument: Instrument) -> None:
    assert draft.answers is not None
    language = get_language()
    st.markdown(f"##### {t('surveys.import.preview')}")
    left, right = st.columns(2, gap="large")
    with left:
        show_table(flow_table(draft.answers.flow, instrument, language=language))
    with right:
        summary = draft.answers.report.summary
        if not summary:
            st.caption(t("surveys.page.no_findings"))
            return
        show_table(findings_table(summary, language=language))
        detail = findings_detail(draft.answers.report.frame, instrument, language=language)
        download_table(
            detail, name="findings", key=f"{KEY}.findings", text=t("surveys.page.download_findings")
        )


def _show_buttons(
    study: Study, draft: AnswersDraft | None, mapping: ColumnMapping, instrument: Instrument
) -> None:
    ready = draft is not None and draft.answers is not None
    name, nature = st.columns([3, 2])
    label_text = name.text_input(
        t("surveys.import.label"),
        value=draft.file.name if draft is not None else "",
        help=t("surveys.import.label_help"),
        key=f"{KEY}.label.{st.session_state.get(ROUND, 0)}",
        disabled=not ready,
    )
    chosen = nature.segmented_control(
        t("surveys.import.nature"),
        NATURES,
        default="measured",
        required=True,
        format_func=lambda word: t(f"surveys.nature.{word}"),
        key=f"{KEY}.nature",
        disabled=not ready,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        save = st.button(t("surveys.import.save"), type="primary", disabled=not ready, key=f"{KEY}.save")
        if st.button(t("surveys.import.cancel"), key=f"{KEY}.cancel"):
            _leave()
            st.rerun()
        _mapping_files(mapping, instrument)
    if save and draft is not None:
        _save(study, draft, label_text, chosen or "measured")


def _save(study: Study, draft: AnswersDraft, label_text: str, nature: str) -> None:
    with session.shown_errors():
        with st.spinner(t("surveys.import.saving")):
            source = surveys.save_answers(
                study,
                draft,
                actor=session.coder(),
                nature=nature,  # type: ignore[arg-type]  # one of NATURES
                label=label_text.strip(),
            )
        _leave("page.questionnaire.")
        session.notify(t("surveys.import.saved", responses=source.responses, persons=source.persons))
        st.rerun()


def _leave(prefix: str = f"{KEY}.") -> None:
    """An empty form for the next file; new answers also empty the choices among the old ones."""
    rounds = st.session_state.get(ROUND, 0) + 1
    forget_choices(prefix)
    st.session_state[ROUND] = rounds


def _mapping_files(mapping: ColumnMapping, instrument: Instrument) -> None:
    if mapping.person and (mapping.items or mapping.item):
        st.download_button(
            t("surveys.import.save_mapping"),
            lambda: _as_toml(mapping),
            file_name=f"{t('surveys.import.mapping_file')}_{instrument.id}.toml",
            mime="application/toml",
            key=f"{KEY}.save_mapping",
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
        )
    with st.popover(t("surveys.import.load_mapping"), type="tertiary", icon=":material/upload:"):
        upload = st.file_uploader(
            t("surveys.import.load_mapping"),
            type=["toml", "json"],
            key=f"{KEY}.mapping_file.{st.session_state.get(LOADED, 0)}",
            label_visibility="collapsed",
        )
        if upload is None:
            return
        base = _loaded(upload)
        if base is None:
            st.error(t("surveys.import.bad_mapping"), icon=":material/error:")
            return
        st.session_state[f"{KEY}.base"] = base
        st.session_state[LOADED] = st.session_state.get(LOADED, 0) + 1
        session.notify(t("surveys.import.mapping_loaded"))
        st.rerun()


def _loaded(upload: Upload) -> ColumnMapping | None:
    """The mapping in a file; None if it is none."""
    try:
        with on_disk(upload) as path:
            base = ColumnMapping.load(path)
    except (QuantError, TypeError, UnicodeDecodeError):
        return None
    tables = (base.items, base.dates, base.background, base.respondent_values)
    if not all(isinstance(table, Mapping) for table in tables):
        return None
    return replace(base, scores={})


def _as_toml(mapping: ColumnMapping) -> str:
    import tomlkit

    return tomlkit.dumps({name: value for name, value in mapping.as_dict().items() if value is not None})
