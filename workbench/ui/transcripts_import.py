"""Importing interviews: choose files, read them, look at what was recognised, save, read the report.

Reading and saving are jobs of the session: leaving the page and coming back finds them where they are.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from workbench.i18n import t
from workbench.jobs import Job, JobCancelledError, Steps, start_job
from workbench.services.files import OfferedFile
from workbench.services.importing import (
    ImportDraft,
    ImportedTranscript,
    ParticipantSheet,
    draft_transcripts,
    participant_sheet,
    save_transcripts,
)
from workbench.services.studies import Study
from workbench.ui import session
from workbench.ui.actor_groups import group_label, group_labels
from workbench.ui.job_progress import settle, show_job
from workbench.ui.transcripts_drafts import (
    DRAFTS,
    SHEET,
    begin_review,
    drafts_to_report,
    drafts_to_save,
    drafts_under_review,
    end_review,
)
from workbench.ui.transcripts_problems import problem_text
from workbench.ui.transcripts_report import REPORT, show_report
from workbench.ui.transcripts_review import sheet_rows_left, show_review
from workbench.ui.uploads import given_file

READING = "page.import.reading"
SAVING = "page.import.saving"
CANCELLED = "page.import.cancelled"
ROUND = "page.import.round"
FAILURES_IN_FULL = 3


@dataclass(frozen=True)
class _Given:
    """What somebody chose to have read."""

    files: tuple[OfferedFile, ...]
    group: str | None
    sheet: ParticipantSheet | None


def show(study: Study) -> None:
    """The step that the import is at."""
    _take_over_saving()
    _take_over_reading()
    if SAVING in st.session_state:
        show_job(st.session_state[SAVING], said="transcripts.import.saving_file", key="page.import.saving")
    elif READING in st.session_state:
        job, _given = st.session_state[READING]
        show_job(job, said="transcripts.import.reading_file", key="page.import.reading")
    elif REPORT in st.session_state:
        show_report(st.session_state[REPORT])
    elif DRAFTS in st.session_state:
        _show_review(study)
    else:
        _show_choice(study)


def _show_choice(study: Study) -> None:
    _offer_again(study)
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
    with session.shown_errors():
        sheet = participant_sheet(study, given_file(participants)) if participants is not None else None
        files = tuple(OfferedFile(upload.name, upload.size, upload.getvalue) for upload in uploads)
        _start_reading(study, _Given(files, group or None, sheet))
        st.rerun()


def _offer_again(study: Study) -> None:
    """After a reading that was cancelled: its files, which the uploader let go of, can be read again."""
    given: _Given | None = st.session_state.get(CANCELLED)
    if given is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/info: {t('transcripts.import.reading_cancelled')}")
        if st.button(t("transcripts.import.read_again", n=len(given.files)), key="page.import.again"):
            _start_reading(study, given)
            st.rerun()


def _start_reading(study: Study, given: _Given) -> None:
    st.session_state.pop(CANCELLED, None)

    def read(steps: Steps) -> list[ImportDraft]:
        return draft_transcripts(
            study,
            given.files,
            actor_group=given.group,
            participants=given.sheet,
            on_step=steps.step,
            on_file=steps.working_on,
        )

    job = start_job(read, total=len(given.files))
    st.session_state[READING] = (job, given)
    settle(job)


def _take_over_reading() -> None:
    """Put what was read up for review; a reading that was cancelled leads back to the choice of files."""
    if READING not in st.session_state:
        return
    job: Job[list[ImportDraft]]
    job, given = st.session_state[READING]
    if not job.finished:
        return
    del st.session_state[READING]
    try:
        with session.shown_errors():
            begin_review(job.result(), given.sheet)
            # A fresh uploader lets go of the files, which sit in memory for as long as it shows them.
            st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    except JobCancelledError:
        st.session_state[CANCELLED] = given
    except Exception:  # a fault of a reader must not take the page and its files away
        logging.getLogger(__name__).exception("reading files failed")
        st.error(t("transcripts.import.failed_unexpectedly"), icon=":material/error:")


def _show_review(study: Study) -> None:
    drafts = drafts_under_review()
    _show_failures([draft for draft in drafts if draft.transcript is None])
    _show_sheet()
    if any(draft.transcript is not None for draft in drafts):
        show_review(study)
    wanted = drafts_to_save()
    with st.container(horizontal=True):
        save = st.button(
            t("transcripts.import.save", n=len(wanted)),
            type="primary",
            disabled=not wanted,
            key="page.import.save",
        )
        drop = st.button(t("transcripts.import.drop"), key="page.import.drop")
    if drop:
        # Not as a callback: a field that was left with this very click has one too, and needs its draft.
        end_review()
        st.rerun()
    if save:
        _start_saving(study, drafts_to_report())
        st.rerun()


def _start_saving(study: Study, drafts: Sequence[ImportDraft]) -> None:
    """Store the drafts in a thread that goes on even if the browser is closed."""
    actor = session.coder()

    def save(steps: Steps) -> list[ImportedTranscript]:
        return save_transcripts(
            study,
            drafts,
            actor=actor,
            on_step=steps.count,
            on_file=steps.note,
            is_cancelled=lambda: steps.cancelled,
        )

    job = start_job(save, total=len(drafts), when_abandoned="finish")
    st.session_state[SAVING] = job
    settle(job)


def _take_over_saving() -> None:
    job: Job[list[ImportedTranscript]] | None = st.session_state.get(SAVING)
    if job is None or not job.finished:
        return
    del st.session_state[SAVING]
    with session.shown_errors():
        st.session_state[REPORT] = job.result()
        end_review()


def _show_failures(failed: Sequence[ImportDraft]) -> None:
    if not failed:
        return
    with st.expander(
        f"**{t('transcripts.import.failed', n=len(failed))}**",
        icon=":material/error:",
        expanded=len(failed) <= FAILURES_IN_FULL,
    ):
        st.markdown("\n".join(f"- **{draft.file_name}**: {problem_text(draft)}" for draft in failed))


def _show_sheet() -> None:
    """What the columns of the sheet were taken for, and the rows that no file got."""
    sheet: ParticipantSheet | None = st.session_state.get(SHEET)
    if sheet is None:
        return
    columns = ", ".join(
        t(f"transcripts.import.sheet_field_{field}", heading=heading)
        for heading, field in sheet.columns.items()
    )
    said = t("transcripts.import.sheet_read", file=sheet.file_name, columns=columns, n=len(sheet.interviews))
    left = sheet_rows_left()
    if left:
        said += " " + t("transcripts.import.sheet_left", rows=", ".join(left))
    st.caption(said)
