"""Writing instruments to .toml and .xlsx, and the template to start one of your own from."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from quant.errors import InstrumentError
from quant.instrument import Dimension, Instrument, Item, Respondent, Rules
from quant.instrument_workbook import workbook_sheets
from quant.scale_variants import Scale, ScaleVariant


def write_instrument(instrument: Instrument, name: str) -> bytes:
    """The instrument as the bytes of a file; `name` decides between .toml and .xlsx.

    Reading the bytes with `parse_instrument` gives an equal instrument.
    Raises InstrumentError for another ending.
    """
    ending = Path(name).suffix.lower()
    if ending == ".toml":
        return instrument_toml(instrument).encode()
    if ending == ".xlsx":
        return instrument_xlsx(instrument)
    raise InstrumentError(
        "{file}: an instrument is written as .toml or .xlsx; give the file one of these endings",
        reason="file_ending",
        file=name,
    )


def instrument_toml(instrument: Instrument) -> str:
    """The instrument as TOML text."""
    import tomlkit

    return tomlkit.dumps(_without_empty(instrument.as_dict()))


def instrument_xlsx(instrument: Instrument) -> bytes:
    """The instrument as a workbook, a sheet a kind of entry."""
    import xlsxwriter

    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        head, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        for name, rows in workbook_sheets(instrument).items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                is_head = number == 0 and name != "instrument"
                for place, cell in enumerate(row):
                    sheet.write(number, place, cell, head if is_head else wrapped)
            if name == "instrument":
                sheet.set_column(0, 0, 24)
                sheet.set_column(1, 1, 80)
                continue
            sheet.freeze_panes(1, 1)
            for place, column in enumerate(rows[0]):
                sheet.set_column(place, place, 44 if str(column).startswith("wording") else 20)
    return buffer.getvalue()


def template_instrument() -> Instrument:
    """A small questionnaire with one entry of every kind, to be overwritten with your own."""
    scale = Scale(
        "agree",
        low={"da": "Passer slet ikke", "en": "Not true at all"},
        high={"da": "Passer helt", "en": "Completely true"},
    )
    faces = ScaleVariant(
        id="faces3",
        label={"da": "3 ansigter", "en": "3 faces"},
        scale_min=1,
        scale_max=3,
        rule="lookup",
        values={"1": 1.0, "2": 3.0, "3": 5.0},
        respondents=("participant",),
        drawn="faces",
    )
    shared = {"dimension": "wellbeing", "scale_min": 1, "scale_max": 5, "scale": "agree"}
    return Instrument(
        id="my_questionnaire",
        version="1",
        label={"da": "Mit spørgeskema", "en": "My questionnaire"},
        source="",
        respondents=(
            Respondent("participant", {"da": "Deltager", "en": "Participant"}, "p_"),
            Respondent("mentor", {"da": "Mentor", "en": "Mentor"}, "m_"),
        ),
        items=(
            Item(
                id="p_rested",
                respondent="participant",
                order=1,
                label={"da": "Udhvilet", "en": "Rested"},
                wording={"da": "Jeg vågner udhvilet.", "en": "I wake up rested."},
                pair="m_rested",
                **shared,  # type: ignore[arg-type]  # text and numbers as the fields want them
            ),
            Item(
                id="m_rested",
                respondent="mentor",
                order=2,
                label={"da": "Udhvilet", "en": "Rested"},
                wording={"da": "Deltageren virker udhvilet.", "en": "The participant seems rested."},
                pair="p_rested",
                **shared,  # type: ignore[arg-type]
            ),
        ),
        rules=Rules(pairing="same_round"),
        dimensions=(Dimension("wellbeing", {"da": "Trivsel", "en": "Well-being"}),),
        scales=(scale,),
        variants=(faces,),
        introduction={
            "da": "Sæt ét kryds ved hver linje.",
            "en": "Put one cross at each line.",
        },
    )


def _without_empty(value: Any) -> Any:
    """TOML has no null; what is empty is what reading takes for left out."""
    if isinstance(value, Mapping):
        kept = {key: _without_empty(entry) for key, entry in value.items()}
        return {key: entry for key, entry in kept.items() if entry not in (None, "", [], {})}
    if isinstance(value, (list, tuple)):
        return [_without_empty(entry) for entry in value]
    return value
