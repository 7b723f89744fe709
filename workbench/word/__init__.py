"""Word reports: blocks in, .docx out; what a report says is composed elsewhere."""

from workbench.word.blocks import (
    Block,
    BulletList,
    Contents,
    Emphasis,
    FigureBlock,
    Heading,
    Inline,
    LandscapeSection,
    PageBreak,
    Paragraph,
    Quotation,
    Reference,
    Strong,
    Table,
    Text,
    Title,
    TraceEntry,
    TraceTable,
)
from workbench.word.reader import DocxText, Field, docx_text
from workbench.word.render import render
from workbench.word.report import build_report

__all__ = [
    "Block",
    "BulletList",
    "Contents",
    "DocxText",
    "Emphasis",
    "Field",
    "FigureBlock",
    "Heading",
    "Inline",
    "LandscapeSection",
    "PageBreak",
    "Paragraph",
    "Quotation",
    "Reference",
    "Strong",
    "Table",
    "Text",
    "Title",
    "TraceEntry",
    "TraceTable",
    "build_report",
    "docx_text",
    "render",
]
