"""Questionnaires, factors, indices and estimates: frames and arrays in, frozen results out.

statsmodels, scipy, factor_analyzer and rapidfuzz are imported inside the functions that need them, so that a
page which imports this package starts fast.
"""

from quant.adequacy import Bartlett, Kmo
from quant.agreement_scores import agreement_by_pair, bias, icc, weighted_kappa
from quant.answers import ANSWER_COLUMNS, Answers, answers_from_frame, read_answers
from quant.description import StarAxis, StarData, StarSeries, group_star, indicator_means, scale_ends, star
from quant.errors import (
    AnswersError,
    EstimatesError,
    FactorError,
    InstrumentError,
    OutcomesError,
    QuantError,
    RegressionError,
)
from quant.estimates import (
    ESTIMATE_KINDS,
    Estimate,
    EstimateMapping,
    EstimateTable,
    guess_estimate_mapping,
    read_estimates,
)
from quant.extraction import Extraction
from quant.factor_input import Correlation, Missing
from quant.factor_names import FactorName, best_match, name_factors, tucker_congruence
from quant.factors import FactorResult, ScoreMethod, factor_analysis, factor_matrix
from quant.findings import KINDS, Report
from quant.index_scores import alpha, index_changes, indices, item_means
from quant.instrument import Dimension, Instrument, Item, NamedFactor, Respondent, Rules
from quant.instrument_files import instrument_from_dict, list_instruments, load_instrument, parse_instrument
from quant.instrument_writing import instrument_toml, instrument_xlsx, template_instrument, write_instrument
from quant.invariance import Invariance, group_congruence, measurement_invariance
from quant.mapping import ColumnMapping, guess_mapping
from quant.missing_data import McarTest, incomplete_by_group, little_mcar, missing_by_item, missing_patterns
from quant.polychoric import Polychoric, polychoric, polychoric_correlations
from quant.progression import progression
from quant.regression import RegressionResult, regression
from quant.reliability import Reliability, reliability
from quant.retention import Retention, retention
from quant.rotation import Rotation
from quant.samples import Stage
from quant.scale_variants import Scale, ScaleVariant
from quant.scores import ScoreLevel, mean_interval, scores, suppress_small
from quant.simulation import AnswerModel, Simulated, answer_model, simulate_answers, target_correlations
from quant.stability import Stability, bootstrap_loadings, compare_with
from quant.tables import read_table

__all__ = [
    "ANSWER_COLUMNS",
    "ESTIMATE_KINDS",
    "KINDS",
    "AnswerModel",
    "Answers",
    "AnswersError",
    "Bartlett",
    "ColumnMapping",
    "Correlation",
    "Dimension",
    "Estimate",
    "EstimateMapping",
    "EstimateTable",
    "EstimatesError",
    "Extraction",
    "FactorError",
    "FactorName",
    "FactorResult",
    "Instrument",
    "InstrumentError",
    "Invariance",
    "Item",
    "Kmo",
    "McarTest",
    "Missing",
    "NamedFactor",
    "OutcomesError",
    "Polychoric",
    "QuantError",
    "RegressionError",
    "RegressionResult",
    "Reliability",
    "Report",
    "Respondent",
    "Retention",
    "Rotation",
    "Rules",
    "Scale",
    "ScaleVariant",
    "ScoreLevel",
    "ScoreMethod",
    "Simulated",
    "Stability",
    "Stage",
    "StarAxis",
    "StarData",
    "StarSeries",
    "agreement_by_pair",
    "alpha",
    "answer_model",
    "answers_from_frame",
    "best_match",
    "bias",
    "bootstrap_loadings",
    "compare_with",
    "factor_analysis",
    "factor_matrix",
    "group_congruence",
    "group_star",
    "guess_estimate_mapping",
    "guess_mapping",
    "icc",
    "incomplete_by_group",
    "index_changes",
    "indicator_means",
    "indices",
    "instrument_from_dict",
    "instrument_toml",
    "instrument_xlsx",
    "item_means",
    "list_instruments",
    "little_mcar",
    "load_instrument",
    "mean_interval",
    "measurement_invariance",
    "missing_by_item",
    "missing_patterns",
    "name_factors",
    "parse_instrument",
    "polychoric",
    "polychoric_correlations",
    "progression",
    "read_answers",
    "read_estimates",
    "read_table",
    "regression",
    "reliability",
    "retention",
    "scale_ends",
    "scores",
    "simulate_answers",
    "star",
    "suppress_small",
    "target_correlations",
    "template_instrument",
    "tucker_congruence",
    "weighted_kappa",
    "write_instrument",
]
