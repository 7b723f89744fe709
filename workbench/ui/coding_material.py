"""What the surface is given: text, codes, and the codings with what has changed since they were sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from workbench.i18n import get_language, label, t
from workbench.services.coding import Coding, CodingChange, changes_since, coding_snapshot
from workbench.services.schemes import CodeUse, code_uses
from workbench.services.segments import segments_stamp
from workbench.services.studies import Study
from workbench.services.transcripts import TranscriptFacts, get_transcript, version_in_use
from workbench.ui.coding_surface import (
    RESNAPSHOT_AFTER,
    SurfaceChange,
    SurfaceCode,
    SurfaceCoding,
    SurfaceDocument,
    SurfaceSnapshot,
    SurfaceTurn,
)
from workbench.ui.coding_surface.values import Role, TurnKind
from workbench.ui.segments_label import speaker_with_tag

DOCUMENT = "page.coding.document"
CODINGS = "page.coding.codings"

_ROLES: Mapping[str, Role] = {"interviewer": "interviewer", "respondent": "respondent"}
_KINDS: Mapping[str, TurnKind] = {"heading": "heading", "note": "note"}


@dataclass(frozen=True)
class CodeList:
    """The study's codes in the order of its scheme, with their labels in the language on the screen."""

    uses: tuple[CodeUse, ...]
    labels: Mapping[str, str]
    colors: Mapping[str, str]

    @property
    def themes(self) -> tuple[str, ...]:
        """Paths of the codes without a parent."""
        return tuple(path for path in self.labels if "/" not in path)

    def label(self, path: str) -> str:
        """A code's label; the path itself of a code that the study does not have."""
        return self.labels.get(path, path)

    def surface_codes(self, codings: Collection[Coding]) -> list[SurfaceCode]:
        """The codes to choose from, then retired ones that these codings carry."""
        carried = {coding.code for coding in codings}
        in_use = [use for use in self.uses if not use.retired]
        kept = [use for use in self.uses if use.retired and use.code.path in carried]
        return [self._surface_code(use) for use in (*in_use, *kept)]

    def _surface_code(self, use: CodeUse) -> SurfaceCode:
        code = use.code
        parents = code.path.split("/")[:-1]
        above = [self.label("/".join(parents[: depth + 1])) for depth in range(len(parents))]
        return SurfaceCode(
            id=code.path,
            label=self.label(code.path),
            color=code.color,
            group=t("coding.retired") if use.retired else " › ".join(above),
            seed_words=tuple(code.seed_words),
            definition=label(code.definition),
        )


@dataclass
class KeptCodings:
    """The codings that were sent whole (`snapshot`), and every change to them since."""

    transcript_id: str
    coder: str
    edit_others: bool
    snapshot: SurfaceSnapshot
    sequence: int
    current: dict[str, Coding]
    version: int
    changes: list[CodingChange] = field(default_factory=list)

    def editable(self, coding: Coding) -> bool:
        """Whether this coder may change it here."""
        return self.edit_others or coding.coder == self.coder

    def codings(self) -> list[Coding]:
        """The codings as they are now, in the order of the text."""
        return sorted(self.current.values(), key=lambda coding: (coding.start, -coding.end, coding.id))

    def follow(self, sequence: int, changes: Sequence[CodingChange]) -> None:
        """Take in what happened up to an event."""
        self.sequence = sequence
        self.changes.extend(changes)
        for change in changes:
            if change.coding is None:
                self.current.pop(change.coding_id, None)
            else:
                self.current[change.coding_id] = change.coding


def read_codes(study: Study) -> CodeList:
    """The codes of the study as they stand."""
    uses = tuple(code_uses(study))
    return CodeList(
        uses=uses,
        labels={use.code.path: label(use.code.label) or use.code.path for use in uses},
        colors={use.code.path: use.code.color for use in uses},
    )


def document_of(study: Study, facts: TranscriptFacts) -> SurfaceDocument:
    """The text and turns of a transcript, kept while it is on the screen."""
    # Asked for anew: an undo in this very run may have brought another text into use.
    version = version_in_use(study, facts.id)
    identity = (facts.id, version, segments_stamp(study, facts.id), get_language())
    kept = st.session_state.get(DOCUMENT)
    if kept is None or kept[0] != identity:
        transcript = get_transcript(study, facts.id)
        turns = tuple(
            SurfaceTurn(
                start=turn.start,
                end=turn.end,
                speaker=speaker_with_tag(turn.speaker, turn.status, turn.speaks_for),
                time_seconds=turn.time_seconds,
                role=_ROLES.get(turn.role, "unknown"),
                kind=_KINDS.get(turn.kind, "speech"),
            )
            for turn in transcript.turns
        )
        document = SurfaceDocument(
            id=facts.id, version=str(version), text=transcript.text, turns=turns, title=facts.name
        )
        kept = (identity, document)
        st.session_state[DOCUMENT] = kept
    shown: SurfaceDocument = kept[1]
    return shown


def current_codings(study: Study, transcript_id: str, *, coder: str, edit_others: bool) -> KeptCodings:
    """The codings of a transcript now; read whole only for another view of it, or after many changes."""
    kept: KeptCodings | None = st.session_state.get(CODINGS)
    version = version_in_use(study, transcript_id)
    same = kept is not None and (kept.transcript_id, kept.version, kept.coder, kept.edit_others) == (
        transcript_id,
        version,
        coder,
        edit_others,
    )
    if kept is not None and same and len(kept.changes) <= RESNAPSHOT_AFTER:
        kept.follow(*changes_since(study, transcript_id, kept.sequence))
        return kept
    sequence, codings = coding_snapshot(study, transcript_id)
    kept = KeptCodings(
        transcript_id=transcript_id,
        coder=coder,
        edit_others=edit_others,
        snapshot=SurfaceSnapshot(sequence, ()),
        sequence=sequence,
        current={coding.id: coding for coding in codings},
        version=version,
    )
    kept.snapshot = SurfaceSnapshot(sequence, tuple(to_surface(coding, kept) for coding in codings))
    st.session_state[CODINGS] = kept
    return kept


def to_surface(coding: Coding, kept: KeptCodings) -> SurfaceCoding:
    """A coding as the surface draws it."""
    return SurfaceCoding(
        id=coding.id,
        start=coding.start,
        end=coding.end,
        code=coding.code,
        coder=coding.coder,
        memo=coding.memo,
        editable=kept.editable(coding),
    )


def to_change(change: CodingChange, kept: KeptCodings) -> SurfaceChange:
    """A change as the surface takes it."""
    if change.coding is None:
        return SurfaceChange.remove(change.coding_id)
    return SurfaceChange.put(to_surface(change.coding, kept))
