"""From a mapped file to answers: every value checked, every exclusion reported and counted.

What the samples mean is `quant.samples`; describing the answers is `quant.description`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from quant.answer_words import answer_numbers, words_of_file
from quant.errors import AnswersError
from quant.findings import FindingList, Report
from quant.instrument import Instrument
from quant.layouts import Laid, lay_out
from quant.mapping import ColumnMapping, match_respondents
from quant.samples import SAMPLE_COLUMNS, Stage, flow_table, sample_table
from quant.statistics_files import MISSING_REASONS
from quant.tables import as_numbers, cell_text

ANSWER_COLUMNS = ("person", "respondent", "round", "date", "item", "value")
DATE_FORMATS = (
    "%Y-%m-%d",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%Y/%m/%d",
    "%d-%m-%y",
    "%d.%m.%y",
    "%Y%m%d",
    "%Y-%m",
)
# What stands in the place of a person where a program has added totals below the rows.
TOTALS = frozenset(
    {"total", "totalt", "i alt", "ialt", "sum", "gennemsnit", "gns", "gns.", "mean", "average", "grand total"}
)
# Days since 1899-12-30, as workbooks count dates: 1954 to 2064.
_SERIAL_DATES = (20000, 60000)


@dataclass(frozen=True)
class Answers:
    """Valid answers to an instrument, with the report on what did not become one.

    frame : one row an answer: person, respondent, round, date, item, value.
    persons : one row a person (index `person`), a column a background variable.
    report : what was found in the file, with row numbers.
    flow : stage, round and one count column a respondent.
    samples : one row a person, respondent and round: which stages it belongs to.
    """

    frame: pd.DataFrame
    persons: pd.DataFrame
    report: Report
    flow: pd.DataFrame
    samples: pd.DataFrame
    instrument: Instrument

    def rounds(self) -> tuple[int, ...]:
        """Rounds with answers, in order."""
        return tuple(sorted(int(r) for r in self.frame["round"].unique()))

    def sample(self, stage: Stage, *, round: int | None = None) -> pd.DataFrame:  # noqa: A002  # the field's word
        """Answers (as `frame`) of one stage, of all rounds or one."""
        kept = self.samples.loc[self.samples[stage], ["person", "respondent", "round"]]
        if round is not None:
            kept = kept[kept["round"] == round]
        return self.frame.merge(kept, on=["person", "respondent", "round"])

    def wide(
        self,
        items: Sequence[str] | None = None,
        *,
        stage: Stage = "analysis_sample",
        round: int | None = None,  # noqa: A002
    ) -> pd.DataFrame:
        """One row a person and round, one column an item: what a factor analysis takes.

        Returns frame with index (person, round); an item nobody answered is a column of NaN.
        """
        wanted = list(items) if items is not None else list(self.instrument.item_ids())
        table = self.sample(stage, round=round).pivot(
            index=["person", "round"], columns="item", values="value"
        )
        return table.reindex(columns=wanted).rename_axis(columns=None).dropna(how="all")


def read_answers(frame: pd.DataFrame, instrument: Instrument, mapping: ColumnMapping) -> Answers:
    """Check the rows of a file against the instrument and take the valid answers.

    frame : one row a person and round with all respondents' columns, or (with `mapping.respondent`) one row
        a respondent; with `mapping.item` one row an answer, with `mapping.endings` rounds side by side.
        `index + 2` is taken as the row number in the file, as `read_table` makes it.

    An answer outside its scale or not a number becomes missing; the first of two questionnaires for the same
    person, round and respondent counts. Nothing is left out without a line in `.report`.
    Raises AnswersError if the mapping names columns or items that do not exist, or no answer remains.
    Source: docs/methods/questionnaires.md
    """
    _check_mapping(frame, instrument, mapping)
    findings = FindingList()
    laid = lay_out(frame, instrument, mapping, findings)
    frame, mapping = laid.frame, laid.mapping
    rows = _key_rows(laid, instrument, findings)
    sheets = _questionnaires(frame, rows, instrument, mapping, findings)
    values = _values(laid, sheets, instrument, findings)
    persons = _persons(frame, rows, mapping, findings)
    if values.empty:
        raise AnswersError(
            "no valid answer was found: check the item columns and scales in the mapping",
            reason="no_valid_answer",
        )
    return _assemble(values, persons, instrument, findings, sheets)


def answers_from_frame(frame: pd.DataFrame, persons: pd.DataFrame, instrument: Instrument) -> Answers:
    """Answers that were stored earlier (`Answers.frame` and `.persons`), with samples and flow made anew.

    The report holds only what concerns the samples; the file's own findings were reported when it was read.
    """
    absent = [column for column in ANSWER_COLUMNS if column not in frame.columns]
    if absent:
        raise AnswersError(
            "stored answers lack the column {column!r}; expected {known}",
            reason="stored_answers_lack",
            column=absent[0],
            known=", ".join(ANSWER_COLUMNS),
        )
    values = frame.loc[:, list(ANSWER_COLUMNS)].reset_index(drop=True)
    values["date"] = pd.to_datetime(values["date"]).astype("datetime64[ns]")
    sheets = values.drop_duplicates(["person", "respondent", "round"])[
        ["person", "respondent", "round", "date"]
    ]
    indexed = persons.set_index("person") if "person" in persons.columns else persons
    return _assemble(values, indexed, instrument, FindingList(), sheets.assign(row=None))


def _assemble(
    values: pd.DataFrame,
    persons: pd.DataFrame,
    instrument: Instrument,
    findings: FindingList,
    sheets: pd.DataFrame,
) -> Answers:
    samples = sample_table(values, persons, instrument, findings, sheets)
    frame = values.loc[:, list(ANSWER_COLUMNS)].reset_index(drop=True)
    kept = persons.loc[persons.index.isin(frame["person"].unique())]
    flow = flow_table(samples, instrument)
    return Answers(frame, kept, findings.report(), flow, samples.loc[:, list(SAMPLE_COLUMNS)], instrument)


def _check_mapping(frame: pd.DataFrame, instrument: Instrument, mapping: ColumnMapping) -> None:
    present = [str(c) for c in frame.columns]
    for column in mapping.columns():
        if column not in present and not any(f"{column}{end}" in present for end in mapping.endings.values()):
            listed = ", ".join(present[:12])
            raise AnswersError(
                "the mapping names the column {column!r}, which the file lacks (it has: {columns})",
                reason="mapping_lacks_column",
                column=column,
                columns=listed,
            )
    for item in (*mapping.items, *mapping.item_values.values()):
        if item not in instrument.item_ids():
            raise AnswersError(
                "the mapping names the item {item!r}, which instrument {instrument!r} lacks",
                reason="mapping_wrong_item",
                item=item,
                instrument=instrument.id,
            )
    known = {"", *(r.id for r in instrument.respondents)}
    wrong = sorted((set(mapping.dates) | set(mapping.respondent_values.values())) - known)
    if wrong:
        raise AnswersError(
            "the mapping names the respondent {respondent!r}, which instrument {instrument!r} lacks",
            reason="mapping_wrong_respondent",
            respondent=wrong[0],
            instrument=instrument.id,
        )


def _key_rows(laid: Laid, instrument: Instrument, findings: FindingList) -> pd.DataFrame:
    """Rows with a person and a known round: columns row, person, round; index as the table's."""
    frame, mapping = laid.frame, laid.mapping
    rows = pd.DataFrame({"row": laid.rows, "person": cell_text(frame[mapping.person])}, index=frame.index)
    totals = rows["person"].str.lower().isin(TOTALS)
    findings.add("totals_row", rows[totals], column=mapping.person, values=rows["person"])
    rows = rows[~totals]
    findings.add("no_person", rows[rows["person"] == ""], column=mapping.person)
    if mapping.round is None:
        rows["round"] = 1
        return rows[rows["person"] != ""]
    text = cell_text(frame.loc[rows.index, mapping.round])
    number = pd.to_numeric(text.str.extract(r"(\d+)", expand=False), errors="coerce")
    rounds = instrument.rules.rounds
    known = number.isin(rounds) if rounds else number >= 1
    findings.add("unknown_round", rows[~known & (rows["person"] != "")], column=mapping.round, values=text)
    kept = rows[known & (rows["person"] != "")].copy()
    kept["round"] = number[kept.index].astype(int)
    return kept


