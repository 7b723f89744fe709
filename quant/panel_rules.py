"""Rules of a panel as data: whose register records, which periods and outcomes, who is treated from when.

What the rules do with records is in `quant.panel_building`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, cast

from quant.declarations import declared, load_declaration
from quant.errors import EffectError
from quant.outcome_rules import Missing, Statistic

RecordPeriod = Literal["week", "month", "day"]
Target = Literal["month", "quarter", "half_year", "year"]
Assigned = Literal["start", "first", "current"]
PERIOD, TREATED, START = "period", "treated", "start"
MAX_RECORDS_IN_PERIOD = 366


@dataclass(frozen=True)
class PanelOutcome:
    """How one outcome is made of the records within a period; names mean what they do in `OutcomeRule`.

    column : of the records, with 0/1, shares or status codes; None is the column named as `id`.
    codes : status codes that count as 1, all others as 0; empty reads the column as a number.
    statistic : over the weeks (months, days) of the period: mean, any, at_least ("5 of 13 weeks"), sum.
    missing : a week without a record: "exclude" leaves the outcome of that period out, "zero" counts it as 0,
        "available" uses the weeks there are, if they are at least `min_periods`.
    """

    id: str
    column: str | None = None
    codes: tuple[str, ...] = ()
    statistic: Statistic = "mean"
    at_least: int = 1
    missing: Missing = "exclude"
    min_periods: int = 1
    label: Mapping[str, str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """The column of the records."""
        return self.column or self.id


@dataclass(frozen=True)
class Treatment:
    """Who is treated, and from when. Exactly one of `units`, `starts`, `file`, `indicator`.

    column : of the records, that holds what `units`, `starts` or `file` list, such as the municipality; None
        is the unit itself.
    units : treated values, all from `start` on.   starts : first treated period by treated value.
    file : a table with treated values in the column `column` (or its first one), and with `start_column` the
        first treated period of each.
    indicator : a 0/1 column of the records. With `start` it says who is ever treated; without, the first
        period with a 1 is the start.
    start : a period (2019Q2, 2019H1, 2019, 2019-04) or a date; the period that holds it is the first treated.
    start_column : with `indicator`, a column of the records with each unit's start.
    """

    column: str | None = None
    units: tuple[str, ...] = ()
    starts: Mapping[str, str] = field(default_factory=dict)
    file: str | None = None
    indicator: str | None = None
    start: str | None = None
    start_column: str | None = None


@dataclass(frozen=True)
class Condition:
    """A demand on a column: one of `values`, or a number from `lowest` to `highest` (both included).

    age : the column is a year of birth; the demand is on the age reached in the year looked at.
    """

    column: str
    values: tuple[str, ...] = ()
    lowest: float | None = None
    highest: float | None = None
    age: bool = False


@dataclass(frozen=True)
class Subgroup:
    """Units that meet every condition, at their first period or at the start of treatment."""

    id: str
    where: tuple[Condition, ...]
    at: Literal["first", "start"] = "first"
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Covariate:
    """A column beside the outcomes.

    how : "first" is the unit's first value, "start" the last one before treatment starts, "before" the last
        one before each period, "mean" the mean within the period (numbers only).
    kind : "number", or "category" for text.
    """

    id: str
    column: str | None = None
    how: Literal["first", "start", "before", "mean"] = "first"
    kind: Literal["number", "category"] = "number"

    @property
    def source(self) -> str:
        """The column of the records."""
        return self.column or self.id


@dataclass(frozen=True)
class Entry:
    """Who may be in the panel: all conditions hold and there are enough records; a stage of the flow table.

    at : "first" and "start" look once at a unit and keep or leave it out; "period" looks at each of its
        periods and leaves out those that do not meet the rule.
    min_records : of the unit, over all its periods.
    """

    id: str
    where: tuple[Condition, ...] = ()
    at: Literal["first", "start", "period"] = "first"
    min_records: int = 0


@dataclass(frozen=True)
class PanelRules:
    """How a panel is built of register records.

    unit : column of whom a record is about (person, municipality).
    period : column of the week, month or day; or `begins` and `ends` are the columns of a spell's first and
        last day (an empty last day has not ended). A spell counts for the days it covers, the weeks whose
        Thursday and the months whose 15th it covers.
    period_unit : what one record, or one step of a spell, is.   target : length of the panel's periods.
    files, table : where the records are, if they are not given otherwise; paths from the rules' own folder.
    duplicates : two records of one unit and week: the "last", the "first", or "refuse"; by the column `order`
        if there is one, else as they stand in the file.
    assigned : a unit's `treatment.column` and `cluster` are those of its last record before treatment
        "start"s, of its "first" record, or the "current" ones of each period.
    movers : "exclude" leaves out units whose `treatment.column` changes.
    partial : periods at both ends that the records cover in part: "drop" or "keep".
    """

    outcomes: tuple[PanelOutcome, ...]
    treatment: Treatment
    unit: str
    period: str | None = None
    begins: str | None = None
    ends: str | None = None
    period_unit: RecordPeriod = "week"
    target: Target = "quarter"
    files: tuple[str, ...] = ()
    table: str | None = None
    order: str | None = None
    duplicates: Literal["last", "first", "refuse"] = "last"
    cluster: str | None = None
    assigned: Assigned = "start"
    movers: Literal["keep", "exclude"] = "keep"
    partial: Literal["drop", "keep"] = "drop"
    subgroups: tuple[Subgroup, ...] = ()
    covariates: tuple[Covariate, ...] = ()
    entry: tuple[Entry, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The rules as JSON values, which `panel_rules` reads again."""
        return cast(dict[str, Any], _json(asdict(self)))

    def conditioned(self) -> list[Subgroup | Entry]:
        """The rules that have conditions."""
        return [*self.subgroups, *self.entry]

    def made(self) -> list[str]:
        """Ids of the columns that the rules make: outcomes, subgroups, covariates."""
        outcomes, subgroups = [rule.id for rule in self.outcomes], [rule.id for rule in self.subgroups]
        return [*outcomes, *subgroups, *(rule.id for rule in self.covariates)]

    def columns(self) -> tuple[str, ...]:
        """Columns of the records that the rules use, each once."""
        conditions = [one for rule in self.conditioned() for one in rule.where]
        sources = [rule.source for rule in self.outcomes] + [rule.source for rule in self.covariates]
        treatment = self.treatment
        named = [
            self.unit, self.period, self.begins, self.ends, self.order, self.cluster,
            treatment.column, treatment.indicator, None if treatment.file else treatment.start_column,
            *sources,
            *(one.column for one in conditions),
        ]  # fmt: skip
        return tuple(dict.fromkeys(name for name in named if name))


