"""Regressions of outcomes on what the questionnaire measured: frame, models, estimates as evidence."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from quant import Instrument, QuantError, indices, read_table
from quant.regression_bootstrap import WildBootstrap, wild_bootstrap
from quant.regression_logit import LogitResult, logit
from quant.regression_specs import (
    Control,
    Mode,
    ModelRun,
    RegressionRun,
    RegressionSpec,
    load_spec,
    run_models,
    with_changes,
)
from workbench.display import stars_for
from workbench.errors import InvalidRequestError, error_text
from workbench.i18n import t
from workbench.services import effects
from workbench.services.files import GivenFile
from workbench.services.index_values import own_index_values
from workbench.services.outcomes import outcomes_sources, person_outcomes
from workbench.services.surveys import answers_sources, require_answers, require_instrument
from workbench.store.engine import StudyStore as Study

CASEWORKER_COLUMNS = ("caseworker", "sagsbehandler", "caseworker_id", "sagsbehandler_id", "advisor")
MOST_CATEGORIES = 12


@dataclass(frozen=True)
class StudyRun:
    """The models of a declaration, with the checks it asked for and where the numbers come from.

    bootstraps, logits : by the model's formula.   no_logit : why a model has none, by its formula.
    """

    run: RegressionRun
    bootstraps: dict[str, list[WildBootstrap]]
    logits: dict[str, LogitResult]
    no_logit: dict[str, str]
    source: str
    nature: str

    def as_dict(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return {
            "spec": self.run.spec.as_dict(),
            "source": self.source,
            "nature": self.nature,
            "models": [
                {
                    "outcome": model.outcome,
                    "mode": model.mode,
                    "predictor": model.predictor,
                    **model.result.as_dict(),
                    "bootstrap": [vars(each) for each in self.bootstraps.get(model.formula, [])],
                    "logit": _logit_dict(self.logits.get(model.formula)),
                    "no_logit": self.no_logit.get(model.formula),
                }
                for model in self.run.models
            ],
            "estimates": self.run.estimates.to_dict("records"),
            "tests": {mode: self.run.tests(mode) for mode in ("single", "joint")},
            "failed": [
                {"outcome": outcome, "predictor": predictor, "error": error_text(error)}
                for outcome, predictor, error in self.run.failed
            ],
            "diagnostics": [
                {
                    "outcome": outcome,
                    "mode": mode,
                    "predictor": predictor,
                    "reason": each.reason,
                    **each.values,
                }
                for outcome, mode, predictor, each in self.run.told
            ],
        }


def predictors(instrument: Instrument, own: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
    """What can explain an outcome, by kind: items, factors (indices of named solutions), overall means.

    own : names of the study's own indices.
    """
    factors = [factor.id for name in instrument.solutions() for factor in instrument.solution(name)]
    return {
        "items": tuple(item.id for item in instrument.items),
        "factors": tuple(dict.fromkeys(factors)),
        "overall": tuple(overall_name(respondent.id) for respondent in instrument.respondents),
        "own": tuple(own),
    }


def overall_name(respondent: str) -> str:
    """The name of the mean over all items of a respondent."""
    return f"overall_{respondent}"


def default_spec(study: Study) -> RegressionSpec:
    """A declaration that the study's own material suggests: outcomes, items of one respondent, background.

    Raises NotFoundError before there are answers, InvalidRequestError before there are outcomes.
    """
    instrument, answers = require_instrument(study), require_answers(study)
    outcomes = tuple(str(name) for name in person_outcomes(study).columns)
    if not outcomes:
        raise InvalidRequestError(t("errors.no_outcomes"))
    names = [str(name) for name in answers.persons.columns]
    absorb = next((name for name in names if name.lower() in CASEWORKER_COLUMNS), None)
    first = instrument.respondents[0].id
    return RegressionSpec(
        outcomes=outcomes,
        predictors=tuple(item.id for item in instrument.items if item.respondent == first),
        controls=tuple(
            Control(name, _commonest(answers.persons[name]))
            for name in names
            if name != absorb and _usable(answers.persons[name])
        ),
        absorb=absorb,
        change=len(answers.rounds()) > 1,
    )


def study_frame(study: Study, spec: RegressionSpec) -> pd.DataFrame:
    """One row a person (index person) with outcomes, background, and level and change of the predictors.

    Predictors are means over the questionnaires paired in the same month, items where a low answer is good
    turned. Without changes the predictor is its level. Level is the last (or first) round with a value;
    change is the last round's value less the first's, missing for those measured once.
    """
    answers, instrument = require_answers(study), require_instrument(study)
    rounds = _by_round(study, instrument)
    wanted = set(spec.predictors)
    unknown = [name for name in spec.predictors if name not in rounds.columns]
    if unknown:
        known = ", ".join(str(name) for name in rounds.columns)
        raise InvalidRequestError(t("errors.no_such_predictor", name=unknown[0], known=known))
    made: dict[str, pd.Series] = {}
    for name in [column for column in rounds.columns if column in wanted]:
        by_person = rounds[name].dropna().groupby(level="person", sort=False)
        first, last, number = by_person.first(), by_person.last(), by_person.size()
        level = last if spec.level == "last" else first
        if spec.change:
            made[f"level_{name}"] = level
            made[f"change_{name}"] = (last - first)[number > 1]
        else:
            made[str(name)] = level
    frame = pd.DataFrame(made)
    frame.index = frame.index.map(str)
    background = answers.persons.copy()
    background.index = background.index.map(str)
    return frame.join(background, how="outer").join(person_outcomes(study), how="left").rename_axis("person")


def regress_study(
    study: Study, spec: RegressionSpec, *, on_step: Callable[[int, int], None] | None = None
) -> StudyRun:
    """All models of a declaration on the study's answers and outcomes."""
    found = [(each.label, each.nature) for each in answers_sources(study)]
    found += [(each.label, each.nature) for each in outcomes_sources(study)]
    source = "; ".join(dict.fromkeys(label for label, _ in found))
    nature = next((nature for _, nature in found if nature != "measured"), "measured")
    return _run(spec, study_frame(study, spec), source, nature, on_step)


