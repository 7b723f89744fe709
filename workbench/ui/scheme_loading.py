"""Loading a scheme into the study, and taking it away in each format."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

import streamlit as st

from coding_schemes import Scheme, SchemeError, list_schemes, load_scheme, save_scheme
from workbench.errors import error_text
from workbench.i18n import label, t
from workbench.services.schemes import SchemeChange, code_uses, set_scheme, study_scheme
from workbench.services.studies import Study
from workbench.ui import session
from workbench.ui.uploads import on_disk

FORMATS = ("xlsx", "toml", "csv", "qdc")
UPLOAD = "upload"
CHANGE = "page.scheme.change"
CHANGES = ("added", "changed", "retired", "removed")


def show(study: Study) -> None:
    """Choose a shipped scheme or a file, see what it would take away, and load it."""
    st.subheader(t("scheme.load.title"))
    scheme = _chosen()
    if scheme is None:
        return
    st.markdown(
        t(
            "scheme.load.found",
            label=label(scheme.label) or scheme.id,
            themes=len(scheme.themes),
            codes=len(scheme.codes),
            links=len(scheme.crosswalk),
        )
    )
    current = study_scheme(study)
    if current is not None and current.actor_groups and not scheme.actor_groups:
        st.warning(t("scheme.load.no_groups"), icon=":material/info:")
    uses = code_uses(study)
    wanted = {code.path for code in scheme.codes}
    lost = [use for use in uses if not use.retired and use.code.path not in wanted]
    kept = [use for use in lost if use.codings]
    if lost:
        st.warning(t("scheme.load.lost", n=len(lost), kept=len(kept)), icon=":material/info:")
    if st.button(t("scheme.load.button"), type="primary", key="page.scheme.load"):
        with session.shown_errors():
            st.session_state[CHANGE] = set_scheme(study, scheme, actor=session.coder())
            session.notify(t("scheme.load.done", label=label(scheme.label) or scheme.id))
            st.rerun()


def _chosen() -> Scheme | None:
    chosen = st.selectbox(
        t("scheme.load.source"),
        [*list_schemes(), UPLOAD],
        key="page.scheme.source",
        format_func=lambda name: (
            t("scheme.load.upload") if name == UPLOAD else label(load_scheme(name).label)
        ),
    )
    if chosen != UPLOAD:
        return load_scheme(chosen)
    upload = st.file_uploader(t("scheme.load.file"), type=list(FORMATS), key="page.scheme.file")
    if upload is None:
        return None
    try:
        with on_disk(upload) as path:
            return load_scheme(path)
    except SchemeError as error:
        st.error(t("scheme.load.failed", file=upload.name), icon=":material/error:")
        st.caption(error_text(error))
        return None


def show_last_change() -> None:
    """What loading a scheme did to the codes, until it is put away."""
    change: SchemeChange | None = st.session_state.get(CHANGE)
    if change is None:
        return
    with st.container(border=True):
        st.markdown(f"**{t('scheme.change.title')}**")
        for name in CHANGES:
            paths = getattr(change, name)
            if paths:
                st.markdown(f"{t(f'scheme.change.{name}', n=len(paths))} {_listed(paths)}")
        if not any(getattr(change, name) for name in CHANGES):
            st.markdown(t("scheme.change.nothing"))
        st.button(t("scheme.change.close"), on_click=_put_away, key="page.scheme.put_away")


def _put_away() -> None:
    st.session_state.pop(CHANGE, None)


def _listed(paths: tuple[str, ...], *, at_most: int = 12) -> str:
    more = f" … (+{len(paths) - at_most})" if len(paths) > at_most else ""
    return ", ".join(f"`{path}`" for path in paths[:at_most]) + more


def show_downloads(scheme: Scheme) -> None:
    """A button for each format, with what the format holds."""
    st.subheader(t("scheme.download.title"))
    st.caption(t("scheme.download.text"))
    language = session.language() if session.language() in scheme.languages else scheme.languages[0]
    with st.container(horizontal=True):
        for ending in FORMATS:
            st.download_button(
                t(f"scheme.download.{ending}"),
                data=partial(_file_content, scheme, ending, language),
                file_name=f"{scheme.id}.{ending}",
                key=f"page.scheme.download.{ending}",
                icon=":material/download:",
                on_click="ignore",
            )


def _file_content(scheme: Scheme, ending: str, language: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = save_scheme(scheme, Path(folder) / f"{scheme.id}.{ending}", language=language)
        return path.read_bytes()
