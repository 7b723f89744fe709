"""The declarations among the examples can be read, and fit the panels that they speak of."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from quant.effect_specs import load_effect_spec, load_synthetic_spec
from quant.panel_building import build_panel
from quant.panel_rules import load_panel_rules
from workbench.demo.effects import PANEL
from workbench.demo.panel import build_panel as demonstration_panel

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def test_the_differences_in_differences_fit_the_demonstration() -> None:
    spec = load_effect_spec(EXAMPLES / "did.toml")
    frame = demonstration_panel()
    used = {*spec.outcomes, *spec.subgroups, spec.time, spec.treated, spec.cluster}
    assert used <= set(frame.columns)
    periods = set(frame["quarter"])
    assert {
        spec.start,
        *spec.placebo_starts,
        *(p for window in spec.windows.values() for p in window),
    } <= periods
    assert spec.panel == PANEL


def test_the_synthetic_control_fits_the_demonstration() -> None:
    spec = load_synthetic_spec(EXAMPLES / "synthetic.toml")
    frame = demonstration_panel()
    assert {*spec.treated_units, *spec.exclude} <= set(frame[spec.unit])
    assert {spec.start, spec.placebo_start} <= set(frame[spec.time])
    assert spec.outcome in frame.columns
    assert spec.panel == PANEL


@pytest.mark.filterwarnings(
    "ignore:fetch_arrow_table:DeprecationWarning", "ignore:.*infer_string:DeprecationWarning"
)
def test_the_rules_of_a_panel_build_one() -> None:
    rules = load_panel_rules(EXAMPLES / "panel_rules.toml")
    weeks = [f"{year}W{week:02d}" for year in (2018, 2019) for week in range(1, 53)]
    persons = {"a": ("Aarhus", 1990), "b": ("Odense", 1970), "c": ("Vejle", 1940)}
    rows = [
        (person, week, "111" if week >= "2019W01" else "200", town, born)
        for person, (town, born) in persons.items()
        for week in weeks
    ]
    records = pd.DataFrame(rows, columns=["person", "week", "status", "municipality", "born"])
    frame = build_panel(rules, records).frame
    assert sorted(set(frame["person"])) == ["a", "b"]  # c is past working age
    last = frame[frame["period"] == "2019Q4"]
    assert last[["work", "five_weeks", "treated", "young"]].to_numpy().tolist() == [
        [1, 1, 1, 1],
        [1, 1, 0, 0],
    ]


def test_the_declarations_of_the_guide_can_be_read() -> None:
    guide = (EXAMPLES.parent / "docs" / "guide" / "effects.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```toml\n# (\w+)\.toml\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)
    assert [name for name, _ in blocks] == ["did", "event_study", "staggered", "synthetic"]
    for name, text in blocks:
        load = load_synthetic_spec if name == "synthetic" else load_effect_spec
        spec = load(text.encode(), f"{name}.toml")
        assert getattr(spec, "design", name) == name
