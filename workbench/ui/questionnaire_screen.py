"""The questionnaire page: choosing an instrument, importing answers, and what is computed from them."""

from __future__ import annotations

from typing import Any

import streamlit as st

from quant import Instrument
from workbench.display import format_number
from workbench.i18n import get_language, label, t
from workbench.services import surveys
from workbench.services.mapped_answers import mapped_remark
from workbench.services.schemes import study_scheme
from workbench.services.studies import Study
from workbench.services.surveys import AnswersSource
from workbench.ui import (
    questionnaire_agreement,
    questionnaire_changes,
    questionnaire_choice,
    questionnaire_entry,
    questionnaire_factors,
    questionnaire_import,
    questionnaire_instrument,
    questionnaire_material,
    questionnaire_means,
    questionnaire_missing,
    questionnaire_notes,
    questionnaire_own_indices,
    questionnaire_progression,
    questionnaire_regressions,
    questionnaire_star,
    session,
)
from workbench.ui.questionnaire_outcomes import show_outcomes
from workbench.ui.tables import remarked

# Two levels, so that neither row of choices is longer than can be read at a glance.
GROUPS: dict[str, tuple[str, ...]] = {
    "data": ("material", "entry", "instrument"),
    "describe": ("means", "progression", "agreement", "missing", "star"),
    "factors": ("factors", "indices"),
    "regressions": ("regressions", "outcomes"),
    "notes": ("notes",),
}
# These parts need no answers.
BEFORE_ANSWERS = ("material", "entry", "instrument")
KEY = "page.questionnaire"


def show(study: Study) -> None:
    """The page as far as the study has come."""
    st.title(t("pages.questionnaire"))
    instrument = surveys.study_instrument(study)
    if instrument is None:
        questionnaire_choice.show_choice(study)
        return
    sources = surveys.answers_sources(study)
    if not sources:
        st.caption(f"{label(instrument.label)} · {questionnaire_choice.describe(instrument)}")
        st.info(t("surveys.page.no_answers"), icon=":material/upload_file:")
        _show_parts(study, instrument, None)
        return
    st.caption(_lead(instrument, sources[-1]))
    _show_parts(study, instrument, sources[-1])


def _lead(instrument: Instrument, source: AnswersSource) -> str:
    language = get_language()
    counts = t(
        "surveys.page.answers",
        persons=format_number(source.persons, 0, language),
        responses=format_number(source.responses, 0, language),
    )
    nature = t(f"surveys.nature.{source.nature}").lower()
    return f"{label(instrument.label)} · {counts} · {nature} · {source.label}"


def _show_parts(study: Study, instrument: Instrument, source: AnswersSource | None) -> None:
    """The choice of a group, its tabs, and the open one; only that is computed."""
    group = st.segmented_control(
        t("surveys.page.group"),
        list(GROUPS),
        default="data",
        required=True,
        format_func=lambda name: t(f"surveys.page.group_{name}"),
        key=f"{KEY}.group",
        label_visibility="collapsed",
        persist_state="session",
    )
    chosen = group or "data"
    if len(GROUPS[chosen]) == 1:
        with session.shown_errors():
            _show_part(GROUPS[chosen][0], study, instrument, source)
        return
    for name, place in _places(chosen).items():
        if place.open:
            with place, session.shown_errors():
                _show_part(name, study, instrument, source)


def _places(group: str) -> dict[str, Any]:
    """The tabs of a group by part. The one last open is open again after another group was chosen."""
    parts = GROUPS[group]
    names = [t(f"surveys.page.tab_{name}") for name in parts]
    last, key = f"{KEY}.last.{group}", f"{KEY}.tab.{group}.{get_language()}"
    if key not in st.session_state and last in st.session_state:
        st.session_state[key] = names[parts.index(st.session_state[last])]
    tabs = st.tabs(names, key=key, on_change="rerun")
    places = dict(zip(parts, tabs, strict=True))
    st.session_state[last] = next((name for name, tab in places.items() if tab.open), parts[0])
    return places


def _show_part(name: str, study: Study, instrument: Instrument, source: AnswersSource | None) -> None:
    scheme = study_scheme(study)
    if source is None and name not in BEFORE_ANSWERS:
        st.info(t("surveys.page.no_answers"), icon=":material/upload_file:")
        return
    cited = "" if source is None else f"{source.label} ({t(f'surveys.nature.{source.nature}').lower()})"
    with remarked(mapped_remark(study, language=get_language())):
        match name:
            case "material":
                if source is None:
                    questionnaire_import.show_import(study, instrument, None)
                else:
                    questionnaire_material.show_material(study, instrument, source)
            case "entry":
                questionnaire_entry.show_entry(study, instrument)
            case "instrument":
                questionnaire_instrument.show_instrument(study, instrument)
            case "means":
                questionnaire_means.show_means(study, instrument, scheme, cited)
            case "progression":
                questionnaire_progression.show_progression(study, instrument, scheme, cited)
            case "agreement":
                questionnaire_agreement.show_agreement(study, instrument, scheme, cited)
            case "missing":
                questionnaire_missing.show_missing(study, instrument, scheme, cited)
            case "star":
                questionnaire_star.show_star(study, cited)
            case "factors":
                questionnaire_factors.show_factors(study, instrument, cited)
            case "indices":
                questionnaire_means.show_indices(study, instrument, scheme, cited)
                questionnaire_changes.show_changes(study, instrument, cited)
                questionnaire_own_indices.show_own_indices(study, instrument)
            case "regressions":
                questionnaire_regressions.show_regressions(study, instrument, scheme)
            case "outcomes":
                show_outcomes(study, scheme)
            case "notes":
                questionnaire_notes.show_notes(study)
