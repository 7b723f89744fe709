"""Which column of a file of answers holds what: guessed, shown with its likeness, changed by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from quant import ColumnMapping, Instrument
from quant.mapping import BACKGROUND_NAMES
from workbench.i18n import get_language, label, t
from workbench.services.survey_tables import background_label

SURE = 95.0
COLUMNS_ABREAST = 3


@dataclass(frozen=True)
class MappedPart:
    """One thing that a column may hold.

    key : as in `ColumnMapping.scores`: "person", "date:citizen", "item:b_health" ...
    column : the column that the mapping has for it, None for none.
    needs_eye : whether it is missing or uncertain and should be looked at first.
    """

    key: str
    text: str
    group: str
    column: str | None
    score: float | None
    needs_eye: bool


def edit_mapping(
    columns: Sequence[str], instrument: Instrument, base: ColumnMapping, *, key: str
) -> ColumnMapping:
    """The mapping as it stands after the user's changes to `base`.

    key : of this file and base; another key begins with fresh widgets.
    """
    parts = list(mapped_parts(instrument, base))
    _say_what_was_found(instrument, base)
    first = [part for part in parts if part.needs_eye]
    chosen: dict[str, str | None] = {}
    if first:
        st.markdown(f"**{t('surveys.import.check_these')}**")
        chosen |= _select_columns(first, columns, key)
    with st.expander(t("surveys.import.show_all"), icon=":material/view_column:"):
        rest = [part for part in parts if not part.needs_eye]
        for group in dict.fromkeys(part.group for part in rest):
            st.caption(group)
            chosen |= _select_columns([part for part in rest if part.group == group], columns, key)
    return mapping_from(base, chosen)


def mapped_parts(instrument: Instrument, base: ColumnMapping) -> Iterator[MappedPart]:
    """Everything that a column may hold, in the order of the form."""
    keys = t("surveys.import.keys")
    singles = {"person": base.person or None, "round": base.round, "respondent": base.respondent}
    for name, column in singles.items():
        missing = name == "person" and column is None
        yield _part(name, t(f"surveys.import.{name}"), keys, column, base, needs_eye=missing)
    if base.item is not None or base.value is not None:
        for name, column in (("item", base.item), ("value", base.value)):
            text = t(f"descriptions.import.{name}")
            yield _part(name, text, keys, column, base, needs_eye=column is None)
    yield _part("date", t("surveys.import.date"), keys, base.dates.get(""), base)
    for respondent in instrument.respondents:
        text = t("surveys.import.date_of", respondent=label(respondent.label).lower())
        yield _part(f"date:{respondent.id}", text, keys, base.dates.get(respondent.id), base)
    for respondent in instrument.respondents if base.item is None else ():
        group = t("surveys.import.questions_of", respondent=label(respondent.label).lower())
        for item_id in instrument.item_ids(respondent.id):
            column = base.items.get(item_id)
            name = f"item:{item_id}"
            unsure = column is None or base.scores.get(name, 100.0) < SURE
            yield _part(name, label(instrument.item(item_id).label), group, column, base, needs_eye=unsure)
    for name in dict.fromkeys([*BACKGROUND_NAMES, *base.background]):
        text = background_label(name, get_language())
        column = base.background.get(name)
        yield _part(f"background:{name}", text, t("surveys.import.background"), column, base)


def mapping_from(base: ColumnMapping, chosen: Mapping[str, str | None]) -> ColumnMapping:
    """`base` with the chosen column of every part; a part without a column is left out."""
    filled = {key: column for key, column in chosen.items() if column is not None}

    def of(kind: str) -> dict[str, str]:
        return {key.partition(":")[2]: column for key, column in filled.items() if key.startswith(f"{kind}:")}

    shared = {"": filled["date"]} if "date" in filled else {}
    return ColumnMapping(
        person=filled.get("person", ""),
        items=of("item"),
        round=filled.get("round"),
        respondent=filled.get("respondent"),
        dates={**shared, **of("date")},
        background=of("background"),
        respondent_values=base.respondent_values,
        item=filled.get("item"),
        value=filled.get("value"),
        item_values=base.item_values,
        endings=base.endings,
        value_labels=base.value_labels,
    )


def _part(
    key: str, text: str, group: str, column: str | None, base: ColumnMapping, *, needs_eye: bool = False
) -> MappedPart:
    score = base.scores.get(key) if column is not None else None
    return MappedPart(key, text, group, column, score, needs_eye)


def _say_what_was_found(instrument: Instrument, base: ColumnMapping) -> None:
    if base.item is not None:
        st.caption(f":material/check: {t('descriptions.import.long')}")
        return
    if base.endings:
        found_rounds = ", ".join(f"{number}: …{ending}" for number, ending in base.endings.items())
        st.caption(f":material/check: {t('descriptions.import.endings', found=found_rounds)}")
    n, found = len(instrument.items), len(base.items)
    if found == n:
        st.caption(f":material/check: {t('surveys.import.all_sure', n=n)}")
    else:
        st.caption(f":material/rule: {t('surveys.import.some_left', found=found, n=n)}")


def _select_columns(parts: Sequence[MappedPart], columns: Sequence[str], key: str) -> dict[str, str | None]:
    chosen: dict[str, str | None] = {}
    for start in range(0, len(parts), COLUMNS_ABREAST):
        places = st.columns(COLUMNS_ABREAST)
        for place, part in zip(places, parts[start : start + COLUMNS_ABREAST], strict=False):
            with place:
                chosen[part.key] = _select_column(part, columns, key)
    return chosen


def _select_column(part: MappedPart, columns: Sequence[str], key: str) -> str | None:
    text = part.text
    if part.score is not None and part.score < 100:
        text = t("surveys.import.score", label=part.text, score=round(part.score))
    return st.selectbox(
        text,
        columns,
        index=columns.index(part.column) if part.column in columns else None,
        placeholder=t("surveys.import.none"),
        key=f"{key}.{part.key}",
    )
