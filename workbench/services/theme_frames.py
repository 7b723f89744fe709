"""The study's interviews and codings as the frames that theme tables are counted from."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from coding_schemes import Scheme
from workbench.services.coding import Coding, list_codings
from workbench.services.transcripts import TranscriptFacts, list_transcripts
from workbench.store import codings as coding_store
from workbench.store.engine import StudyStore as Study


@dataclass(frozen=True)
class ThemeFrames:
    """The study's words as the theme tables take them."""

    codings: pd.DataFrame
    interviews: pd.DataFrame
    rows: list[Coding]
    transcripts: dict[str, TranscriptFacts]


def theme_frames(study: Study, scheme: Scheme) -> ThemeFrames:
    """Interviews with group and what they were asked, codings by interview; groups in the scheme's order."""
    transcripts = list_transcripts(study)
    by_id = {facts.id: facts for facts in transcripts}
    rows = list_codings(study)
    with study.read() as session:
        not_asked = coding_store.not_asked(session, study.study_id)
    themes = [code.path for code in scheme.themes]
    codings = pd.DataFrame(
        [
            (by_id[row.transcript_id].interview, row.code, row.coder, row.start, row.end, row.weight)
            for row in rows
        ],
        columns=["interview", "code", "coder", "start", "end", "weight"],
    )
    listed = pd.DataFrame(
        [
            (
                facts.interview,
                facts.actor_group or "",
                [theme for theme in themes if theme not in not_asked.get(facts.interview, ())],
            )
            for facts in {facts.interview: facts for facts in transcripts}.values()
        ],
        columns=["interview", "group", "asked"],
    )
    order = {group.id: place for place, group in enumerate(scheme.actor_groups)}
    listed = listed.sort_values(
        "group", key=lambda groups: groups.map(lambda group: order.get(group, len(order))), kind="stable"
    ).reset_index(drop=True)
    return ThemeFrames(codings, listed, rows, by_id)
