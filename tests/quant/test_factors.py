from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from quant import (
    FactorError,
    best_match,
    factor_analysis,
    factor_matrix,
    load_instrument,
    name_factors,
    tucker_congruence,
)
from quant.extraction import Extraction, extract
from quant.rotation import Rotation, rotate, varimax


def sample(n: int = 400, seed: int = 3) -> pd.DataFrame:
    """Two factors, three items each."""
    rng = np.random.default_rng(seed)
    loadings = np.array([[0.8, 0.7, 0.7, 0.1, 0.0, 0.1], [0.0, 0.1, 0.1, 0.8, 0.7, 0.6]])
    noise = np.sqrt(1 - (loadings**2).sum(axis=0)) * rng.standard_normal((n, 6))
    return pd.DataFrame(rng.standard_normal((n, 2)) @ loadings + noise, columns=list("abcdef"))


@pytest.mark.parametrize("extraction", ["principal_factor", "iterated", "pcf", "minres", "ml"])
@pytest.mark.parametrize("rotation", ["varimax", "promax", "oblimin", None])
def test_every_extraction_and_rotation_explains_the_communalities(
    extraction: Extraction, rotation: Rotation | None
) -> None:
    result = factor_analysis(sample(), 2, extraction, rotation)
    pattern, between = result.loadings.to_numpy(), result.factor_correlations.to_numpy()
    assert np.allclose((pattern @ between * pattern).sum(axis=1), result.communalities, atol=1e-6)
    assert np.allclose(np.diag(between), 1)
    assert np.allclose(result.communalities + result.uniqueness, 1)
    structure = pattern @ between
    assert np.allclose(result.variance["variance"], (structure**2).sum(axis=0), atol=1e-12)
    if rotation in (None, "varimax"):
        assert result.variance["variance"].sum() == pytest.approx(result.communalities.sum(), abs=1e-6)


@pytest.mark.parametrize("extraction", ["principal_factor", "iterated", "pcf", "minres", "ml"])
@pytest.mark.parametrize("rotation", ["varimax", "promax", "oblimin"])
def test_items_come_to_the_factor_that_made_them(extraction: Extraction, rotation: Rotation) -> None:
    assigned = factor_analysis(sample(), 2, extraction, rotation).assignment()
    assert assigned["a"] == assigned["b"] == assigned["c"]
    assert assigned["d"] == assigned["e"] == assigned["f"]
    assert assigned["a"] != assigned["d"]


def test_factors_are_ordered_by_variance_and_point_up() -> None:
    result = factor_analysis(-sample(), 2)
    assert result.variance["variance"].is_monotonic_decreasing
    assert (result.loadings.sum() > 0).all()
    assert result.factors == ("factor_1", "factor_2")


def test_proportions_use_the_reduced_trace_as_stata_and_pass_one() -> None:
    result = factor_analysis(sample(), 2)
    assert result.proportion.sum() == pytest.approx(1)
    assert result.cumulative.max() > 1
    assert result.proportion_of_total[0] == pytest.approx(result.eigenvalues[0] / 6)
    smc = 1 - 1 / np.diag(np.linalg.inv(np.corrcoef(sample(), rowvar=False)))
    assert result.eigenvalues.sum() == pytest.approx(smc.sum())
    assert list(result.eigenvalue_table()["eigenvalue"]) == list(result.eigenvalues)


def test_without_a_number_statas_rules_choose_it() -> None:
    assert factor_analysis(sample()).loadings.shape[1] == int(
        (factor_analysis(sample(), 1).eigenvalues > 5e-6).sum()
    )
    assert factor_analysis(sample(), extraction="pcf").loadings.shape[1] == 2
    assert factor_analysis(sample(), min_eigenvalue=1.0).loadings.shape[1] == 2


def test_more_factors_than_positive_eigenvalues_are_cut_with_a_note() -> None:
    result = factor_analysis(sample(), 5)
    kept = result.loadings.shape[1]
    assert kept < 5
    assert f"5 factors asked for, {kept} kept" in result.notes[0]


def test_a_number_asked_for_stands_over_the_rule_of_eigenvalues_over_one() -> None:
    assert factor_analysis(sample(), 3, "pcf").loadings.shape[1] == 3


def test_one_factor_is_not_rotated() -> None:
    result = factor_analysis(sample()[["a", "b", "c"]], 1)
    pd.testing.assert_frame_equal(result.loadings, result.unrotated_loadings)


def test_rows_with_a_missing_item_are_dropped_and_counted() -> None:
    data = sample()
    data.iloc[:7, 0] = np.nan
    result = factor_analysis(data, 2)
    assert (result.n, result.n_dropped) == (393, 7)
    pd.testing.assert_frame_equal(result.loadings, factor_analysis(data.dropna(), 2).loadings)
    assert result.scores(data).iloc[:7].isna().all(axis=None)
    assert result.scores(data).iloc[7:].mean().abs().max() < 1e-12


