"""Differences between subgroups: tests of their own, never read from stars or from overlapping intervals."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quant.cluster_scores import cluster_influence
from quant.effect_results import EffectResult
from quant.errors import EffectError
from quant.joint_tests import joint_test
from quant.multiplicity import benjamini_hochberg

Array = NDArray[np.float64]
DIFFERENCE_COLUMNS = (
    "column", "term", "first", "second", "difference", "std_error", "statistic", "df", "p_value", "q_value",
    "ci_low", "ci_high", "interpretable",
)  # fmt: skip
EQUALITY_COLUMNS = ("column", "term", "subgroups", "statistic", "df_num", "df", "p_value")


def independent_differences(estimates: pd.DataFrame) -> pd.DataFrame:
    """Differences between estimates of subgroups without common persons or clusters, such as published ones.

    estimates : columns subgroup, estimate and std_error; `interpretable` may say which can be read.

    z = (b1 - b2) / sqrt(se1^2 + se2^2), p from the normal distribution; q-values over interpretable pairs.
    Returns one row a pair (DIFFERENCE_COLUMNS, column and term empty, df infinite).
    Raises EffectError if a column is missing or there are fewer than two estimates with a standard error.
    Source: docs/methods/subgroups_and_placebos.md
    """
    lacking = [name for name in ("subgroup", "estimate", "std_error") if name not in estimates]
    known = estimates if lacking else estimates[(estimates["std_error"] > 0) & estimates["estimate"].notna()]
    if lacking or len(known) < 2:
        raise EffectError(
            "differences need two or more rows with subgroup, estimate and std_error; found {found}",
            reason="subgroup_no_estimates",
            found=len(known) if not lacking else ", ".join(map(str, estimates.columns)) or "-",
        )
    readable = known["interpretable"] if "interpretable" in known else pd.Series(True, index=known.index)
    rows = []
    for a, b in combinations(range(len(known)), 2):
        difference = float(known["estimate"].iloc[a] - known["estimate"].iloc[b])
        error = float(np.hypot(known["std_error"].iloc[a], known["std_error"].iloc[b]))
        names = known["subgroup"].iloc[a], known["subgroup"].iloc[b]
        both = bool(readable.iloc[a] and readable.iloc[b])
        rows.append(_difference("", "", names, difference, error, np.inf, both))
    return _corrected(rows)


def compared(table: pd.DataFrame, effects: Mapping[tuple[str, Any], EffectResult]) -> pd.DataFrame:
    """All pairs of subgroups of one column and coefficient; see `quant.subgroups.SubgroupEffects`."""
    rows = []
    for column, term, members in _families(table, effects):
        covariance, df = _covariance([effects[column, value] for value in members["subgroup"]], term)
        estimates = members["estimate"].to_numpy(dtype=float)
        readable = members["interpretable"].to_numpy(dtype=bool)
        values = members["subgroup"].tolist()
        for a, b in combinations(range(len(values)), 2):
            variance = covariance[a, a] + covariance[b, b] - 2 * covariance[a, b]
            rows.append(
                _difference(
                    column,
                    term,
                    (values[a], values[b]),
                    float(estimates[a] - estimates[b]),
                    float(np.sqrt(max(variance, 0))),
                    df,
                    bool(readable[a] and readable[b]),
                )
            )
    return _corrected(rows)


def equality_tests(table: pd.DataFrame, effects: Mapping[tuple[str, Any], EffectResult]) -> pd.DataFrame:
    """The F test that all interpretable subgroups of a column have the same coefficient.

    With clustered errors it is Hotelling's, as if the covariance had clusters - 1 degrees of freedom.
    """
    rows = []
    for column, term, members in _families(table[table["interpretable"].astype(bool)], effects):
        covariance, df = _covariance([effects[column, value] for value in members["subgroup"]], term)
        estimates = members["estimate"].to_numpy(dtype=float)
        k = len(estimates) - 1
        against_first = np.hstack([-np.ones((k, 1)), np.eye(k)])
        middle = against_first @ covariance @ against_first.T
        statistic = p_value = float("nan")
        if np.linalg.matrix_rank(middle, hermitian=True) == k:
            gap = against_first @ estimates
            statistic = float(gap @ np.linalg.solve(middle, gap)) / k
            clustered = all(effects[column, value].vcov == "cluster" for value in members["subgroup"])
            test = joint_test(statistic, k, df, df if clustered else None)
            p_value = float("nan") if test is None else test.p_value
        rows.append((column, term, k + 1, statistic, k, df, p_value))
    return pd.DataFrame(rows, columns=list(EQUALITY_COLUMNS))


def _families(
    table: pd.DataFrame, effects: Mapping[tuple[str, Any], EffectResult]
) -> list[tuple[str, str, pd.DataFrame]]:
    """Column, coefficient and rows of the subgroups that have it, where there are two or more."""
    estimated = table[table["gate"] != "not_estimated"]
    return [
        (str(column), str(term), members)
        for (column, term), members in estimated.groupby(["column", "term"], sort=False)
        if len(members) > 1
    ]


def _covariance(results: list[EffectResult], term: str) -> tuple[Array, int]:
    """Of one coefficient across results, (k, k), and its degrees of freedom.

    Between subgroups it is the sum over common clusters of what each adds to both errors, as in one model
    with all terms interacted; zero without clusters, and where the model does not keep what they add
    (staggered starts).
    """
    variances = [result.covariance.loc[[term], [term]].to_numpy(float)[0, 0] for result in results]
    covariance: Array = np.diag(variances)
    if any(result.vcov != "cluster" for result in results):
        return covariance, sum(result.df for result in results)
    if any(result.fit is None for result in results):
        return covariance, min(result.df for result in results)
    parts = [cluster_influence(result)[term] for result in results]
    factors = [result.fit.factor for result in results if result.fit is not None]
    for a, b in combinations(range(len(parts)), 2):
        shared = parts[a].index.intersection(parts[b].index)
        product = float(parts[a].loc[shared].to_numpy(float) @ parts[b].loc[shared].to_numpy(float))
        covariance[a, b] = covariance[b, a] = np.sqrt(factors[a] * factors[b]) * product
    clusters = set().union(*(part.index for part in parts))
    return covariance, len(clusters) - 1


def _difference(
    column: str,
    term: str,
    names: tuple[Any, Any],
    difference: float,
    error: float,
    df: float,
    interpretable: bool,
) -> dict[str, Any]:
    from scipy.stats import t

    statistic = difference / error if error > 0 else float("nan")
    reach = float(t.isf(0.025, df)) * error
    return {
        "column": column,
        "term": term,
        "first": names[0],
        "second": names[1],
        "difference": difference,
        "std_error": error,
        "statistic": statistic,
        "df": df,
        "p_value": 2 * float(t.sf(abs(statistic), df)),
        "ci_low": difference - reach,
        "ci_high": difference + reach,
        "interpretable": interpretable,
    }


def _corrected(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The differences with q-values over those that can be read."""
    frame = pd.DataFrame(rows, columns=[name for name in DIFFERENCE_COLUMNS if name != "q_value"])
    frame["interpretable"] = frame["interpretable"].astype(bool)
    frame["q_value"] = benjamini_hochberg(frame["p_value"].where(frame["interpretable"]))
    return frame.loc[:, list(DIFFERENCE_COLUMNS)]