def _questionnaires(
    frame: pd.DataFrame,
    rows: pd.DataFrame,
    instrument: Instrument,
    mapping: ColumnMapping,
    findings: FindingList,
) -> pd.DataFrame:
    """One row a filled-in questionnaire: row, person, round, respondent, date, place (index of the file)."""
    owner = _row_respondents(frame, rows, instrument, mapping, findings)
    parts = []
    for respondent in instrument.respondents:
        columns = [mapping.items[i] for i in instrument.item_ids(respondent.id) if i in mapping.items]
        mine = rows if owner is None else rows[owner == respondent.id]
        if not columns:
            continue
        filled = _any_text(frame.loc[mine.index, list(dict.fromkeys(columns))])
        part = mine[filled].assign(respondent=respondent.id, place=mine.index[filled])
        part["date"] = _dates(frame, part, respondent.id, mapping, findings)
        parts.append(part)
        if owner is not None:
            findings.add("no_answers", mine[~filled], respondent=respondent.id)
    if owner is None:
        with_any = {place for part in parts for place in part["place"]}
        findings.add("no_answers", rows[~rows.index.isin(list(with_any))])
    sheets = pd.concat(parts, ignore_index=True) if parts else _no_sheets(rows)
    sheets = sheets.sort_values("row", kind="stable")
    repeated = sheets.duplicated(["person", "round", "respondent"])
    findings.add("duplicate_answer", sheets[repeated], column=mapping.person)
    return sheets[~repeated]


