"""The versions of a text: who made which and how, any of them to read or go back to; a corrected file."""

from __future__ import annotations

import streamlit as st

import interviews
from workbench.i18n import t
from workbench.services.coding import undo
from workbench.services.editing import (
    preview_restore,
    preview_text,
    replace_text,
    restore_version,
)
from workbench.services.studies import Study
from workbench.services.text_versions import (
    VersionFacts,
    edit_to_undo,
    list_versions,
    version_transcript,
)
from workbench.services.transcripts import version_text
from workbench.ui import session
from workbench.ui.coding_material import read_codes
from workbench.ui.editing_fates import show_fates
from workbench.ui.editing_reading import version_html
from workbench.ui.moments import short_moment
from workbench.ui.row_choice import choose_row
from workbench.ui.uploads import given_file

KEY = "page.versions"
READING_HEIGHT = 520


def show(study: Study, transcript_id: str) -> None:
    """The list, newest first; below it the version whose row is selected, and the corrected file."""
    versions = list_versions(study, transcript_id)[::-1]
    row = choose_row([_row(facts) for facts in versions], key=f"{KEY}.{transcript_id}", most_height=260)
    _show_undo(study, transcript_id)
    if row is not None:
        _show_one(study, transcript_id, versions[row], next(each for each in versions if each.current))
    elif len(versions) > 1:
        st.caption(t("editing.select_version"))
    _show_upload(study, transcript_id)


def _row(facts: VersionFacts) -> dict[str, object]:
    state = "current" if facts.current else "taken_back" if facts.taken_back else ""
    counts = facts.counts
    return {
        t("editing.version.number"): facts.version,
        t("editing.version.state"): t(f"editing.version.{state}") if state else "",
        t("editing.version.at"): short_moment(facts.at),
        t("editing.version.author"): facts.author,
        t("editing.version.origin"): t(
            f"editing.version.origin_{facts.origin}", version=facts.restored_version or ""
        ),
        t("editing.version.file"): facts.source_name,
        t("editing.version.words"): facts.words,
        t("editing.version.codings"): " · ".join(
            t(f"transcripts.fate.{status}", n=n) for status, n in counts.items() if n
        ),
    }


def _show_undo(study: Study, transcript_id: str) -> None:
    version = edit_to_undo(study, transcript_id, actor=session.coder())
    if version is None:
        return
    pressed = st.button(
        t("editing.undo_version", version=version),
        icon=":material/undo:",
        key=f"{KEY}.undo.{transcript_id}",
        help=t("editing.undo_version_help"),
    )
    if pressed:
        undo(study, actor=session.coder(), only_own=True, transcript=transcript_id)
        session.notify(t("editing.version_undone", version=version))
        st.rerun()


def _show_one(study: Study, transcript_id: str, facts: VersionFacts, current: VersionFacts) -> None:
    shown = version_transcript(study, transcript_id, facts.version)
    codes = read_codes(study)
    st.markdown(f"##### {t('editing.version_title', version=facts.version)}")
    present = version_text(study, transcript_id, current.version)
    differs = shown.text != present
    marking = differs and st.toggle(
        t("editing.mark_differences"), value=True, key=f"{KEY}.mark.{transcript_id}"
    )
    legend = [t("editing.codings_then", n=len(shown.codings))]
    if marking:
        legend.append(t("editing.differences_legend"))
    elif not differs and not facts.current:
        legend.append(t("editing.same_words"))
    st.caption(" · ".join(legend))
    with st.container(height=READING_HEIGHT, border=True):
        st.html(version_html(shown, codes, present if marking else None))
    if facts.current:
        return
    with st.expander(t("editing.restore", version=facts.version), icon=":material/history:"):
        change = preview_restore(study, transcript_id, facts.version)
        if not change.changed:
            st.caption(t("editing.nothing_changed"))
            return
        show_fates(change, codes, key=f"{KEY}.fates.{transcript_id}.{facts.version}")
        pressed = st.button(
            t("editing.restore_button", version=facts.version),
            type="primary",
            key=f"{KEY}.restore.{transcript_id}.{facts.version}",
        )
    if pressed:
        change = restore_version(
            study,
            transcript_id,
            facts.version,
            actor=session.coder(),
            based_on=current.version,
        )
        session.notify(t("editing.restored", version=facts.version, now=change.version))
        st.rerun()


def _show_upload(study: Study, transcript_id: str) -> None:
    """A corrected file of this interview: what it would do, then a new version."""
    key = f"{KEY}.file.{transcript_id}.{st.session_state.get(f'{KEY}.round', 0)}"
    with st.expander(t("editing.corrected_file"), icon=":material/upload_file:"), session.shown_errors():
        upload = st.file_uploader(
            t("editing.choose_file"), type=[name.lstrip(".") for name in interviews.EXTENSIONS], key=key
        )
        if upload is None:
            st.caption(t("editing.corrected_file_explain"))
            return
        given = given_file(upload)
        kept = st.session_state.get(f"{KEY}.read")
        if kept is None or kept[0] != (key, given.sha256):
            kept = ((key, given.sha256), interviews.read_bytes(given.content, given.name))
            st.session_state[f"{KEY}.read"] = kept
        change = preview_text(study, transcript_id, kept[1])
        if not change.changed:
            st.info(t("editing.same_file"), icon=":material/content_copy:")
            return
        st.caption(t("editing.file_words", words=change.words, before=change.previous_words))
        show_fates(change, read_codes(study), key=f"{key}.fates")
        pressed = st.button(t("editing.save_file"), type="primary", key=f"{key}.save")
        if pressed:
            stored = replace_text(
                study,
                transcript_id,
                kept[1],
                actor=session.coder(),
                source=given,
                based_on=change.previous_version,
            )
            st.session_state[f"{KEY}.round"] = st.session_state.get(f"{KEY}.round", 0) + 1
            st.session_state.pop(f"{KEY}.read", None)
            session.notify(t("editing.saved", version=stored.version))
            st.rerun()