def load_panel_rules(source: str | Path | bytes, name: str = "") -> PanelRules:
    """Rules from a .toml or .json file, or its bytes; paths in them become paths from the file's folder.

    Raises EffectError that names what is wrong and where.
    """
    content, file = load_declaration(source, name)
    rules = panel_rules(content, file=file)
    return rules if isinstance(source, bytes) else _beside(rules, Path(source).parent)


def panel_rules(content: object, *, file: str = "rules") -> PanelRules:
    """Rules from their dict. Raises EffectError for what is missing, unknown or cannot be meant."""
    rules = declared(PanelRules, content, file=file)
    check_panel_rules(rules, file=file)
    return rules


def check_panel_rules(rules: PanelRules, *, file: str = "rules") -> None:
    """Raise EffectError for rules that contradict themselves, however they were made."""
    if not rules.outcomes:
        raise EffectError(
            "{file}: there are no outcomes; write one [[outcomes]] for each",
            reason="panel_no_outcomes",
            file=file,
        )
    _check_names(rules, file)
    _check_periods(rules, file)
    _check_numbers(rules, file)
    _check_treatment(rules.treatment, file)
    for rule in rules.conditioned():
        _check_conditions(rule, file)


def _check_names(rules: PanelRules, file: str) -> None:
    names = [rules.unit, PERIOD, TREATED, START, *rules.made()]
    if rules.cluster and rules.cluster != rules.unit:
        names.append(rules.cluster)
    twice = [name for number, name in enumerate(names) if name in names[:number] or not name.strip()]
    if twice:
        raise EffectError(
            "{file}: two columns of the panel would be called '{name}'; give each outcome, subgroup and "
            "covariate an id of its own, other than the unit, the cluster, period, treated and start",
            reason="panel_name_twice",
            file=file,
            name=twice[0],
        )


