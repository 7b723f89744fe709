"""From the layouts that files come in to the one that is read: a row a person and round, a column an item.

Two are turned: a row an answer (person, item, value), and rounds side by side (`b1_r1`, `b1_r2`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from quant.findings import FindingList
from quant.instrument import Instrument
from quant.mapping import SURE_SCORE, ColumnMapping, plain
from quant.tables import cell_text

ROUND_COLUMN = "__round__"
_SHEET, _ITEM, _ROW = "__sheet__", "__item__", "__row__"


@dataclass(frozen=True)
class Laid:
    """A table in the layout that is read, and the mapping that fits it.

    rows : (n,) row number in the file of each row of `frame`.
    cell_rows : (n, items) row number of each answer where the file has a row an answer, else None.
    """

    frame: pd.DataFrame
    mapping: ColumnMapping
    rows: pd.Series[int]
    cell_rows: pd.DataFrame | None = None


def lay_out(
    frame: pd.DataFrame, instrument: Instrument, mapping: ColumnMapping, findings: FindingList
) -> Laid:
    """The table with a row a person and round; an answer that has no place is a finding.

    frame : as `read_table` makes it, `index + 2` the row number in the file.
    """
    rows = pd.Series([int(i) + 2 for i in frame.index], index=frame.index)
    if mapping.item is not None and mapping.value is not None:
        return _from_long(frame, rows, instrument, mapping, findings)
    if mapping.endings:
        return _from_rounds_abreast(frame, rows, mapping)
    return Laid(frame, mapping, rows)


def match_items(values: Sequence[str], instrument: Instrument) -> dict[str, str]:
    """Values of an item column -> item id, by id or label in any language; unmatched values are left out."""
    from rapidfuzz import fuzz

    names = [(i.id, plain(text)) for i in instrument.items for text in (i.id, *i.label.values())]
    matched: dict[str, str] = {}
    for value in values:
        score, item_id = max((fuzz.token_sort_ratio(plain(value), text), item) for item, text in names)
        if score >= SURE_SCORE:
            matched[value] = item_id
    return matched


def _from_rounds_abreast(frame: pd.DataFrame, rows: pd.Series[int], mapping: ColumnMapping) -> Laid:
    """Rounds below each other; a row that holds nothing in a round is none, but the first keeps every row."""
    present = set(frame.columns)
    bases = list(dict.fromkeys([*mapping.items.values(), *mapping.dates.values()]))
    shared = [c for c in (mapping.person, mapping.respondent, *mapping.background.values()) if c]
    parts: list[pd.DataFrame] = []
    numbers: list[pd.Series[int]] = []
    for number, ending in sorted(mapping.endings.items()):
        own = {f"{base}{ending}": base for base in bases if f"{base}{ending}" in present}
        common = [base for base in bases if f"{base}{ending}" not in present and base in present]
        part = frame[list(dict.fromkeys([*shared, *common, *own]))].rename(columns=own)
        part[ROUND_COLUMN] = number
        answered = pd.Series(False, index=part.index)
        for base in set(mapping.items.values()) & set(own.values()):
            answered |= cell_text(part[base]) != ""
        kept = answered if parts else pd.Series(True, index=part.index)
        parts.append(part[kept])
        numbers.append(rows[kept])
    stacked = pd.concat(parts, ignore_index=True)
    for base in bases:
        if base not in stacked.columns:
            stacked[base] = ""
    stacked.attrs = dict(frame.attrs)
    places = pd.concat(numbers, ignore_index=True)
    return Laid(stacked, replace(mapping, round=ROUND_COLUMN, endings={}), places)


def _from_long(
    frame: pd.DataFrame,
    rows: pd.Series[int],
    instrument: Instrument,
    mapping: ColumnMapping,
    findings: FindingList,
) -> Laid:
    item_column, value_column = str(mapping.item), str(mapping.value)
    text = cell_text(frame[item_column])
    known = {**match_items([str(v) for v in text.unique() if v], instrument), **mapping.item_values}
    items = text.map(lambda value: known.get(value, ""))
    noted = pd.DataFrame({"row": rows, "person": cell_text(frame[mapping.person])})
    findings.add("unknown_item", noted[items == ""], column=item_column, values=text)
    keys = [c for c in (mapping.person, mapping.round, mapping.respondent) if c]
    marks = pd.DataFrame({key: cell_text(frame[key]) for key in keys}).assign(**{_ITEM: items})
    marks = marks[items != ""]
    twice = marks.duplicated()
    repeated = marks.index[twice]
    findings.add("duplicate_item", noted.loc[repeated], column=item_column, values=text.loc[repeated])
    marks = marks[~twice]
    sheets = marks.groupby(keys, sort=False).ngroup()
    long = pd.DataFrame(
        {
            _SHEET: sheets,
            _ITEM: marks[_ITEM],
            value_column: frame.loc[marks.index, value_column],
            _ROW: rows[marks.index],
        }
    )
    first = frame.loc[marks.index].assign(**{_SHEET: sheets, _ROW: rows[marks.index]})
    first = first.drop_duplicates(_SHEET).set_index(_SHEET)
    cells = long.pivot(index=_SHEET, columns=_ITEM, values=value_column).astype(object)
    others = [c for c in first.columns if c not in (item_column, value_column, _ROW, *cells.columns)]
    wide = first[others].join(cells.where(cells.notna(), ""))
    wide.attrs = dict(frame.attrs)
    found = {item: item for item in instrument.item_ids() if item in cells.columns}
    changed = replace(mapping, items=found, item=None, value=None, item_values={})
    return Laid(wide, changed, first[_ROW], long.pivot(index=_SHEET, columns=_ITEM, values=_ROW))
