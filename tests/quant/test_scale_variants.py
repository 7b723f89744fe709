"""Simplified scales: mapped by the declared rule and by nothing else."""

from __future__ import annotations

import dataclasses

import pytest

from quant import Instrument, InstrumentError, ScaleVariant, load_instrument

FACES = ScaleVariant(
    "faces",
    {"en": "3 faces"},
    1,
    3,
    rule="lookup",
    values={"1": 2.0, "2": 4.0, "3": 6.0},
    respondents=("citizen",),
)


def with_variant(instrument: Instrument, **change: object) -> Instrument:
    return dataclasses.replace(instrument, variants=(dataclasses.replace(FACES, **change),))  # type: ignore[arg-type]


def test_five_faces_spread_evenly_over_seven_points() -> None:
    faces = load_instrument("fip").variant("faces5")
    assert faces.table(1, 7) == {1: 1.0, 2: 2.5, 3: 4.0, 4: 5.5, 5: 7.0}


def test_a_lookup_takes_the_values_declared() -> None:
    assert FACES.table(1, 7) == {1: 2.0, 2: 4.0, 3: 6.0}


@pytest.mark.parametrize("value", [0, 4, 1.5])
def test_what_is_no_point_of_the_variant_is_refused(value: float) -> None:
    with pytest.raises(InstrumentError, match="is no point of its scale; use a whole number from 1 to 3"):
        FACES.mapped(value, 1, 7)


def test_a_variant_is_for_the_respondents_it_names() -> None:
    assert FACES.allows("citizen")
    assert not FACES.allows("caseworker")
    assert dataclasses.replace(FACES, respondents=()).allows("caseworker")


def test_an_unknown_variant_lists_those_there_are() -> None:
    with pytest.raises(InstrumentError, match=r"no simplified scale 'smileys'.*faces3, faces5"):
        load_instrument("fip").variant("smileys")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"scale_max": 1}, "scale 1-1 must run from low to high"),
        ({"values": {"1": 1.0, "3": 7.0}}, "values must name each of the points 1, 2, 3 once"),
        ({"values": {"1": 1.0, "2": 9.0, "3": 7.0}}, "must rise with the points"),
        ({"values": {"1": 1.0, "2": 4.0, "3": 9.0}}, "leave the scale 1-7"),
        ({"respondents": ("dog",)}, "respondent 'dog' is unknown"),
        ({"rule": "guess"}, "rule is 'guess'"),
    ],
)
def test_a_variant_that_does_not_fit_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(InstrumentError, match=message):
        with_variant(load_instrument("fip"), **change)
