"""The status note of a unit (a municipality, a caseload, any group) as a value: numbers, sentences, tables.

`note_documents` writes it to Word; stars of a caseload are `caseload_stars`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from quant import Answers, Instrument
from quant.goals import goal_shares, read_quarter
from quant.scores import paired_stage
from quant.unit_comparison import compare_units, unit_name
from workbench.display import TableSpec
from workbench.errors import InvalidRequestError, NotFoundError
from workbench.i18n import Language, label, t
from workbench.services import descriptions, note_sentences, note_tables, surveys
from workbench.services.goals import StudyGoals, study_goals
from workbench.services.schemes import study_scheme
from workbench.services.studies import describe_study
from workbench.services.survey_tables import background_label
from workbench.services.terms import term_label
from workbench.store.engine import StudyStore as Study

if TYPE_CHECKING:
    from workbench.figures import Figure

# Published shares of fewer persons than this are given as counts, not in per cent.
LEAST_BASE = 20
MOST_QUARTERS = 8
STAR_CM = 9.0
USUAL_UNITS = ("municipality", "kommune", "jobcenter", "unit", "enhed", "team")


@dataclass(frozen=True)
class StatusNote:
    """What one unit's note says; a number that would tell of too few persons is nowhere in it.

    persons : of the unit with answers in the last round, None if hidden.
    comparison : rows of `quant.unit_comparison.compare_units`; goals : of `quant.goals.goal_shares`.
    quarter : the one the goals are told of, None without goals.   hidden : whether anything is hidden.
    """

    unit: str
    by: str
    language: Language
    title: str
    rounds: tuple[int, ...]
    persons: int | None
    limit: int
    comparison: pd.DataFrame
    goals: pd.DataFrame
    quarter: str | None
    sentences: tuple[str, ...]
    tables: tuple[TableSpec, ...]
    small_print: tuple[str, ...]
    source: str
    hidden: bool
    instrument: Instrument
    goal_labels: dict[str, str]

    def as_dict(self) -> dict[str, Any]:
        """The note as JSON values."""
        return {
            "unit": self.unit,
            "by": self.by,
            "rounds": list(self.rounds),
            "persons": self.persons,
            "limit": self.limit,
            "quarter": self.quarter,
            "sentences": list(self.sentences),
            "comparison": self.comparison.to_dict("records"),
            "goals": self.goals.to_dict("records"),
            "small_print": list(self.small_print),
            "source": self.source,
        }

    def star(self) -> Figure | None:
        """The unit's star: every respondent and round that is not hidden; None with fewer than three axes."""
        from workbench.figures import radar

        levels = self.comparison[self.comparison["measure"] == "level"]
        names = list(dict.fromkeys(item.dimension for item in self.instrument.items))
        shown = levels.dropna(subset=["mean"])
        if len(names) < 3 or shown.empty:
            return None
        values = {(r["respondent"], r["round"], r["name"]): r["mean"] for r in shown.to_dict("records")}
        frame = pd.DataFrame(
            [
                {
                    "axis": label(self.instrument.dimension_label(name), language=self.language),
                    "respondent": label(respondent.label, language=self.language),
                    "round": number,
                    "value": values.get((respondent.id, number, name)),
                }
                for respondent in self.instrument.respondents
                for number in self.rounds
                for name in names
            ]
        )
        items = self.instrument.items
        drawn = radar(
            frame,
            title=t("notes.star_title", language=self.language, unit=self.title),
            language=self.language,
            scale=(min(i.scale_min for i in items), max(i.scale_max for i in items)),
            notes=(t("notes.star_note", language=self.language),),
        )
        return replace(drawn, width_cm=STAR_CM)

    def printed_table(self) -> TableSpec:
        """Level and change in one table for paper; the screen and the workbook have `tables`."""
        return note_tables.printed_table(self.comparison, self.instrument, self.language, rounds=self.rounds)

    def printed_goals(self) -> TableSpec | None:
        """The goals in the note's quarter, for paper; None without goals."""
        if self.goals.empty:
            return None
        told = self.goals[self.goals["quarter"] == self.quarter]
        return note_tables.printed_goals(
            told, self.goal_labels, self.title, self.language, least_base=LEAST_BASE
        )

    def goal_figure(self) -> Figure | None:
        """Fulfilment of goals by quarter; None if there is none to show in per cent."""
        from workbench.figures.goal_shares import goal_shares as drawn

        shown = note_tables.shown_shares(self.goals, LEAST_BASE)
        if shown.empty or shown["share"].notna().sum() == 0:
            return None
        shown["goal"] = shown["goal"].map(self.goal_labels)
        shown["quarter"] = [note_tables.short_quarter(q, self.language) for q in shown["quarter"]]
        title = t("notes.goals_title", language=self.language)
        return drawn(shown, title=title, unit=self.title, language=self.language)


