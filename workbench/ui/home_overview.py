"""The open study: what it holds, what of it is real, what comes next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from workbench.display import format_number
from workbench.i18n import label, t
from workbench.services.schemes import study_scheme
from workbench.services.studies import Study, StudyFacts, describe_study
from workbench.services.surveys import study_instrument
from workbench.ui import session
from workbench.ui.editing_waiting import show_waiting
from workbench.ui.home_history import show_history
from workbench.ui.home_welcome import show_ways

PageOf = Callable[[str], Any]
COUNTS = ("interviews", "words", "codings", "answers", "estimates", "links", "judgements")


def show(study: Study, *, page: PageOf) -> None:
    """The whole page; `page` gives the page of a name, to link to."""
    facts = describe_study(study)
    st.title(facts.title)
    st.caption(_description(study, facts))
    _show_counts(facts)
    _show_next_step(facts, page)
    show_waiting(study, page("transcripts"))
    _show_nature(facts.settings.get("nature") or ())
    show_history(study)
    st.divider()
    if st.button(t("home.close"), key="home.close", icon=":material/close:"):
        session.close_study()
        st.rerun()
    with st.expander(t("home.other_studies")):
        show_ways()


def next_step(facts: StudyFacts) -> tuple[str, str]:
    """What is missing first, as the name of the advice and the page where it is done."""
    steps = (
        ("scheme", "scheme", facts.scheme is None),
        ("import", "transcripts", not facts.transcripts),
        ("code", "coding", not facts.codings),
        ("answers", "questionnaire", not facts.answers),
        ("estimates", "effects", not facts.estimates),
        ("link", "triangulation", not facts.links),
        ("judge", "triangulation", not facts.judgements),
    )
    return next(((advice, page) for advice, page, missing in steps if missing), ("report", "report"))


def _description(study: Study, facts: StudyFacts) -> str:
    scheme, instrument = study_scheme(study), study_instrument(study)
    parts = [t(f"session.language_name.{facts.language}")]
    if scheme is not None:
        parts.append(t("home.uses_scheme", name=label(scheme.label) or scheme.id))
    if instrument is not None:
        parts.append(t("home.uses_instrument", name=label(instrument.label) or instrument.id))
    if facts.coders:
        parts.append(t("home.coders", names=", ".join(facts.coders)))
    return " · ".join(parts)


def _show_counts(facts: StudyFacts) -> None:
    for column, name in zip(st.columns(len(COUNTS)), COUNTS, strict=True):
        number = format_number(getattr(facts, name), 0, session.language())
        column.metric(t(f"home.count.{name}"), number, help=t(f"home.count_help.{name}"))


def _show_next_step(facts: StudyFacts, page: PageOf) -> None:
    advice, name = next_step(facts)
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{t('home.next_step')}** {t(f'home.next.{advice}')}")
        st.page_link(page(name), icon=":material/arrow_forward:")


def _show_nature(nature: Any) -> None:
    """What is invented, simulated or published, as whoever made the study put it."""
    texts = [label(text) if isinstance(text, Mapping) else str(text) for text in nature]
    if texts:
        st.subheader(t("home.nature"))
        st.markdown("\n".join(f"- {text}" for text in texts))