def _no_sheets(rows: pd.DataFrame) -> pd.DataFrame:
    empty = rows.iloc[:0].assign(respondent="", place=0)
    empty["date"] = pd.Series(dtype="datetime64[ns]")
    return empty


def _row_respondents(
    frame: pd.DataFrame,
    rows: pd.DataFrame,
    instrument: Instrument,
    mapping: ColumnMapping,
    findings: FindingList,
) -> pd.Series[Any] | None:
    """Respondent id of each row, or None where every row holds all respondents."""
    if mapping.respondent is None:
        return None
    text = cell_text(frame.loc[rows.index, mapping.respondent])
    words = [str(v) for v in text.unique() if v]
    known = {**match_respondents(words, instrument), **mapping.respondent_values}
    owner = text.map(lambda value: known.get(value, ""))
    findings.add("unknown_respondent", rows[owner == ""], column=mapping.respondent, values=text)
    return owner


def _any_text(cells: pd.DataFrame) -> pd.Series[bool]:
    filled = pd.Series(False, index=cells.index)
    for column in cells.columns:
        filled |= cell_text(cells[column]) != ""
    return filled


def _dates(
    frame: pd.DataFrame, part: pd.DataFrame, respondent: str, mapping: ColumnMapping, findings: FindingList
) -> pd.Series[Any]:
    column = mapping.dates.get(respondent, mapping.dates.get(""))
    if column is None:
        return pd.Series(pd.NaT, index=part.index, dtype="datetime64[ns]")
    cells = frame.loc[part.index, column]
    dates, text = read_dates(cells), cell_text(cells)
    findings.add("no_date", part[dates.isna() & (text == "")], column=column, respondent=respondent)
    findings.add(
        "unreadable_date",
        part[dates.isna() & (text != "")],
        column=column,
        respondent=respondent,
        values=text,
    )
    return dates