def _check_periods(rules: PanelRules, file: str) -> None:
    spell = rules.begins is not None and rules.ends is not None
    if (rules.period is not None) == spell or (rules.begins is None) != (rules.ends is None):
        raise EffectError(
            "{file}: name either the column `period`, or the columns `begins` and `ends` of spells",
            reason="panel_period_or_spell",
            file=file,
        )


def _check_numbers(rules: PanelRules, file: str) -> None:
    numbers = [
        (f"outcomes {rule.id}, {name}", value, 1, MAX_RECORDS_IN_PERIOD)
        for rule in rules.outcomes
        for name, value in (("at_least", rule.at_least), ("min_periods", rule.min_periods))
    ]
    numbers += [(f"entry {rule.id}, min_records", rule.min_records, 0, 100_000) for rule in rules.entry]
    for name, value, lowest, highest in numbers:
        if not lowest <= value <= highest:
            raise EffectError(
                "{file}: {name} is {given}, expected a whole number from {lowest} to {highest}",
                reason="panel_number",
                file=file,
                name=name,
                given=value,
                lowest=lowest,
                highest=highest,
            )
    for covariate in rules.covariates:
        if covariate.how == "mean" and covariate.kind == "category":
            raise EffectError(
                '{file}: the covariate \'{id}\' is a category and has no mean; choose how = "first", "start" '
                'or "before", or kind = "number"',
                reason="panel_mean_of_category",
                file=file,
                id=covariate.id,
            )


def _check_treatment(treatment: Treatment, file: str) -> None:
    ways = [bool(treatment.units), bool(treatment.starts), bool(treatment.file), bool(treatment.indicator)]
    if sum(ways) != 1:
        raise EffectError(
            "{file}: [treatment] says in {n} ways who is treated, expected exactly one of: units (a list), "
            "starts (a table of first periods), file, indicator (a 0/1 column)",
            reason="panel_treatment_ways",
            file=file,
            n=sum(ways),
        )
    starts = [treatment.start, treatment.start_column, treatment.starts or None]
    given = sum(each is not None for each in starts)
    if given > 1 or (given == 0 and not treatment.indicator) or (treatment.start_column and treatment.units):
        raise EffectError(
            "{file}: [treatment] needs one start: `start` (a period for all), `starts` (by treated value) or "
            "`start_column` (of the file, or of the records with `indicator`)",
            reason="panel_treatment_start",
            file=file,
        )


def _check_conditions(rule: Subgroup | Entry, file: str) -> None:
    for one in rule.where:
        band = one.lowest is not None or one.highest is not None
        if band == bool(one.values) or (one.age and not band):
            raise EffectError(
                "{file}: the condition on '{column}' of '{id}' needs either values (a list) or lowest and/or "
                "highest (numbers; ages with age = true)",
                reason="panel_condition",
                file=file,
                column=one.column,
                id=rule.id,
            )
    if not rule.where and not (isinstance(rule, Entry) and rule.min_records):
        raise EffectError(
            "{file}: '{id}' demands nothing; give it conditions in `where`",
            reason="panel_no_condition",
            file=file,
            id=rule.id,
        )


def _beside(rules: PanelRules, folder: Path) -> PanelRules:
    """The rules with the paths of files taken from a folder; addresses of databases stay."""

    def placed(path: str) -> str:
        return path if "://" in path else str(folder / path)

    treatment = rules.treatment
    if treatment.file:
        treatment = replace(treatment, file=placed(treatment.file))
    return replace(rules, files=tuple(map(placed, rules.files)), treatment=treatment)


def _json(value: object) -> object:
    """Tuples as lists."""
    if isinstance(value, Mapping):
        return {name: _json(each) for name, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_json(each) for each in value]
    return value
