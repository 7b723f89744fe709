from __future__ import annotations

from pathlib import Path

import pytest

from quant import (
    Estimate,
    EstimateMapping,
    EstimatesError,
    EstimateTable,
    guess_estimate_mapping,
    read_estimates,
    read_table,
)


def read(text: str) -> EstimateTable:
    frame = read_table(text.encode(), "effekter.csv")
    return read_estimates(frame, guess_estimate_mapping(frame.columns), source="effekter.csv")


def test_the_interval_follows_from_the_standard_error() -> None:
    estimate = Estimate("employment", "all", "2017-2018", "2", -0.008, 0.007, treated_mean=0.137)
    assert estimate.ci() == pytest.approx((-0.02172, 0.00572))
    assert estimate.ci(0.9) == pytest.approx((-0.008 - 1.644854 * 0.007, -0.008 + 1.644854 * 0.007))
    assert estimate.percent_of_mean == pytest.approx(-5.839416)


def test_a_printed_interval_is_kept() -> None:
    estimate = Estimate("y", "all", "", "", 1.0, 0.5, ci_low=0.1, ci_high=2.2)
    assert estimate.ci() == (0.1, 2.2)
    assert estimate.ci(0.9) == pytest.approx((1 - 1.6448536 * 0.5, 1 + 1.6448536 * 0.5))


def test_without_standard_error_and_interval_there_is_no_interval() -> None:
    assert Estimate("y", "all", "", "", 1.0).ci() is None
    assert Estimate("y", "all", "", "", 1.0).percent_of_mean is None


def test_danish_names_decimal_commas_and_stars_behind_the_estimate_are_read() -> None:
    table = read(
        "Tabel;Udfald;Gruppe;Periode;Koefficient;Standardfejl;Gennemsnit\n5.3;internship;men;2018;0,038**;(0,014);0,125\n"
    )
    (found,) = table.estimates
    assert (found.estimate, found.std_error, found.stars, found.treated_mean) == (0.038, 0.014, "**", 0.125)
    assert (found.place, found.source) == ("5.3 (men, internship, 2018)", "effekter.csv")
    assert table.findings.summary == {}


def test_faults_are_findings_with_their_row() -> None:
    table = read(
        "outcome,subgroup,period,model,estimate,std_error,ci_low,ci_high\n"
        "y,all,1,1,0.1,0.05,,\n"
        "y,all,1,1,0.2,0.05,,\n"
        "y,all,2,1,0.1,-0.05,,\n"
        "y,all,3,1,n.s.,0.05,,\n"
        "y,all,4,1,,0.05,,\n"
        "y,all,5,1,0.1,,,\n"
        "y,all,6,1,0.1,0,,\n"
        "y,all,7,1,0.1,,0.2,0.3\n"
    )
    found = table.findings.frame
    assert dict(zip(found["kind"], found["row"], strict=True)) == {
        "duplicate_row": 3,
        "negative_std_error": 4,
        "not_a_number": 5,
        "no_estimate": 6,
        "no_std_error": 7,
        "zero_std_error": 8,
        "interval_misses_estimate": 9,
    }
    assert [e.period for e in table.estimates] == ["1", "5", "6", "7"]
    assert table.estimates[0].estimate == 0.1


def test_the_columns_of_a_tidy_regression_are_recognised() -> None:
    mapping = guess_estimate_mapping(
        ["term", "estimate", "std.error", "conf.low", "conf.high", "n", "outcome"]
    )
    assert mapping.columns == {
        "estimate": "estimate",
        "std_error": "std.error",
        "outcome": "outcome",
        "n": "n",
        "ci_low": "conf.low",
        "ci_high": "conf.high",
    }
    assert mapping.model == ("term",)


def test_a_file_without_estimates_is_refused() -> None:
    with pytest.raises(EstimatesError, match=r"no column looks like the estimate \(columns: navn, svar\)"):
        guess_estimate_mapping(["navn", "svar"])
    with pytest.raises(EstimatesError, match=r"effekter\.csv: no valid estimate"):
        read("outcome,estimate\ny,x\n")


def test_a_mapping_is_the_same_after_saving_and_loading(tmp_path: Path) -> None:
    mapping = EstimateMapping({"estimate": "b", "outcome": "y"}, ("model",), {"estimate": 100.0})
    mapping.save(tmp_path / "effekter.toml")
    assert EstimateMapping.load(tmp_path / "effekter.toml") == mapping
    with pytest.raises(EstimatesError, match="no such mapping file"):
        EstimateMapping.load(tmp_path / "gone.toml")


def test_a_mapping_that_does_not_fit_is_refused() -> None:
    frame = read_table(b"b,y\n1,2\n", "x.csv")
    with pytest.raises(EstimatesError, match="column 'beta', which the file lacks"):
        read_estimates(frame, EstimateMapping({"estimate": "beta"}), source="x.csv")
    with pytest.raises(EstimatesError, match="unknown field 'weight'"):
        read_estimates(frame, EstimateMapping({"estimate": "b", "weight": "y"}), source="x.csv")
