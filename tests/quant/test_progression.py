from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from quant import Answers, AnswersError, Instrument, guess_mapping, indicator_means, read_answers, read_table
from quant.progression import paired_change, progression
from quant.scores import mean_interval, scores, suppress_small

HEAD = "person;round;gender;caseworker;citizen_date;caseworker_date;b_health;b_hope;s_health;s_trouble\n"


def answers_of(dyad: Instrument, *rows: str) -> Answers:
    frame = read_table((HEAD + "\n".join(rows)).encode(), "svar.csv")
    return read_answers(frame, dyad, guess_mapping(frame.columns, dyad))


@pytest.fixture
def answers(dyad: Instrument) -> Answers:
    first = [(2, 4, 4, 2), (4, 5, 5, 5), (3, 3, 3, 7), (7, 7, 2, 6)]
    last = [(4, 4, 5, 1), (5, 5, 4, 3), (3, 2, 4, 7), (6, 7, 2, 2)]
    rows = []
    for person, (before, after) in enumerate(zip(first, last, strict=True)):
        gender, caseworker = ("men", "women")[person % 2], f"c{person // 2}"
        for number, values in ((1, before), (2, after)):
            day = f"2017-0{number}-10"
            cells = ";".join(map(str, values))
            rows.append(f"p{person};{number};{gender};{caseworker};{day};{day};{cells}")
    rows.append("p9;1;men;c1;2017-01-10;2017-01-10;1;1;1;1")
    return answers_of(dyad, *rows)


def test_change_is_of_those_in_both_rounds_with_interval_and_effect_sizes(answers: Answers) -> None:
    row = progression(answers).set_index("name").loc["b_health"]
    # changes 2, 1, 0, -1: mean .5, SD 1.290994; t(.975, 3) = 3.182446
    assert (row["n"], row["mean_first"], row["mean_last"], row["change"]) == (4, 4.0, 4.5, 0.5)
    assert row["ci_low"] == pytest.approx(0.5 - 3.182446 * 1.290994 / 2, abs=1e-5)
    assert row["d_z"] == pytest.approx(0.5 / 1.290994, abs=1e-6)
    # SD of 2 4 3 7 is 2.160247, of 4 5 3 6 it is 1.290994
    assert row["d_av"] == pytest.approx(0.5 / ((2.160247 + 1.290994) / 2), abs=1e-6)
    assert (row["improved"], row["same"], row["worse"]) == (2, 1, 1)
    assert (row["sign_p"], row["wilcoxon_p"]) == (1.0, 0.75)
    # ranks of 2, 1, -1 are 3, 1.5, 1.5: (4.5 - 1.5) / 6
    assert row["rank_biserial"] == pytest.approx(0.5)


def test_less_of_what_is_bad_is_an_improvement(answers: Answers) -> None:
    row = progression(answers).set_index("name").loc["s_trouble"]
    assert (row["improved"], row["same"], row["worse"], row["change"]) == (3, 1, 0, 1.75)


def test_groups_and_dimensions(answers: Answers) -> None:
    table = progression(answers, by="gender", level="dimensions")
    assert set(table["group"]) == {"men", "women"}
    assert list(dict.fromkeys(zip(table["name"], table["respondent"], strict=True))) == [
        ("health", "citizen"),
        ("hope", "citizen"),
        ("health", "caseworker"),
        ("hope", "caseworker"),
    ]


def test_one_round_cannot_show_progression(dyad: Instrument) -> None:
    single = answers_of(dyad, "p;1;men;c;2017-01-10;2017-01-10;1;1;1;1")
    with pytest.raises(AnswersError, match=r"two rounds \(rounds with answers: 1\)"):
        progression(single)


def test_the_same_round_twice_is_refused(answers: Answers) -> None:
    with pytest.raises(AnswersError, match="two rounds"):
        progression(answers, first=2, last=2)


def test_a_clustered_interval_is_that_of_a_regression_on_the_constant() -> None:
    draw = np.random.default_rng(5)
    clusters = np.repeat(np.arange(8), 5)
    values = draw.normal(size=40) + draw.normal(size=8)[clusters]
    found = mean_interval(values, clusters=clusters)
    fit = sm.OLS(values, np.ones(40)).fit(cov_type="cluster", cov_kwds={"groups": clusters}, use_t=True)
    assert found.std_error == pytest.approx(float(fit.bse[0]), rel=1e-12)
    assert (found.ci_low, found.ci_high) == pytest.approx(tuple(fit.conf_int()[0]), rel=1e-12)
    assert found.clusters == 8


def test_one_cluster_has_no_interval() -> None:
    found = mean_interval([1.0, 2.0, 3.0], clusters=["a", "a", "a"])
    assert (found.mean, found.clusters) == (2.0, 1)
    assert np.isnan([found.std_error, found.ci_low]).all()


def test_means_and_progression_can_be_clustered(answers: Answers) -> None:
    plain, clustered = progression(answers), progression(answers, cluster="caseworker")
    assert clustered["clusters"].tolist() == [2] * 4
    assert clustered["change"].tolist() == plain["change"].tolist()
    assert clustered["ci_low"].tolist() != plain["ci_low"].tolist()
    means = indicator_means(answers, cluster="caseworker").set_index(["item", "round"])
    assert means.loc[("b_health", 2), "mean"] == 4.5


def test_no_change_in_anyone_has_no_effect_size() -> None:
    same = np.array([1.0, 2.0, 3.0])
    found = paired_change(same, same)
    assert found[3] == 0
    assert np.isnan(found[7])


def test_a_dimension_needs_half_of_its_items(dyad: Instrument) -> None:
    from dataclasses import replace

    items = tuple(replace(i, dimension="hope") if i.respondent == "citizen" else i for i in dyad.items)
    wide = replace(dyad, items=items)
    table = scores(
        answers_of(
            wide,
            "p;1;men;c;2017-01-10;2017-01-10;6;;1;1",
            "q;1;men;c;2017-01-10;2017-01-10;2;4;1;1",
        ),
        "dimensions",
    )
    mine = table[(table["respondent"] == "citizen")].set_index("person")["value"]
    assert mine.to_dict() == {"p": 6.0, "q": 3.0}


def test_small_groups_are_hidden_and_one_more_so_that_none_can_be_found_by_subtraction(
    answers: Answers,
) -> None:
    means = indicator_means(answers, by="caseworker")
    shown = suppress_small(means, 3, keys=["item", "round"], hidden=["mean", "ci_low", "ci_high"])
    first = shown[(shown["item"] == "b_health") & (shown["round"] == 1)]
    # caseworker c0 has 2 persons, c1 has 3: hiding c0 alone would leave it to be found
    assert first["suppressed"].tolist() == [True, True]
    assert first[["n", "mean", "ci_low"]].isna().all().all()
    assert not suppress_small(means, 1, keys=["item", "round"], hidden=["mean"])["suppressed"].any()
