"""REFI-QDA codebooks (.qdc), the format that coding programs exchange.

A code there has a name, a colour, a guid and one description. Definition, criteria, example and path travel
as labelled lines of the description, readable in any program and taken apart again here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from coding_schemes.errors import SchemeError
from coding_schemes.scheme import Code, Scheme
from coding_schemes.vocabulary import TEXT_FIELDS

NAMESPACE = "urn:QDA-XML:codebook:1.0"
ORIGIN = "Mixed-methods workbench"
LINE_LABELS: dict[str, dict[str, str]] = {
    "da": {"definition": "Definition", "include": "Medtag", "exclude": "Udelad", "example": "Eksempel"},
    "en": {"definition": "Definition", "include": "Include", "exclude": "Exclude", "example": "Example"},
}
PATH_LABEL = "Path"
VALENCE_LABEL = "Valence"


def codebook_of(scheme: Scheme, *, language: str) -> bytes:
    """The scheme as a REFI-QDA codebook in one language (UTF-8, valid against Codebook.xsd)."""
    nsmap: Any = {None: NAMESPACE}  # the stubs know no default namespace
    root = etree.Element(_tag("CodeBook"), nsmap=nsmap, origin=ORIGIN)
    codes = etree.SubElement(root, _tag("Codes"))
    for theme in scheme.themes:
        _append(codes, scheme, theme, language)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def read_codebook(path: Path) -> dict[str, Any]:
    """Plain scheme values from a codebook; paths are made from names where the description gives none.

    The language is Danish if the descriptions carry Danish line labels, else English.
    """
    root = _root(path)
    elements = root.find(_tag("Codes"))
    if elements is None or not len(elements):
        raise SchemeError("{file}: the codebook holds no codes", reason="codebook_empty", file=path.name)
    language = "da" if _is_danish(root) else "en"
    return {
        "id": path.stem,
        "languages": [language],
        "label": {language: path.stem},
        "codes": list(_codes(elements, parent="", language=language, file=path.name)),
    }


def _root(path: Path) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True
    )
    try:
        tree = etree.fromstring(path.read_bytes(), parser).getroottree()
    except etree.XMLSyntaxError as error:
        raise SchemeError(
            "{file}: not readable as XML ({detail}); export the codebook again",
            reason="codebook_not_xml",
            file=path.name,
            detail=error,
        ) from error
    if tree.docinfo.internalDTD is not None:
        raise SchemeError(
            "{file}: refused, a codebook has no document type declaration",
            reason="codebook_doctype",
            file=path.name,
        )
    root = tree.getroot()
    if root.tag != _tag("CodeBook"):
        raise SchemeError(
            "{file}: no REFI-QDA codebook (found <{found}>); export as .qdc",
            reason="not_a_codebook",
            file=path.name,
            found=root.tag,
        )
    return root


def _append(parent: etree._Element, scheme: Scheme, code: Code, language: str) -> None:
    element = etree.SubElement(
        parent,
        _tag("Code"),
        guid=code.uid,
        name=_xml_text(code.label[language]),
        isCodable="true",
        color=code.color,
    )
    etree.SubElement(element, _tag("Description")).text = _xml_text(_description(code, language))
    for child in scheme.children(code.path):
        _append(element, scheme, child, language)


def _description(code: Code, language: str) -> str:
    lines = [
        f"{LINE_LABELS[language][name]}: {getattr(code, name)[language]}"
        for name in TEXT_FIELDS[1:]
        if getattr(code, name).get(language)
    ]
    return "\n".join([*lines, f"{VALENCE_LABEL}: {code.valence}", f"{PATH_LABEL}: {code.path}"])


def _xml_text(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)


def _codes(elements: etree._Element, *, parent: str, language: str, file: str) -> Iterator[dict[str, Any]]:
    taken: set[str] = set()
    for element in elements.iterchildren(_tag("Code")):
        name, guid = element.get("name", "").strip(), element.get("guid", "").strip("{} ")
        if not name or not guid:
            raise SchemeError(
                "{file}: line {line}: a code without name or guid; export again",
                reason="codebook_nameless",
                file=file,
                line=element.sourceline,
            )
        fields = _fields(element.findtext(_tag("Description")) or "", language)
        path = _path_of(name, fields, parent, taken)
        taken.add(path)
        texts = {key: {language: fields[key]} for key in TEXT_FIELDS[1:] if fields.get(key)}
        yield {
            "path": path,
            "uid": guid,
            "color": _six_digits(element.get("color", "")),
            "valence": int(fields["valence"]) if fields.get("valence") in ("-1", "0", "1") else 0,
            "label": {language: name},
            **texts,
        }
        yield from _codes(element, parent=path, language=language, file=file)


def _fields(description: str, language: str) -> dict[str, str]:
    """The description taken apart at its line labels; text before the first label is the definition."""
    names = {label: name for name, label in LINE_LABELS[language].items()}
    names |= {PATH_LABEL: "path", VALENCE_LABEL: "valence"}
    fields: dict[str, str] = {}
    current = "definition"
    for line in description.split("\n"):
        head, found, rest = line.partition(": ")
        if found and head in names and names[head] not in fields:
            current, line = names[head], rest
        fields[current] = f"{fields[current]}\n{line}" if current in fields else line
    return {name: text.strip() for name, text in fields.items()}


def _path_of(name: str, fields: dict[str, str], parent: str, taken: set[str]) -> str:
    """The path that the description gives if it fits the tree, else one made from the name."""
    prefix = f"{parent}/" if parent else ""
    given = fields.get("path", "")
    if given.rpartition("/")[0] == parent and given and given not in taken:
        return given
    slug = re.sub(r"[^\w-]+", "_", name.casefold()).strip("_-") or "code"
    path, number = prefix + slug, 2
    while path in taken:
        path, number = f"{prefix}{slug}_{number}", number + 1
    return path


def _is_danish(root: etree._Element) -> bool:
    own = {LINE_LABELS["da"][name] for name in ("include", "exclude", "example")}
    lines = (line for text in root.iter(_tag("Description")) for line in (text.text or "").split("\n"))
    return any(line.partition(": ")[0] in own for line in lines)


def _six_digits(color: str) -> str:
    short = re.fullmatch(r"#([0-9A-Fa-f])([0-9A-Fa-f])([0-9A-Fa-f])", color)
    return "#" + "".join(digit * 2 for digit in short.groups()) if short else color


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
