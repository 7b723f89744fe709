"""Figures of effects: periods in order, the start marked, and what may not be read drawn as such."""

import json

import pandas as pd
import pytest

from workbench.figures import coefficient_plot, event_study_plot, gap_plot, trends_plot

PERIODS = ["2016Q3", "2016Q4", "2017Q1", "2017Q2"]
MEANS = pd.DataFrame(
    [
        {"period": period, "series": series, "value": value + place / 100}
        for series, value in (("Indsats", 0.10), ("Kontrol", 0.12))
        for place, period in enumerate(PERIODS)
    ]
)
EFFECTS = pd.DataFrame(
    {
        "period": ["2016Q3", "2017Q1", "2017Q2"],
        "kind": ["pre", "post", "post"],
        "estimate": [0.001, 0.02, 0.031],
        "ci_low": [-0.01, 0.004, 0.012],
        "ci_high": [0.012, 0.036, 0.05],
    }
)
GAPS = pd.DataFrame(
    [
        {"period": period, "unit": unit, "gap": gap * place}
        for unit, gap in (("Assens", -0.01), ("Køge", 0.002), ("Greve", 0.003))
        for place, period in enumerate(PERIODS)
    ]
)


def figures(language="da"):
    return [
        trends_plot(MEANS, title="T", start="2017Q1", language=language),
        event_study_plot(
            EFFECTS, title="E", base="2016Q4", periods=PERIODS, start="2017Q1", language=language
        ),
        gap_plot(GAPS, title="G", treated="Assens", start="2017Q1", language=language),
    ]


def test_every_figure_draws_a_picture_and_the_same_drawing_each_time():
    for first, second in zip(figures(), figures(), strict=True):
        assert first.png()[:8] == b"\x89PNG\r\n\x1a\n", first.key
        assert first.svg() == second.svg(), first.key


def test_the_alternative_texts_name_start_base_and_values_in_the_language():
    trends, study, gap = figures()
    assert "Indsatsen begynder i 2017Q1." in trends.alt_text
    assert "Indsats: 0,100 i 2016Q3, 0,130 i 2017Q2" in trends.alt_text
    assert "målt i forhold til 2016Q4" in study.alt_text
    assert "2017Q2: 0,031 (fra 0,012 til 0,050)" in study.alt_text
    assert "Forskel for Assens" in gap.alt_text
    assert "2 placeboenheder" in gap.alt_text
    assert "2017Q2: 0.031 (from 0.012 to 0.050)" in figures("en")[1].alt_text


def test_the_base_period_stands_at_zero_without_an_interval_and_in_its_place():
    spec = json.dumps(figures()[1].chart.to_dict())
    assert '"period": "2016Q4", "kind": "base", "estimate": 0.0' in spec
    assert '"place": 1' in spec


def test_a_failed_gate_is_said_and_drawn_grey():
    drawn = event_study_plot(
        EFFECTS, title="E", base="2016Q4", periods=PERIODS, start="2017Q1", interpretable=False, language="en"
    )
    assert "cannot be interpreted" in drawn.alt_text
    assert drawn.svg() != figures("en")[1].svg()


def test_an_estimate_that_may_not_be_read_is_a_ring_and_says_so():
    effects = pd.DataFrame(
        {
            "label": ["Fyn", "Østjylland"],
            "estimate": [0.01, 0.05],
            "ci_low": [-0.01, 0.01],
            "ci_high": [0.03, 0.09],
            "interpretable": [True, False],
        }
    )
    drawn = coefficient_plot(effects, title="F")
    assert "Østjylland: 0,050 (fra 0,010 til 0,090), kan ikke fortolkes" in drawn.alt_text
    assert "Fyn: 0,010 (fra −0,010 til 0,030);" in drawn.alt_text
    assert drawn.svg() != coefficient_plot(effects.drop(columns="interpretable"), title="F").svg()


def test_a_figure_without_anything_to_show_is_refused():
    with pytest.raises(ValueError, match="at least one value"):
        trends_plot(MEANS.assign(value=float("nan")), title="T")
    with pytest.raises(ValueError, match="at least one estimate"):
        event_study_plot(EFFECTS.head(0), title="E", base="2016Q4", periods=PERIODS)
    with pytest.raises(ValueError, match="treated unit"):
        gap_plot(GAPS, title="G", treated="Odense")
