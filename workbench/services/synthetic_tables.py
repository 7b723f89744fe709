"""Tables of synthetic controls: effects and fit, donors, balance, paths, placebos."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coding_schemes import Scheme
from workbench.display import Cell, Column, TableSpec, format_number
from workbench.i18n import Language, t
from workbench.services.panel_runs import panel_source, run_note
from workbench.services.synthetic_runs import POOR, SyntheticFindings

Unit = Mapping[str, Any]


class SyntheticTables:
    """The tables of one run, in one language."""

    def __init__(self, found: SyntheticFindings, *, language: Language, scheme: Scheme | None = None) -> None:
        self.found, self.language = found, language
        self.outcome = found.outcome(language, scheme)

    def summary(self) -> TableSpec:
        """A row a treated unit: effect, share of the synthetic outcome, fit, placebo rank."""
        bounded = any(unit["intervals"] for unit in self.found.units)
        rows = [self._summary_row(unit, bounded) for unit in self.found.units]
        group, summary = self.found.group, None
        if group is not None:
            summary = len(rows)
            poor = all(unit["fit"] == POOR for unit in self.found.units)
            effect = self._t("not_interpretable") if poor else group["effect"]
            whole = (self._t("all_units", n=len(rows)), effect, None)
            numbers = (group["pre_rmspe"], group["ratio"], "", None if poor else group["p_value"])
            rows.append((*whole, *((None, None) if bounded else ()), *numbers))
        decimal: dict[str, Any] = {"kind": "decimal", "decimals": self.decimals(), "missing": "–"}
        interval = t("effects.interval", language=self.language)
        ends = (
            Column("ci_low", t("effects.from", language=self.language), group=interval, **decimal),
            Column("ci_high", t("effects.to", language=self.language), group=interval, **decimal),
        )
        return TableSpec(
            key="synthetic_summary",
            title=self.found.spec.title or self._t("title.summary", outcome=self.outcome),
            columns=(
                Column("unit", self._t("unit"), weight=1.8),
                Column("effect", self._t("effect"), **decimal),
                Column("percent", self._t("percent"), kind="percent", decimals=1, missing="–"),
                *(ends if bounded else ()),
                Column("pre_rmspe", self._t("pre_rmspe"), **decimal),
                Column("ratio", self._t("ratio"), kind="decimal", decimals=2, missing="–"),
                Column("fit", self._t("fit_title"), weight=1.2),
                Column("p_value", self._t("p"), kind="p_value", missing="–"),
            ),
            rows=tuple(rows),
            summary_from=summary,
            notes=(self._t("summary_note", start=self.found.units[0]["start"]), *self.notes()),
            source=self.source(),
            language=self.language,
        )

    def _summary_row(self, unit: Unit, bounded: bool) -> tuple[Cell, ...]:
        poor, interval = unit["fit"] == POOR, unit["intervals"] or {}
        ends: tuple[Cell, ...] = (None, None) if poor else (interval.get("ci_low"), interval.get("ci_high"))
        return (
            str(unit["treated_unit"]),
            self._t("not_interpretable") if poor else unit["effect"],
            None if poor else unit["percent"],
            *(ends if bounded else ()),
            unit["pre_rmspe"],
            unit["ratio"],
            self._t(f"fit.{unit['fit']}"),
            None if poor else unit["p_value"],
        )

    def donors(self, unit: Unit) -> TableSpec:
        """The donors with weight, and the effect without each of them unless the fit is too poor for one."""
        without = {row["donor"]: row for row in unit["left_out"] or ()}
        poor = unit["fit"] == POOR
        rows: list[tuple[Cell, ...]] = [
            (
                str(row["donor"]),
                row["weight"],
                without[row["donor"]]["effect"] if row["donor"] in without and not poor else None,
                without[row["donor"]]["pre_rmspe"] if row["donor"] in without else None,
            )
            for row in unit["weights"]
            if round(row["weight"], 3) > 0
        ]
        decimal: dict[str, Any] = {"kind": "decimal", "decimals": self.decimals(), "missing": "–"}
        left_out = self._t("left_out")
        return TableSpec(
            key=f"synthetic_donors_{unit['treated_unit']}",
            title=self._t("title.donors", unit=unit["treated_unit"]),
            columns=(
                Column("donor", self._t("donor"), weight=2.0),
                Column("weight", self._t("weight"), kind="decimal", decimals=3),
                Column("effect", self._t("effect"), group=left_out, **decimal),
                Column("pre_rmspe", self._t("pre_rmspe"), group=left_out, **decimal),
            ),
            rows=tuple(rows),
            notes=(self._t("donors_note", n=unit["settings"]["donors"]),),
            source=self.source(),
            language=self.language,
        )

    def balance(self, unit: Unit) -> TableSpec:
        """What the treated unit and its synthetic control are like before the start."""
        decimal: dict[str, Any] = {"kind": "decimal", "decimals": self.decimals(), "missing": "–"}
        with_weights = unit["settings"]["predictors"] is not None
        columns = [
            Column("predictor", self._t("predictor"), weight=2.0),
            Column("treated", str(unit["treated_unit"]), **decimal),
            Column("synthetic", self._t("synthetic"), **decimal),
            Column("donor_mean", self._t("donor_mean"), **decimal),
        ]
        if with_weights:
            columns.append(Column("weight", self._t("predictor_weight"), kind="decimal", decimals=3))
        rows: list[tuple[Cell, ...]] = []
        for row in unit["balance"]:
            cells: tuple[Cell, ...] = (
                str(row["predictor"]), row["treated"], row["synthetic"], row["donor_mean"]
            )  # fmt: skip
            rows.append((*cells, row["weight"]) if with_weights else cells)
        return TableSpec(
            key=f"synthetic_balance_{unit['treated_unit']}",
            title=self._t("title.balance", unit=unit["treated_unit"]),
            columns=tuple(columns),
            rows=tuple(rows),
            source=self.source(),
            language=self.language,
        )

    def path(self, unit: Unit) -> TableSpec:
        """Treated, synthetic and gap by period, with prediction intervals where they were asked for."""
        intervals = {str(row["period"]): row for row in (unit["intervals"] or {}).get("table", ())}
        decimal: dict[str, Any] = {"kind": "decimal", "decimals": self.decimals(), "missing": "–"}
        interval = t("effects.interval", language=self.language)
        rows: list[tuple[Cell, ...]] = []
        for row in unit["path"]:
            bounds = intervals.get(str(row["period"]), {})
            rows.append(
                (
                    str(row["period"]), row["treated"], row["synthetic"], row["gap"], bounds.get("ci_low"),
                    bounds.get("ci_high"),
                )
            )  # fmt: skip
        return TableSpec(
            key=f"synthetic_path_{unit['treated_unit']}",
            title=self.title("path", unit),
            columns=(
                Column("period", t("effects.period", language=self.language)),
                Column("treated", str(unit["treated_unit"]), **decimal),
                Column("synthetic", self._t("synthetic"), **decimal),
                Column("gap", self._t("gap"), **decimal),
                Column("ci_low", t("effects.from", language=self.language), group=interval, **decimal),
                Column("ci_high", t("effects.to", language=self.language), group=interval, **decimal),
            ),
            rows=tuple(rows),
            notes=(self._t("start_note", start=unit["start"]),),
            source=self.source(),
            language=self.language,
        )

    def placebos(self, unit: Unit) -> TableSpec | None:
        """Every unit as if it had been treated, by the ratio of its gaps; None without placebos."""
        if not unit["placebo"]:
            return None
        decimal: dict[str, Any] = {"kind": "decimal", "decimals": self.decimals(), "missing": "–"}
        rows: list[tuple[Cell, ...]] = [
            (row["rank"], str(row["unit"]), row["ratio"], row["pre_rmspe"], row["post_rmspe"], row["effect"])
            for row in unit["placebo"]
        ]
        return TableSpec(
            key=f"synthetic_placebos_{unit['treated_unit']}",
            title=self._t("title.placebos", unit=unit["treated_unit"]),
            columns=(
                Column("rank", self._t("rank"), kind="integer"),
                Column("unit", self._t("unit"), weight=2.0),
                Column("ratio", self._t("ratio"), kind="decimal", decimals=2, missing="∞"),
                Column("pre_rmspe", self._t("pre_rmspe"), **decimal),
                Column("post_rmspe", self._t("post_rmspe"), **decimal),
                Column("effect", self._t("effect"), **decimal),
            ),
            rows=tuple(rows),
            notes=(self._t("placebo_note"),),
            source=self.source(),
            language=self.language,
        )

    def all(self) -> list[TableSpec]:
        """Every table of the run, in the order of the page."""
        tables = [self.summary()]
        for unit in self.found.units:
            tables += [self.donors(unit), self.balance(unit), self.path(unit)]
            placebos = self.placebos(unit)
            tables += [placebos] if placebos is not None else []
        return tables

    def decimals(self) -> int:
        """Decimals that suit the size of the outcome: three for shares, fewer for larger numbers."""
        largest = max(abs(row["treated"]) for unit in self.found.units for row in unit["path"])
        return 3 if largest < 10 else 2 if largest < 1000 else 0

    def notes(self) -> tuple[str, ...]:
        """What the fit and the panel made worth knowing, each once."""
        noted = [note for unit in self.found.units for note in unit["notes"]]
        noted += [note for unit in self.found.units for note in (unit["intervals"] or {}).get("notes", ())]
        noted += self.found.group["notes"] if self.found.group is not None else []
        return tuple(dict.fromkeys(self.said(note) for note in noted))

    def said(self, note: Mapping[str, Any]) -> str:
        """A note or an error of a run in words of the language."""
        return run_note(note, self.language)

    def fit_sentence(self, unit: Unit) -> str:
        """Whether the time before the start is matched well enough to read the gap, with the numbers."""
        match = unit["match"]
        explained = format_number(100 * max(match["explained"], 0.0), 0, self.language)
        outside = format_number(100 * match["outside_share"], 0, self.language)
        return self._t(f"fit_sentence.{unit['fit']}", explained=explained, outside=outside)

    def earlier(self, unit: Unit) -> str | None:
        """What the placebo in time found, as a sentence; None where none was asked for."""
        found = unit["earlier"]
        if found is None:
            return None
        effect, ratio = (
            format_number(found[name], self.decimals(), self.language) for name in ("effect", "ratio")
        )
        return self._t("earlier", start=found["start"], effect=effect, ratio=ratio)

    def source(self) -> str:
        """The panel with its nature."""
        return panel_source(self.found, self.language)

    def title(self, name: str, unit: Unit) -> str:
        """The title of a table or figure of one unit."""
        return self._t(f"title.{name}", unit=unit["treated_unit"], outcome=self.outcome)

    def _t(self, key: str, **values: object) -> str:
        return t(f"synthetic.{key}", language=self.language, **values)
