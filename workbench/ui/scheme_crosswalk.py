"""Which numbers each theme may stand beside, and at which level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from coding_schemes import Scheme
from quant import Instrument
from workbench.display import Column, TableSpec
from workbench.i18n import label, t
from workbench.services.effects import StoredEstimate, list_estimates
from workbench.services.linking import StoredLink, list_links
from workbench.services.studies import Study
from workbench.services.surveys import study_instrument
from workbench.services.terms import term_label
from workbench.ui import session
from workbench.ui.tables import show_table


def show(study: Study, scheme: Scheme) -> None:
    """The table of links, and the themes that have none."""
    links = list_links(study)
    st.markdown(t("scheme.crosswalk.text"))
    if links:
        estimates = {stored.id: stored for stored in list_estimates(study)}
        show_table(crosswalk_table(scheme, links, study_instrument(study), estimates), title=False)
    linked = {link.theme.partition("/")[0] for link in links}
    silent = [label(theme.label) for theme in scheme.themes if theme.path not in linked]
    if silent:
        st.caption(t("scheme.crosswalk.silent", themes=", ".join(silent)))


def crosswalk_table(
    scheme: Scheme,
    links: Sequence[StoredLink],
    instrument: Instrument | None,
    estimates: Mapping[str, StoredEstimate],
) -> TableSpec:
    """One row a link, under the heading of its theme."""
    language = session.language()
    themes = {code.path: label(code.label) for code in scheme.codes}
    rows, sections, before = [], [], None
    for index, link in enumerate(links):
        if link.theme != before:
            sections.append((index, themes.get(link.theme, link.theme)))
            before = link.theme
        split = t("scheme.crosswalk.by", name=link.by) if link.by else ""
        rows.append(
            (
                t(f"scheme.crosswalk.kind.{link.target.kind}"),
                target_label(link, scheme, instrument, estimates) + split,
                t(f"triangulation.level.{link.level}.name"),
                label(link.note),
            )
        )
    names = ("kind", "target", "level", "note")
    return TableSpec(
        key="crosswalk",
        title=t("scheme.view_crosswalk"),
        columns=tuple(Column(name, t(f"scheme.crosswalk.column.{name}")) for name in names),
        rows=tuple(rows),
        sections=tuple(sections),
        language=language,
    )


def target_label(
    link: StoredLink,
    scheme: Scheme,
    instrument: Instrument | None,
    estimates: Mapping[str, StoredEstimate],
) -> str:
    """What the number is called in the questionnaire or the scheme; its own name where neither has one."""
    kind, name = link.target.kind, link.target.id
    if instrument is not None and kind == "factor":
        factor = next((factor for factor in instrument.factors if factor.id == name), None)
        return _with_respondent(factor.label, factor.solution, instrument) if factor is not None else name
    if instrument is not None and kind == "indicator":
        item = next((item for item in instrument.items if item.id == name), None)
        if item is None:
            return name
        return _with_respondent(item.label, item.respondent, instrument)
    language = session.language()
    if kind == "estimate" and name in estimates:
        value = estimates[name].value
        parts = (term_label(scheme, value.outcome, language), term_label(scheme, value.subgroup, language))
        return ", ".join([*parts, value.period] if value.period else parts)
    return term_label(scheme, name, language)


def _with_respondent(labels: Mapping[str, str], respondent: str, instrument: Instrument) -> str:
    """The label with who answers, where that is one of the respondents."""
    named = next((each.label for each in instrument.respondents if each.id == respondent), None)
    return f"{label(labels)} ({label(named).lower()})" if named else label(labels)
