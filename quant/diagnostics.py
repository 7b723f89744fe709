"""What to look at before a regression is believed: collinearity, influence, groups, cases, signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from quant.regression import RegressionResult
from quant.regression_design import INTERCEPT

FEW_CLUSTERS = 40
HIGH_VIF = 10.0
RARE_CASES_A_TERM = 10


@dataclass(frozen=True)
class Diagnosis:
    """One thing to look at: a stable `reason` and the `values` that its sentence is filled with."""

    reason: str
    values: Mapping[str, Any]


def collinearity(result: RegressionResult) -> pd.DataFrame:
    """Variance inflation of each term but the constant, after absorption: columns term, vif.

    vif = 1 / (1 - R2 of the term on the other terms). The frame's `attrs["condition_number"]` is that of the
    design with columns of unit length, the constant included (Belsley, Kuh & Welsch 1980).
    """
    names, fit = list(result.covariance.columns), result.fit
    total = fit.weights.sum()
    rows = []
    for place, name in enumerate(names):
        if name == INTERCEPT:
            continue
        mean = fit.weights @ fit.x[:, place] / total if INTERCEPT in names else 0.0
        spread = float(fit.weights @ (fit.x[:, place] - mean) ** 2)
        rows.append((name, spread * float(fit.bread[place, place])))
    scaled = fit.x * np.sqrt(fit.weights)[:, None]
    frame = pd.DataFrame(rows, columns=["term", "vif"])
    frame.attrs["condition_number"] = float(np.linalg.cond(scaled / np.linalg.norm(scaled, axis=0)))
    return frame


def influence(result: RegressionResult) -> pd.DataFrame:
    """Leverage, Cook's distance and the largest dfbeta of each row, the most influential first.

    Returns (n, 5) frame, index as the data: leverage (of the model with its groups), student (internally
        studentized residual), cooks, dfbeta (largest in size over the terms but the constant), term (of
    that dfbeta).
    A row alone in its absorbed group has leverage 1 and no influence on the terms: all but leverage is 0.
        Source: Cook (1977); Belsley, Kuh & Welsch (1980); the same numbers as statsmodels' OLSInfluence
    with dummies.
    """
    fit, names = result.fit, list(result.covariance.columns)
    slopes = [place for place, name in enumerate(names) if name != INTERCEPT]
    moved = fit.x * np.sqrt(fit.weights)[:, None]
    leverage = np.einsum("ij,jk,ik->i", moved, fit.bread, moved)
    parameters = result.n - result.df_residual
    if fit.groups is not None:
        weight = np.bincount(fit.groups, weights=fit.weights)
        leverage = leverage + fit.weights * (1 / weight[fit.groups] - 1 / fit.weights.sum())
    free = np.maximum(1 - leverage, 0)
    alone = free < 1e-10
    safe = np.where(alone, 1.0, free)
    residual = np.where(alone, 0.0, fit.residuals * np.sqrt(fit.weights))
    sigma2 = result.rss / result.df_residual
    student = residual / np.sqrt(sigma2 * safe)
    cooks = student**2 * leverage / safe / parameters
    deleted = np.maximum((result.rss - residual**2 / safe) / max(result.df_residual - 1, 1), 1e-300)
    shifts = (moved @ fit.bread)[:, slopes] * (residual / safe)[:, None]
    scale = np.sqrt(deleted[:, None] * np.diag(fit.bread)[slopes][None, :])
    dfbetas = shifts / scale
    largest = np.abs(dfbetas).argmax(axis=1) if slopes else np.zeros(len(residual), dtype=int)
    frame = pd.DataFrame(
        {
            "leverage": leverage,
            "student": student,
            "cooks": np.where(alone, 0.0, cooks),
            "dfbeta": dfbetas[np.arange(len(residual)), largest] if slopes else 0.0,
            "term": [names[slopes[place]] for place in largest] if slopes else "",
        },
        index=result.rows,
    )
    return frame.sort_values("cooks", ascending=False, kind="stable")


def diagnose(result: RegressionResult) -> list[Diagnosis]:
    """What a reader of one model should be told, most serious first."""
    found: list[Diagnosis] = []
    if result.n_clusters is not None and result.n_clusters < FEW_CLUSTERS:
        found.append(Diagnosis("few_clusters", {"clusters": result.n_clusters, "limit": FEW_CLUSTERS}))
    if result.n_groups is not None:
        found += _groups(result)
    if result.omitted:
        found.append(Diagnosis("omitted", {"terms": ", ".join(result.omitted)}))
    if result.n_dropped:
        lacking = ", ".join(f"{name} ({count})" for name, count in result.dropped)
        found.append(Diagnosis("dropped", {"n": result.n_dropped, "lacking": lacking}))
    found += _rare(result)
    high = collinearity(result)
    high = high[high["vif"] > HIGH_VIF]
    if len(high):
        terms = ", ".join(f"{row.term} ({row.vif:.0f})" for row in high.itertuples())
        found.append(Diagnosis("collinear", {"limit": f"{HIGH_VIF:g}", "terms": terms}))
    return found + _influential(result)


def sign_flips(
    single: Mapping[str, tuple[float, float]], joint: Mapping[str, tuple[float, float]]
) -> list[Diagnosis]:
    """Terms whose sign differs between a model of their own and the model with all of them.

    single, joint : estimate and standard error by term.

    `reason` is "sign_flip_clear" where both intervals leave out zero, else "sign_flip".
    """
    found = []
    for term, (alone, alone_error) in single.items():
        if term not in joint:
            continue
        together, together_error = joint[term]
        if alone * together < 0:
            clear = abs(alone) > 1.96 * alone_error and abs(together) > 1.96 * together_error
            values = {"term": term, "single": alone, "joint": together}
            found.append(Diagnosis("sign_flip_clear" if clear else "sign_flip", values))
    return found


def _groups(result: RegressionResult) -> list[Diagnosis]:
    assert result.n_groups is not None
    a_group = result.n / result.n_groups
    found = []
    if a_group < 10:
        values = {"column": result.absorb, "groups": result.n_groups, "rows": round(a_group, 1)}
        found.append(Diagnosis("few_rows_a_group", values))
    if result.n_singletons:
        found.append(Diagnosis("singletons", {"n": result.n_singletons, "column": result.absorb}))
    return found


def _rare(result: RegressionResult) -> list[Diagnosis]:
    values = result.outcome_values
    if not set(np.unique(values)) <= {0.0, 1.0}:
        return []
    cases = int(min((values == 1).sum(), (values == 0).sum()))
    terms = len([name for name in result.covariance.columns if name != INTERCEPT])
    if cases >= RARE_CASES_A_TERM * max(terms, 1):
        return []
    return [Diagnosis("rare_outcome", {"outcome": result.outcome, "cases": cases, "terms": terms})]


def _influential(result: RegressionResult) -> list[Diagnosis]:
    frame = influence(result)
    large = frame[frame["cooks"] > 1.0]
    strong = frame[np.abs(frame["dfbeta"]) > 1.0]
    rows = list(dict.fromkeys([*large.index, *strong.index]))
    if not rows:
        return []
    named = ", ".join(str(row) for row in rows[:5])
    return [Diagnosis("influential", {"n": len(rows), "rows": named})]
