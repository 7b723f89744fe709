"""Status notes as Word files: one, or all units' in one zip."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence

from workbench.i18n import t
from workbench.services.status_notes import StatusNote
from workbench.word import Block, BulletList, FigureBlock, Heading, PageBreak, Paragraph, Table, render

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# A fixed time: the same study gives the same bytes.
_TIME = (2020, 1, 1, 0, 0, 0)


def note_docx(note: StatusNote) -> bytes:
    """The note as the bytes of a .docx file of two pages (for up to 15 dimensions and three goals)."""
    return render(note_blocks(note), language=note.language, title=note_title(note), paginate=False)


def notes_zip(notes: Sequence[StatusNote], *, on_step: Callable[[int, int], None] | None = None) -> bytes:
    """A zip with one .docx a unit, named after it."""
    buffer = io.BytesIO()
    taken: set[str] = set()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, note in enumerate(notes, start=1):
            archive.writestr(zipfile.ZipInfo(_free(file_name(note), taken), _TIME), note_docx(note))
            if on_step is not None:
                on_step(number, len(notes))
    return buffer.getvalue()


def note_title(note: StatusNote) -> str:
    """The heading of the note."""
    return t("notes.title", language=note.language, unit=note.title)


def file_name(note: StatusNote, ending: str = "docx") -> str:
    """A file name for the note that every system takes."""
    safe = re.sub(r"[^\w.-]+", "_", note.title).strip("._") or "note"
    return f"{t('notes.file', language=note.language)}_{safe}.{ending}"


def note_blocks(note: StatusNote) -> list[Block]:
    """First page: what the numbers say, goals, the star. Second: level, change, quarters, small print."""
    language = note.language
    blocks: list[Block] = [
        Heading(1, note_title(note), numbered=False),
        BulletList(note.sentences),
        *(Table(spec) for spec in [note.printed_goals()] if spec is not None),
        *(FigureBlock(figure) for figure in [note.star()] if figure is not None),
        PageBreak(),
        Table(note.printed_table()),
        *(FigureBlock(figure) for figure in [note.goal_figure()] if figure is not None),
    ]
    printed = " ".join((*note.small_print, t("notes.source", language=language, source=note.source)))
    return [*blocks, Paragraph(printed, "note")]


def _free(name: str, taken: set[str]) -> str:
    stem, _, ending = name.rpartition(".")
    free, number = name, 2
    while free.lower() in taken:
        free, number = f"{stem}_{number}.{ending}", number + 1
    taken.add(free.lower())
    return free
