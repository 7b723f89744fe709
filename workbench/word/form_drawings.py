"""What is drawn on printed forms: numbered circles, faces, the empty star; lines only, for any printer."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape

INK, SOFT = "#2f3640", "#9aa1a9"
FONT = "Arial, Liberation Sans, DejaVu Sans, sans-serif"
PNG_SCALE = 3.0
_STAR_WIDTH, _STAR_HEIGHT = 820, 690
_LABEL_WIDTH, _LINE_HEIGHT = 18, 17


@dataclass(frozen=True)
class Drawing:
    """A picture for paper with the words that stand for it."""

    key: str
    alt_text: str
    picture: str
    width_cm: float

    def svg(self) -> str:
        """The picture as SVG."""
        return self.picture

    def png(self) -> bytes:
        """The picture as PNG, for readers that know no SVG."""
        return _png(self.picture)


@lru_cache(maxsize=128)
def _png(svg: str) -> bytes:
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg, scale=PNG_SCALE))


def numbered_circle(number: int, *, alt_text: str, width_cm: float) -> Drawing:
    """A circle to cross out, its number in light ink."""
    body = (
        f'<circle cx="50" cy="50" r="45" fill="white" stroke="{INK}" stroke-width="4"/>'
        f'<text x="50" y="65" font-family="{FONT}" font-size="42" text-anchor="middle" fill="{SOFT}">'
        f"{number}</text>"
    )
    return Drawing(f"point {number}", alt_text, _svg(100, 100, body), width_cm)


def face(share: float, *, alt_text: str, width_cm: float) -> Drawing:
    """A face from sad (share 0) over straight (0.5) to glad (1)."""
    # The mouth is an arc whose middle lies below its corners as far as it is glad.
    bend = (share - 0.5) * 44
    corner = 66 - bend / 3
    mouth = f"M 28 {corner:.1f} Q 50 {corner + bend * 1.25:.1f} 72 {corner:.1f}"
    body = (
        f'<circle cx="50" cy="50" r="45" fill="white" stroke="{INK}" stroke-width="4"/>'
        f'<circle cx="35" cy="38" r="5" fill="{INK}"/><circle cx="65" cy="38" r="5" fill="{INK}"/>'
        f'<path d="{mouth}" fill="none" stroke="{INK}" stroke-width="5" stroke-linecap="round"/>'
    )
    return Drawing(f"face {share:.2f}", alt_text, _svg(100, 100, body), width_cm)


def empty_star(
    labels: Sequence[str],
    scale: tuple[int, int],
    *,
    alt_text: str,
    width_cm: float,
    right_to_left: bool = False,
) -> Drawing:
    """A star to draw on: a spoke an item, a mark a point of the scale, the numbers beside the first spoke.

    Raises ValueError for fewer than three labels.
    """
    if len(labels) < 3:
        raise ValueError(f"a star needs three spokes or more, found {len(labels)}")
    low, high = scale
    points = range(low, high + 1)
    middle_x, middle_y, reach = _STAR_WIDTH / 2, _STAR_HEIGHT / 2, 240.0
    step = reach / len(points)
    turn = -1 if right_to_left else 1
    angles = [turn * 2 * math.pi * place / len(labels) for place in range(len(labels))]

    def at(angle: float, radius: float) -> tuple[float, float]:
        return middle_x + radius * math.sin(angle), middle_y - radius * math.cos(angle)

    parts = []
    for place in range(1, len(points) + 1):
        ring = " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(angle, place * step) for angle in angles))
        parts.append(f'<polygon points="{ring}" fill="none" stroke="{SOFT}" stroke-width="0.8"/>')
    for angle, words in zip(angles, labels, strict=True):
        x, y = at(angle, reach)
        parts.append(
            f'<line x1="{middle_x}" y1="{middle_y}" x2="{x:.1f}" y2="{y:.1f}" stroke="{INK}" '
            'stroke-width="1.4"/>'
        )
        for place in range(1, len(points) + 1):
            x, y = at(angle, place * step)
            parts.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="white" stroke="{INK}" stroke-width="1.4"/>'
            )
        parts.append(_star_label(words, angle, *at(angle, reach + 20), right_to_left=right_to_left))
    for place, point in enumerate(points, 1):
        x, y = at(0.0, place * step)
        parts.append(
            f'<text x="{x + 9:.1f}" y="{y - 5:.1f}" font-family="{FONT}" font-size="14" fill="{INK}">'
            f"{point}</text>"
        )
    return Drawing("star form", alt_text, _svg(_STAR_WIDTH, _STAR_HEIGHT, "".join(parts)), width_cm)


def _star_label(words: str, angle: float, x: float, y: float, *, right_to_left: bool) -> str:
    # Labels above and below have the whole width of the page, those beside the star the rest of it.
    width = _LABEL_WIDTH if abs(math.sin(angle)) > 0.5 else _LABEL_WIDTH + 8
    lines = textwrap.wrap(words, width) or [""]
    if right_to_left:
        # Embedded, so that a full stop stands at the left end of its line.
        lines = [f"\u202b{line}\u202c" for line in lines]
    side = math.sin(angle)
    anchor = "middle" if abs(side) < 0.15 else "start" if side > 0 else "end"
    up = math.cos(angle)
    above = len(lines) - 1 if up > 0.9 else 0 if up < -0.9 else (len(lines) - 1) / 2
    top = y - above * _LINE_HEIGHT + (5 if abs(up) <= 0.9 else 12 if up < 0 else 0)
    spans = "".join(
        f'<tspan x="{x:.1f}" y="{top + place * _LINE_HEIGHT:.1f}">{escape(line)}</tspan>'
        for place, line in enumerate(lines)
    )
    return f'<text font-family="{FONT}" font-size="15" text-anchor="{anchor}" fill="{INK}">{spans}</text>'


def _svg(width: int, height: int, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{body}</svg>'
    )
