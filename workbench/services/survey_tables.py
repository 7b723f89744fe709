"""Tables of a questionnaire: flow, findings, means and indices. Factor solutions are `factor_tables`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from coding_schemes import Scheme
from quant import Answers, Instrument, suppress_small
from workbench.display import Cell, Column, TableSpec
from workbench.i18n import Language, label, t
from workbench.services.factor_tables import eigenvalues_table, loadings_table, method_notes, solution_label
from workbench.services.index_tables import own_index_text
from workbench.services.index_values import OWN, OwnIndex
from workbench.services.terms import term_label

__all__ = [
    "background_label",
    "eigenvalues_table",
    "finding_text",
    "findings_detail",
    "findings_table",
    "flow_table",
    "indices_table",
    "loadings_table",
    "means_table",
    "method_notes",
    "solution_label",
    "summarise_indices",
]

ALL = "all"
SUMMARY_COLUMNS = ("factor", "round", "group", "n", "mean", "std_dev", "ci_low", "ci_high")
_MEASURES = ("n", "mean", "ci_low", "ci_high")


def flow_table(
    flow: pd.DataFrame | Sequence[Mapping[str, Any]],
    instrument: Instrument,
    *,
    language: Language,
    source: str = "",
) -> TableSpec:
    """Questionnaires by stage, round and respondent.

    flow : `Answers.flow` or the stored `AnswersSource.flow`: stage, round, a count a respondent.
    """
    records = flow.to_dict("records") if isinstance(flow, pd.DataFrame) else flow
    respondents = instrument.respondents
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            t(f"surveys.stage.{record['stage']}", language=language),
            int(record["round"]),
            *(int(record[respondent.id]) for respondent in respondents),
        )
        for record in records
    )
    return TableSpec(
        key="flow",
        title=t("surveys.flow.title", language=language),
        columns=(
            Column("stage", t("surveys.flow.stage", language=language), weight=2.5),
            Column("round", t("surveys.round", language=language), kind="integer"),
            *(
                Column(respondent.id, label(respondent.label, language=language), kind="integer")
                for respondent in respondents
            ),
        ),
        rows=rows,
        notes=(t(f"surveys.flow.pairing.{instrument.rules.pairing}", language=language),),
        source=source,
        language=language,
    )


def findings_table(counts: Mapping[str, int], *, language: Language, topic: str = "surveys") -> TableSpec:
    """What was found in a file: a line a kind of finding with its number.

    counts : kind -> number (`Report.summary`).   topic : whose words to use, "surveys" or "effects".
    """
    return TableSpec(
        key="findings",
        title=t("surveys.findings.title", language=language),
        columns=(
            Column("finding", t("surveys.findings.finding", language=language), weight=4.0),
            Column("count", t("surveys.findings.count", language=language), kind="integer"),
        ),
        rows=tuple((finding_text(kind, language, topic=topic), int(n)) for kind, n in counts.items()),
        language=language,
    )


def findings_detail(
    findings: pd.DataFrame, instrument: Instrument | None, *, language: Language, topic: str = "surveys"
) -> TableSpec:
    """Every finding of a file: row, column, person, respondent, round and what stood in the cell.

    findings : `Report.frame` or `surveys.findings_of`.
    """
    names = {r.id: label(r.label, language=language) for r in instrument.respondents} if instrument else {}
    keys = ("row", "column", "person", "respondent", "round", "value")
    kinds: dict[str, Any] = {"row": "integer", "round": "integer"}
    filled = [key for key in keys if key in findings.columns and _any_text(findings[key])]
    columns = [Column("finding", t("surveys.findings.finding", language=language), weight=3.0)]
    columns += [
        Column(key, t(f"surveys.findings.{key}", language=language), kind=kinds.get(key, "text"))
        for key in filled
    ]
    rows = [
        (
            finding_text(str(record["kind"]), language, topic=topic),
            *(_detail_cell(key, record[key], names) for key in filled),
        )
        for record in findings.to_dict("records")
    ]
    return TableSpec(
        key="findings_detail",
        title=t("surveys.findings.detail_title", language=language),
        columns=tuple(columns),
        rows=tuple(rows),
        language=language,
    )


def means_table(
    means: pd.DataFrame,
    instrument: Instrument,
    *,
    language: Language,
    by: str | None = None,
    scheme: Scheme | None = None,
    source: str = "",
    limit: int | None = None,
    clusters: int | None = None,
) -> TableSpec:
    """Mean of every indicator by round (and group): n, mean and 95 % interval.

    means : from `quant.indicator_means`, made with the same `by`.
    limit : groups with fewer persons were emptied.
    clusters : how many clusters the intervals allow for, None without.
    """
    names = {item.id: label(item.label, language=language) for item in instrument.items}
    sections: list[tuple[int, str]] = []
    rows: list[tuple[Cell, ...]] = []
    for respondent in instrument.respondents:
        mine = means[means["respondent"] == respondent.id]
        if mine.empty:
            continue
        sections.append((len(rows), label(respondent.label, language=language)))
        rows += _summary_rows(mine, "item", names, means, by, scheme, language)
    return TableSpec(
        key="means",
        title=t("surveys.means.title", language=language),
        columns=_summary_columns(means, t("surveys.indicator", language=language), by, scheme, language),
        rows=tuple(rows),
        notes=(
            t("surveys.means.interval", language=language),
            *((t("descriptions.note.clustered", language=language, n=clusters),) if clusters else ()),
            t(f"surveys.sample_note.{_paired_stage(instrument)}", language=language),
            *_small_note(limit, by, language),
        ),
        source=source,
        sections=tuple(sections),
        language=language,
    )


def indices_table(
    summary: pd.DataFrame,
    instrument: Instrument,
    solution: str,
    *,
    language: Language,
    by: str | None = None,
    scheme: Scheme | None = None,
    source: str = "",
    own: Sequence[OwnIndex] = (),
) -> TableSpec:
    """Mean of every index by round (and group): n, mean and 95 % interval.

    summary : from `summarise_indices`, made with the same `by`.
    own : the study's own indices, where `solution` is `index_values.OWN`.
    """
    if solution == OWN:
        names = {each.name: each.name for each in own}
        rule = (
            t("surveys.indices.own_note", language=language),
            *(own_index_text(each, instrument, language) for each in own),
        )
    else:
        factors = instrument.solution(solution)
        names = {factor.id: label(factor.label, language=language) for factor in factors}
        rule = (t("surveys.indices.note", language=language),)
    return TableSpec(
        key="indices",
        title=t(
            "surveys.indices.title",
            language=language,
            solution=solution_label(instrument, solution, language),
        ),
        columns=_summary_columns(summary, t("surveys.index", language=language), by, scheme, language),
        rows=tuple(_summary_rows(summary, "factor", names, summary, by, scheme, language)),
        notes=(
            *rule,
            t(f"surveys.sample_note.{_paired_stage(instrument)}", language=language),
        ),
        source=source,
        language=language,
    )


def summarise_indices(
    table: pd.DataFrame, answers: Answers, *, by: str | None = None, limit: int = 1
) -> pd.DataFrame:
    """Mean of every index by round and group, with the t-interval of the mean.

    table : from `quant.indices`.   by : a background column of `answers.persons`; None is one group, "all".
    limit : groups with fewer persons are emptied (`quant.suppress_small`).
    Indices that lack an item, and persons without the background, do not count.

    Returns frame with `SUMMARY_COLUMNS`; no interval for n under 2.
    """
    from scipy.stats import t as student

    group = answers.persons[by] if by is not None else pd.Series(ALL, index=answers.persons.index)
    known = table.assign(group=table["person"].map(group)).dropna(subset=["value", "group"])
    rows: list[tuple[Any, ...]] = []
    for factor in dict.fromkeys(table["factor"]):
        for (number, name), part in known[known["factor"] == factor].groupby(["round", "group"]):
            values = part["value"]
            n, mean = len(values), float(values.mean())
            std_dev = float(values.std(ddof=1)) if n > 1 else np.nan
            half = float(student.ppf(0.975, n - 1)) * std_dev / np.sqrt(n) if n > 1 else np.nan
            rows.append((factor, int(number), str(name), n, mean, std_dev, mean - half, mean + half))
    frame = pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS))
    if by is None or limit < 2:
        return frame
    hidden = ["mean", "std_dev", "ci_low", "ci_high"]
    return suppress_small(frame, limit, keys=["factor", "round"], hidden=hidden).drop(columns="suppressed")


def finding_text(kind: str, language: Language, *, topic: str = "surveys") -> str:
    """A kind of finding in words."""
    return t(f"{topic}.finding.{kind}", language=language)


def background_label(name: str, language: Language, scheme: Scheme | None = None) -> str:
    """A background column in words: the scheme's, else the usual one, else the name as it stands."""
    if scheme is not None and name in scheme.terms:
        return term_label(scheme, name, language)
    known = ("gender", "age", "municipality", "caseworker")
    if name in known:
        return t(f"surveys.background.{name}", language=language)
    return name.replace("_", " ").capitalize()


