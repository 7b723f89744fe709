"""Files that are built to hurt the program that reads them, and files as large as a study could send.

`HOSTILE` names each with what must become of it: "refused" (at once, little memory) or "read" (bounded).
"""

from __future__ import annotations

from tests.interviews.hostile import Hostile
from tests.interviews.hostile_documents import office_files, pdf_files
from tests.interviews.hostile_texts import other_files, text_files
from tests.interviews.hostile_word import word_files, zip_bombs

__all__ = ["HOSTILE", "Hostile"]

HOSTILE: tuple[Hostile, ...] = (
    *zip_bombs("word/document.xml", "docx"),
    *zip_bombs("content.xml", "odt"),
    *zip_bombs("xl/workbook.xml", "xlsx"),
    *word_files(),
    *office_files(),
    *pdf_files(),
    *text_files(),
    *other_files(),
)
