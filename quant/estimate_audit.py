"""Auditing a table of estimates: which rows hold numbers that cannot all be true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from quant.audit_groups import group_checks
from quant.audit_rows import ROW_CHECKS, check_stars
from quant.audit_table import AuditTable, Flag, audit_table

AUDIT_COLUMNS = ("row", "place", "check", "severity", "message", "expected", "found")
CHECKS: Mapping[str, str] = {
    "stars": "the stars {found} do not fit estimate and standard error; within rounding: {expected}",
    "statistic": "the test statistic {found} is not estimate / standard error ({expected})",
    "p_value": "the p-value {found} does not follow from estimate and standard error ({expected})",
    "p_value_range": "{found} is no p-value; it lies in {expected}",
    "interval": "the interval {found} does not follow from estimate and standard error ({expected})",
    "interval_order": "the interval {found} ends below its beginning",
    "interval_misses_estimate": "the interval {found} does not contain the estimate {expected}",
    "std_error_negative": "the standard error {found} is negative",
    "std_error_zero": "the standard error is {found}, perhaps rounded away",
    "effect_size": "{found} percent of the mean does not follow from estimate and mean ({expected})",
    "percent_sign": "{found} percent of the mean has another sign than the estimate ({expected})",
    "outside_range": "the estimate {found} is larger than the outcome can change ({expected})",
    "mean_outside_range": "the mean {found} lies outside the outcome's range ({expected})",
    "r2_range": "R2 is {found}; it cannot be outside {expected}",
    "adjusted_above_r2": "adjusted R2 {found} is above R2 ({expected})",
    "adjusted_r2": "adjusted R2 {found} does not follow from R2, N and degrees of freedom ({expected})",
    "n_impossible": "N is {found}; it is a whole number from 1",
    "df_impossible": "the degrees of freedom are {found}; expected {expected}",
    "df_above_n": "the degrees of freedom {found} are not below N ({expected})",
    "duplicate": "a second row for the same cell says {found}, the first one {expected}",
    "n_within_model": "N is {found}, but {expected} in another row of the same model",
    "r2_within_model": "R2 is {found}, but {expected} in another row of the same model",
    "subgroup_above_total": "the subgroup has N {found}, more than the whole ({expected})",
    "total": "N of the whole is {found}, its parts add up to {expected}",
    "mean_of_parts": "the mean of the whole {found} cannot be the average of its parts ({expected})",
    "share_range": "the share {found} lies outside {expected}",
    "share_sum": "the shares add up to {found}, not to {expected}",
}


def audit_estimates(
    frame: pd.DataFrame,
    *,
    star_levels: Mapping[str, float] | None = None,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    partitions: Sequence[Sequence[str]] = (),
) -> pd.DataFrame:
    """Rows of a table of estimates whose numbers contradict each other, beyond what rounding can hide.

    frame : one row an estimate (or a model): any of table, subgroup, outcome, period, model, term; estimate,
        std_error, stars, treated_mean, n, df, r2, adjusted_r2, ci_low, ci_high, p_value, statistic,
        percent_of_mean, share, percent, under these or other usual names. Numbers, or text as printed, which
        tells decimals best. What the table does not have is not checked.
    star_levels : sign -> p-value below which it stands; inferred from the table if None.
    ranges : outcome -> smallest and largest value it can have.
    partitions : subgroups that do not overlap and together are everybody.

    Returns one row a contradiction, in the order of the frame, empty if there is none: row (index label of
    the frame), place, check (`CHECKS`), severity ("error": cannot be true; "warning": doubtful), message,
    expected, found.
    Raises EstimatesError if no column can be checked.
    Source: docs/methods/auditing_estimates.md
    """
    if frame.empty:
        return pd.DataFrame(columns=list(AUDIT_COLUMNS))
    table = audit_table(frame, ranges=dict(ranges or {}))
    flags = list(check_stars(table, star_levels or frame.attrs.get("star_levels")))
    for check in (*ROW_CHECKS, *group_checks(partitions)):
        flags.extend(check(table))
    order = {check: n for n, check in enumerate(CHECKS)}
    flags.sort(key=lambda flag: (flag.at, order[flag.check]))
    return pd.DataFrame([_row(table, flag) for flag in flags], columns=list(AUDIT_COLUMNS))


def _row(table: AuditTable, flag: Flag) -> dict[str, object]:
    return {
        "row": table.labels[flag.at],
        "place": table.place(flag.at),
        "check": flag.check,
        "severity": flag.severity,
        "message": CHECKS[flag.check].format(expected=flag.expected, found=flag.found),
        "expected": flag.expected,
        "found": flag.found,
    }
