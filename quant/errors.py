"""The errors of questionnaires, factors and estimates.

QuantError
├── InstrumentError     an instrument file cannot be read or is not coherent
├── AnswersError        a file of answers cannot be mapped onto the instrument
├── FactorError         the data admit no factor analysis as asked
└── EstimatesError      a file of estimates cannot be mapped
"""


class QuantError(Exception):
    """Base; the text says what was expected, what was found and what to do."""


class InstrumentError(QuantError):
    """An instrument file cannot be read or is not coherent."""


class AnswersError(QuantError):
    """A file of answers cannot be mapped onto the instrument."""


class FactorError(QuantError):
    """The data admit no factor analysis as asked."""


class EstimatesError(QuantError):
    """A file of estimates cannot be mapped."""
