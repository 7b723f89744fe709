"""Describing the answers of a study: means, progression, agreement, scale ends, missing answers, group stars.

Groups with fewer persons than the study's limit are emptied before anything leaves this module.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from quant import (
    McarTest,
    QuantError,
    ScoreLevel,
    StarData,
    agreement_by_pair,
    group_star,
    incomplete_by_group,
    indicator_means,
    little_mcar,
    missing_by_item,
    missing_patterns,
    progression,
    scale_ends,
    suppress_small,
)
from quant.missing_data import MissingPatterns
from workbench.errors import InvalidRequestError, error_text
from workbench.i18n import t
from workbench.services.studies import describe_study, update_study
from workbench.services.surveys import require_answers
from workbench.store.engine import StudyStore as Study

DEFAULT_LIMIT, LIMIT_SETTING = 5, "small_groups"


@dataclass(frozen=True)
class Missing:
    """Missing answers: by item, by questionnaire, and which are missing together (of every respondent).

    mcar : respondent -> Little's test over all rounds, or the reason why there is none.
    """

    items: pd.DataFrame
    questionnaires: pd.DataFrame
    patterns: dict[str, MissingPatterns]
    mcar: dict[str, McarTest | str]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "items": self.items.to_dict("records"),
            "questionnaires": self.questionnaires.to_dict("records"),
            "patterns": {
                name: {"monotone": each.monotone, "n": each.n, "rows": each.frame.to_dict("records")}
                for name, each in self.patterns.items()
            },
            "mcar": {
                name: {"problem": each} if isinstance(each, str) else asdict(each)
                for name, each in self.mcar.items()
            },
        }


def small_limit(study: Study) -> int:
    """Persons a group must have to be shown: the study's setting, 5 unless another is chosen."""
    return int(describe_study(study).settings.get(LIMIT_SETTING, DEFAULT_LIMIT))


def set_small_limit(study: Study, limit: int, *, actor: str) -> None:
    """Choose how many persons a group must have to be shown. Raises InvalidRequestError below 1."""
    if limit < 1:
        raise InvalidRequestError(t("errors.small_limit", limit=limit))
    update_study(study, actor=actor, settings={LIMIT_SETTING: limit})


def means(study: Study, *, by: str | None = None, cluster: str | None = None) -> pd.DataFrame:
    """Means of items (`quant.indicator_means`), small groups emptied; a column `suppressed` says which."""
    frame = indicator_means(require_answers(study), by, cluster=cluster)
    return _shown(study, frame, by, keys=["item", "round"])


def cluster_count(study: Study, cluster: str | None) -> int | None:
    """How many values the column has that intervals are clustered by; None without one."""
    return None if cluster is None else int(require_answers(study).persons[cluster].nunique())


def progressions(
    study: Study,
    *,
    by: str | None = None,
    level: ScoreLevel = "items",
    cluster: str | None = None,
    first: int | None = None,
    last: int | None = None,
) -> pd.DataFrame:
    """Change between two rounds (`quant.progression`), small groups emptied."""
    frame = progression(require_answers(study), by, level=level, cluster=cluster, first=first, last=last)
    return _shown(study, frame, by, keys=["name", "respondent"])


def agreements(study: Study, *, by: str | None = None, round: int | None = None) -> pd.DataFrame:  # noqa: A002
    """Agreement of two respondents on paired items (`quant.agreement_by_pair`), small groups emptied."""
    frame = agreement_by_pair(require_answers(study), by, round=round)
    return _shown(study, frame, by, keys=["name", "other", "round"])


def ends_of_scales(study: Study, *, by: str | None = None) -> pd.DataFrame:
    """Floor and ceiling of every item (`quant.scale_ends`), small groups emptied."""
    return _shown(study, scale_ends(require_answers(study), by), by, keys=["item", "round"])


def missing(study: Study, *, by: str | None = None) -> Missing:
    """What was left unanswered among all questionnaires collected, small groups emptied."""
    answers = require_answers(study)
    patterns: dict[str, MissingPatterns] = {}
    tests: dict[str, McarTest | str] = {}
    used = set(answers.frame["item"].unique())
    for respondent in answers.instrument.respondents:
        items = [item for item in answers.instrument.item_ids(respondent.id) if item in used]
        if not items:
            continue
        table = answers.wide(items, stage="collected")
        patterns[respondent.id] = missing_patterns(table)
        try:
            tests[respondent.id] = little_mcar(table)
        except QuantError as error:
            tests[respondent.id] = error_text(error)
    return Missing(
        _shown(study, missing_by_item(answers, by), by, keys=["item", "round"], n="due"),
        _shown(study, incomplete_by_group(answers, by), by, keys=["respondent", "round"], n="due"),
        patterns,
        tests,
    )


def star_of_group(study: Study, column: str, value: str) -> StarData:
    """The star of a caseload, a municipality or another group of the study's limit or more."""
    return group_star(require_answers(study), column, value, limit=small_limit(study))


def _shown(
    study: Study, frame: pd.DataFrame, by: str | None, *, keys: list[str], n: str = "n"
) -> pd.DataFrame:
    """Without groups everybody is in, and nobody is singled out; nothing is emptied."""
    if by is None:
        return frame.assign(suppressed=False)
    numbers = [
        str(name)
        for name in frame.columns
        if name not in ("round", *keys) and pd.api.types.is_numeric_dtype(frame[name])
    ]
    table = suppress_small(frame, small_limit(study), keys=keys, hidden=numbers, n=n)
    if "flag" in table.columns:
        table["flag"] = table["flag"].where(~table["suppressed"], "")
    return table
