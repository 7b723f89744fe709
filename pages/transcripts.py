"""Interviews: what the study has, and importing more."""

from __future__ import annotations

import streamlit as st

from workbench.i18n import t
from workbench.navigation import page
from workbench.services.transcripts import list_transcripts
from workbench.ui import (
    editing_address,
    locate_screen,
    questions_screen,
    session,
    transcripts_import,
    transcripts_list,
)

study = session.require_study()
st.title(t("pages.transcripts"))
facts = list_transcripts(study)
editing_address.follow(facts)
view = transcripts_list.choose_view(has_transcripts=bool(facts))
if view == transcripts_list.IMPORT:
    transcripts_import.show(study)
elif view == transcripts_list.LOCATE:
    locate_screen.show(study)
elif view == transcripts_list.QUESTIONS:
    questions_screen.show(study)
else:
    transcripts_list.show(study, facts, page=page)
