"""Tables of descriptions: progression, agreement, ends of scales and missing answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from coding_schemes import Scheme
from quant import Instrument, StarData, StarSeries
from workbench.display import Cell, Column, TableSpec, format_number, format_p_value
from workbench.display.table import Kind
from workbench.i18n import Language, label, t
from workbench.services.descriptions import Missing
from workbench.services.survey_tables import background_label, natural_order
from workbench.services.terms import term_label

MOST_PATTERNS = 10
_CHANGE: tuple[tuple[str, Kind, int | None], ...] = (
    ("n", "integer", None),
    ("mean_first", "decimal", 2),
    ("mean_last", "decimal", 2),
    ("change", "decimal", 2),
    ("ci_low", "decimal", 2),
    ("ci_high", "decimal", 2),
    ("d_z", "decimal", 2),
    ("d_av", "decimal", 2),
)
_DIRECTION: tuple[tuple[str, Kind, int | None], ...] = (
    ("n", "integer", None),
    ("share_improved", "percent", 0),
    ("share_same", "percent", 0),
    ("share_worse", "percent", 0),
    ("rank_biserial", "decimal", 2),
    ("sign_p", "p_value", 3),
    ("wilcoxon_p", "p_value", 3),
)
_BIAS: tuple[tuple[str, Kind, int | None], ...] = (
    ("n", "integer", None),
    ("mean_a", "decimal", 2),
    ("mean_b", "decimal", 2),
    ("bias", "decimal", 2),
    ("ci_low", "decimal", 2),
    ("ci_high", "decimal", 2),
    ("limit_low", "decimal", 2),
    ("limit_high", "decimal", 2),
)
_COEFFICIENTS: tuple[tuple[str, Kind, int | None], ...] = (
    ("n", "integer", None),
    ("same", "percent", 0),
    ("within_one", "percent", 0),
    ("icc1", "decimal", 2),
    ("icc2", "decimal", 2),
    ("icc2_low", "decimal", 2),
    ("icc2_high", "decimal", 2),
    ("icc3", "decimal", 2),
    ("kappa_linear", "decimal", 2),
    ("kappa_quadratic", "decimal", 2),
)
_ENDS: tuple[tuple[str, Kind, int | None], ...] = (
    ("n", "integer", None),
    ("share_floor", "percent", 0),
    ("share_ceiling", "percent", 0),
    ("flag", "text", None),
)
_MISSING: tuple[tuple[str, Kind, int | None], ...] = (
    ("due", "integer", None),
    ("missing", "integer", None),
    ("share", "percent", 1),
    ("ci_low", "percent", 1),
    ("ci_high", "percent", 1),
)
_INCOMPLETE: tuple[tuple[str, Kind, int | None], ...] = (
    ("due", "integer", None),
    ("incomplete", "integer", None),
    ("share", "percent", 1),
    ("ci_low", "percent", 1),
    ("ci_high", "percent", 1),
)


class DescriptionTables:
    """Makes the tables of one study's descriptions; names, language and small-group limit are given once.

    by : the background column that the frames were split by, None for none.
    """

    def __init__(
        self,
        instrument: Instrument,
        *,
        language: Language,
        by: str | None = None,
        scheme: Scheme | None = None,
        source: str = "",
        limit: int = 1,
    ) -> None:
        self.instrument, self.language, self.by = instrument, language, by
        self.scheme, self.source, self.limit = scheme, source, limit

    def progression(self, frame: pd.DataFrame) -> tuple[TableSpec, TableSpec]:
        """Change with interval and effect sizes; and how many moved which way, with the tests.

        frame : from `descriptions.progressions`.
        """
        shares = {f"share_{way}": frame[way] / frame["n"] for way in ("improved", "same", "worse")}
        notes = [self._t("note.turned"), self._t("note.effect_sizes")]
        clusters = frame["clusters"].dropna()
        if len(clusters):
            notes.append(self._t("note.clustered", n=int(clusters.max())))
        first = self._by_respondent("progression", frame, "name", _CHANGE, notes)
        second = self._by_respondent(
            "direction", frame.assign(**shares), "name", _DIRECTION, [self._t("note.direction")]
        )
        return first, second

    def agreement(self, frame: pd.DataFrame) -> tuple[TableSpec, TableSpec]:
        """Bias with limits of agreement; and the coefficients. frame : from `descriptions.agreements`."""
        first, second = self.instrument.respondents[:2]
        names = {"a": self._label(first.label), "b": self._label(second.label)}
        kinds = [("item", self._t("section.items")), ("dimension", self._t("section.dimensions"))]
        bias = self._sectioned(
            "bias", frame, "name", _BIAS, "kind", kinds, [self._t("note.bias", **names)], names
        )
        coefficients = self._sectioned(
            "agreement", frame, "name", _COEFFICIENTS, "kind", kinds, [self._t("note.coefficients")], names
        )
        return bias, coefficients

    def ends(self, frame: pd.DataFrame) -> TableSpec:
        """Floor and ceiling of every item. frame : from `descriptions.ends_of_scales`."""
        words = {
            "": "",
            "floor": self._t("flag.floor"),
            "ceiling": self._t("flag.ceiling"),
            "floor ceiling": self._t("flag.both"),
        }
        said = frame.assign(flag=frame["flag"].map(words))
        return self._by_respondent("ends", said, "item", _ENDS, [self._t("note.ends")])

    def missing(self, found: Missing) -> tuple[TableSpec, TableSpec, TableSpec]:
        """Missing answers by item, questionnaires that lack some, and what is missing together."""
        items = self._by_respondent("missing", found.items, "item", _MISSING, [self._t("note.missing")])
        sheets = found.questionnaires.assign(respondent_name=found.questionnaires["respondent"])
        respondents = {r.id: self._label(r.label) for r in self.instrument.respondents}
        whole = self._sectioned(
            "incomplete",
            sheets,
            "respondent_name",
            _INCOMPLETE,
            "",
            [],
            [self._t("note.incomplete")],
            {},
            respondents,
        )
        return items, whole, self._patterns(found)

    def _patterns(self, found: Missing) -> TableSpec:
        names = self._item_names()
        rows: list[tuple[Cell, ...]] = []
        sections, notes = [], []
        for respondent in self.instrument.respondents:
            if respondent.id not in found.patterns:
                continue
            patterns = found.patterns[respondent.id]
            title = self._label(respondent.label)
            sections.append((len(rows), title))
            for row in patterns.frame.head(MOST_PATTERNS).to_dict("records"):
                items = "; ".join(names[item] for item in row["missing_items"]) or self._t("nothing_missing")
                rows.append((items, int(row["questionnaires"]), 100 * float(row["share"])))
            more = len(patterns.frame) - MOST_PATTERNS
            if more > 0:
                notes.append(self._t("note.more_patterns", respondent=title, n=more))
            notes.append(self._mcar_note(title, found.mcar[respondent.id]))
            key = "monotone" if patterns.monotone else "not_monotone"
            notes.append(self._t(f"note.{key}", respondent=title))
        return TableSpec(
            key="patterns",
            title=self._t("title.patterns"),
            columns=(
                Column("items", self._t("column.items"), weight=5.0),
                Column("questionnaires", self._t("column.questionnaires"), kind="integer"),
                Column("share", self._t("column.share"), kind="percent", decimals=1),
            ),
            rows=tuple(rows),
            notes=tuple(notes),
            source=self.source,
            sections=tuple(sections),
            language=self.language,
        )

    def _mcar_note(self, respondent: str, test: Any) -> str:
        if isinstance(test, str):
            return self._t("note.no_mcar", respondent=respondent, why=test)
        return self._t(
            "note.mcar",
            respondent=respondent,
            chi2=format_number(test.statistic, 1, self.language),
            df=test.df,
            p=format_p_value(test.p_value, 3, self.language),
        )

    def _by_respondent(
        self,
        key: str,
        frame: pd.DataFrame,
        name: str,
        measures: Sequence[tuple[str, Kind, int | None]],
        notes: Iterable[str],
    ) -> TableSpec:
        groups = [(r.id, self._label(r.label)) for r in self.instrument.respondents]
        return self._sectioned(key, frame, name, measures, "respondent", groups, notes)

    def _sectioned(
        self,
        key: str,
        frame: pd.DataFrame,
        name: str,
        measures: Sequence[tuple[str, Kind, int | None]],
        section: str,
        headings: Sequence[tuple[str, str]],
        notes: Iterable[str],
        words: Mapping[str, str] | None = None,
        names: Mapping[str, str] | None = None,
    ) -> TableSpec:
        """A row a name and group, a block of columns a round where the frame has rounds."""
        rounds: list[int | None] = [None]
        if "round" in frame.columns:
            rounds = [int(number) for number in sorted(frame["round"].unique())]
        known = names or self._item_names()
        rows: list[tuple[Cell, ...]] = []
        sections: list[tuple[int, str]] = []
        for value, heading in headings or [("", "")]:
            mine = frame if not section else frame[frame[section] == value]
            if mine.empty:
                continue
            if heading:
                sections.append((len(rows), heading))
            rows += self._rows(mine, name, measures, rounds, known)
        shown = list(notes)
        if self.by is not None:
            shown.append(self._t("note.small", n=self.limit))
        return TableSpec(
            key=key,
            title=self._t(f"title.{key}"),
            columns=self._columns(
                measures,
                rounds,
                words or {},
                t("surveys.means.respondent", language=self.language) if name == "respondent_name" else "",
            ),
            rows=tuple(rows),
            notes=tuple(shown),
            source=self.source,
            sections=tuple(sections),
            language=self.language,
        )

    def _rows(
        self,
        frame: pd.DataFrame,
        name: str,
        measures: Sequence[tuple[str, Kind, int | None]],
        rounds: Sequence[int | None],
        names: Mapping[str, str],
    ) -> list[tuple[Cell, ...]]:
        cells = {
            (str(row[name]), str(row["group"]), int(row["round"]) if "round" in row else None): row
            for row in frame.to_dict("records")
        }
        rows: list[tuple[Cell, ...]] = []
        for each in dict.fromkeys(str(value) for value in frame[name]):
            for group in sorted(set(frame["group"].astype(str)), key=natural_order):
                if not any((each, group, number) in cells for number in rounds):
                    continue
                head = [names.get(each, each)]
                if self.by is not None:
                    head.append(term_label(self.scheme, group, self.language))
                values = [
                    _cell(cells.get((each, group, number)), key, kind)
                    for number in rounds
                    for key, kind, _ in measures
                ]
                rows.append((*head, *values))
        return rows

    def _columns(
        self,
        measures: Sequence[tuple[str, Kind, int | None]],
        rounds: Sequence[int | None],
        words: Mapping[str, str],
        first: str = "",
    ) -> tuple[Column, ...]:
        columns = [Column("name", first or t("surveys.indicator", language=self.language), weight=3.0)]
        if self.by is not None:
            title = background_label(self.by, self.language, self.scheme)
            columns.append(Column("group", title, weight=1.2))
        for number in rounds:
            heading = "" if number is None else t("figures.round", language=self.language, round=number)
            for key, kind, decimals in measures:
                fewer = f"<{self.limit}" if key in ("n", "due") and self.by is not None else "–"
                columns.append(
                    Column(
                        key if number is None else f"{key}_{number}",
                        self._t(f"column.{key}", **(words if key in ("mean_a", "mean_b") else {})),
                        kind=kind,
                        decimals=decimals,
                        group=heading,
                        missing="" if kind == "text" else fewer,
                    )
                )
        return tuple(columns)

    def _item_names(self) -> dict[str, str]:
        dimensions = {item.dimension for item in self.instrument.items}
        named = {name: self._label(self.instrument.dimension_label(name)) for name in dimensions}
        return {**named, **{item.id: self._label(item.label) for item in self.instrument.items}}

    def _label(self, labels: Mapping[str, str]) -> str:
        return label(labels, language=self.language)

    def _t(self, key: str, **values: object) -> str:
        return t(f"descriptions.{key}", language=self.language, **values)


def _cell(record: Mapping[Any, Any] | None, key: str, kind: Kind) -> Cell:
    value = None if record is None else record[key]
    if kind == "text":
        return str(value or "")
    if value is None or pd.isna(value):
        return None
    if kind == "percent":
        return 100 * float(value)
    return int(value) if kind == "integer" else float(value)


def star_table(data: StarData, *, language: Language, source: str = "", grouped: bool = False) -> TableSpec:
    """The numbers of a star: a row an axis, a column a respondent and round.

    grouped : the star is a group's; the note then says how many persons stand behind each series.
    """
    ordered = _by_respondent(data)
    columns = [Column("axis", t("surveys.star.dimension", language=language), weight=2.4)]
    columns += [
        Column(
            f"{series.respondent}_{series.round}",
            t("figures.round", language=language, round=series.round),
            kind="decimal",
            decimals=1,
            group=label(series.respondent_label, language=language),
            missing="–",
        )
        for series in ordered
    ]
    rows = tuple(
        (label(axis.label, language=language), *(series.values[place] for series in ordered))
        for place, axis in enumerate(data.axes)
    )
    return TableSpec(
        key="star",
        title=t("surveys.star.table_title", language=language, person=data.person),
        columns=tuple(columns),
        rows=rows,
        notes=_group_notes(ordered, language) if grouped else _person_notes(ordered, language),
        source=source,
        language=language,
    )


def _group_notes(ordered: Sequence[StarSeries], language: Language) -> tuple[str, ...]:
    counts = [
        t(
            "descriptions.star.persons",
            language=language,
            n=format_number(series.n, 0, language),
            respondent=label(series.respondent_label, language=language).lower(),
            round=series.round,
        )
        for series in ordered
    ]
    return (t("descriptions.star.note", language=language), f"{'; '.join(counts)}.")


def _person_notes(ordered: Sequence[StarSeries], language: Language) -> tuple[str, ...]:
    dates = sorted(series.date for series in ordered if series.date is not None)
    written = "; ".join(dict.fromkeys(_day(date, language) for date in dates))
    said = (t("surveys.star.dates", language=language, dates=written),) if written else ()
    return (t("surveys.star.note", language=language), *said)


def _by_respondent(data: StarData) -> list[StarSeries]:
    names = list(dict.fromkeys(series.respondent for series in data.series))
    return sorted(data.series, key=lambda series: (names.index(series.respondent), series.round))


def _day(date: pd.Timestamp, language: Language) -> str:
    return f"{date:%d.%m.%Y}" if language == "da" else f"{date.day} {date:%b %Y}"
