"""Factor analyses: of the study's answers by the instrument's solutions, and of the columns of any file."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from quant import (
    Correlation,
    Extraction,
    FactorName,
    FactorResult,
    Missing,
    Rotation,
    Stage,
    factor_analysis,
    name_factors,
    read_table,
)
from quant.extraction import STATAS_TOLERANCE
from quant.tables import as_numbers, cell_text
from workbench.errors import InvalidRequestError, NotFoundError
from workbench.i18n import t
from workbench.services.files import GivenFile
from workbench.services.surveys import require_answers, require_instrument
from workbench.store.engine import StudyStore as Study

WHOLE_QUESTIONNAIRE = "all"


@dataclass(frozen=True)
class FactorSolution:
    """A factor analysis of one set of items, its factors named after the instrument where they match."""

    solution: str
    sample: str
    round: int | None
    result: FactorResult
    names: tuple[FactorName, ...]

    def as_dict(self) -> dict[str, Any]:
        """The solution as JSON values."""
        result = self.result
        return {
            "solution": self.solution,
            "sample": self.sample,
            "round": self.round,
            "n": result.n,
            "n_dropped": result.n_dropped,
            "method": result.method,
            "eigenvalues": [float(value) for value in result.eigenvalues],
            "proportion": [float(value) for value in result.proportion],
            "cumulative": [float(value) for value in result.cumulative],
            "proportion_of_total": [float(value) for value in result.proportion_of_total],
            "missing": result.missing,
            "correlation": result.correlation,
            "variance": [
                {"factor": str(name), **{str(key): float(value) for key, value in row.items()}}
                for name, row in result.variance.iterrows()
            ],
            "kmo": result.kmo.overall,
            "kmo_items": {str(item): float(value) for item, value in result.kmo.items.items()},
            "bartlett": asdict(result.bartlett),
            "independence": asdict(result.independence),
            "fit": asdict(result.fit) if result.fit is not None else None,
            "saturated": asdict(result.saturated) if result.saturated is not None else None,
            "log_likelihood": result.log_likelihood,
            "aic": result.aic,
            "bic": result.bic,
            "factors": [
                {"factor": name.factor, "name": name.name, "label": dict(name.label)} for name in self.names
            ],
            "loadings": [
                {"indicator": str(item), **{str(factor): float(value) for factor, value in row.items()}}
                for item, row in result.loadings.iterrows()
            ],
            "unrotated": [
                {"indicator": str(item), **{str(factor): float(value) for factor, value in row.items()}}
                for item, row in result.unrotated_loadings.iterrows()
            ],
            "factor_correlations": result.factor_correlations.to_numpy().tolist(),
            "rmsr": result.rmsr,
            "largest_residuals": result.largest_residuals().to_dict("records"),
            "uniqueness": {str(item): float(value) for item, value in result.uniqueness.items()},
            "assignment": {str(item): factor for item, factor in result.assignment().items()},
            "notes": list(result.notes),
        }


def factor_solutions(
    study: Study,
    *,
    solutions: tuple[str, ...] | None = None,
    extraction: Extraction = "principal_factor",
    rotation: Rotation | None = "varimax",
    kaiser: bool = False,
    n_factors: int | None = None,
    round: int | None = 1,  # noqa: A002  # the field's word
    missing: Missing = "listwise",
    correlation: Correlation = "pearson",
) -> list[FactorSolution]:
    """Factor analyses of the analysis sample: one for each solution of the instrument.

    solutions : names in the instrument; all of them if None. An instrument without named solutions gives
        one over all its items.
    n_factors : as many as the named solution has if None (without one: eigenvalues over 1).
    round : which round; None takes all answers of the sample.
    missing, correlation : as `quant.factor_analysis`. With pairwise the questionnaires of the same
        month count, complete or not.
    """
    instrument, answers = require_instrument(study), require_answers(study)
    names = instrument.solutions() or (WHOLE_QUESTIONNAIRE,)
    wanted = names if solutions is None else solutions
    found = []
    for name in wanted:
        named = name in instrument.solutions()
        if not named and name != WHOLE_QUESTIONNAIRE:
            raise NotFoundError(t("errors.no_such_solution", solution=name, known=", ".join(names)))
        items = instrument.solution_items(name) if named else instrument.item_ids()
        stage: Stage = "analysis_sample" if missing == "listwise" else "both_in_same_month"
        data = answers.wide(items, stage=stage, round=round)
        result = factor_analysis(
            data,
            n_factors or (len(instrument.solution(name)) if named else None),
            extraction,
            rotation,
            kaiser,
            min_eigenvalue=None if named or n_factors else 1.0,
            missing=missing,
            correlation=correlation,
        )
        labels = name_factors(result, instrument, name) if named else _numbered(result)
        found.append(FactorSolution(name, stage, round, result, labels))
    return found


def factors_of_file(
    file: GivenFile,
    *,
    columns: tuple[str, ...] | None = None,
    extraction: Extraction = "principal_factor",
    rotation: Rotation | None = "varimax",
    kaiser: bool = False,
    n_factors: int | None = None,
    missing: Missing = "listwise",
    correlation: Correlation = "pearson",
    tolerance: float = STATAS_TOLERANCE,
) -> FactorSolution:
    """Factor analysis of the columns of any file; no study is needed.

    columns : the items; all columns that hold only numbers if None. The others : see `quant.factor_analysis`.
    Raises AnswersError, FactorError, InvalidRequestError (a column that is not there).
    """
    table = read_table(file.content, file.name)
    absent = [name for name in columns or () if name not in table.columns]
    if absent:
        raise InvalidRequestError(
            t(
                "errors.no_such_column",
                file=file.name,
                column=absent[0],
                columns=", ".join(map(str, table.columns)),
            )
        )
    items = list(columns) if columns else [name for name in table.columns if _is_numeric(table[name])]
    result = factor_analysis(
        table.loc[:, items],
        n_factors,
        extraction,
        rotation,
        kaiser,
        missing=missing,
        correlation=correlation,
        tolerance=tolerance,
    )
    return FactorSolution(WHOLE_QUESTIONNAIRE, file.name, None, result, _numbered(result))


def _numbered(result: FactorResult) -> tuple[FactorName, ...]:
    return tuple(
        FactorName(factor, None, {"da": f"Faktor {n}", "en": f"Factor {n}"}, (), 0.0)
        for n, factor in enumerate(result.factors, start=1)
    )


def _is_numeric(column: pd.Series[Any]) -> bool:
    texts = cell_text(column)
    filled = texts[texts != ""]
    return bool(len(filled)) and bool(as_numbers(filled).notna().all())