def unit_columns(study: Study) -> tuple[str, ...]:
    """Background columns that can name units: two values or more; the usual ones for units first."""
    persons = surveys.require_answers(study).persons
    names = [str(c) for c in persons.columns if persons[c].nunique() > 1]
    return tuple(sorted(names, key=lambda name: (name.lower() not in USUAL_UNITS, names.index(name))))


def units_of(study: Study, by: str) -> tuple[str, ...]:
    """The units of a background column. Raises InvalidRequestError if there is no such column."""
    answers = surveys.require_answers(study)
    if by not in answers.persons.columns:
        columns = ", ".join(surveys.backgrounds(study)) or "-"
        raise InvalidRequestError(t("errors.no_background_column", column=by, columns=columns))
    found = {unit_name(value) for value in answers.persons[by].dropna()}
    return tuple(
        sorted(found, key=lambda unit: (not unit.isdigit(), int(unit) if unit.isdigit() else 0, unit))
    )


def find_column(study: Study, unit: str) -> str:
    """The background column that holds `unit`. Raises NotFoundError if none or several do."""
    found = [name for name in unit_columns(study) if unit in units_of(study, name)]
    if len(found) != 1:
        known = ", ".join(found or unit_columns(study)) or "-"
        raise NotFoundError(
            t("errors.note_unit_column", unit=unit, columns=known)
            if found
            else t("errors.note_no_unit", unit=unit, columns=known)
        )
    return found[0]


def status_note(
    study: Study,
    unit: str,
    *,
    by: str | None = None,
    quarter: str | None = None,
    limit: int | None = None,
    language: Language | None = None,
) -> StatusNote:
    """The note of one unit.

    by : the background column that names it; the one that holds `unit` if None.
    quarter : the goals' quarter, such as `2019Q2`; the last one with records if None.
    limit : cells with fewer persons are hidden, in the notes of all units; the study's setting if None.
    Raises NotFoundError (no such unit, no answers), InvalidRequestError (column, quarter), AnswersError.
    """
    column = by if by is not None else find_column(study, unit)
    [note] = status_notes(study, by=column, units=(unit,), quarter=quarter, limit=limit, language=language)
    return note


def status_notes(
    study: Study,
    *,
    by: str,
    units: Sequence[str] | None = None,
    quarter: str | None = None,
    limit: int | None = None,
    language: Language | None = None,
) -> list[StatusNote]:
    """The notes of several units (all if None), from numbers that are computed once. As `status_note`."""
    answers, instrument = surveys.require_answers(study), surveys.require_instrument(study)
    known = units_of(study, by)
    unknown = [unit for unit in units or () if unit not in known]
    if unknown:
        raise NotFoundError(
            t("errors.note_not_in_column", unit=unknown[0], column=by, units=", ".join(known[:20]))
        )
    limit = descriptions.small_limit(study) if limit is None else limit
    if limit < 1:
        raise InvalidRequestError(t("errors.note_limit", limit=limit))
    table = compare_units(answers, by, limit=limit)
    goals = study_goals(study)
    shares = _shares(goals, answers, by, limit)
    chosen = _quarter(goals, quarter)
    writer = _Writer(study, answers, instrument, by, table, goals, shares, chosen, limit, language)
    return [writer.note(unit) for unit in (known if units is None else units)]


def _shares(goals: StudyGoals | None, answers: Answers, by: str, limit: int) -> pd.DataFrame:
    met = (
        goals.fulfilment
        if goals is not None
        else pd.DataFrame(columns=["person", "goal", "quarter", "counted"])
    )
    wanted = goals.goals if goals is not None else ()
    return goal_shares(met, answers.persons[by], wanted, limit=limit)


def _quarter(goals: StudyGoals | None, wanted: str | None) -> str | None:
    quarters = goals.quarters() if goals is not None else ()
    if wanted is None:
        return quarters[-1] if quarters else None
    quarter = read_quarter(wanted)
    if quarter not in quarters:
        raise InvalidRequestError(
            t("errors.note_no_quarter", quarter=quarter, quarters=", ".join(quarters) or "-")
        )
    return quarter


