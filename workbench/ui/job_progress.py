"""A job on the screen: a bar, what is worked on, how many are done, how long it has taken, and cancelling."""

from __future__ import annotations

from typing import Any

import streamlit as st

from workbench.i18n import set_language, t
from workbench.jobs import Job, JobProgress
from workbench.ui import session

SHORT_WAIT_SECONDS = 0.8
REFRESH_SECONDS = 0.5


def settle(job: Job[Any]) -> None:
    """Give a job that is short the moment it needs, so that no bar flashes by."""
    job.wait(SHORT_WAIT_SECONDS)


def show_job(job: Job[Any], *, said: str, key: str) -> None:
    """Show a running job until it is over; then the page runs again.

    said : key of the text with a place `{at}` for what is worked on.
    """
    place = st.container()
    # First the button: a bar that is drawn anew may end the run before what comes after it.
    st.button(t("transcripts.cancel"), key=f"{key}.cancel", on_click=job.cancel, icon=":material/close:")
    with place:
        st.fragment(_draw, run_every=REFRESH_SECONDS)(job, said)


def _draw(job: Job[Any], said: str) -> None:
    set_language(session.language())
    if job.finished:
        st.rerun()
    now = job.progress()
    st.progress(now.share, text=_text(now, said))


def _text(now: JobProgress, said: str) -> str:
    if now.total and now.done >= now.total:
        doing = t("transcripts.import.finishing")
    else:
        doing = t(said, at=f"**{_plain(now.at)}**") if now.at else ""
    amount = t("transcripts.import.progress", done=now.done, total=now.total, seconds=int(now.seconds))
    return f"{doing} · {amount}" if doing else amount


def _plain(name: str) -> str:
    """A file's name without the signs that Markdown would take for its own."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]$#<>" else sign for sign in name)
