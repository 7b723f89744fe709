"""A study's report in one call, for scripts: what it says is composed by the services."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from workbench.i18n import Language


def build_report(
    study: Any,
    *,
    language: Language | None = None,
    sections: Sequence[str] | None = None,
    template: str | Path | bytes | None = None,
) -> bytes:
    """The study's report as the bytes of a .docx file; the same study gives the same document.

    study : an open study, or what opens one: a file's path, or a database URL with `#name`.
    language : "da" or "en"; the study's own if None.   sections : of `reporting.SECTIONS`; all if None.
    template : a house template (path or bytes) whose styles, page and header are used.

    Raises NotFoundError (no such study, no scheme), InvalidRequestError, ReportError.
    """
    # This package renders and may not know who composes; the composer is looked up when it is asked for.
    reporting: Any = import_module("workbench.services.reporting")
    if isinstance(study, str | Path):
        study = import_module("workbench.services.studies").open_study(study)
    house = Path(template) if isinstance(template, str) else template
    content: bytes = reporting.build_report(study, language=language, sections=sections, template=house)
    return content