class _Writer:
    """What the notes of one column of a study share."""

    def __init__(
        self,
        study: Study,
        answers: Answers,
        instrument: Instrument,
        by: str,
        table: pd.DataFrame,
        goals: StudyGoals | None,
        shares: pd.DataFrame,
        quarter: str | None,
        limit: int,
        language: Language | None,
    ) -> None:
        facts = describe_study(study)
        self.language: Language = language or facts.language
        self.instrument, self.by, self.table, self.limit = instrument, by, table, limit
        self.goals, self.shares, self.quarter = goals, shares, quarter
        self.scheme = study_scheme(study)
        self.rounds = tuple(sorted({int(number) for number in table["round"]}))
        sample = answers.sample(paired_stage(instrument))
        owner = sample["person"].map(answers.persons[by].dropna().map(unit_name))
        self.persons = sample.assign(unit=owner).groupby(["round", "unit"])["person"].nunique()
        self.sources = surveys.answers_sources(study)[-1:]

    def note(self, unit: str) -> StatusNote:
        mine = self.table[self.table["unit"] == unit].drop(columns="unit").reset_index(drop=True)
        shares = self.shares[self.shares["unit"] == unit].drop(columns="unit")
        if self.quarter is not None:
            past = [q for q in sorted(shares["quarter"].unique()) if q <= self.quarter][-MOST_QUARTERS:]
            shares = shares[shares["quarter"].isin(past)]
        shares = shares.reset_index(drop=True)
        title = self._title(unit)
        hidden = bool(mine["hidden"].any() or shares["hidden"].any())
        persons = int(self.persons.get((self.rounds[-1], unit), 0)) if self.rounds else 0
        any_hidden_level = bool(mine.loc[mine["measure"] == "level", "hidden"].any())
        shown = None if 0 < persons < self.limit or any_hidden_level else persons
        tables = note_tables.note_tables(
            mine,
            shares,
            self.instrument,
            self.goals,
            title,
            self.language,
            least_base=LEAST_BASE,
            rounds=self.rounds,
        )
        labels = {goal.id: label(goal.label, language=self.language) for goal in self._goals()}
        return StatusNote(
            unit=unit,
            by=self.by,
            language=self.language,
            title=title,
            rounds=self.rounds,
            persons=shown,
            limit=self.limit,
            comparison=mine,
            goals=shares,
            quarter=self.quarter,
            sentences=tuple(self._sentences(mine, shares, title, shown)),
            tables=tuple(tables),
            small_print=tuple(self._small_print(hidden)),
            source=self._source(),
            hidden=hidden,
            instrument=self.instrument,
            goal_labels=labels,
        )

    def _goals(self) -> tuple[Any, ...]:
        return self.goals.goals if self.goals is not None else ()

    def _title(self, unit: str) -> str:
        column = background_label(self.by, self.language, self.scheme)
        name = term_label(self.scheme, unit, self.language)
        # A name that says more than a letter or a number stands well alone.
        return f"{column} {name}" if len(name) <= 3 or any(c.isdigit() for c in name) else name

    def _sentences(
        self, mine: pd.DataFrame, shares: pd.DataFrame, title: str, persons: int | None
    ) -> list[str]:
        last = self.rounds[-1] if self.rounds else 0
        levels = mine[(mine["measure"] == "level") & (mine["round"] == last)]
        said = []
        if persons is not None:
            said.append(t("notes.persons", language=self.language, unit=title, n=persons, round=last))
        if levels["mean"].isna().all():
            said.append(t("notes.too_few", language=self.language, limit=self.limit))
        said += note_sentences.level_sentences(levels, self.instrument, self.language)
        if len(self.rounds) > 1:
            changes = mine[mine["measure"] == "change"]
            ends = (self.rounds[0], last)
            said += note_sentences.change_sentences(changes, self.instrument, self.language, ends)
        said += [
            note_sentences.goal_sentence(
                row, goal, self.language, quarter=str(self.quarter), least_base=LEAST_BASE
            )
            for goal in self._goals()
            for row in shares[(shares["goal"] == goal.id) & (shares["quarter"] == self.quarter)].to_dict(
                "records"
            )
        ]
        return said

    def _small_print(self, hidden: bool) -> list[str]:
        said = [
            t("notes.print_others", language=self.language),
            t("notes.print_interval", language=self.language),
        ]
        said += [
            note_tables.rule_text(goal, self.language, strangers=self.goals.strangers if self.goals else 0)
            for goal in self._goals()
        ]
        said.append(t("notes.print_hidden", language=self.language, limit=self.limit, base=LEAST_BASE))
        if hidden:
            said.append(t("notes.print_something_hidden", language=self.language))
        said.append(t("notes.print_no_cause", language=self.language))
        return said

    def _source(self) -> str:
        cited = [(source.label, source.nature) for source in self.sources]
        if self.goals is not None:
            cited.append((self.goals.label, self.goals.nature))
        natures = {
            nature: t(f"surveys.nature.{nature}", language=self.language).lower() for _, nature in cited
        }
        return "; ".join(f"{name} ({natures[nature]})" for name, nature in cited)
