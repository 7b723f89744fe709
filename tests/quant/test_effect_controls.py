"""Of the untreated units only those that are named are compared with."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from quant.did import did
from quant.effect_controls import keep_controls
from quant.effect_runs import run_effects
from quant.effect_specs import effect_spec
from quant.errors import EffectError

# Treated A rises by 5; control B by 1, control C by 3.
PANEL = pd.DataFrame(
    {
        "town": ["A", "A", "B", "B", "C", "C"],
        "year": [1, 2] * 3,
        "now": [0, 1, 0, 0, 0, 0],
        "y": [0.0, 5.0, 1.0, 2.0, 2.0, 5.0],
    }
)
COLUMNS = {"outcome": "y", "unit": "town", "time": "year", "treated": "now"}


def test_the_effect_is_against_the_named_controls() -> None:
    kept = keep_controls(PANEL, ["C"], column="town", treated="now")
    assert sorted(set(kept["town"])) == ["A", "C"]
    more = pd.concat([PANEL, PANEL.assign(town=PANEL["town"] + "2")])
    two = keep_controls(more, ["C", "C2"], column="town", treated="now")
    assert did(two, **COLUMNS).estimate == pytest.approx(2.0)
    assert did(more, **COLUMNS).estimate == pytest.approx(3.0)


def test_a_file_is_cut_where_it_lies(tmp_path: Path) -> None:
    more = pd.concat([PANEL, PANEL.assign(town=PANEL["town"] + "2")])
    more.to_parquet(tmp_path / "panel.parquet")
    table = keep_controls(tmp_path / "panel.parquet", ["C", "C2"], column="town", treated="now")
    assert did(table, **COLUMNS).estimate == pytest.approx(2.0)


def test_a_declaration_names_its_controls() -> None:
    more = pd.concat([PANEL, PANEL.assign(town=PANEL["town"] + "2")])
    spec = effect_spec({**COLUMNS, "controls": ["B", "B2"]})
    [found] = run_effects(more, spec).outcomes
    assert found.effect is not None
    assert found.effect.estimate == pytest.approx(4.0)


@pytest.mark.parametrize("names", [["D"], ["A"]])
def test_a_control_that_is_not_there_or_is_treated_is_refused(names: list[str]) -> None:
    with pytest.raises(EffectError) as refused:
        keep_controls(PANEL, names, column="town", treated="now")
    assert refused.value.reason == "effect_unknown_controls"


def test_controls_without_their_column_are_refused() -> None:
    with pytest.raises(EffectError) as refused:
        effect_spec({"outcome": "y", "time": "year", "treated": "now", "controls": ["B"]})
    assert refused.value.reason == "effect_spec_controls"
