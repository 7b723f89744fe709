"""The shipped scheme: its codes, its colours, its crosswalk."""

from __future__ import annotations

import csv
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from coding_schemes import list_schemes, load_scheme

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"
LANGUAGES = ("da", "en")
BRANCHES = {
    "language": {
        "lack_of_danish": -1,
        "progress": 1,
        "school": 0,
        "workplace_language": 0,
        "interpreter": 0,
    },
    "health": {"physical": -1, "mental_trauma": -1, "everyday_strain": -1, "health_support": 1},
    "motivation": {"wants_work": 1, "lost_heart": -1, "goal_clarity": 1, "incentives": 0},
    "women": {"childcare": -1, "family_roles": -1, "first_job": 1, "targeted_effort": 1},
    "igu": {"route_in": 1, "drop_out": -1, "pay_and_terms": 0, "company_view": 0},
}


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    return float(np.array([0.2126, 0.7152, 0.0722]) @ linear(color))


def linear(color: str) -> np.ndarray:
    """Linear red, green, blue of "#rrggbb"."""
    channels = np.array([int(color[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def test_immi_is_shipped() -> None:
    assert "immi" in list_schemes()


def test_immi_has_its_themes_and_sub_codes_with_valence() -> None:
    scheme = load_scheme("immi")
    found = {
        theme.path: {code.path.partition("/")[2]: code.valence for code in scheme.children(theme.path)}
        for theme in scheme.themes
    }
    assert found == BRANCHES


def test_every_code_of_immi_is_described_in_both_languages() -> None:
    for code in load_scheme("immi").codes:
        for texts in (code.label, code.definition, code.include, code.exclude, code.example):
            assert all(texts[language].strip() for language in LANGUAGES), code.path
        assert len(code.seed_words) >= 4, code.path


def test_actor_groups_are_the_four_of_the_study() -> None:
    groups = load_scheme("immi").actor_groups
    assert [group.id for group in groups] == ["leader", "caseworker", "citizen", "company"]
    words = [word for group in groups for word in group.words]
    assert len(words) == len(set(words))


def test_colours_are_all_different_and_visible_on_light_and_dark() -> None:
    colors = [code.color for code in load_scheme("immi").codes]
    assert len(set(colors)) == len(colors)
    for color in colors:
        light = luminance(color)
        assert 1.05 / (light + 0.05) > 2.1, color
        assert (light + 0.05) / 0.0556 > 2.4, color


# Machado, Oliveira & Fernandes (2009), severity 1.0, on linear RGB.
DEFICIENCIES = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}
TO_LMS = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
]
TO_OKLAB = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
]


@pytest.mark.parametrize("deficiency", sorted(DEFICIENCIES))
def test_theme_colours_stay_apart_for_colour_blind_readers(deficiency: str) -> None:
    def seen(color: str) -> np.ndarray:
        rgb = np.clip(np.array(DEFICIENCIES[deficiency]) @ linear(color), 0, 1)
        return np.array(TO_OKLAB) @ np.cbrt(np.array(TO_LMS) @ rgb)

    colors = [theme.color for theme in load_scheme("immi").themes]
    nearest = min(float(np.linalg.norm(seen(a) - seen(b))) for a, b in combinations(colors, 2))
    assert nearest > 0.07  # .02 is about the smallest difference that is seen side by side


def test_crosswalk_follows_the_default_of_the_method() -> None:
    links = load_scheme("immi").crosswalk
    factors = {
        theme: {link.target for link in links if link.theme == theme and link.kind == "factor"}
        for theme in BRANCHES
    }
    assert factors["language"] == {"b_danish", "s_danish"}
    assert factors["health"] == {"s_health_factor"}
    assert factors["motivation"] == {"b_self_confidence", "s_self_confidence"}
    assert len(factors["women"]) == 7
    assert factors["igu"] == set()
    assert {(link.kind, link.target) for link in links if link.theme == "women" and link.by is None} == {
        ("subgroup", "women"),
        ("subgroup", "men"),
    }


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the published figures are not beside the project")
def test_crosswalk_targets_exist_in_the_published_figures() -> None:
    def column(file: str, name: str) -> set[str]:
        with (REFERENCE / file).open(encoding="utf-8") as stream:
            return {row[name] for row in csv.DictReader(stream)}

    known = {
        "factor": column("fip_factors.csv", "factor"),
        "indicator": column("fip_indicators.csv", "indicator"),
        "outcome": column("effect_estimates.csv", "outcome"),
        "subgroup": column("effect_estimates.csv", "subgroup"),
    }
    for link in load_scheme("immi").crosswalk:
        assert link.target in known[link.kind], link
    scheme = load_scheme("immi")
    assert known["outcome"] <= set(scheme.good_directions)
    assert known["outcome"] | known["subgroup"] <= set(scheme.terms)


def test_an_internship_is_a_means_and_a_job_an_end() -> None:
    scheme = load_scheme("immi")
    assert scheme.good_direction("internship") == "open"
    assert scheme.good_direction("employment") == "up"
    assert scheme.good_direction("an outcome that the scheme does not name") == "up"
