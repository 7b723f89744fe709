"""What taking an exported file back into a study would change; changing it is left to `coded_returns`.

The file is compared with what went out, so that nothing is doubled, nothing that changed in the study
meanwhile is overwritten by what was never touched in the file, and nothing is removed unasked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import NAMESPACE_OID, uuid5

import interviews
from coding_schemes import Code
from workbench.i18n import LANGUAGES
from workbench.services.coded_files import CodedFile, FileCoding, read_coded
from workbench.services.coding import Coding, list_codings
from workbench.services.editing import TextChange, preview_text
from workbench.services.exporting_return import SentCoding
from workbench.services.files import GivenFile
from workbench.services.schemes import code_uses
from workbench.services.transcripts import StoredTranscript, get_transcript, list_transcripts, version_text
from workbench.store import sources
from workbench.store.engine import StudyStore as Study
from workbench.store.tables import new_id

Fate = Literal["same", "changed", "new", "removed_here", "unknown_code", "no_words"]


@dataclass(frozen=True)
class ReturnedCoding:
    """One coding of the file and what it means for the study.

    fate : "same"; "changed" (`changes` names what: code, weight, memo, passage); "new"; "removed_here" (it
        went out, and was removed in the study since: it stays removed); "unknown_code" (the study has no such
        code); "no_words" (the words below the comment were deleted).
    coding_id : of the coding in the study, or the one that it gets.     start, end : in the text in use once
        the file is taken back.
    """

    fate: Fate
    coding: FileCoding
    coding_id: str
    start: int
    end: int
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReturnPlan:
    """What taking a file back would do; nothing is stored.

    transcript_id : None where the study does not have the interview: it is imported then.
    text : what becomes of the codings where the text was edited outside, else None.
    missing : codings that went out and whose comments are gone from the file.
    unknown : codes that the study does not have, with how many codings carry them.
    """

    file: CodedFile
    transcript_id: str | None
    transcript: str
    text: TextChange | None
    codings: tuple[ReturnedCoding, ...]
    missing: tuple[Coding, ...]
    unknown: Mapping[str, int]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many codings have each fate."""
        fates: dict[str, int] = {}
        for one in self.codings:
            fates[one.fate] = fates.get(one.fate, 0) + 1
        return fates


def plan_return(study: Study, file: GivenFile, *, transcript: str | None = None) -> ReturnPlan | None:
    """What taking an exported file back would do; None for a file that no export wrote.

    transcript : id of the one that the file is of, and whose text is to stay as it is; found by what the file
        says and by its text if None.
    Raises TranscriptError as `interviews.read`.
    """
    uses = [use for use in code_uses(study) if not use.retired]
    coded = read_coded(file, _names_of_codes([use.code for use in uses]))
    if coded is None:
        return None
    stored = get_transcript(study, transcript) if transcript is not None else _transcript_of(study, coded)
    text = None
    if stored is not None and transcript is None:
        text = _text_change(study, stored, coded)
    return _planned(study, coded, stored, text, {use.code.path for use in uses})


def _names_of_codes(codes: Sequence[Code]) -> dict[str, str]:
    """Paths by what may name them; a label that two codes share names none."""
    by_path = {code.path: code for code in codes}
    names: dict[str, set[str]] = {}
    for code in codes:
        above = [by_path[path] for path in _branch(code.path) if path in by_path]
        joined = [" › ".join(each.label.get(language, "") for each in above) for language in LANGUAGES]
        for name in (*code.label.values(), *joined, code.path.rpartition("/")[2]):
            names.setdefault(name.casefold(), set()).add(code.path)
    clear = {name: next(iter(paths)) for name, paths in names.items() if len(paths) == 1 and name}
    return clear | {code.path.casefold(): code.path for code in codes}


def _branch(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[: place + 1]) for place in range(len(parts))]


def _planned(
    study: Study,
    coded: CodedFile,
    stored: StoredTranscript | None,
    text: TextChange | None,
    codes: set[str],
) -> ReturnPlan:
    unknown: dict[str, int] = {}
    for coding in coded.codings:
        if coding.path not in codes:
            unknown[coding.path] = unknown.get(coding.path, 0) + 1
    if stored is None:
        fates = tuple(
            ReturnedCoding(_fate_of_new(one, codes), one, _foreign_id(study, coded, one), one.start, one.end)
            for one in coded.codings
        )
        return ReturnPlan(coded, None, coded.transcript.name, None, fates, (), unknown)
    places = _Places(study, stored, coded, text)
    at_home = _is_at_home(study, stored, coded)
    fates = tuple(_fate(study, coded, one, stored, places, codes, at_home) for one in coded.codings)
    found = {one.coding_id for one in fates}
    missing: tuple[Coding, ...] = ()
    if at_home and coded.sent is not None:
        went_out = [_by_mark(stored.codings, sent.mark) for sent in coded.sent.codings]
        missing = tuple(one for one in went_out if one is not None and one.id not in found)
    return ReturnPlan(coded, stored.facts.id, stored.facts.name, text, fates, missing, unknown)


def _is_at_home(study: Study, stored: StoredTranscript, coded: CodedFile) -> bool:
    sent = coded.sent
    return sent is not None and (sent.study_id, sent.transcript_id) == (study.study_id, stored.facts.id)