def _summary_columns(
    frame: pd.DataFrame, first: str, by: str | None, scheme: Scheme | None, language: Language
) -> tuple[Column, ...]:
    columns = [Column("name", first, weight=3.0)]
    if by is not None:
        columns.append(Column("group", background_label(by, language, scheme), weight=1.2))
    for number in sorted(frame["round"].unique()):
        group = t("figures.round", language=language, round=int(number))
        columns += [
            Column(
                f"{measure}_{number}",
                t(f"surveys.measure.{measure}", language=language),
                kind="integer" if measure == "n" else "decimal",
                group=group,
                missing="–",
            )
            for measure in _MEASURES
        ]
    return tuple(columns)


def _summary_rows(
    frame: pd.DataFrame,
    key: str,
    names: Mapping[str, str],
    whole: pd.DataFrame,
    by: str | None,
    scheme: Scheme | None,
    language: Language,
) -> list[tuple[Cell, ...]]:
    rounds = [int(number) for number in sorted(whole["round"].unique())]
    cells = {(str(r[key]), str(r["group"]), int(r["round"])): r for r in frame.to_dict("records")}
    rows: list[tuple[Cell, ...]] = []
    for name in dict.fromkeys(str(value) for value in frame[key]):
        for group in sorted(set(whole["group"].astype(str)), key=natural_order):
            if not any((name, group, number) in cells for number in rounds):
                continue
            head = [names[name]] + ([term_label(scheme, group, language)] if by is not None else [])
            values = [_measures(cells.get((name, group, number))) for number in rounds]
            rows.append((*head, *(value for part in values for value in part)))
    return rows


