"""What an exported transcript is made of: lines with their labels, comments in their places, facts, legend.

The writers of the formats get these values and know no storage.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from coding_schemes import Code
from interviews import Annotation, stated
from workbench.errors import NotFoundError
from workbench.i18n import Language, label, t
from workbench.services.coded_comments import annotation_text, coding_text, short_ids
from workbench.services.schemes import code_uses, study_scheme
from workbench.services.transcripts import TranscriptFacts, list_transcripts
from workbench.store import codings as coding_store
from workbench.store import sources
from workbench.store import transcripts as store
from workbench.store.engine import StudyStore as Study
from workbench.store.tables import AnnotationRow, TurnRow

GREY = "#808080"
STATUS_STYLES: dict[str, str] = {status: style for style, status in stated.STATUS.items()}
OPENING_STYLES: dict[tuple[str, str], str] = {opens: style for style, opens in stated.OPENING.items()}


@dataclass(frozen=True)
class ExportOptions:
    """What goes into the file.

    codings : whether codings go in at all; `coders` and `codes` narrow them (a code with those below it).
    annotations : the comments and notes that came with the transcript's own file.
    times : the times of the turns, where the transcript has any.     legend : a list of the codes at the end.
    """

    codings: bool = True
    coders: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    annotations: bool = True
    times: bool = True
    legend: bool = True


@dataclass(frozen=True)
class LabelPart:
    """A stretch of a turn's label. style : as `interviews.stated` names what it says."""

    text: str
    style: str


@dataclass(frozen=True)
class ExportedLine:
    """One line of the text, from `start` to `end`. label : of the turn that begins here, else empty."""

    start: int
    end: int
    text: str
    style: str
    label: tuple[LabelPart, ...] = ()
    turn: int = -1


@dataclass(frozen=True)
class ExportedComment:
    """A coding, or a comment of the transcript's file, as a comment on `text[start:end]`.

    lines : what it says; of a coding the first names the code and the last is for the way back.
    color, title, mark : of a coding, else empty; `mark` is the beginning of its id.
    """

    start: int
    end: int
    lines: tuple[str, ...]
    author: str
    written_at: str
    color: str = ""
    title: str = ""
    mark: str = ""


@dataclass(frozen=True)
class LegendEntry:
    """A code that occurs in the file. label : with those above it; codings : how many passages carry it."""

    path: str
    label: str
    definition: str
    color: str
    codings: int


@dataclass(frozen=True)
class ExportedTranscript:
    """All that a file with a transcript says."""

    name: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[ExportedLine, ...]
    comments: tuple[ExportedComment, ...]
    legend: tuple[LegendEntry, ...]
    language: Language
    study_id: str
    transcript_id: str
    version: int
    text: str


def gather(study: Study, reference: str, *, language: Language, options: ExportOptions) -> ExportedTranscript:
    """The parts of one transcript. Raises NotFoundError where there is no such transcript, coder or code."""
    with study.read() as session:
        row = store.find_transcript(session, study.study_id, reference)
        version = store.current_version(session, row)
        turns = store.turns_of(session, version.id)
        full = coding_store.list_codings(session, study.study_id, transcript_id=row.id)
        shorts = short_ids(coding_store.list_codings(session, study.study_id))
        notes = sources.annotations_of(session, version.id) if options.annotations else []
    facts = next(each for each in list_transcripts(study) if each.id == row.id)
    scheme = study_scheme(study)
    groups = (
        {group.id: label(group.label, language=language) for group in scheme.actor_groups} if scheme else {}
    )
    uses = {use.code.path: use.code for use in code_uses(study)}
    labels = {path: _label_path(path, uses, language) for path in uses}
    chosen = _chosen(full, options, uses) if options.codings else []
    comments = [
        ExportedComment(
            start=one.row.start,
            end=one.row.end,
            lines=coding_text(
                labels.get(one.path, one.path),
                path=one.path,
                weight=one.row.weight,
                memo=one.memo,
                mark=shorts[one.row.id],
                language=language,
            ),
            author=one.coder,
            written_at=one.row.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            color=uses[one.path].color if one.path in uses else GREY,
            title=labels.get(one.path, one.path),
            mark=shorts[one.row.id],
        )
        for one in chosen
    ]
    known = {name.casefold() for path, code in uses.items() for name in (path, *code.label.values())}
    comments += [annotation_comment(note, known) for note in notes]
    comments.sort(key=lambda one: (one.start, -one.end))
    legend = _legend(chosen, uses, labels, language) if options.legend else ()
    return ExportedTranscript(
        name=row.name,
        facts=tuple(_facts(facts, groups, chosen, language)),
        lines=tuple(lines_of(version.text, turns, options.times, language)),
        comments=tuple(comments),
        legend=legend,
        language=language,
        study_id=study.study_id,
        transcript_id=row.id,
        version=version.version,
        text=version.text,
    )


