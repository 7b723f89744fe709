"""A figure as an inline drawing: PNG for every reader, SVG beside it for those that can."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

from docx.document import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from workbench.word.markup import EMU_PER_CM, attribute

if TYPE_CHECKING:
    from workbench.figures.figure import Figure

_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
# Figures are drawn with type of 12 units: this makes it 8.5 points, as in tables.
CM_PER_UNIT = 0.025
_SVG_URI = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_SVG_NAMESPACE = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"


def drawing_xml(document: Document, figure: Figure, *, number: int, max_width_cm: float) -> str:
    """Add the figure's pictures to the document and return its w:drawing.

    number : unique among the drawings of the document.
    max_width_cm : the width between the margins; a wider figure is made smaller.
    """
    from workbench.figures.figure import PNG_SCALE

    png = figure.png()
    image_id = _add_png(document, png)
    svg_id = _add_svg(document, figure.svg(), number)
    pixels_wide, pixels_high = _png_size(png)
    wished_cm = figure.width_cm or pixels_wide / PNG_SCALE * CM_PER_UNIT
    width = int(min(wished_cm, max_width_cm) * EMU_PER_CM)
    height = width * pixels_high // pixels_wide
    name = attribute(f"{figure.key} {number}")
    extension = (
        f'<a:extLst><a:ext uri="{_SVG_URI}"><asvg:svgBlip xmlns:asvg="{_SVG_NAMESPACE}" r:embed="{svg_id}"/>'
        "</a:ext></a:extLst>"
    )
    return (
        '<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/>'
        '<wp:effectExtent l="0" t="0" r="0" b="0"/>'
        f'<wp:docPr id="{number}" name={name} descr={attribute(figure.alt_text)}/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        f'<a:graphic><a:graphicData uri="{_DRAWING}/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name={name} descr={attribute(figure.alt_text)}/>'
        '<pic:cNvPicPr><a:picLocks noChangeAspect="1"/></pic:cNvPicPr></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{image_id}">{extension}</a:blip>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing>"
    )


def _add_png(document: Document, png: bytes) -> str:
    relationship_id, _ = document.part.get_or_add_image(io.BytesIO(png))
    return relationship_id


def _add_svg(document: Document, svg: str, number: int) -> str:
    name = PackURI(f"/word/media/figure{number}.svg")
    part = Part(name, "image/svg+xml", svg.encode("utf-8"), document.part.package)
    return document.part.relate_to(part, _IMAGE)


def _png_size(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])
    return int(width), int(height)
