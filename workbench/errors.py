"""The errors a user may meet, and what the surfaces (page, command line) catch.

WorkbenchError
├── StudyNotFoundError      the file or database holds no such study
├── StudyExistsError        a study would be overwritten
├── StudyVersionError       the file was written by a newer version
├── StoreUnavailableError   the store is busy or cannot be written just now
├── NotFoundError           a transcript, code, coder, estimate ... that the study does not have
├── InvalidCodingError      positions or quote do not fit the stored text
├── InvalidRequestError     the request cannot be met as asked
└── ReportError             the report cannot be written
TranscriptError (interviews), SchemeError (coding_schemes), QuantError (quant) are raised by the core
packages, which know nothing of this one; USER_ERRORS names them all. A WorkbenchError takes its text from
the catalogue `errors` where it is raised; the core speaks English, and `error_text` says it in the user's
language.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping

from coding_schemes.errors import Phrase, SchemeError
from interviews.errors import TranscriptError, shown_name
from quant.errors import QuantError
from workbench.i18n import Language, catalogue, get_language, t


class WorkbenchError(Exception):
    """Base of the errors of the shell; the text is written for the user.

    reason : a stable word where a screen says it in another language, else empty.
    """

    def __init__(self, *texts: object, reason: str = "") -> None:
        super().__init__(*texts)
        self.reason = reason


class StudyNotFoundError(WorkbenchError):
    """The file or database holds no such study."""


class StudyExistsError(WorkbenchError):
    """Creating the study would overwrite what is there."""


class StudyVersionError(WorkbenchError):
    """The study was written by a newer version of the workbench."""


class StoreUnavailableError(WorkbenchError):
    """The store is busy or cannot be read or written just now; the same request may succeed later."""


class NotFoundError(WorkbenchError):
    """The study has no transcript, code, coder or estimate of that name."""


class InvalidCodingError(WorkbenchError):
    """Positions or quote of a coding do not fit the stored text."""


class InvalidRequestError(WorkbenchError):
    """The request cannot be met as asked; the text says why and what to do."""


class ReportError(WorkbenchError):
    """The report cannot be written."""


OS_PROBLEMS = {
    errno.ENOENT: "missing",
    errno.EACCES: "denied",
    errno.EPERM: "denied",
    errno.ENOSPC: "full",
    errno.EROFS: "read_only",
    errno.EISDIR: "folder",
    errno.ENOTDIR: "not_a_folder",
}

USER_ERRORS = (WorkbenchError, TranscriptError, SchemeError, QuantError)


def error_text(error: BaseException | Phrase, *, language: Language | None = None) -> str:
    """What an error says to the user, in the language of the run or the one given.

    Errors of the core packages are looked up as `errors.<package>.<reason>` and filled with their values;
    one that the catalogue lacks, and any other error, says what it says itself.
    """
    spoken = language or get_language()
    if isinstance(error, TranscriptError):
        said = _said("interviews", error.detail, error.values, spoken)
        return str(error) if said is None else f"{_where(error, spoken)}: {said}"
    if isinstance(error, (SchemeError, Phrase)):
        return _said("coding_schemes", error.reason, error.values, spoken) or str(error)
    if isinstance(error, QuantError):
        return _said("quant", error.reason, error.values, spoken) or str(error)
    return str(error)


def os_problem(error: OSError) -> str:
    """Why a file cannot be read or written, in the language of the run where the reason is a common one."""
    name = OS_PROBLEMS.get(error.errno or 0)
    return t(f"errors.os_{name}") if name else error.strerror or str(error)


def _said(package: str, reason: str, values: Mapping[str, object], language: Language) -> str | None:
    text = catalogue(language).get(f"errors.{package}.{reason}")
    if text is None or not values:
        return text
    return text.format(**{name: _shown(value, language) for name, value in values.items()})


def _shown(value: object, language: Language) -> object:
    if isinstance(value, (Phrase, *USER_ERRORS)):
        return error_text(value, language=language)
    return _Danish(value) if isinstance(value, float) and language == "da" else value


class _Danish(float):
    """A number that is written with a decimal comma, whatever its format."""

    def __format__(self, spec: str) -> str:
        return super().__format__(spec).replace(".", ",")


def _where(error: TranscriptError, language: Language) -> str:
    """File and place: pages, lines and bytes by name, the part of an archive as it is."""
    file = shown_name(error.file)
    if error.place is None:
        return file
    kind, _, number = error.place.partition(" ")
    named = _said("interviews", f"place_{kind}", {"number": number}, language) if number.isdigit() else None
    return f"{file}, {named or error.place}"
