"""The document that blocks are written into: own styles or a house template, no names, stable bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE as RELATIONSHIP
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.parts.numbering import NumberingPart

from workbench.errors import ReportError
from workbench.i18n import Language, t
from workbench.word.markup import LANGUAGE_TAGS, clean

BASE = Path(__file__).parent / "base"
EMU_PER_TWIP = 635
EPOCH = datetime(2020, 1, 1)
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
MAX_TEMPLATE_BYTES, MAX_UNPACKED_BYTES = 20_000_000, 200_000_000

_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_STALE = ("thumbnail", "stylesWithEffects", "customXml")
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"


def new_document(language: Language) -> Document:
    """An empty document with the workbench's own styles, in the current compatibility mode."""
    document = docx.Document()
    _drop_relationships(document.part.package, _STALE)
    _drop_relationships(document.part, _STALE)
    _replace(document.styles.element, _base("styles.xml"))
    _replace(document.settings.element, _base("settings.xml"))
    _clear_numbering(document)
    _set_language(document, language)
    _clear_body(document)
    return document


def from_template(template: bytes, language: Language) -> Document:
    """An empty document with the styles, headers and page of a house template.

    Styles that the template lacks are added; relationships to places outside the file are removed.
    Raises ReportError if the bytes are no .docx document or hold macros.
    """
    _guard(template)
    try:
        document = docx.Document(io.BytesIO(template))
    except (ValueError, KeyError, zipfile.BadZipFile, SyntaxError) as error:
        raise ReportError(t("errors.template_not_word")) from error
    _drop_relationships(document.part.package, ("thumbnail",))
    _drop_relationships(document.part, ("stylesWithEffects",))
    for part in document.part.package.iter_parts():
        _strip_external(part)
    _add_missing_styles(document)
    _clear_body(document)
    return document


def style_ids(document: Document) -> dict[str, str]:
    """Style ids by lower-case style name: names are the same in all languages of Word, ids are not."""
    return {
        style.find(qn("w:name")).get(qn("w:val")).lower(): style.get(qn("w:styleId"))
        for style in document.styles.element.findall(qn("w:style"))
        if style.find(qn("w:name")) is not None
    }


def add_numbering(document: Document, definition: str) -> int:
    """Add a list definition of `base/` to the document and return its number (numId)."""
    numbering = _numbering(document)
    abstract = _base(definition)
    taken = [int(each.get(qn("w:abstractNumId"))) for each in numbering.findall(qn("w:abstractNum"))]
    abstract_id = max(taken, default=0) + 1
    abstract.set(qn("w:abstractNumId"), str(abstract_id))
    # The schema wants all abstract definitions before the first instance.
    first_instance = numbering.find(qn("w:num"))
    if first_instance is None:
        numbering.append(abstract)
    else:
        first_instance.addprevious(abstract)
    number = max((int(each.get(qn("w:numId"))) for each in numbering.findall(qn("w:num"))), default=0) + 1
    reference = f'<w:abstractNumId w:val="{abstract_id}"/>'
    numbering.append(parse_xml(f'<w:num {_NAMESPACE} w:numId="{number}">{reference}</w:num>'))
    return number


def set_metadata(document: Document, *, title: str, language: Language, metadata: Mapping[str, str]) -> None:
    """Title, language and the given properties; no names, and no time but `metadata["created"]` (ISO)."""
    core = document.core_properties
    created = datetime.fromisoformat(metadata["created"]) if "created" in metadata else EPOCH
    core.title, core.language = clean(title)[:255], LANGUAGE_TAGS[language]
    core.author = core.last_modified_by = core.comments = core.keywords = core.subject = core.category = ""
    core.created = core.modified = created.replace(tzinfo=None)
    core.revision = 1
    package = document.part.package
    _drop_relationships(package, ("custom-properties", "extended-properties"))
    _add_part(package, "/docProps/app.xml", _extended(), "extended-properties",
              "application/vnd.openxmlformats-officedocument.extended-properties+xml")  # fmt: skip
    kept = {key: value for key, value in metadata.items() if key != "created"}
    if kept:
        _add_part(package, "/docProps/custom.xml", _custom(kept), "custom-properties", _CUSTOM_TYPE)


def to_bytes(document: Document) -> bytes:
    """The document as a .docx file; the same document gives the same bytes."""
    buffer = io.BytesIO()
    document.save(buffer)
    packed = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 0
            target.writestr(entry, source.read(name))
    return packed.getvalue()


def _base(name: str) -> Any:
    return parse_xml((BASE / name).read_bytes())


def _replace(element: Any, replacement: Any) -> None:
    for child in list(element):
        element.remove(child)
    for child in list(replacement):
        element.append(child)


def _numbering(document: Document) -> Any:
    """The element of the list definitions; a template may have none yet."""
    try:
        return document.part.part_related_by(RELATIONSHIP.NUMBERING).element  # type: ignore[attr-defined]
    except KeyError:
        element = parse_xml(f"<w:numbering {_NAMESPACE}/>")
        name = PackURI("/word/numbering.xml")
        part = NumberingPart(name, CONTENT_TYPE.WML_NUMBERING, element, document.part.package)
        document.part.relate_to(part, RELATIONSHIP.NUMBERING)
        return part.element


