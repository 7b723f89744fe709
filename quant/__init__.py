"""Questionnaires, factors, indices and estimates: frames and arrays in, frozen results out."""

from quant.answers import Answers, answers_from_frame, read_answers
from quant.errors import AnswersError, EstimatesError, FactorError, InstrumentError, QuantError
from quant.findings import Report
from quant.instrument import Dimension, Instrument, Item, NamedFactor, Respondent, Rules
from quant.instrument_files import instrument_from_dict, list_instruments, load_instrument, parse_instrument
from quant.mapping import ColumnMapping, guess_mapping
from quant.tables import read_table

__all__ = [
    "Answers",
    "AnswersError",
    "ColumnMapping",
    "Dimension",
    "EstimatesError",
    "FactorError",
    "Instrument",
    "InstrumentError",
    "Item",
    "NamedFactor",
    "QuantError",
    "Report",
    "Respondent",
    "Rules",
    "answers_from_frame",
    "guess_mapping",
    "instrument_from_dict",
    "list_instruments",
    "load_instrument",
    "parse_instrument",
    "read_answers",
    "read_table",
]
