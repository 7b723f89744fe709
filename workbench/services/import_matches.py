"""Recognising a file of which the study has a transcript: the same file, the same words, a changed text."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from interviews import Transcript
from workbench.services.import_drafts import ImportDraft, StoredMatch
from workbench.services.interview_names import stem
from workbench.store import sources, transcripts
from workbench.store.engine import StudyStore as Study

NEAR_EQUAL = 0.6


@dataclass
class _Wanted:
    """A draft that is neither the same file nor settled; the best found so far."""

    draft: ImportDraft
    transcript: Transcript
    words: str
    length: int
    best: StoredMatch | None = None
    format: str = ""  # of the file that the best one came from


def recognise(study: Study, drafts: Sequence[ImportDraft]) -> list[StoredMatch | None]:
    """What each draft is of, None for an interview that the study does not have.

    The very file is known by its hash, whatever its name. Else the words decide: the same words are the same
    text in another file; a text of which more than `NEAR_EQUAL` stands in equal lines, or a file of the same
    name, is another state of that transcript. Of files with the same words in one import the first counts,
    and the others name it, without an id.
    """
    with study.read() as session:
        known = sources.stored_sources(session, study.study_id)
        codings = transcripts.coding_counts(session, study.study_id)
        found: list[StoredMatch | None] = [None] * len(drafts)
        open_drafts: dict[int, _Wanted] = {}
        newest = {source.sha256: source for source in known if source.newest}
        for place, draft in enumerate(drafts):
            if draft.transcript is None:
                continue
            same = newest.get(draft.sha256)
            if same is not None:
                count = codings.get(same.transcript_id, 0)
                found[place] = StoredMatch(
                    "same_file", same.transcript_id, same.transcript, "content", 1.0, count
                )
            else:
                text = draft.transcript.text
                open_drafts[place] = _Wanted(draft, draft.transcript, _words(text), _counted(text))
        if open_drafts and known:
            names = {place: stem(wanted.draft.file_name).casefold() for place, wanted in open_drafts.items()}
            lines = _lines(open_drafts)
            for stored in sources.current_texts(session, study.study_id):
                _compare(stored, open_drafts, names, lines, codings.get(stored.transcript_id, 0))
        speakers = {
            wanted.best.transcript_id: sources.turn_speakers(session, wanted.best.transcript_id)
            for wanted in open_drafts.values()
            if wanted.best is not None and wanted.best.kind == "same_text"
        }
    first_with: dict[str, ImportDraft] = {}
    for place, wanted in open_drafts.items():
        found[place] = _settled(wanted, speakers)
        first = first_with.setdefault(wanted.words, wanted.draft)
        if found[place] is None and first is not wanted.draft:
            found[place] = StoredMatch("same_text", "", first.name, "content", 1.0, 0)
    return found


def _compare(
    text: sources.CurrentText,
    wanted: dict[int, _Wanted],
    names: dict[int, str],
    lines: dict[str, list[int]],
    codings: int,
) -> None:
    """Set the match of every draft for which this text is better than what was found before."""
    equal: dict[int, int] = {}
    for line in set(text.text.split("\n")):
        for place in lines.get(line.strip(), ()):
            equal[place] = equal.get(place, 0) + len(line.strip())
    length = _counted(text.text)
    own_words: str | None = None
    own_names = {stem(text.source_name).casefold(), text.name.casefold()} - {""}
    for place, draft in wanted.items():
        by_name = names[place] in own_names
        share = equal.get(place, 0) / max(length, draft.length, 1)
        if abs(length - draft.length) <= 0.02 * max(length, draft.length) + 40:
            own_words = own_words or _words(text.text)
            if own_words == draft.words:
                match = StoredMatch("same_text", text.transcript_id, text.name, "content", 1.0, codings)
                if draft.best is None or draft.best.kind != "same_text":
                    draft.best = match
                    draft.format = text.source_format
                continue
        if draft.best is not None and draft.best.kind == "same_text":
            continue
        if (by_name or share > NEAR_EQUAL) and (
            draft.best is None or (share, by_name) > (draft.best.share, draft.best.by == "name")
        ):
            how: Literal["name", "text"] = "name" if by_name else "text"
            draft.best = StoredMatch(
                "changed", text.transcript_id, text.name, how, round(min(share, 1.0), 3), codings
            )


def _settled(wanted: _Wanted, speakers: dict[str, list[str | None]]) -> StoredMatch | None:
    """The match; a file of the same format whose words are equal but not its speakers has been changed."""
    best = wanted.best
    if best is None or best.kind != "same_text":
        return best
    own = [turn.speaker for turn in wanted.transcript.turns]
    again = wanted.format == wanted.transcript.source_format
    if again and own != speakers[best.transcript_id]:
        return StoredMatch("changed", best.transcript_id, best.name, "text", 1.0, best.codings)
    return best


def _lines(wanted: dict[int, _Wanted]) -> dict[str, list[int]]:
    """The drafts in which a line occurs, by line; blank lines tell nothing."""
    lines: dict[str, list[int]] = {}
    for place, draft in wanted.items():
        for line in {line.strip() for line in draft.transcript.text.split("\n")}:
            if line:
                lines.setdefault(line, []).append(place)
    return lines


def _counted(text: str) -> int:
    """Characters in different lines: what the share is a share of."""
    return sum(len(line) for line in {line.strip() for line in text.split("\n")})


def _words(text: str) -> str:
    """A hash of the letters without any spaces: line breaks differ from format to format."""
    return hashlib.sha256("".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()
