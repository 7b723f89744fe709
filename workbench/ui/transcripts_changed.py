"""A file of which the study has a transcript: what differs, what becomes of the codings, and what to do."""

from __future__ import annotations

from html import escape

import streamlit as st

from workbench.i18n import t
from workbench.services.editing import CodingFate, TextChange, preview_text
from workbench.services.importing import ImportDraft, StoredMatch
from workbench.services.studies import Study
from workbench.ui import session
from workbench.ui.transcripts_drafts import correct, is_stored, key_of, value_of

CHOICES = ("version", "new", "skip")
STATUSES = ("kept", "moved", "changed", "lost")
FATES_SHOWN = 25
FATES_WITHOUT_SCROLLING = 3
QUOTE_SHOWN = 160


def show_match(study: Study, index: int, draft: ImportDraft) -> None:
    """The choice of what is done with the file, and for a changed one what it does to the codings."""
    match = draft.match
    if match is not None and match.kind == "changed":
        _show_changed(study, index, draft, match)
        return
    if match is not None and match.kind == "same_text":
        st.info(t("transcripts.review.same_title", name=match.name), icon=":material/content_copy:")
    st.checkbox(
        t("transcripts.review.keep"),
        value=draft.decision != "skip",
        disabled=is_stored(draft),
        help=t("transcripts.review.has_it", name=match.name) if match is not None else None,
        key=key_of(index, "keep"),
        on_change=_keep,
        args=(index,),
    )


def _show_changed(study: Study, index: int, draft: ImportDraft, match: StoredMatch) -> None:
    assert draft.transcript is not None
    with st.container(border=True):
        st.markdown(
            f":material/sync: {t('transcripts.review.changed_title', name=match.name)} "
            + t("transcripts.review.changed_share", percent=round(100 * match.share))
        )
        st.radio(
            t("transcripts.review.changed_choice"),
            CHOICES,
            index=CHOICES.index(draft.decision),
            format_func=lambda choice: t(f"transcripts.review.choice_{choice}", name=match.name),
            key=key_of(index, "decision"),
            on_change=_decide,
            args=(index,),
        )
        if draft.decision == "version":
            with session.shown_errors():
                _show_fates(preview_text(study, match.transcript_id, draft.transcript))


def _show_fates(change: TextChange) -> None:
    """How many codings stay, move, change or are lost; those to look at with their words before and after."""
    counts = {status: change.counts.get(status, 0) for status in STATUSES}
    if not any(counts.values()):
        st.caption(t("transcripts.review.fates_none"))
        return
    st.markdown(" · ".join(t(f"transcripts.fate.{name}", n=n) for name, n in counts.items() if n))
    touched = [fate for fate in change.fates if fate.status in ("changed", "lost")]
    if not touched:
        st.caption(t("transcripts.review.fates_all_kept"))
        return
    with st.container(height=300 if len(touched) > FATES_WITHOUT_SCROLLING else "content", border=False):
        st.html("".join(_fate_html(fate) for fate in touched[:FATES_SHOWN]))
        if len(touched) > FATES_SHOWN:
            st.caption(t("transcripts.review.more_fates", n=len(touched) - FATES_SHOWN))


def _fate_html(fate: CodingFate) -> str:
    lines = [t("transcripts.review.fate_before", quote=_short(fate.old_quote))]
    if fate.new_quote is not None:
        lines.append(t("transcripts.review.fate_after", quote=_short(fate.new_quote)))
    said = "<br>".join(escape(line) for line in lines)
    head = f"{t(f'transcripts.review.fate_{fate.status}')} · {fate.code} · {fate.coder}"
    return f'<p dir="auto" style="margin:0 0 .6rem;font-size:.9rem"><b>{escape(head)}</b><br>{said}</p>'


def _short(quote: str) -> str:
    return quote if len(quote) <= QUOTE_SHOWN else f"{quote[:QUOTE_SHOWN].rstrip()} …"


def _keep(index: int) -> None:
    correct(index, decision="new" if value_of(index, "keep") else "skip")


def _decide(index: int) -> None:
    correct(index, decision=value_of(index, "decision"))