def _clear_numbering(document: Document) -> None:
    numbering = _numbering(document)
    for child in list(numbering):
        numbering.remove(child)


def _set_language(document: Document, language: Language) -> None:
    tag = LANGUAGE_TAGS[language]
    for element in document.styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), tag)
    for element in document.settings.element.iter(qn("w:themeFontLang")):
        element.set(qn("w:val"), tag)
    point, separator = (",", ";") if language == "da" else (".", ",")
    document.settings.element.find(qn("w:decimalSymbol")).set(qn("w:val"), point)
    document.settings.element.find(qn("w:listSeparator")).set(qn("w:val"), separator)


def _clear_body(document: Document) -> None:
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)


def _drop_relationships(owner: Any, endings: tuple[str, ...]) -> None:
    for relationship_id, relationship in list(owner.rels.items()):
        if relationship.reltype.endswith(endings):
            del owner.rels[relationship_id]


def _add_part(package: Any, name: str, xml: str, relationship: str, content_type: str) -> None:
    part = Part(PackURI(name), content_type, xml.encode("utf-8"), package)
    package.relate_to(part, f"{_OFFICE}/relationships/{relationship}")


def _extended() -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<Properties xmlns="{_OFFICE}/extended-properties">'
        "<Application>Mixed Methods Workbench</Application></Properties>"
    )


def _custom(metadata: Mapping[str, str]) -> str:
    # The format id that Office gives to every custom property.
    format_id = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
    properties = "".join(
        f'<property fmtid="{format_id}" pid="{number}" name={quoteattr(clean(key))}>'
        f"<vt:lpwstr>{escape(clean(str(value)))}</vt:lpwstr></property>"
        for number, (key, value) in enumerate(metadata.items(), start=2)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<Properties xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes">{properties}'
        "</Properties>"
    )


def _guard(template: bytes) -> None:
    if len(template) > MAX_TEMPLATE_BYTES:
        raise ReportError(
            t(
                "errors.template_too_large",
                megabytes=len(template) // 1_000_000,
                limit=MAX_TEMPLATE_BYTES // 1_000_000,
            )
        )
    try:
        entries = zipfile.ZipFile(io.BytesIO(template)).infolist()
    except zipfile.BadZipFile as error:
        raise ReportError(t("errors.template_not_docx")) from error
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise ReportError(t("errors.template_unpacks"))
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise ReportError(t("errors.template_macros"))


def _strip_external(part: Any) -> None:
    external = {key for key, relationship in part.rels.items() if relationship.is_external}
    for key in external:
        del part.rels[key]
    if not external or not hasattr(part, "element"):
        return
    for element in list(part.element.iter()):
        for name, value in list(element.attrib.items()):
            if name.startswith(f"{{{_OFFICE}/relationships}}") and value in external:
                _remove_reference(element, name)


def _remove_reference(element: Any, attribute_name: str) -> None:
    """A link keeps its words, anything else that pointed outside goes."""
    del element.attrib[attribute_name]
    if element.tag != qn("w:hyperlink") and element.getparent() is not None:
        element.getparent().remove(element)


def _add_missing_styles(document: Document) -> None:
    styles = document.styles.element
    known = style_ids(document)
    taken = set(known.values())
    added = list(_missing(known))
    renamed = {}
    for style in added:
        own = style.get(qn("w:styleId"))
        renamed[own] = own if own not in taken else f"Workbench{own}"
    for style in _base("styles.xml").findall(qn("w:style")):
        name = style.find(qn("w:name")).get(qn("w:val")).lower()
        if name in known:
            renamed[style.get(qn("w:styleId"))] = known[name]
    text_width = _text_width(document)
    for style in added:
        _fit_to_template(style, text_width)
        style.set(qn("w:styleId"), renamed[style.get(qn("w:styleId"))])
        for tag in ("w:basedOn", "w:next"):
            reference = style.find(qn(tag))
            if reference is not None:
                reference.set(qn("w:val"), renamed[reference.get(qn("w:val"))])
        styles.append(style)


def _text_width(document: Document) -> int:
    section = document.sections[0]
    width = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    return max(width, 0) // EMU_PER_TWIP


def _fit_to_template(style: Any, text_width: int) -> None:
    """An unnumbered heading looks like the house's own; page numbers of the contents end at its margin."""
    name = style.find(qn("w:name")).get(qn("w:val")).lower()
    if name == "heading unnumbered":
        style.find(qn("w:basedOn")).set(qn("w:val"), "Heading1")
        style.remove(style.find(qn("w:rPr")))
        properties = style.find(qn("w:pPr"))
        for child in list(properties):
            properties.remove(child)
        properties.append(parse_xml(f'<w:numPr {_NAMESPACE}><w:numId w:val="0"/></w:numPr>'))
        properties.append(parse_xml(f'<w:outlineLvl {_NAMESPACE} w:val="0"/>'))
    for tab in style.iter(qn("w:tab")):
        if tab.get(qn("w:val")) == "right":
            tab.set(qn("w:pos"), str(text_width))


def _missing(known: Mapping[str, str]) -> Iterator[Any]:
    for style in _base("styles.xml").findall(qn("w:style")):
        name = style.find(qn("w:name")).get(qn("w:val")).lower()
        if name not in known and style.get(qn("w:default")) is None:
            yield deepcopy(style)