def regress_file(file: GivenFile, spec: RegressionSpec) -> StudyRun:
    """All models of a declaration on a table; no study is needed.

    Level and change are made where the declaration names `suffixes`; else the predictors are columns as
    they are.
    """
    data = read_table(file.content, file.name)
    for name in data.columns:
        numbers = pd.to_numeric(data[name], errors="coerce")
        if numbers.notna().sum() == data[name].notna().sum():
            data[name] = numbers
    data.index = data.index + 2
    if spec.suffixes:
        data, spec = with_changes(data, spec), replace(spec, change=True)
    elif spec.change and not all(f"level_{name}" in data.columns for name in spec.predictors):
        spec = replace(spec, change=False)
    return _run(spec, data, file.name, "measured", None)


def read_spec(file: GivenFile) -> RegressionSpec:
    """A declaration from a .toml or .json file. Raises RegressionError."""
    return load_spec(file.content, file.name)


def keep_as_evidence(
    study: Study, found: StudyRun, mode: Mode, *, name: str, actor: str
) -> effects.EstimatesSource:
    """Store the estimates of the predictors as estimates that themes can be linked to.

    name : what the set is called; keeping it again under the same name takes the place of the earlier one.
    Raises InvalidRequestError if there is nothing to keep.
    """
    rows = found.run.estimates[found.run.estimates["mode"] == mode]
    if rows.empty:
        raise InvalidRequestError(t("errors.nothing_to_keep"))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        ["outcome", "subgroup", "period", "model", "estimate", "std_error", "stars", "n", "place"]
    )
    for row in rows.to_dict("records"):
        model = t(f"regressions.evidence.{mode}")
        kind = t(f"regressions.kind.{row['term']}")
        writer.writerow(
            [
                row["outcome"], "all", "", f"{model}: {row['predictor']} ({kind})", repr(row["estimate"]),
                repr(row["std_error"]), stars_for(row["p_value"]), row["n"], name,
            ]
        )  # fmt: skip
    spec = found.run.spec
    said = t(
        "regressions.evidence.label",
        name=name,
        errors=t(f"regressions.errors.{spec.errors}"),
        source=found.source,
    )
    file = GivenFile(f"{name}.csv", text.getvalue().encode())
    draft = effects.draft_estimates(file, label=said)
    nature: Any = found.nature
    return effects.save_estimates(study, draft, actor=actor, nature=nature, label=said)


def _run(
    spec: RegressionSpec,
    data: pd.DataFrame,
    source: str,
    nature: str,
    on_step: Callable[[int, int], None] | None,
) -> StudyRun:
    run = run_models(spec, data, on_step=on_step)
    bootstraps: dict[str, list[WildBootstrap]] = {}
    logits: dict[str, LogitResult] = {}
    without: dict[str, str] = {}
    for model in run.models:
        if spec.bootstrap and model.result.vcov == "cluster":
            bootstraps[model.formula] = [
                wild_bootstrap(model.result, term, draws=spec.draws) for term in _terms(model)
            ]
        if spec.logit:
            cluster = model.result.cluster
            try:
                logits[model.formula] = logit(model.formula, data, absorb=spec.absorb, cluster=cluster)
            except QuantError as error:
                without[model.formula] = error_text(error)
    return StudyRun(run, bootstraps, logits, without, source, nature)


def _terms(model: ModelRun) -> list[str]:
    known = set(model.result.covariance.columns)
    return [term for kinds in model.terms.values() for _, term in kinds if term in known]


def _by_round(study: Study, instrument: Instrument) -> pd.DataFrame:
    """Every predictor by person and round, in order of rounds."""
    answers = require_answers(study)
    paired = answers.sample("both_in_same_month")
    items = paired.pivot_table(index=["person", "round"], columns="item", values="value", aggfunc="last")
    for item in instrument.items:
        if item.direction < 0 and item.id in items.columns:
            items[item.id] = item.scale_min + item.scale_max - items[item.id]
    parts = [items]
    for solution in instrument.solutions():
        long = indices(answers, instrument, solution)
        parts.append(
            long.pivot_table(index=["person", "round"], columns="factor", values="value", aggfunc="last")
        )
    overall = {
        overall_name(each.id): items[[i for i in instrument.item_ids(each.id) if i in items.columns]].mean(
            axis=1, skipna=False
        )
        for each in instrument.respondents
    }
    own = own_index_values(study)
    parts.append(own.pivot_table(index=["person", "round"], columns="factor", values="value", aggfunc="last"))
    joined = pd.concat([*parts, pd.DataFrame(overall)], axis=1)
    return joined.loc[:, ~joined.columns.duplicated()].sort_index()


def _usable(values: pd.Series) -> bool:
    if pd.api.types.is_numeric_dtype(values):
        return values.nunique() > 1
    return 1 < values.nunique() <= MOST_CATEGORIES


def _commonest(values: pd.Series) -> str | None:
    """The largest category as the reference; None for a number."""
    if pd.api.types.is_numeric_dtype(values):
        return None
    return str(values.value_counts().index[0])


def _logit_dict(found: LogitResult | None) -> dict[str, Any] | None:
    if found is None:
        return None
    frames = {"table": found.table.to_dict("records"), "effects": found.effects.to_dict("records")}
    return {**vars(found), **frames}
