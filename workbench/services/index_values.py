"""Indices of the study's answers: item means by factor or by chosen items, and their change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from quant import index_changes, item_means
from workbench.errors import InvalidRequestError, NotFoundError
from workbench.i18n import t
from workbench.services.surveys import require_answers, require_instrument
from workbench.store.engine import StudyStore as Study


def index_values(
    study: Study,
    *,
    solution: str | None = None,
    definitions: Mapping[str, Sequence[str]] | None = None,
    min_share: float = 1.0,
) -> pd.DataFrame:
    """A row a person, round and index: see `quant.item_means`.

    definitions : name of the index -> its items; else the named factors of `solution`, the first if None.
    Raises NotFoundError (no such solution), InstrumentError (no such item), AnswersError (`min_share`).
    """
    instrument = require_instrument(study)
    if definitions is None:
        known = instrument.solutions()
        if not known:
            raise InvalidRequestError(t("errors.no_named_factors"))
        wanted = solution or known[0]
        if wanted not in known:
            raise NotFoundError(t("errors.no_such_solution", solution=wanted, known=", ".join(known)))
        definitions = {factor.id: factor.items for factor in instrument.solution(wanted)}
    return item_means(require_answers(study), instrument, definitions, min_share=min_share)


def changes_of(values: pd.DataFrame, *, first: int | None = None, last: int | None = None) -> pd.DataFrame:
    """Change of each index between two rounds: see `quant.index_changes`."""
    return index_changes(values, first=first, last=last)


def parse_definition(text: str) -> tuple[str, tuple[str, ...]]:
    """`name=item,item` as name and items. Raises InvalidRequestError for anything else."""
    name, sign, items = text.partition("=")
    listed = tuple(item.strip() for item in items.split(",") if item.strip())
    if not sign or not name.strip() or not listed:
        raise InvalidRequestError(t("errors.bad_index_definition", given=text))
    return name.strip(), listed
