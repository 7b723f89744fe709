"""Whether a questionnaire measures the same in several groups: congruence by group, nested group models."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quant.errors import FactorError
from quant.extraction import Extraction
from quant.factor_input import as_item_frame, check_correlations, item_numbers
from quant.factors import factor_analysis
from quant.group_models import LEVELS, GroupFit, GroupMoments, Level, fit_groups, independence_fit
from quant.notes import Note
from quant.rotation import Rotation
from quant.stability import compare_with

Array = NDArray[np.float64]
CFI_LOSS = 0.01
LEVEL_COLUMNS = (
    "level",
    "chi2",
    "df",
    "p_value",
    "cfi",
    "rmsea",
    "delta_chi2",
    "delta_df",
    "delta_p",
    "delta_cfi",
    "holds",
)
CONGRUENCE_COLUMNS = ("group", "n", "factor", "congruence", "likeness")


@dataclass(frozen=True)
class Invariance:
    """Nested models of several groups.

    table : a row a level (configural, metric, scalar, strict); delta_* against the level before; holds is
        True where CFI falls by no more than .01 (None for configural).
    groups : frame group, n: rows used.
    n_dropped : rows left out (an item or the group missing, a small group).
    factors : factor -> items. fits : the fitted models, one a level.
    """

    table: pd.DataFrame
    groups: pd.DataFrame
    n_dropped: int
    factors: Mapping[str, tuple[str, ...]]
    fits: tuple[GroupFit, ...]
    notes: tuple[Note, ...] = ()

    def highest(self) -> Level | None:
        """The last level that holds with all before it; None if metric does not, or there is none."""
        reached: Level | None = None
        for level, holds in zip(self.table["level"], self.table["holds"], strict=True):
            if level == "configural":
                continue
            if not holds:
                break
            reached = level
        return reached


def measurement_invariance(
    data: Any,
    groups: Sequence[Hashable],
    factors: Mapping[str, Sequence[str]],
    *,
    levels: Sequence[Level] = LEVELS,
) -> Invariance:
    """Compare groups by maximum likelihood: same pattern, same loadings, same intercepts, same uniquenesses.

    data : (rows, items); groups : (rows,) the group of each row; factors : factor -> its items.
    levels : in order, without gaps, from configural.

    Groups with no more rows than items, and factors of one item, are left out with a note.
    Raises FactorError if under two groups or no factor is left, or a model does not settle.
    Source: docs/methods/invariance.md
    """
    notes: list[Note] = []
    kept = _factors(factors, notes)
    items = list(dict.fromkeys(item for members in kept.values() for item in members))
    numbers = item_numbers(as_item_frame(data).loc[:, items])
    names, parts = _parts(numbers, groups, notes)
    moments = [_moments(part, items) for part in parts]
    pattern = np.array([[item in members for members in kept.values()] for item in items])
    fits = tuple(fit_groups(moments, pattern, level) for level in levels)
    used = sum(len(part) for part in parts)
    return Invariance(
        table=_table(levels, fits, independence_fit(moments), used, len(parts)),
        groups=pd.DataFrame({"group": names, "n": [len(part) for part in parts]}),
        n_dropped=len(numbers) - used,
        factors=kept,
        fits=fits,
        notes=tuple(notes),
    )


def group_congruence(
    data: Any,
    groups: Sequence[Hashable],
    n_factors: int,
    extraction: Extraction = "principal_factor",
    rotation: Rotation | None = "varimax",
    kaiser: bool = False,
) -> pd.DataFrame:
    """Congruence of each group's own factor solution with that of all rows.

    Returns frame group, n, factor (of the common solution), congruence, likeness. A group that gives no
    solution has one row without factor.
    Raises FactorError as `factor_analysis` on all rows, or if under two groups are left.
    """
    numbers = item_numbers(as_item_frame(data))
    whole = factor_analysis(numbers, n_factors, extraction, rotation, kaiser)
    names, parts = _parts(numbers, groups, [])
    rows: list[tuple[str, int, str | None, float, str | None]] = []
    for name, part in zip(names, parts, strict=True):
        try:
            own = factor_analysis(part, len(whole.factors), extraction, rotation, kaiser)
        except FactorError:
            rows.append((name, len(part), None, float("nan"), None))
            continue
        likeness = compare_with(whole, own.loadings)
        for factor, value, word in zip(
            likeness["factor"], likeness["congruence"], likeness["likeness"], strict=True
        ):
            rows.append((name, len(part), factor, abs(float(value)), word))
    return pd.DataFrame(rows, columns=list(CONGRUENCE_COLUMNS))


def _factors(factors: Mapping[str, Sequence[str]], notes: list[Note]) -> dict[str, tuple[str, ...]]:
    kept = {name: tuple(items) for name, items in factors.items() if len(items) >= 2}
    single = [name for name in factors if name not in kept]
    if single:
        notes.append(
            Note(
                "{factors} left out: a factor of one item cannot be told from its error",
                reason="single_item_factor",
                factors=", ".join(single),
            )
        )
    if not kept:
        raise FactorError(
            "no factor has two or more items; a model of groups needs one", reason="no_factor_to_compare"
        )
    return kept


def _parts(
    numbers: pd.DataFrame, groups: Sequence[Hashable], notes: list[Note]
) -> tuple[list[str], list[pd.DataFrame]]:
    by_row = pd.Series(list(groups), index=numbers.index, dtype=object)
    complete = numbers.dropna()
    p = numbers.shape[1]
    names, parts, small = [], [], []
    for name, rows in complete.groupby(by_row.loc[complete.index].dropna(), sort=True):
        if len(rows) > p + 1:
            names.append(str(name))
            parts.append(rows)
        else:
            small.append(f"{name} ({len(rows)})")
    if small:
        notes.append(
            Note(
                "groups left out, with no more than {limit} complete rows: {groups}",
                reason="small_groups",
                limit=p + 1,
                groups=", ".join(small),
            )
        )
    if len(parts) < 2:
        raise FactorError(
            "{found} group(s) with more than {limit} complete rows; a comparison needs two",
            reason="too_few_groups",
            found=len(parts),
            limit=p + 1,
        )
    return names, parts


def _moments(part: pd.DataFrame, items: list[str]) -> GroupMoments:
    constant = [item for item in items if part[item].nunique() == 1]
    if constant:
        raise FactorError(
            "column {column!r} has the same value in every row of a group; leave it out",
            reason="constant_in_group",
            column=constant[0],
        )
    covariance = np.cov(part.to_numpy(), rowvar=False, ddof=0)
    scale = np.sqrt(np.diag(covariance))
    check_correlations(covariance / np.outer(scale, scale), items)
    return GroupMoments(len(part), part.mean().to_numpy(), covariance)


def _table(
    levels: Sequence[Level],
    fits: Sequence[GroupFit],
    independence: tuple[float, int],
    n: int,
    n_groups: int,
) -> pd.DataFrame:
    from scipy.stats import chi2 as chi2_distribution

    worst = max(independence[0] - independence[1], 0.0)
    rows: list[tuple[Any, ...]] = []
    before: tuple[GroupFit, float] | None = None
    for level, fit in zip(levels, fits, strict=True):
        excess = max(fit.chi2 - fit.df, 0.0)
        cfi = 1 - excess / max(worst, excess) if max(worst, excess) > 0 else 1.0
        rmsea = float(np.sqrt(n_groups * excess / (fit.df * n))) if fit.df else 0.0
        p_value = float(chi2_distribution.sf(fit.chi2, fit.df)) if fit.df else float("nan")
        row: list[Any] = [level, fit.chi2, fit.df, p_value, cfi, rmsea]
        if before is None:
            row += [float("nan"), float("nan"), float("nan"), float("nan"), None]
        else:
            rise, more = max(fit.chi2 - before[0].chi2, 0.0), fit.df - before[0].df
            loss = cfi - before[1]
            row += [rise, more, float(chi2_distribution.sf(rise, more)), loss, bool(loss >= -CFI_LOSS)]
        rows.append(tuple(row))
        before = fit, cfi
    return pd.DataFrame(rows, columns=list(LEVEL_COLUMNS))
