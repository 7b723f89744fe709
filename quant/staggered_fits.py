"""The change of one cohort against that of its controls, with covariates: three estimators, their influence.

Which units are compared, and over which periods, is decided in `quant.staggered_comparisons`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

ChangeMethod = Literal["regression", "ipw", "doubly_robust"]
Trouble = Literal["collinear", "no_overlap"]
# Controls this likely to be treated get no weight; with a unit this certain of treatment nothing is compared.
TRIMMED_PROPENSITY = 0.995
CERTAIN_PROPENSITY = 0.999
_STEPS, _TOLERANCE, _LEAST_EIGENVALUE = 50, 1e-10, 1e-12


@dataclass(frozen=True)
class ChangeFit:
    """An effect on the treated, and what makes up each unit's influence on it.

    estimate : `treated_level` - `control_level`, mean residuals of both sides (controls weighted).
    slopes : (k,) of the outcome model among controls, zeros where there is none.
    log_odds : (k,) of the model of being treated, None where there is none.
    n_treated, control_weight : sums of the weights of both sides.
    by_slopes, by_log_odds : (k,) what estimated slopes and log-odds pass on to the estimate.
    """

    estimate: float
    slopes: np.ndarray
    log_odds: np.ndarray | None
    treated_level: float
    control_level: float
    n_treated: float
    control_weight: float
    by_slopes: np.ndarray
    by_log_odds: np.ndarray

    def influence(self, change: np.ndarray, x: np.ndarray, treated: np.ndarray) -> np.ndarray:
        """(m,) parts of the units in the error of the estimate; their sum over the units fitted is 0."""
        residual = change - x @ self.slopes
        part = np.where(treated, (residual - self.treated_level) / self.n_treated, 0.0)
        part -= np.where(treated, 0.0, residual) * (x @ self.by_slopes)
        if self.log_odds is not None:
            propensity = _propensity(x, self.log_odds)
            weight = _control_weights(propensity, treated)
            part -= weight * (residual - self.control_level) / self.control_weight
            part -= (treated - propensity) * (x @ self.by_log_odds)
        return part


def fit_change(
    change: np.ndarray, x: np.ndarray, treated: np.ndarray, method: ChangeMethod
) -> ChangeFit | Trouble:
    """Mean change of the treated less the change they would have had.

    change : (m,) change of the outcome of treated and control units.
    x : (m, k) covariates, a constant first, on comparable scales.  treated : (m,) bool.
    method : "regression" predicts the change from the covariates of the controls; "ipw" weights the controls
        by their odds of being treated; "doubly_robust" does both and is right if either model is.

    Returns the fit; "collinear" if the controls cannot tell the covariates apart, "no_overlap" if the
    covariates tell treated units from controls with certainty.
    Source: Sant'Anna & Zhao (2020), as in Callaway & Sant'Anna (2021); docs/methods/staggered_starts.md
    """
    k = x.shape[1]
    controls = ~treated
    slopes, inverse = np.zeros(k), np.zeros((k, k))
    if method != "ipw":
        own = x[controls]
        gram = own.T @ own
        if _singular(gram):
            return "collinear"
        inverse = np.linalg.inv(gram)
        slopes = inverse @ (own.T @ change[controls])
    residual = change - x @ slopes
    treated_level, treated_x = float(residual[treated].mean()), x[treated].mean(axis=0)
    n_treated = float(treated.sum())
    if method == "regression":
        return ChangeFit(
            treated_level, slopes, None, treated_level, 0.0, n_treated, 0.0, inverse @ treated_x, np.zeros(k)
        )
    log_odds = _fit_log_odds(x, treated)
    if isinstance(log_odds, str):
        return log_odds
    propensity = _propensity(x, log_odds)
    weight = _control_weights(propensity, treated)
    total = float(weight.sum())
    if propensity.max() >= CERTAIN_PROPENSITY or total == 0:
        return "no_overlap"
    control_level = float(weight @ residual) / total
    information = (x * (propensity * (1 - propensity))[:, None]).T @ x
    return ChangeFit(
        estimate=treated_level - control_level,
        slopes=slopes,
        log_odds=log_odds,
        treated_level=treated_level,
        control_level=control_level,
        n_treated=n_treated,
        control_weight=total,
        by_slopes=inverse @ (treated_x - weight @ x / total),
        by_log_odds=np.linalg.solve(information, (weight * (residual - control_level)) @ x / total),
    )


def _fit_log_odds(x: np.ndarray, treated: np.ndarray) -> np.ndarray | Trouble:
    """Logit of being treated, by Newton's steps."""
    if _singular(x.T @ x):
        return "collinear"
    log_odds = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        propensity = _propensity(x, log_odds)
        information = (x * (propensity * (1 - propensity))[:, None]).T @ x
        if _singular(information):
            return "no_overlap"
        step = np.linalg.solve(information, x.T @ (treated - propensity))
        log_odds = log_odds + step
        if np.abs(step).max() < _TOLERANCE:
            return log_odds
    return "no_overlap"


def _propensity(x: np.ndarray, log_odds: np.ndarray) -> np.ndarray:
    from scipy.special import expit

    propensity: np.ndarray = np.minimum(expit(x @ log_odds), 1 - 1e-6)
    return propensity


def _control_weights(propensity: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Odds of being treated of the controls, 0 for treated units."""
    counts = ~treated & (propensity < TRIMMED_PROPENSITY)
    return np.where(counts, propensity / (1 - propensity), 0.0)


def _singular(gram: np.ndarray) -> bool:
    values = np.linalg.eigvalsh(gram)
    return bool(values[0] <= _LEAST_EIGENVALUE * values[-1])
