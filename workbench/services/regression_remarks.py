"""What a reader of regressions should look at, in words: remarks on the models, as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coding_schemes import Scheme
from quant.diagnostics import Diagnosis
from quant.regression_specs import CHANGE, LEVEL
from workbench.display import Column, TableSpec, format_number
from workbench.i18n import Language, t
from workbench.services.regressions import StudyRun
from workbench.services.survey_tables import background_label
from workbench.services.terms import term_label

Names = Mapping[str, str]
Told = tuple[str, str, str, Diagnosis]
MOST_LACKING = 3
COUNTED_BY_MODEL = ("few_clusters", "few_rows_a_group", "singletons")


def told_table(
    found: StudyRun, *, language: Language, names: Names | None = None, scheme: Scheme | None = None
) -> TableSpec:
    """What a reader should look at, in words: the same remark on several models is said once.

    Remarks on single models that differ in their counts only are one, with the smallest and largest count;
    how many rows each of these leaves out stands under the table of coefficients.
    """
    names = names or {}
    said: dict[str, list[str]] = {}
    for outcome, mode, predictor, each in _condensed(found.run.told):
        text = diagnosis_text(each, language=language, names=names, scheme=scheme)
        where = term_label(scheme, outcome, language)
        word = t(f"regressions.mode.{mode}", language=language).lower()
        if predictor:
            word = f"{word}: {names.get(predictor, predictor)}"
        said.setdefault(text, []).append(f"{where} ({word})")
    rows = tuple((text, _models(models, len(found.run.models), language)) for text, models in said.items())
    return TableSpec(
        key="regression_diagnostics",
        title=t("regressions.title.told", language=language),
        columns=(
            Column("remark", t("regressions.remark", language=language), weight=3.0),
            Column("models", t("regressions.models", language=language), weight=1.6),
        ),
        rows=rows,
        language=language,
    )


def diagnosis_text(
    each: Diagnosis, *, language: Language, names: Names | None = None, scheme: Scheme | None = None
) -> str:
    """A diagnosis as a sentence."""
    values = dict(each.values)
    for name, value in values.items():
        decimals = 3 if name in ("single", "joint") else 1
        if isinstance(value, float):
            values[name] = format_number(value, decimals, language)
        elif isinstance(value, tuple):
            values[name] = "–".join(
                format_number(end, decimals if isinstance(end, float) else 0, language) for end in value
            )
    if "column" in values:
        values["column"] = background_label(str(values["column"]), language, scheme)
    if "outcome" in values:
        values["outcome"] = term_label(scheme, str(values["outcome"]), language).lower()
    if "term" in values:
        values["term"] = _term_name(str(values["term"]), names or {}, language)
    if "lacking" in values:
        values["lacking"] = _lacking_text(str(values["lacking"]), names or {}, language, scheme)
    return t(f"regressions.told.{each.reason}", language=language, **values)


def _condensed(told: Sequence[Told]) -> list[Told]:
    """The diagnoses, each kind of group remark on single models with the span of its counts."""
    spans: dict[tuple[str, object], dict[str, list[float]]] = {}
    kept = [entry for entry in told if not (entry[1] == "single" and entry[3].reason == "dropped")]
    for _, mode, _, each in kept:
        if mode == "single" and each.reason in COUNTED_BY_MODEL:
            counts = spans.setdefault((each.reason, each.values.get("column")), {})
            for name, value in each.values.items():
                if isinstance(value, int | float):
                    counts.setdefault(name, []).append(value)
    condensed = []
    for outcome, mode, predictor, each in kept:
        counts = spans.get((each.reason, each.values.get("column")), {}) if mode == "single" else {}
        wide = {name: (min(found), max(found)) for name, found in counts.items() if min(found) < max(found)}
        condensed.append((outcome, mode, predictor, Diagnosis(each.reason, {**each.values, **wide})))
    return condensed


def _term_name(term: str, names: Names, language: Language) -> str:
    for kind in (LEVEL, CHANGE):
        bare = term.removeprefix(f"{kind}_")
        if bare != term:
            return f"{names.get(bare, bare)} ({t(f'regressions.kind.{kind}', language=language)})"
    return names.get(term, term)


def _lacking_text(lacking: str, names: Names, language: Language, scheme: Scheme | None) -> str:
    """Columns with their counts, `age (151), level_x (192)`, in the words of the study; the largest few."""
    counted = [(int(count.rstrip(")")), column) for column, _, count in _parts(lacking)]
    counted.sort(key=lambda each: -each[0])
    said = []
    for count, column in counted[:MOST_LACKING]:
        named = _term_name(column, names, language)
        shown = named if named != column else background_label(column, language, scheme).lower()
        said.append(f"{shown}: {count}")
    if len(counted) > MOST_LACKING:
        said.append(t("regressions.more_lacking", language=language, n=len(counted) - MOST_LACKING))
    return "; ".join(said)


def _parts(lacking: str) -> list[tuple[str, str, str]]:
    return [part.rpartition(" (") for part in lacking.split(", ")]


def _models(models: Sequence[str], of: int, language: Language) -> str:
    unique = list(dict.fromkeys(models))
    if len(unique) > 3:
        return t("regressions.many_models", language=language, models=len(unique), of=of)
    return "; ".join(unique)
