"""What was found in a file while reading it: one line a finding, counted by kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

FINDING_COLUMNS = ("kind", "row", "column", "person", "respondent", "round", "value")
KINDS: Mapping[str, str] = {
    "no_person": "the row names no person and is left out",
    "unknown_round": "the round is not one of the instrument's; the row is left out",
    "unknown_respondent": "the respondent is not one of the instrument's; the row is left out",
    "totals_row": "the row is a total or mean of the rows above and is left out",
    "unknown_item": "the question is not one of the instrument's; the answer is left out",
    "duplicate_item": "a second answer to the same question in the same questionnaire; the first one counts",
    "no_answers": "the row holds no answer and is left out",
    "duplicate_answer": "a second questionnaire of this person, round and respondent; the first one counts",
    "also_typed": "the questionnaire was typed in as well; what was typed in counts",
    "no_date": "the questionnaire has no date and cannot be paired by month",
    "unreadable_date": "the date cannot be read; write it as year-month-day",
    "missing": "the question was not answered",
    "declared_missing": "the file declares this code as missing",
    "from_words": "the answer was written in words and is taken for the number beside it",
    "not_a_number": "the answer is no number and counts as missing",
    "out_of_range": "the answer lies outside the scale and counts as missing",
    "between_points": "the answer lies between two points of the scale; it is kept",
    "differing_background": "the background differs from an earlier row of the person; the first counts",
    "unpaired": "no questionnaire of the other respondent in this round",
    "other_month": "the respondents answered in different calendar months",
    "incomplete": "paired, but an item of a respondent is unanswered: not in the analysis sample",
    "no_background": "paired and complete, but background is missing: not in the analysis sample",
    "background_not_mapped": "the rules ask for this background, but the file has no such column",
}


@dataclass(frozen=True)
class Report:
    """Findings of one file.

    frame : one row a finding: kind, row (number in the file), column, person, respondent, round, value.
    """

    frame: pd.DataFrame

    @property
    def summary(self) -> dict[str, int]:
        """Number of findings by kind, in the order of `KINDS`, then of occurrence."""
        counts = self.frame.groupby("kind", sort=False).size().to_dict()
        ordered = dict.fromkeys([*(kind for kind in KINDS if kind in counts), *counts])
        return {str(kind): int(counts[kind]) for kind in ordered}

    def of_kind(self, kind: str) -> pd.DataFrame:
        """The findings of one kind."""
        return self.frame[self.frame["kind"] == kind]


class FindingList:
    """Collects findings while a file is read."""

    def __init__(self) -> None:
        self._parts: list[pd.DataFrame] = []

    def add(
        self,
        kind: str,
        rows: pd.DataFrame,
        *,
        column: str = "",
        respondent: str = "",
        values: pd.Series[Any] | None = None,
    ) -> None:
        """Note `kind` for each of `rows`; `values` (same index as the rows) is what stood in the cell."""
        if rows.empty:
            return
        part = rows.reindex(columns=["row", "person", "respondent", "round"])
        if respondent:
            part["respondent"] = respondent
        part = part.assign(
            kind=kind, column=column, value="" if values is None else values.reindex(rows.index)
        )
        self._parts.append(part.loc[:, list(FINDING_COLUMNS)].astype(object))

    def report(self) -> Report:
        """All findings so far, by row of the file."""
        if not self._parts:
            return Report(pd.DataFrame(columns=list(FINDING_COLUMNS)))
        frame = pd.concat(self._parts, ignore_index=True)
        return Report(frame.sort_values("row", kind="stable", na_position="last").reset_index(drop=True))
