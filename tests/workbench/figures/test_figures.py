"""Figures say in words what they show, speak the language's numbers and hold on paper and screen."""

import json

import pandas as pd
import pytest

from workbench.figures import coefficient_plot, indicator_means, loadings_heatmap, presence_by_group, radar
from workbench.figures.theme import INK, SERIES, on_paper

STAR = pd.DataFrame(
    [
        {"axis": axis, "respondent": "Borger", "round": round_, "value": value + round_}
        for axis, value in (("Taler dansk", 2), ("Helbred", 3), ("Fokus på job", 4))
        for round_ in (1, 2)
    ]
)
ESTIMATES = pd.DataFrame(
    {
        "label": ["2017", "2018"],
        "estimate": [0.006, 0.031],
        "ci_low": [-0.016, 0.007],
        "ci_high": [0.028, 0.055],
    }
)
COUNTS = pd.DataFrame({"theme": ["Sprog", "Sprog"], "group": ["Leder", "Borger"], "k": [6, 0], "n": [8, 0]})
LOADINGS = pd.DataFrame(
    {
        "item": ["Taler dansk", "Taler dansk", "Møder til tiden", "Møder til tiden"],
        "factor": ["Dansk", "Samarbejde", "Dansk", "Samarbejde"],
        "loading": [0.8541, 0.12, 0.17, -0.44],
    }
)
MEANS = pd.DataFrame(
    {"indicator": ["Tro på job"] * 4, "group": ["Kvinder", "Mænd"] * 2, "round": [1, 1, 2, 2],
     "mean": [3.4, 4.7, 3.6, 4.8]}
)  # fmt: skip


def all_figures(language="da"):
    return [
        radar(STAR, title="Stjerne", language=language),
        coefficient_plot(ESTIMATES, title="Effekt", language=language),
        presence_by_group(COUNTS, title="Temaer", language=language),
        loadings_heatmap(LOADINGS, title="Ladninger", language=language),
        indicator_means(MEANS, title="Gennemsnit", language=language),
    ]


def test_every_figure_draws_a_picture_and_a_vector_drawing():
    for figure in all_figures():
        assert figure.png()[:8] == b"\x89PNG\r\n\x1a\n", figure.key
        assert figure.svg().startswith("<svg"), figure.key


def test_same_figure_is_drawn_the_same_each_time():
    first, second = coefficient_plot(ESTIMATES, title="E"), coefficient_plot(ESTIMATES, title="E")
    assert first.svg() == second.svg()
    assert first.png() == second.png()


def test_axis_numbers_follow_the_language():
    danish, english = (coefficient_plot(ESTIMATES, title="E", language=each).svg() for each in ("da", "en"))
    assert ">0,02<" in danish
    assert ">0.02<" in english


def test_screen_is_transparent_and_paper_is_white_with_darker_ink():
    spec = coefficient_plot(ESTIMATES, title="E").altair.to_dict()
    assert spec["config"]["background"] == "transparent"
    assert on_paper(spec)["config"]["background"] == "white"
    assert INK not in json.dumps(on_paper(spec))


def test_star_text_names_scale_and_means():
    text = radar(STAR, title="Stjerne").alt_text
    assert text.startswith("Stjerne med 3 akser på en skala fra 1 til 7.")
    assert "Borger, runde 1: gennemsnit 4,0; Borger, runde 2: gennemsnit 5,0." in text


def test_star_leaves_a_line_open_where_an_answer_is_missing():
    answers = STAR.astype({"value": float})
    answers.loc[0, "value"] = None
    spec = radar(answers, title="Stjerne").chart.to_dict()
    edges = next(rows for rows in spec["datasets"].values() if "edge" in rows[0])
    per_series = pd.DataFrame(edges).groupby("series")["edge"].nunique()
    assert per_series.to_dict() == {"Borger, runde 1": 1, "Borger, runde 2": 3}


def test_star_keeps_respondents_apart_by_colour_and_rounds_by_line():
    both = pd.concat([STAR, STAR.assign(respondent="Sagsbehandler")])
    text = json.dumps(radar(both, title="Stjerne").chart.to_dict())
    assert all(colour in text for colour in SERIES[:2])
    assert "[4, 3]" in text


def test_star_with_two_axes_is_refused():
    with pytest.raises(ValueError, match="three axes or more, found 2"):
        radar(STAR[STAR["axis"] != "Helbred"], title="Stjerne")


def test_coefficients_are_told_with_their_intervals():
    assert "2018: 0,031 (fra 0,007 til 0,055)" in coefficient_plot(ESTIMATES, title="E").alt_text


def test_presence_shows_the_base_and_what_was_not_asked():
    text = presence_by_group(COUNTS, title="T").alt_text
    assert "Sprog, Leder: 6/8; Sprog, Borger: ikke spurgt." in text


def test_heat_map_names_the_salient_loadings_with_their_sign():
    text = loadings_heatmap(LOADINGS, title="L").alt_text
    assert "Dansk: Taler dansk 0,85; Samarbejde: Møder til tiden −0,44." in text


def test_means_of_one_round_need_no_key_of_rounds():
    one = indicator_means(MEANS[MEANS["round"] == 1], title="G").svg()
    assert "● Runde" not in one
    assert "● Runde 2" in indicator_means(MEANS, title="G").svg()


def test_frames_are_left_as_they_were():
    copies = [frame.copy() for frame in (STAR, ESTIMATES, COUNTS, LOADINGS, MEANS)]
    all_figures()
    for frame, copy in zip((STAR, ESTIMATES, COUNTS, LOADINGS, MEANS), copies, strict=True):
        pd.testing.assert_frame_equal(frame, copy)


def test_empty_frames_are_refused_with_a_reason():
    for draw, frame in (
        (coefficient_plot, ESTIMATES), (presence_by_group, COUNTS), (loadings_heatmap, LOADINGS),
        (indicator_means, MEANS),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="at least one"):
            draw(frame.iloc[:0], title="T")
