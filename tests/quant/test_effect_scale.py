"""Panels outside memory: cells made by DuckDB give the fit of the rows, in both designs, for all errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import ibis
import numpy as np
import pandas as pd
import pytest

import quant.effect_tables
from quant.did import did
from quant.effect_bootstrap import effect_bootstrap
from quant.effect_results import EffectResult
from quant.errors import EffectError
from quant.event_study import event_study

COLUMNS: dict[str, Any] = {
    "gaps": "keep",
    "outcome": "y",
    "unit": "person",
    "time": "quarter",
    "treated": "group",
}
CLOSE = 1e-10


def made(n_persons: int = 2500) -> pd.DataFrame:
    """Persons in 58 towns who come, leave and lack quarters; children change, income is continuous."""
    rng = np.random.default_rng(11)
    first = rng.integers(0, 6, n_persons)
    last = rng.integers(7, 12, n_persons)
    rows = [
        (person, f"{2015 + q // 4}Q{q % 4 + 1}")
        for person in range(n_persons)
        for q in range(first[person], last[person] + 1)
        if rng.random() > 0.03
    ]
    frame = pd.DataFrame(rows, columns=["person", "quarter"])
    n = len(frame)
    town = rng.integers(0, 58, n_persons)
    frame["town"] = town[frame["person"]]
    frame["group"] = (frame["town"] < 17).astype(int)
    frame["now"] = frame["group"] * (frame["quarter"] >= "2016Q3")
    frame["begins"] = np.where(frame["group"] == 1, "2016Q3", None)
    frame["sex"] = np.where(frame["person"] % 3 > 0, "woman", "man")
    frame["children"] = rng.integers(0, 3, n_persons)[frame["person"]] + (rng.random(n) < 0.02)
    frame["region"] = frame["town"] % 4
    frame["income"] = rng.normal(size=n)
    frame["w"] = rng.integers(1, 4, n).astype(float)
    person, place = rng.normal(size=n_persons), rng.normal(size=58)
    frame["y"] = (
        30_000 + 900 * person[frame["person"]] + 300 * place[frame["town"]] * (frame["quarter"] > "2016")
        + 250 * frame["now"] - 80 * frame["children"] + rng.normal(size=n) * 700
    )  # fmt: skip
    return frame


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return made()


@pytest.fixture(scope="module")
def file(frame: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("panel") / "panel.parquet"
    frame.to_parquet(path)
    return path


def assert_equal(rows: EffectResult, cells: EffectResult) -> None:
    """The same result; differences are measured in standard errors, for a coefficient may be near 0."""
    assert rows.table["term"].tolist() == cells.table["term"].tolist()
    errors = rows.table["std_error"].to_numpy()
    for column in ("estimate", "ci_low", "ci_high"):
        difference = (rows.table[column] - cells.table[column]).abs().to_numpy() / errors
        assert difference.max() < CLOSE, column
    np.testing.assert_allclose(cells.table["std_error"], errors, rtol=CLOSE)
    np.testing.assert_allclose(cells.table["treated_mean"], rows.table["treated_mean"], rtol=CLOSE)
    assert cells.r2 == pytest.approx(rows.r2, rel=CLOSE)
    for name in ("n", "n_units", "n_treated_units", "clusters", "treated_clusters", "df", "start", "base"):
        assert getattr(cells, name) == getattr(rows, name), name
    assert [str(note) for note in cells.notes] == [str(note) for note in rows.notes]


@pytest.mark.parametrize("fixed_effects", ["unit", "group"])
@pytest.mark.parametrize(
    "errors", [{"cluster": "town"}, {"cluster": "town", "dof": "areg"}, {}, {"vcov": "robust", "dof": "areg"}]
)
@pytest.mark.parametrize("covariates", [(), ("sex", "children")])
def test_cells_give_the_estimates_and_errors_of_the_rows(
    frame: pd.DataFrame, file: Path, fixed_effects: Any, errors: dict[str, Any], covariates: tuple[str, ...]
) -> None:
    given = {**COLUMNS, **errors, "covariates": covariates, "fixed_effects": fixed_effects}
    rows = event_study(frame, base="2016Q2", **given)
    cells = event_study(file, base="2016Q2", **given)
    assert_equal(rows, cells)
    assert rows.settings["cells"] == len(frame)
    if fixed_effects == "group":
        assert cells.settings["cells"] < len(frame) / 2


@pytest.mark.parametrize(
    "given",
    [
        {"treated": "now"},
        {"treated": "now", "windows": {"2016": ["2016Q3", "2016Q4"], "later": ["2017Q2", "2017Q3"]}},
        {"start": "begins"},
        {"start": "2016Q3", "base": ["2015Q3", "2015Q4", "2016Q1"]},
        {"start": "2016Q3", "absorb": ["region"], "fixed_effects": "group"},
        {"treated": "now", "fixed_effects": "group", "windows": {"2017": ["2017Q1"]}},
        {"start": "2016Q3", "absorb": ["town"], "fixed_effects": "group", "dof": "areg"},
        {"start": "2016Q3", "absorb": ["children"], "dof": "areg"},
        {"start": "2016Q3", "absorb": ["children", "sex"], "covariates": ["region"]},
    ],
)
def test_windows_starts_and_absorbed_columns_are_the_same_from_cells(
    frame: pd.DataFrame, file: Path, given: dict[str, Any]
) -> None:
    given = {**COLUMNS, "cluster": "town", **given}
    assert_equal(did(frame, **given), did(file, **given))


def test_csv_relation_and_ibis_table_are_read_where_they_are(
    frame: pd.DataFrame, file: Path, tmp_path: Path
) -> None:
    given = {**COLUMNS, "start": "2016Q3", "cluster": "town"}
    rows = did(frame, **given)
    frame.to_csv(tmp_path / "panel.csv", index=False)
    connection = duckdb.connect()
    relation = connection.sql(f"select * from '{file}' where true")
    for panel in (tmp_path / "panel.csv", str(file), relation):
        assert_equal(rows, did(panel, **given))


# ibis 12 asks pandas 3 and DuckDB 2 by names that are to go.
@pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:.*infer_string:DeprecationWarning")
def test_an_ibis_table_with_its_own_selection_is_a_panel(frame: pd.DataFrame, file: Path) -> None:
    table = ibis.duckdb.connect().read_parquet(str(file))
    given = {**COLUMNS, "start": "2016Q3", "cluster": "town"}
    women = did(table.filter(table.sex == "woman"), **given)
    assert_equal(did(frame[frame["sex"] == "woman"], **given), women)


@pytest.mark.parametrize("fixed_effects", ["unit", "group"])
def test_large_frames_are_reduced_too(
    frame: pd.DataFrame, fixed_effects: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {**COLUMNS, "start": "2016Q3", "cluster": "town", "fixed_effects": fixed_effects}
    rows = did(frame, **given)
    weighted = did(frame, **given, weights="w")
    monkeypatch.setattr("quant.effect_model.LARGE_FRAME", 1000)
    reduced = did(frame, **given)
    assert_equal(rows, reduced)
    assert reduced.settings["cells"] < rows.settings["cells"]
    again = did(frame, **given, weights="w")
    assert (again.estimate, again.settings["cells"]) == (weighted.estimate, len(frame))


def test_dates_are_periods_in_a_file_as_in_a_frame(frame: pd.DataFrame, tmp_path: Path) -> None:
    dated = frame.assign(quarter=pd.PeriodIndex(frame["quarter"], freq="Q").to_timestamp())
    dated.to_parquet(tmp_path / "panel.parquet")
    given = {**COLUMNS, "base": "2016-04-01", "cluster": "town"}
    rows, cells = event_study(dated, **given), event_study(tmp_path / "panel.parquet", **given)
    assert_equal(rows, cells)
    assert cells.table["term"].iloc[0] == "2015-01-01"


def test_panels_of_more_periods_than_one_number_has_bits(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    rows = [(p, t) for p in range(60) for t in range(130) if rng.random() > 0.05 * (p % 3)]
    frame = pd.DataFrame(rows, columns=["person", "quarter"])
    frame["town"] = frame["person"] // 3
    frame["group"] = (frame["town"] < 8).astype(int)
    frame["y"] = rng.normal(size=len(frame)) + frame["group"] * (frame["quarter"] >= 100)
    frame.to_parquet(tmp_path / "panel.parquet")
    given = {**COLUMNS, "start": 100, "cluster": "town"}
    assert_equal(did(frame, **given), did(tmp_path / "panel.parquet", **given))


def test_rows_without_a_value_are_left_out_alike(frame: pd.DataFrame, tmp_path: Path) -> None:
    holes = frame.copy()
    holes.loc[holes.index % 37 == 0, "y"] = np.nan
    holes.loc[holes.index % 53 == 0, "town"] = None
    holes.to_parquet(tmp_path / "panel.parquet")
    given = {**COLUMNS, "start": "2016Q3", "cluster": "town"}
    assert_equal(did(holes, **given), did(tmp_path / "panel.parquet", **given))


def test_persons_seen_once_are_a_panel_of_groups(frame: pd.DataFrame, file: Path) -> None:
    given = {**COLUMNS, "unit": None, "start": "2016Q3", "cluster": "town", "fixed_effects": "group"}
    cells = did(file, **given)
    assert_equal(did(frame, **given), cells)
    assert (cells.n_units, cells.settings["cells"]) == (len(frame), 58 * 12)


@pytest.mark.parametrize(
    "given", [{"covariates": ["income"]}, {"weights": "w"}, {"cluster": "person"}, {"vcov": "robust"}]
)
def test_what_tells_all_rows_apart_is_fitted_from_rows_and_said(
    frame: pd.DataFrame, file: Path, given: dict[str, Any]
) -> None:
    given = {**COLUMNS, "start": "2016Q3", **given}
    rows, read = did(frame, **given), did(file, **given)
    assert read.estimate == pytest.approx(rows.estimate, rel=1e-12)
    assert read.std_error == pytest.approx(rows.std_error, rel=1e-12)
    assert [note.values for note in read.notes if note.reason == "effect_read_rows"] == [{"rows": len(frame)}]


def test_rows_that_are_too_many_for_memory_are_refused_with_a_way_out(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quant.effect_tables, "MAX_VALUES", 1000)
    with pytest.raises(EffectError, match="use categories, or larger clusters") as refused:
        did(file, **COLUMNS, start="2016Q3", covariates=["income"])
    assert refused.value.reason == "effect_too_large"


def test_the_bootstrap_from_cells_is_that_from_rows(frame: pd.DataFrame, file: Path) -> None:
    given = {**COLUMNS, "start": "2016Q3", "cluster": "town"}
    for fixed_effects in ("unit", "group"):
        rows, cells = (
            effect_bootstrap(did(panel, fixed_effects=fixed_effects, **given), draws=499, seed=2)  # type: ignore[arg-type]
            for panel in (frame, file)
        )
        assert rows.p_value == cells.p_value
        assert (rows.ci_low, rows.ci_high) == pytest.approx((cells.ci_low, cells.ci_high), rel=1e-6)


def test_long_clusters_are_cut_into_blocks_without_a_difference(
    frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {**COLUMNS, "base": "2016Q2", "covariates": ["income", "children"]}
    for errors in ({"cluster": "town"}, {}, {"vcov": "robust", "dof": "areg"}):
        whole = event_study(frame, **given, **errors)
        monkeypatch.setattr("quant.effect_solver.BLOCK_ROWS", 500)
        cut = event_study(frame, **given, **errors)
        monkeypatch.undo()
        assert_equal(whole, cut)
