"""Checks within one row of a table of estimates: can its numbers all be true at once?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from quant.audit_table import AuditTable, Flag, Severity
from quant.star_levels import FEWEST_DF, Levels, PRange, expected_signs, fits, fits_another, infer_levels

Floats = NDArray[np.float64]
USUAL_LEVELS = (0.95, 0.90, 0.99)


def check_stars(table: AuditTable, levels: Mapping[str, float] | None) -> Iterator[Flag]:
    """Stars against the p-values that b and SE leave possible, or against a printed p-value without an SE.

    Where another usual convention fits all rows, what contradicts the common one is doubtful, no error.
    """
    if not table.has("stars"):
        return
    signs_of = table.text("stars")
    p_low = np.where(np.isnan(table.p.low), table.low("p_value"), table.p.low)
    p_high = np.where(np.isnan(table.p.high), table.high("p_value"), table.p.high)
    for _, rows in table.groups(("source",)):
        stars, p = [signs_of[n] for n in rows], PRange(p_low[rows], p_high[rows])
        chosen, used = levels or infer_levels(stars, p), set(stars)
        severity: Severity = "warning" if not levels and fits_another(stars, p) else "error"
        for n, signs in enumerate(stars):
            if not fits(signs, *p.at(n), chosen, used):
                yield Flag(int(rows[n]), "stars", severity, _signs(*p.at(n), chosen, used), signs or "–")


def check_statistic(table: AuditTable) -> Iterator[Flag]:
    """A printed t or z against b / SE."""
    if not table.has("statistic", "estimate", "std_error"):
        return
    low, high = _ratio(table)
    yield from _outside(table, "statistic", "statistic", low, high)


def check_p_value(table: AuditTable) -> Iterator[Flag]:
    """A printed p-value: between 0 and 1, and what b and SE say."""
    if not table.has("p_value"):
        return
    value, low, high = table.value("p_value"), table.low("p_value"), table.high("p_value")
    texts = table.text("p_value")
    for n in range(len(value)):
        if math.isnan(value[n]):
            continue
        if low[n] > 1 or high[n] < 0:
            yield Flag(n, "p_value_range", "error", "0–1", texts[n])
            continue
        below, above = texts[n].startswith("<"), texts[n].startswith(">")
        p_low, p_high = table.p.at(n)
        wrong = (low[n] > p_high and not below) or (high[n] < p_low and not above)
        if not math.isnan(p_low) and wrong:
            yield Flag(n, "p_value", "error", _span(p_low, p_high), texts[n])


def check_interval(table: AuditTable) -> Iterator[Flag]:
    """A printed interval: its ends in order, the estimate in it, and as wide as the standard error says."""
    if not table.has("ci_low", "ci_high"):
        return
    low, high, b = table.value("ci_low"), table.value("ci_high"), table.value("estimate")
    turned = low > high
    misses = ~turned & (
        (table.high("ci_high") < table.low("estimate")) | (table.low("ci_low") > table.high("estimate"))
    )
    wide = _interval_contradictions(table)
    for n in range(len(low)):
        found = f"{table.shown('ci_low', n)}; {table.shown('ci_high', n)}"
        if turned[n]:
            yield Flag(n, "interval_order", "error", f"{high[n]:g}; {low[n]:g}", found)
        elif misses[n]:
            yield Flag(n, "interval_misses_estimate", "error", f"{b[n]:g}", found)
        elif wide is not None and wide[1][n]:
            yield Flag(n, "interval", "error", _usual_interval(table, n, wide[0]), found)


def check_std_error(table: AuditTable) -> Iterator[Flag]:
    """A standard error is above 0; printed as 0 it may be rounded away."""
    for n, value in enumerate(table.value("std_error")):
        if value < 0:
            yield Flag(n, "std_error_negative", "error", "> 0", table.shown("std_error", n))
        elif value == 0:
            yield Flag(n, "std_error_zero", "warning", "> 0", table.shown("std_error", n))


def check_effect_size(table: AuditTable) -> Iterator[Flag]:
    """Percent of the treated mean against 100 b / mean, its sign first."""
    if not table.has("percent_of_mean", "estimate"):
        return
    b, percent, mean = (table.value(name) for name in ("estimate", "percent_of_mean", "treated_mean"))
    positive = np.isnan(mean) | (mean > 0)
    signs = positive & (
        ((table.low("estimate") > 0) & (table.high("percent_of_mean") < 0))
        | ((table.high("estimate") < 0) & (table.low("percent_of_mean") > 0))
    )
    for n in map(int, np.flatnonzero(signs)):
        yield Flag(n, "percent_sign", "error", "+" if b[n] > 0 else "−", table.shown("percent_of_mean", n))
    low, high = _quotient(table, "estimate", "treated_mean", 100.0)
    percents = ~signs & ~np.isnan(percent)
    yield from _outside(table, "effect_size", "percent_of_mean", low, high, where=percents)


def check_range(table: AuditTable) -> Iterator[Flag]:
    """An effect cannot be larger than the outcome's whole range.

    The range is declared, or 0-1 (a warning) for an outcome whose means all lie there.
    """
    outcomes = table.text("outcome")
    b_low, b_high = table.low("estimate"), table.high("estimate")
    nearest = np.where((b_low <= 0) & (b_high >= 0), 0.0, np.minimum(np.abs(b_low), np.abs(b_high)))
    for named, rows in table.groups(("outcome",)):
        known = table.ranges.get(named.get("outcome", ""))
        width = known[1] - known[0] if known else _share_width(table, rows) if named.get("outcome") else None
        for n in rows if width is not None else ():
            if nearest[n] > width:
                yield Flag(
                    int(n), "outside_range", "error" if known else "warning",
                    f"−{width:g} – {width:g}", table.shown("estimate", n),
                )  # fmt: skip
    for n, mean in enumerate(table.value("treated_mean")):
        known = table.ranges.get(outcomes[n])
        if known and not known[0] <= mean <= known[1] and not math.isnan(mean):
            yield Flag(n, "mean_outside_range", "error", f"{known[0]:g} – {known[1]:g}", f"{mean:g}")


def check_fit(table: AuditTable) -> Iterator[Flag]:
    """R2 within 0-1, the adjusted one not above it, and both in keeping with N and df."""
    r2_low, r2_high = table.low("r2"), table.high("r2")
    adjusted_low, adjusted_high = table.low("adjusted_r2"), table.high("adjusted_r2")
    for n in range(len(table.frame)):
        if r2_low[n] > 1 or r2_high[n] < 0:
            yield Flag(n, "r2_range", "error", "0–1", table.shown("r2", n))
        elif adjusted_low[n] > 1:
            yield Flag(n, "r2_range", "error", "≤ 1", table.shown("adjusted_r2", n))
        elif adjusted_low[n] > r2_high[n]:
            yield Flag(
                n, "adjusted_above_r2", "error", f"≤ {table.shown('r2', n)}", table.shown("adjusted_r2", n)
            )
        else:
            options = _adjusted(table, n)
            if options and all(h < adjusted_low[n] or low > adjusted_high[n] for low, h in options):
                yield Flag(n, "adjusted_r2", "error", _span(*options[0]), table.shown("adjusted_r2", n))


def check_counts(table: AuditTable) -> Iterator[Flag]:
    """N and df are whole and above 0, and df is below N."""
    for column in ("n", "df"):
        for at, value in enumerate(table.value(column)):
            if value < 1:
                yield Flag(at, f"{column}_impossible", "error", "≥ 1", table.shown(column, at))
            elif column == "n" and not math.isnan(value) and value % 1:
                yield Flag(at, "n_impossible", "error", "1, 2, 3 …", table.shown(column, at))
    n, df = table.value("n"), table.value("df")
    for row in map(int, np.flatnonzero((df >= n) & (n >= 1))):
        yield Flag(row, "df_above_n", "error", f"< {table.shown('n', row)}", table.shown("df", row))


ROW_CHECKS: tuple[Callable[[AuditTable], Iterator[Flag]], ...] = (
    check_statistic, check_p_value, check_interval, check_std_error, check_effect_size, check_range,
    check_fit, check_counts,
)  # fmt: skip


def _signs(p_low: float, p_high: float, levels: Levels, used: set[str]) -> str:
    signs = " / ".join(sign or "–" for sign in expected_signs(p_low, p_high, levels, used))
    return f"{signs} (p {_span(p_low, p_high)})"


def _span(low: float, high: float) -> str:
    """Both ends with so many digits that they differ, or one where they do not."""
    for decimals in range(3, 7):
        ends = (f"{low:.{decimals}f}", f"{high:.{decimals}f}")
        if ends[0] != ends[1]:
            return "–".join(ends) if low >= 0 else " – ".join(ends)
    return f"{low:.3f}"


def _outside(
    table: AuditTable,
    check: str,
    column: str,
    low: Floats,
    high: Floats,
    *,
    where: NDArray[np.bool_] | None = None,
) -> Iterator[Flag]:
    wrong = (table.high(column) < low) | (table.low(column) > high)
    for n in np.flatnonzero(wrong if where is None else wrong & where):
        yield Flag(int(n), check, "error", _span(low[n], high[n]), table.shown(column, int(n)))


def _ratio(table: AuditTable) -> tuple[Floats, Floats]:
    return _quotient(table, "estimate", "std_error", 1.0)


def _quotient(table: AuditTable, above: str, below: str, factor: float) -> tuple[Floats, Floats]:
    """Smallest and largest `factor` * above / below within rounding; unbounded where `below` may be 0."""
    tops, bottoms = (table.low(above), table.high(above)), (table.low(below), table.high(below))
    with np.errstate(divide="ignore", invalid="ignore"):
        corners = np.array([factor * top / bottom for top in tops for bottom in bottoms])
    known = ~np.isnan(corners).any(axis=0)
    crosses = (bottoms[0] <= 0) & (bottoms[1] >= 0)
    low = np.where(crosses, -np.inf, np.where(known, corners.min(axis=0), np.nan))
    high = np.where(crosses, np.inf, np.where(known, corners.max(axis=0), np.nan))
    return low, high


def _critical(level: float, df: Floats) -> tuple[float, Floats]:
    """The smallest and the largest multiple of the standard error that an interval of this level can be."""
    from scipy import stats

    largest = stats.t.ppf(0.5 + level / 2, np.where(df >= 1, df, FEWEST_DF))
    return float(stats.norm.ppf(0.5 + level / 2)), np.asarray(largest, dtype=float)


def _interval_contradictions(table: AuditTable) -> tuple[float, NDArray[np.bool_]] | None:
    """The level that fits most rows, and the rows that it does not fit."""
    if not table.has("estimate", "std_error"):
        return None
    options = [(level, _misfits(table, level)) for level in USUAL_LEVELS]
    return min(options, key=lambda option: int(option[1].sum()))


def _misfits(table: AuditTable, level: float) -> NDArray[np.bool_]:
    least, most = _critical(level, table.value("df"))
    se_low, se_high = np.maximum(table.low("std_error"), 0), table.high("std_error")
    low = (table.low("estimate") - most * se_high, table.high("estimate") - least * se_low)
    high = (table.low("estimate") + least * se_low, table.high("estimate") + most * se_high)
    wrong = (table.high("ci_low") < low[0]) | (table.low("ci_low") > low[1])
    wrong |= (table.high("ci_high") < high[0]) | (table.low("ci_high") > high[1])
    return np.asarray(wrong & (table.value("std_error") >= 0), dtype=bool)


def _usual_interval(table: AuditTable, at: int, level: float) -> str:
    least, _ = _critical(level, table.value("df"))
    b, se = table.value("estimate")[at], table.value("std_error")[at]
    return f"{b - least * se:.3f}; {b + least * se:.3f} ({100 * level:.0f} %)"


def _share_width(table: AuditTable, rows: NDArray[np.int64]) -> float | None:
    """1 where an outcome is evidently a share, as all its means lie between 0 and 1; else None."""
    means = table.value("treated_mean")[rows]
    means = means[~np.isnan(means)]
    return 1.0 if len(means) and bool(((means > 0) & (means < 1)).all()) else None


def _adjusted(table: AuditTable, at: int) -> list[tuple[float, float]]:
    """Adjusted R2 as N and df imply it: df of the residuals, or of the model. Empty where df says neither."""
    n, df = table.value("n")[at], table.value("df")[at]
    low, high = table.low("r2")[at], table.high("r2")[at]
    if math.isnan(n + df + low + table.value("adjusted_r2")[at]) or not 1 <= df < n - 1:
        return []
    spans = [
        (1 - (1 - low) * (n - 1) / left, 1 - (1 - high) * (n - 1) / left)
        for left in (df, n - 1 - df)
        if left >= 1
    ]
    return spans if spans and spans[0][1] > -1 else []
