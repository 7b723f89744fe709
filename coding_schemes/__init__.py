"""Codes and their files, and what codings say about themes. Pure: no database, no screen."""

from coding_schemes.errors import EmptySampleError, SchemeError
from coding_schemes.files import list_schemes, load_scheme, save_scheme
from coding_schemes.plain import scheme_from_dict
from coding_schemes.quotations import NOT_SAID, QuotationCandidate, choose_quotation
from coding_schemes.scheme import ActorGroup, Code, CrosswalkLink, Scheme
from coding_schemes.themes import (
    ThemeReading,
    counts,
    coverage,
    presence,
    presence_by_group,
    theme_readings,
    wilson_interval,
)

__all__ = [
    "NOT_SAID",
    "ActorGroup",
    "Code",
    "CrosswalkLink",
    "EmptySampleError",
    "QuotationCandidate",
    "Scheme",
    "SchemeError",
    "ThemeReading",
    "choose_quotation",
    "counts",
    "coverage",
    "list_schemes",
    "load_scheme",
    "presence",
    "presence_by_group",
    "save_scheme",
    "scheme_from_dict",
    "theme_readings",
    "wilson_interval",
]
