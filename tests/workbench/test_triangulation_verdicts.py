"""Verdicts and links: the table of derivation, and what each level allows."""

from __future__ import annotations

from typing import get_args
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding_schemes import load_scheme
from coding_schemes.vocabulary import LEVELS
from workbench.errors import InvalidRequestError
from workbench.i18n import LANGUAGES, set_language
from workbench.triangulation import (
    LINK_LEVELS,
    ConfirmedVerdict,
    link_level,
    links_from_crosswalk,
    parse_target,
    verdict,
)
from workbench.triangulation.links import TARGET_KINDS, USES, caveats
from workbench.triangulation.verdicts import HANDLINGS, VERDICTS, VOCABULARIES, Coverage, verdict_name


@pytest.mark.parametrize(
    ("meaning", "prominence", "expected"),
    [
        ("same", "same", "agreement"),
        ("same", "different", "partial"),
        ("different", "same", "partial"),
        ("different", "different", "dissonance"),
    ],
)
def test_meaning_and_prominence_give_the_verdict(meaning: str, prominence: str, expected: str) -> None:
    assert verdict(coverage="both", meaning=meaning, prominence=prominence).id == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("coverage", ["qual_only", "quant_only"])
def test_one_strand_alone_is_silence_whatever_else_is_said(coverage: Coverage) -> None:
    assert verdict(coverage=coverage).id == "silence"
    assert verdict(coverage=coverage, meaning="same", prominence="same", inconclusive=True).id == "silence"


def test_an_inconclusive_estimate_is_never_agreement() -> None:
    assert verdict(meaning="same", prominence="same", inconclusive=True).id == "inconclusive"
    assert verdict(inconclusive=True).id == "inconclusive"


def test_a_verdict_needs_both_comparisons_and_known_words() -> None:
    set_language("en")
    with pytest.raises(InvalidRequestError, match="meaning and prominence"):
        verdict(meaning="same")
    with pytest.raises(InvalidRequestError, match="meaning 'alike'"):
        verdict(meaning="alike", prominence="same")  # type: ignore[arg-type]
    with pytest.raises(InvalidRequestError, match="coverage 'all'"):
        verdict(coverage="all")  # type: ignore[arg-type]


def test_vocabularies_are_views_of_one_record() -> None:
    found = verdict(meaning="same", prominence="same")
    assert [found.name(view, "en") for view in VOCABULARIES] == ["Agreement", "Confirmation", "Convergent"]
    danish = [verdict_name(each, "convergence", "da") for each in VERDICTS]
    assert danish == ["Konvergent", "Komplementær", "Divergent", "Tavs", "Uafklaret"]
    for language in LANGUAGES:
        for view in VOCABULARIES:
            assert len({verdict_name(each, view, language) for each in VERDICTS}) == len(VERDICTS)


def test_a_confirmed_verdict_carries_its_reason() -> None:
    set_language("en")
    confirmed = ConfirmedVerdict("partial", "Citizens disagree.", "anna", "2026-03-01T10:00:00+00:00")
    assert confirmed.as_dict("en")["name"] == "Partial agreement"
    with pytest.raises(InvalidRequestError, match="written rationale"):
        ConfirmedVerdict("partial", "  ", "anna", "2026-03-01T10:00:00+00:00")


def test_dissonance_asks_how_it_was_handled() -> None:
    with pytest.raises(InvalidRequestError, match="reconciliation, initiation, bracketing, exclusion"):
        ConfirmedVerdict("dissonance", "They differ.", "anna", "2026-03-01")
    for handling in HANDLINGS:
        assert (
            ConfirmedVerdict("dissonance", "They differ.", "anna", "2026-03-01", handling).handling
            == handling
        )
    assert verdict(meaning="different", prominence="different").needs_handling


@given(
    kind=st.sampled_from([kind for kind in TARGET_KINDS if kind != "estimate"]),
    name=st.from_regex(r"[a-z][a-z0-9_:|.-]{0,12}", fullmatch=True),
)
def test_a_target_is_written_and_read_back(kind: str, name: str) -> None:
    target = parse_target(f"{kind}:{name}")
    assert (target.kind, target.id) == (kind, name)
    assert parse_target(str(target)) == target


def test_an_estimate_is_named_by_its_uuid() -> None:
    set_language("en")
    name = str(uuid4())
    assert str(parse_target(f"estimate:{name.upper()}")) == f"estimate:{name}"
    with pytest.raises(InvalidRequestError, match="named by its UUID"):
        parse_target("estimate:7")


@pytest.mark.parametrize("text", ["", "b_danish", "factor:", "item:b_danish", ":b_danish"])
def test_what_is_no_target_is_refused_with_the_form_to_write(text: str) -> None:
    set_language("en")
    with pytest.raises(InvalidRequestError, match="write kind:id"):
        parse_target(text)


def test_every_level_of_a_scheme_has_rules_and_texts_in_both_languages() -> None:
    assert tuple(LINK_LEVELS) == LEVELS
    for level in LINK_LEVELS.values():
        for language in LANGUAGES:
            assert all((level.name(language), level.may(language), level.may_not(language)))
            assert level.caveat(language) in caveats({level.id}, language)


def test_a_construct_allows_no_p_values() -> None:
    with pytest.raises(InvalidRequestError, match=r"P-værdier|P-values"):
        link_level("construct").require("cross_strand_test")
    link_level("construct").require("direction_concordance")


@pytest.mark.parametrize(
    ("level", "allowed"),
    [
        ("person", {"cross_strand_test"}),
        ("dyad", {"paired_test"}),
        ("municipality", {"rank_correlation"}),
        ("subgroup", {"difference_test_in_numbers", "verdict"}),
        ("actor_group", {"presence_by_group", "verdict"}),
        ("construct", {"direction_concordance", "verdict"}),
        ("effect", {"interval_classification", "verdict"}),
        ("time", {"overlay"}),
    ],
)
def test_each_level_allows_what_the_method_says_and_refuses_the_rest(level: str, allowed: set[str]) -> None:
    for use in USES:
        if use in allowed | {"side_by_side"}:
            link_level(level).require(use)
        else:
            with pytest.raises(InvalidRequestError):
                link_level(level).require(use)


def test_only_the_municipality_level_is_for_the_screen_alone() -> None:
    assert [level.id for level in LINK_LEVELS.values() if level.screen_only] == ["municipality"]


def test_an_unknown_level_or_use_is_named() -> None:
    set_language("en")
    with pytest.raises(InvalidRequestError, match="no link level 'region'"):
        link_level("region")
    with pytest.raises(InvalidRequestError, match="is no use of a link"):
        link_level("effect").require("guess")  # type: ignore[arg-type]


def test_the_crosswalk_of_the_shipped_scheme_becomes_links() -> None:
    links = links_from_crosswalk(load_scheme("immi"))
    first = links[0].as_dict()
    assert (first["theme"], first["target"], first["level"]) == ("language", "factor:b_danish", "construct")
    assert {link.by for link in links if link.theme == "women"} == {"gender", None}
    assert not [link for link in links if link.theme == "igu"]


def test_coverage_words_are_stable() -> None:
    assert get_args(Coverage) == ("both", "qual_only", "quant_only")
