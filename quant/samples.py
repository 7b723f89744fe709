"""Which questionnaires enter which sample: collected, paired in the same month, complete for analysis."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd

from quant.findings import FindingList
from quant.instrument import Instrument

Stage = Literal["collected", "both_in_same_month", "analysis_sample"]
COLLECTED: Stage = "collected"
PAIRED: Stage = "both_in_same_month"
ANALYSIS: Stage = "analysis_sample"
SAMPLE_COLUMNS = ("person", "respondent", "round", COLLECTED, PAIRED, ANALYSIS)


def sample_table(
    values: pd.DataFrame,
    persons: pd.DataFrame,
    instrument: Instrument,
    findings: FindingList,
    sheets: pd.DataFrame,
) -> pd.DataFrame:
    """Stages of every questionnaire that holds a valid answer.

    values : long answers; sheets : one row a questionnaire (row, person, respondent, round, date).

    Returns frame `row, person, respondent, round, date, collected, both_in_same_month, analysis_sample`.
    """
    keys = ["person", "respondent", "round"]
    counts = values.groupby(keys)["item"].count().rename("answered").reset_index()
    table = sheets[["row", *keys, "date"]].merge(counts, on=keys)
    table[COLLECTED] = True
    table[PAIRED] = _paired(table, instrument, findings)
    table[ANALYSIS] = _complete(table, persons, values, instrument, findings)
    return table


def flow_table(samples: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    """Counts of questionnaires: columns stage, round and one a respondent; stages in order of narrowing."""
    stages = [COLLECTED, ANALYSIS] if instrument.rules.pairing == "none" else [COLLECTED, PAIRED, ANALYSIS]
    rounds = sorted(samples["round"].unique())
    rows: list[dict[str, Any]] = []
    for stage in stages:
        for number in rounds:
            kept = samples[samples[stage] & (samples["round"] == number)]["respondent"].value_counts()
            counts = {r.id: int(kept.get(r.id, 0)) for r in instrument.respondents}
            rows.append({"stage": stage, "round": int(number), **counts})
    return pd.DataFrame(rows, columns=["stage", "round", *(r.id for r in instrument.respondents)])


def _paired(table: pd.DataFrame, instrument: Instrument, findings: FindingList) -> pd.Series[bool]:
    if instrument.rules.pairing == "none" or table.empty:
        return pd.Series(True, index=table.index)
    groups = table.groupby(["person", "round"])
    everyone = groups["respondent"].transform("nunique") == len(instrument.respondents)
    findings.add("unpaired", table[~everyone])
    if instrument.rules.pairing == "same_round":
        return everyone
    month = table["date"].dt.year * 12 + table["date"].dt.month
    months = month.groupby([table["person"], table["round"]])
    same = (months.transform("nunique") == 1) & (months.transform("count") == groups["row"].transform("size"))
    findings.add(
        "other_month", table[everyone & ~same], values=table["date"].dt.strftime("%Y-%m-%d").fillna("")
    )
    together: pd.Series[bool] = everyone & same
    return together


def _complete(
    table: pd.DataFrame,
    persons: pd.DataFrame,
    values: pd.DataFrame,
    instrument: Instrument,
    findings: FindingList,
) -> pd.Series[bool]:
    kept = table[PAIRED].copy()
    if instrument.rules.complete_answers:
        used = set(values["item"].unique())
        needed = {
            r.id: len([i for i in instrument.item_ids(r.id) if i in used]) for r in instrument.respondents
        }
        full = table["answered"] == table["respondent"].map(needed)
        full = _for_all(full, table)
        findings.add("incomplete", table[kept & ~full])
        kept &= full
    for name in instrument.rules.required_background:
        if name not in persons.columns:
            findings.add("background_not_mapped", pd.DataFrame({"row": [pd.NA]}), column=name)
            continue
        known = table["person"].map(persons[name].notna()).fillna(False).astype(bool)
        findings.add("no_background", table[kept & ~known], column=name)
        kept &= known
    return kept


def _for_all(flags: pd.Series[bool], table: pd.DataFrame) -> pd.Series[bool]:
    """True where every respondent of the person and round is True."""
    together: pd.Series[bool] = flags.groupby([table["person"], table["round"]]).transform("all").astype(bool)
    return together
