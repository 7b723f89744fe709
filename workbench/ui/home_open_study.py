"""Building the demonstration, and opening a study that is there."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import streamlit as st

from workbench.errors import StudyNotFoundError, StudyVersionError
from workbench.i18n import t
from workbench.settings import load_settings
from workbench.ui import session
from workbench.ui.moments import short_moment

DEMONSTRATION = "demonstration"
SUFFIX = ".workbench"


def study_files(home: Path) -> list[Path]:
    """The studies in the user's folder and one level below it, last changed first."""
    found = [*home.glob(f"*{SUFFIX}"), *home.glob(f"*/*{SUFFIX}")]
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)


def show_demonstration() -> None:
    """Open the demonstration study, building it first if it is not there yet."""
    st.subheader(t("home.demonstration.title"))
    st.markdown(t("home.demonstration.text"))
    folder = load_settings().home / DEMONSTRATION
    file = folder / f"{DEMONSTRATION}{SUFFIX}"
    if file.is_file():
        if st.button(t("home.demonstration.open"), type="primary", key="home.demonstration.open"):
            _open(str(file))
    elif st.button(t("home.demonstration.try"), type="primary", key="home.demonstration.try"):
        _build_demonstration(folder)


def _build_demonstration(folder: Path) -> None:
    from workbench.demo.build import build_demo

    bar = st.progress(0.0, text=t("home.demonstration.begins"))
    # A click on any button ends the running script at its next word to the screen, and so the building.
    st.button(t("home.cancel"), key="home.demonstration.cancel")

    def on_step(done: int, total: int) -> None:
        bar.progress(done / total, text=t("home.demonstration.building", done=done, total=total))

    with session.shown_errors():
        built = build_demo(folder, on_step=on_step)
        session.open_in_session(built.study)
        st.rerun()


def show_open_study() -> None:
    """Choose one of the user's studies, or name any other."""
    st.subheader(t("home.open.title"))
    settings = load_settings()
    files = study_files(settings.home)
    if files:
        st.selectbox(
            t("home.open.file"),
            files,
            key="home.open.file",
            format_func=lambda path: f"{path.stem} · {short_moment(_changed(path))}",
        )
    else:
        st.markdown(t("home.open.none_yet"))
    st.text_input(
        t("home.open.path"),
        key="home.open.path",
        placeholder=t("home.open.path_example"),
        help=t("home.open.path_help"),
    )
    if st.button(t("home.open.button"), key="home.open.button"):
        path = str(st.session_state.get("home.open.path") or "").strip()
        chosen = path or (str(st.session_state["home.open.file"]) if files else "")
        if chosen.startswith("#") and settings.database_url is not None:
            chosen = settings.database_url.partition("#")[0] + chosen
        if chosen:
            _open(chosen)
        else:
            st.warning(t("home.open.choose"))


def _open(reference: str) -> None:
    try:
        session.open_in_session(reference)
    except StudyVersionError:
        st.error(t("home.open.newer"), icon=":material/error:")
    except StudyNotFoundError as error:
        st.error(t("home.open.failed"), icon=":material/error:")
        st.caption(str(error))
    else:
        st.rerun()


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime).astimezone()
