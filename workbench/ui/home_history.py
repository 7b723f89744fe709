"""The last changes in words, and taking one's own newest change back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Protocol

import streamlit as st

from workbench.i18n import catalogue, get_language, label, t
from workbench.services import coding
from workbench.services.schemes import code_uses
from workbench.services.studies import HistoryEntry, Study, list_history
from workbench.services.transcripts import list_transcripts
from workbench.ui import session
from workbench.ui.moments import short_moment

ENTRIES_READ = 400
LINES_SHOWN = 8


class Change(Protocol):
    """An entry of the log, as the history gives it and as an undo returns it."""

    @property
    def action(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def before(self) -> Mapping[str, Any] | None: ...
    @property
    def after(self) -> Mapping[str, Any] | None: ...


@dataclass(frozen=True)
class HistoryLine:
    """Changes of one kind that somebody made one after the other."""

    at: datetime
    actor: str
    words: str


@dataclass(frozen=True)
class _Names:
    """Labels of codes and names of transcripts by their ids."""

    codes: Mapping[str, str]
    transcripts: Mapping[str, str]


def show_history(study: Study) -> None:
    """The last changes, and the buttons that take back and do again."""
    st.subheader(t("home.history"))
    lines = history_lines(study)
    if not lines:
        st.caption(t("home.no_history"))
        return
    st.markdown(
        "\n".join(f"- {short_moment(line.at)} · **{line.actor or '–'}** {line.words}" for line in lines)
    )
    with st.container(horizontal=True):
        if st.button(t("home.undo"), key="home.undo", icon=":material/undo:", help=t("home.undo_help")):
            _take_back(study, coding.undo)
        if st.button(t("home.redo"), key="home.redo", icon=":material/redo:"):
            _take_back(study, coding.redo)


def history_lines(study: Study, *, limit: int = LINES_SHOWN) -> list[HistoryLine]:
    """The newest changes first; a row of like changes by one person is one line."""
    entries = list_history(study, limit=ENTRIES_READ)
    names = _names(study)
    lines = []
    for _, group in groupby(entries, key=lambda entry: (entry.actor, entry.action, entry.kind)):
        run = list(group)
        lines.append(HistoryLine(run[0].at, run[0].actor, _words(run, names)))
        if len(lines) == limit:
            break
    return lines


def _take_back(study: Study, change: Callable[..., Sequence[Change]]) -> None:
    with session.shown_errors():
        changes = change(study, actor=session.coder(), only_own=True)
        if changes:
            session.notify(f"{session.coder()} {change_in_words(changes[0], _names(study))}.")
        else:
            session.notify(t("home.nothing_to_take_back"), icon=":material/info:")
        st.rerun()


def _words(run: Sequence[HistoryEntry], names: _Names) -> str:
    if len(run) == 1:
        return change_in_words(run[0], names)
    entry = run[0]
    key = f"home.many.{entry.action.replace('.', '_')}"
    if key not in catalogue(get_language()):
        key = "home.many.other"
    return _with_kind(entry.kind, t(key, n=len(run)))


def change_in_words(change: Change, names: _Names) -> str:
    """One change as the end of a sentence that begins with who made it."""
    key = f"home.did.{change.action.replace('.', '_')}"
    if key not in catalogue(get_language()):
        key = "home.did.other"
    # What an undo took away stands in `before`, and the other way round.
    values = {**(change.before or {}), **(change.after or {})}
    words = t(
        key,
        code=names.codes.get(str(values.get("code_id")), t("home.a_code")),
        transcript=_transcript(values, names),
        file=values.get("file") or values.get("file_name") or "",
        name=values.get("key") or values.get("title") or "",
    )
    return _with_kind(change.kind, words)


def _with_kind(kind: str, words: str) -> str:
    return t(f"home.{kind}_of", words=words) if kind in ("undo", "redo") else words


def _transcript(values: Mapping[str, Any], names: _Names) -> str:
    by_id = names.transcripts.get(str(values.get("transcript_id")))
    return by_id or str(values.get("name") or t("home.an_interview"))


def _names(study: Study) -> _Names:
    return _Names(
        codes={use.code.uid: label(use.code.label) for use in code_uses(study)},
        transcripts={facts.id: facts.name for facts in list_transcripts(study)},
    )