def annotation_comment(note: AnnotationRow | Annotation, known: Collection[str]) -> ExportedComment:
    """A comment or note of the transcript's file. known : names of codes, in small letters."""
    lines = annotation_text(note.text, note.kind, known)
    return ExportedComment(note.start, note.end, lines, note.author, note.written_at)


def _chosen(
    codings: Sequence[coding_store.FullCoding], options: ExportOptions, codes: Mapping[str, Code]
) -> list[coding_store.FullCoding]:
    coders = {one.coder for one in codings}
    for coder in options.coders:
        if coder not in coders:
            raise NotFoundError(
                t("errors.no_coder_here", coder=coder, known=", ".join(sorted(coders)) or "-"),
                reason="no_coder",
            )
    for path in options.codes:
        if path not in codes:
            raise NotFoundError(t("errors.no_code", path=path), reason="no_code")
    return [
        one
        for one in codings
        if (not options.coders or one.coder in options.coders)
        and (
            not options.codes
            or any(one.path == path or one.path.startswith(f"{path}/") for path in options.codes)
        )
    ]


def _label_path(path: str, codes: Mapping[str, Code], language: Language) -> str:
    """Labels from the theme down, joined by ›."""
    parts = path.split("/")
    above = ["/".join(parts[: place + 1]) for place in range(len(parts))]
    return " › ".join(
        (label(codes[each].label, language=language) if each in codes else "") or each.rpartition("/")[2]
        for each in above
    )


def _legend(
    chosen: Sequence[coding_store.FullCoding],
    codes: Mapping[str, Code],
    labels: Mapping[str, str],
    language: Language,
) -> tuple[LegendEntry, ...]:
    counts: dict[str, int] = {}
    for one in chosen:
        counts[one.path] = counts.get(one.path, 0) + 1
    return tuple(
        LegendEntry(path, labels[path], label(code.definition, language=language), code.color, counts[path])
        for path, code in codes.items()
        if path in counts
    )


def _facts(
    facts: TranscriptFacts,
    groups: Mapping[str, str],
    chosen: Sequence[coding_store.FullCoding],
    language: Language,
) -> Iterator[tuple[str, str]]:
    def named(key: str) -> str:
        return t(f"exporting.fact.{key}", language=language)

    if facts.actor_group:
        yield named("group"), groups.get(facts.actor_group) or facts.actor_group
    yield named("type"), t(f"transcripts.type.{facts.type}", language=language)
    if facts.held_on:
        yield named("date"), facts.held_on.isoformat()
    coders = sorted({one.coder for one in chosen})
    if coders:
        yield named("coders"), ", ".join(coders)


def lines_of(text: str, turns: Sequence[TurnRow], times: bool, language: Language) -> Iterator[ExportedLine]:
    """The lines of the text. A turn that begins or ends within a line is widened to whole lines."""
    starts, position = [0], 0
    for line in text.split("\n"):
        position += len(line) + 1
        starts.append(position)
    waiting = [turn for turn in turns if turn.start < turn.end]
    index, end = 0, -1
    for start, after in pairwise(starts):
        last = after - 1
        opened = -1
        while index < len(waiting) and waiting[index].start <= max(last - 1, start):
            opened = index if opened < 0 else opened
            end = max(end, waiting[index].end)
            index += 1
        if opened >= 0:
            turn = waiting[opened]
            style = OPENING_STYLES[turn.kind, turn.role if turn.kind == "speech" else "unknown"]
            parts = tuple(_label(turn, times, language))
            yield ExportedLine(start, last, text[start:last], style, parts, opened)
        else:
            style = stated.CONTINUED if start <= end else stated.PLAIN
            yield ExportedLine(start, last, text[start:last], style)


def _label(turn: TurnRow, times: bool, language: Language) -> Iterator[LabelPart]:
    time = f"[{stated.clock(turn.time_seconds)}]" if times and turn.time_seconds is not None else ""
    status = t(f"exporting.status.{turn.status}", language=language) if turn.status != "verbatim" else ""
    if not (turn.speaker or turn.speaks_for or status or time):
        return
    if turn.speaker:
        yield LabelPart(turn.speaker, stated.SPEAKER)
    if turn.speaks_for or status:
        yield LabelPart(" (" if turn.speaker else "(", stated.GLUE)
        if turn.speaks_for:
            yield LabelPart("for ", stated.GLUE)
            yield LabelPart(turn.speaks_for, stated.SPEAKS_FOR)
        if turn.speaks_for and status:
            yield LabelPart(", ", stated.GLUE)
        if status:
            yield LabelPart(status, STATUS_STYLES[turn.status])
        yield LabelPart(")", stated.GLUE)
    if time:
        if turn.speaker or turn.speaks_for or status:
            yield LabelPart(" ", stated.GLUE)
        yield LabelPart(time, stated.TIME)
    if turn.speaker or turn.speaks_for or status:
        yield LabelPart(":", stated.GLUE)
