"""Rich Text Format (.rtf): what the page shows with all changes accepted, its notes and comments."""

from __future__ import annotations

from collections.abc import Iterator

from interviews.characters import refuse_too_many
from interviews.formats.flow import Flow, in_order, story_text
from interviews.formats.rtf_reader import RtfReader
from interviews.source import HIDDEN_TEXT, ReadingWarning, Source, SourceNote, reading_warning, refusal


def read_rtf(data: bytes, *, file: str) -> Source:
    """Return the paragraphs and notes of an RTF file.

    Deleted and hidden text, headers and footers are left out. Comments become notes; the words of footnotes
    and endnotes follow the body as paragraphs of kind "note".

    Raises TranscriptError: `damaged` for what is no RTF, `unsafe` for groups deeper than any document has,
    `too_large` for more control words than any transcript has.
    """
    refuse_too_many(data.count(b"\\"), what="tags", file=file)
    start = data.find(b"{\\rtf")
    if start < 0:
        raise refusal(
            file,
            reason="damaged",
            detail="not_what_its_name_says",
            found="the file is named .{extension} but does not hold one",
            remedy="fetch it again, or open and save it in the program it comes from",
            extension="rtf",
        )
    reader = RtfReader(data[start:].decode("latin-1"), file)
    reader.read()
    flow = reader.body.finish()
    notes = in_order(_notes_into(flow, reader))
    return Source(tuple(flow.paragraphs), "rtf", warnings=tuple(_warnings(reader)), notes=notes)


def _notes_into(flow: Flow, reader: RtfReader) -> Iterator[SourceNote]:
    """Append the words of the notes to the body, footnotes first, and yield them with the comments."""
    for wanted in ("footnote", "endnote", "comment"):
        for one in [note for note in reader.notes if note.kind == wanted]:
            story = one.story.finish()
            said = story_text(story)
            values = {"author": one.author.strip(), "written_at": one.date}
            note = flow.note(one.identity, said, one.kind, **values) if one.identity else None
            note = note or flow.note(one.place, said, one.kind, **values)
            if note is None or not said:
                continue
            if one.kind != "comment":
                flow.splice(story.as_note())
            yield note


def _warnings(reader: RtfReader) -> Iterator[ReadingWarning]:
    if reader.hidden:
        yield reading_warning("hidden_text", HIDDEN_TEXT, n=reader.hidden)
    if reader.cut_off:
        yield reading_warning("cut_off", "the file ends in the middle; what is there was read")
