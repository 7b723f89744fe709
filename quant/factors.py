"""Factor analysis of a frame of answers, printed and ordered as Stata's `factor` and `rotate` do.

What goes in is `quant.factor_input`, extraction `quant.extraction`, rotation `quant.rotation`; names for
factors are `quant.factor_names`, how many to keep is `quant.retention`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quant.adequacy import (
    Bartlett,
    Kmo,
    bartlett_sphericity,
    independence_test,
    kaiser_meyer_olkin,
    sufficiency_test,
)
from quant.errors import FactorError
from quant.extraction import STATAS_TOLERANCE, Extraction, extract
from quant.factor_choices import FactorChoices
from quant.factor_input import (
    Correlated,
    Correlation,
    Missing,
    as_item_frame,
    check_correlations,
    correlate,
    correlations_of,
    item_numbers,
    positive_definite,
)
from quant.notes import Note
from quant.rotation import PROMAX_POWER, Rotation, rotate

Array = NDArray[np.float64]
ScoreMethod = Literal["regression", "bartlett"]


@dataclass(frozen=True)
class FactorResult:
    """A factor solution; frames have items as index and factors `factor_1`, `factor_2` ... as columns.

    eigenvalues : (items,) of the factored matrix, largest first; for ml (factors,), as Stata prints them:
        the sums of squared loadings.
    proportion, cumulative : eigenvalue / sum of all of them, as Stata prints it. The sum of a reduced
        matrix is under the number of items, and late eigenvalues are negative, so `cumulative` passes 1.
    proportion_of_total : eigenvalue / number of items.
    loadings : rotated (pattern for oblique rotations); unrotated_loadings : as extracted.
    variance : by rotated factor: variance (sum of squared correlations of items and factor; for orthogonal
        factors these are the loadings), proportion, cumulative, proportion_of_total.
    factor_correlations : identity unless the rotation is oblique.
    bartlett : Bartlett's test of sphericity; independence : the same with the multiplier of the test that
        Stata prints above the loadings (LR test: independent vs. saturated).
    fit : for ml, the test that the factors suffice (as R's `factanal`); None without degrees of freedom.
    saturated : the same with the multiplier that Stata prints (LR test: k factors vs. saturated).
    log_likelihood : for ml, as Stata: that of the saturated model is 0. None else.
    n, n_dropped : rows used, rows left out because an item is missing.
    missing, correlation : how missing answers were treated, and which correlations were factored.
    """

    items: tuple[str, ...]
    extraction: Extraction
    rotation: Rotation | None
    kaiser: bool
    eigenvalues: Array
    proportion: Array
    cumulative: Array
    proportion_of_total: Array
    loadings: pd.DataFrame
    unrotated_loadings: pd.DataFrame
    communalities: pd.Series[float]
    uniqueness: pd.Series[float]
    variance: pd.DataFrame
    factor_correlations: pd.DataFrame
    correlations: pd.DataFrame
    means: pd.Series[float]
    std_devs: pd.Series[float]
    kmo: Kmo
    bartlett: Bartlett
    independence: Bartlett
    fit: Bartlett | None
    saturated: Bartlett | None
    log_likelihood: float | None
    n: int
    n_dropped: int
    method: str
    missing: Missing = "listwise"
    correlation: Correlation = "pearson"
    notes: tuple[Note, ...] = ()

    @property
    def factors(self) -> tuple[str, ...]:
        """Column names of the loadings."""
        return tuple(str(c) for c in self.loadings.columns)

    @property
    def residuals(self) -> pd.DataFrame:
        """Correlations less what the factors reproduce; uniqueness stands on the diagonal."""
        pattern, between = self.loadings.to_numpy(), self.factor_correlations.to_numpy()
        residuals: pd.DataFrame = self.correlations - pattern @ between @ pattern.T
        return residuals

    @property
    def rmsr(self) -> float:
        """Root mean square of the residual correlations (off the diagonal)."""
        off = self.residuals.to_numpy()[np.triu_indices(len(self.items), 1)]
        return float(np.sqrt((off**2).mean()))

    @property
    def n_parameters(self) -> int:
        """Free parameters as Stata counts them: pk - k(k - 1)/2, at most the number of correlations."""
        p, k = len(self.items), len(self.factors)
        return min(p * (p - 1) // 2, p * k - k * (k - 1) // 2)

    @property
    def aic(self) -> float | None:
        """Akaike's criterion, for ml; smaller is better."""
        return None if self.log_likelihood is None else 2 * (self.n_parameters - self.log_likelihood)

    @property
    def bic(self) -> float | None:
        """Schwarz's criterion, for ml; smaller is better."""
        if self.log_likelihood is None:
            return None
        return float(np.log(self.n)) * self.n_parameters - 2 * self.log_likelihood

    def largest_residuals(self, n: int = 5) -> pd.DataFrame:
        """The pairs of items the factors explain least: first, second, correlation, residual."""
        rows, columns = np.triu_indices(len(self.items), 1)
        residuals, correlations = self.residuals.to_numpy(), self.correlations.to_numpy()
        order = np.argsort(-np.abs(residuals[rows, columns]), kind="stable")[:n]
        pairs = [(int(rows[k]), int(columns[k])) for k in order]
        records = [(self.items[i], self.items[j], correlations[i, j], residuals[i, j]) for i, j in pairs]
        return pd.DataFrame(records, columns=["first", "second", "correlation", "residual"])

    def score_weights(self, method: ScoreMethod = "regression") -> pd.DataFrame:
        """Weights of the standardised items: regression (Thomson; R^-1 times structure) or Bartlett's.

        Raises FactorError for Bartlett's weights if an item has no uniqueness.
        Source: docs/methods/factors.md
        """
        pattern, between = self.loadings.to_numpy(), self.factor_correlations.to_numpy()
        if method == "regression":
            weights = np.linalg.solve(self.correlations.to_numpy(), pattern @ between)
        else:
            if float(self.uniqueness.min()) <= 0:
                raise FactorError(
                    "item {item!r} has no uniqueness; Bartlett's scores divide by it: use regression scores",
                    reason="no_uniqueness",
                    item=str(self.uniqueness.idxmin()),
                )
            scaled = pattern / self.uniqueness.to_numpy()[:, None]
            weights = scaled @ np.linalg.inv(pattern.T @ scaled)
        return pd.DataFrame(weights, index=list(self.items), columns=self.loadings.columns)

    def scores(self, data: pd.DataFrame, method: ScoreMethod = "regression") -> pd.DataFrame:
        """Factor scores, one row a row of `data`: Stata's `predict` (regression), `predict, bartlett`.

        Items are standardised with the means and standard deviations of the fitted sample; a row with a
        missing item gets NaN. Raises FactorError if `data` lacks an item, or if the analysis was made from
        correlations alone.
        """
        data = as_item_frame(data)
        absent = [item for item in self.items if item not in data.columns]
        if absent:
            raise FactorError(
                "column {column!r} is missing; scores need all {items} items",
                reason="score_column_missing",
                column=absent[0],
                items=len(self.items),
            )
        if self.means.isna().any():
            raise FactorError(
                "the analysis was made from correlations; scores need means and deviations: factor answers",
                reason="scores_of_matrix",
            )
        numbers = item_numbers(data.loc[:, list(self.items)])
        standard = (numbers.to_numpy() - self.means.to_numpy()) / self.std_devs.to_numpy()
        weights = self.score_weights(method).to_numpy()
        return pd.DataFrame(standard @ weights, index=data.index, columns=self.loadings.columns)

    def assignment(self, cutoff: float = 0.3) -> pd.Series[Any]:
        """The factor of each item: the one it loads on most, None where no loading passes `cutoff`."""
        size = self.loadings.abs()
        factor = size.idxmax(axis=1).astype(object)
        return factor.where(size.max(axis=1) > cutoff, None).rename("factor")

    def eigenvalue_table(self) -> pd.DataFrame:
        """Stata's first table, one row an eigenvalue, with `proportion_of_total` added."""
        difference = np.append(self.eigenvalues[:-1] - self.eigenvalues[1:], np.nan)
        return pd.DataFrame(
            {
                "factor": [f"factor_{n}" for n in range(1, len(self.eigenvalues) + 1)],
                "eigenvalue": self.eigenvalues,
                "difference": difference,
                "proportion": self.proportion,
                "cumulative": self.cumulative,
                "proportion_of_total": self.proportion_of_total,
            }
        )


def factor_analysis(
    data: pd.DataFrame | Array | Sequence[Sequence[float]],
    n_factors: int | None = None,
    extraction: Extraction = "principal_factor",
    rotation: Rotation | None = "varimax",
    kaiser: bool = False,
    *,
    min_eigenvalue: float | None = None,
    missing: Missing = "listwise",
    correlation: Correlation = "pearson",
    promax_power: float = PROMAX_POWER,
    tolerance: float = STATAS_TOLERANCE,
) -> FactorResult:
    """Factor analysis of the correlations of the columns.

    data : (rows, items) numbers.
    n_factors : at most this many factors. None keeps those whose eigenvalue exceeds `min_eigenvalue`
        (Stata's defaults: 5e-6 for principal_factor and iterated, 1 for pcf; minres and ml count the
        eigenvalues of the correlation matrix over 1).
    extraction : principal_factor, iterated, pcf, minres or ml.
    rotation : varimax, promax, oblimin or None.
    kaiser : row normalisation; off by default, as in Stata's `rotate`.
    missing : listwise drops and counts rows with a missing item; pairwise takes each correlation from the
        rows that have both items, and `n` is then the fewest behind a correlation.
    correlation : polychoric treats the answers as steps of continuous ones.
    promax_power : 3 as Stata; R's `promax` takes 4.
    tolerance : iterated stops once no communality moves by that much: 1e-4 gives the digits that Stata
        prints, 1e-9 those of the solution.

    Returns FactorResult; factors are ordered by the variance they explain after rotation, and each is
    turned so that its loadings sum to a positive number.
    Raises FactorError if a column is constant or not numeric, rows are too few or items linearly dependent.
    Source: docs/methods/factors.md
    """
    choices = FactorChoices(n_factors, extraction, rotation, kaiser, min_eigenvalue, promax_power, tolerance)
    found = correlate(data, missing=missing, correlation=correlation)
    result = replace(_analysed(found, choices), missing=missing, correlation=correlation)
    if correlation == "pearson":
        return result
    # the tests and the likelihood are of ordinary correlations
    return replace(result, fit=None, saturated=None, log_likelihood=None)


def factor_matrix(
    correlations: pd.DataFrame,
    n: int,
    n_factors: int | None = None,
    extraction: Extraction = "principal_factor",
    rotation: Rotation | None = "varimax",
    kaiser: bool = False,
    *,
    min_eigenvalue: float | None = None,
    promax_power: float = PROMAX_POWER,
    tolerance: float = STATAS_TOLERANCE,
) -> FactorResult:
    """Factor analysis of a published matrix of correlations or covariances: Stata's `factormat`.

    correlations : (items, items); n : the number of rows behind it; the other parameters as in
        `factor_analysis`. There are no scores. A matrix that no data could have is brought to the nearest
        that they could, with a note.
    Raises FactorError if the matrix is not square and symmetric, or as `factor_analysis`.
    """
    choices = FactorChoices(n_factors, extraction, rotation, kaiser, min_eigenvalue, promax_power, tolerance)
    items = tuple(str(c) for c in correlations.columns)
    matrix, note = positive_definite(correlations_of(correlations.to_numpy(dtype=float), n))
    check_correlations(matrix, list(items))
    unknown = pd.Series(np.nan, index=list(items))
    found = Correlated(items, matrix, n, 0, unknown, unknown, () if note is None else (note,))
    return _analysed(found, choices)


def _analysed(given: Correlated, choices: FactorChoices) -> FactorResult:
    correlations, items = given.matrix, list(given.items)
    if choices.n_factors is not None and choices.n_factors >= len(items):
        raise FactorError(
            "{factors} factors from {items} items; ask for fewer factors than items",
            reason="too_many_factors",
            factors=choices.n_factors,
            items=len(items),
        )
    found = extract(
        correlations,
        choices.extraction,
        n_factors=choices.n_factors,
        min_eigenvalue=choices.min_eigenvalue,
        tolerance=choices.tolerance,
    )
    unrotated, _ = ordered(found.loadings, np.eye(found.loadings.shape[1]))
    turned = rotate(unrotated, choices.rotation, kaiser=choices.kaiser, promax_power=choices.promax_power)
    loadings, between = ordered(turned.loadings, turned.correlations)
    total = float(found.eigenvalues.sum())
    names = [f"factor_{n}" for n in range(1, loadings.shape[1] + 1)]
    communalities = pd.Series(found.communalities, index=items, name="communality")
    return FactorResult(
        items=given.items,
        extraction=choices.extraction,
        rotation=choices.rotation,
        kaiser=choices.kaiser,
        eigenvalues=found.eigenvalues,
        proportion=found.eigenvalues / total,
        cumulative=np.cumsum(found.eigenvalues) / total,
        proportion_of_total=found.eigenvalues / len(items),
        loadings=pd.DataFrame(loadings, index=items, columns=names),
        unrotated_loadings=pd.DataFrame(unrotated, index=items, columns=names),
        communalities=communalities,
        uniqueness=(1 - communalities).rename("uniqueness"),
        variance=_variance(loadings, between, names, total),
        factor_correlations=pd.DataFrame(between, index=names, columns=names),
        correlations=pd.DataFrame(correlations, index=items, columns=items),
        means=given.means,
        std_devs=given.std_devs,
        kmo=kaiser_meyer_olkin(correlations, items),
        bartlett=bartlett_sphericity(correlations, given.n),
        independence=independence_test(correlations, given.n),
        fit=sufficiency_test(found.discrepancy, given.n - 1, len(items), loadings.shape[1]),
        saturated=sufficiency_test(found.discrepancy, given.n, len(items), loadings.shape[1]),
        log_likelihood=None if found.discrepancy is None else -given.n / 2 * found.discrepancy,
        n=given.n,
        n_dropped=given.n_dropped,
        method=choices.text,
        notes=(*given.notes, *found.notes),
    )


def ordered(loadings: Array, between: Array) -> tuple[Array, Array]:
    """Largest explained variance first, sum of loadings positive; correlations between factors follow."""
    order = np.argsort(-_explained(loadings, between), kind="stable")
    loadings, between = loadings[:, order], between[np.ix_(order, order)]
    signs = np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)
    return loadings * signs, between * np.outer(signs, signs)


def _explained(loadings: Array, between: Array) -> Array:
    """Variance a factor explains: its squared correlations with the items, summed, as Stata's `rotate`."""
    explained: Array = ((loadings @ between) ** 2).sum(axis=0)
    return explained


def _variance(loadings: Array, between: Array, names: list[str], total: float) -> pd.DataFrame:
    explained = _explained(loadings, between)
    columns = {
        "variance": explained,
        "proportion": explained / total,
        "cumulative": np.cumsum(explained) / total,
        "proportion_of_total": explained / len(loadings),
    }
    return pd.DataFrame(columns, index=names)
