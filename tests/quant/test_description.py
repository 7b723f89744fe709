from __future__ import annotations

import pandas as pd
import pytest

from quant import (
    Answers,
    AnswersError,
    Instrument,
    alpha,
    group_star,
    guess_mapping,
    indicator_means,
    indices,
    read_answers,
    read_table,
    scale_ends,
    star,
)
from quant.scores import mean_interval

TEXT = """person;round;gender;citizen_date;caseworker_date;b_health;b_hope;s_health;s_trouble
p1;1;women;2017-03-02;2017-03-30;2;4;4;2
p2;1;women;2017-03-02;2017-03-30;4;;5;1
p3;1;women;2017-03-02;2017-03-30;6;5;6;7
p4;1;men;2017-03-02;2017-03-30;7;1;1;7
p1;2;women;2017-08-02;2017-08-03;6;5;5;2
"""


@pytest.fixture
def answers(dyad: Instrument) -> Answers:
    frame = read_table(TEXT.encode(), "svar.csv")
    return read_answers(frame, dyad, guess_mapping(frame.columns, dyad))


def test_means_have_a_t_interval_and_count_the_missing(answers: Answers) -> None:
    means = indicator_means(answers, by="gender").set_index(["item", "round", "group"])
    health = means.loc[("b_health", 1, "women")]
    assert (health["n"], health["mean"], health["std_dev"], health["missing"]) == (3, 4.0, 2.0, 0)
    # t(.975, 2) = 4.302653; half width = 4.302653 * 2 / sqrt(3) = 4.968275
    assert (health["ci_low"], health["ci_high"]) == pytest.approx((4 - 4.968275, 4 + 4.968275), abs=1e-5)
    assert means.loc[("b_hope", 1, "women"), "missing"] == 1


def test_one_answer_has_a_mean_and_no_interval(answers: Answers) -> None:
    means = indicator_means(answers, by="gender").set_index(["item", "round", "group"])
    assert means.loc[("b_health", 1, "men"), "mean"] == 7
    assert means.loc[("b_health", 1, "men"), ["std_dev", "ci_low", "ci_high"]].isna().all()


def test_without_group_all_persons_are_one(answers: Answers) -> None:
    means = indicator_means(answers)
    assert set(means["group"]) == {"all"}
    assert means.set_index(["item", "round"]).loc[("b_health", 1), "mean"] == 4.75


def test_an_unknown_group_lists_the_background_columns(answers: Answers) -> None:
    with pytest.raises(AnswersError, match=r"no background column 'age' \(columns: gender\)"):
        indicator_means(answers, by="age")


def test_the_star_holds_both_respondents_and_rounds_with_good_outwards(answers: Answers) -> None:
    drawn = star(answers, "p1")
    assert [axis.id for axis in drawn.axes] == ["health", "hope"]
    assert [(s.respondent, s.round, s.values) for s in drawn.series] == [
        ("citizen", 1, (2.0, 4.0)),
        ("caseworker", 1, (4.0, 6.0)),  # s_trouble 2 on 1-7, where low is good, is 6 outwards
        ("citizen", 2, (6.0, 5.0)),
        ("caseworker", 2, (5.0, 6.0)),
    ]
    assert (drawn.scale_min, drawn.scale_max) == (1, 7)


def test_the_star_can_have_paired_items_or_all_items_as_axes(answers: Answers) -> None:
    pairs = star(answers, "p1", axes="pairs")
    assert [axis.id for axis in pairs.axes] == ["b_health"]
    assert [s.values for s in pairs.series] == [(2.0,), (4.0,), (6.0,), (5.0,)]
    items = star(answers, "p1", axes="items")
    assert items.series[0].values == (2.0, 4.0, None, None)


def test_a_person_without_answers_has_no_star(answers: Answers) -> None:
    with pytest.raises(AnswersError, match="no answers about person 'p9'"):
        star(answers, "p9")


def test_an_index_is_the_mean_of_the_factors_items(answers: Answers, dyad: Instrument) -> None:
    table = indices(answers, dyad, "citizen").set_index(["person", "round"])
    assert table.loc[("p1", 1), "value"] == 3.0
    assert pd.isna(table.loc[("p2", 1), "value"])
    assert table.loc[("p2", 1), "n_items"] == 1
    assert len(table) == 5


def test_a_lower_share_of_items_lets_an_index_stand(answers: Answers, dyad: Instrument) -> None:
    table = indices(answers, dyad, "citizen", min_share=0.5).set_index(["person", "round"])
    assert table.loc[("p2", 1), "value"] == 4.0


def test_an_index_turns_items_where_low_is_good(answers: Answers, dyad: Instrument) -> None:
    table = indices(answers, dyad, "caseworker").set_index(["person", "round"])
    assert table.loc[("p1", 1), "value"] == 5.0  # (4 + (8 - 2)) / 2


def test_alpha_of_a_small_table_by_hand() -> None:
    data = pd.DataFrame({"a": [1, 2, 3, 4], "b": [2, 2, 4, 4], "c": [1, 3, 3, 5]})
    # item variances 5/3, 4/3, 8/3; sums 4, 7, 10, 13 with variance 15; alpha = 3/2 * (1 - 17/45)
    assert alpha(data) == pytest.approx(1.5 * (1 - 17 / 45))


def test_alpha_needs_two_items_and_a_sum_that_varies() -> None:
    with pytest.raises(AnswersError, match="alpha needs 2 or more"):
        alpha(pd.DataFrame({"a": [1, 2]}))
    with pytest.raises(AnswersError, match="undefined"):
        alpha(pd.DataFrame({"a": [1, 2], "b": [2, 1]}))


def test_the_star_of_a_group_is_the_mean_of_its_persons(answers: Answers) -> None:
    drawn = group_star(answers, "gender", "women")
    first = drawn.series[0]
    assert (first.respondent, first.round, first.n) == ("citizen", 1, 3)
    assert first.values == (4.0, 4.5)  # health of 2, 4, 6; hope of 4 and 5
    assert [s.n for s in group_star(answers, "gender", "women", limit=3).series] == [3, 3]
    with pytest.raises(AnswersError, match="'men': fewer than 2 persons"):
        group_star(answers, "gender", "men", limit=2)


def test_ends_of_the_scale_are_flagged_over_fifteen_percent(answers: Answers) -> None:
    table = scale_ends(answers).set_index(["item", "round"])
    health = table.loc[("b_health", 1)]
    assert (health["n"], health["floor"], health["ceiling"], health["flag"]) == (4, 0, 1, "ceiling")
    # s_trouble 2, 1, 7, 7 on 1-7: low is good, so 7 is the bad end
    trouble = table.loc[("s_trouble", 1)]
    assert (trouble["floor"], trouble["ceiling"], trouble["flag"]) == (2, 1, "floor ceiling")


def test_a_value_without_a_cluster_is_left_out_of_mean_and_error() -> None:
    found = mean_interval([3.0, 4.0, 5.0, 9.0], clusters=["a", "a", "b", None])
    assert (found.n, found.clusters) == (3, 2)
    assert found == mean_interval([3.0, 4.0, 5.0], clusters=["a", "a", "b"])
