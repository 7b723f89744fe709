"""What a browser session remembers: language, open study and who codes; and how errors are shown."""

from __future__ import annotations

import functools
import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

import streamlit as st

from workbench.errors import USER_ERRORS, error_text
from workbench.i18n import LANGUAGES, Language, as_language, set_language, t
from workbench.services.studies import Study, describe_study, open_study
from workbench.settings import Settings, last_study, load_settings, remember_study

P = ParamSpec("P")
R = TypeVar("R")

STUDY = "study_reference"
LANGUAGE = "language"
CODER = "coder"
NOTICE = "notice"


def begin() -> None:
    """Set the language of this run and open the study opened last, once a session."""
    settings = load_settings()
    if STUDY not in st.session_state:
        st.session_state[STUDY] = last_study(settings)
    if CODER not in st.session_state:
        st.session_state[CODER] = settings.coder or _user_name()
    if LANGUAGE not in st.session_state:
        st.session_state[LANGUAGE] = _first_language(settings)
    set_language(as_language(st.session_state[LANGUAGE]))


def current_study() -> Study | None:
    """The open study, None if none is open or its file is gone (which is said once)."""
    reference = st.session_state.get(STUDY)
    if reference is None:
        return None
    try:
        return open_study(reference)
    except USER_ERRORS as error:
        st.session_state[STUDY] = None
        notify(error_text(error), icon=":material/error:")
        return None


def require_study() -> Study:
    """The open study; without one the page says what to do and ends."""
    study = current_study()
    if study is None:
        st.info(t("session.no_study"), icon=":material/folder_open:")
        st.stop()
    return study


def open_in_session(reference: str | Path) -> Study:
    """Open a study, remember it for the next start, and make it the session's."""
    study = open_study(reference)
    st.session_state[STUDY] = study.reference
    remember_study(load_settings(), study.reference)
    for key in [key for key in st.session_state if str(key).startswith("page.")]:
        del st.session_state[key]
    return study


def close_study() -> None:
    """Leave the study; it stays where it is."""
    st.session_state[STUDY] = None


def coder() -> str:
    """The name under which this session stores codings and changes."""
    return str(st.session_state.get(CODER) or _user_name())


def language() -> Language:
    """The language on the screen."""
    return as_language(st.session_state.get(LANGUAGE))


def notify(text: str, *, icon: str = ":material/check:") -> None:
    """Say something at the next run, wherever that is (a run that ends in a rerun would lose it)."""
    st.session_state.setdefault(NOTICE, []).append((text, icon))


def sidebar() -> None:
    """Study, coder and language, below the list of pages."""
    for text, icon in st.session_state.pop(NOTICE, []):
        st.toast(text, icon=icon)
    with st.sidebar:
        study = current_study()
        if study is not None:
            with shown_errors():
                st.caption(t("session.study"))
                st.markdown(f"**{describe_study(study).title}**")
        st.text_input(t("session.coder"), key=CODER, help=t("session.coder_help"))
        st.segmented_control(
            t("session.language"),
            LANGUAGES,
            key=LANGUAGE,
            format_func=lambda code: t(f"session.language_name.{code}"),
            required=True,
        )


def fragment(draw: Callable[P, R]) -> Callable[P, R]:
    """`st.fragment` for screen parts: run alone, they do not pass `begin` and so set the language themselves.

    draw : draws the part; what it returns is returned.
    """

    @functools.wraps(draw)
    def speaking(*args: P.args, **kwargs: P.kwargs) -> R:
        set_language(language())
        return draw(*args, **kwargs)

    return st.fragment(speaking)


@contextmanager
def shown_errors() -> Iterator[None]:
    """Show an error meant for the user where it happens; the rest of the page goes on."""
    try:
        yield
    except USER_ERRORS as error:
        st.error(error_text(error), icon=":material/error:")


def _first_language(settings: Settings) -> Language:
    if settings.language is not None:
        return settings.language
    reference = st.session_state.get(STUDY)
    try:
        if reference is not None:
            return describe_study(open_study(reference)).language
    except USER_ERRORS:
        st.session_state[STUDY] = None
    browser = (st.context.locale or "").split("-")[0].lower()
    return as_language("da" if browser in ("", "da", "nb", "nn", "no", "sv") else "en")


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "coder"
