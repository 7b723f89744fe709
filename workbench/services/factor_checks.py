"""Checks of a factor solution: how many factors, reliability, stability, published solutions, groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from quant import (
    Correlation,
    Extraction,
    FactorError,
    Instrument,
    Invariance,
    Reliability,
    Retention,
    Rotation,
    Stability,
    bootstrap_loadings,
    compare_with,
    group_congruence,
    measurement_invariance,
    read_table,
    reliability,
    retention,
)
from quant.tables import as_numbers, cell_text
from workbench.errors import InvalidRequestError, NotFoundError, error_text
from workbench.i18n import t
from workbench.services.factors import WHOLE_QUESTIONNAIRE, FactorSolution
from workbench.services.files import GivenFile
from workbench.services.surveys import require_answers, require_instrument
from workbench.store.engine import StudyStore as Study

ITEM_HEADINGS = ("indicator", "item", "variable", "indikator", "spørgsmål", "variabel")


@dataclass(frozen=True)
class ScaleReliability:
    """Reliability of the items of one factor; why it has none, if it has none."""

    factor: str
    found: Reliability | None
    reason: str = ""


@dataclass(frozen=True)
class GroupComparison:
    """A solution in several groups: congruence of each group's own solution, and nested models.

    models : None with `reason` where the models could not be fitted.
    """

    solution: str
    by: str
    congruence: pd.DataFrame
    models: Invariance | None
    reason: str = ""


@dataclass(frozen=True)
class _Material:
    instrument: Instrument
    solution: str
    data: pd.DataFrame

    @property
    def factors(self) -> dict[str, tuple[str, ...]]:
        """Named factors of the solution -> items; the whole questionnaire is one."""
        if self.solution == WHOLE_QUESTIONNAIRE:
            return {WHOLE_QUESTIONNAIRE: tuple(str(item) for item in self.data.columns)}
        return {factor.id: factor.items for factor in self.instrument.solution(self.solution)}


def retention_of(
    study: Study,
    *,
    solution: str | None = None,
    round: int | None = 1,  # noqa: A002  # the field's word
    draws: int = 1000,
    seed: int = 1,
    correlation: Correlation = "pearson",
) -> Retention:
    """What each rule says about the number of factors: see `quant.retention`."""
    data = _material(study, solution, round).data
    return retention(data, draws=draws, seed=seed, correlation=correlation)


def reliability_of(
    study: Study,
    *,
    solution: str | None = None,
    round: int | None = 1,  # noqa: A002
) -> list[ScaleReliability]:
    """Reliability of each named factor of a solution, items where a low answer is good turned."""
    material = _material(study, solution, round)
    turned = _turned(material)
    found = []
    for factor, items in material.factors.items():
        try:
            found.append(ScaleReliability(factor, reliability(turned.loc[:, list(items)])))
        except FactorError as error:
            found.append(ScaleReliability(factor, None, error_text(error)))
    return found


def stability_of(
    study: Study,
    found: FactorSolution,
    *,
    draws: int = 1000,
    seed: int = 1,
    on_step: Callable[[int, int], None] | None = None,
) -> Stability:
    """Bootstrap of a solution from `factor_solutions`: persons are drawn, with all their rounds."""
    result = found.result
    if result.correlation != "pearson":
        raise InvalidRequestError(t("errors.bootstrap_pearson_only"))
    data = _material(study, found.solution, found.round).data
    return bootstrap_loadings(
        data,
        len(result.factors),
        result.extraction,
        result.rotation,
        result.kaiser,
        persons=list(data.index.get_level_values("person")),
        draws=draws,
        seed=seed,
        on_step=on_step,
    )


def published_loadings(file: GivenFile) -> pd.DataFrame:
    """Loadings of a file: a row an item and factor (indicator, factor, loading), or a column a factor.

    Returns frame, items as index, factors as columns; a factor has no value on items of other tables.
    Raises AnswersError, InvalidRequestError (no loadings in the file).
    """
    table = read_table(file.content, file.name)
    names = {str(column).strip().casefold(): column for column in table.columns}
    items = next((names[name] for name in ITEM_HEADINGS if name in names), table.columns[0])
    if "factor" in names and "loading" in names:
        values = as_numbers(cell_text(table[names["loading"]]))
        long = pd.DataFrame({"item": cell_text(table[items]), "factor": cell_text(table[names["factor"]])})
        long = long.assign(loading=values).dropna()
        if long.duplicated(["item", "factor"]).any():
            twice = long[long.duplicated(["item", "factor"])].iloc[0]
            raise InvalidRequestError(
                t("errors.loading_twice", file=file.name, item=twice["item"], factor=twice["factor"])
            )
        return long.pivot(index="item", columns="factor", values="loading").rename_axis(None, axis=1)
    wide = {
        str(column): as_numbers(cell_text(table[column]))
        for column in table.columns
        if column != items and as_numbers(cell_text(table[column])).notna().any()
    }
    wide = {name: values for name, values in wide.items() if name.casefold() not in ("uniqueness", "unikhed")}
    if not wide:
        raise InvalidRequestError(t("errors.no_loadings", file=file.name))
    return pd.DataFrame(wide).set_axis(pd.Index(cell_text(table[items])), axis=0)


def congruence_with(found: FactorSolution, published: pd.DataFrame, file_name: str) -> pd.DataFrame:
    """The published factor that each factor of a solution is most like: see `quant.compare_with`.

    Only published factors with loadings on all the items that both have are compared.
    """
    shared = [item for item in found.result.items if item in published.index]
    if len(shared) < 2:
        raise InvalidRequestError(
            t("errors.no_shared_items", file=file_name, n=len(shared), items=", ".join(found.result.items))
        )
    part = published.loc[shared]
    complete = part.loc[:, part.notna().all() & (part.abs().sum() > 0)]
    if complete.empty:
        raise InvalidRequestError(t("errors.no_loadings", file=file_name))
    return compare_with(found.result, complete)


def invariance_of(
    study: Study,
    by: str,
    *,
    solution: str | None = None,
    round: int | None = 1,  # noqa: A002
    extraction: Extraction = "principal_factor",
    rotation: Rotation | None = "varimax",
    kaiser: bool = False,
) -> GroupComparison:
    """A solution in the groups of a background column: congruence by group, nested models of its factors.

    Raises NotFoundError (no such column), FactorError (no solution, or under two groups large enough).
    """
    material = _material(study, solution, round)
    persons = require_answers(study).persons
    if by not in persons.columns:
        raise NotFoundError(
            t("errors.no_background_column", column=by, columns=", ".join(map(str, persons.columns)) or "–")
        )
    known = persons[by]
    groups = [known.get(person) for person in material.data.index.get_level_values("person")]
    congruence = group_congruence(material.data, groups, len(material.factors), extraction, rotation, kaiser)
    try:
        models = measurement_invariance(material.data, groups, material.factors)
    except FactorError as error:
        return GroupComparison(material.solution, by, congruence, None, error_text(error))
    return GroupComparison(material.solution, by, congruence, models)


def as_json(result: Retention | Stability | Invariance) -> dict[str, Any]:
    """A check as JSON values."""
    if isinstance(result, Retention):
        analyses = {}
        for found in (result.components, result.factors):
            analyses[found.basis] = {
                "eigenvalues": found.eigenvalues.tolist(),
                "random_mean": found.random_mean.tolist(),
                "random_quantile": found.random_quantile.tolist(),
                "adjusted": found.adjusted.tolist(),
                "quantile": found.quantile,
                "draws": found.draws,
                "seed": found.seed,
            }
        return {
            "n": result.n,
            "n_dropped": result.n_dropped,
            "suggestions": result.suggestions().to_dict("records"),
            "parallel": analyses,
            "map": {"squared": result.partial.squared.tolist(), "fourth": result.partial.fourth.tolist()},
        }
    if isinstance(result, Stability):
        return {
            "n": result.result.n,
            "persons": result.units,
            "draws": result.draws,
            "failed": result.failed,
            "seed": result.seed,
            "level": result.level,
            "method": result.result.method,
            "loadings": result.loadings.to_dict("records"),
            "congruence": result.congruence.to_dict("records"),
        }
    return {
        "groups": result.groups.to_dict("records"),
        "n_dropped": result.n_dropped,
        "factors": {name: list(items) for name, items in result.factors.items()},
        "levels": result.table.to_dict("records"),
        "highest": result.highest(),
        "notes": [str(note) for note in result.notes],
    }


def reliability_json(scale: ScaleReliability) -> dict[str, Any]:
    """Reliability of one factor as JSON values."""
    if scale.found is None:
        return {"factor": scale.factor, "reason": scale.reason}
    found = scale.found
    return {
        "factor": scale.factor,
        "n": found.n,
        "n_dropped": found.n_dropped,
        "alpha": found.alpha,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
        "level": found.level,
        "standardised": found.standardised,
        "omega": found.omega,
        "omega_hierarchical": found.omega_hierarchical,
        "mean_correlation": found.mean_correlation,
        "items": found.items.to_dict("records"),
        "notes": [str(note) for note in found.notes],
    }


def _material(study: Study, solution: str | None, number: int | None) -> _Material:
    instrument, answers = require_instrument(study), require_answers(study)
    names = instrument.solutions() or (WHOLE_QUESTIONNAIRE,)
    wanted = solution if solution is not None else names[0]
    if wanted not in names and wanted != WHOLE_QUESTIONNAIRE:
        raise NotFoundError(t("errors.no_such_solution", solution=wanted, known=", ".join(names)))
    items = instrument.item_ids() if wanted == WHOLE_QUESTIONNAIRE else instrument.solution_items(wanted)
    return _Material(instrument, wanted, answers.wide(items, stage="analysis_sample", round=number))


def _turned(material: _Material) -> pd.DataFrame:
    turned = material.data.copy()
    for name in turned.columns:
        item = material.instrument.item(str(name))
        if item.direction == -1:
            turned[name] = item.scale_min + item.scale_max - turned[name]
    return turned
