"""The errors a user may meet, and what the surfaces (page, command line) catch.

WorkbenchError
├── StudyNotFoundError      the file or database holds no such study
├── StudyExistsError        a study would be overwritten
├── StudyVersionError       the file was written by a newer version
├── NotFoundError           a transcript, code, coder, estimate ... that the study does not have
├── InvalidCodingError      positions or quote do not fit the stored text
├── InvalidRequestError     the request cannot be met as asked
└── ReportError             the report cannot be written
TranscriptError (interviews), SchemeError (coding_schemes), QuantError (quant) are raised by the core
packages, which know nothing of this one; USER_ERRORS names them all.
"""

from coding_schemes.errors import SchemeError
from interviews.errors import TranscriptError
from quant.errors import QuantError


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


class NotFoundError(WorkbenchError):
    """The study has no transcript, code, coder or estimate of that name."""


class InvalidCodingError(WorkbenchError):
    """Positions or quote of a coding do not fit the stored text."""


class InvalidRequestError(WorkbenchError):
    """The request cannot be met as asked; the text says why and what to do."""


class ReportError(WorkbenchError):
    """The report cannot be written."""


USER_ERRORS = (WorkbenchError, TranscriptError, SchemeError, QuantError)
