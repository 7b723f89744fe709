"""Transcripts as files to read elsewhere: plain text, Word with codings as comments, HTML with marks."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from workbench.errors import InvalidRequestError
from workbench.i18n import Language, t
from workbench.services.exporting_parts import ExportedTranscript, ExportOptions, gather
from workbench.services.studies import describe_study
from workbench.services.transcripts import list_transcripts
from workbench.store.engine import StudyStore as Study

TranscriptFormat = Literal["txt", "docx", "html"]
FORMATS: tuple[TranscriptFormat, ...] = get_args(TranscriptFormat)

OnStep = Callable[[int, int], None]

_NO_FILE_NAME = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class ExportContents:
    """What an export would hold: codings by coder, codes, and comments of the transcript's own file."""

    turns: int
    codings: Mapping[str, int]
    codes: int
    comments: int
    times: int


def export_transcript(
    study: Study,
    reference: str,
    path_or_format: str | Path,
    *,
    language: Language | None = None,
    options: ExportOptions | None = None,
) -> bytes:
    """The content of a file with a transcript, for the caller to write or to hand out.

    reference : id, number or name of the transcript.
    path_or_format : "txt", "docx" or "html", or a file name that ends in one of them.
    language : of code labels and of the few words around the text; the study's if None.

    txt holds the words with their speakers; docx the codings as Word comments too; html as marks. Both come
    back without loss (`coded_files`). The same study gives the same bytes.
    Raises NotFoundError, InvalidRequestError for another ending.
    Source: docs/methods/exchange_of_coded_files.md
    """
    wanted = _format_of(path_or_format)
    chosen = language or describe_study(study).language
    return _write(gather(study, reference, language=chosen, options=options or ExportOptions()), wanted)


def export_all(
    study: Study,
    path_or_format: str | Path,
    *,
    language: Language | None = None,
    options: ExportOptions | None = None,
    on_step: OnStep | None = None,
) -> Iterator[tuple[str, bytes]]:
    """File name and content of every transcript, in the order of their numbers. on_step : (done, total)."""
    wanted = _format_of(path_or_format)
    listed = list_transcripts(study)
    taken: set[str] = set()
    for done, facts in enumerate(listed, start=1):
        name = _free_file_name(facts.name, wanted, taken)
        yield name, export_transcript(study, facts.id, wanted, language=language, options=options)
        if on_step is not None:
            on_step(done, len(listed))


def export_zip(
    study: Study,
    path_or_format: str | Path,
    *,
    language: Language | None = None,
    options: ExportOptions | None = None,
) -> bytes:
    """All transcripts in one zip archive; the same study gives the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in export_all(study, path_or_format, language=language, options=options):
            archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def export_contents(study: Study, reference: str, *, options: ExportOptions | None = None) -> ExportContents:
    """What `export_transcript` would put into a file, without writing it."""
    language = describe_study(study).language
    exported = gather(study, reference, language=language, options=options or ExportOptions())
    by_coder: dict[str, int] = {}
    for comment in exported.comments:
        if comment.mark:
            by_coder[comment.author] = by_coder.get(comment.author, 0) + 1
    codes = {comment.title for comment in exported.comments if comment.mark}
    timed = sum(1 for line in exported.lines if any(part.text.startswith("[") for part in line.label))
    return ExportContents(
        turns=sum(1 for line in exported.lines if line.turn >= 0),
        codings=by_coder,
        codes=len(codes),
        comments=sum(1 for comment in exported.comments if not comment.mark),
        times=timed,
    )


def file_name(name: str, ending: str) -> str:
    """A name that every system takes for the file of a transcript."""
    plain = " ".join(_NO_FILE_NAME.sub(" ", name).split()).strip(" .")[:120].rstrip(" .") or "interview"
    return f"{plain}.{ending}"


def _free_file_name(name: str, ending: str, taken: set[str]) -> str:
    free, number = file_name(name, ending), 2
    while free.casefold() in taken:
        free, number = file_name(f"{name} ({number})", ending), number + 1
    taken.add(free.casefold())
    return free


def _write(exported: ExportedTranscript, wanted: str) -> bytes:
    if wanted == "txt":
        from workbench.services.exporting_text import text_of

        return text_of(exported).encode("utf-8")
    if wanted == "html":
        from workbench.services.exporting_html import html_of

        return html_of(exported).encode("utf-8")
    from workbench.services.exporting_docx import docx_of

    return docx_of(exported)


def _format_of(path_or_format: str | Path) -> str:
    given = str(path_or_format)
    ending = (Path(given).suffix or given).lower().lstrip(".")
    if ending not in FORMATS:
        raise InvalidRequestError(t("errors.transcript_ending", given=given, known=", ".join(FORMATS)))
    return ending


__all__: Sequence[str] = (
    "FORMATS",
    "ExportContents",
    "ExportOptions",
    "TranscriptFormat",
    "export_all",
    "export_contents",
    "export_transcript",
    "export_zip",
    "file_name",
)