def test_arrays_get_item_names() -> None:
    assert factor_analysis(sample().to_numpy(), 2).items[0] == "item_1"


def test_kmo_and_bartlett_equal_factor_analyzers() -> None:
    from factor_analyzer import calculate_bartlett_sphericity, calculate_kmo

    result = factor_analysis(sample(), 2)
    by_item, overall = calculate_kmo(sample())
    chi2, p_value = calculate_bartlett_sphericity(sample())
    assert np.allclose(result.kmo.items, by_item)
    assert result.kmo.overall == pytest.approx(overall)
    assert (result.bartlett.chi2, result.bartlett.df) == (pytest.approx(chi2), 15)
    assert result.bartlett.p_value == pytest.approx(p_value)


def test_varimax_does_not_depend_on_where_it_starts() -> None:
    """Turned by any angle first, the loadings come back to the same place to ten decimals."""
    loadings = extract(np.corrcoef(sample(), rowvar=False), "principal_factor", n_factors=2).loadings
    turn = np.array([[np.cos(0.7), -np.sin(0.7)], [np.sin(0.7), np.cos(0.7)]])
    there, back = varimax(loadings), varimax(loadings @ turn)
    order = [int(np.argmax(np.abs(there[:, [j]] * back).sum(axis=0))) for j in (0, 1)]
    assert np.allclose(np.abs(there), np.abs(back[:, order]), atol=1e-10)


def test_promax_leaves_varimax_and_correlates_the_factors() -> None:
    loadings = extract(np.corrcoef(sample(), rowvar=False), "principal_factor", n_factors=2).loadings
    oblique = rotate(loadings, "promax")
    assert abs(oblique.correlations[0, 1]) > 0.01
    assert np.allclose(oblique.loadings @ oblique.correlations @ oblique.loadings.T, loadings @ loadings.T)


def test_an_item_on_two_factors_goes_to_the_larger_and_a_weak_one_to_none() -> None:
    result = factor_analysis(sample(), 2)
    size = result.loadings.abs()
    assert result.assignment(0.3)["a"] == size.loc["a"].idxmax()
    assert result.assignment(0.99).isna().all()


def bad(column: str, values: object) -> pd.DataFrame:
    return sample().assign(**{column: values})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (bad("c", 3), "column 'c' has the same value in every row"),
        (bad("c", "seven"), "column 'c' holds 'seven', which is no number"),
        (sample(6), "6 complete rows .* for 6 items"),
        (sample()[["a", "b"]], "needs 3 or more"),
        (bad("c", sample()["a"] * 2), "linearly dependent .*'a' and 'c'"),
        (pd.DataFrame(np.full((10, 4), np.nan), columns=list("abcd")), "0 complete rows"),
        (bad("c", np.nan), "column 'c' has no answers"),
        (bad("c", [*["x"] * 399, "1"]), "column 'c' holds 'x'"),
        (bad("g", sample()["a"] + sample()["b"] - sample()["c"]), "linearly dependent"),
        (np.zeros(4), "expected a table"),
    ],
)
def test_data_that_admit_no_analysis_are_refused_with_the_column(data: pd.DataFrame, message: str) -> None:
    with pytest.raises(FactorError, match=message):
        factor_analysis(data)


def test_unknown_choices_list_the_known_ones() -> None:
    with pytest.raises(FactorError, match="extraction 'paf' is unknown; use one of principal_factor"):
        factor_analysis(sample(), extraction="paf")  # type: ignore[arg-type]
    with pytest.raises(FactorError, match="rotation 'quartimax' is unknown"):
        factor_analysis(sample(), rotation="quartimax")  # type: ignore[arg-type]
    with pytest.raises(FactorError, match="ask for one factor or more"):
        factor_analysis(sample(), 0)
    with pytest.raises(FactorError, match="6 factors from 6 items"):
        factor_analysis(sample(), 6)


@pytest.mark.parametrize("n_factors", ["2", 1.5, True])
def test_a_number_of_factors_is_a_whole_number(n_factors: object) -> None:
    with pytest.raises(FactorError, match="a whole number"):
        factor_analysis(sample(), n_factors)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("matrix", "n", "message"),
    [
        ([[1, np.nan, 0.3], [np.nan, 1, 0.2], [0.3, 0.2, 1]], 100, "no gaps"),
        ([[0, 0, 0], [0, 1, 0.2], [0, 0.2, 1]], 100, "on its diagonal"),
        ([[1, 0.5, 0.3], [0.5, 1, 0.2]], 100, "found 2 x 3"),
        ([[1, 0.5, 0.3], [0.5, 1, 0.2], [0.3, 0.2, 1]], 3, "3 complete rows"),
    ],
)
def test_a_matrix_that_is_none_of_correlations_is_refused(
    matrix: list[list[float]], n: int, message: str
) -> None:
    with pytest.raises(FactorError, match=message):
        factor_matrix(pd.DataFrame(matrix), n)


