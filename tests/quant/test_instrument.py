from __future__ import annotations

import dataclasses
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from quant import (
    Instrument,
    InstrumentError,
    instrument_from_dict,
    list_instruments,
    load_instrument,
    parse_instrument,
    template_instrument,
    write_instrument,
)

MOOD = """
id = "mood"
[label]
da = "Trivsel"
en = "Mood"
[[respondents]]
id = "pupil"
[[items]]
id = "q1"
respondent = "pupil"
scale_min = 1
scale_max = 5
label = { da = "Glad", en = "Happy" }
[[items]]
id = "q2"
respondent = "pupil"
scale_min = 1
scale_max = 5
"""


def test_fip_is_shipped_with_22_items_and_three_solutions() -> None:
    fip = load_instrument("fip")
    assert "fip" in list_instruments()
    assert [len(fip.item_ids(r.id)) for r in fip.respondents] == [11, 11]
    assert {s: len(fip.solution(s)) for s in fip.solutions()} == {"citizen": 3, "caseworker": 4, "joint": 6}
    assert fip.rules.pairing == "same_calendar_month"
    assert sum(1 for item in fip.items if item.pair) == 14


def test_a_plain_questionnaire_needs_no_pairs_factors_or_dimensions() -> None:
    mood = parse_instrument(MOOD.encode(), "mood.toml")
    assert mood.item_ids() == ("q1", "q2")
    assert mood.item("q2").label == {"da": "q2", "en": "q2"}
    assert (mood.rules.pairing, mood.solutions()) == ("none", ())


def test_an_instrument_survives_being_written_as_plain_values(dyad: Instrument) -> None:
    assert instrument_from_dict(dyad.as_dict()) == dyad


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return buffer.getvalue()


def test_an_instrument_can_be_written_in_a_workbook(tmp_path: Path) -> None:
    content = workbook(
        {
            "instrument": [["id", "mood"], ["label_da", "Trivsel"], ["label_en", "Mood"], ["rounds", "1 2"]],
            "items": [
                ["id", "respondent", "label_da", "label_en", "scale_min", "scale_max", "direction"],
                ["q1", "pupil", "Glad", "Happy", 1, 5, 1],
                ["q2", "pupil", "Trist", "Sad", 1, 5, -1],
            ],
            "factors": [["id", "label_en", "items"], ["mood", "Mood", "q1 q2"]],
        }
    )
    path = tmp_path / "mood.xlsx"
    path.write_bytes(content)
    mood = load_instrument(path)
    assert mood.label["da"] == "Trivsel"
    assert mood.rules.rounds == (1, 2)
    assert mood.item("q2").direction == -1
    assert mood.solution("main")[0].items == ("q1", "q2")
    assert [r.id for r in mood.respondents] == ["pupil"]


def test_a_workbook_without_items_is_refused_by_the_sheets_name() -> None:
    with pytest.raises(InstrumentError, match=r"mood\.xlsx: sheet 'items' is missing"):
        parse_instrument(workbook({"instrument": [["id", "mood"]]}), "mood.xlsx")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"items": ()}, "has no items"),
        ({"respondents": ()}, "names no respondent"),
    ],
)
def test_an_empty_part_is_named(dyad: Instrument, change: dict[str, tuple[()]], message: str) -> None:
    with pytest.raises(InstrumentError, match=message):
        dataclasses.replace(dyad, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "q2"', 'id = "q1"', "item id 'q1' occurs twice"),
        ("scale_max = 5", "scale_max = 1", "scale 1-1 must run from low to high"),
        ('respondent = "pupil"', 'respondent = "teacher"', "respondent 'teacher' is unknown"),
        ("scale_min = 1", "", "lacks the key 'scale_min'"),
        ('id = "mood"', "id = ", "expected an instrument in TOML"),
        ("scale_min = 1", 'scale_min = "low"', "value of the wrong kind"),
        ("[label]", '[rules]\npairing = "moon"\n[label]', "pairing 'moon' is unknown"),
    ],
)
def test_an_incoherent_file_is_refused_with_file_and_place(old: str, new: str, message: str) -> None:
    with pytest.raises(InstrumentError, match=message) as caught:
        parse_instrument(MOOD.replace(old, new, 1).encode(), "mood.toml")
    assert "mood.toml" in str(caught.value) or "rules" in str(caught.value)


