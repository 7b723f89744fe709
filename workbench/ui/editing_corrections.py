"""Gathered corrections in words: which turn, what was done, and the words before and after."""

from __future__ import annotations

from html import escape

from interviews import differences
from workbench.i18n import t
from workbench.services.text_drafts import TextDraft
from workbench.services.text_turns import TurnEdit
from workbench.ui.editing_marks import after_words, before_words, merged
from workbench.ui.editing_times import time_text

SHOWN = 260
AROUND = 50


def correction_html(draft: TextDraft, place: int) -> str:
    """One correction as a paragraph."""
    edit = draft.edits[place]
    before = draft.words_before(place)
    said = f"<b>{escape(t('editing.correction_of', number=edit.turn + 1))}</b> {escape(_done(edit))}"
    words = _words(edit, before)
    return f'<div class="wb-diff" dir="auto">{said}{f"<br>{words}" if words else ""}</div>'


def _done(edit: TurnEdit) -> str:
    if edit.what != "change":
        return t(f"editing.did_{edit.what}")
    parts = []
    if edit.words is not None:
        parts.append(t("editing.did_words"))
    if edit.speaker is not None:
        parts.append(t("editing.did_speaker", name=edit.speaker or t("editing.nobody")))
    if edit.status is not None:
        parts.append(t("editing.did_status", status=t(f"segments.name.{edit.status}")))
    if edit.speaks_for is not None:
        parts.append(t("editing.did_speaks_for", name=edit.speaks_for or t("editing.nobody")))
    if edit.time_seconds is not None:
        time = "–" if edit.time_seconds == "" else time_text(edit.time_seconds)
        parts.append(t("editing.did_time", time=time))
    return ", ".join(parts)


def _words(edit: TurnEdit, before: str) -> str:
    if edit.what == "change":
        return _near_changes(before, edit.words) if edit.words is not None else ""
    if edit.what == "split":
        at = edit.at or 0
        head, tail = before[max(0, at - 60) : at].strip(), before[at : at + 60].strip()
        return f"…{escape(head)} <b>|</b> {escape(tail)}…"
    if edit.what == "delete":
        return f"<del>{escape(_short(before))}</del>"
    return f"<ins>{escape(_short(edit.words or ''))}</ins>" if edit.what == "insert" else ""


def _near_changes(before: str, after: str) -> str:
    """The words from shortly before the first change to shortly after the last."""
    pieces = differences(before, after)
    parts = []
    for place, piece in enumerate(pieces):
        if not piece.same:
            parts.append(merged(piece.old, piece.new))
        elif place == 0:
            parts.append(before_words(piece.new, AROUND))
        elif place == len(pieces) - 1:
            parts.append(after_words(piece.new, AROUND))
        elif len(piece.new) > 2 * AROUND:
            parts.append(after_words(piece.new, AROUND) + before_words(piece.new, AROUND))
        else:
            parts.append(f"<span>{escape(piece.new)}</span>")
    return " ".join(parts)


def _short(words: str) -> str:
    return words if len(words) <= SHOWN else f"{words[:SHOWN].rstrip()} …"