def read_dates(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Dates of cells that hold dates or text (ISO or day first); NaT where there is none."""
    text = cell_text(cells).str.replace(r"[T ]\d\d:\d\d.*$", "", regex=True)
    dates = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[ns]")
    for layout in DATE_FORMATS:
        open_cells = dates.isna() & (text != "")
        if not open_cells.any():
            break
        found = pd.to_datetime(text[open_cells], format=layout, errors="coerce")
        dates[open_cells] = found.astype("datetime64[ns]")
    days = as_numbers(text.where(dates.isna(), ""))
    serial = days.between(*_SERIAL_DATES)
    if serial.any():
        found = pd.Timestamp("1899-12-30") + pd.to_timedelta(days[serial].astype(int), unit="D")
        dates[serial] = found.astype("datetime64[ns]")
    return dates


def _values(laid: Laid, sheets: pd.DataFrame, instrument: Instrument, findings: FindingList) -> pd.DataFrame:
    frame, mapping = laid.frame, laid.mapping
    parts = []
    for item in instrument.items:
        mine = sheets[sheets["respondent"] == item.respondent]
        if item.id not in mapping.items or mine.empty:
            continue
        column = mapping.items[item.id]
        if laid.cell_rows is not None:
            own = laid.cell_rows[column].reindex(mine["place"]).set_axis(mine.index)
            mine = mine.assign(row=own.where(own.notna(), mine["row"]).astype(int))
        text = cell_text(frame.loc[mine["place"], column]).set_axis(mine.index)
        declared = text.isin(frame.attrs.get(MISSING_REASONS, {}).get(column, []))
        findings.add("declared_missing", mine[declared], column=column, values=text)
        text = text.where(~declared, "")
        words = words_of_file(frame, column, mapping.value_labels)
        value, taken = answer_numbers(text, item, instrument, words)
        _note_words(taken, column, findings)
        blank, unread = (text == "") & ~declared, (text != "") & value.isna()
        outside = value.notna() & ~value.between(item.scale_min, item.scale_max)
        between = value.notna() & ~outside & (value % 1 != 0)
        findings.add("missing", mine[blank], column=column)
        findings.add("not_a_number", mine[unread], column=column, values=text)
        findings.add("out_of_range", mine[outside], column=column, values=text)
        findings.add("between_points", mine[between], column=column, values=text)
        valid = value.notna() & ~outside
        parts.append(mine[valid].assign(item=item.id, value=value[valid]))
    if not parts:
        return pd.DataFrame(columns=list(ANSWER_COLUMNS))
    return pd.concat(parts, ignore_index=True)


def _note_words(taken: dict[str, float], column: str, findings: FindingList) -> None:
    """One finding a word and column: how it was read, not every cell that holds it."""
    if taken:
        rows = pd.DataFrame({"row": [pd.NA] * len(taken)})
        texts = [f"{word} = {number:g}" for word, number in taken.items()]
        findings.add("from_words", rows, column=column, values=pd.Series(texts, index=rows.index))


def _persons(
    frame: pd.DataFrame, rows: pd.DataFrame, mapping: ColumnMapping, findings: FindingList
) -> pd.DataFrame:
    """First value of each background variable; a later different value is reported."""
    known = pd.Index(rows["person"].unique(), name="person")
    persons = pd.DataFrame(index=known)
    for name, column in mapping.background.items():
        text = cell_text(frame.loc[rows.index, column])
        filled = rows.assign(text=text)[text != ""]
        first = filled.drop_duplicates("person").set_index("person")["text"]
        differing = filled[filled["text"] != filled["person"].map(first)]
        findings.add("differing_background", differing, column=column, values=text)
        persons[name] = _typed(first.reindex(known))
    return persons


def _typed(column: pd.Series[Any]) -> pd.Series[Any]:
    """Numbers where every filled cell is one, else text; blanks become missing."""
    numbers = as_numbers(column.fillna(""))
    return numbers if bool((numbers.notna() == column.notna()).all()) else column
