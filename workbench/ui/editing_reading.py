"""A version of a text to read: its turns, its codings underlined, and how it differs from the text in use."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from interviews import differences
from workbench.services.text_versions import VersionTranscript
from workbench.ui.coding_material import CodeList
from workbench.ui.editing_marks import STYLE

_OWN = """<style>
.wb-then{max-width:46rem;line-height:1.75}
.wb-then p{margin:0 0 .7rem}
.wb-then b{font-weight:600}
.wb-then u{text-decoration:none;border-bottom:3px solid;padding-bottom:1px}
</style>"""


def version_html(shown: VersionTranscript, codes: CodeList, present: str | None) -> str:
    """The version as HTML.

    present : the text in use; what only the version has is struck out, what only the text in use has stands
        underlined after it. None marks nothing.
    """
    gone, come = _marks(shown.text, present) if present is not None else ([], {})
    bounds = _bounds(shown, gone, come)
    paragraphs = []
    for turn in shown.turns:
        speaker = f"<b>{escape(turn.speaker)}</b>&ensp;" if turn.speaker else ""
        said = "".join(_pieces(shown, codes, (turn.start, turn.end), bounds, gone, come))
        paragraphs.append(f'<p dir="auto">{speaker}{said}</p>')
    return f'{STYLE}{_OWN}<div class="wb-diff wb-then">{"".join(paragraphs)}</div>'


def _marks(old: str, new: str) -> tuple[list[tuple[int, int]], dict[int, str]]:
    """Stretches of the old text that are gone, and words of the new one by the place where they come in."""
    gone, come, place = [], {}, 0
    for piece in differences(old, new):
        end = place + len(piece.old)
        if not piece.same:
            if piece.old:
                gone.append((place, end))
            if piece.new.strip():
                come[end - (len(piece.old) - len(piece.old.rstrip()))] = piece.new.strip()
        place = end
    return gone, come


def _bounds(shown: VersionTranscript, gone: list[tuple[int, int]], come: dict[int, str]) -> list[int]:
    places = {place for turn in shown.turns for place in (turn.start, turn.end)}
    places |= {place for coding in shown.codings for place in (coding.start, coding.end)}
    places |= {place for span in gone for place in span} | set(come)
    return sorted(places)


def _pieces(
    shown: VersionTranscript,
    codes: CodeList,
    span: tuple[int, int],
    bounds: list[int],
    gone: list[tuple[int, int]],
    come: dict[int, str],
) -> Iterator[str]:
    start, end = span
    inside = [place for place in bounds if start <= place <= end]
    codings = [coding for coding in shown.codings if coding.start < end and start < coding.end]
    left_out = [stretch for stretch in gone if stretch[0] < end and start < stretch[1]]
    for place, following in zip(inside, [*inside[1:], None], strict=True):
        if place in come:
            space = "" if shown.text[place - 1 : place].isspace() or place == start else " "
            after = " " if shown.text[place : place + 1].strip() else ""
            yield f"{space}<ins>{escape(come.pop(place))}</ins>{after}"
        if following is None:
            return
        words = escape(shown.text[place:following])
        if any(a <= place < b for a, b in left_out):
            words = f"<del>{words}</del>"
        covering = [coding for coding in codings if coding.start <= place < coding.end]
        if covering:
            names = ", ".join(dict.fromkeys(codes.label(coding.code) for coding in covering))
            color = codes.colors.get(covering[-1].code, "currentColor")
            words = f'<u style="border-color:{escape(color)}" title="{escape(names)}">{words}</u>'
        yield words
