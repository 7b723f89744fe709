"""The errors of questionnaires, factors and estimates.

QuantError
├── InstrumentError     an instrument file cannot be read or is not coherent
├── AnswersError        a file of answers cannot be mapped onto the instrument
├── FactorError         the data admit no factor analysis as asked
├── EstimatesError      a file of estimates cannot be mapped
├── RegressionError     a regression cannot be estimated as asked
├── OutcomesError       register records or the rules of outcomes cannot be used
└── EffectError         a panel cannot be built, or an effect cannot be estimated from it as asked
"""


class QuantError(Exception):
    """Base; the text says what was expected, what was found and what to do.

    Attributes: `reason` (one stable word, or "" where none was given) and `values`, which fill the `{name}`
    places of `text`, so that a caller can say it in another language. A value may itself be an error.
    """

    def __init__(self, text: str, *, reason: str = "", **values: object) -> None:
        super().__init__(text.format(**values) if values else text)
        self.reason = reason
        self.values = values


class InstrumentError(QuantError):
    """An instrument file cannot be read or is not coherent."""


class AnswersError(QuantError):
    """A file of answers cannot be mapped onto the instrument."""


class FactorError(QuantError):
    """The data admit no factor analysis as asked."""


class EstimatesError(QuantError):
    """A file of estimates cannot be mapped."""


class RegressionError(QuantError):
    """A regression cannot be estimated as asked."""


class OutcomesError(QuantError):
    """Register records, or the rules that make outcomes of them, cannot be used."""


class EffectError(QuantError):
    """A panel cannot be built as declared, or carries no effect estimate of the kind asked for."""