def test_a_pair_that_is_not_mutual_is_refused(dyad: Instrument) -> None:
    items = tuple(dataclasses.replace(i, pair=None) if i.id == "s_health" else i for i in dyad.items)
    with pytest.raises(InstrumentError, match="'s_health' must name 'b_health' as its own pair"):
        dataclasses.replace(dyad, items=items)


def test_an_unknown_name_lists_what_is_shipped() -> None:
    with pytest.raises(InstrumentError, match=r"no instrument 'fib'.*fip"):
        load_instrument("fib")


@pytest.mark.parametrize("ending", ["toml", "xlsx"])
@pytest.mark.parametrize(
    "instrument", [load_instrument("fip"), template_instrument()], ids=["fip", "template"]
)
def test_an_instrument_written_to_a_file_reads_back_equal(instrument: Instrument, ending: str) -> None:
    name = f"own.{ending}"
    assert parse_instrument(write_instrument(instrument, name), name) == instrument


def test_an_instrument_is_not_written_under_another_ending(dyad: Instrument) -> None:
    with pytest.raises(InstrumentError, match=r"own\.csv: an instrument is written as \.toml or \.xlsx"):
        write_instrument(dyad, "own.csv")


def test_fip_is_worded_in_danish_and_english_with_poles() -> None:
    fip = load_instrument("fip")
    assert fip.wording_languages() == ("da", "en")
    assert all(item.wording["da"].endswith(".") for item in fip.items)
    scale = fip.scale_of(fip.items[0])
    assert scale is not None
    assert scale.high == {"da": "Passer helt", "en": "Completely true"}


def test_a_question_without_wording_in_a_language_falls_back_to_what_there_is(dyad: Instrument) -> None:
    item = dataclasses.replace(dyad.items[0], wording={"ar": "سؤال"}, label={"da": "Job", "en": ""})
    assert [item.question(language) for language in ("ar", "da", "en")] == ["سؤال", "Job", "سؤال"]


ITEMS = [["id", "respondent", "scale_min", "scale_max", "pair"], ["q1", "pupil", 1, 5, ""]]
SETTINGS = [["id", "mood"]]


@pytest.mark.parametrize(
    ("sheets", "message"),
    [
        (
            {"items": [["id", "respondent"], ["q1", "p"]]},
            r"sheet 'items', row 1: column 'scale_min' is missing",
        ),
        (
            {"items": [ITEMS[0], ["q1", "pupil", 1, "seven", ""]]},
            r"sheet 'items', row 2, column 'scale_max': expected a whole number, found 'seven'",
        ),
        (
            {"items": [*ITEMS, [], ["q2", "pupil", None, 5, ""]]},
            r"sheet 'items', row 4, column 'scale_min': the cell is empty",
        ),
        ({"items": [*ITEMS, ["q2", "pupil", 1, 5, "q9"]]}, r"sheet 'items', row 3: .*'q9' is no item"),
        (
            {"items": ITEMS, "factors": [["id", "items"], ["f", "q1 q8"]]},
            r"sheet 'factors', row 2: .*item 'q8' is unknown",
        ),
        (
            {
                "items": ITEMS,
                "variants": [
                    ["id", "scale_min", "scale_max", "rule", "values"],
                    ["f", 1, 2, "lookup", "1:1"],
                ],
            },
            r"sheet 'variants', row 2, column 'values': expected point=answer",
        ),
        ({"instrument": [["name", "x"]], "items": ITEMS}, r"sheet 'instrument': no row has the key id"),
    ],
)
def test_a_fault_in_a_workbook_is_named_by_sheet_row_and_column(
    sheets: dict[str, list[list[object]]], message: str
) -> None:
    with pytest.raises(InstrumentError, match=rf"mood\.xlsx, {message}"):
        parse_instrument(workbook({"instrument": SETTINGS, **sheets}), "mood.xlsx")  # type: ignore[dict-item]
