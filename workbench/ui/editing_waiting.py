"""Which interviews have codings that wait since their text was corrected, with the way to each."""

from __future__ import annotations

from typing import Any

import streamlit as st

from workbench.i18n import t
from workbench.services.reviewing import waiting_counts
from workbench.services.studies import Study
from workbench.services.transcripts import list_transcripts

MOST = 5


def show_waiting(study: Study, interviews_page: Any) -> None:
    """A line an interview, the first few of them; nothing if no coding waits."""
    waiting = waiting_counts(study)
    if not waiting:
        return
    listed = [facts for facts in list_transcripts(study) if facts.id in waiting]
    for facts in listed[:MOST]:
        st.page_link(
            interviews_page,
            label=t("editing.waiting_here", n=waiting[facts.id], transcript=facts.name),
            icon=":material/rule:",
            query_params={"transcript": str(facts.number), "view": "review"},
        )
