"""What a new text does to codings: how many stay, move, change or are lost; those to look at, old and new."""

from __future__ import annotations

import streamlit as st

from workbench.i18n import t
from workbench.services.editing import STATUSES, CodingFate, TextChange
from workbench.ui.coding_material import CodeList
from workbench.ui.editing_marks import code_head, lines_html, marked

A_PAGE = 20


def show_fates(change: TextChange, codes: CodeList, *, key: str) -> None:
    """The counts, and a page of the codings whose words change or are lost."""
    counts = {status: change.counts[status] for status in STATUSES}
    if not any(counts.values()):
        st.caption(t("transcripts.review.fates_none"))
        return
    st.markdown("**" + " · ".join(t(f"transcripts.fate.{name}", n=n) for name, n in counts.items()) + "**")
    touched = sorted(
        (fate for fate in change.fates if fate.status in ("changed", "lost") or fate.found_again),
        key=lambda fate: fate.status != "lost",
    )
    if not touched:
        st.caption(t("transcripts.review.fates_all_kept"))
        return
    first = 0
    if len(touched) > A_PAGE:
        first = st.selectbox(
            t("editing.codings_shown"),
            range(0, len(touched), A_PAGE),
            format_func=lambda n: t(
                "editing.from_to", first=n + 1, last=min(n + A_PAGE, len(touched)), count=len(touched)
            ),
            key=f"{key}.page",
            width=260,
        )
    st.html("".join(_fate_html(fate, codes) for fate in touched[first : first + A_PAGE]))


def _fate_html(fate: CodingFate, codes: CodeList) -> str:
    status = t("editing.found_again") if fate.found_again else t(f"transcripts.review.fate_{fate.status}")
    head = code_head(codes.colors.get(fate.code, "transparent"), codes.label(fate.code), fate.coder, status)
    if fate.new_quote is None:
        return lines_html((t("texts.was"), marked(fate.old_quote, fate.old_quote)[0]), head=head)
    before, after = marked(fate.old_quote, fate.new_quote)
    return lines_html((t("texts.was"), before), (t("texts.now"), after), head=head)
