"""Changing a study's coding scheme, and studies with a scheme and questionnaire of their own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from coding_schemes import Code, load_scheme, scheme_from_dict
from workbench.errors import InvalidRequestError, NotFoundError
from workbench.i18n import set_language
from workbench.services import coding, factors, importing, linking, schemes, studies, surveys, triangulating
from workbench.services.files import GivenFile
from workbench.services.studies import Study
from workbench.store import schemes as scheme_store

SCHOOL = """
format = "coding-scheme/1"
id = "school"
version = "3"
languages = ["en"]
label.en = "Going to school"
codes = [
    {path = "friends", color = "#005d8f", label.en = "Friends"},
    {path = "friends/break", color = "#005d8f", label.en = "In the break"},
    {path = "teachers", color = "#a03000", label.en = "Teachers"},
]
crosswalk = [{theme = "friends", kind = "indicator", target = "likes_breaks", level = "construct"}]
"""
PUPILS = """
id = "pupils"
version = "1"
label = {da = "Elever", en = "Pupils"}
[[respondents]]
id = "pupil"
label = {da = "Elev", en = "Pupil"}
[[items]]
id = "likes_breaks"
respondent = "pupil"
scale_min = 1
scale_max = 5
label = {da = "Kan lide frikvarteret", en = "Likes the break"}
[[items]]
id = "likes_lessons"
respondent = "pupil"
scale_min = 1
scale_max = 5
[[items]]
id = "likes_teachers"
respondent = "pupil"
scale_min = 1
scale_max = 5
[[items]]
id = "likes_homework"
respondent = "pupil"
scale_min = 1
scale_max = 5
"""
SAID = "Interviewer: And the breaks?\nZoe: I play with my friends.\n"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """The shipped scheme, and one passage coded with language/progress and igu."""
    set_language("en")
    study = studies.create_study(tmp_path / "s", title="S", scheme="immi", actor="Ida")
    importing.import_transcripts(
        study, [GivenFile("a.txt", b"Interviewer: Ja?\nLeder: Nej tak.\n")], actor="Ida"
    )
    for code in ("language/progress", "igu"):
        coding.add_coding(study, "a", start=4, end=7, code=code, actor="Ida")
    return study


@pytest.fixture
def school(tmp_path: Path) -> Study:
    """A study with an English scheme of three codes, no actor groups, and a questionnaire of four items."""
    set_language("en")
    (tmp_path / "school.toml").write_text(SCHOOL, encoding="utf-8")
    (tmp_path / "pupils.toml").write_text(PUPILS, encoding="utf-8")
    study = studies.create_study(
        tmp_path / "school",
        title="School",
        language="en",
        scheme=tmp_path / "school.toml",
        instrument=tmp_path / "pupils.toml",
        actor="Ida",
    )
    importing.import_transcripts(study, [GivenFile("zoe.txt", SAID.encode())], actor="Ida")
    coding.add_coding(study, "zoe", start=16, end=38, code="friends/break", actor="Ida")
    return study


def _ids(study: Study) -> dict[str, str]:
    with study.read() as session:
        return {path: row.id for path, row in scheme_store.codes_by_path(session, study.study_id).items()}


def test_a_changed_scheme_keeps_codes_by_path_and_retires_those_in_use(study: Study) -> None:
    before, scheme = _ids(study), load_scheme("immi")
    kept = tuple(
        replace(code, label={"da": "Nyt navn", "en": "New name"}) if code.path == "language" else code
        for code in scheme.codes
        if not code.path.startswith(("language/", "igu"))
    )
    fresh = Code(path="family", label={"da": "Familie", "en": "Family"}, color="#123456")
    links = tuple(link for link in scheme.crosswalk if not link.theme.startswith("igu"))
    changed = replace(scheme, version="2", codes=(*kept, fresh), crosswalk=links)
    change = schemes.set_scheme(study, changed, actor="Bo")
    assert (change.added, change.changed[0]) == (("family",), "language")
    assert change.retired == ("igu", "language/progress")
    assert "language/lack_of_danish" in change.removed
    after = _ids(study)
    assert all(after[path] == before[path] for path in after if path != "family")
    # What was coded stays coded, and what is retired is no part of the scheme that is offered.
    assert {each.code for each in coding.list_codings(study)} == {"language/progress", "igu"}
    assert "igu" not in [code.path for code in schemes.require_scheme(study).codes]
    uses = {use.code.path: (use.codings, use.retired) for use in schemes.code_uses(study)}
    assert (uses["igu"], uses["family"]) == ((1, True), (0, False))
    # A retired code that comes back is the same code.
    schemes.set_scheme(study, scheme, actor="Bo")
    assert _ids(study)["igu"] == before["igu"]
    assert not any(use.retired for use in schemes.code_uses(study))


def test_the_crosswalk_becomes_links_once(study: Study) -> None:
    count = len(linking.list_links(study))
    assert count == len(load_scheme("immi").crosswalk)
    linking.remove_link(study, linking.list_links(study)[0].id, actor="Bo")
    schemes.import_scheme(study, "immi", actor="Bo")
    assert len(linking.list_links(study)) == count - 1
    assert linking.apply_crosswalk(study, "immi", actor="Bo") == count
    assert len(linking.list_links(study)) == count


def test_links_made_by_hand_survive_the_crosswalk(study: Study) -> None:
    surveys.import_instrument(study, "fip", actor="Ida")
    mine = linking.add_link(study, "igu", "factor:b_danish", level="construct", actor="Ida")
    linking.apply_crosswalk(study, "immi", actor="Ida")
    assert mine in [link.id for link in linking.list_links(study)]


def test_a_crosswalk_with_themes_of_another_study_is_refused(study: Study, tmp_path: Path) -> None:
    (tmp_path / "school.toml").write_text(SCHOOL, encoding="utf-8")
    before = linking.list_links(study)
    with pytest.raises(InvalidRequestError, match="friends"):
        linking.apply_crosswalk(study, tmp_path / "school.toml", actor="Ida")
    assert linking.list_links(study) == before


@pytest.mark.parametrize("suffix", ["toml", "xlsx", "csv", "qdc"])
def test_a_scheme_goes_out_and_comes_back_into_the_same_codes(
    study: Study, tmp_path: Path, suffix: str
) -> None:
    ids, before = _ids(study), schemes.require_scheme(study)
    file = schemes.export_scheme(study, tmp_path / f"out.{suffix}")
    change = schemes.import_scheme(study, file, actor="Ida")
    assert (change.added, change.retired, change.removed) == ((), (), ())
    assert _ids(study) == ids
    after = schemes.require_scheme(study)
    # A .csv holds codes only, a .qdc those in one language; the study's links stay all the same.
    assert [(code.path, code.label["da"]) for code in after.codes] == [
        (code.path, code.label["da"]) for code in before.codes
    ]
    assert [(link.theme, link.target) for link in after.crosswalk] == [
        (link.theme, link.target) for link in before.crosswalk
    ]
    if suffix != "qdc":
        assert after.codes == before.codes
    if suffix in ("toml", "xlsx"):
        assert after.actor_groups == before.actor_groups


def test_a_theme_that_is_retired_takes_its_links_out_of_the_scheme(study: Study) -> None:
    coding.add_coding(study, "a", start=0, end=2, code="health", actor="Ida")
    scheme = load_scheme("immi")
    codes = tuple(code for code in scheme.codes if not code.path.startswith("health"))
    links = tuple(link for link in scheme.crosswalk if link.theme != "health")
    schemes.set_scheme(study, replace(scheme, codes=codes, crosswalk=links), actor="Bo")
    stored = schemes.require_scheme(study)
    assert "health" not in {link.theme for link in stored.crosswalk}
    shown = triangulating.joint_display(study)
    assert [row.theme for row in shown.rows] == ["language", "motivation", "women", "igu"]


def test_every_change_of_the_scheme_is_in_the_log(study: Study) -> None:
    schemes.import_scheme(study, "immi", actor="Bo")
    entry = studies.list_history(study)[0]
    assert (entry.actor, entry.action) == ("Bo", "scheme.set")
    assert entry.after is not None
    assert "language/progress" in entry.after["codes"]


def test_a_study_without_a_scheme_says_how_to_get_one(tmp_path: Path) -> None:
    set_language("en")
    study = studies.create_study(tmp_path / "s", title="S")
    assert schemes.study_scheme(study) is None
    for ask in (schemes.require_scheme, triangulating.joint_display):
        with pytest.raises(NotFoundError, match="scheme STUDY import FILE"):
            ask(study)


def test_another_studys_scheme_is_stored_as_its_file_says(school: Study) -> None:
    stored = schemes.require_scheme(school)
    assert [code.path for code in stored.codes] == ["friends", "friends/break", "teachers"]
    assert (stored.id, stored.version, stored.actor_groups) == ("school", "3", ())
    assert scheme_from_dict(stored.as_dict(), source="again").codes == stored.codes


def test_a_joint_display_needs_neither_groups_nor_numbers(school: Study) -> None:
    shown = triangulating.joint_display(school, language="en")
    assert [row.theme for row in shown.rows] == ["friends", "teachers"]
    friends, teachers = shown.rows
    assert (friends.reading.interviews_with, friends.reading.interviews_asked) == (1, 1)
    assert teachers.reading.interviews_with == 0
    assert friends.quotation is not None
    assert (friends.quotation.interview, friends.quotation.codes) == ("zoe", ("friends/break",))
    assert friends.evidence == ()


def test_another_questionnaire_goes_from_answers_to_a_linked_number(school: Study) -> None:
    lines = ["id,round,likes_breaks,likes_lessons,likes_teachers,likes_homework"]
    answers = [
        (5, 4, 4, 2),
        (4, 4, 5, 1),
        (5, 3, 3, 2),
        (3, 2, 2, 1),
        (2, 2, 1, 3),
        (4, 3, 4, 2),
        (1, 1, 2, 4),
    ]
    lines += [f"p{n},1," + ",".join(map(str, row)) for n, row in enumerate(answers)]
    draft = surveys.draft_answers(school, GivenFile("pupils.csv", "\n".join(lines).encode()))
    assert draft.problem == ""
    source = surveys.save_answers(school, draft, actor="Ida")
    assert (source.persons, source.responses) == (7, 7)
    means = surveys.means_by_group(school)
    breaks = means[means["item"] == "likes_breaks"].iloc[0]
    assert (breaks["n"], breaks["mean"]) == (7, pytest.approx(24 / 7))
    [solution] = factors.factor_solutions(school)
    assert solution.solution == factors.WHOLE_QUESTIONNAIRE
    assert solution.result.n == 7
    [link] = linking.list_links(school)
    assert (str(link.target), link.known) == ("indicator:likes_breaks", True)
    friends = triangulating.joint_display(school, language="en").rows[0]
    assert [item.values[0].value for item in friends.evidence] == [pytest.approx(24 / 7)]
    assert friends.evidence[0].values[0].n == 7
