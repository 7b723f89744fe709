"""Beginning a study of one's own: title, language, coding scheme and questionnaire."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import streamlit as st

from workbench.i18n import LANGUAGES, Language, label, t
from workbench.services.studies import create_study
from workbench.settings import load_settings
from workbench.ui import session
from workbench.ui.home_open_study import SUFFIX
from workbench.ui.uploads import Upload, on_disk

NONE = "none"
UPLOAD = "upload"
SCHEME_TYPES = ("toml", "xlsx", "csv", "qdc")
INSTRUMENT_TYPES = ("toml", "xlsx")


def show_new_study() -> None:
    """The choices of a new study and the button that makes it."""
    st.subheader(t("home.new.title"))
    title = st.text_input(t("home.new.name"), key="home.new.name", placeholder=t("home.new.name_example"))
    language = st.segmented_control(
        t("home.new.language"),
        LANGUAGES,
        default=session.language(),
        key="home.new.language",
        format_func=lambda code: t(f"session.language_name.{code}"),
        help=t("home.new.language_help"),
        required=True,
    )
    scheme = _choice("scheme", _shipped_schemes(), SCHEME_TYPES)
    instrument = _choice("instrument", _shipped_instruments(), INSTRUMENT_TYPES)
    if st.button(t("home.new.button"), key="home.new.button"):
        if not title.strip():
            st.warning(t("home.new.name_missing"))
        elif UPLOAD in (scheme, instrument):
            st.warning(t("home.new.file_missing"))
        else:
            with session.shown_errors():
                _create(title.strip(), language or "da", scheme, instrument)


def _choice(kind: str, shipped: Sequence[str], types: Sequence[str]) -> str | Upload | None:
    """A shipped name, an uploaded file, None for none, or UPLOAD while the file is missing."""
    chosen = st.selectbox(
        t(f"home.new.{kind}"),
        [*shipped, UPLOAD, NONE],
        key=f"home.new.{kind}",
        format_func=lambda name: _option_label(kind, name),
    )
    if chosen == UPLOAD:
        upload: Upload | None = st.file_uploader(
            t(f"home.new.{kind}_file"), type=list(types), key=f"home.new.{kind}_file"
        )
        return upload or UPLOAD
    return None if chosen == NONE else chosen


def _option_label(kind: str, name: str) -> str:
    if name in (NONE, UPLOAD):
        return t(f"home.new.{kind}_{name}")
    return label(dict(_shipped_labels(kind)[name]))


@cache
def _shipped_labels(kind: str) -> dict[str, dict[str, str]]:
    if kind == "scheme":
        from coding_schemes import load_scheme

        return {name: dict(load_scheme(name).label) for name in _shipped_schemes()}
    from quant import load_instrument

    return {name: dict(load_instrument(name).label) for name in _shipped_instruments()}


def _shipped_schemes() -> tuple[str, ...]:
    from coding_schemes import list_schemes

    return list_schemes()


def _shipped_instruments() -> tuple[str, ...]:
    from quant import list_instruments

    return tuple(list_instruments())


def _create(
    title: str, language: Language, scheme: str | Upload | None, instrument: str | Upload | None
) -> None:
    home = load_settings().home
    home.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        sources = [
            source if source is None or isinstance(source, str) else stack.enter_context(on_disk(source))
            for source in (scheme, instrument)
        ]
        study = create_study(
            _free_path(home, title),
            title=title,
            language=language,
            scheme=sources[0],
            instrument=sources[1],
            actor=session.coder(),
        )
    session.open_in_session(study.reference)
    session.notify(t("home.new.made", title=title))
    st.rerun()


def _free_path(home: Path, title: str) -> Path:
    """A file in the user's folder, named after the title, that is not there yet."""
    letters = title.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    plain = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "study"
    path, number = home / f"{stem}{SUFFIX}", 2
    while path.exists():
        path, number = home / f"{stem}-{number}{SUFFIX}", number + 1
    return path
