"""Tables of indices: each person's values, and their change between two rounds."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import pandas as pd

from quant import Instrument
from workbench.display import Cell, Column, TableSpec, format_number
from workbench.i18n import Language, label, t
from workbench.services import index_values
from workbench.services.factor_table_parts import factor_name
from workbench.services.factor_tables import solution_label
from workbench.services.index_values import OWN, OwnIndex
from workbench.store.engine import StudyStore as Study


def changes_table(
    values: pd.DataFrame,
    changes: pd.DataFrame,
    instrument: Instrument,
    *,
    rounds: tuple[int, int],
    min_share: float,
    language: Language,
    source: str = "",
    own: Sequence[OwnIndex] = (),
    sections: Sequence[tuple[str, Collection[str]]] = (),
) -> TableSpec:
    """Mean of each index in two rounds and of its change with its interval, for those who have both.

    values : from `index_values`; changes : from `changes_of`; rounds : the two rounds.
    own : the study's own indices among them, each with its own share of answers.
    sections : heading -> names of the indices under it; one block without a heading if empty.
    """
    rows: list[tuple[Cell, ...]] = []
    headings: list[tuple[int, str]] = []
    for heading, names in sections or [("", tuple(dict.fromkeys(values["factor"])))]:
        if heading:
            headings.append((len(rows), heading))
        rows += [_change_row(changes, instrument, str(index), language) for index in names]
    first, last = rounds
    own_names = {each.name for each in own}
    notes = [own_index_text(each, instrument, language) for each in own]
    if not own_names.issuperset(values["factor"]):
        percent = format_number(100 * min_share, 0, language)
        notes.insert(0, t("factors.changes.note", language=language, percent=percent))
    return TableSpec(
        key="index_changes",
        title=t("factors.changes.title", language=language, first=first, last=last),
        columns=(
            Column("index", t("factors.changes.index", language=language), weight=2.6),
            Column("n", t("factors.changes.n", language=language), kind="integer"),
            Column("first", t("factors.changes.mean_first", language=language, first=first), kind="decimal"),
            Column("last", t("factors.changes.mean_last", language=language, last=last), kind="decimal"),
            Column("change", t("factors.changes.change", language=language), kind="decimal"),
            Column("ci_low", t("factors.changes.ci_low", language=language), kind="decimal", missing="–"),
            Column("ci_high", t("factors.changes.ci_high", language=language), kind="decimal", missing="–"),
            Column("std_dev", t("factors.changes.std_dev", language=language), kind="decimal", missing="–"),
        ),
        rows=tuple(rows),
        notes=tuple(notes),
        source=source,
        sections=tuple(headings),
        language=language,
    )


def every_change(
    study: Study, instrument: Instrument, *, language: Language, source: str = ""
) -> TableSpec | None:
    """Change of the named factors' indices and of the study's own; None without two rounds of any."""
    parts, sections = [], []
    own = index_values.usable_indices(study)
    for solution in (*instrument.solutions(), *((OWN,) if own else ())):
        values = index_values.index_values(study, solution=solution)
        if not values.empty:
            parts.append(values)
            names = tuple(dict.fromkeys(values["factor"]))
            sections.append((solution_label(instrument, solution, language), names))
    whole = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"round": []})
    rounds = sorted(int(number) for number in whole["round"].unique())
    if len(rounds) < 2:
        return None
    return changes_table(
        whole,
        index_values.changes_of(whole),
        instrument,
        rounds=(rounds[0], rounds[-1]),
        min_share=1.0,
        language=language,
        source=source,
        own=own,
        sections=sections,
    )


def own_index_text(own: OwnIndex, instrument: Instrument, language: Language) -> str:
    """An index of chosen items in a sentence: its items, and how many must be answered."""
    return t(
        "factors.changes.own_note",
        language=language,
        name=own.name,
        items="; ".join(label(instrument.item(item).label, language=language) for item in own.items),
        percent=format_number(100 * own.min_share, 0, language),
    )


def _change_row(
    changes: pd.DataFrame, instrument: Instrument, index: str, language: Language
) -> tuple[Cell, ...]:
    """n, means, change, the t-interval of the mean change and the standard deviation of changes."""
    from scipy.stats import t as student

    mine = changes[changes["factor"] == index]
    n = len(mine)
    means = [float(mine[name].mean()) if n else None for name in ("first", "last", "change")]
    spread = float(mine["change"].std(ddof=1)) if n > 1 else None
    low = high = None
    if spread is not None and means[-1] is not None:
        half = float(student.ppf(0.975, n - 1)) * spread / math.sqrt(n)
        low, high = means[-1] - half, means[-1] + half
    return factor_name(instrument, index, language), n, *means, low, high, spread


def values_table(values: pd.DataFrame, instrument: Instrument, *, language: Language) -> TableSpec:
    """A row a person, round and index, as it is taken away."""
    rows = tuple(
        (
            str(row["person"]),
            int(row["round"]),
            factor_name(instrument, str(row["factor"]), language),
            None if math.isnan(row["value"]) else float(row["value"]),
            int(row["n_items"]),
        )
        for row in values.to_dict("records")
    )
    return TableSpec(
        key="index_values",
        title=t("factors.changes.values_title", language=language),
        columns=(
            Column("person", t("factors.changes.person", language=language)),
            Column("round", t("factors.changes.round", language=language), kind="integer"),
            Column("index", t("factors.changes.index", language=language), weight=2.4),
            Column("value", t("factors.changes.value", language=language), kind="decimal", decimals=4),
            Column("n_items", t("factors.changes.n_items", language=language), kind="integer"),
        ),
        rows=rows,
        language=language,
    )