def _transcript_of(study: Study, coded: CodedFile) -> StoredTranscript | None:
    """The transcript that the file says it is of, else the one with its very text or with its codings."""
    listed = list_transcripts(study)
    sent = coded.sent
    if sent is not None and sent.study_id == study.study_id:
        known = next((facts for facts in listed if facts.id == sent.transcript_id), None)
        if known is not None:
            return get_transcript(study, known.id)
    with study.read() as session:
        same = [
            one.transcript_id
            for one in sources.current_texts(session, study.study_id)
            if one.text == coded.transcript.text
        ]
    if len(same) == 1:
        return get_transcript(study, same[0])
    marks = [coding.mark for coding in coded.codings if coding.mark]
    if sent is None and marks:
        owners = {
            coding.transcript_id
            for coding in list_codings(study)
            if any(coding.id.startswith(mark) for mark in marks)
        }
        if len(owners) == 1:
            return get_transcript(study, next(iter(owners)))
    return None


def _text_change(study: Study, stored: StoredTranscript, coded: CodedFile) -> TextChange | None:
    """What the file's text does to the one in use; None where nobody edited it outside."""
    sent = coded.sent
    if _is_at_home(study, stored, coded) and sent is not None and sent.version != stored.facts.version:
        text = coded.transcript.text
        if text != stored.text and text == version_text(study, stored.facts.id, sent.version):
            return None  # the study has moved on, the file has not
    change = preview_text(study, stored.facts.id, coded.transcript)
    return change if change.changed else None


class _Places:
    """Where a stretch of the file comes to stand in the text that will be in use, and where codings will."""

    def __init__(
        self, study: Study, stored: StoredTranscript, coded: CodedFile, text: TextChange | None
    ) -> None:
        self._fates = {fate.coding_id: fate for fate in text.fates} if text is not None else {}
        self._moved: dict[tuple[int, int], tuple[int, int] | None] = {}
        if text is None and coded.transcript.text != stored.text:
            spans = list({(one.start, one.end) for one in coded.codings})
            found = interviews.reanchor(spans, coded.transcript.text, stored.text)
            self._moved = {span: at.span for span, at in zip(spans, found, strict=True)}

    def of_file(self, coding: FileCoding) -> tuple[int, int]:
        """The stretch below a comment; empty where its words are no longer there."""
        span = (coding.start, coding.end)
        return (self._moved[span] or (0, 0)) if span in self._moved else span

    def of_study(self, coding: Coding) -> tuple[int, int] | None:
        """The passage of a coding of the study; None if the edited text loses it."""
        fate = self._fates.get(coding.id)
        if fate is None:
            return coding.start, coding.end
        return None if fate.start is None or fate.end is None else (fate.start, fate.end)


def _fate_of_new(coding: FileCoding, codes: set[str]) -> Fate:
    if coding.start >= coding.end:
        return "no_words"
    return "new" if coding.path in codes else "unknown_code"


def _fate(
    study: Study,
    coded: CodedFile,
    coding: FileCoding,
    stored: StoredTranscript,
    places: _Places,
    codes: set[str],
    at_home: bool,
) -> ReturnedCoding:
    start, end = places.of_file(coding)
    foreign = _foreign_id(study, coded, coding)
    known = _by_mark(stored.codings, coding.mark)
    known = known or next((one for one in stored.codings if one.id == foreign), None)
    known = known or _alike(stored.codings, coding, places, start, end)
    if known is None:
        sent = _sent(coded, coding.mark) if at_home else None
        fate = (
            "removed_here" if sent is not None else _fate_of_new(replace(coding, start=start, end=end), codes)
        )
        return ReturnedCoding(fate, coding, foreign, start, end)
    if start >= end:
        return ReturnedCoding("no_words", coding, known.id, start, end)
    changes = _changes(coded, coding, known, places, start, end, at_home)
    if "code" in changes and coding.path not in codes:
        return ReturnedCoding("unknown_code", coding, known.id, start, end)
    return ReturnedCoding("changed" if changes else "same", coding, known.id, start, end, changes)


def _changes(
    coded: CodedFile,
    coding: FileCoding,
    known: Coding,
    places: _Places,
    start: int,
    end: int,
    at_home: bool,
) -> tuple[str, ...]:
    sent = _sent(coded, coding.mark) if at_home else None
    changes = []
    if sent is None or sent.says != coding.says:
        changes = [
            name
            for name, now, before in (
                ("code", coding.path, known.code),
                ("weight", coding.weight, known.weight),
                ("memo", coding.memo, known.memo),
            )
            if now != before
        ]
    untouched = sent is not None and (sent.start, sent.end) == (coding.start, coding.end)
    is_edited = places.of_study(known) != (known.start, known.end)
    if places.of_study(known) != (start, end) and (is_edited or not untouched):
        changes.append("passage")
    return tuple(changes)


def _sent(coded: CodedFile, mark: str) -> SentCoding | None:
    sent = coded.sent.codings if coded.sent is not None else ()
    return next((one for one in sent if mark and one.mark == mark), None)


def _by_mark(codings: Sequence[Coding], mark: str) -> Coding | None:
    found = [one for one in codings if mark and one.id.startswith(mark)]
    return found[0] if len(found) == 1 else None


def _alike(
    codings: Sequence[Coding], coding: FileCoding, places: _Places, start: int, end: int
) -> Coding | None:
    """The same code on the same passage by the same coder: taken back twice, it is one coding."""
    return next(
        (
            one
            for one in codings
            if (one.code, one.coder) == (coding.path, coding.coder) and places.of_study(one) == (start, end)
        ),
        None,
    )


def _foreign_id(study: Study, coded: CodedFile, coding: FileCoding) -> str:
    """The id that a coding gets in a study that it is not from: the same each time the file comes."""
    if not coding.mark:
        return new_id()
    origin = coded.sent.transcript_id if coded.sent is not None else coded.transcript.text
    return str(uuid5(NAMESPACE_OID, f"{study.study_id}:{origin}:{coding.mark}"))
