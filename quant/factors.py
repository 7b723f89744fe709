"""Factor analysis of a frame of answers, printed and ordered as Stata's `factor` and `rotate` do.

Extraction is `quant.extraction`, rotation `quant.rotation`; names for factors are `quant.factor_names`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quant.errors import FactorError
from quant.extraction import Extraction, extract
from quant.rotation import Rotation, rotate
from quant.tables import as_numbers, cell_text

Array = NDArray[np.float64]
METHOD_TEXTS = {
    "principal_factor": "principal factors with squared multiple correlations (Stata: factor, pf)",
    "iterated": "iterated principal factors (Stata: factor, ipf)",
    "pcf": "principal-component factors (Stata: factor, pcf)",
    "minres": "minimum residuals",
    "ml": "maximum likelihood",
}


@dataclass(frozen=True)
class Kmo:
    """Kaiser-Meyer-Olkin measure of sampling adequacy, 0-1; items : one value an item."""

    overall: float
    items: pd.Series[float]


@dataclass(frozen=True)
class Bartlett:
    """Bartlett's test that the items are uncorrelated."""

    chi2: float
    df: int
    p_value: float


@dataclass(frozen=True)
class FactorResult:
    """A factor solution; frames have items as index and factors `factor_1`, `factor_2` ... as columns.

    eigenvalues : (items,) of the factored matrix, largest first.
    proportion, cumulative : eigenvalue / sum of all of them, as Stata prints it. The sum of a reduced
        matrix is under the number of items, and late eigenvalues are negative, so `cumulative` passes 1.
    proportion_of_total : eigenvalue / number of items.
    loadings : rotated (pattern for oblique rotations); unrotated_loadings : as extracted.
    variance : by rotated factor: variance (sum of squared loadings), proportion, proportion_of_total.
    factor_correlations : identity unless the rotation is oblique.
    n, n_dropped : rows used, rows left out because an item is missing.
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
    n: int
    n_dropped: int
    method: str
    notes: tuple[str, ...] = ()

    @property
    def factors(self) -> tuple[str, ...]:
        """Column names of the loadings."""
        return tuple(str(c) for c in self.loadings.columns)

    def scores(self, data: pd.DataFrame) -> pd.DataFrame:
        """Regression scores (Thomson; Stata's default for `predict`), one row a row of `data`.

        Items are standardised with the means and standard deviations of the fitted sample; a row with a
        missing item gets NaN. Raises FactorError if `data` lacks an item.
        """
        data = data.set_axis([str(c) for c in data.columns], axis=1)
        absent = [item for item in self.items if item not in data.columns]
        if absent:
            raise FactorError(
                "column {column!r} is missing; scores need all {items} items",
                reason="score_column_missing",
                column=absent[0],
                items=len(self.items),
            )
        numbers = _numbers(data.loc[:, list(self.items)])
        standard = (numbers.to_numpy() - self.means.to_numpy()) / self.std_devs.to_numpy()
        structure = self.loadings.to_numpy() @ self.factor_correlations.to_numpy()
        weights = np.linalg.solve(self.correlations.to_numpy(), structure)
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
) -> FactorResult:
    """Factor analysis of the correlations of the columns.

    data : (rows, items) numbers; rows with a missing value are dropped and counted.
    n_factors : at most this many factors. None keeps those whose eigenvalue exceeds `min_eigenvalue`
        (Stata's defaults: 5e-6 for principal_factor and iterated, 1 for pcf; minres and ml count the
        eigenvalues of the correlation matrix over 1).
    extraction : principal_factor, iterated, pcf, minres or ml.
    rotation : varimax, promax, oblimin or None.
    kaiser : row normalisation; off by default, as in Stata's `rotate`.

    Returns FactorResult; factors are ordered by the variance they explain after rotation, and each is
    turned so that its loadings sum to a positive number.
    Raises FactorError if a column is constant or not numeric, rows are too few or items linearly dependent.
    Source: docs/methods/factors.md
    """
    _check_options(n_factors, extraction, rotation)
    frame = _as_frame(data)
    numbers = _numbers(frame)
    complete = numbers.dropna()
    _check_sample(complete, len(numbers))
    correlations = np.corrcoef(complete.to_numpy(), rowvar=False)
    _check_correlations(correlations, complete)
    if n_factors is not None and n_factors >= len(correlations):
        raise FactorError(
            "{factors} factors from {items} items; ask for fewer factors than items",
            reason="too_many_factors",
            factors=n_factors,
            items=len(correlations),
        )
    found = extract(correlations, extraction, n_factors=n_factors, min_eigenvalue=min_eigenvalue)
    unrotated, _ = _ordered(found.loadings, np.eye(found.loadings.shape[1]))
    turned = rotate(unrotated, rotation, kaiser=kaiser)
    loadings, between = _ordered(turned.loadings, turned.correlations)
    total = float(found.eigenvalues.sum())
    names = [f"factor_{n}" for n in range(1, loadings.shape[1] + 1)]
    items = [str(c) for c in complete.columns]
    communalities = pd.Series(found.communalities, index=items, name="communality")
    return FactorResult(
        items=tuple(items),
        extraction=extraction,
        rotation=rotation,
        kaiser=kaiser,
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
        means=complete.mean().set_axis(items),
        std_devs=complete.std(ddof=1).set_axis(items),
        kmo=kaiser_meyer_olkin(correlations, items),
        bartlett=bartlett_sphericity(correlations, len(complete)),
        n=len(complete),
        n_dropped=len(numbers) - len(complete),
        method=_method_text(extraction, rotation, kaiser),
        notes=found.notes,
    )


def kaiser_meyer_olkin(correlations: Array, items: Sequence[str]) -> Kmo:
    """Squared correlations against squared partial correlations, by item and overall.

    Source: Kaiser (1974), Psychometrika 39: 31-36.
    """
    inverse = np.linalg.inv(correlations)
    scale = np.sqrt(np.diag(inverse))
    partial = inverse / np.outer(scale, scale)
    simple, partial = _without_diagonal(correlations**2), _without_diagonal(partial**2)
    by_item = simple.sum(axis=0) / (simple.sum(axis=0) + partial.sum(axis=0))
    overall = simple.sum() / (simple.sum() + partial.sum())
    return Kmo(float(overall), pd.Series(by_item, index=list(items), name="kmo"))


def bartlett_sphericity(correlations: Array, n: int) -> Bartlett:
    """Chi-square -(n - 1 - (2p + 5) / 6) ln|R|, p (p - 1) / 2 degrees of freedom. Source: Bartlett (1950)."""
    from scipy.stats import chi2

    p = len(correlations)
    _, log_determinant = np.linalg.slogdet(correlations)
    statistic = -(n - 1 - (2 * p + 5) / 6) * float(log_determinant)
    df = p * (p - 1) // 2
    return Bartlett(statistic, df, float(chi2.sf(statistic, df)))


def _without_diagonal(matrix: Array) -> Array:
    cleared = matrix.copy()
    np.fill_diagonal(cleared, 0.0)
    return cleared


def _ordered(loadings: Array, between: Array) -> tuple[Array, Array]:
    """Largest explained variance first, sum of loadings positive; correlations between factors follow."""
    order = np.argsort(-_explained(loadings, between), kind="stable")
    loadings, between = loadings[:, order], between[np.ix_(order, order)]
    signs = np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)
    return loadings * signs, between * np.outer(signs, signs)


def _explained(loadings: Array, between: Array) -> Array:
    """Variance a factor explains: squared loadings, for oblique factors loading times structure."""
    explained: Array = (loadings * (loadings @ between)).sum(axis=0)
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


def _method_text(extraction: Extraction, rotation: Rotation | None, kaiser: bool) -> str:
    normalised = "with" if kaiser else "without"
    turn = f"{rotation} {normalised} Kaiser normalisation" if rotation else "unrotated"
    return f"{METHOD_TEXTS[extraction]}; {turn}"


def _check_options(n_factors: int | None, extraction: str, rotation: str | None) -> None:
    if extraction not in get_args(Extraction):
        raise FactorError(
            "extraction {extraction!r} is unknown; use one of {known}",
            reason="unknown_extraction",
            extraction=extraction,
            known=", ".join(get_args(Extraction)),
        )
    if rotation is not None and rotation not in get_args(Rotation):
        raise FactorError(
            "rotation {rotation!r} is unknown; use one of {known} or None",
            reason="unknown_rotation",
            rotation=rotation,
            known=", ".join(get_args(Rotation)),
        )
    if n_factors is not None and n_factors < 1:
        raise FactorError(
            "n_factors is {factors}; ask for one factor or more", reason="bad_n_factors", factors=n_factors
        )


def _as_frame(data: Any) -> pd.DataFrame:
    if isinstance(data, pd.DataFrame):
        return data.set_axis([str(c) for c in data.columns], axis=1)
    array = np.asarray(data)
    if array.ndim != 2:
        raise FactorError(
            "expected a table of rows and items, found {dimensions} dimension(s)",
            reason="not_a_table",
            dimensions=array.ndim,
        )
    return pd.DataFrame(array, columns=[f"item_{n}" for n in range(1, array.shape[1] + 1)])


def _numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns as floats, decimal commas read; FactorError names the first column with anything else."""
    repeated = frame.columns[frame.columns.duplicated()]
    if len(repeated):
        raise FactorError(
            "two columns are called {column!r}; give every item its own name",
            reason="repeated_item",
            column=repeated[0],
        )
    return pd.DataFrame(
        {column: _column_numbers(frame[column]) for column in frame.columns}, index=frame.index
    )


def _column_numbers(column: pd.Series[Any]) -> pd.Series[float]:
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column.astype("Float64").astype(float).replace([np.inf, -np.inf], np.nan)
    text = cell_text(column)
    numbers = as_numbers(text)
    wrong = text[(text != "") & numbers.isna()]
    if len(wrong):
        raise FactorError(
            "column {column!r} holds {found!r}, which is no number; recode or leave it out",
            reason="not_a_number",
            column=column.name,
            found=wrong.iloc[0],
        )
    return numbers


def _check_sample(complete: pd.DataFrame, n_rows: int) -> None:
    n, p = complete.shape
    if p < 3:
        raise FactorError(
            "{items} item(s); a factor analysis needs 3 or more", reason="too_few_items", items=p
        )
    if n <= p:
        dropped = n_rows - n
        raise FactorError(
            "{rows} complete rows ({dropped} dropped) for {items} items; more rows than items are needed",
            reason="too_few_rows",
            rows=n,
            dropped=dropped,
            items=p,
        )
    constant = [str(c) for c in complete.columns if complete[c].nunique() == 1]
    if constant:
        raise FactorError(
            "column {column!r} has the same value in every row; leave it out",
            reason="constant_column",
            column=constant[0],
        )


def _check_correlations(correlations: Array, complete: pd.DataFrame) -> None:
    if np.linalg.cond(correlations) < 1e10:
        return
    off = np.abs(_without_diagonal(correlations))
    i, j = np.unravel_index(int(off.argmax()), off.shape)
    names = complete.columns[int(i)], complete.columns[int(j)]
    raise FactorError(
        "the items are linearly dependent (correlation of {first!r} and {second!r}: "
        "{correlation:.3f}); leave out the item that repeats others",
        reason="dependent_items",
        first=names[0],
        second=names[1],
        correlation=correlations[i, j],
    )
