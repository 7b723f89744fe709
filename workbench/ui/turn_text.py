"""An interview to read on the screen: speakers, what they say, headings and notes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape
from typing import Protocol

from workbench.ui.segments_label import status_tag


class SpokenTurn(Protocol):
    """A turn as the readers of files and the store give it."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def speaker(self) -> str | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def speaks_for(self) -> str | None: ...


_STYLE = """<style>
.turns { max-width: 46rem; line-height: 1.6; }
.turns p { margin: 0 0 0.7rem 0; }
.turns .asks { opacity: 0.72; }
.turns .aside { font-style: italic; opacity: 0.72; }
.turns b { font-weight: 600; }
.turns i { font-style: normal; font-size: 0.85em; opacity: 0.72; }
</style>"""


def turns_html(text: str, turns: Sequence[SpokenTurn], *, interviewers: Collection[str] = ()) -> str:
    """The turns as HTML; what interviewers say stands back a little."""
    paragraphs = "".join(_paragraph(text, turn, interviewers) for turn in turns if turn.start < turn.end)
    return f'{_STYLE}<div class="turns">{paragraphs}</div>'


def _paragraph(text: str, turn: SpokenTurn, interviewers: Collection[str]) -> str:
    said = escape(text[turn.start : turn.end]).replace("\n", "<br>")
    tag = status_tag(turn.status, turn.speaks_for)
    tag = f"<i>{escape(tag)}</i>&ensp;" if tag else ""
    if turn.kind != "speech":
        return f'<p class="aside" dir="auto">{tag}{said}</p>'
    speaker = f"<b>{escape(turn.speaker)}</b>&ensp;{tag}" if turn.speaker else tag
    place = ' class="asks"' if turn.speaker in interviewers else ""
    return f'<p{place} dir="auto">{speaker}{said}</p>'