def _measures(record: Mapping[Any, Any] | None) -> tuple[Cell, ...]:
    if record is None:
        return (None,) * len(_MEASURES)
    n, *others = (record[measure] for measure in _MEASURES)
    if pd.isna(n):
        return (None,) * len(_MEASURES)  # a group too small to be shown
    return (int(n), *(float(value) for value in others))


def natural_order(name: str) -> tuple[int, float, str]:
    """Numbers by size, before words."""
    try:
        return 0, float(name), name
    except ValueError:
        return 1, 0.0, name


def _small_note(limit: int | None, by: str | None, language: Language) -> tuple[str, ...]:
    if limit is None or by is None:
        return ()
    return (t("descriptions.note.small", language=language, n=limit),)


def _paired_stage(instrument: Instrument) -> str:
    return "collected" if instrument.rules.pairing == "none" else "both_in_same_month"


def _any_text(cells: pd.Series[Any]) -> bool:
    return bool((cells.notna() & (cells.astype(str) != "")).any())


_CELLS: Mapping[str, Callable[[Any], Cell]] = {"row": int, "round": int}


def _detail_cell(key: str, value: Any, respondents: Mapping[str, str]) -> Cell:
    if value is None or (not isinstance(value, str) and pd.isna(value)) or value == "":
        return None
    if key == "respondent":
        return respondents.get(str(value), str(value))
    return _CELLS.get(key, str)(value)
