"""Links between themes and numbers: names, adding, removing, and the scheme's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.demo.build import Demonstration
from workbench.errors import InvalidRequestError, NotFoundError
from workbench.services import linking, quotations, triangulating
from workbench.services.studies import Study, open_study


@pytest.fixture
def study(demonstration_study: Callable[[Path], Study], tmp_path: Path) -> Study:
    return demonstration_study(tmp_path)


def test_every_number_that_can_be_linked_has_a_name_in_both_languages(demonstration: Demonstration) -> None:
    study = open_study(demonstration.study)
    danish, english = (linking.target_names(study, language=language) for language in ("da", "en"))
    assert set(danish) == set(english) == linking.known_targets(study)
    assert danish["factor:b_danish"] == "Danskkundskaber (borger)"
    assert english["factor:b_danish"] == "Danish skills (citizen)"
    assert danish["outcome:education"] == "Uddannelse"
    assert not any("_" in name for name in danish.values())
    assert linking.split_columns(study) == ("gender",)


def test_a_link_added_by_hand_stands_beside_the_theme_until_it_is_removed(study: Study) -> None:
    link = linking.add_link(study, "igu", "outcome:employment", level="effect", actor="Ida")
    igu = triangulating.joint_display(study).rows[-1]
    assert [item.label["da"] for item in igu.evidence if item.weighs] == ["Beskæftigelse, 2017-2018"]
    assert [item.aside for item in igu.evidence if not item.weighs] == ["before", "part", "part"]
    assert igu.proposed.id != "silence"
    with pytest.raises(InvalidRequestError):
        linking.add_link(study, "igu", "outcome:employment", level="effect", actor="Ida")
    linking.remove_link(study, link, actor="Ida")
    assert triangulating.joint_display(study).rows[-1].proposed.id == "silence"
    with pytest.raises(NotFoundError):
        linking.remove_link(study, link, actor="Ida")


def test_the_scheme_gives_its_links_again_and_keeps_those_made_by_hand(study: Study) -> None:
    before = {str(link.target) for link in linking.list_links(study)}
    linking.add_link(study, "igu", "outcome:employment", level="effect", actor="Ida")
    linking.remove_link(study, linking.list_links(study)[0].id, actor="Ida")
    assert linking.apply_crosswalk(study, "immi", actor="Ida") == 27
    assert {str(link.target) for link in linking.list_links(study)} == before | {"outcome:employment"}


def test_a_chosen_quotation_stands_until_the_rule_may_choose_again(study: Study) -> None:
    by_rule = triangulating.joint_display(study).rows[0].quotation
    choices = quotations.quotation_choices(study, "language", language="da")
    assert choices[0].attribution == "Leder"
    other = next(
        choice.coding for choice in choices if by_rule is not None and choice.coding.quote != by_rule.quote
    )
    quotations.pin_quotation(study, "language", other.id, actor="Ida")
    row = triangulating.joint_display(study).rows[0]
    assert row.quotation is not None
    assert row.quotation.quote == other.quote
    assert quotations.quoted_coding(study, row) == other
    assert [
        choice.coding.id for choice in quotations.quotation_choices(study, "language") if choice.pinned
    ] == [other.id]
    quotations.pin_quotation(study, "language", None, actor="Ida")
    assert triangulating.joint_display(study).rows[0].quotation == by_rule


def test_a_verdict_is_stale_when_its_counts_change(study: Study) -> None:
    linking.add_link(study, "health", "outcome:employment", level="effect", actor="Ida")
    display = triangulating.joint_display(study)
    assert display.stale == {"health"}
    health = next(row for row in display.rows if row.theme == "health")
    assert health.confirmed is not None
    assert health.confirmed.judged is not None
    assert (health.confirmed.judged.meaning, health.confirmed.judged.prominence) == ("different", "different")


def test_a_verdict_needs_a_rationale_and_dissonance_its_handling(study: Study) -> None:
    with pytest.raises(InvalidRequestError):
        triangulating.confirm_verdict(study, "women", actor="Ida", rationale=" ")
    with pytest.raises(InvalidRequestError):
        triangulating.confirm_verdict(
            study, "women", actor="Ida", rationale="Fordi.", meaning="different", prominence="different"
        )
    confirmed = triangulating.confirm_verdict(study, "women", actor="Ida", rationale="Fordi.")
    assert (confirmed.verdict, confirmed.confirmed_by) == ("partial", "Ida")
