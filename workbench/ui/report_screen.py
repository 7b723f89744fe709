"""The report page: what the report will hold, how it is to look, building it and taking it away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import streamlit as st

from workbench.display import format_number
from workbench.i18n import LANGUAGES, Language, as_language, t
from workbench.services.schemes import study_scheme
from workbench.services.studies import Study, describe_study, list_history
from workbench.services.transcripts import list_transcripts
from workbench.ui import session
from workbench.ui.uploads import label_uploaders

if TYPE_CHECKING:
    from workbench.services.reporting import Report, ReportFacts  # brings the drawing library

KEY = "page.report"
BUILT = f"{KEY}.built"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class _Wish:
    """How the report is to be: language, sections and house template."""

    language: Language
    sections: tuple[str, ...]
    template: bytes | None

    def signature(self, study: Study) -> tuple[object, ...]:
        """What a built report rests on; another signature asks for another report."""
        newest = list_history(study, limit=1)
        template = sha256(self.template).hexdigest() if self.template is not None else ""
        changes = newest[0].sequence if newest else 0
        return study.reference, changes, self.language, self.sections, template


def show(study: Study, *, page: Callable[[str], Any]) -> None:
    """The page as far as the study has come."""
    st.title(t("pages.report"))
    for missing, there in (
        ("scheme", study_scheme(study) is not None),
        ("transcripts", bool(list_transcripts(study))),
    ):
        if not there:
            st.info(t(f"report_page.no_{missing}"), icon=":material/info:")
            st.page_link(page(missing))
            return
    st.markdown(t("report_page.lead"))
    with session.shown_errors():
        _show_facts(study, page)
        wish = _show_wish(study)
        _show_building(study, wish)


def _show_facts(study: Study, page: Callable[[str], Any]) -> None:
    from workbench.services.reporting import report_facts

    facts = report_facts(study)
    with st.container(border=True):
        st.markdown(f"**{t('report_page.holds')}**")
        st.markdown(_facts_text(facts))
        verdicts = t("report_page.verdicts", n=facts.confirmed, of=facts.verdicts)
        if facts.stale:
            verdicts = f"{verdicts} {t('report_page.stale', n=facts.stale)}"
        st.markdown(verdicts)
        for name in facts.missing:
            st.markdown(f":material/info: {t(f'report_page.missing.{name}')}")
        if facts.confirmed < facts.verdicts or facts.stale:
            st.page_link(page("triangulation"), label=t("report_page.to_verdicts"))


def _facts_text(facts: ReportFacts) -> str:
    language = session.language()
    return " · ".join(
        t(f"report_page.count.{name}", n=n, number=format_number(n, 0, language))
        for name, n in (
            ("interviews", facts.interviews),
            ("codings", facts.codings),
            ("answers", facts.answers),
            ("estimates", facts.estimates),
        )
    )


def _show_wish(study: Study) -> _Wish:
    from workbench.services.reporting import SECTIONS

    first = describe_study(study).language
    with st.container(horizontal=True, gap="large"):
        language = st.segmented_control(
            t("report_page.language"),
            LANGUAGES,
            default=first,
            format_func=lambda code: t(f"session.language_name.{code}"),
            required=True,
            key=f"{KEY}.language",
        )
        chosen = st.pills(
            t("report_page.sections"),
            SECTIONS,
            default=SECTIONS,
            selection_mode="multi",
            format_func=lambda name: t(f"report_page.section.{name}"),
            key=f"{KEY}.sections",
        )
    label_uploaders()
    upload = st.file_uploader(
        t("report_page.template"),
        type=["docx", "dotx"],
        help=t("report_page.template_help"),
        key=f"{KEY}.template",
    )
    template = upload.getvalue() if upload is not None else None
    return _Wish(as_language(language), tuple(name for name in SECTIONS if name in chosen), template)


def _show_building(study: Study, wish: _Wish) -> None:
    if not wish.sections:
        st.info(t("report_page.no_sections"), icon=":material/checklist:")
        return
    signature = wish.signature(study)
    if st.button(t("report_page.build"), type="primary", icon=":material/description:", key=f"{KEY}.build"):
        st.session_state.pop(BUILT, None)
        st.session_state[BUILT] = (signature, _build(study, wish))
    built = st.session_state.get(BUILT)
    if built is None:
        return
    if built[0] != signature:
        st.info(t("report_page.changed"), icon=":material/update:")
        return
    _show_report(study, wish, built[1])


def _build(study: Study, wish: _Wish) -> Report:
    from workbench.services.reporting import compose_report

    with st.status(t("report_page.building"), expanded=True) as status:

        def on_part(name: str) -> None:
            text = t("report_page.layout") if name == "layout" else t(f"report_page.section.{name}")
            status.update(label=f"{t('report_page.building')} {text}")
            status.write(text)

        report = compose_report(
            study,
            language=wish.language,
            sections=wish.sections,
            template=wish.template,
            on_part=on_part,
        )
        status.update(label=t("report_page.done"), state="complete", expanded=False)
    return report


def _show_report(study: Study, wish: _Wish, report: Report) -> None:
    st.download_button(
        t("report_page.download"),
        report.content,
        file_name=f"{describe_study(study).name}-{wish.language}.docx",
        mime=DOCX,
        icon=":material/download:",
        type="primary",
        on_click="ignore",
        key=f"{KEY}.download",
    )
    language = session.language()
    counts = ((name, getattr(report, name)) for name in ("tables", "figures", "quotations"))
    size = format_number(len(report.content) / 1000, 0, language)
    st.caption(
        " · ".join([*(t(f"report_page.count.{name}", n=n, number=n) for name, n in counts), f"{size} kB"])
    )
    with st.expander(t("report_page.contents"), icon=":material/toc:", expanded=True):
        st.markdown("\n".join(_outline_lines(report)))


def _outline_lines(report: Report) -> Sequence[str]:
    """The headings, tables and figures as a list, deeper ones indented."""
    lines, level = [], 1
    for entry in report.outline:
        if entry.kind == "heading":
            level = entry.level
            text = f"**{entry.text}**" if level == 1 else entry.text
            lines.append(f"{'    ' * (level - 1)}- {text}")
        else:
            icon = ":material/table:" if entry.kind == "table" else ":material/bar_chart:"
            lines.append(f"{'    ' * level}- {icon} {entry.text}")
    return lines
