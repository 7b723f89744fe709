"""A transcript as a file to read elsewhere: plain text, Word with codings as comments, HTML with marks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from workbench.errors import InvalidRequestError
from workbench.i18n import Language, label, t
from workbench.services.coding import Coding
from workbench.services.schemes import CodeUse, code_uses
from workbench.services.studies import describe_study
from workbench.services.transcripts import StoredTranscript, TurnFacts, get_transcript
from workbench.store.engine import StudyStore as Study

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

TranscriptFormat = Literal["txt", "docx", "html"]
FORMATS: tuple[TranscriptFormat, ...] = get_args(TranscriptFormat)

_DATE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}date"

_STYLE = """
body { font: 1rem/1.6 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
.note, .heading { color: #555; font-style: italic; }
.speaker { font-weight: 600; }
mark { background: color-mix(in srgb, var(--code) 22%, transparent); border-bottom: 2px solid var(--code);
       color: inherit; }
"""


@dataclass(frozen=True)
class _Piece:
    """A stretch of one turn's text over which the same codings lie."""

    text: str
    codings: tuple[Coding, ...]


def export_transcript(
    study: Study, reference: str, path_or_format: str | Path, *, language: Language | None = None
) -> bytes:
    """The content of a file with a transcript, for the caller to write or to hand out.

    reference : id, number or name of the transcript.
    path_or_format : "txt", "docx" or "html", or a file name that ends in one of them.
    language : of code labels and of the few words around the text; the study's if None.

    txt holds the words with their speakers; docx the codings as Word comments too; html as marks with titles.
    Raises NotFoundError, InvalidRequestError for another ending.
    """
    wanted = _format_of(path_or_format)
    transcript = get_transcript(study, reference)
    chosen = language or describe_study(study).language
    codes = {use.code.path: use for use in code_uses(study)}
    writers: Mapping[str, Callable[[], bytes]] = {
        "txt": lambda: _text(transcript).encode("utf-8"),
        "html": lambda: _html(transcript, codes, chosen).encode("utf-8"),
        "docx": lambda: _docx(transcript, codes, chosen),
    }
    return writers[wanted]()


def _format_of(path_or_format: str | Path) -> str:
    given = str(path_or_format)
    ending = (Path(given).suffix or given).lower().lstrip(".")
    if ending not in FORMATS:
        raise InvalidRequestError(t("errors.transcript_ending", given=given, known=", ".join(FORMATS)))
    return ending


def _text(transcript: StoredTranscript) -> str:
    paragraphs = []
    for turn in transcript.turns:
        said = transcript.text[turn.start : turn.end]
        paragraphs.append(f"{turn.speaker}: {said}" if turn.speaker else said)
    return "\n\n".join(paragraphs or [transcript.text]) + "\n"


def _pieces(transcript: StoredTranscript, start: int, end: int) -> Iterator[_Piece]:
    """`text[start:end]` cut wherever a coding begins or ends."""
    inside = [coding for coding in transcript.codings if coding.start < end and coding.end > start]
    edges = {start, end}
    for coding in inside:
        edges |= {max(start, coding.start), min(end, coding.end)}
    places = sorted(edges)
    for left, right in pairwise(places):
        over = tuple(coding for coding in inside if coding.start <= left and right <= coding.end)
        yield _Piece(transcript.text[left:right], over)


def _turns(transcript: StoredTranscript) -> Sequence[TurnFacts]:
    whole = TurnFacts(0, len(transcript.text), None, "unknown", "speech", None)
    return transcript.turns or (whole,)


def _code_label(path: str, codes: Mapping[str, CodeUse], language: Language) -> str:
    return label(codes[path].code.label, language=language) if path in codes else path


def _html(transcript: StoredTranscript, codes: Mapping[str, CodeUse], language: Language) -> str:
    name = escape(transcript.facts.name)
    paragraphs = "\n".join(
        _html_turn(transcript, turn, codes, language) for turn in _turns(transcript) if turn.start < turn.end
    )
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n<title>{name}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{name}</h1>\n{paragraphs}\n</body>\n</html>\n"
    )


def _html_turn(
    transcript: StoredTranscript, turn: TurnFacts, codes: Mapping[str, CodeUse], language: Language
) -> str:
    speaker = f'<span class="speaker">{escape(turn.speaker)}:</span> ' if turn.speaker else ""
    words = "".join(
        _html_piece(piece, codes, language) for piece in _pieces(transcript, turn.start, turn.end)
    )
    return f'<p class="{turn.kind}" dir="auto">{speaker}{words}</p>'


def _html_piece(piece: _Piece, codes: Mapping[str, CodeUse], language: Language) -> str:
    text = escape(piece.text).replace("\n", "<br>\n")
    if not piece.codings:
        return text
    titles = "; ".join(
        f"{_code_label(coding.code, codes, language)} ({coding.coder})" for coding in piece.codings
    )
    first = codes.get(piece.codings[0].code)
    color = first.code.color if first is not None else "#808080"
    return f'<mark style="--code: {color}" title="{escape(titles)}">{text}</mark>'


def _docx(transcript: StoredTranscript, codes: Mapping[str, CodeUse], language: Language) -> bytes:
    from workbench.word.markup import clean
    from workbench.word.package import new_document, set_metadata, to_bytes

    document = new_document(language)
    set_metadata(document, title=transcript.facts.name, language=language, metadata={})
    document.add_heading(clean(transcript.facts.name), level=1)
    runs: dict[str, list[Run]] = {}
    for turn in _turns(transcript):
        if turn.start < turn.end:
            _docx_turn(document.add_paragraph(), transcript, turn, runs)
    for coding in transcript.codings:
        covered = runs.get(coding.id)
        if covered is None:
            continue
        words = _code_label(coding.code, codes, language)
        if coding.memo:
            words = f"{words}\n{coding.memo}"
        comment = document.add_comment(
            [covered[0], covered[-1]], clean(words), author=coding.coder, initials=coding.coder[:2]
        )
        # The moment of the export says nothing of the coding, and the same study is to give the same file.
        comment._comment_elm.attrib.pop(_DATE, "")
    return to_bytes(document)


def _docx_turn(
    paragraph: Paragraph, transcript: StoredTranscript, turn: TurnFacts, runs: dict[str, list[Run]]
) -> None:
    """Write one turn, and note for each coding the runs that it covers."""
    from workbench.word.markup import clean

    if turn.speaker:
        paragraph.add_run(f"{clean(turn.speaker)}: ").bold = True
    for piece in _pieces(transcript, turn.start, turn.end):
        run = paragraph.add_run(clean(piece.text))
        if turn.kind != "speech":
            run.italic = True
        for coding in piece.codings:
            runs.setdefault(coding.id, []).append(run)
