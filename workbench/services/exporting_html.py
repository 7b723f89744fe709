"""A transcript as one HTML file that needs nothing else: marks with stripes, codings on hover and on paper.

Every comment has an empty element at each of its ends, by which it is read back whatever the marks look like.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from workbench.i18n import Language, t
from workbench.services.exporting_parts import GREY, ExportedComment, ExportedLine, ExportedTranscript
from workbench.services.exporting_return import return_text

MOST_STRIPES = 6
_STRIPE_PIXELS = 4
_STYLE = """
:root { color-scheme: light dark; --ground: #fff; --ink: #1d2a33; --soft: #55646f; --line: #d5dde2;
  --tint: 90, 110, 130; --card: #f5f8f9; }
@media (prefers-color-scheme: dark) { :root { --ground: #14191d; --ink: #e4eaee; --soft: #a3b1bb;
  --line: #35414a; --tint: 170, 195, 215; --card: #1d252b; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1.0625rem/1.75 system-ui, sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 2rem 1rem 12rem; }
h1 { margin: 0 0 .5rem; font-size: 1.75rem; line-height: 1.25; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.25rem; }
a { color: inherit; }
.transcript-facts { margin: 0; color: var(--soft); font-size: .9375rem; }
.legend { list-style: none; margin: 1.25rem 0 0; padding: 0; display: flex; flex-wrap: wrap;
  gap: .25rem 1.25rem; font-size: .9375rem; }
.legend .count { color: var(--soft); }
.swatch { display: inline-block; width: .8em; height: .8em; margin-right: .4em; border-radius: 2px;
  background: var(--code); print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.words { margin-top: 2rem; }
.words p { margin: 0 0 .8rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.words .transcript-question { color: var(--soft); }
.words .transcript-heading { margin-top: 2rem; font-size: 1.15rem; font-weight: 650; }
.words .transcript-note { font-style: italic; color: var(--soft); }
.transcript-speaker { font-weight: 650; color: var(--ink); }
.transcript-time { font-size: .8em; color: var(--soft); font-variant-numeric: tabular-nums; }
.label span:not(.transcript-speaker) { color: var(--soft); }
mark { color: inherit; border-radius: 2px; print-color-adjust: exact; -webkit-print-color-adjust: exact;
  -webkit-box-decoration-break: clone; box-decoration-break: clone; }
mark:focus { outline: 2px solid currentColor; outline-offset: 2px; }
.point::after { content: "\\270E"; font-style: normal; font-size: .75em; vertical-align: super;
  color: var(--soft); }
.tips { display: none; position: fixed; z-index: 2; inset: auto 1rem 1rem;
  max-width: 42rem; max-height: 45vh; overflow: auto; margin: 0 auto; padding: .75rem 1rem;
  background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
  box-shadow: 0 .5rem 2rem rgba(0, 0, 0, .25); font-size: .9375rem; line-height: 1.5;
  white-space: pre-wrap; pointer-events: none; }
main:has(mark:hover, mark:focus) > .tips { display: flex; flex-direction: column; gap: .5rem; }
.tips > span { display: none; padding-left: .6rem; border-left: 4px solid var(--code); }
.by { color: var(--soft); }
.codings { margin: 0; padding: 0; list-style: none; font-size: .9375rem; line-height: 1.5; }
.codings li { margin: 0 0 .75rem; padding: .1rem 0 .1rem .75rem; border-left: 4px solid var(--code);
  break-inside: avoid; }
.codings li:target { background: var(--card); }
.codings blockquote { margin: .1rem 0; color: var(--soft); }
.codings .said { white-space: pre-wrap; overflow-wrap: anywhere; }
.codings .tag { color: var(--soft); font-size: .8em; }
@media print { body { font-size: 10.5pt; line-height: 1.7; } main { max-width: none; padding: 0; }
  .jump { display: none; } .words p { orphans: 3; widows: 3; } .transcript-heading { break-after: avoid; } }
"""


def html_of(exported: ExportedTranscript) -> str:
    """The text of an .html file; the same parts give the same text."""
    name = escape(exported.name)
    marks = _Marks(exported.comments, exported.language)
    words = "\n".join(_line(line, marks) for line in exported.lines)
    facts = "\n".join(
        f'<p class="transcript-facts">{escape(f"{name}: {value}")}</p>' for name, value in exported.facts
    )
    return (
        f'<!doctype html>\n<html lang="{exported.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{name}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<main data-return="{return_text(exported)}">\n<h1 class="transcript-title">{name}</h1>\n{facts}\n'
        f'{_legend(exported)}<div class="words">\n{words}\n</div>\n'
        f"{_tips(exported)}{_codings(exported)}</main>\n"
        "</body>\n</html>\n"
    )


def _legend(exported: ExportedTranscript) -> str:
    language = exported.language
    entries = "\n".join(
        f'<li title="{escape(entry.definition)}"><span class="swatch" style="--code: {escape(entry.color)}">'
        f'</span>{escape(entry.label)} <span class="count">'
        f"{t('exporting.n_codings', language=language, n=entry.codings)}</span></li>"
        for entry in exported.legend
    )
    jump = (
        f'<p class="jump"><a href="#codings">{t("exporting.skip_to_codings", language=language)}</a></p>\n'
        if exported.comments
        else ""
    )
    return (f'<ul class="legend">\n{entries}\n</ul>\n' if entries else "") + jump


def _line(line: ExportedLine, marks: _Marks) -> str:
    label = "".join(f'<span class="{_class(part.style)}">{escape(part.text)}</span>' for part in line.label)
    label = f'<span class="label">{label}</span> ' if label else ""
    words = "".join(marks.around(line))
    room = marks.stripes_of_line * _STRIPE_PIXELS
    spread = f' style="line-height: calc(1.5em + {room}px)"' if marks.stripes_of_line > 2 else ""
    return f'<p class="{_class(line.style)}" dir="auto"{spread}>{label}{words}</p>'


def _class(style: str) -> str:
    return style.lower().replace(" ", "-")


@dataclass(frozen=True)
class _Lane:
    """A comment with its number and the stripe it keeps from beginning to end."""

    number: int
    comment: ExportedComment
    stripe: int


class _Marks:
    """Cuts the words where a comment begins or ends, and says what each stretch carries.

    stripes_of_line : for how many stripes the line written last needs room.
    """

    def __init__(self, comments: Sequence[ExportedComment], language: Language) -> None:
        self._language = language
        lanes = list(_lanes(comments))
        self._starts = sorted(lanes, key=lambda lane: lane.comment.start)
        self._ends = sorted(lanes, key=lambda lane: lane.comment.end)
        self._started = self._ended = 0
        self._active: dict[int, _Lane] = {}
        self.stripes_of_line = 0

    def around(self, line: ExportedLine) -> Iterator[str]:
        """The words of a line with their marks. Lines come in the order of the text."""
        position = line.start
        self.stripes_of_line = 0
        while True:
            places = [
                lanes[index].comment.start if lanes is self._starts else lanes[index].comment.end
                for lanes, index in ((self._starts, self._started), (self._ends, self._ended))
                if index < len(lanes)
            ]
            if not places or min(places) > line.end:
                break
            place = min(places)
            yield self._piece(line.text[position - line.start : place - line.start])
            position = max(position, place)
            yield from self._at(place)
        yield self._piece(line.text[position - line.start :])

    def _at(self, place: int) -> Iterator[str]:
        while self._started < len(self._starts) and self._starts[self._started].comment.start == place:
            lane = self._starts[self._started]
            self._started += 1
            self._active[lane.number] = lane
            said = escape("\n".join(lane.comment.lines))
            point = f' class="point" title="{said}"' if lane.comment.end == place else ""
            yield f'<i{point} id="m{lane.number}" data-from="{lane.number}"></i>'
        while self._ended < len(self._ends) and self._ends[self._ended].comment.end == place:
            lane = self._ends[self._ended]
            self._ended += 1
            self._active.pop(lane.number, None)
            yield f'<i data-to="{lane.number}"></i>'

    def _piece(self, text: str) -> str:
        if not text or not self._active:
            return escape(text, quote=False)
        over = sorted(self._active.values(), key=lambda lane: lane.stripe)
        deepest = min(over[-1].stripe + 1, MOST_STRIPES)
        self.stripes_of_line = max(self.stripes_of_line, deepest)
        names = " ".join(f"k{lane.number}" for lane in over)
        tips = " ".join(f"t{lane.number}" for lane in over)
        return (
            f'<mark tabindex="0" class="{names}" aria-describedby="{tips}" style="{_stripes(over)}">'
            f"{escape(text, quote=False)}</mark>"
        )


def _lanes(comments: Sequence[ExportedComment]) -> Iterator[_Lane]:
    """The lowest stripe that is free where a comment begins; comments come in the order of the text."""
    free: list[int] = []
    busy: list[tuple[int, int]] = []
    for number, comment in enumerate(comments):
        while busy and busy[0][0] <= comment.start:
            heapq.heappush(free, heapq.heappop(busy)[1])
        stripe = heapq.heappop(free) if free else len(busy)
        heapq.heappush(busy, (comment.end, stripe))
        yield _Lane(number, comment, stripe)


def _stripes(over: Sequence[_Lane]) -> str:
    """A tint that deepens with the number of codings, and below the words a stripe for each."""
    shown = [lane for lane in over if lane.stripe < MOST_STRIPES]
    layers = [
        f"linear-gradient({_color(lane.comment)} 0 0) 0 calc(100% - {lane.stripe * _STRIPE_PIXELS}px)"
        f"/100% {_STRIPE_PIXELS - 1}px no-repeat"
        for lane in shown
    ]
    tint = f"rgba(var(--tint), {0.08 + 0.06 * min(len(over), 4):.2f})"
    height = (max((lane.stripe for lane in shown), default=0) + 1) * _STRIPE_PIXELS
    return f"background: {', '.join([*layers, tint])}; padding-bottom: {height}px"


def _color(comment: ExportedComment) -> str:
    return escape(comment.color or GREY)


def _tips(exported: ExportedTranscript) -> str:
    """What each comment says, once: shown while a stretch that it covers is under the pointer or in focus."""
    if not exported.comments:
        return ""
    tips = "".join(_tip(number, one) for number, one in enumerate(exported.comments))
    shown = ",\n".join(
        f"main:has(.k{number}:is(:hover, :focus)) #t{number}" for number in range(len(exported.comments))
    )
    return f'<style>{shown} {{ display: block; }}</style>\n<div class="tips" role="tooltip">{tips}</div>\n'


def _tip(number: int, comment: ExportedComment) -> str:
    first, *below = comment.lines
    if comment.mark:
        below = below[:-1]
        first = f"<b>{escape(first)}</b>"
    else:
        first = escape(first)
    by = f' <span class="by">{escape(comment.author)}</span>' if comment.author else ""
    memo = "".join(f"<br>{escape(line)}" for line in below)
    return f'<span id="t{number}" style="--code: {_color(comment)}">{first}{by}{memo}</span>'


def _codings(exported: ExportedTranscript) -> str:
    if not exported.comments:
        return ""
    entries = "\n".join(_coding(number, one, exported) for number, one in enumerate(exported.comments))
    title = t("exporting.codings_title", language=exported.language)
    return f'<h2 id="codings">{title}</h2>\n<ul class="codings">\n{entries}\n</ul>\n'


def _coding(number: int, comment: ExportedComment, exported: ExportedTranscript) -> str:
    quote = " ".join(exported.text[comment.start : comment.end].split())
    quote = f"{quote[:157]}…" if len(quote) > 160 else quote
    cited = f'<blockquote dir="auto"><a href="#m{number}">{escape(quote)}</a></blockquote>' if quote else ""
    *said, last = (escape(line) for line in comment.lines)
    tag = f'<span class="tag">{last}</span>' if comment.mark else last
    lines = "<br>".join([*said, tag])
    by = f'<div class="by">{escape(comment.author)}</div>' if comment.author else ""
    return (
        f'<li id="c{number}" style="--code: {_color(comment)}" data-comment="{number}" '
        f'data-author="{escape(comment.author)}" data-written="{escape(comment.written_at)}">'
        f'{cited}<div class="said">{lines}</div>{by}</li>'
    )
