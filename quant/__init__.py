"""Questionnaires, factors, indices, regressions, effects and estimates: frames in, frozen results out.

statsmodels, scipy, factor_analyzer and rapidfuzz are imported inside the functions that need them, so that a
page which imports this package starts fast.
"""

from quant.adequacy import Bartlett, Kmo
from quant.agreement_scores import agreement_by_pair, bias, icc, weighted_kappa
from quant.answers import ANSWER_COLUMNS, Answers, answers_from_frame, read_answers
from quant.cluster_scores import cluster_influence, leave_one_cluster_out
from quant.description import StarAxis, StarData, StarSeries, group_star, indicator_means, scale_ends, star
from quant.did import did
from quant.effect_bootstrap import effect_bootstrap
from quant.effect_findings import EffectRun, OutcomeEffects
from quant.effect_results import EffectResult
from quant.effect_runs import run_effects
from quant.effect_specs import EffectSpec, SyntheticSpec, load_effect_spec, load_synthetic_spec
from quant.errors import (
    AnswersError,
    EffectError,
    EstimatesError,
    FactorError,
    InstrumentError,
    OutcomesError,
    QuantError,
    RegressionError,
)
from quant.estimate_audit import audit_estimates
from quant.estimates import (
    ESTIMATE_KINDS,
    Estimate,
    EstimateMapping,
    EstimateTable,
    guess_estimate_mapping,
    read_estimates,
)
from quant.estimates_from_results import estimates_from_effect, estimates_from_synthetic
from quant.event_study import event_study
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
from quant.panel import Panel, check_panel
from quant.panel_building import BuiltPanel, build_panel
from quant.panel_rules import PanelRules, load_panel_rules, panel_rules
from quant.placebos import Placebos, placebo_dates, placebo_outcomes
from quant.polychoric import Polychoric, polychoric, polychoric_correlations
from quant.pretrend_tests import PretrendTest, pretrend_test
from quant.pretrends import PretrendPower, pretrend_power
from quant.progression import progression
from quant.prose_audit import audit_prose
from quant.randomisation import RandomisationTest, randomisation_test
from quant.register_sources import open_records
from quant.regression import RegressionResult, regression
from quant.reliability import Reliability, reliability
from quant.retention import Retention, retention
from quant.rotation import Rotation
from quant.samples import Stage
from quant.scale_variants import Scale, ScaleVariant
from quant.scores import ScoreLevel, mean_interval, scores, suppress_small
from quant.sensitivity import Sensitivity, relative_magnitudes, smoothness
from quant.simulation import AnswerModel, Simulated, answer_model, simulate_answers, target_correlations
from quant.stability import Stability, bootstrap_loadings, compare_with
from quant.staggered import StaggeredResult, staggered
from quant.subgroup_differences import independent_differences
from quant.subgroups import (
    SubgroupEffects,
    staggered_subgroup_effects,
    subgroup_effects,
)
from quant.synthetic_checks import leave_one_donor_out, placebo_in_time
from quant.synthetic_control import prune_donors, synthetic_control
from quant.synthetic_groups import SyntheticGroupResult, synthetic_controls
from quant.synthetic_intervals import SyntheticIntervals, conformal_intervals
from quant.synthetic_placebos import PlaceboRank, placebo_rank
from quant.synthetic_predictors import Predictor
from quant.synthetic_results import SyntheticControlResult
from quant.synthetic_runs import run_synthetic
from quant.tables import read_table

__all__ = [
    "ANSWER_COLUMNS",
    "ESTIMATE_KINDS",
    "KINDS",
    "AnswerModel",
    "Answers",
    "AnswersError",
    "Bartlett",
    "BuiltPanel",
    "ColumnMapping",
    "Correlation",
    "Dimension",
    "EffectError",
    "EffectResult",
    "EffectRun",
    "EffectSpec",
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
    "OutcomeEffects",
    "OutcomesError",
    "Panel",
    "PanelRules",
    "PlaceboRank",
    "Placebos",
    "Polychoric",
    "Predictor",
    "PretrendPower",
    "PretrendTest",
    "QuantError",
    "RandomisationTest",
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
    "Sensitivity",
    "Simulated",
    "Stability",
    "Stage",
    "StaggeredResult",
    "StarAxis",
    "StarData",
    "StarSeries",
    "SubgroupEffects",
    "SyntheticControlResult",
    "SyntheticGroupResult",
    "SyntheticIntervals",
    "SyntheticSpec",
    "agreement_by_pair",
    "alpha",
    "answer_model",
    "answers_from_frame",
    "audit_estimates",
    "audit_prose",
    "best_match",
    "bias",
    "bootstrap_loadings",
    "build_panel",
    "check_panel",
    "cluster_influence",
    "compare_with",
    "conformal_intervals",
    "did",
    "effect_bootstrap",
    "estimates_from_effect",
    "estimates_from_synthetic",
    "event_study",
    "factor_analysis",
    "factor_matrix",
    "group_congruence",
    "group_star",
    "guess_estimate_mapping",
    "guess_mapping",
    "icc",
    "incomplete_by_group",
    "independent_differences",
    "index_changes",
    "indicator_means",
    "indices",
    "instrument_from_dict",
    "instrument_toml",
    "instrument_xlsx",
    "item_means",
    "leave_one_cluster_out",
    "leave_one_donor_out",
    "list_instruments",
    "little_mcar",
    "load_effect_spec",
    "load_instrument",
    "load_panel_rules",
    "load_synthetic_spec",
    "mean_interval",
    "measurement_invariance",
    "missing_by_item",
    "missing_patterns",
    "name_factors",
    "open_records",
    "panel_rules",
    "parse_instrument",
    "placebo_dates",
    "placebo_in_time",
    "placebo_outcomes",
    "placebo_rank",
    "polychoric",
    "polychoric_correlations",
    "pretrend_power",
    "pretrend_test",
    "progression",
    "prune_donors",
    "randomisation_test",
    "read_answers",
    "read_estimates",
    "read_table",
    "regression",
    "relative_magnitudes",
    "reliability",
    "retention",
    "run_effects",
    "run_synthetic",
    "scale_ends",
    "scores",
    "simulate_answers",
    "smoothness",
    "staggered",
    "staggered_subgroup_effects",
    "star",
    "subgroup_effects",
    "suppress_small",
    "synthetic_control",
    "synthetic_controls",
    "target_correlations",
    "template_instrument",
    "tucker_congruence",
    "weighted_kappa",
    "write_instrument",
]
