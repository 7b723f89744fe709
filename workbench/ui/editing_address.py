"""An address that asks for one interview of the list and for a view of it: `?transcript=3&view=edit`."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from workbench.i18n import t
from workbench.services.transcripts import TranscriptFacts
from workbench.ui import editing_screen, transcripts_list


def follow(facts: Sequence[TranscriptFacts]) -> None:
    """Open what the address asks for, once: afterwards the address is bare again."""
    asked = st.query_params.get("transcript")
    if asked is None:
        return
    view = st.query_params.get("view")
    st.query_params.clear()
    places = [place for place, row in enumerate(facts) if asked in (str(row.number), row.id, row.name)]
    if not places:
        st.toast(t("coding.unknown_transcript", number=asked), icon=":material/error:")
        return
    transcripts_list.open_row(places[0])
    if view in editing_screen.VIEWS:
        st.session_state[f"{editing_screen.VIEW}.{facts[places[0]].id}"] = view
