"""Each check of a table of estimates: a contradiction it finds, and a table next to it that it lets pass."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from quant.errors import EstimatesError
from quant.estimate_audit import AUDIT_COLUMNS, audit_estimates


def checks(frame: pd.DataFrame, **options: Any) -> list[tuple[Any, str]]:
    flags = audit_estimates(frame, **options)
    return list(zip(flags["row"], flags["check"], strict=True))


def rows(text: str) -> pd.DataFrame:
    """A small table as printed: names in the first line, cells apart by blanks, `-` for an empty cell."""
    header, *lines = (line.split() for line in text.strip().splitlines())
    return pd.DataFrame(lines, columns=header).replace("-", "")


def test_a_table_without_contradictions_gives_an_empty_frame() -> None:
    flags = audit_estimates(rows("estimate std_error stars\n0.031 0.012 *\n0.008 0.007 -\n0.038 0.014 **"))

    assert tuple(flags.columns) == AUDIT_COLUMNS
    assert flags.empty
    assert audit_estimates(pd.DataFrame()).empty


def test_stars_that_no_p_within_rounding_fits_are_flagged_with_what_would_fit() -> None:
    # 0.010 / 0.012: z lies between 0.0095 / 0.0125 and 0.0105 / 0.0115, so p is above 0.36
    flags = audit_estimates(rows("table outcome estimate std_error stars\n5.1 work 0.010 0.012 **"))

    (row,) = flags.to_dict("records")
    assert (row["row"], row["check"], row["severity"], row["found"]) == (0, "stars", "error", "**")
    assert row["place"] == "5.1 (work)"
    assert row["expected"].startswith("– (p 0.361–")
    assert row["message"].startswith("the stars ** do not fit")


def test_stars_at_the_edge_of_rounding_pass() -> None:
    # 0.020 / 0.010 is z = 2 (p = .0455), but 0.0195 / 0.0105 is z = 1.857: both no star and one are possible
    assert checks(rows("estimate std_error stars\n0.020 0.010 -\n0.020 0.010 *\n0.038 0.014 **")) == []
    # more decimals leave no doubt
    exact = rows("estimate std_error stars\n0.02000 0.00900 -\n0.02000 0.00900 *\n0.03800 0.01400 **")
    assert checks(exact) == [(0, "stars")]


def test_a_float_is_printed_with_the_decimals_of_its_column() -> None:
    # 0.03 among three decimals is 0.030 (p of at most .0016); alone it could be 0.025 (p = .012)
    together = pd.DataFrame(
        {"estimate": [0.03, 0.131, 0.124], "std_error": [0.009, 0.04, 0.045], "stars": ["", "**", "**"]}
    )
    assert checks(together) == [(0, "stars")]
    alone = pd.DataFrame({"estimate": [0.03], "std_error": [0.014], "stars": [""]})
    assert checks(alone) == []


def test_a_table_without_any_star_says_nothing_by_leaving_them_out() -> None:
    assert checks(rows("estimate std_error stars\n0.500 0.010 -\n0.400 0.010 -")) == []


def test_the_ten_percent_sign_counts_only_where_it_is_used() -> None:
    # z = 1.8, p = .07
    without = rows("estimate std_error stars\n1.800 1.000 -\n3.000 1.000 **")
    assert checks(without) == []
    assert checks(
        pd.concat([without, rows("estimate std_error stars\n1.700 1.000 #")], ignore_index=True)
    ) == [(0, "stars")]


def test_the_convention_of_economics_is_recognised_by_the_table() -> None:
    # * p < .10, ** p < .05, *** p < .01
    table = rows("estimate std_error stars\n1.800 1.000 *\n2.200 1.000 **\n2.900 1.000 ***\n1.000 1.000 -")
    assert checks(table) == []
    table.loc[3, "stars"] = "**"
    assert checks(table) == [(3, "stars")]


def test_a_single_starred_row_is_doubtful_where_only_another_convention_fits_it() -> None:
    # 0.031 / 0.012 is p = .0098 within .0062-.0184: no *** of .001, but one of .01
    flags = audit_estimates(rows("estimate std_error stars\n0.031 0.012 ***\n0.002 0.009 -"))
    assert list(zip(flags["row"], flags["severity"], strict=True)) == [(0, "warning")]
    # beside a * of p < .05 the levels of economics do not fit either
    flags = audit_estimates(rows("estimate std_error stars\n0.031 0.012 ***\n0.024 0.010 *"))
    assert list(zip(flags["row"], flags["severity"], strict=True)) == [(0, "error")]


def test_star_levels_can_be_declared() -> None:
    table = rows("estimate std_error stars\n1.800 1.000 *")
    assert checks(table, star_levels={"*": 0.10, "**": 0.05, "***": 0.01}) == []
    assert checks(table, star_levels={"*": 0.05, "**": 0.01, "***": 0.001}) == [(0, "stars")]


def test_stars_behind_the_estimate_and_danish_numbers_are_read() -> None:
    table = pd.DataFrame({"estimat": ["0,031***", "−0,038**"], "standardfejl": ["(0,030)", "(0,014)"]})
    assert checks(table) == [(0, "stars")]


def test_no_correctly_printed_table_is_flagged() -> None:
    draw = np.random.default_rng(5)
    for decimals in (2, 3, 4):
        b = draw.normal(0, 0.03, 400)
        se = draw.uniform(0.004, 0.03, 400)
        mean = draw.uniform(0.05, 0.6, 400)
        p = 2 * stats.norm.sf(np.abs(b / se))
        stars = np.select([p < 0.001, p < 0.01, p < 0.05, p < 0.1], ["***", "**", "*", "+"], "")
        printed = {
            "estimate": b, "std_error": se, "treated_mean": mean, "ci_low": b - 1.96 * se,
            "ci_high": b + 1.96 * se, "p_value": p, "statistic": b / se, "percent_of_mean": 100 * b / mean,
        }  # fmt: skip
        text = {name: [f"{value:.{decimals}f}" for value in column] for name, column in printed.items()}
        floats = {name: np.round(column, decimals) for name, column in printed.items()}
        economics = np.select([p < 0.01, p < 0.05, p < 0.1], ["***", "**", "*"], "")
        for columns in (text, floats):
            for signs in (stars, economics):
                flags = audit_estimates(pd.DataFrame({**columns, "stars": signs}))
                assert set(flags["check"]) <= {"std_error_zero"}


def test_an_interval_must_be_as_wide_as_the_standard_error_says() -> None:
    header = "estimate std_error ci_low ci_high\n"
    assert checks(rows(header + "0.031 0.012 0.007 0.055")) == []
    assert checks(rows(header + "0.031 0.012 0.007 0.065")) == [(0, "interval")]
    assert checks(rows(header + "0.031 0.012 0.011 0.051")) == []  # 90 per cent: 0.031 -+ 1.645 * 0.012
    assert checks(rows(header + "0.031 0.012 0.055 0.007")) == [(0, "interval_order")]
    assert checks(rows(header + "0.031 0.012 0.040 0.088")) == [(0, "interval_misses_estimate")]


def test_a_p_value_and_a_statistic_must_follow_from_estimate_and_standard_error() -> None:
    header = "estimate std_error p_value statistic\n"
    assert checks(rows(header + "0.031 0.012 0.010 2.58")) == []
    assert checks(rows(header + "0.031 0.012 0.100 2.58")) == [(0, "p_value")]
    assert checks(rows(header + "0.031 0.012 0.010 3.58")) == [(0, "statistic")]
    assert checks(rows(header + "0.031 0.004 <0.001 -")) == []
    assert checks(rows(header + "0.031 0.012 1.200 -")) == [(0, "p_value_range")]


def test_standard_errors_are_above_zero() -> None:
    flags = audit_estimates(rows("estimate std_error\n0.031 -0.012\n0.031 0.000\n0.031 0.001"))
    assert list(flags["check"]) == ["std_error_negative", "std_error_zero"]
    assert list(flags["severity"]) == ["error", "warning"]


def test_an_effect_size_is_a_percent_of_the_mean_with_the_sign_of_the_estimate() -> None:
    header = "estimate treated_mean percent_of_mean\n"
    assert checks(rows(header + "0.038 0.125 30.4")) == []
    assert checks(rows(header + "0.038 0.125 32.0")) == [(0, "effect_size")]
    assert checks(rows(header + "0.038 0.125 -30.4")) == [(0, "percent_sign")]


def test_an_effect_cannot_be_larger_than_its_outcome() -> None:
    share = rows("outcome estimate std_error treated_mean\nwork 1.400 0.500 0.137\nwork 0.010 0.010 0.200")
    hours = rows("outcome estimate std_error treated_mean\nhours 1.400 0.500 12.100")
    assert checks(share) == [(0, "outside_range")]
    assert checks(hours) == []
    assert checks(hours, ranges={"hours": (0, 1)}) == [(0, "outside_range"), (0, "mean_outside_range")]


def test_r2_lies_in_its_range_and_the_adjusted_one_follows() -> None:
    # 1 - (1 - 0.413) * 426 / 312 = 0.1985
    header = "n r2 adjusted_r2 df\n"
    assert checks(rows(header + "427 0.413 0.199 312")) == []
    assert checks(rows(header + "427 0.413 0.299 312")) == [(0, "adjusted_r2")]
    assert checks(rows(header + "427 0.413 0.499 312")) == [(0, "adjusted_above_r2")]
    assert checks(rows(header + "427 1.413 0.199 312")) == [(0, "r2_range")]
    assert checks(rows(header + "427 0.413 0.199 114")) == []  # df of the model
    assert checks(rows(header + "427 0.020 -0.100 312")) == [(0, "adjusted_r2")]


def test_n_and_degrees_of_freedom_can_be() -> None:
    assert checks(rows("n df\n427 312\n427 427\n0 -\n27.5 -")) == [
        (1, "df_above_n"),
        (2, "n_impossible"),
        (3, "n_impossible"),
    ]
    assert checks(rows("n df\n355.637 57\n1,204 57")) == []  # a separator of thousands


def test_terms_of_a_model_share_n_and_rows_do_not_repeat_with_other_numbers() -> None:
    header = "table model term estimate n\n"
    assert checks(rows(header + "1 1 a 0.1 100\n1 1 b 0.1 100\n1 2 a 0.1 90")) == []
    assert checks(rows(header + "1 1 a 0.1 100\n1 1 b 0.1 90")) == [(1, "n_within_model")]
    assert checks(rows(header + "1 1 a 0.1 100\n1 1 a 0.2 100\n1 1 b 0.1 100\n1 2 b 0.1 100")) == [
        (1, "duplicate")
    ]
    assert checks(rows(header + "1 1 a 0.1 100\n1 1 a 0.1 100")) == []


def test_one_period_with_another_n_is_doubtful() -> None:
    header = "table outcome model period estimate n\n"
    periods = [f"1 work 1 201{n} 0.1 {900 if n == 6 else 1000}" for n in range(4, 9)]
    flags = audit_estimates(rows(header + "\n".join(periods)))
    assert list(zip(flags["row"], flags["check"], flags["severity"], strict=True)) == [
        (2, "n_within_model", "warning")
    ]
    assert checks(rows(header + "1 work 1 2017 0.1 500\n1 work 1 2018 0.1 600\n1 work 1 all 0.1 1100")) == []


def test_columns_that_the_audit_does_not_know_tell_rows_apart() -> None:
    assert checks(rows("table predictor estimate\n1 a 0.1\n1 b 0.2")) == []


def test_a_subgroup_is_no_larger_than_the_whole_and_halves_add_up() -> None:
    header = "table subgroup estimate n\n"
    assert checks(rows(header + "1 all 0.1 230\n1 men 0.1 110\n1 women 0.1 120")) == []
    assert checks(rows(header + "1 all 0.1 230\n1 men 0.1 110\n1 women 0.1 130")) == [(0, "total")]
    assert checks(rows(header + "1 all 0.1 230\n1 young 0.1 240")) == [(1, "subgroup_above_total")]
    other_table = audit_estimates(rows(header + "1 all 0.1 230\n2 young 0.1 240"))
    assert list(other_table["severity"]) == ["warning"]


def test_a_row_called_total_is_the_sum_of_the_others() -> None:
    header = "table subgroup n\n"
    assert checks(rows(header + "1 north 10\n1 south 20\n1 west 30\n1 total 60")) == []
    assert checks(rows(header + "1 north 10\n1 south 20\n1 west 30\n1 total 70")) == [(3, "total")]
    # ages that do not cover everybody may be fewer, never more
    assert checks(rows(header + "1 age_18_29 10\n1 age_30_64 20\n1 all 60")) == []
    assert checks(rows(header + "1 age_18_29 40\n1 age_30_64 30\n1 all 60")) == [(2, "total")]
    declared = rows(header + "1 age_18_29 10\n1 age_30_64 20\n1 all 60")
    assert checks(declared, partitions=[("age_18_29", "age_30_64")]) == [(2, "total")]


def test_the_mean_of_the_whole_lies_between_its_parts() -> None:
    header = "subgroup treated_mean n\n"
    assert checks(rows(header + "all 0.137 -\nmen 0.180 -\nwomen 0.100 -")) == []
    assert checks(rows(header + "all 0.197 -\nmen 0.180 -\nwomen 0.100 -")) == [(0, "mean_of_parts")]
    # (100 * 0.180 + 300 * 0.100) / 400 = 0.120
    assert checks(rows(header + "all 0.120 400\nmen 0.180 100\nwomen 0.100 300")) == []
    assert checks(rows(header + "all 0.137 400\nmen 0.180 100\nwomen 0.100 300")) == [(0, "mean_of_parts")]


def test_shares_of_one_whole_add_up() -> None:
    assert checks(rows("subgroup share\na 0.333\nb 0.333\nc 0.333")) == []  # each may be 0.0005 more
    assert checks(rows("subgroup share\na 0.333\nb 0.333\nc 0.303")) == [(2, "share_sum")]
    assert checks(rows("subgroup percent\na 41\nb 42\nc 27")) == [(2, "share_sum")]
    assert checks(rows("subgroup share\na 0.9\nb 0.8\nc 0.7")) == []  # several answers a person
    assert checks(rows("subgroup share\na 1.2\nb 0.1")) == [(0, "share_range")]


def test_row_is_the_label_of_the_index_and_the_frame_stays_as_it_was() -> None:
    table = rows("estimate std_error stars\n0.010 0.012 **").set_index(pd.Index(["x7"]))
    before = table.copy()
    assert checks(table) == [("x7", "stars")]
    pd.testing.assert_frame_equal(table, before)


def test_a_frame_that_holds_nothing_to_check_is_refused() -> None:
    with pytest.raises(EstimatesError, match=r"nothing to audit.*found name, answer"):
        audit_estimates(pd.DataFrame({"name": ["a"], "answer": ["b"]}))
