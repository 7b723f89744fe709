"""Tables of the numbers beside one theme: scores, scores by group, effect estimates; the same as lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from coding_schemes import Scheme
from workbench.display import (
    Cell,
    Column,
    EstimateCell,
    TableSpec,
    format_number,
    restyle_stars,
    stars_note,
)
from workbench.i18n import Language, label, t
from workbench.services.effects import StoredEstimate
from workbench.services.terms import term_label
from workbench.triangulation import EvidenceItem, EvidenceValue, JointRow

SCORE_DECIMALS, EFFECT_DECIMALS = 2, 3


def evidence_tables(
    row: JointRow, estimates: Sequence[StoredEstimate], scheme: Scheme, *, language: Language
) -> tuple[TableSpec, ...]:
    """Every number beside a theme: scores, scores by group, effects; a table each where there are such.

    estimates : the study's (`effects.list_estimates`), of which those beside the theme are taken.
    """
    tables = []
    scores = [item for item in row.evidence if item.relation == "score"]
    splits = [item for item in row.evidence if item.relation == "split"]
    by_id = {stored.id: stored for stored in estimates}
    effects = [by_id[item.ref] for item in row.evidence if item.ref in by_id]
    if scores:
        tables.append(_scores_table(row, scores, language))
    if splits:
        tables.append(_splits_table(row, splits, language))
    if effects:
        notes = aside_notes([item for item in row.evidence if item.relation == "effect"], language)
        tables.append(
            effects_table(
                effects,
                scheme,
                language=language,
                key=f"effects_{row.theme}",
                title=_title("effects", row, language),
                notes=notes,
            )
        )
    return tuple(tables)


def effects_table(
    estimates: Sequence[StoredEstimate],
    scheme: Scheme,
    *,
    language: Language,
    title: str,
    key: str = "effects",
    notes: Sequence[str] = (),
    ten_percent: str = "+",
) -> TableSpec:
    """Estimates as a regression table: outcomes down under headings of subgroups, periods across.

    Periods before the programme stand under a heading of their own.
    """
    periods = list(dict.fromkeys(stored.value.period for stored in estimates))
    subgroups = list(dict.fromkeys(stored.value.subgroup for stored in estimates))
    cells: dict[tuple[str, str, str], EstimateCell] = {}
    for stored in estimates:
        value = stored.value
        # Two files may hold the same number; the first one imported stands.
        cells.setdefault(
            (value.subgroup, value.outcome, value.period),
            EstimateCell(
                value.estimate,
                value.std_error,
                restyle_stars(value.stars, ten_percent=ten_percent),
                value.treated_mean,
            ),
        )
    rows: list[tuple[Cell, ...]] = []
    sections: list[tuple[int, str]] = []
    for subgroup in subgroups:
        if subgroups != ["all"]:
            sections.append((len(rows), term_label(scheme, subgroup, language)))
        mine = (stored.value.outcome for stored in estimates if stored.value.subgroup == subgroup)
        for outcome in dict.fromkeys(mine):
            numbers = (cells.get((subgroup, outcome, period)) for period in periods)
            rows.append((term_label(scheme, outcome, language), *numbers))
    remarks = [stars_note(language, ten_percent=ten_percent)]
    if any(cell.mean is not None for cell in cells.values()):
        remarks.append(t("effects.brackets", language=language))
    return TableSpec(
        key=key,
        title=title,
        columns=(
            Column("outcome", t("effects.outcome", language=language), weight=1.8),
            *(_period_column(period, periods, scheme, language) for period in periods),
        ),
        rows=tuple(rows),
        sections=tuple(sections),
        remarks=tuple(remarks),
        notes=tuple(notes),
        source=_joined_sources((stored.value.source, stored.value.place) for stored in estimates),
        language=language,
    )


def numbers_lines(row: JointRow, *, language: Language) -> tuple[str, ...]:
    """The numbers that weigh in the verdict, a line each; all of them if none weighs."""
    shown = [item for item in row.evidence if item.weighs] or list(row.evidence)
    lines: list[str] = []
    for item in shown:
        if item.relation == "split":
            first, second, _ = item.values
            pair = t(
                "themes.split_heading",
                language=language,
                first=_lower(first.label, language),
                second=_lower(second.label, language),
            )
            if pair not in lines:
                lines.append(pair)
        number = value_text(item, language=language, difference_only=True)
        lines.append(f"{label(item.label, language=language)}: {number}")
    return tuple(lines)


def lowered(text: str) -> str:
    """A name as inside a sentence; an abbreviation keeps its capitals."""
    return text if text.isupper() else text[:1].lower() + text[1:]


def value_text(item: EvidenceItem, *, language: Language, difference_only: bool = False) -> str:
    """A number in short: mean and interval, two groups and their difference, estimate and standard error.

    difference_only : of two groups only the difference with its interval.
    """
    decimals = EFFECT_DECIMALS if item.relation == "effect" else SCORE_DECIMALS
    texts = [format_number(value.value, decimals, language) for value in item.values]
    if item.relation == "split":
        first, second, difference = item.values
        if difference_only:
            return f"{texts[2]} {_interval(difference, language)}".rstrip()
        return t(
            "themes.split",
            language=language,
            first=_lower(first.label, language),
            first_mean=texts[0],
            second=_lower(second.label, language),
            second_mean=texts[1],
            difference=texts[2],
            interval=_interval(difference, language),
        )
    value = item.values[0]
    if item.relation == "score":
        return f"{texts[0]} {_interval(value, language)}".rstrip()
    error = (
        "" if value.std_error is None else f" ({format_number(value.std_error, EFFECT_DECIMALS, language)})"
    )
    return f"{texts[0]}{restyle_stars(value.stars)}{error}"


def reading_words(item: EvidenceItem, *, language: Language) -> str:
    """How a number reads, in a few words."""
    if item.reading is None:
        return t("effects.reading.none", language=language)
    if item.relation == "effect":
        return t(f"effects.reading.{item.reading.label}", language=language)
    first = label(item.values[0].label, language=language)
    return t(f"themes.reading.{item.relation}.{item.reading.label}", language=language, first=first)


def aside_notes(items: Iterable[EvidenceItem], language: Language) -> tuple[str, ...]:
    """Why some of the numbers are shown but do not weigh, a sentence a reason."""
    reasons = dict.fromkeys(item.aside for item in items if item.aside is not None)
    return tuple(t(f"themes.aside.{reason}", language=language) for reason in reasons)


def source_text(item: EvidenceItem, language: Language) -> str:
    """Where a number comes from: source and place."""
    return ", ".join(part for part in (item.source, _place(item.place, language)) if part)


def _scores_table(row: JointRow, items: Sequence[EvidenceItem], language: Language) -> TableSpec:
    ordered = [*(item for item in items if item.weighs), *(item for item in items if not item.weighs)]
    rows: list[tuple[Cell, ...]] = [
        (
            label(item.label, language=language),
            item.values[0].value,
            item.values[0].ci_low,
            item.values[0].ci_high,
            item.values[0].n,
            reading_words(item, language=language),
        )
        for item in ordered
    ]
    midpoints = dict.fromkeys(
        format_number(item.midpoint, 1, language) for item in items if item.midpoint is not None
    )
    note = t("themes.scores.note", language=language, midpoint=", ".join(midpoints))
    return TableSpec(
        key=f"scores_{row.theme}",
        title=_title("scores", row, language),
        columns=(
            Column("number", t("themes.evidence.score", language=language), weight=3.2),
            _decimal("mean", t("themes.evidence.mean", language=language)),
            *_interval_columns(language),
            Column("n", "n", kind="integer", weight=0.7),
            Column("reading", t("themes.evidence.reading", language=language), weight=2.0),
        ),
        rows=tuple(rows),
        sections=_sections(ordered, language),
        notes=(note,),
        source=_item_sources(items, language),
        language=language,
    )


def _splits_table(row: JointRow, items: Sequence[EvidenceItem], language: Language) -> TableSpec:
    first, second = (label(value.label, language=language) for value in items[0].values[:2])
    rows: list[tuple[Cell, ...]] = [
        (
            label(item.label, language=language),
            item.values[0].value,
            item.values[1].value,
            item.values[2].value,
            item.values[2].ci_low,
            item.values[2].ci_high,
            " + ".join(str(value.n) for value in item.values[:2]),
            reading_words(item, language=language),
        )
        for item in items
    ]
    return TableSpec(
        key=f"splits_{row.theme}",
        title=_title("splits", row, language),
        columns=(
            Column("number", t("themes.evidence.score", language=language), weight=2.8),
            _decimal("first", first),
            _decimal("second", second),
            _decimal("difference", t("themes.evidence.difference", language=language)),
            *_interval_columns(language, of=t("themes.evidence.of_difference", language=language)),
            Column("n", "n", align="right", weight=1.2),
            Column("reading", t("themes.evidence.reading", language=language), weight=1.6),
        ),
        rows=tuple(rows),
        notes=(t("themes.splits.note", language=language), *aside_notes(items, language)),
        source=_item_sources(items, language),
        language=language,
    )


def _title(kind: str, row: JointRow, language: Language) -> str:
    named = lowered(label(row.label, language=language))
    return t(f"themes.{kind}.title", language=language, theme=named)


def _sections(items: Sequence[EvidenceItem], language: Language) -> tuple[tuple[int, str], ...]:
    """Headings that part what weighs from what does not; none where everything weighs."""
    first_aside = next((place for place, item in enumerate(items) if not item.weighs), None)
    if first_aside is None:
        return ()
    reason = items[first_aside].aside
    aside = t(f"themes.aside_heading.{reason or 'shown'}", language=language)
    weighing = ((0, t("themes.aside_heading.weighs", language=language)),) if first_aside else ()
    return (*weighing, (first_aside, aside))


def _decimal(key: str, title: str) -> Column:
    return Column(key, title, kind="decimal", decimals=SCORE_DECIMALS, weight=0.9)


def _interval_columns(language: Language, *, of: str = "") -> tuple[Column, ...]:
    interval = of or t("themes.evidence.interval", language=language)
    return tuple(
        Column(
            f"ci_{end}",
            t(f"themes.evidence.{end}", language=language),
            kind="decimal",
            decimals=SCORE_DECIMALS,
            group=interval,
            weight=0.8,
        )
        for end in ("low", "high")
    )


def _period_column(period: str, periods: Sequence[str], scheme: Scheme, language: Language) -> Column:
    """A period; those before the programme stand under a heading of their own."""
    before = period in scheme.periods_before
    some_before = any(each in scheme.periods_before for each in periods)
    group = t(f"themes.effects.{'before' if before else 'after'}", language=language) if some_before else ""
    return Column(period or "all_periods", period, kind="estimate", missing="–", group=group, weight=1.0)


def _interval(value: EvidenceValue, language: Language) -> str:
    if value.ci_low is None or value.ci_high is None:
        return ""
    low, high = (format_number(end, SCORE_DECIMALS, language) for end in (value.ci_low, value.ci_high))
    return f"[{low}; {high}]"


def _lower(words: Mapping[str, str], language: Language) -> str:
    return lowered(label(words, language=language))


def _item_sources(items: Sequence[EvidenceItem], language: Language) -> str:
    return "; ".join(dict.fromkeys(source_text(item, language) for item in items))


def _joined_sources(pairs: Iterable[tuple[str, str]]) -> str:
    places: dict[str, list[str]] = {}
    for source, place in pairs:
        short = _table_of(place)
        known = places.setdefault(source, [])
        if short and short not in known:
            known.append(short)
    return "; ".join(", ".join((source, *found)) for source, found in places.items())


def _place(place: str, language: Language) -> str:
    if place.startswith("round "):
        return t("themes.evidence.round", language=language, round=place.removeprefix("round "))
    return _table_of(place)


def _table_of(place: str) -> str:
    """`5.1 (all, education, 2017, 2)` -> `5.1`: what the row itself says is not repeated."""
    return place.split(" (")[0] if place.endswith(")") else place
