from __future__ import annotations

from pathlib import Path

import pytest

from quant import AnswersError, ColumnMapping, Instrument, guess_mapping, load_instrument


def test_columns_named_by_item_id_are_mapped_with_full_score() -> None:
    fip = load_instrument("fip")
    mapping = guess_mapping(["person", "round", "citizen_date", "caseworker_date", *fip.item_ids()], fip)
    assert mapping.items == {item: item for item in fip.item_ids()}
    assert mapping.dates == {"citizen": "citizen_date", "caseworker": "caseworker_date"}
    assert set(mapping.scores.values()) == {100.0}


@pytest.mark.parametrize("language", ["da", "en"])
def test_columns_named_by_label_are_mapped_in_both_languages(language: str) -> None:
    fip = load_instrument("fip")
    columns = [item.label[language] for item in fip.items]
    mapping = guess_mapping(["Borger-id", "Måling", "Køn", *columns], fip)
    assert mapping.items == {item.id: item.label[language] for item in fip.items}
    assert (mapping.person, mapping.round, mapping.background) == ("Borger-id", "Måling", {"gender": "Køn"})


def test_a_misspelt_label_is_still_found_with_a_lower_score(dyad: Instrument) -> None:
    mapping = guess_mapping(["id", "Helbreed", "Jobtro"], dyad)
    assert mapping.items["b_health"] == "Helbreed"
    assert 80 <= mapping.scores["item:b_health"] < 100


def test_columns_that_are_nothing_known_are_left_out(dyad: Instrument) -> None:
    mapping = guess_mapping(["id", "cpr", "navn", "b_health"], dyad)
    assert mapping.columns() == ("id", "b_health")


def test_no_item_and_no_person_are_refused_with_the_columns(dyad: Instrument) -> None:
    with pytest.raises(AnswersError, match="no column looks like an item"):
        guess_mapping(["id", "x"], dyad)
    with pytest.raises(AnswersError, match="person id"):
        guess_mapping(["zzz", "b_health"], dyad)


@pytest.mark.parametrize("name", ["mapping.toml", "mapping.json"])
def test_a_mapping_is_the_same_after_saving_and_loading(tmp_path: Path, name: str) -> None:
    mapping = ColumnMapping("id", {"b_health": "Helbred"}, "runde", None, {"": "dato"}, {"gender": "køn"})
    mapping.save(tmp_path / name)
    assert ColumnMapping.load(tmp_path / name) == mapping


def test_a_broken_mapping_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mapping.json"
    path.write_text('{"person": "id", "itmes": {}}', encoding="utf-8")
    with pytest.raises(AnswersError, match="unknown key 'itmes'"):
        ColumnMapping.load(path)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(AnswersError, match=r"mapping\.json: the mapping cannot be read"):
        ColumnMapping.load(path)