def test_a_matrix_that_no_data_could_have_is_mended_and_the_note_says_so() -> None:
    impossible = pd.DataFrame([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
    result = factor_matrix(impossible, 100, 1)
    assert result.notes[0].reason == "not_positive_definite"
    assert np.linalg.eigvalsh(result.correlations)[0] > 0


@pytest.mark.parametrize(
    ("extraction", "noted"), [("ml", True), ("minres", True), ("principal_factor", False)]
)
def test_more_factors_than_the_correlations_can_tell_are_noted(extraction: Extraction, noted: bool) -> None:
    result = factor_analysis(sample(), 4, extraction, None)
    assert ("too_many_parameters" in [note.reason for note in result.notes]) is noted
    assert result.fit is None


def test_a_communality_of_one_is_noted_as_a_heywood_case_in_every_extraction() -> None:
    """One item carries a factor of its own: loadings 1.05, .8, .7, .6, .5 imply these correlations."""
    implied = np.outer([1.05, 0.8, 0.7, 0.6, 0.5], [1.05, 0.8, 0.7, 0.6, 0.5])
    np.fill_diagonal(implied, 1.0)
    reasons = {
        extraction: [n.reason for n in factor_matrix(pd.DataFrame(implied), 100, 1, extraction, None).notes]
        for extraction in ("iterated", "minres", "ml")
    }
    assert reasons == {"iterated": ["heywood_stopped"], "minres": ["heywood_limit"], "ml": ["heywood_limit"]}


def test_scores_of_components_are_the_components_with_variance_one() -> None:
    """Unrotated pcf: z times eigenvector over the root of its eigenvalue, as R^-1 L gives."""
    data = sample()
    result = factor_analysis(data, 2, "pcf", None)
    standard = (data - data.mean()) / data.std()
    values, vectors = np.linalg.eigh(np.corrcoef(data, rowvar=False))
    expected = standard.to_numpy() @ vectors[:, ::-1][:, :2] / np.sqrt(values[::-1][:2])
    found = result.scores(data).to_numpy()
    assert np.allclose(np.abs(found), np.abs(expected))
    assert np.allclose(np.cov(found, rowvar=False), np.eye(2))


def test_text_cells_nullable_integers_and_numbered_columns_are_read() -> None:
    rounded = (sample() * 2).round()
    expected = factor_analysis(rounded, 2).loadings.to_numpy()
    text = rounded.map(lambda value: f"{value:.1f}".replace(".", ",")).set_axis(range(6), axis=1)
    text.iloc[0, 0] = ""
    assert factor_analysis(text, 2).n_dropped == 1
    assert factor_analysis(text, 2).scores(text).shape == (400, 2)
    assert np.allclose(factor_analysis(rounded.astype("Int64"), 2).loadings, expected)


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(FactorError, match="two columns are called 'a'"):
        factor_analysis(sample().set_axis(list("aacdef"), axis=1))


def test_scores_need_all_items() -> None:
    with pytest.raises(FactorError, match="column 'f' is missing"):
        factor_analysis(sample(), 2).scores(sample().drop(columns="f"))


def test_congruence_is_one_for_the_same_direction_and_ignores_length() -> None:
    a = pd.DataFrame({"x": [0.6, 0.8], "y": [0.8, -0.6]}, index=["i", "j"])
    b = pd.DataFrame({"u": [0.3, 0.4], "v": [-0.8, 0.6]}, index=["i", "j"])
    assert np.allclose(tucker_congruence(a, b), [[1, 0], [0, -1]])
    assert best_match(tucker_congruence(a, b)) == {"x": "u", "y": "v"}


def test_congruence_needs_items_in_common() -> None:
    a = pd.DataFrame({"x": [0.6, 0.8]}, index=["i", "j"])
    with pytest.raises(FactorError, match="1 item"):
        tucker_congruence(a, a.rename(index={"j": "k"}))


def test_a_factor_that_shares_no_item_gets_no_name() -> None:
    fip = load_instrument("fip")
    renamed = sample().set_axis(["b_speak_danish", "b_understand_danish", "x", "y", "z", "w"], axis=1)
    names = name_factors(factor_analysis(renamed, 2), fip, "citizen")
    assert [n.name for n in names] == ["b_danish", None]
    assert names[0].shared == ("b_speak_danish", "b_understand_danish")
    assert names[0].share == pytest.approx(2 / 3)
