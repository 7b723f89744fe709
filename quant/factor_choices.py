"""How a factor analysis is to be made: extraction, rotation and their settings, checked and put in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np

from quant.errors import FactorError
from quant.extraction import STATAS_TOLERANCE, Extraction
from quant.rotation import PROMAX_POWER, Rotation

METHOD_TEXTS = {
    "principal_factor": "principal factors with squared multiple correlations (Stata: factor, pf)",
    "iterated": "iterated principal factors (Stata: factor, ipf)",
    "pcf": "principal-component factors (Stata: factor, pcf)",
    "minres": "minimum residuals",
    "ml": "maximum likelihood",
}


@dataclass(frozen=True)
class FactorChoices:
    """The settings that `quant.factor_analysis` describes. Raises FactorError for an unknown one."""

    n_factors: int | None
    extraction: Extraction
    rotation: Rotation | None
    kaiser: bool
    min_eigenvalue: float | None = None
    promax_power: float = PROMAX_POWER
    tolerance: float = STATAS_TOLERANCE

    def __post_init__(self) -> None:
        if self.extraction not in get_args(Extraction):
            raise FactorError(
                "extraction {extraction!r} is unknown; use one of {known}",
                reason="unknown_extraction",
                extraction=self.extraction,
                known=", ".join(get_args(Extraction)),
            )
        if self.rotation is not None and self.rotation not in get_args(Rotation):
            raise FactorError(
                "rotation {rotation!r} is unknown; use one of {known} or None",
                reason="unknown_rotation",
                rotation=self.rotation,
                known=", ".join(get_args(Rotation)),
            )
        whole = isinstance(self.n_factors, (int, np.integer)) and not isinstance(self.n_factors, bool)
        if self.n_factors is not None and (not whole or self.n_factors < 1):
            raise FactorError(
                "n_factors is {factors!r}; ask for one factor or more (a whole number)",
                reason="bad_n_factors",
                factors=self.n_factors,
            )

    @property
    def text(self) -> str:
        """The method in words, for the note below a table."""
        normalised = "with" if self.kaiser else "without"
        turn = f"{self.rotation} {normalised} Kaiser normalisation" if self.rotation else "unrotated"
        return f"{METHOD_TEXTS[self.extraction]}; {turn}"
