"""The rule that chooses a quotation."""

from __future__ import annotations

from random import Random

from coding_schemes import QuotationCandidate, choose_quotation


def passage(
    interview: str, words: int, *codes: str, group: str = "leader", start: int = 0
) -> QuotationCandidate:
    return QuotationCandidate(
        " ".join(["ord"] * words), interview, group, codes or ("language",), start, start + words * 4
    )


def test_a_passage_of_readable_length_comes_before_short_and_long_ones() -> None:
    good = passage("B", 12)
    assert choose_quotation([passage("A", 11), good, passage("C", 61)]) is good


def test_without_one_of_readable_length_the_nearest_is_taken() -> None:
    near = passage("B", 64)
    assert choose_quotation([passage("A", 5), near, passage("C", 90)]) is near


def test_more_codes_of_the_theme_win_and_codes_of_other_themes_do_not_count() -> None:
    two = passage("C", 50, "language/school", "language/interpreter")
    other = passage("A", 30, "language/school", "health", "women")
    assert choose_quotation([other, two], theme="language") is two


def test_a_preferred_code_comes_before_the_number_of_codes() -> None:
    barrier = passage("C", 50, "language/lack_of_danish")
    many = passage("A", 30, "language/school", "language/progress")
    chosen = choose_quotation([many, barrier], theme="language", prefer_codes=["language/lack_of_danish"])
    assert chosen is barrier


def test_a_group_that_was_quoted_less_comes_first() -> None:
    citizen = passage("Z", 40, group="citizen")
    assert choose_quotation([passage("A", 30), citizen], times_quoted={"leader": 1}) is citizen


def test_the_choice_does_not_depend_on_the_order_of_candidates() -> None:
    candidates = [passage(name, 30, start=start) for name in "ABC" for start in (9, 3, 6)]
    for seed in range(10):
        shuffled = Random(seed).sample(candidates, len(candidates))
        chosen = choose_quotation(shuffled)
        assert chosen is not None
        assert (chosen.interview, chosen.start) == ("A", 3)


def test_no_candidates_give_no_quotation() -> None:
    assert choose_quotation([]) is None
