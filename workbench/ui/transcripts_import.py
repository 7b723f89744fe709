"""Importing interviews: choose files, look at what was recognised, save, read the report."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from workbench.i18n import t
from workbench.services.importing import ImportDraft, ImportedTranscript, draft_transcripts, save_transcripts
from workbench.services.studies import Study
from workbench.ui import session
from workbench.ui.actor_groups import group_label, group_labels
from workbench.ui.transcripts_list import go_to_list
from workbench.ui.transcripts_problems import problem_text
from workbench.ui.transcripts_review import DRAFTS, begin_review, drafts_to_save, end_review, show_review
from workbench.ui.uploads import given_file

REPORT = "page.import.report"
WANTED = "page.import.wanted"
ROUND = "page.import.round"


def show(study: Study) -> None:
    """The step that the import is at."""
    if REPORT in st.session_state:
        _show_report(st.session_state[REPORT])
    elif DRAFTS in st.session_state:
        _show_review(study)
    else:
        _show_choice(study)


def _show_choice(study: Study) -> None:
    labels = group_labels(study)
    turn = st.session_state.get(ROUND, 0)
    st.markdown(t("transcripts.import.text"))
    uploads = st.file_uploader(
        t("transcripts.import.files"), accept_multiple_files=True, key=f"page.import.files.{turn}"
    )
    left, right = st.columns(2, gap="large")
    group = left.selectbox(
        t("transcripts.import.group"),
        ["", *labels],
        key="page.import.group",
        format_func=lambda name: group_label(name, labels) if name else t("transcripts.import.guess"),
        help=t("transcripts.import.group_help"),
    )
    participants = right.file_uploader(
        t("transcripts.import.participants"),
        type=["csv", "xlsx"],
        key=f"page.import.participants.{turn}",
        help=t("transcripts.import.participants_help"),
    )
    read = st.button(
        t("transcripts.import.read"), type="primary", disabled=not uploads, key="page.import.read"
    )
    if not read:
        return
    bar = st.progress(0.0, text=t("transcripts.import.reading", done=0, total=len(uploads)))
    # A click on any button ends the running script at its next word to the screen, and so the reading.
    st.button(t("transcripts.cancel"), key="page.import.cancel_reading")

    def on_step(done: int, total: int) -> None:
        bar.progress(done / total, text=t("transcripts.import.reading", done=done, total=total))

    with session.shown_errors():
        drafts = draft_transcripts(
            study,
            [given_file(upload) for upload in uploads],
            actor_group=group or None,
            participants=given_file(participants) if participants is not None else None,
            on_step=on_step,
        )
        begin_review(drafts)
        # A fresh uploader lets go of the files, which sit in memory for as long as it shows them.
        st.session_state[ROUND] = turn + 1
        st.rerun()


def _show_review(study: Study) -> None:
    drafts: list[ImportDraft] = st.session_state[DRAFTS]
    _show_failures([draft for draft in drafts if draft.transcript is None])
    readable = [draft for draft in drafts if draft.transcript is not None]
    if readable:
        show_review(study)
    wanted = drafts_to_save()
    with st.container(horizontal=True):
        save = st.button(
            t("transcripts.import.save", n=len(wanted)),
            type="primary",
            disabled=not wanted,
            key="page.import.save",
        )
        st.button(t("transcripts.import.drop"), on_click=end_review, key="page.import.drop")
    if save:
        _save(study, wanted)


def _save(study: Study, drafts: Sequence[ImportDraft]) -> None:
    """Store the drafts one by one, so that what is stored is reported even if the rest is cancelled."""
    bar = st.progress(0.0)
    st.button(t("transcripts.cancel"), key="page.import.cancel_saving", on_click=end_review)
    report: list[ImportedTranscript] = []
    st.session_state[WANTED] = len(drafts)
    with session.shown_errors():
        for done, draft in enumerate(drafts, start=1):
            report += save_transcripts(study, [draft], actor=session.coder())
            st.session_state[REPORT] = report
            bar.progress(
                done / len(drafts),
                text=t("transcripts.import.saving", done=done, total=len(drafts)),
            )
        end_review()
        st.rerun()


def _show_failures(failed: Sequence[ImportDraft]) -> None:
    if not failed:
        return
    with st.container(border=True):
        st.markdown(f":material/error: **{t('transcripts.import.failed', n=len(failed))}**")
        st.markdown("\n".join(f"- **{draft.file_name}**: {problem_text(draft)}" for draft in failed))


def _show_report(report: Sequence[ImportedTranscript]) -> None:
    imported = [line for line in report if line.status == "imported"]
    st.success(
        t(
            "transcripts.import.imported",
            n=len(imported),
            words=_number(sum(line.words for line in imported)),
        ),
        icon=":material/check:",
    )
    not_saved = st.session_state.get(WANTED, len(report)) - len(report)
    if not_saved > 0:
        st.warning(t("transcripts.import.cancelled", n=not_saved), icon=":material/info:")
    for line in report:
        if line.status == "same_file":
            st.markdown(f"- **{line.file_name}**: {t('transcripts.import.same_file', name=line.name)}")
        elif line.status == "failed":
            st.markdown(f"- **{line.file_name}**: {line.message}")
    with st.container(horizontal=True):
        st.button(t("transcripts.import.see"), type="primary", on_click=_leave_report, key="page.import.see")
        st.button(t("transcripts.import.more"), on_click=_end_report, key="page.import.more")


def _end_report() -> None:
    st.session_state.pop(REPORT, None)


def _leave_report() -> None:
    _end_report()
    go_to_list()


def _number(value: int) -> str:
    from workbench.display import format_number

    return format_number(value, 0, session.language())
