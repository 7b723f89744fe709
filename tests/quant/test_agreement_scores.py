from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from quant import Answers, AnswersError, Instrument, guess_mapping, read_answers, read_table
from quant.agreement_scores import agreement_by_pair, bias, icc, weighted_kappa

# Shrout & Fleiss (1979), table 2: six targets, four judges.
SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float
)


@pytest.mark.parametrize(
    ("kind", "value", "low", "high", "f", "df2", "p"),
    [  # as R's psych::ICC prints them for these data
        ("icc1", 0.17, -0.133, 0.72, 1.8, 18, 0.16477),
        ("icc2", 0.29, 0.019, 0.76, 11.0, 15, 0.00013),
        ("icc3", 0.71, 0.342, 0.95, 11.0, 15, 0.00013),
    ],
)
def test_shrout_and_fleiss_as_r_prints_it(
    kind: str, value: float, low: float, high: float, f: float, df2: int, p: float
) -> None:
    found = icc(SHROUT_FLEISS)[kind]
    assert (round(found.value, 2), round(found.ci_low, 3), round(found.ci_high, 2)) == (value, low, high)
    assert (round(found.f, 0 if f > 10 else 1), found.df1, found.df2) == (f, 5, df2)
    assert round(found.p_value, 5) == p


def test_an_incomplete_row_does_not_count() -> None:
    more = np.vstack([SHROUT_FLEISS, [5, np.nan, 5, 5]])
    assert icc(more)["icc3"].n == 6


def test_a_constant_difference_is_consistent_and_not_agreement() -> None:
    found = icc(np.column_stack([[1, 2, 3, 4], [2, 3, 4, 5]]))
    assert found["icc3"].value == 1
    assert np.isnan(found["icc2"].value)
    assert icc(np.column_stack([[1, 2, 3], [1, 2, 3]]))["icc2"].value == 1


def test_ratings_that_do_not_vary_have_no_correlation() -> None:
    assert np.isnan([each.value for each in icc(np.full((5, 2), 4.0)).values()]).all()
    with pytest.raises(AnswersError, match="two raters"):
        icc(np.ones((4, 1)))


# irr::kappa2 on the anxiety data of R's package irr, raters 2 and 3, as recorded in the tests of statsmodels.
RATER2 = [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4]
RATER3 = [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2]


@pytest.mark.parametrize(("weights", "value"), [("linear", 0.1459075), ("quadratic", 0.2520325)])
def test_weighted_kappa_as_r_gives_it(weights: str, value: float) -> None:
    # nobody gave a 5, and irr takes only the answers given for the scale
    points = [1, 2, 3, 4, 6]
    x, y = ([points.index(answer) for answer in rater] for rater in (RATER2, RATER3))
    found = weighted_kappa(x, y, categories=range(5), weights=weights)  # type: ignore[arg-type]
    assert found.value == pytest.approx(value, abs=1e-6)


def test_weighted_kappa_and_its_interval_as_sas_prints_them() -> None:
    # SAS's example, as recorded in the tests of statsmodels: rows are the first rater's answers
    table = [[0, 4, 1], [0, 8, 0], [0, 1, 5]]
    x = [a for a in range(3) for b in range(3) for _ in range(table[a][b])]
    y = [b for a in range(3) for b in range(3) for _ in range(table[a][b])]
    found = weighted_kappa(x, y, categories=range(3), weights="linear")
    assert [round(v, 4) for v in (found.value, found.std_error, found.ci_low, found.ci_high)] == [
        0.4701,
        0.1457,
        0.1845,
        0.7558,
    ]


def test_quadratic_kappa_approaches_the_agreement_correlation() -> None:
    """Fleiss & Cohen (1973): with quadratic weights kappa is ICC(2,1) but for terms of order 1/n."""
    draw = np.random.default_rng(3)
    true = draw.integers(1, 8, size=4000)
    x, y = (np.clip(true + draw.integers(-2, 3, size=4000), 1, 7) for _ in range(2))
    kappa = weighted_kappa(x, y, categories=range(1, 8)).value
    assert kappa == pytest.approx(icc(np.column_stack([x, y]))["icc2"].value, abs=1e-3)


def test_kappa_of_one_and_the_same_answer_is_undefined() -> None:
    assert np.isnan(weighted_kappa([4, 4, 4], [4, 4, 4], categories=range(1, 8)).value)
    assert np.isnan(weighted_kappa([], [], categories=range(1, 8)).value)


def test_the_whole_scale_counts_and_not_only_the_answers_given() -> None:
    found = weighted_kappa([1, 2, 2, 5], [1, 2, 5, 5], categories=range(1, 8), weights="linear")
    table = np.zeros((7, 7))
    for a, b in ((1, 1), (2, 2), (2, 5), (5, 5)):
        table[a - 1, b - 1] += 1
    assert found.value == pytest.approx(cohens_kappa(table, wt="linear").kappa)


def test_bias_has_an_interval_and_limits_of_agreement() -> None:
    found = bias([5, 6, 7, 4], [4, 4, 6, 4])
    # differences 1, 2, 1, 0: mean 1, SD sqrt(2/3) = .816497; t(.975, 3) = 3.182446
    assert (found.n, found.mean) == (4, 1.0)
    assert found.ci_high == pytest.approx(1 + 3.182446 * 0.816497 / 2, abs=1e-5)
    assert (found.limit_low, found.limit_high) == pytest.approx((1 - 1.6003, 1 + 1.6003), abs=1e-4)


def read(text: str, instrument: Instrument) -> Answers:
    frame = read_table(text.encode(), "svar.csv")
    return read_answers(frame, instrument, guess_mapping(frame.columns, instrument))


def test_agreement_is_by_pair_round_and_group(dyad: Instrument) -> None:
    text = "person;round;gender;citizen_date;caseworker_date;b_health;b_hope;s_health;s_trouble\n"
    for n, (own, other) in enumerate([(5, 4), (6, 4), (7, 6), (4, 4)]):
        text += f"p{n};1;{'men' if n else 'women'};2017-03-02;2017-03-03;{own};4;{other};2\n"
    answers = read(text, dyad)
    table = agreement_by_pair(answers)
    [row] = table.to_dict("records")
    assert (row["name"], row["other"], row["kind"], row["n"], row["bias"]) == (
        "b_health",
        "s_health",
        "item",
        4,
        1.0,
    )
    assert (row["same"], row["within_one"]) == (0.25, 0.75)
    assert set(agreement_by_pair(answers, by="gender")["group"]) == {"men", "women"}


def test_an_instrument_without_pairs_is_told(dyad: Instrument) -> None:
    from dataclasses import replace

    alone = replace(dyad, items=tuple(replace(item, pair=None) for item in dyad.items))
    text = (
        "person;round;gender;citizen_date;caseworker_date;b_health;b_hope;s_health;s_trouble\n"
        "p;1;men;2017-03-02;2017-03-03;5;4;4;2\n"
    )
    with pytest.raises(AnswersError, match="no paired items"):
        agreement_by_pair(read(text, alone))


def test_columns_are_those_declared(dyad: Instrument) -> None:
    text = (
        "person;round;gender;citizen_date;caseworker_date;b_health;b_hope;s_health;s_trouble\n"
        "p;1;men;2017-03-02;2017-03-03;5;4;4;2\n"
    )
    table = agreement_by_pair(read(text, dyad))
    assert isinstance(table, pd.DataFrame)
    assert np.isnan(table["icc2"].iloc[0])
    assert table["n"].iloc[0] == 1
