"""Comments, footnotes and endnotes that came with a file, with the words they stand on."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Protocol

import streamlit as st

from workbench.i18n import t
from workbench.services.transcript_notes import TranscriptMemo

NOTES_SHOWN = 200
QUOTE_SHOWN = 90


class Note(Protocol):
    """A note as the readers of files and the store give it."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def author(self) -> str: ...


def show_notes(text: str, notes: Sequence[Note]) -> None:
    """The notes in the order of the text."""
    st.html("".join(_note_html(text, note) for note in notes[:NOTES_SHOWN]))
    if len(notes) > NOTES_SHOWN:
        st.caption(t("transcripts.review.more_fates", n=len(notes) - NOTES_SHOWN))


def show_memos(memos: Sequence[TranscriptMemo]) -> None:
    """The memos on an interview."""
    lines = (
        f'<p dir="auto" style="margin:0 0 .7rem;font-size:.9rem;white-space:pre-line">{escape(memo.text)}<br>'
        f'<span style="opacity:.72">{escape(memo.coder)}</span></p>'
        for memo in memos[:NOTES_SHOWN]
    )
    st.html("".join(lines))
    if len(memos) > NOTES_SHOWN:
        st.caption(t("transcripts.review.more_fates", n=len(memos) - NOTES_SHOWN))


def _note_html(text: str, note: Note) -> str:
    kind = t(f"transcripts.note.{note.kind}")
    head = t("transcripts.note.by", kind=kind, author=note.author) if note.author else kind
    quote = text[note.start : note.end].replace("\n", " ")
    shown = quote if len(quote) <= QUOTE_SHOWN else f"{quote[:QUOTE_SHOWN].rstrip()} …"
    on = f'<i dir="auto">{escape(shown)}</i><br>' if shown else ""
    said = escape(note.text).replace("\n", "<br>")
    return (
        f'<p dir="auto" style="margin:0 0 .7rem;font-size:.9rem">{on}{said}<br>'
        f'<span style="opacity:.72">{escape(head)}</span></p>'
    )
