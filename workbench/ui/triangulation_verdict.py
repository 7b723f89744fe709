"""The verdict on a theme: what the rule proposes, what a person confirmed, and the form to confirm."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

import streamlit as st

from workbench.i18n import t
from workbench.services.studies import Study
from workbench.services.theme_tables import shown_verdict
from workbench.services.triangulating import confirm_verdict
from workbench.triangulation import HANDLINGS, JointRow, Verdict, VerdictId, Vocabulary, verdict, verdict_name
from workbench.ui import session
from workbench.ui.choices import forget_choices
from workbench.ui.moments import short_moment

Color = Literal["green", "blue", "orange", "gray", "violet"]
COLORS: dict[VerdictId, Color] = {
    "agreement": "green",
    "partial": "blue",
    "dissonance": "orange",
    "silence": "gray",
    "inconclusive": "violet",
}
COVERAGES = ("both", "qual_only", "quant_only")
MATCHES = ("same", "different")
Coverage = Literal["both", "qual_only", "quant_only"]
Match = Literal["same", "different"]


def show(study: Study, row: JointRow, *, stale: bool, vocabulary: Vocabulary) -> None:
    """The verdict that stands with its reason, and the form below it."""
    st.markdown(f"##### {t('triangulation_page.verdict')}")
    if stale:
        st.warning(t("triangulation_page.stale"), icon=":material/update:")
    with st.container(border=True):
        if row.confirmed is None:
            _badge(row.proposed.id, vocabulary, t("triangulation_page.proposed"))
            st.markdown(row.proposal.reason())
        else:
            _show_confirmed(row, vocabulary)
    title = "confirm_title" if row.confirmed is None else "change_title"
    with st.expander(t(f"triangulation_page.{title}"), icon=":material/fact_check:", expanded=stale):
        _show_form(study, row, vocabulary)


def _show_confirmed(row: JointRow, vocabulary: Vocabulary) -> None:
    confirmed = row.confirmed
    assert confirmed is not None
    moment = short_moment(datetime.fromisoformat(confirmed.confirmed_at))
    by = t("triangulation_page.confirmed", coder=confirmed.confirmed_by, moment=moment)
    _badge(confirmed.verdict, vocabulary, by)
    st.markdown(confirmed.rationale)
    if confirmed.handling is not None:
        st.markdown(t(f"themes.handling.{confirmed.handling}"))
    if row.interpretation:
        st.markdown(f"**{t('reporting.themes.interpretation')}:** {row.interpretation}")
    proposed = verdict_name(row.proposed.id, vocabulary)
    st.caption(t("triangulation_page.rule_proposes", verdict=proposed, reason=row.proposal.reason()))


def _badge(verdict_id: VerdictId, vocabulary: Vocabulary, beside: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(verdict_name(verdict_id, vocabulary), color=COLORS[verdict_id])
        st.caption(beside, width="content")


def _show_form(study: Study, row: JointRow, vocabulary: Vocabulary) -> None:
    key = f"page.triangulation.verdict.{row.theme}."
    judged = _show_choices(row, key)
    if judged is not None:
        _badge(judged.id, vocabulary, t("triangulation_page.gives"))
    handling = None
    if judged is not None and judged.needs_handling:
        handling = st.selectbox(
            t("triangulation_page.handling"),
            HANDLINGS,
            index=_place(HANDLINGS, row.confirmed.handling if row.confirmed is not None else None),
            format_func=lambda name: t(f"triangulation.handling.{name}"),
            placeholder=t("triangulation_page.handling_placeholder"),
            key=f"{key}handling",
        )
    rationale = st.text_area(
        t("triangulation_page.rationale"),
        value=row.confirmed.rationale if row.confirmed is not None else "",
        help=t("triangulation_page.rationale_help"),
        key=f"{key}rationale",
    )
    interpretation = st.text_area(
        t("triangulation_page.interpretation"),
        value=row.interpretation,
        help=t("triangulation_page.interpretation_help"),
        key=f"{key}interpretation",
    )
    if st.button(
        t("triangulation_page.confirm"), type="primary", icon=":material/check:", key=f"{key}confirm"
    ):
        _confirm(study, row, judged, handling, rationale, interpretation, key)


def _show_choices(row: JointRow, key: str) -> Verdict | None:
    """Coverage, meaning and prominence; the verdict that follows, None while something is missing."""
    start = _start(row)
    left, right = st.columns(2)
    with left:
        coverage = _choice("coverage", COVERAGES, start.coverage, "coverage", key)
    if coverage != "both":
        return verdict(coverage=_coverage(coverage))
    words = ("no", "yes")
    with right:
        unclear = _choice("inconclusive", words, words[start.id == "inconclusive"], "", key)
    if unclear == "yes":
        return verdict(inconclusive=True)
    with left:
        meaning = _choice("meaning", MATCHES, start.meaning, "match", key)
    with right:
        prominence = _choice("prominence", MATCHES, start.prominence, "match", key)
    if meaning is None or prominence is None:
        return None
    return verdict(meaning=_match(meaning), prominence=_match(prominence))


def _choice(name: str, choices: tuple[str, ...], start: str | None, words: str, key: str) -> str | None:
    topic = f"triangulation.{words}" if words else "triangulation_page.answer"
    return st.segmented_control(
        t(f"triangulation_page.{name}"),
        choices,
        default=start,
        format_func=lambda choice: t(f"{topic}.{choice}"),
        help=t(f"triangulation_page.{name}_help"),
        key=f"{key}{name}",
    )


def _start(row: JointRow) -> Verdict:
    """What the form begins with: the confirmed judgement, else the proposal."""
    if row.confirmed is not None and row.confirmed.judged is not None:
        return row.confirmed.judged
    return row.proposed


def _confirm(
    study: Study,
    row: JointRow,
    judged: Verdict | None,
    handling: str | None,
    rationale: str,
    interpretation: str,
    key: str,
) -> None:
    missing = [
        name
        for name, absent in (
            ("match", judged is None),
            ("handling", judged is not None and judged.needs_handling and handling is None),
            ("rationale", not rationale.strip()),
        )
        if absent
    ]
    for name in missing:
        st.error(t(f"triangulation_page.missing_{name}"), icon=":material/error:")
    if missing or judged is None:
        return
    with session.shown_errors():
        confirm_verdict(
            study,
            row.theme,
            actor=session.coder(),
            rationale=rationale,
            coverage=judged.coverage,
            meaning=judged.meaning,
            prominence=judged.prominence,
            inconclusive=judged.id == "inconclusive",
            interpretation=interpretation,
            handling=handling,
        )
        forget_choices(key)
        named = verdict_name(shown_verdict(row) if judged is None else judged.id)
        session.notify(t("triangulation_page.stored", verdict=named))
        st.rerun()


def _place(choices: tuple[str, ...], chosen: str | None) -> int | None:
    return choices.index(chosen) if chosen in choices else None


def _coverage(chosen: str | None) -> Coverage:
    return next((each for each in get_args(Coverage) if each == chosen), "both")


def _match(chosen: str) -> Match:
    return "same" if chosen == "same" else "different"
