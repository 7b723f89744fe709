"""The wild cluster bootstrap of an effect, for few clusters or few treated ones."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from quant.effect_results import EffectResult
from quant.errors import EffectError
from quant.regression import Fit
from quant.regression_bootstrap import Ties, WildBootstrap, WildWeights, wild_bootstrap


@dataclass(frozen=True)
class _Model:
    """A result as the bootstrap of regressions reads it; the effects are the first terms of the fit."""

    result: EffectResult
    fit: Fit

    @property
    def covariance(self) -> pd.DataFrame:
        """Names of all terms; the values are not asked for."""
        terms = list(self.result.table["term"])
        further = [f"regressor {place}" for place in range(len(terms), self.fit.x.shape[1])]
        return pd.DataFrame(self.fit.bread, columns=terms + further)

    @property
    def vcov(self) -> str:
        """Kind of errors."""
        return self.result.vcov

    def estimate(self, term: str) -> float:
        """The effect."""
        return float(self.result.table.set_index("term")["estimate"].loc[term])

    def std_error(self, term: str) -> float:
        """Its clustered standard error."""
        return float(self.result.table.set_index("term")["std_error"].loc[term])


def effect_bootstrap(
    result: EffectResult,
    term: str | None = None,
    *,
    null: float = 0.0,
    weights: WildWeights = "rademacher",
    draws: int = 9999,
    level: float = 0.95,
    seed: int = 1,
    interval: bool = True,
    ties: Ties = "counted",
) -> WildBootstrap:
    """Test an effect by the wild cluster bootstrap; the options are those of `wild_bootstrap`.

    result : of `quant.did` or `quant.event_study`, from rows or from cells; both give the same draws.
    term : which coefficient; may be left out where there is one.

    Raises EffectError if errors are not clustered, or there is no such coefficient.
    Source: docs/methods/regressions.md
    """
    if result.fit is None or result.vcov != "cluster":
        raise EffectError(
            "the wild bootstrap needs clustered errors of one model; name a `cluster` when estimating",
            reason="effect_not_clustered",
        )
    terms = list(result.table["term"])
    if term is None and len(terms) == 1:
        term = terms[0]
    if term is None or term not in terms:
        raise EffectError(
            "there is no coefficient {term}; name one of: {known}",
            reason="effect_unknown_term",
            term=repr(term),
            known=", ".join(terms),
        )
    return wild_bootstrap(
        _Model(result, result.fit),
        term,
        null=null,
        weights=weights,
        draws=draws,
        level=level,
        seed=seed,
        interval=interval,
        ties=ties,
    )
