"""Indices of the study's answers: by factor, by chosen items and kept with the study; and their change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from quant import Instrument, index_changes, item_means
from quant.index_scores import INDEX_COLUMNS
from workbench.errors import InvalidRequestError, NotFoundError
from workbench.i18n import t
from workbench.services import analyses
from workbench.services.surveys import require_answers, require_instrument
from workbench.store.engine import StudyStore as Study

OWN = "own"


@dataclass(frozen=True)
class OwnIndex:
    """An index of chosen items, kept with the study. min_share : share of them to be answered (0-1)."""

    name: str
    items: tuple[str, ...]
    min_share: float = 1.0


def index_values(
    study: Study,
    *,
    solution: str | None = None,
    definitions: Mapping[str, Sequence[str]] | None = None,
    min_share: float = 1.0,
) -> pd.DataFrame:
    """A row a person, round and index: see `quant.item_means`.

    definitions : name of the index -> its items; else the named factors of `solution`, the first if None.
        OWN as `solution` gives the study's own indices, each by its own share.
    Raises NotFoundError (no such solution, no own indices), InstrumentError (no such item), AnswersError
    (`min_share`).
    """
    if definitions is None and solution == OWN:
        if not usable_indices(study):
            raise NotFoundError(t("errors.no_own_indices"))
        return own_index_values(study)
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


def own_indices(study: Study) -> list[OwnIndex]:
    """The indices that were made of chosen items and kept, in the order they were made."""
    return [
        OwnIndex(each.title, tuple(each.spec["items"]), float(each.spec["min_share"]))
        for each in analyses.list_analyses(study, "index")
    ]


def usable_indices(study: Study) -> list[OwnIndex]:
    """Those of `own_indices` whose items the questionnaire has."""
    known = set(require_instrument(study).item_ids())
    return [each for each in own_indices(study) if known.issuperset(each.items)]


def own_index_values(study: Study) -> pd.DataFrame:
    """The values of the study's own indices, as `index_values`; no rows where there are none.

    An index with an item that the questionnaire no longer has is left out: its definition stays.
    """
    instrument, answers = require_instrument(study), require_answers(study)
    parts = [
        item_means(answers, instrument, {each.name: each.items}, min_share=each.min_share)
        for each in usable_indices(study)
    ]
    if not parts:
        return pd.DataFrame({name: [] for name in INDEX_COLUMNS})
    whole = pd.concat(parts, ignore_index=True)
    return whole.sort_values(["person", "round"], kind="stable", ignore_index=True)


def save_index(
    study: Study, name: str, items: Sequence[str], *, min_share: float = 1.0, actor: str
) -> OwnIndex:
    """Keep an index of chosen items; one of the same name takes the place of the earlier one.

    Raises InvalidRequestError (no name, no items, a name that the questionnaire uses), InstrumentError (no
    such item), AnswersError (`min_share` outside 0-1).
    """
    instrument = require_instrument(study)
    made = OwnIndex(analyses.checked_title(name), tuple(dict.fromkeys(items)), min_share)
    if made.name in _names(instrument):
        raise InvalidRequestError(t("errors.index_name_taken", name=made.name))
    if not made.items:
        raise InvalidRequestError(t("errors.index_without_items", name=made.name))
    for item in made.items:
        instrument.item(item)
    if not 0 <= min_share <= 1:
        raise InvalidRequestError(t("errors.index_share", share=min_share))
    analyses.save_analysis(
        study,
        "index",
        title=made.name,
        spec={"items": list(made.items), "min_share": made.min_share},
        reads=("answers",),
        actor=actor,
    )
    return made


def remove_index(study: Study, name: str, *, actor: str) -> None:
    """Let go of an index that was kept. Raises NotFoundError."""
    analyses.remove_analysis(study, "index", name, actor=actor)


def parse_definition(text: str) -> tuple[str, tuple[str, ...]]:
    """`name=item,item` as name and items. Raises InvalidRequestError for anything else."""
    name, sign, items = text.partition("=")
    listed = parse_items(items)
    if not sign or not name.strip() or not listed:
        raise InvalidRequestError(t("errors.bad_index_definition", given=text))
    return name.strip(), listed


def parse_items(text: str) -> tuple[str, ...]:
    """`item, item` as ids."""
    return tuple(item.strip() for item in text.split(",") if item.strip())


def _names(instrument: Instrument) -> set[str]:
    """Names that mean something else already."""
    factors = {factor.id for name in instrument.solutions() for factor in instrument.solution(name)}
    overall = {f"overall_{each.id}" for each in instrument.respondents}
    return {*instrument.item_ids(), *factors, *overall}
